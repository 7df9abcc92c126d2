"""Recall: what was answered on other days comes back when it is about to be forgotten, with other numbers."""

import random
from typing import Any

from kms_teach.drawing import look
from kms_teach.teaching import exam, progress, recall
from kms_teach.teaching.paper import SEEDS
from kms_teach.teaching.practice import Practice, next_question
from kms_teach.teaching.progress import Progress
from kms_teach.teaching.question import Question
from kms_teach.teaching.record import Answered, How


def picked(kept: Progress, draw: random.Random) -> tuple[Question, str]:
    """The question that is due, or fades first, or is new where nothing was answered; and which of these it is."""
    answers, now = kept.of(Answered), kept.now()
    families = {family.id: family for family in exam.families()}
    known = [each for each in recall.known(answers) if each.family in families]
    if not known:
        return next_question(list(families.values()), answers, draw), "Nothing was answered yet: this is new."
    first, due = known[0], sum(each.due <= now for each in known)
    if due:
        said = f"{due} {'question is' if due == 1 else 'questions are'} due today."
    else:
        said = f"Nothing is due before {look.day(first.due)}. This one fades first."
    return families[first.family].question(draw.choice(SEEDS)), said


class Recall(Practice):
    """Asks what is due, then what fades first; before anything was answered, what is new."""

    how: How = "recall"
    about = "Recall: what you answered before comes back when you are about to forget it, with other numbers."

    @property
    def settings(self) -> list[Any]:
        return []

    def pick(self) -> tuple[Question, str]:
        return picked(progress.mine(), self.draw)
