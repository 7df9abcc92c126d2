"""What the trail tells of a GET: whether S3 said yes, what S3 asked of KMS for whom, and what KMS said."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from kms_teach.access.decision import Check, Decision
from kms_teach.trail import Record

BY_S3 = "fas.s3.amazonaws.com"
CONTEXT = "aws:s3:arn"
OF_S3, OF_KMS = "s3:GetObject", "kms:Decrypt"
# What may answer with no, by a name for a person
BUCKET_POLICY, KEY_POLICY, IAM_POLICY, KEY_STATE, NOBODY = (
    "bucket policy", "key policy", "IAM policy", "key state", "",
)  # fmt: skip
READ_OF = {  # the steps that a gate shows: whether the document is the resource's own, or IAM's
    Check.NAMED: True,
    Check.DELEGATED: True,
    Check.IAM: False,
}


class Read(Struct, frozen=True):
    """One document that was read at a gate: what it came to, and where."""

    document: str
    says: str  # allows, is silent, denies, lets IAM decide
    where: str


class Gate(Struct, frozen=True):
    """One of the two yeses that a GET needs. `refused_by` is the document that the no came from, "" for a yes."""

    action: str
    allowed: bool
    documents: tuple[Read, ...]
    refused_by: str

    @classmethod
    def of(cls, decision: Decision, resource_policy: str) -> "Gate":
        """Read it off a decision; `resource_policy` is what the bucket's or the key's own policy is called."""
        documents = tuple(_documents(decision, resource_policy))
        return cls(decision.action, decision.allowed, documents, _refused_by(decision, resource_policy))


def _documents(decision: Decision, resource_policy: str) -> list[Read]:
    found = []
    for step in decision.steps:
        if step.check is Check.DENY and step.answer:
            found.append(Read(step.kind or resource_policy, "denies", _place(step.line)))
        elif step.check in READ_OF and step.counts:
            own = READ_OF[step.check]
            yes = "lets IAM decide" if step.check is Check.DELEGATED else "allows"
            if step.check is Check.DELEGATED and not step.answer:
                continue
            if step.check is Check.NAMED and not step.answer and decision.says_yes(Check.DELEGATED):
                continue
            name = resource_policy if own else f"{IAM_POLICY} of {decision.label}"
            root = not own and "root" in decision.label
            found.append(
                Read(IAM_POLICY if root else name, yes if step.answer else "is silent",
                     "not needed by the root user" if root else _place(step.line))
            )  # fmt: skip
    return found


def _place(line: int | None) -> str:
    return f"line {line}" if line else ""


def _refused_by(decision: Decision, resource_policy: str) -> str:
    if decision.allowed:
        return NOBODY
    deny = decision.step(Check.DENY)
    if deny is not None and deny.answer:
        return deny.kind or resource_policy
    if resource_policy == KEY_POLICY and not decision.says_yes(Check.NAMED, Check.DELEGATED):
        return KEY_POLICY
    return IAM_POLICY


class Get(Struct, frozen=True):
    """A GET of one object. `kms` is None when S3 asked KMS nothing; `context` is what KMS was told with it."""

    who: str
    account: str
    bucket: str
    key: str
    count: int  # bytes that came back
    applied: str  # the encryption as CloudTrail calls it, "" after a refusal
    s3: Gate
    kms: Gate | None
    context: str
    code: str
    message: str

    @classmethod
    def of(cls, records: Sequence[Record]) -> "Get":
        """Read it off the last records of the trail: the GetObject, and before it the Decrypt that S3 sent.

        Two records; four of a GET from another account.

        Raises ValueError where the last one is no GetObject.
        """
        if not records or records[-1].operation != "GetObject" or records[-1].decision is None:
            raise ValueError("give records that end with a GetObject: sim.trail[-2:] right after it")
        got, asked = records[-1], _asked(records)
        more: Mapping[str, Any] = got.event.get("additionalEventData") or {}
        decision = got.decisions[0]
        message = str(got.event.get("errorMessage") or "")
        for resource in asked.event.get("resources", ()) if asked else ():
            message = message.replace(resource["ARN"].rpartition("/")[2], "…")
        return cls(
            decision.label, got.event["recipientAccountId"], got.parameters["bucketName"], got.parameters["key"],
            int(more.get("bytesTransferredOut", 0)), str(more.get("SSEApplied", "")),
            Gate.of(decision, BUCKET_POLICY),
            Gate.of(asked.decisions[0], KEY_POLICY) if asked else None,
            asked.parameters["encryptionContext"][CONTEXT] if asked else "",
            str(got.event.get("errorCode") or ""), message,
        )  # fmt: skip

    @property
    def refused_by(self) -> str:
        """What the no came from: a document, the key's state, or nobody."""
        gates = (self.s3, self.kms) if self.kms else (self.s3,)
        documents = [gate.refused_by for gate in gates if gate.refused_by]
        return documents[0] if documents else KEY_STATE if self.code else NOBODY

    @property
    def named(self) -> str:
        """The action that the error names; "" for a yes, or an error that is no denial."""
        return next((action for action in (OF_S3, OF_KMS) if action in self.message), "")

    @property
    def title(self) -> str:
        """The message of the picture."""
        if not self.s3.allowed:
            return "403: S3 said no, and KMS was not asked"
        if self.kms is None:
            return "KMS was not asked: S3 had what it needed"
        if not self.kms.allowed:
            return "403: S3 said yes, KMS said no"
        if self.code:
            return f"{self.short} may, and the key does not work"
        return f"{self.short} was let in twice: by S3, by KMS"

    @property
    def short(self) -> str:
        """The caller's name, without an account's number."""
        return "The root user" if self.who.startswith("the root user") else self.who


def _asked(records: Sequence[Record]) -> Record | None:
    """The Decrypt that S3 sent for the last record's caller, right before it; None if S3 sent none.

    Between the two lie, after a GET from another account, those that stand in the trail of the owner.
    """
    own = [record for record in records[:-1] if record.decisions]
    if not own:
        return None
    got, before = records[-1], own[-1]
    same = before.event["userIdentity"].get("arn") == got.event["userIdentity"].get("arn")
    by_s3 = before.event["userIdentity"].get("invokedBy") == BY_S3
    if not (by_s3 and same and before.operation == "Decrypt"):
        return None
    bucket, key = got.parameters["bucketName"], got.parameters["key"]
    about = before.parameters["encryptionContext"].get(CONTEXT)
    return before if about in (f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/{key}") else None
