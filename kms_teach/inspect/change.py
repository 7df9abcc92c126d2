"""What a fix changes besides the decision it turns round: the permissions it opens or closes, in words.

The fixes themselves are found, and tried, by `access.fixes`; here they are put in the order in which a person would
take them.
"""

import json
from collections.abc import Iterator

from msgspec import Struct

from kms_teach.access.authorization import Authorization
from kms_teach.access.documents import Documents, every
from kms_teach.access.evaluation import evaluate
from kms_teach.access.fixes import Cells, Fix, fixes
from kms_teach.access.rewriting import statements


class Option(Struct, frozen=True):
    """A fix, and in a few words what else it changes."""

    fix: Fix
    effect: str

    @property
    def says(self) -> str:
        return self.fix.says


def smallest(authorization: Authorization) -> list[Option]:
    """Give the fixes that turn a decision round: what changes least else first, and another call before another policy.

    Among equals the policy comes first that AWS's message blames.
    """
    evaluation = evaluate(authorization.request, authorization.documents)

    def order(fix: Fix) -> tuple[int, bool, bool]:
        kind = fix.edits[0].kind
        return len(fix.side_effects), kind != "call", kind != evaluation.silent

    best_first = sorted(fixes(authorization.request, authorization.documents, authorization.others), key=order)
    return [Option(fix, _effect(fix.side_effects, closing=evaluation.allowed)) for fix in best_first]


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
