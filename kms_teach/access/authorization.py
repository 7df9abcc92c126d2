"""An authorization as it happened: the request, the documents that applied to it, and who else there is."""

from msgspec import Struct

from kms_teach.access.decision import Decision, decide
from kms_teach.access.documents import Documents
from kms_teach.access.matrix import Who
from kms_teach.access.remembered import remembered
from kms_teach.access.request import Request


class Authorization(Struct, frozen=True):
    """A request and all that was read to decide it; `others` are those besides the caller who would gain by a fix."""

    request: Request
    documents: Documents
    others: tuple[Who, ...] = ()

    @property
    def decision(self) -> Decision:
        """The answer: the same each time, since it follows from the request and the documents alone."""
        return _decided(self.documents, self.request)


@remembered(1024, size=lambda documents: documents.size)
def _decided(documents: Documents, request: Request) -> Decision:
    """Most programs ask for the same few things again and again."""
    return decide(request, documents)
