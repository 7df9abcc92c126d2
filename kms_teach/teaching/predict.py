"""Predictions: a learner commits to an answer before the call is sent, and is answered after it.

guess = Predict(Prediction("Alice calls Decrypt. What does KMS answer?", {"the plaintext": "She has …", "a "
"denial": ""}))
…
guess.compare(answer, picture.opened(sim.trail[-1]))

What tells the answer shows through one `Answer`, which is closed until the learner commits.
"""

from html import escape
from typing import Any

import ipywidgets as W  # noqa: N812 (as its own documentation abbreviates it)

from kms_teach.drawing.lettering import clean
from kms_teach.drawing.picture import Picture, folded
from kms_teach.teaching import progress
from kms_teach.teaching.controls import button, radios
from kms_teach.teaching.lab import ANSWER, Panel, marked
from kms_teach.teaching.live import live
from kms_teach.teaching.prediction import Prediction

OPEN = "Your prediction is still open. Commit to one above, and the answer unfolds here."
CLOSED = "What happened, beside what you predicted"
SHOW, HIDE = "Show it without a prediction", "Fold it away"


class Predict(Panel):
    """A question, and a button to commit; once committed, the prediction stands.

    `committed` is the option committed to, None before. Run the cell again to start afresh. `kept` is true once what
    became of it is in the learner's progress.
    """

    def __init__(self, prediction: Prediction) -> None:
        self.prediction = prediction
        self.committed: str | None = None
        self.kept = False
        self.answers: list[Answer] = []
        self.choose, self.commit = radios("Your prediction", prediction.options), button("Commit")
        words = W.HTML(f"<strong>{marked(prediction.words)}</strong>")
        words.add_class("kms-words")
        super().__init__([self.choose, self.commit], "Predict", [words])
        self.on(self.commit, self._commit)

    def _commit(self) -> None:
        if self.committed is None and self.choose.value is None:
            raise ValueError("choose one of the options first")
        self.committed = self.committed or self.choose.value
        self.choose.disabled = True  # not the button: it has the focus, which would be lost
        where = "What happened stands below." if self.answers else "Run the next cell to see what happens."
        self.say(f"You predict “{self.committed}”. {where}")
        for answer in self.answers:
            if answer.comm is not None:  # not one of an earlier run
                answer.unfold()

    def compare(self, actual: str, *shown: Any) -> "Answer":
        """Answer the prediction with what happened, one of the options, computed from the run.

        `shown` are pictures or values that stand under the answer, and would tell it.

        Raises:
            ValueError: the outcome is none of the options.
        """
        answer = Answer(self, self.prediction.known(actual), *shown)
        self.answers.append(answer)
        return answer

    @property
    def facts(self) -> str:
        return f"Predict: {self.prediction.words} {' / '.join(self.prediction.options)}"

    def static(self) -> str:
        options = "".join(f"<li>{marked(option)}</li>" for option in self.prediction.options)
        return f"<p><strong>{marked(self.prediction.words)}</strong></p><ul>{options}</ul>"


class Answer(Panel):
    """What happened beside what was predicted; closed until the learner has committed, or asks to be shown without.

    Its line of text is the same in every run and does not tell: a page without HTML would print it.
    """

    def __init__(self, guess: Predict, actual: str, *shown: Any) -> None:
        self.guess, self.actual, self.shown = guess, actual, shown
        self.unfolded = False
        self.show = button(SHOW)
        self._view = W.HTML()
        self._view.add_class("kms-spoken")
        super().__init__([self.show], "Answer", [self._view])
        self.on(self.show, self._turn)
        if guess.committed is None:
            self.say(OPEN)
        else:
            self.unfold()

    @property
    def right(self) -> bool:
        return self.guess.committed == self.actual

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is said, the verdict first. Without a prediction the reason of every other option is told."""
        reasons, predicted = self.guess.prediction.options, self.guess.committed
        if predicted is None:
            others = (f"“{option}”? {why}" for option, why in reasons.items() if why and option != self.actual)
            return ("You made no prediction.", f"The answer is: {self.actual}.", *others)
        why = [reasons[predicted]] if reasons[predicted] else []
        if self.right:
            return ("Right.", f"You predicted it: {self.actual}.", *why)
        return ("Not this time.", f"You predicted “{predicted}”; the answer is: {self.actual}.", *why)

    def unfold(self) -> None:
        """Show the answer, and all that tells it."""
        self.unfolded = True
        self._view.value = self._inner(alive=True)
        if self.guess.committed is not None and not self.guess.kept:
            self.guess.kept = True
            progress.mine().predicted(self.guess.prediction, self.right)
        self.show.description = HIDE
        self.show.layout.display = "none" if self.guess.committed is not None else ""
        self.say("")

    def _turn(self) -> None:
        if not self.unfolded:
            self.unfold()
            return
        self.unfolded, self._view.value, self.show.description = False, "", SHOW
        self.say(OPEN)

    def _inner(self, *, alive: bool) -> str:
        verdict, answer, *reasons = map(marked, self.sentences)
        mark = "" if self.guess.committed is None else "✓ " if self.right else "✗ "
        paragraphs = [f"<strong>{mark}{verdict}</strong> {answer}", *reasons]
        words = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        return words + "".join(_shown(thing, self.model_id if alive else "") for thing in self.shown)

    @property
    def facts(self) -> str:
        return f"Answer, closed until you commit: {self.guess.prediction.words}"

    def static(self) -> str:
        return folded(CLOSED, self._inner(alive=False), ANSWER)


def _shown(thing: Any, owner: str) -> str:
    """A picture or a value as HTML; `owner` is the widget that a picture stands in."""
    if isinstance(thing, Picture):
        return live(thing, owner) if owner else thing.html()
    return f"<pre>{escape(clean(thing if isinstance(thing, str) else repr(thing)))}</pre>"
