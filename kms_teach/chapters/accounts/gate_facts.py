"""The gates of a call: the kinds of policy in AWS's order, each open, closed, gone round or not read.

A gate is judged alone, with every other one taken away. One that nobody has read is tried open and closed; which of the
two it is, only AWS's answer can tell.
"""

import json
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kms_teach.access.authorization import Authorization
from kms_teach.access.decision import Decision, Documents, Request, Step, decide
from kms_teach.access.evaluation import evaluate
from kms_teach.access.policy import read
from kms_teach.access.principals import account_arn
from kms_teach.access.reasons import Stage
from kms_teach.access.statement import Document, Kind

CALLERS_OWN = (Stage.PRINCIPAL, Stage.BOUNDARY, Stage.SESSION)  # what opens the key's gate can lead round these
OF_THE_OWNER = (Stage.RCP, Stage.RESOURCE)  # another account is not told what they say
KINDS: dict[Stage, Kind] = {
    Stage.RCP: "resource control policy",
    Stage.SCP: "service control policy",
    Stage.ENDPOINT: "VPC endpoint policy",
    Stage.RESOURCE: "key policy",
    Stage.PRINCIPAL: "IAM policy",
    Stage.BOUNDARY: "permissions boundary",
    Stage.SESSION: "session policy",
}


class State(StrEnum):
    """What reading a gate's documents says of a call."""

    OPEN = "open"
    CLOSED = "closed"
    ROUND = "gone round"  # closed, but the way leads round it
    UNREAD = "not read"


class Gate(Struct, frozen=True):
    """One gate. `step` is what answered there, None where nothing is attached or nothing was read.

    if_open, if_closed: the answer if this gate alone were so, the others as read and the unread ones open.
    ways: in how many ways it can close for this call, by a Deny and by not allowing. named: AWS's words name it.
    follows: of one that was not read, whether it is open or closed, where that follows from the answer.
    """

    stage: Stage
    state: State
    step: Step | None
    if_open: bool
    if_closed: bool
    ways: int
    named: bool
    follows: State | None = None

    @property
    def suspect(self) -> bool:
        return self.state is State.CLOSED or (self.state is State.UNREAD and self.follows is not State.OPEN)

    @property
    def stops(self) -> bool:
        """Whether the call is known to come no further."""
        return State.CLOSED in (self.state, self.follows)

    @property
    def explains(self) -> bool:
        """Whether this gate, changed alone, would explain a denial."""
        return self.suspect and self.if_open and not self.if_closed


class Gates(Struct, frozen=True):
    """The gates of one call, in AWS's order. lent: a grant opens a gate, or leads round one."""

    caller: str
    at_home: bool  # whether the key is of the caller's own account
    operation: str
    allowed: bool
    gates: tuple[Gate, ...]
    lent: bool
    message: str  # of a denial, in AWS's words

    @classmethod
    def of(cls, authorization: Authorization, unread: Iterable[Stage | str] = ()) -> "Gates":
        """Read the gates that a call of a user, a role or root came to, but for the documents of those in `unread`."""
        request, decision, hidden = authorization.request, authorization.decision, {Stage(each) for each in unread}
        seen = authorization.documents
        for stage in hidden:
            seen = opened(stage, request, seen)
        names = _named(request, decision)
        shut = [stage for stage in Stage if stage not in hidden and state(stage, request, seen) is State.CLOSED]
        gates = []
        for stage in Stage:
            follows = None
            if stage in hidden and (decision.allowed or stage is names or (not shut and len(hidden) == 1)):
                follows = State.OPEN if decision.allowed else State.CLOSED
            gates.append(Gate(
                stage,
                State.UNREAD if stage in hidden else state(stage, request, seen),
                None if stage in hidden else _step(stage, request, seen),
                evaluate(request, opened(stage, request, seen)).allowed,
                evaluate(request, denying(stage, request, seen)).allowed,
                ways(stage, request, seen),
                stage is names,
                follows,
            ))  # fmt: skip
        without = replace(seen, grants=())
        lent = any(state(stage, request, without) is State.CLOSED for stage in Stage if stage not in shut)
        return cls(
            decision.label, request.at_home, request.action.removeprefix("kms:"), decision.allowed, tuple(gates), lent,
            "" if decision.allowed else decision.message,
        )  # fmt: skip

    @property
    def suspects(self) -> tuple[Gate, ...]:
        """Who may have refused: whom AWS names, what is closed, what AWS would not name; then by the ways to close."""
        found = [gate for gate in self.gates if gate.suspect and not self.allowed]
        hushed = () if self.at_home or self.named else OF_THE_OWNER
        return tuple(sorted(found, key=lambda gate: (
            not gate.named, gate.state is State.UNREAD, gate.stage not in hushed, -gate.ways,
        )))  # fmt: skip

    def of_state(self, state: State) -> tuple[Gate, ...]:
        return tuple(gate for gate in self.gates if gate.state is state)

    @property
    def named(self) -> Gate | None:
        """The gate that AWS's words name, if they name any."""
        return next((gate for gate in self.gates if gate.named), None)


