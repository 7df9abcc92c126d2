"""Quizzes: questions to test oneself by, one at a time, each answered by a run when the learner answers.

Quiz("large-secret", "rsa-limit", "no-message")
"""

from functools import cache
from typing import Any

import ipywidgets as W  # noqa: N812 (as its own documentation abbreviates it)

from kms_teach.drawing.picture import folded
from kms_teach.teaching import exam, progress
from kms_teach.teaching.choices import controls, given
from kms_teach.teaching.controls import button
from kms_teach.teaching.lab import ANSWER, Panel, marked
from kms_teach.teaching.question import Question

FIRST_SEED = 1


class Quiz(Panel):
    """Shows one question; a wrong answer is told what the run showed, and may be followed by another.

    It asks the families with these ids, and after the last begins anew, with other numbers and names. `first` holds, by
    id, whether the first answer was right.

    Raises:
        KeyError: no family has that id; names near ones.
        ValueError: there is no question.
    """

    def __init__(self, *ids: str) -> None:
        if not ids:
            raise ValueError("a quiz has at least one question")
        self.ids, self.asked = ids, 0
        self.first: dict[str, bool] = {}
        self.words, self.place = W.HTML(), W.VBox()
        self.choose: list[Any] = []
        self.answer, self.next = button("Answer"), button("Next question" if len(ids) > 1 else "Ask it another way")
        self.words.add_class("kms-words")
        self.place.add_class("kms-choices")
        super().__init__([self.place, self.answer, self.next], "Quiz", [self.words])
        self.on(self.answer, self._answer, "It is being tried …")
        self.on(self.next, self._next)
        self._ask()

    @property
    def at(self) -> int:
        """Which of the quiz's questions is shown, counted from 0."""
        return self.asked % len(self.ids)

    def _ask(self) -> None:
        self.question = exam.question(self.ids[self.at], FIRST_SEED + self.asked // len(self.ids))
        number = f"{self.at + 1} of {len(self.ids)}. " if len(self.ids) > 1 else ""
        self.words.value = f"<strong>{number}{marked(self.question.words)}</strong>"
        old, self.choose = self.choose, controls(self.question)
        self.place.children = self.choose
        for control in old:
            control.close()

    def _next(self) -> None:
        self.asked += 1
        if self.at == 0:
            self.first.clear()
        self._ask()
        self.say("")

    def _answer(self) -> None:
        chosen, kept = given(self.question, self.choose), progress.mine()
        right, why = self.question.judged(chosen)
        if self.question.family.id not in self.first:
            kept.answered(self.question, chosen, right, "quiz")
        self.first.setdefault(self.question.family.id, right)
        if right:
            self.say(" ".join(filter(None, [why, self._score(), kept.trouble])), word="Right")
        else:
            self.say(" ".join(filter(None, [why, kept.trouble])), mistake=True, word="Not this time")

    def _score(self) -> str:
        if len(self.first) < len(self.ids):
            return ""
        return f"{sum(self.first.values())} of {len(self.ids)} at the first try."

    @property
    def facts(self) -> str:
        return f"Quiz: {' / '.join(exam.question(name, FIRST_SEED).words for name in self.ids)}"

    def static(self) -> str:
        """The questions, each with its answer folded away."""
        return "".join(map(_answered, self.ids))


def listed(question: Question) -> str:
    """A question and its options as HTML, for a reader in whose notebook nothing runs."""
    options, matches = (
        "".join(f"<li>{marked(words)}</li>" for words in shown) for shown in (question.options, question.matches)
    )
    matches = f"<p>Each with one of:</p><ul>{matches}</ul>" if matches else ""
    return f"<p><strong>{marked(question.words)}</strong></p><ul>{options}</ul>{matches}"


@cache
def _answered(name: str) -> str:
    question = exam.question(name, FIRST_SEED)
    right = question.answer()
    if question.family.format == "matching":
        found = [f"{question.options[at]}: {question.matches[match]}" for at, match in enumerate(right)]
    else:
        found = [question.options[index] for index in (right if isinstance(right, tuple) else sorted(right))]
    said = [f"{words}{'' if words.endswith('.') else '.'}" for words in found]
    if question.family.format == "one":
        said += [question.feedback(index) for index in right]
    return listed(question) + folded("Answer", "".join(f"<p>{marked(words)}</p>" for words in said), ANSWER)
