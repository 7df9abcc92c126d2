"""This is how an edit changes a policy: in its text, which is then read again."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from kms_teach.access.policy import read
from kms_teach.access.statement import Document, Statement
from kms_teach.access.weighing import Documents, Request

Change = Callable[[Request, Documents], tuple[Request, Documents]]
Json = dict[str, Any]
Rewrite = Callable[[list[Json]], list[Json]]  # of a document's statements


@dataclass(frozen=True, slots=True)
class Edit:
    """One change. `kind` is what is edited: key policy, IAM policy …, grant or call."""

    kind: str
    says: str
    change: Change = field(repr=False, compare=False)


def edited(document: Document, rewrite: Rewrite, says: str) -> Edit:
    """An edit of that document, wherever it stands among the documents."""

    def in_place(there: Document | None) -> Any:
        same = there is not None and (there.kind, there.name) == (document.kind, document.name)
        return rewritten(there, rewrite) if there and same else there

    def change(request: Request, documents: Documents) -> tuple[Request, Documents]:
        new = replace(
            documents,
            key_policy=in_place(documents.key_policy),
            identity=tuple(map(in_place, documents.identity)),
            boundary=in_place(documents.boundary),
            session=tuple(map(in_place, documents.session)),
            scps=tuple(tuple(map(in_place, level)) for level in documents.scps),
            rcps=tuple(map(in_place, documents.rcps)),
            endpoint=in_place(documents.endpoint),
        )
        return request, new

    return Edit(document.kind, says, change)


def rewritten(document: Document, rewrite: Rewrite) -> Document:
    """The document with its statements changed, read again. One that loses its last statement says nothing."""
    policy = json.loads(document.text)
    left = rewrite(_statements(document))
    text = json.dumps({**policy, "Statement": left}, indent=2)
    return read(text, document.kind, document.name) if left else replace(document, text=text, statements=())


def adding(statement: Json) -> Rewrite:
    return lambda statements: [*statements, statement]


def without(document: Document, statement: Statement) -> Rewrite:
    old = _source(document, statement)
    return lambda statements: [s for s in statements if s != old]


def sparing(document: Document, statement: Statement, arn: str) -> Rewrite:
    """With the Deny restricted to other callers than this one."""
    old = _source(document, statement)
    block = old.get("Condition", {})
    there = block.get("ArnNotEquals", {})
    spared = there.get("aws:PrincipalArn", [])
    listed = {**there, "aws:PrincipalArn": [*([spared] if isinstance(spared, str) else spared), arn]}
    return _instead(old, {**old, "Condition": {**block, "ArnNotEquals": listed}})


def unconditioned(document: Document, statement: Statement, operator: str, key: str) -> Rewrite:
    """Without one key of one operator."""
    old = _source(document, statement)
    block = {name: dict(keys) for name, keys in old["Condition"].items()}
    del block[operator][key]
    kept = {name: keys for name, keys in block.items() if keys}
    new = {name: value for name, value in old.items() if name != "Condition"}
    return _instead(old, {**new, "Condition": kept} if kept else new)


def _instead(old: Json, new: Json) -> Rewrite:
    def rewrite(statements: list[Json]) -> list[Json]:
        return [new if s == old else s for s in statements]

    return rewrite


def _source(document: Document, statement: Statement) -> Json:
    return _statements(document)[statement.number - 1]


def _statements(document: Document) -> list[Json]:
    found = json.loads(document.text)["Statement"]
    return found if isinstance(found, list) else [found]
