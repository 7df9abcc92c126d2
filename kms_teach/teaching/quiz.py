"""Quizzes: questions to test oneself by, one at a time, each answered by a run when the learner answers.

Quiz(LARGE_SECRET, RSA_200, NO_MESSAGE)
"""

import ipywidgets as W  # noqa: N812 (as its own documentation abbreviates it)

from kms_teach.drawing.picture import folded
from kms_teach.teaching.controls import button, plain, radios
from kms_teach.teaching.lab import Panel, marked
from kms_teach.teaching.predict import listed
from kms_teach.teaching.question import Question


class Quiz(Panel):
    """Shows one question; a wrong answer is told why it tempts, and may be followed by another.

    `first` holds, by question, whether the first answer was right.
    """

    def __init__(self, *questions: Question) -> None:
        if not questions:
            raise ValueError("a quiz has at least one question")
        self.questions, self.at = questions, 0
        self.first: dict[int, bool] = {}
        self.words, self.choose = W.HTML(), radios("Your answer", questions[0].options)
        self.answer = button("Answer")
        self.next = button("Next question") if len(questions) > 1 else None
        self.words.add_class("kms-words")
        super().__init__([self.choose, self.answer, *filter(None, [self.next])], "Quiz", [self.words])
        self.on(self.answer, self._answer, "It is being tried …")
        if self.next:
            self.on(self.next, self._next)
        self._ask()

    @property
    def question(self) -> Question:
        return self.questions[self.at]

    def _ask(self) -> None:
        number = f"{self.at + 1} of {len(self.questions)}. " if len(self.questions) > 1 else ""
        self.words.value = f"<strong>{number}{marked(self.question.words)}</strong>"
        self.choose.options = plain(self.question.options)
        self.choose.value = None

    def _next(self) -> None:
        self.at = (self.at + 1) % len(self.questions)
        self._ask()
        self.say(self._score())

    def _answer(self) -> None:
        if self.choose.value is None:
            raise ValueError("choose one of the options first")
        chosen, right = self.choose.value, self.question.answer()
        self.first.setdefault(self.at, chosen == right)
        why = self.question.options[chosen]
        if chosen == right:
            self.say(" ".join(filter(None, [f"It was tried: {right}.", why, self._score()])), word="Right")
        else:
            self.say(f"It was tried, and the answer is another one. {why}", mistake=True, word="Not this time")

    def _score(self) -> str:
        if len(self.first) < len(self.questions):
            return ""
        return f"{sum(self.first.values())} of {len(self.questions)} at the first try."

    @property
    def facts(self) -> str:
        return f"Quiz: {' / '.join(question.words for question in self.questions)}"

    def static(self) -> str:
        """The questions, each with its answer folded away."""
        return "".join(map(_answered, self.questions))


def _answered(question: Question) -> str:
    right = question.answer()
    return listed(question) + folded("Answer", f"<p>{marked(f'{right}. {question.options[right]}')}</p>")
