"""One record of the trail, read for a person: the facts behind the picture of a call opened.

Ids of keys and of key material are random, so they are left out (`key/…`) unless asked for: then the same run gives
the same picture.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from kms_teach.access.decision import Decision, Step
from kms_teach.drawing.look import day, short_id, size
from kms_teach.keys.names import KEY_ID
from kms_teach.trail import Record

RANDOM = re.compile(rf"{KEY_ID.pattern}|\b[0-9a-f]{{64}}\b")  # ids of keys; of key material and grants
READABLE, SECRET, SEALED_KEY, SEALED = "sheet", "key", "envelope", "cipher"  # the marks
MEANING = {READABLE: "readable", SECRET: "a key in plaintext", SEALED_KEY: "an encrypted key", SEALED: "unreadable"}
MARKS = {  # what the bytes of a member are
    "CiphertextBlob":             SEALED,
    "CiphertextForRecipient":     SEALED,
    "EncryptedKeyMaterial":       SEALED_KEY,
    "ImportToken":                SEALED,
    "Mac":                        READABLE,
    "Message":                    READABLE,
    "Plaintext":                  READABLE,
    "PrivateKeyCiphertextBlob":   SEALED_KEY,
    "PrivateKeyPlaintext":        SECRET,
    "PublicKey":                  READABLE,
    "SharedSecret":               SECRET,
    "SharedSecretCiphertextBlob": SEALED_KEY,
    "Signature":                  READABLE,
}  # fmt: skip
DATA_KEY = {"Plaintext": SECRET, "CiphertextBlob": SEALED_KEY}  # the same members as GenerateDataKey… returns them
IMAGE_DIGEST = "attestationDocumentEnclaveImageDigest"
LEFT_OUT = "(a random id)"
WHOLE = "AWS's words, whole"
IDLE, MADE = "no key material was used", "was made"
KMS_KEY = "AWS::KMS::Key"  # the type of a resource; a call to another service has others
NAMES_A_KEY = ("keyId", "sourceKeyId", "destinationKeyId", "aliasName", "targetKeyId")
CONTEXTS = ("encryptionContext", "sourceEncryptionContext", "destinationEncryptionContext")


class Bytes(Struct, frozen=True):
    """A parameter, or a member of the answer, that is bytes; `mark` tells what they are."""

    member: str
    count: int
    mark: str

    @property
    def words(self) -> str:
        return f"{self.member}, {size(self.count)}, {MEANING[self.mark]}"


class Work(Struct, frozen=True):
    """What one key material did: number `number` of the `of` that its key has."""

    number: int
    of: int
    what: str  # encrypts, decrypts, …, or that it was tried

    @property
    def words(self) -> str:
        return f"key material {self.number} of {self.of} {self.what}"


class KeyInCall(Struct, frozen=True):
    """A KMS key that the call is about. `account` is "" when it is the caller's own."""

    name: str
    account: str
    works: tuple[Work, ...]

    @property
    def words(self) -> str:
        return " and ".join(work.words for work in self.works) or IDLE


class Opened(Struct, frozen=True):
    """The facts. `caller` is "" for an act of AWS's own, `code` is "" for a call that went well."""

    operation: str
    caller: str
    arn: str
    region: str
    at: datetime
    decisions: tuple[Decision, ...]
    keys: tuple[KeyInCall, ...]
    sent: tuple[Bytes, ...]
    returned: tuple[Bytes, ...]
    code: str
    message: str
    says: tuple[tuple[str, str], ...]  # what the trail tells: the field's name, its value
    silent: tuple[str, ...]  # what it never tells

    @property
    def denied(self) -> Decision | None:
        return next((decision for decision in self.decisions if not decision.allowed), None)

    @property
    def person(self) -> str:
        """The caller as a sentence begins with it."""
        return self.caller[:1].upper() + self.caller[1:] if self.caller.startswith("the ") else self.caller

    @property
    def when(self) -> str:
        return f"{day(self.at)}, {self.at:%H:%M} UTC"

    @property
    def second(self) -> str:
        return (
            f"{self.person} calls {self.operation} in {self.region}, {self.when}"
            if self.caller
            else f"In {self.region}, {self.when}"
        )


def path(decision: Decision) -> list[tuple[int, Step]]:
    """Give the steps to show, with their numbers: up to the one that decided, then a yes that does not count."""
    numbered = list(enumerate(decision.steps, 1))
    last = next(number for number, step in numbered if step.decided)
    return [(number, step) for number, step in numbered if number <= last or (step.answer and not step.counts)]


