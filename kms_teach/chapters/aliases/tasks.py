"""The tasks of "Aliases and Regions": a backup that must open abroad, a name that a key on its way out has."""

from contextlib import suppress
from typing import Any

from kms_teach.chapters.aliases.world import ABROAD, HOME
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.teaching.trial import policy
from kms_teach.trail import Record

ERIN, FRANK, SHOP = "erin", "frank", "shop"
SECRET = b"All that Erin has written since 2019."
NAME = "alias/shop"
DAYS = 7
FIRST = "Erin's key of 2019"

# --- a backup that must open in another Region ---


def backup_at_home(sim: Simulator) -> dict[str, Any]:
    """Let Erin make a single-Region key in us-east-1, and encrypt a backup."""
    erin = sim.user(ERIN, policies=[policy("kms:*")])
    virginia, ireland = (erin.client("kms", region=region) for region in (HOME, ABROAD))
    key = virginia.create_key(Description=FIRST)["KeyMetadata"]["KeyId"]
    backup = virginia.encrypt(KeyId=key, Plaintext=SECRET)["CiphertextBlob"]
    return {"backup": backup, "virginia": virginia, "ireland": ireland}


def _opened_abroad(sim: Simulator) -> Outcome:
    """In eu-west-1 a ciphertext of the backup was decrypted, by a key that got it from the first one."""
    records = list(sim.trail)
    first = {record.event["responseElements"]["keyMetadata"]["keyId"] for record in records
             if record.operation == "CreateKey" and record.parameters.get("description") == FIRST}  # fmt: skip
    start = max((at for at, record in enumerate(records) if _sealed(record) and _id(record) in first), default=None)
    if start is None:
        return Outcome(False, "Erin has encrypted nothing yet: press “Start again”.")
    sealed, later = records[start], records[start + 1 :]
    moved, by_hand = _moved(sealed, later)
    opened = [r for r in later if r.operation == "Decrypt" and _region(r) == ABROAD and r.worked
              and r.returned.get("Plaintext") == len(SECRET) and _id(r) in moved]  # fmt: skip
    if opened:
        hint = " `ReEncrypt` would have done it without showing the plaintext to anybody." if by_hand else ""
        kind = "a replica" if _id(opened[-1]).startswith("mrk-") else f"a key of {ABROAD}"
        return Outcome(True, f"It opens in {ABROAD}, by {kind}, whatever becomes of {HOME}.{hint}")
    return Outcome(False, _why_closed(sim, later, moved))


def _moved(sealed: Record, later: list[Record]) -> tuple[set[str], bool]:
    """The ids of the other keys under which the backup is now; and whether its plaintext was handed out."""
    old, size = _id(sealed), sealed.returned["CiphertextBlob"]
    keys, read, by_hand = set(), False, False
    for record in (record for record in later if record.worked):
        match record.operation:
            case "ReEncrypt" if record.sent["CiphertextBlob"] == size:
                roles = {used.role: used.key_arn.rpartition("/")[2] for used in record.used}
                keys |= {roles["encrypts"]} if roles["decrypts"] == old else set()
            case "Decrypt" if _id(record) == old and record.sent["CiphertextBlob"] == size:
                read = True
            case "Encrypt" if read and record.sent["Plaintext"] == len(SECRET):
                keys.add(_id(record))
                by_hand = True
    return keys - {old}, by_hand


def _why_closed(sim: Simulator, later: list[Record], moved: set[str]) -> str:
    """What is missing; first the belief that led astray."""
    refused = {record.operation: record.error for record in later if not record.worked}
    replicas = {each.parameters["keyId"].rpartition("/")[2] for each in later
                if each.operation == "ReplicateKey" and each.worked}  # fmt: skip
    if any(_at(sim, key) for key in moved):
        return f"The backup is under a key that is in {ABROAD}. Show it: call `Decrypt` there, with the new ciphertext."
    if moved:
        multi = any(key.startswith("mrk-") for key in moved)
        rest = "its key is multi-Region, but has no replica there." if multi else "its new key is of one Region, too."
        return f"The backup was moved, and still opens in {HOME} only: {rest}"
    if replicas:
        return (
            f"A replica is in {ABROAD}, but the backup is still under its first key alone. A ciphertext names its key, "
            "and moves to another one by `ReEncrypt`."
        )
    if refused.get("ReplicateKey") == "UnsupportedOperationException":
        return "A key is born multi-Region, or never can be replicated. The backup needs another key, not this one."
    if any(r.operation == "CreateAlias" and r.worked and _region(r) == ABROAD for r in later):
        return "A name opens nothing: the ciphertext names a key of us-east-1, and no name leads to it from eu-west-1."
    if any(r.operation == "Decrypt" and not r.worked and _region(r) == ABROAD for r in later):
        return (
            f"The ciphertext names Erin's key, and no key of that id is in {ABROAD}. No call to KMS leaves its Region."
        )
    return f"The backup is under Erin's first key alone, which is in {HOME}."


def _at(sim: Simulator, key_id: str) -> bool:
    """Whether a key of this id is in eu-west-1."""
    kms = sim.client("kms", region=ABROAD)
    with suppress(kms.exceptions.NotFoundException):
        return bool(kms.describe_key(KeyId=key_id))
    return False


