"""The tasks of this chapter: who scheduled a deletion, what a stolen access key read, which key nobody uses."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.teaching.trial import policy
from kms_teach.trail import Record

LEDGER, BLAMED = "Ledger of the pilots", "scheduled-by"
DOERS = {"nils": "DisableKey", "ruth": "ScheduleKeyDeletion", "otto": "DescribeKey"}
CULPRIT = "ruth"
LETTERS, READ = "Letters of the crews", "read"
PILOT, HOME, STRANGE = "pilot", "192.0.2.10", "203.0.113.77"
CREWS = ("Anna", "Bela", "Cora", "Dita", "Emma")
STOLEN, REFUSED, ROUTINE = ("Bela", "Dita"), "Emma", ("Anna", "Bela", "Cora")
QUIET, BUSY, AGES = "Tide tables", "Weather reports", "Lighthouse log"  # unused; in use; used 100 days ago
IDLE = 180  # days


def scheduled(sim: Simulator) -> dict[str, Any]:
    """Let three people handle a key, one of whom schedules its deletion."""
    key = _key(sim, LEDGER)
    for name, operation in DOERS.items():
        kms = sim.user(name, policies=[policy("kms:*")]).client("kms")
        {"DisableKey": kms.disable_key, "ScheduleKeyDeletion": kms.schedule_key_deletion,
         "DescribeKey": kms.describe_key}[operation](KeyId=key)  # fmt: skip
        sim.advance(minutes=7)
    return {"ledger_key": key}


def letters(sim: Simulator) -> dict[str, Any]:
    """Let the pilot read letters from home, and somebody else use the pilot's access key from elsewhere."""
    key, pilot = _key(sim, LETTERS), sim.user(PILOT, policies=[policy("kms:*")])
    home, strange = (pilot.client("kms", source_ip=address) for address in (HOME, STRANGE))
    blobs = {
        crew: home.encrypt(KeyId=key, Plaintext=f"Dear {crew}".encode(), EncryptionContext={"crew": crew})
        for crew in CREWS
    }
    for client, crews in ((home, ROUTINE), (strange, (*STOLEN, REFUSED)), (home, ROUTINE[:1])):
        for crew in crews:
            context = {"crew": crew if (client, crew) != (strange, REFUSED) else crew.lower()}
            with suppress(ClientError):  # the trail keeps the answer
                client.decrypt(CiphertextBlob=blobs[crew]["CiphertextBlob"], EncryptionContext=context)
            sim.advance(minutes=3)
    return {"letters_key": key, "strange_address": STRANGE}


def three_keys(sim: Simulator) -> dict[str, Any]:
    """Let 200 days pass over three keys: one is used, one was used 100 days ago, one is only looked at."""
    keys = {name: _key(sim, name) for name in (QUIET, BUSY, AGES)}
    kms, outsider = sim.client("kms"), sim.user("outsider").client("kms")
    for key in keys.values():
        kms.encrypt(KeyId=key, Plaintext=b"the first use")
    sim.advance(days=100)
    kms.encrypt(KeyId=keys[AGES], Plaintext=b"the last use")
    sim.advance(days=100)
    kms.encrypt(KeyId=keys[BUSY], Plaintext=b"of today")
    kms.describe_key(KeyId=keys[QUIET])
    with suppress(ClientError):  # nobody allowed it
        outsider.encrypt(KeyId=keys[QUIET], Plaintext=b"an attempt")
    return {"old_keys": keys}


def _key(sim: Simulator, words: str) -> str:
    return str(sim.client("kms").create_key(Description=words)["KeyMetadata"]["Arn"])


def _named(sim: Simulator) -> Outcome:
    """The deletion is cancelled, and a tag names who scheduled it."""
    key, _ = _begun(sim, LEDGER)
    if not key:
        return Outcome(False, "There is no ledger yet: press “Start again”.")
    kms = sim.client("kms")
    state = kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
    if state == "PendingDeletion":
        return Outcome(
            False, "The deletion is still scheduled. Stop it while there is time; then a tag can be set, too."
        )
    if state == "Disabled":
        return Outcome(
            False, "The deletion is cancelled, and that leaves the key Disabled. Nobody can read the ledger."
        )
    named = _tag(kms, key, BLAMED)
    if not named:
        return Outcome(False, f"The key has no tag `{BLAMED}` yet. Which event schedules a deletion, and by whom?")
    if named == CULPRIT:
        return Outcome(True, f"{CULPRIT} scheduled it, the trail says so. The key is Enabled again.")
    if named in DOERS:
        return Outcome(False, f"{named} called `{DOERS[named]}`. That deletes nothing.")
    if named in ("AWS", "root"):
        return Outcome(False, "`DeleteKey` comes when the days are over, and is AWS's own act. A user began it.")
    return Outcome(False, f"“{named}” is the name of nobody who has touched this key.")


def _read(sim: Simulator) -> Outcome:
    """A tag names the letters that the stranger has read, and no other."""
    key, since = _begun(sim, LETTERS)
    if not key:
        return Outcome(False, "There are no letters yet: press “Start again”.")
    value = _tag(sim.client("kms"), key, READ)
    if not value:
        return Outcome(False, f"The key has no tag `{READ}` yet. Which events came from the strange address?")
    given = {crew for crew in CREWS if crew.lower() in value.lower()}
    if given == set(STOLEN):
        refused = sum(record.event["sourceIPAddress"] == STRANGE and not record.worked for record in since)
        return Outcome(True, f"Those two, and no more: {refused} of the stranger's calls was refused.")
    if not given:
        return Outcome(False, f"“{value}” names no crew. Each event has the crew in its encryption context.")
    if REFUSED in given and given >= set(STOLEN):
        return Outcome(
            False, f"{REFUSED}'s letter was asked for, and not read: an event with an errorCode gave nothing."
        )
    if given - set(STOLEN):
        return Outcome(False, OF_THE_PILOT)
    return Outcome(False, "One is missing: read all events from that address, not the newest alone.")


