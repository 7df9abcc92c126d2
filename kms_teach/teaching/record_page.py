"""A page to show: what was done in the course, and when. It is made of the learner's own file, and says so."""

from datetime import datetime
from html import escape

from kms_teach.drawing import look
from kms_teach.teaching import catalog
from kms_teach.teaching.progress import Progress
from kms_teach.teaching.record import Answered, Done, Predicted
from kms_teach.teaching.sections import title
from kms_teach.teaching.sitting import Sitting, judged, sittings

STYLE = """
@page { size: A4; margin: 18mm; }
body { font: 14px/1.5 system-ui, sans-serif; color: #16202A; max-width: 170mm; margin: 24px auto; padding: 0 12px; }
h1 { font-size: 24px; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 4px 12px 4px 0; border-bottom: 1px solid #CDD3D8; vertical-align: top; }
footer { color: #4A5560; font-size: 12px; margin-top: 18px; }
"""
HONEST = (
    "Made from the file in which kms_teach keeps a learner's progress, on the learner's own computer. "
    "It says what that file says, and proves nothing to a third person."
)


def record_page(kept: Progress) -> str:
    """The page, as HTML with nothing to be fetched. Raises ValueError where nothing was done yet."""
    answers, tasks, predictions = kept.of(Answered), kept.of(Done), kept.of(Predicted)
    rows = []
    for chapter in catalog.CHAPTERS:
        mine = [each for each in answers if each.chapter == chapter.room]
        done = {each.task: each.at for each in tasks if each.chapter == chapter.room}
        guessed = {each.prediction for each in predictions if each.chapter == chapter.room}
        if mine or done or guessed:
            right = len({each.family for each in mine if each.right})
            rows.append(
                (
                    title(chapter.room),
                    f"{right} of {len({each.family for each in mine})}",
                    str(len(guessed)),
                    _tasks(done),
                )
            )
    exams = [sitting for sitting in sittings(kept.records()) if sitting.exam and sitting.over and not sitting.given_up]
    if not rows and not exams:
        raise ValueError("nothing was done yet: come back when you have answered a question, or done a task")
    taken = "".join(f"<li>{_exam(sitting)}</li>" for sitting in exams)
    heads = ("chapter", "questions right", "predictions", "tasks done")
    top = "".join(f"<th>{head}</th>" for head in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    parts = [
        f"<h1>AWS KMS, understood</h1><p>What was done, up to {look.day(kept.now())}.</p>",
        f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>" if rows else "",
        f"<h2>Mock exams</h2><ul>{taken}</ul>" if exams else "",
        f"<footer>{HONEST}</footer>",
    ]
    head = f'<meta charset="utf-8"><title>AWS KMS, understood</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>'


def _tasks(done: dict[str, datetime]) -> str:
    return ", ".join(f"{escape(name.replace('_', ' ').capitalize())} ({look.day(at)})" for name, at in done.items())


def _exam(sitting: Sitting) -> str:
    score = judged(sitting).score
    return f"{escape(sitting.code)}: {score.right} of {score.asked} right, begun on {look.day(sitting.begun)}"
