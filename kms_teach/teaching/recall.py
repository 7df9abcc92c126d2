"""Recall: questions of earlier chapters, asked again at the beginning of a later one."""

from typing import cast

from kms_teach.teaching import catalog
from kms_teach.teaching.question import Question
from kms_teach.teaching.quiz import Quiz


def recall(*names: str) -> Quiz:
    """A quiz of questions by chapter and name: `recall("encrypt.RSA_200", "start.TWO_USERS")`.

    Raises KeyError for a chapter that is none, AttributeError for a question it does not have.
    """
    return Quiz(*(_question(*name.split(".")) for name in names))


def _question(room: str, name: str) -> Question:
    return cast("Question", getattr(catalog.load(room, "questions"), name))
