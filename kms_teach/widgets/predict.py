"""This is the prediction: a learner commits to an answer before the call is sent, and is answered after it.

guess = Predict("Alice calls Decrypt. What does KMS answer?", ["the plaintext", "AccessDeniedException"])
…
guess.compare(code, reasons={"the plaintext": "She may use the ciphertext, you think; but …"})
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as W  # noqa: N812 (as its own documentation abbreviates it)

from .controls import LABELLED, button
from .lab import Panel, marked

FEWEST, MOST = 2, 4  # options


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What happened beside what was predicted; the cell that ends in it shows it.

    `reasons` says of an option that is wrong why it is attractive, and why wrong.
    """

    predicted: str | None
    actual: str
    reasons: Mapping[str, str]

    @property
    def right(self) -> bool:
        return self.predicted == self.actual

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is said, the verdict first. Without a prediction every reason is told."""
        if self.predicted is None:
            others = (f"“{option}”? {why}" for option, why in self.reasons.items() if option != self.actual)
            return ("You made no prediction.", f"The answer is: {self.actual}.", *others)
        if self.right:
            return ("Right.", f"You predicted it: {self.actual}.")
        why = self.reasons.get(self.predicted, "")
        return (
            "Not this time.",
            f"You predicted “{self.predicted}”; the answer is: {self.actual}.",
            *([why] if why else []),
        )

    def __repr__(self) -> str:
        return " ".join(self.sentences)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        verdict, answer, *reasons = map(marked, self.sentences)
        mark = "" if self.predicted is None else "✓ " if self.right else "✗ "
        paragraphs = [f"<strong>{mark}{verdict}</strong> {answer}", *reasons]
        return {"text/plain": repr(self), "text/html": "".join(f"<p>{words}</p>" for words in paragraphs)}


class Predict(Panel):
    """A question with two to four options, and a button to commit; once committed, the prediction stands.

    `prediction` is the option committed to, None before. Run the cell again to start afresh.
    """

    def __init__(self, question: str, options: Sequence[str]) -> None:
        if not FEWEST <= len(options) <= MOST or len(set(options)) < len(options):
            raise ValueError(f"a prediction has {FEWEST} to {MOST} options, each once, not {len(options)}")
        self.question, self.options = question, tuple(options)
        self.prediction: str | None = None
        pairs = [(option.replace("`", ""), option) for option in self.options]
        self.choose = W.RadioButtons(
            options=pairs, value=None, description="Your prediction", style=LABELLED, layout=W.Layout(width="auto")
        )
        self.commit = button("Commit")
        words = W.HTML(f"<strong>{marked(question)}</strong>")
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

    def compare(self, actual: str, reasons: Mapping[str, str] | None = None) -> Answer:
        """Answer the prediction with what happened, one of the options, computed from the run.

        Raises ValueError for an outcome, or a reason, that is no option.
        """
        for words in (actual, *(reasons or {})):
            if words not in self.options:
                raise ValueError(f"`{words}` is none of the options {', '.join(self.options)}")
        return Answer(self.prediction, actual, dict(reasons or {}))

    @property
    def facts(self) -> str:
        return f"Predict: {self.question} {' / '.join(self.options)}"

    def static(self) -> str:
        options = "".join(f"<li>{marked(option)}</li>" for option in self.options)
        return f"<p><strong>{marked(self.question)}</strong></p><ul>{options}</ul>"
