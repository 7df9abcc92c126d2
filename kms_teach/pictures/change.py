"""This is what a change to policies does besides what it is made for: the permissions it opens or closes, as words.

The ways themselves are found, and tried, by `access.edits`; here they are put in the order in which a person would
take them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kms_teach.access.edits import ON_KEY, Way, ways
from kms_teach.access.matrix import Who, matrix
from kms_teach.access.question import Question
from kms_teach.access.statement import Document
from kms_teach.access.weighing import Documents, weigh
from kms_teach.access.why import every

Cells = tuple[tuple[str, str], ...]  # caller's ARN and permission
SHOWN = tuple(name for name in ON_KEY if name != "RetireGrant")  # that is asked of one grant, not of the key


@dataclass(frozen=True, slots=True)
class Option:
    """A way to turn a decision round, and in a few words what else it changes."""

    way: Way
    effect: str

    @property
    def says(self) -> str:
        return self.way.says


def smallest(question: Question) -> list[Option]:
    """Give the ways to turn a decision round: what changes least else first, and another call before another policy.

    Among equals the policy comes first that AWS's message blames.
    """
    weighed = weigh(question.request, question.documents)
    tried = ways(question.request, question.documents, question.others)
    found = [(way, besides(question, way)) for way in tried if _can_be_put(question, way)]
    found.sort(key=lambda one: (len(one[1]), one[0].edits[0].kind != "call", one[0].edits[0].kind != weighed.silent))
    return [Option(way, _effect(cells, closing=weighed.allowed)) for way, cells in found]


def _can_be_put(question: Question, way: Way) -> bool:
    """A key has one policy, always, and a policy has a statement."""
    _, then = way.apply(question.request, question.documents)
    return then.key_policy is None or bool(then.key_policy.statements)


def besides(question: Question, way: Way) -> Cells:
    """The other cells that a way opens, when it is to allow; that it closes, when it is to deny."""
    request, documents = question.request, question.documents
    if documents.key_policy is None or all(edit.kind == "call" for edit in way.edits):
        return ()
    if not weigh(request, documents).allowed:
        return tuple((who, name) for who, name in way.opens if name in SHOWN)
    _, then = way.apply(request, documents)
    was, now = (_allowed(question, docs) for docs in (documents, then))
    return tuple(sorted(was - now - {(request.caller.caller_arn, request.action.removeprefix("kms:"))}))


def _allowed(question: Question, documents: Documents) -> set[tuple[str, str]]:
    """The cells that are allowed when the caller's documents are these."""
    request = question.request
    assert documents.key_policy
    people = [Who(request.caller, documents), *question.others]
    return matrix(request.resource, request.owner, documents.key_policy, people, SHOWN, request.context).allowed()


def _effect(cells: Cells, *, closing: bool) -> str:
    if not cells:
        return "nobody loses anything else" if closing else "nobody gains anything else"
    who = dict.fromkeys(arn.rpartition("/")[0].rpartition("/")[2] if ":assumed-role/" in arn else
                        arn.rpartition("/")[2].rpartition(":")[2] for arn, _ in cells)  # fmt: skip
    count = f"{len(cells)} other permission{'s' if len(cells) > 1 else ''}"
    verb = ("close" if closing else "open") + ("s" if len(cells) == 1 else "")
    return f"{count} {verb}, {'of' if closing else 'to'} {' and '.join(who)}"


def diff(before: Documents, after: Documents) -> Iterator[str]:
    """The statements and grants that differ, each in one line with + or - before it."""
    old, new = ([(d.kind, d.name, s) for d in every(docs) for s in statements(d)] for docs in (before, after))
    yield from (f"- {json.dumps(s)}" for kind, name, s in old if (kind, name, s) not in new)
    yield from (f"+ {json.dumps(s)}" for kind, name, s in new if (kind, name, s) not in old)
    for sign, here, there in (("-", before.grants, after.grants), ("+", after.grants, before.grants)):
        for grant in here:
            if grant not in there:
                terms = {"GranteePrincipal": grant.grantee, "Operations": list(grant.operations)}
                yield f"{sign} {json.dumps(terms)}"


def statements(document: Document) -> list[Any]:
    """The statements of a document, as its text has them."""
    found = json.loads(document.text)["Statement"]
    return found if isinstance(found, list) else [found]
