"""A question looked back at: what was given, what is right, and what the run showed of each option."""

from kms_teach.inspect.opened import opened
from kms_teach.teaching.evidence import refuting
from kms_teach.teaching.lab import CROSS, TICK, marked
from kms_teach.teaching.live import live
from kms_teach.teaching.question import OPEN, Question
from kms_teach.teaching.record import Given

YOURS = " <em>(your answer)</em>"


def reviewed(question: Question, given: Given | None) -> str:
    """HTML of the options with what became of each, by a run made now."""
    return _open(given) + _tried(question, given)


def _open(given: Given | None) -> str:
    return "<p>You left it open.</p>" if given is None else ""


def _tried(question: Question, given: Given | None) -> str:
    match question.family.format:
        case "ordering":
            return _ordered(question, given)
        case "matching":
            return _matched(question, given)
        case _:
            return _chosen(question, given)


def in_words(question: Question, given: Given | None) -> list[str]:
    """An answer in words, a line for each part of it."""
    if given is None:
        return ["nothing"]
    match question.family.format:
        case "matching":
            pairs = zip(question.options, given, strict=True)
            return [f"{option}: {question.matches[at] if at != OPEN else 'left open'}" for option, at in pairs]
        case _:
            return [question.options[at] if at != OPEN else "left open" for at in given]


def right_words(question: Question) -> list[str]:
    """The right answer in words, found by a run made now."""
    answer = question.answer()
    return in_words(question, answer if isinstance(answer, tuple) else tuple(sorted(answer)))


def _chosen(question: Question, given: Given | None) -> str:
    right, rows = question.answer(), []
    for index, option in enumerate(question.options):
        verdict = f"{TICK}<strong>Right.</strong> " if index in right else f"{CROSS}<strong>Wrong.</strong> "
        yours = YOURS if index in (given or ()) else ""
        rows.append(f"<li>{marked(option)}{yours}<br>{verdict}{marked(question.feedback(index))}</li>")
    return f"<ul>{''.join(rows)}</ul>"


def _ordered(question: Question, given: Given | None) -> str:
    rows = "".join(f"<li>{marked(words)}</li>" for words in right_words(question))
    why = ""
    if given is not None and OPEN not in given:
        right, said = question.judged(given)
        verdict = f"{TICK}<strong>Right.</strong> " if right else f"{CROSS}<strong>Not this order.</strong> "
        why = f"<p>{verdict}{marked(said)}</p>"
        why = f"<p>Your order: {marked('; '.join(in_words(question, given)))}.</p>{why}"
    return f"{why}<p>The right order:</p><ol>{rows}</ol>"


def _matched(question: Question, given: Given | None) -> str:
    answer, rows = question.answer(), []
    assert isinstance(answer, tuple)
    for index, option in enumerate(question.options):
        chosen = given[index] if given is not None else OPEN
        well = chosen == answer[index]
        right = marked(question.matches[answer[index]])
        yours = ""
        if not well:
            yours = " You left it open." if chosen == OPEN else f" You chose {marked(question.matches[chosen])}."
        why = marked(question.feedback(index))
        rows.append(f"<li>{TICK if well else CROSS}{marked(option)}: <strong>{right}</strong>.{yours} {why}</li>")
    return f"<ul>{''.join(rows)}</ul>"


def opened_run(question: Question, given: Given, owner: str) -> str:
    """HTML of the call that refutes what was given, opened as a picture; "" where no single call does.

    owner: the id of the widget that it stands in.
    """
    record = refuting(question, given)
    return f"<p>The call that shows it, opened:</p>{live(opened(record), owner)}" if record else ""