def state(stage: Stage, request: Request, documents: Documents) -> State:
    """What the documents of one gate say, whatever those of the others do."""
    if stage not in CALLERS_OWN:
        return State.OPEN if _passes(stage, request, documents) else State.CLOSED
    if _passes(stage, request, opened(Stage.RESOURCE, request, documents)):
        return State.OPEN
    past = _passes(Stage.RESOURCE, request, documents) and _passes(stage, request, documents)
    return State.ROUND if past else State.CLOSED


def ways(stage: Stage, request: Request, documents: Documents) -> int:
    """In how many ways a gate can close for this call."""
    forms = [change(stage, request, _alone(stage, request, documents)) for change in (denying, silenced)]
    return sum(not evaluate(request, form).allowed for form in forms)


def _passes(stage: Stage, request: Request, documents: Documents) -> bool:
    return evaluate(request, _alone(stage, request, documents)).allowed


def _alone(stage: Stage, request: Request, documents: Documents) -> Documents:
    """The documents with every other gate open; but beside one of the caller's own, the key's stays as it is."""
    kept = {stage, Stage.RESOURCE} if stage in CALLERS_OWN else {stage}
    for other in Stage:
        documents = documents if other in kept else opened(other, request, documents)
    return documents


def _step(stage: Stage, request: Request, documents: Documents) -> Step | None:
    """What answered at a gate: of several steps the one that decided it, or else said yes."""
    steps = [s for at, s in decide(request, _alone(stage, request, documents)).in_aws_order if at is stage]
    return max(steps, key=lambda step: (step.decided, step.answer), default=None)


def _named(request: Request, decision: Decision) -> Stage | None:
    """The gate of which AWS's words name the kind of policy."""
    decided = next((stage for stage, step in decision.in_aws_order if step.decided and not decision.allowed), None)
    return None if decided in OF_THE_OWNER and request.caller.account != request.owner else decided


# --- a gate as it would be if it were open or closed ----------------------------------------------------------------


PUT: dict[Stage, Callable[[Documents, tuple[Document, ...]], Documents]] = {
    Stage.RCP: lambda documents, new: replace(documents, rcps=new),
    Stage.SCP: lambda documents, new: replace(documents, scps=(new,) if new else ()),
    Stage.ENDPOINT: lambda documents, new: replace(documents, endpoint=new[0] if new else None),
    Stage.RESOURCE: lambda documents, new: replace(documents, key_policy=new[0], grants=(), ram=None),
    Stage.PRINCIPAL: lambda documents, new: replace(documents, identity=new),
    Stage.BOUNDARY: lambda documents, new: replace(documents, boundary=new[0] if new else None),
    Stage.SESSION: lambda documents, new: replace(documents, session=new),
}


def opened(stage: Stage, request: Request, documents: Documents) -> Documents:
    """The documents, with nothing at this gate that stands in the way."""
    allows = stage in (Stage.RESOURCE, Stage.PRINCIPAL)  # at the others, no document is as good
    return PUT[stage](documents, (_document(stage, request, ("Allow", "*")),) if allows else ())


def denying(stage: Stage, request: Request, documents: Documents) -> Documents:
    """The documents, with a policy at this gate that denies the call and allows all the rest."""
    effects = (("Deny", request.action),) if stage is Stage.RCP else (("Allow", "*"), ("Deny", request.action))
    return PUT[stage](documents, (_document(stage, request, *effects),))


def silenced(stage: Stage, request: Request, documents: Documents) -> Documents:
    """The documents, with a policy at this gate that speaks of something else. RCPFullAWSAccess cannot be taken off."""
    return PUT[stage](documents, () if stage is Stage.RCP else (_document(stage, request, ("Allow", "sqs:*")),))


def _document(stage: Stage, request: Request, *effects: tuple[str, str]) -> Document:
    whom: dict[str, Any] = {}
    if stage is Stage.RESOURCE:  # as the default policy: what it leaves open, IAM policies decide
        whom = {"Principal": {"AWS": account_arn(request.caller.account)}}
    elif stage in (Stage.RCP, Stage.ENDPOINT):
        whom = {"Principal": "*"}
    statements = [{"Effect": effect, **whom, "Action": action, "Resource": "*"} for effect, action in effects]
    return read(json.dumps({"Version": "2012-10-17", "Statement": statements}), KINDS[stage])
