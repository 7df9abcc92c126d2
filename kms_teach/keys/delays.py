"""What takes its time at AWS, as one table: how long there, how long here, and what can be seen meanwhile.

KMS Developer Guide, "AWS KMS eventual consistency": a change may not be visible at once to the commands that follow it.
By default it is, here: a program that makes a thing and uses it in the next line must work. `Simulator(slow=True)` lets
each take its time, on the simulator's clock. What manages a thing (a list, a second change of it) sees it as it is;
what goes by it (naming a key by its alias, deciding) sees it later. `docs/time.md` is written from this table.
"""

from datetime import date, datetime, timedelta
from typing import TypeVar

from msgspec import Struct

READ = date(2026, 11, 24)  # when the sources were read; the API Reference is botocore's model


class Delay(Struct, frozen=True, kw_only=True):
    """One thing that takes its time.

    at_aws: in AWS's words where the source is the API Reference. usual, slow: by default here, and with
    `Simulator(slow=True)`; None where the request says how long. why: it is at once here even so.
    """

    operations: str  # botocore's names
    at_aws: str
    source: str
    usual: timedelta | None = timedelta()
    slow: timedelta | None = timedelta()
    meanwhile: str = ""
    why: str = ""


SECONDS = timedelta(seconds=2)  # our "a few seconds": programs that were recorded against AWS wait no longer
MINUTES = timedelta(minutes=5)
ALIASES = "CreateAlias UpdateAlias DeleteAlias"
EVENTUAL = 'KMS Developer Guide, "AWS KMS eventual consistency"'
ABAC = 'KMS Developer Guide, "ABAC for AWS KMS"'

