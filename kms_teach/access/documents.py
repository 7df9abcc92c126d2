"""The documents that apply to a request: key policy, IAM policies, the limits on them, and grants."""

from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import force_setattr

from kms_teach.access.grants import Grant
from kms_teach.access.statement import Document


class Documents(Struct, frozen=True):
    """What is read to decide a request: no key policy where the operation names no key (or names an alias).

    scps: those of the caller's account, a tuple for each level from the root of the organization down; each level must
    allow. rcps: those of the key's account (RCPFullAWSAccess, which always allows, is not listed; AWS managed keys
    have none). session: those the session was begun with, which allow together. grants: all of the key, or for
    kms:RetireGrant the one to retire. ram: the key policy that AWS RAM keeps, if it has shared the
    key with the caller's account. size: the characters of all their texts. conditional: whether any looks at
    condition keys. Both are found here, whatever was given.
    """

    key_policy: Document | None
    identity: tuple[Document, ...] = ()
    boundary: Document | None = None
    session: tuple[Document, ...] = ()
    scps: tuple[tuple[Document, ...], ...] = ()
    rcps: tuple[Document, ...] = ()
    endpoint: Document | None = None
    grants: tuple[Grant, ...] = ()
    ram: Document | None = None
    size: int = 0
    conditional: bool = False

    def __post_init__(self) -> None:
        texts = [document.text for document in every(self)]
        conditional = bool(self.grants) or any('"Condition"' in text or "${" in text for text in texts)
        force_setattr(self, "size", sum(map(len, texts)))
        force_setattr(self, "conditional", conditional)

    def each(self, change: Callable[[Document], Document | None]) -> "Documents":
        """The same with every document changed; where None is given, without it."""

        def all_of(documents: Iterable[Document | None]) -> tuple[Document, ...]:
            return tuple(new for document in documents if document and (new := change(document)))

        def one(document: Document | None) -> Document | None:
            return next(iter(all_of([document])), None)

        return Documents(
            one(self.key_policy), all_of(self.identity), one(self.boundary), all_of(self.session),
            tuple(all_of(level) for level in self.scps), all_of(self.rcps), one(self.endpoint), self.grants, self.ram,
        )  # fmt: skip


def every(documents: Documents) -> list[Document]:
    """All the documents, each once."""
    levels = (document for level in documents.scps for document in level)
    one = (documents.key_policy, *documents.identity, documents.boundary, *documents.session)
    return [document for document in (*one, *levels, *documents.rcps, documents.endpoint) if document]
