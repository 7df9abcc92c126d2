"""Cards for Anki: a question on the front, on the back what a run found, with the picture of a call that shows it.

A note's guid is made of the question alone, its family and its seed: when an answer is mended, the learner's history
of the card stays. (genanki's own guid is made of all fields.) A picture is named after its question, since Anki keeps
all media in one folder and tells them apart by name.
"""

import tempfile
from collections.abc import Iterable
from html import escape
from pathlib import Path

from kms_teach.drawing.picture import Picture
from kms_teach.inspect.opened import opened
from kms_teach.teaching.evidence import refuting
from kms_teach.teaching.lab import marked
from kms_teach.teaching.question import Family, Question
from kms_teach.teaching.review import right_words
from kms_teach.teaching.sections import title

DECK, MODEL = 1_764_201_126, 1_764_201_127  # any two numbers, for ever the same
WHEN = 1_764_201_600.0  # the packages' own timestamp, so that the same cards are the same file
SEED = 1
CSS = (
    ".card { font: 17px/1.45 system-ui, sans-serif; text-align: left; } img { max-width: 100%; } li { margin: 4px 0; }"
)
TEMPLATE = {"name": "Question", "qfmt": "{{Front}}", "afmt": '{{FrontSide}}<hr id="answer">{{Back}}'}


def package(families: Iterable[Family]) -> bytes:
    """An .apkg file with a card for each family.

    Raises:
        ValueError: there are no families.
    """
    import genanki

    questions = [family.question(SEED) for family in families]
    if not questions:
        raise ValueError("there is no question about that yet: choose something else")
    model = genanki.Model(MODEL, "kms_teach", [{"name": "Front"}, {"name": "Back"}], [TEMPLATE], css=CSS)
    deck = genanki.Deck(DECK, "AWS KMS, understood")
    with tempfile.TemporaryDirectory() as name:
        folder, media = Path(name), []
        for question in questions:
            picture, file = _picture(question), folder / f"kms-teach-{question.family.id}-{question.seed}.svg"
            if picture:
                picture.save(file)
                media.append(str(file))
            back = _back(question, file.name if picture else "", picture)
            tags = [question.family.subject.replace(" ", "-"), question.family.chapter, *question.family.exams]
            guid = genanki.guid_for("kms_teach", question.family.id, question.seed)
            deck.add_note(genanki.Note(model, [_front(question), back], tags=tags, guid=guid))
        to = folder / "cards.apkg"
        genanki.Package(deck, media).write_to_file(to, timestamp=WHEN)
        return to.read_bytes()


def _front(question: Question) -> str:
    options = "".join(f"<li>{marked(option)}</li>" for option in question.options)
    matches = "".join(f"<li>{marked(match)}</li>" for match in question.matches)
    with_ = f"<p>Each with one of:</p><ul>{matches}</ul>" if matches else ""
    return f"<p><b>{marked(question.words)}</b></p><ul>{options}</ul>{with_}"


def _back(question: Question, file: str, picture: Picture | None) -> str:
    listed = "ol" if question.family.format == "ordering" else "ul"
    right = "".join(f"<li>{marked(words)}</li>" for words in right_words(question))
    said = ""
    if question.family.format in {"one", "several"}:
        each = (
            f"<li>{marked(option)}<br>{marked(question.feedback(at))}</li>"
            for at, option in enumerate(question.options)
        )
        said = f"<p>What the runs showed:</p><ul>{''.join(each)}</ul>"
    shown = f'<p><img src="{escape(file)}" alt="{escape(picture.spoken)}"></p>' if picture else ""
    return f"<{listed}>{right}</{listed}>{said}{shown}<p><small>{escape(title(question.family.chapter))}</small></p>"


def _picture(question: Question) -> Picture | None:
    """The call that refutes the first wrong option that a single call refutes."""
    if question.family.format not in {"one", "several"}:
        return None
    right = question.answer()
    for index in range(len(question.options)):
        if index not in right and (record := refuting(question, (index,))):
            return opened(record)
    return None
