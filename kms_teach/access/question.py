"""This is a question as it was asked: the request, the documents laid before it, and who else there is."""

import functools
from dataclasses import dataclass

from kms_teach.access.decision import Decision, decide
from kms_teach.access.matrix import Who
from kms_teach.access.weighing import Documents, Request


@dataclass(frozen=True, slots=True)
class Question:
    """A request and all that was read to decide it; `others` are who would gain by an edit, besides the caller."""

    request: Request
    documents: Documents
    others: tuple[Who, ...] = ()

    @property
    def decision(self) -> Decision:
        """The answer: the same each time, since it follows from the question alone."""
        return _answer(self.request, self.documents)


_answer = functools.lru_cache(maxsize=1024)(decide)  # most programs ask the same few questions again and again
