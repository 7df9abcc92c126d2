"""This is what a change to policies does besides what it is made for: the permissions it opens or closes, as words.

The ways themselves are found, and tried, by `access.edits`; here they are put in the order in which a person would
take them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from kms_teach.access.edits import Cells, Way, ways
from kms_teach.access.question import Question
from kms_teach.access.rewriting import statements
from kms_teach.access.weighing import Documents, every, weigh


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
    found = list(ways(question.request, question.documents, question.others))
    found.sort(key=lambda way: (len(way.besides), way.edits[0].kind != "call", way.edits[0].kind != weighed.silent))
    return [Option(way, _effect(way.besides, closing=weighed.allowed)) for way in found]


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