DELAYS = {
    # what the request sets, or a rule: the same with and without the switch
    "the waiting period before a deletion": Delay(
        operations="ScheduleKeyDeletion CancelKeyDeletion", at_aws="7-30 days",
        source="KMS API Reference, ScheduleKeyDeletion", usual=None, slow=None,
        meanwhile="the key is PendingDeletion, shows its DeletionDate, and can be kept. AWS may take up to 24 hours "
        "more, which DescribeKey's date includes; here it is the very second"),
    "the period of automatic rotation": Delay(
        operations="EnableKeyRotation DisableKeyRotation", at_aws="approximately 365 days",
        source="KMS API Reference, EnableKeyRotation", usual=None, slow=None,
        meanwhile="GetKeyRotationStatus shows NextRotationDate; here it is the very second"),
    "the expiry of imported material": Delay(
        operations="ImportKeyMaterial", at_aws="maximum value is 365 days",
        source="KMS API Reference, ImportKeyMaterial", usual=None, slow=None, meanwhile="DescribeKey shows ValidTo"),
    "an import token": Delay(
        operations="GetParametersForImport ImportKeyMaterial", at_aws="24 hours",
        source="KMS API Reference, GetParametersForImport", usual=timedelta(hours=24), slow=timedelta(hours=24),
        meanwhile="it works until ParametersValidTo; then ExpiredImportTokenException"),

    # what a program would rarely notice: at once, unless the switch is on
    "a new replica": Delay(
        operations="ReplicateKey", at_aws="a few seconds", source="KMS API Reference, ReplicateKey", slow=SECONDS,
        meanwhile="the replica is Creating: it can be described, and not used"),
    "a change of the primary key": Delay(
        operations="UpdatePrimaryRegion", at_aws="a few more seconds",
        source="KMS API Reference, UpdatePrimaryRegion", slow=SECONDS,
        meanwhile="both keys are Updating: they work, and are not switched off, deleted or replicated"),
    "a rotation on demand": Delay(
        operations="RotateKeyOnDemand", at_aws="a slight delay", source="KMS API Reference, GetKeyRotationStatus",
        slow=SECONDS,
        meanwhile="GetKeyRotationStatus shows OnDemandRotationStartDate; the old material is current and encrypts"),
    "a new grant": Delay(
        operations="CreateGrant", at_aws="usually less than five minutes", source="KMS API Reference, CreateGrant",
        slow=MINUTES, meanwhile="it counts with its token only; ListGrants shows it at once"),
    "the end of a grant": Delay(
        operations="RevokeGrant RetireGrant", at_aws="usually less than five minutes",
        source="KMS API Reference, RevokeGrant", slow=MINUTES,
        meanwhile="it still allows; ListGrants shows it no more"),
    "an alias as a name": Delay(
        operations=ALIASES, at_aws="less than a few seconds, in some cases several minutes", source=EVENTUAL,
        slow=SECONDS,
        meanwhile="in other calls the name still means the old key, or none; ListAliases, which the guide has you "
        "check a change with, shows it at once"),
    "an alias in a policy": Delay(
        operations=ALIASES, at_aws="up to five minutes", source=ABAC, slow=MINUTES,
        meanwhile="kms:ResourceAliases goes by the aliases of before, while the name itself works already"),
    "a tag in a policy": Delay(
        operations="TagResource UntagResource", at_aws="up to five minutes", source=ABAC, slow=MINUTES,
        meanwhile="aws:ResourceTag goes by the tags of before; ListResourceTags shows the new ones at once"),
    "connecting a custom key store": Delay(
        operations="ConnectCustomKeyStore", at_aws="an extended amount of time",
        source="KMS API Reference, ConnectCustomKeyStore", slow=timedelta(minutes=20),
        meanwhile="the store is CONNECTING, its keys are Unavailable. How long: up to 20 minutes in older editions of "
        "the guide"),

    # what AWS gives no time for, and what a lesson would only wait for
    "a new key": Delay(
        operations="CreateKey", at_aws="less than a few seconds, in some cases several minutes", source=EVENTUAL,
        why="at AWS GetParametersForImport may answer NotFoundException directly afterwards, and a client that "
        "repeats the call sees nothing of it; here each lesson with the switch would begin by waiting"),
    "a key's state": Delay(
        operations="EnableKey DisableKey ScheduleKeyDeletion CancelKeyDeletion",
        at_aws="right away, subject to eventual consistency",
        source='KMS Developer Guide, "Enable and disable keys"',
        why="no time is given; the state is the new one from the next call on"),
    "imported material, put in or deleted": Delay(
        operations="ImportKeyMaterial DeleteImportedKeyMaterial", at_aws="no time of its own",
        source='KMS Developer Guide, "Delete imported key material"',
        why="the guide calls deleting it a way to halt a key quickly, and names nothing in between"),
    "a policy, a description, a setting": Delay(
        operations="PutKeyPolicy UpdateKeyDescription EnableKeyRotation DisableKeyRotation "
        "CreateCustomKeyStore UpdateCustomKeyStore DeleteCustomKeyStore", at_aws="no time of its own", source=EVENTUAL,
        why="only the general rule covers it"),
    "disconnecting a custom key store": Delay(
        operations="DisconnectCustomKeyStore", at_aws="right away, subject to eventual consistency",
        source='KMS Developer Guide, "Disconnect an AWS CloudHSM key store"',
        why="DISCONNECTING is a state of the API, and how long it lasts is not said"),
    "the trail": Delay(
        operations="all", at_aws="about 5 minutes on average, not guaranteed",
        source='CloudTrail User Guide, "Getting and viewing your CloudTrail log files"',
        why="the course reads each call's record in the next line"),
}  # fmt: skip


def delay(what: str, *, slow: bool) -> timedelta:
    """How long a thing takes here."""
    row = DELAYS[what]
    length = row.slow if slow else row.usual
    assert length is not None, f"the request says how long {what} takes"
    return length


T = TypeVar("T")
Earlier = tuple[tuple[datetime, T], ...]  # what something was before, oldest first, each until when


def as_of(at: datetime, earlier: Earlier[T], now: T) -> T:
    """What it was at a time. now: what it is now."""
    return next((value for until, value in earlier if at < until), now)


def remembering(earlier: Earlier[T], value: T, now: datetime, length: timedelta) -> Earlier[T]:
    """`earlier` with one more that ends now; what is older than `length` is of no interest to anybody."""
    recent = tuple(entry for entry in earlier if entry[0] > now - length)
    return (*recent, (now, value)) if length else ()
