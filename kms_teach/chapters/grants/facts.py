"""A key's grants, as the trail and ListGrants tell of them: who gave whom what, what ended, and the last call."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kms_teach.access.decision import Decision, Step
from kms_teach.access.reasons import BY_GRANT, Reason
from kms_teach.drawing.look import day
from kms_teach.inspect.opened_facts import RANDOM
from kms_teach.trail import Record

LOOKING = ("kms:ListGrants", "kms:GetKeyPolicy", "kms:PutKeyPolicy", "kms:CreateKey", "kms:CreateAlias")
ENDED = {"RetireGrant": "retired", "RevokeGrant": "revoked"}
CHANGES = ("CreateGrant", *ENDED)
CONSTRAINTS = {"encryptionContextEquals": "exactly", "encryptionContextSubset": "at least"}


class Given(Struct, frozen=True):
    """One grant, numbered in the order in which they were made. `parent` is the number of the grant it came from."""

    number: int
    id: str
    name: str
    giver: str
    grantee: str
    operations: tuple[str, ...]
    context: str  # "" when any encryption context will do
    source: str  # ARN of the resource that a service must be calling for
    retiring: str
    made: datetime
    effective: datetime  # from when it counts without its token
    parent: int = 0
    ended: str = ""  # how, and by whom
    ended_at: datetime | None = None

    @property
    def label(self) -> str:
        """The grant as a decision names it."""
        return f"grant “{self.name}”" if self.name else f"grant {self.id[:8]}…"

    @property
    def words(self) -> str:
        return f"grant {self.number} “{self.name}”" if self.name else f"grant {self.number}"

    @property
    def gone(self) -> datetime | None:
        """From when it allows nothing any more: its end takes as long to be known everywhere as its beginning did."""
        return self.ended_at + (self.effective - self.made) if self.ended_at else None


class Use(Struct, frozen=True):
    """The last call about the key: what was asked, what decided. `by` is the grant that said yes, or nearly did.

    reason: why it was allowed or denied; `why` are its words.
    """

    who: str
    operation: str
    context: str
    allowed: bool
    code: str
    message: str
    why: str
    by: int
    at: datetime
    reason: Reason | None = None

    @property
    def call(self) -> str:
        return f"{self.who} calls {self.operation}" + (f" with {self.context}" if self.context else "")


class Chain(Struct, frozen=True):
    """The facts: a key, its grants, and what happened last (`use`, or the grant `changed`, or nothing)."""

    key: str
    account: str
    now: datetime
    grants: tuple[Given, ...]
    use: Use | None = None
    changed: int = 0

    def grant(self, number: int) -> Given:
        return self.grants[number - 1]

    def waits(self, grant: Given) -> bool:
        """Whether it still needs its token."""
        return not grant.ended and self.now < grant.effective

    def lingers(self, grant: Given) -> str:
        """Until when a grant that was ended still counts; "" when it does not."""
        return f"{grant.gone:%H:%M}" if grant.gone and self.now < grant.gone else ""

    def children(self, number: int) -> list[Given]:
        return [grant for grant in self.grants if grant.parent == number]


def read(
    records: Sequence[Record], key_arn: str, listed: Collection[Mapping[str, Any]], now: datetime, *,
    name: str = "", propagation: timedelta = timedelta(),
) -> Chain:  # fmt: skip
    """Read a key's grants off the trail. `listed`: what ListGrants answers now; what it lacks is gone.

    propagation: how long a new grant needs its token, and one that was ended still counts. name: what to call the key.
    """
    grants: list[Given] = []
    use: Use | None = None
    changed = 0
    for record in records:
        if not any(resource["ARN"] == key_arn for resource in record.event.get("resources", ())):
            continue
        if record.operation in CHANGES and record.worked:
            use, changed = None, _change(record, grants, propagation)
        elif (decision := record.decision) and decision.action not in LOOKING:
            use, changed = _use(record, decision, grants), 0
    alive = {entry["GrantId"] for entry in listed}
    known = tuple(g if g.ended or g.id in alive else replace(g, ended="gone", ended_at=None) for g in grants)
    return Chain(name or "KMS key", key_arn.split(":")[4], now, known, use, changed)


def _change(record: Record, grants: list[Given], propagation: timedelta) -> int:
    """Enter a grant that was made or ended; gives its number."""
    event = record.event
    at = datetime.fromisoformat(event["eventTime"])
    if record.operation == "CreateGrant":
        parameters, grant_id = record.parameters, event["responseElements"]["grantId"]
        known = next((grant.number for grant in grants if grant.id == grant_id), 0)
        if not known:
            known = len(grants) + 1
            grants.append(_given(known, grant_id, record, parameters, at, propagation, _by(record, grants)))
        return known
    data = event.get("additionalEventData") or record.parameters
    for place, grant in enumerate(grants):
        if grant.id == data["grantId"]:
            grants[place] = replace(grant, ended=f"{ENDED[record.operation]} by {short(record)}", ended_at=at)
            return grant.number
    return 0


def _given(
    number: int,
    grant_id: str,
    record: Record,
    parameters: Mapping[str, Any],
    at: datetime,
    propagation: timedelta,
    parent: int,
) -> Given:
    constraints = parameters.get("constraints") or {}
    context = next(
        (f"{word} {pairs(constraints[name])}" for name, word in CONSTRAINTS.items() if name in constraints), ""
    )
    return Given(
        number, grant_id, parameters.get("name", ""), short(record), _who(parameters, "grantee"),
        tuple(parameters["operations"]), context, constraints.get("sourceArn", ""), _who(parameters, "retiring"),
        at, at + propagation, parent,
    )  # fmt: skip


def _use(record: Record, decision: Decision, grants: list[Given]) -> Use:
    event = record.event
    step = decision.step(*BY_GRANT)
    near = step if step and step.grant and not decision.allowed else decision.decisive
    context = pairs(record.parameters.get("encryptionContext") or {})
    return Use(
        short(record), record.operation, context, record.worked, record.error,
        RANDOM.sub("…", event.get("errorMessage", "")), _why(near, grants), _by(record, grants),
        datetime.fromisoformat(event["eventTime"]), near.reason,
    )  # fmt: skip


def _by(record: Record, grants: Sequence[Given]) -> int:
    """The number of the grant that allowed a call, or nearly did; 0 for none."""
    for decision in record.decisions:
        step = decision.step(*BY_GRANT)
        if step and step.grant and (step.decided or not decision.allowed):
            return next((grant.number for grant in grants if grant.id == step.grant), 0)
    return 0


def _why(step: Step, grants: Sequence[Given]) -> str:
    """The words of a step, with its number for a grant that has no name: its id is random."""
    unnamed = next((grant for grant in grants if grant.id == step.grant and not grant.name), None)
    return step.read.replace(unnamed.label, unnamed.words) if unnamed else step.read


def short(record: Record) -> str:
    """Who called, in as few words as a picture has room for."""
    identity = record.event["userIdentity"]
    if identity.get("type") != "Root":
        return record.caller
    owners = [resource["accountId"] for resource in record.event["resources"]]
    return "root" if identity["accountId"] in owners else f"root of {identity['accountId']}"


def _who(parameters: Mapping[str, Any], role: str) -> str:
    named: str = parameters.get(f"{role}Principal") or parameters.get(f"{role}ServicePrincipal") or ""
    if named.endswith(":root"):
        return f"account {named.split(':')[4]}"
    return named.split("/")[1] if ":assumed-role/" in named else named.rpartition("/")[2]


def pairs(context: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in context.items())


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def moment(at: datetime) -> str:
    return f"{day(at)}, {at:%H:%M}"
