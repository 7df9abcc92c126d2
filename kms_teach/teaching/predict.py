"""Predictions: a learner commits to an answer before the call is sent, and is answered after it.

guess = Predict(Question("Alice calls Decrypt. What does KMS answer?", {"the plaintext": "She has …", "a denial": ""}))
…
guess.compare(answer)
"""

from dataclasses import dataclass
from typing import Any

import ipywidgets as W  # noqa: N812 (as its own documentation abbreviates it)

from kms_teach.teaching.controls import button, radios
from kms_teach.teaching.lab import Panel, marked
from kms_teach.teaching.question import Question

BLANK = " \n"  # of an output that is folded away, JupyterLab shows the first line: it must not be the answer


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What happened beside what was predicted; the cell that ends in it shows it."""

    question: Question
    predicted: str | None
    actual: str

    @property
    def right(self) -> bool:
        return self.predicted == self.actual

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is said, the verdict first. Without a prediction the reason of every other option is told."""
        reasons = self.question.options
        if self.predicted is None:
            others = (f"“{option}”? {why}" for option, why in reasons.items() if why and option != self.actual)
            return ("You made no prediction.", f"The answer is: {self.actual}.", *others)
        why = [reasons[self.predicted]] if reasons[self.predicted] else []
        if self.right:
            return ("Right.", f"You predicted it: {self.actual}.", *why)
        return ("Not this time.", f"You predicted “{self.predicted}”; the answer is: {self.actual}.", *why)

    def __repr__(self) -> str:
        return " ".join(self.sentences)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        verdict, answer, *reasons = map(marked, self.sentences)
        mark = "" if self.predicted is None else "✓ " if self.right else "✗ "
        paragraphs = [f"<strong>{mark}{verdict}</strong> {answer}", *reasons]
        return {"text/plain": repr(self), "text/html": BLANK + "".join(f"<p>{words}</p>" for words in paragraphs)}


class Predict(Panel):
    """A question, and a button to commit; once committed, the prediction stands.

    `prediction` is the option committed to, None before. Run the cell again to start afresh.
    """

    def __init__(self, question: Question) -> None:
        self.question = question
        self.prediction: str | None = None
        self.choose, self.commit = radios("Your prediction", question.options), button("Commit")
        words = W.HTML(f"<strong>{marked(question.words)}</strong>")
        words.add_class("kms-words")
        super().__init__([self.choose, self.commit], "Predict", [words])
        self.on(self.commit, self._commit)

    def _commit(self) -> None:
        if self.prediction is not None:
            self.say(f"You are committed to “{self.prediction}”. Run the next cell to see what happens.")
            return
        if self.choose.value is None:
            raise ValueError("choose one of the options first")
        self.prediction = self.choose.value
        self.choose.disabled = True  # not the button: it has the focus, which would be lost
        self.say(f"You predict “{self.prediction}”. Run the next cell to see what happens.")

    def compare(self, actual: str) -> Answer:
        """Answer the prediction with what happened, one of the options, computed from the run.

        Raises ValueError for an outcome that is no option.
        """
        return Answer(self.question, self.prediction, self.question.known(actual))

    @property
    def facts(self) -> str:
        return f"Predict: {self.question.words} {' / '.join(self.question.options)}"

    def static(self) -> str:
        return listed(self.question)


def listed(question: Question) -> str:
    """A question and its options as HTML, for a reader in whose notebook nothing runs."""
    options = "".join(f"<li>{marked(option)}</li>" for option in question.options)
    return f"<p><strong>{marked(question.words)}</strong></p><ul>{options}</ul>"