def asks(facts: Opened, decision: Decision) -> str:
    """Give what a decision is about, as a question; the thing it is about only where there are several decisions."""
    kind = decision.resource.rpartition(":")[2].partition("/")[0]
    on = {"key": " on the KMS key", "alias": " on the alias"}.get(kind, "") if len(facts.decisions) > 1 else ""
    return f"May {decision.label} do {decision.action}{on}?"


def read(record: Record, names: Mapping[str, str], ids: bool) -> Opened:
    """Read a record. `names` has a name to show for a key's ARN; `ids` keeps random ids."""
    event = record.event

    def known(value: object) -> str:
        short = str(value) if ids else RANDOM.sub("…", str(value))
        return LEFT_OUT if short == "…" else short

    operation, identity = event["eventName"], event["userIdentity"]
    called = event["eventType"] != "AwsServiceEvent"
    special = DATA_KEY if operation.startswith("GenerateDataKey") else {}
    sent = tuple(Bytes(member, count, MARKS.get(member, READABLE)) for member, count in record.sent.items())
    returned = tuple(
        Bytes(member, count, special.get(member) or MARKS.get(member, READABLE))
        for member, count in record.returned.items()
    )
    silent = list(dict.fromkeys(f"{item.member}: not one byte" for item in (*sent, *returned)))
    if record.decisions:
        silent.append("how it was decided: no step of it")
    return Opened(
        operation=operation,
        caller=record.caller if called else "",
        arn=known(identity.get("arn", "")),
        region=event["awsRegion"],
        at=datetime.fromisoformat(event["eventTime"]),
        decisions=record.decisions,
        keys=_keys(record, names, ids),
        sent=sent,
        returned=returned,
        code=record.error,
        message=known(event.get("errorMessage", "")),
        says=tuple(_says(event, known)),
        silent=(*silent, "key material in plaintext: nobody ever sees it"),
    )


def _says(event: Mapping[str, Any], known: Callable[[object], str]) -> list[tuple[str, str]]:
    asked = event.get("requestParameters") or {}
    identity = event["userIdentity"]
    told = [
        ("eventTime", event["eventTime"]),
        ("userIdentity", known(identity.get("arn") or identity.get("invokedBy", ""))),
        ("eventName", event["eventName"]),
        ("awsRegion", event["awsRegion"]),
        *((name, known(asked[name])) for name in NAMES_A_KEY if name in asked),
        *(
            (name, ", ".join(f"{key}: {value}" for key, value in asked[name].items()))
            for name in CONTEXTS
            if asked.get(name)
        ),
        *(("resources", known(key["ARN"])) for key in event.get("resources", ())),
    ]
    more = event.get("additionalEventData", {})
    told += [(name, known(value)) for name, value in more.items() if name != "recipient"]
    if "recipient" in more:  # its module id differs from run to run
        told.append(("recipient", f"an enclave, image digest {more['recipient'][IMAGE_DIGEST]}"))
    told += [(name, known(value)) for name, value in event.get("serviceEventDetails", {}).items()]
    if "errorCode" in event:
        told.append(("errorCode", event["errorCode"]))
    if "errorMessage" in event:
        told.append(("errorMessage", WHOLE))
    return told


def _keys(record: Record, names: Mapping[str, str], ids: bool) -> tuple[KeyInCall, ...]:
    event = record.event
    asked = event.get("requestParameters") or {}
    keys = (each for each in event.get("resources", ()) if each.get("type", KMS_KEY) == KMS_KEY)
    arns = list(dict.fromkeys(key["ARN"] for key in keys))
    aliases = [asked.get(name, "") for name in NAMES_A_KEY if str(asked.get(name, "")).startswith("alias/")]

    def name(arn: str) -> str:
        if arn in names:
            return names[arn]
        if len(arns) == 1 and aliases:
            return str(aliases[0])
        return short_id(arn) if ids else f"KMS key {arns.index(arn) + 1}" if len(arns) > 1 else "KMS key"

    def account(arn: str) -> str:
        owner: str = arn.split(":")[4]
        return owner if owner != event["recipientAccountId"] else ""

    def works(arn: str) -> tuple[Work, ...]:
        tried = "was tried" if "errorCode" in event else ""
        made = (Work(1, 1, MADE),) if record.operation == "CreateKey" and record.worked and _of_kms(record) else ()
        return tuple(Work(u.number, u.of, tried or u.role) for u in record.used if u.key_arn == arn) or made

    return tuple(KeyInCall(name(arn), account(arn), works(arn)) for arn in arns)


def _of_kms(record: Record) -> bool:
    """Whether KMS itself made the material of the key that CreateKey made."""
    return record.parameters.get("origin", "AWS_KMS") in ("AWS_KMS", "AWS_CLOUDHSM")