def _sealed(record: Record) -> bool:
    return record.caller == ERIN and record.operation == "Encrypt" and record.worked


def _region(record: Record) -> str:
    return str(record.event["awsRegion"])


def _id(record: Record) -> str:
    """The id of the key that worked."""
    return record.used[0].key_arn.rpartition("/")[2]


# --- a name that a key on its way out still has ---


def name_in_use(sim: Simulator) -> dict[str, Any]:
    """Let Frank schedule the deletion of the key behind the shop's name, and make a fresh key."""
    frank = sim.user(FRANK, policies=[policy("kms:*")]).client("kms")
    with suppress(frank.exceptions.NotFoundException):  # of an earlier begin
        frank.delete_alias(AliasName=NAME)
    old, fresh = (frank.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    frank.create_alias(AliasName=NAME, TargetKeyId=old)
    frank.schedule_key_deletion(KeyId=old, PendingWindowInDays=DAYS)
    by_name = {"StringEquals": {"kms:RequestAlias": NAME}}
    shop = sim.role(SHOP, policies=[policy("kms:Encrypt", Condition=by_name)])
    return {"fresh": fresh, "shop": shop.client("kms")}


def _sells_again(sim: Simulator) -> Outcome:
    """The shop encrypted by its name, with another key than the one that goes."""
    records = list(sim.trail)
    start = max((at for at, record in enumerate(records) if _scheduled_by_frank(record)), default=None)
    if start is None:
        return Outcome(False, "Frank has scheduled nothing yet: press “Start again”.")
    old, later = records[start].parameters["keyId"].rpartition("/")[2], records[start + 1 :]
    calls = [record for record in later if record.caller == SHOP and record.operation == "Encrypt"]
    worked = [record for record in calls if record.worked]
    if worked and _id(worked[-1]) == old:
        return Outcome(False, f"The shop encrypts, but with the key that was to go. `{NAME}` needs another one.")
    if worked:
        return Outcome(True, f"The shop encrypts by `{NAME}` again, and neither program nor policy was changed.")
    return Outcome(False, _why_not_selling(later, calls))


def _why_not_selling(later: list[Record], calls: list[Record]) -> str:
    refused = {(record.operation, record.error) for record in later if not record.worked}
    names = {record.parameters.get("aliasName") for record in later if record.worked}
    moved = any(r.operation in ("UpdateAlias", "CreateAlias") and r.parameters["aliasName"] == NAME and r.worked
                for r in later)  # fmt: skip
    if moved and not any(record.parameters["keyId"] == NAME for record in calls):
        return f"`{NAME}` names another key now. Show that it works: call `Encrypt` as the shop, by that name."
    if moved:
        return f"The shop called by its name, and got {calls[-1].error}: look at the key that the name has now."
    if names - {None, NAME}:
        return f"The shop's program and its policy know one name, `{NAME}`. Another name helps neither of them."
    if any(record.error == "AccessDeniedException" for record in calls):
        return f"The shop may use a key when it calls it `{NAME}` (kms:RequestAlias), and in no other way."
    if ("CreateAlias", "AlreadyExistsException") in refused:
        return "A key that is pending deletion keeps its names. Move the name, or free it first."
    if NAME in names:
        return f"`{NAME}` is free now, and names nothing: the shop gets NotFoundException. Give it to the fresh key."
    return f"`{NAME}` still names the key that is pending deletion, and that encrypts nothing."


def _scheduled_by_frank(record: Record) -> bool:
    return record.caller == FRANK and record.operation == "ScheduleKeyDeletion" and record.worked


OPEN_ABROAD = Task(
    f"Erin's `backup` opens in {HOME} only. Let it open in {ABROAD}, and show it: call `Decrypt` there. `virginia` and "
    "`ireland` are her clients in the two Regions.",
    backup_at_home,
    (
        f"Call `ireland.decrypt` with the backup, and read what is refused. Which key would have to be in {ABROAD}?",
        "In Virginia: CreateKey with MultiRegion, ReEncrypt, ReplicateKey. In Ireland: Decrypt the *new* ciphertext.",
        f"""key = virginia.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
moved = virginia.re_encrypt(CiphertextBlob=backup, DestinationKeyId=key)["CiphertextBlob"]
virginia.replicate_key(KeyId=key, ReplicaRegion="{ABROAD}")
print(ireland.decrypt(CiphertextBlob=moved)["Plaintext"])""",
    ),
    _opened_abroad,
)
FREE_THE_NAME = Task(
    f"The role shop encrypts by `{NAME}`, and by no other name. Frank has scheduled the deletion of the key behind it. "
    "Let `shop`, a client of that role, encrypt again, with a key that stays: `fresh` is the id of one.",
    name_in_use,
    (
        "Try `CreateAlias` with that name for the fresh key. Who has the name now? Ask `ListAliases`.",
        "UpdateAlias moves a name, whatever state its old key is in; DeleteAlias frees it. Then Encrypt as the shop.",
        f"""kms = sim.client("kms")
kms.update_alias(AliasName="{NAME}", TargetKeyId=fresh)
shop.encrypt(KeyId="{NAME}", Plaintext=b"an order")""",
    ),
    _sells_again,
)