OF_THE_PILOT = "That has also what the pilot read from home. The access key is the same: the address tells them apart."


def _idle(sim: Simulator) -> Outcome:
    """The one key that nobody has used for 180 days waits for its deletion, and no other."""
    keys = {name: _begun(sim, name)[0] for name in (QUIET, BUSY, AGES)}
    if not all(keys.values()):
        return Outcome(False, "There are no keys yet: press “Start again”.")
    kms = sim.client("kms")
    states = {name: kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] for name, key in keys.items()}
    waiting = [name for name, state in states.items() if state == "PendingDeletion"]
    if BUSY in waiting:
        return Outcome(False, f"“{BUSY}” was used today. Cancel that deletion, and enable the key.")
    if AGES in waiting:
        return Outcome(
            False, f"“{AGES}” was used 100 days ago. The event history goes back 90 days, and no event there does not "
            "mean no use. Ask `GetKeyLastUsage`.",
        )  # fmt: skip
    off = [name for name in (BUSY, AGES) if states[name] != "Enabled"]
    if off:
        return Outcome(False, f"“{off[0]}” is {states[off[0]]}, and was Enabled. Leave it as it was.")
    if waiting:
        return Outcome(True, f"“{QUIET}”: tried and looked at today, last used 200 days ago.")
    if states[QUIET] == "Disabled":
        return Outcome(False, f"“{QUIET}” is Disabled: a good first step. The deletion is not scheduled yet.")
    if _looked(sim, keys[QUIET]):
        return Outcome(
            False, f"No deletion is scheduled. There are events about “{QUIET}”: a refused attempt, and a look. "
            "Neither used it.",
        )  # fmt: skip
    return Outcome(False, f"No deletion is scheduled: which of the three was not used for {IDLE} days?")


def _looked(sim: Simulator, key: str) -> bool:
    """Whether somebody has looked up the events about a key, or asked for its last use."""
    return any(
        r.operation in ("LookupEvents", "GetKeyLastUsage") and key in json.dumps(r.event, default=str)
        for r in sim.trail
    )


def _begun(sim: Simulator, words: str) -> tuple[str, Sequence[Record]]:
    """The ARN of the newest key that was described so, and what came since."""
    records = list(sim.trail)
    for at in range(len(records) - 1, -1, -1):
        record = records[at]
        if record.operation == "CreateKey" and record.worked and record.parameters.get("description") == words:
            return str(record.event["responseElements"]["keyMetadata"]["arn"]), records[at:]
    return "", ()


def _tag(kms: Any, key: str, name: str) -> str:
    tags = kms.list_resource_tags(KeyId=key)["Tags"]
    return str(next((tag["TagValue"] for tag in tags if tag["TagKey"] == name), "")).strip()


WHO = """events = sim.client("cloudtrail").lookup_events(
    LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": ledger_key}])["Events"]
who = next(event["Username"] for event in events if event["EventName"] == "ScheduleKeyDeletion")
kms = sim.client("kms")
kms.cancel_key_deletion(KeyId=ledger_key)
kms.enable_key(KeyId=ledger_key)
kms.tag_resource(KeyId=ledger_key, Tags=[{"TagKey": "scheduled-by", "TagValue": who}])"""
WHO_SCHEDULED_IT = Task(
    f"Somebody scheduled the deletion of the key “{LEDGER}”, `ledger_key`. Find out who, and tag the key: `{BLAMED}` = "
    "the user's name. Then make the key usable again.",
    scheduled,
    (
        "One of three people did it. The event history can be asked for one key: which attribute is that?",
        f"`LookupEvents` by `ResourceName` = the ARN. Cancel and enable; then `tag_resource` sets `{BLAMED}`.",
        WHO,
    ),
    _named,
)

WHAT = """import json
pages = sim.client("cloudtrail").get_paginator("lookup_events").paginate(
    LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": letters_key}])
events = [json.loads(event["CloudTrailEvent"]) for page in pages for event in page["Events"]]
crews = sorted({event["requestParameters"]["encryptionContext"]["crew"] for event in events
    if event["sourceIPAddress"] == strange_address and "errorCode" not in event})
sim.client("kms").tag_resource(KeyId=letters_key, Tags=[{"TagKey": "read", "TagValue": " ".join(crews)}])"""
WHAT_WAS_READ = Task(
    "The pilot's access key was used from `strange_address`. Whose letters did that caller read? Tag `letters_key`: "
    f"`{READ}` = the names of the crews, with a blank between.",
    letters,
    (
        "What was read is in no event. What does an event of `Decrypt` tell that names the letter?",
        "`CloudTrailEvent` is JSON: `sourceIPAddress`, `errorCode`; in `requestParameters` the encryption context.",
        WHAT,
    ),
    _read,
)

IDLE_KEY = """kms = sim.client("kms")
for name, key in old_keys.items():
    answer = kms.get_key_last_usage(KeyId=key)
    last = answer["KeyLastUsage"].get("Timestamp", answer["TrackingStartDate"])
    print(name, last)
    if (sim.now - last).days >= 180:
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=30)"""
NOBODY_USES_IT = Task(
    f"Three keys are in `old_keys`, by name. Schedule the deletion of the one with which nothing was encrypted or "
    f"decrypted for {IDLE} days. Leave the others as they are.",
    three_keys,
    (
        "An event about a key need not be a use of it. And the event history ends after 90 days.",
        "`get_key_last_usage` names the last cryptographic operation that went well.",
        IDLE_KEY,
    ),
    _idle,
)
