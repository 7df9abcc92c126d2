"""Edits of a request or of its documents, as data: two edits are equal when they do the same."""

import json
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kms_teach.access.documents import Documents
from kms_teach.access.grants import Grant
from kms_teach.access.policy import read
from kms_teach.access.request import Request
from kms_teach.access.statement import Document, Kind, Statement

Inputs = tuple[Request, Documents]
Change = Callable[[Request, Documents], Inputs]
Json = dict[str, Any]


class Edit(Struct, frozen=True):
    """One change. `kind` is what is edited: key policy, IAM policy …, grant or call."""

    kind: str
    says: str
    change: Change


class Rewriting(Struct, frozen=True):
    """A statement of one document goes, and one comes in its place; where none goes, at the end."""

    kind: Kind
    name: str
    old: Json | None
    new: Json | None

    def __call__(self, request: Request, documents: Documents) -> Inputs:
        return request, documents.each(self.rewritten)

    def rewritten(self, document: Document) -> Document | None:
        """The document with its text changed and read again; None for an IAM policy that is left without statements."""
        if (document.kind, document.name) != (self.kind, self.name):
            return document
        there, new = statements(document), [] if self.new is None else [self.new]
        left = [*there, *new] if self.old is None else [one for s in there for one in (new if s == self.old else [s])]
        text = json.dumps({**json.loads(document.text), "Statement": left}, indent=2)
        if left:
            return read(text, document.kind, document.name)
        return None if document.kind == "IAM policy" else replace(document, text=text, statements=())


class Attaching(Struct, frozen=True):
    """A new IAM policy of the caller."""

    policy: Document

    def __call__(self, request: Request, documents: Documents) -> Inputs:
        return request, replace(documents, identity=(*documents.identity, self.policy))


class Granting(Struct, frozen=True):
    """A new grant on the key."""

    grant: Grant

    def __call__(self, request: Request, documents: Documents) -> Inputs:
        return request, replace(documents, grants=(*documents.grants, self.grant))


class Revoking(Struct, frozen=True):
    """The end of a grant."""

    id: str

    def __call__(self, request: Request, documents: Documents) -> Inputs:
        return request, replace(documents, grants=tuple(grant for grant in documents.grants if grant.id != self.id))


class Calling(Struct, frozen=True):
    """The same call with another value of a condition key."""

    key: str
    value: str

    def __call__(self, request: Request, documents: Documents) -> Inputs:
        kept = {name: values for name, values in request.context.items() if name.lower() != self.key.lower()}
        return replace(request, context={**kept, self.key: (self.value,)}), documents


def statements(document: Document) -> list[Any]:
    """The statements of a document, as its text has them."""
    listed = json.loads(document.text)["Statement"]
    return listed if isinstance(listed, list) else [listed]


def adding(document: Document, statement: Json) -> Change:
    return Rewriting(document.kind, document.name, None, statement)


def without(document: Document, statement: Statement) -> Change:
    return Rewriting(document.kind, document.name, _source(document, statement), None)


def sparing(document: Document, statement: Statement, arn: str) -> Change:
    """With the Deny restricted to other callers than this one."""
    old = _source(document, statement)
    block = old.get("Condition", {})
    there = block.get("ArnNotEquals", {})
    spared = there.get("aws:PrincipalArn", [])
    listed = {**there, "aws:PrincipalArn": [*([spared] if isinstance(spared, str) else spared), arn]}
    return Rewriting(document.kind, document.name, old, {**old, "Condition": {**block, "ArnNotEquals": listed}})


def unconditioned(document: Document, statement: Statement, operator: str, key: str) -> Change:
    """Without one key of one operator."""
    old = _source(document, statement)
    block = {name: dict(keys) for name, keys in old["Condition"].items()}
    del block[operator][key]
    kept = {name: keys for name, keys in block.items() if keys}
    new = {name: value for name, value in old.items() if name != "Condition"}
    return Rewriting(document.kind, document.name, old, {**new, "Condition": kept} if kept else new)


def _source(document: Document, statement: Statement) -> Json:
    source: Json = statements(document)[statement.number - 1]
    return source
