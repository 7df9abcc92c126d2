"""Practice: questions about a subject or of a chapter, each answered at once by a run."""

import random
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import ipywidgets as W  # noqa: N812 (as its own documentation abbreviates it)

from kms_teach.teaching import catalog, exam, progress
from kms_teach.teaching.choices import controls, given
from kms_teach.teaching.controls import button, choice
from kms_teach.teaching.lab import Panel, marked
from kms_teach.teaching.paper import SEEDS
from kms_teach.teaching.question import Family, Question
from kms_teach.teaching.record import Answered, How
from kms_teach.teaching.review import opened_run
from kms_teach.teaching.sections import linked, title

ABOUT = "Practice: questions about what you choose, each tried in a simulator as soon as you answer."
ALL = "everything"


def topics(families: Iterable[Family]) -> dict[str, str]:
    """What can be practised, subjects and then chapters: words to choose, and what `about` takes."""
    known = list(families)
    subjects = {family.subject: family.subject for family in sorted(known, key=lambda f: f.subject.lower())}
    there = {family.chapter for family in known}
    chapters = {f"chapter {title(c.room)}": c.number for c in catalog.CHAPTERS if c.room in there}
    return {ALL: "", **subjects, **chapters}


def about(topic: str, families: Iterable[Family]) -> list[Family]:
    """The families of a subject, or of a chapter by its number; all of them for ""."""
    rooms = {chapter.room for chapter in catalog.CHAPTERS if chapter.number == topic}
    return [family for family in families if topic in {"", family.subject} or family.chapter in rooms]


def next_question(families: Sequence[Family], answers: Iterable[Answered], draw: random.Random) -> Question:
    """What to ask now: what was never asked, then what was wrong the last time, then what was right longest ago.

    Raises:
        ValueError: there are no families.
    """
    if not families:
        raise ValueError("there is no question about that yet: choose something else")
    last = {record.family: (number, record.right) for number, record in enumerate(answers)}

    def order(family: Family) -> tuple[int, int]:
        if family.id not in last:
            return 0, 0
        number, right = last[family.id]
        return 1 + right, number

    least = min(map(order, families))
    return draw.choice([family for family in families if order(family) == least]).question(draw.choice(SEEDS))


class Practice(Panel):
    """Shows one question after another; a wrong answer gets the run that refutes it, and the section to read again."""

    how: How = "practice"
    about = ABOUT

    def __init__(self, topic: str = "", draw: random.Random | None = None) -> None:
        self.draw = draw or secrets.SystemRandom()
        self.question: Question | None = None
        self.tried = False
        self.topic = choice("About", topics(exam.families()), topic, listed=True)
        self.words, self.shown, self.place = W.HTML(), W.HTML(), W.VBox()
        self.choose: list[Any] = []
        self.answer, self.next = button("Answer"), button("Next question")
        self.words.add_class("kms-words")
        self.place.add_class("kms-choices")
        super().__init__([*self.settings, self.place, self.answer, self.next], self.how.capitalize(), [self.words])
        self.set_trait("children", (*self.children[:-1], self.shown, self.children[-1]))
        self.on(self.topic, self._next)
        self.on(self.answer, self._answer, "It is being tried …")
        self.on(self.next, self._next)
        self._next()

    @property
    def settings(self) -> list[Any]:
        """The controls above the question."""
        return [self.topic]

    def pick(self) -> tuple[Question, str]:
        """The question to ask now, and what is to be said of it, or ""."""
        families = about(self.topic.value, exam.families())
        return next_question(families, progress.mine().of(Answered), self.draw), ""

    def _next(self) -> None:
        self.question, said = self.pick()
        self.tried = False
        self.words.value = f"<strong>{marked(self.question.words)}</strong>"
        old, self.choose = self.choose, controls(self.question)
        self.place.children, self.shown.value = self.choose, ""
        for control in old:
            control.close()
        self.say(said)

    def _answer(self) -> None:
        assert self.question
        chosen, kept = given(self.question, self.choose), progress.mine()
        right, why = self.question.judged(chosen)
        if not self.tried:  # what is answered after the feedback tells nothing of what was known
            kept.answered(self.question, chosen, right, self.how)
        self.tried = True
        self.say(
            " ".join(filter(None, [why, kept.trouble])), mistake=not right, word="Right" if right else "Not this time"
        )
        if right:
            self.shown.value = ""
            return
        read = f"<p>Read it again: {linked(self.question.family, Path.cwd())}.</p>"
        self.shown.value = read + opened_run(self.question, chosen, self.model_id)

    @property
    def facts(self) -> str:
        return self.about

    def static(self) -> str:
        return f"<p><strong>{marked(self.about)}</strong></p>"
