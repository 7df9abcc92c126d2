"""Questions about the event history: what finds an event, what an event holds, and what counts as a use."""

import json
from collections.abc import Mapping
from random import Random
from typing import Any

from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Tried, matching, one, several
from kms_teach.teaching.trial import error, policy, scratch

EXAMS = ("SOA-C03", "SCS-C03", "SAP-C03")
NAMES = ("alice", "bob", "carol", "dora", "emil")
THINGS = ("invoice", "contract", "x-ray", "letter", "log")
LONG_AGO = (95, 120, 150, 200)  # days


def found(sim: Simulator, name: str, value: str, **more: Any) -> list[Mapping[str, Any]]:
    """The events of KMS that LookupEvents finds by an attribute."""
    asked = [{"AttributeKey": name, "AttributeValue": value}]
    events = sim.client("cloudtrail").lookup_events(LookupAttributes=asked, **more)["Events"]
    return [event for event in events if event["EventSource"] == "kms.amazonaws.com"]


SOUGHT = {  # what is wanted: the names of the events
    "Somebody scheduled the deletion of the {0} key. You know neither who nor when, and want that one event.":
        {"ScheduleKeyDeletion"},
    "The deletion of the {0} key was scheduled, and its days are over. You want the one event that tells when it was "
    "gone.": {"DeleteKey"},
    "Something is wrong with the {1} key. You do not know which calls were made with it, and want all of them, and "
    "none with another key.": {"CreateKey", "DisableKey", "Encrypt"},
}  # fmt: skip


@one("look-up-a-deletion", subject="trail", exams=EXAMS, difficulty=1)
def look_up_a_deletion(draw: Random) -> Asked:
    culprit, other = draw.sample(NAMES, 2)
    things = draw.sample(THINGS, 2)
    wish = draw.choice(tuple(SOUGHT))

    def run() -> list[Tried]:
        sim = Simulator(start="2026-06-01T00:00:00Z")
        kms = sim.client("kms")
        keys = [kms.create_key(Description=thing)["KeyMetadata"]["Arn"] for thing in things]
        people = {name: sim.user(name, policies=[policy("kms:*")]).client("kms") for name in (culprit, other)}
        for client in people.values():
            client.encrypt(KeyId=keys[0], Plaintext=b"x")
        people[culprit].schedule_key_deletion(KeyId=keys[0])
        people[other].encrypt(KeyId=keys[1], Plaintext=b"x")
        people[other].disable_key(KeyId=keys[1])
        sim.advance(days=32)
        ways = (("EventName", "ScheduleKeyDeletion"), ("EventName", "DeleteKey"), ("ReadOnly", "true"),
                ("ResourceName", keys[1]))  # fmt: skip
        tried = []
        for way in ways:
            events = found(sim, *way)
            names = [event["EventName"] for event in events]
            tried.append(Tried(set(names) == SOUGHT[wish], f"It finds {_listed(names)}."))
        return tried

    return Asked(
        f"{wish.format(*things)} What do you ask `LookupEvents` for?",
        {
            "`EventName` = `ScheduleKeyDeletion`": "It has who, when, from where, and the waiting period.",
            "`EventName` = `DeleteKey`": "That comes when the waiting period is over, and is AWS's own act.",
            "`ReadOnly` = `true`": "It finds what changes nothing, with whatever key.",
            f"`ResourceName` = the ARN of the {things[1]} key": "It finds all that was done with that key.",
        },
        run,
    )


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names)) or "nothing"


@several("what-an-event-holds", subject="trail", exams=EXAMS)
def what_an_event_holds(draw: Random) -> Asked:
    thing, number = draw.choice(THINGS), draw.randrange(10, 99)
    words = f"{thing} number {number}".encode()
    told = {
        "the encryption context": "In clear: whoever reads the trail sees it.",
        "the ARN of the KMS key": "Under `resources`, though the caller named no key.",
        "the address that the call came from": "`sourceIPAddress`.",
        f"the text of the {thing}": "No event holds plaintext.",
        "the ciphertext": "Bytes are left out.",
        "the policy statement that allowed it": "AWS tells why in a denial at most, never in an event of success.",
    }
    kept = [*list(told)[:2], *draw.sample(list(told)[2:], 3)]

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        context = {"case": f"{thing}-{number}"}
        blob = kms.encrypt(KeyId=key, Plaintext=words, EncryptionContext=context)["CiphertextBlob"]
        kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)
        event = found(sim, "EventName", "Decrypt")[0]["CloudTrailEvent"]
        holds = {
            "the encryption context": context["case"] in event,
            "the ARN of the KMS key": key in event,
            "the address that the call came from": bool(json.loads(event)["sourceIPAddress"]),
            f"the text of the {thing}": words.decode() in event,
            "the ciphertext": blob.hex() in event or "ciphertextBlob" in event,
            "the policy statement that allowed it": "Statement" in event or "olicy" in event,
        }
        return [Tried(holds[option], "It is in the event." if holds[option] else "It is not there.") for option in kept]

    return Asked(
        f"A program decrypts an encrypted {thing} with an encryption context. What does the event of `Decrypt` hold?",
        {option: told[option] for option in kept},
        run,
    )


@several("what-counts-as-a-use", subject="trail", exams=EXAMS)
def what_counts_as_a_use(draw: Random) -> Asked:
    thing, name = draw.choice(THINGS), draw.choice(NAMES)
    told = {
        "`ReEncrypt` of it to another key": "It decrypts with this key: both keys were used.",
        "`GenerateDataKey`": "A data key is wrapped by the KMS key.",
        f"a `Decrypt` by {name}, who is denied": "A refused call used nothing.",
        "`DescribeKey`": "It looks at the key, and not at its material.",
        "`EnableKeyRotation`": "It changes a setting.",
        "`CreateGrant`": "A permission is no use.",
    }
    chosen = [*list(told)[:2], *draw.sample(list(told)[2:], 3)]

    def moves(option: str) -> bool:
        sim, kms, key = scratch()
        sim.advance(days=200)
        person, other = sim.user(name), kms.create_key()["KeyMetadata"]["Arn"]
        blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
        before = kms.get_key_last_usage(KeyId=key)["KeyLastUsage"]["CloudTrailEventId"]
        sim.advance(days=1)
        calls: dict[str, tuple[Any, dict[str, Any]]] = {
            "`ReEncrypt` of it to another key": (kms.re_encrypt, {"CiphertextBlob": blob, "DestinationKeyId": other}),
            "`GenerateDataKey`": (kms.generate_data_key, {"KeyId": key, "KeySpec": "AES_256"}),
            "`DescribeKey`": (kms.describe_key, {"KeyId": key}),
            "`EnableKeyRotation`": (kms.enable_key_rotation, {"KeyId": key}),
            "`CreateGrant`": (
                kms.create_grant, {"KeyId": key, "GranteePrincipal": person.arn, "Operations": ["Decrypt"]},
            ),
        }  # fmt: skip
        call, parameters = calls.get(option, (person.client("kms").decrypt, {"CiphertextBlob": blob}))
        error(call, **parameters)
        return bool(kms.get_key_last_usage(KeyId=key)["KeyLastUsage"]["CloudTrailEventId"] != before)

    def run() -> list[Tried]:
        after = {True: "`GetKeyLastUsage` moved.", False: "`GetKeyLastUsage` names the call before."}
        return [Tried(moved, after[moved]) for moved in map(moves, chosen)]

    return Asked(
        f"The key of the {thing}s was last used a day ago. Which of these moves what `GetKeyLastUsage` answers?",
        {option: told[option] for option in chosen},
        run,
    )


ASKED = {  # what is asked of a key: what answers it
    "was last used {days} days ago. What still tells when?": "GetKeyLastUsage",
    "was rotated on demand {days} days ago. What still tells when?": "ListKeyRotations",
    "was used once in these weeks, {week} days ago, and six users may use it. What tells which of them it was?":
        "LookupEvents",
    "is said to have been disabled {days} days ago, and perhaps it was enabled again. What tells whether it can be "
    "used now?": "DescribeKey",
}  # fmt: skip


@one("used-long-ago", subject="trail", exams=EXAMS)
def used_long_ago(draw: Random) -> Asked:
    days, week, thing = draw.choice(LONG_AGO), draw.randrange(5, 40), draw.choice(THINGS)
    asked = draw.choice(tuple(ASKED))
    wanted = ASKED[asked]

    def run() -> list[Tried]:
        sim = Simulator(start="2026-06-01T00:00:00Z")
        kms = sim.client("kms")
        key = kms.create_key()["KeyMetadata"]["Arn"]
        packer = sim.user("packer", policies=[policy("kms:Encrypt")])
        at = sim.advance(hours=5)
        if wanted == "ListKeyRotations":
            kms.rotate_key_on_demand(KeyId=key)
        elif wanted == "DescribeKey":
            kms.disable_key(KeyId=key)
        else:
            packer.client("kms").encrypt(KeyId=key, Plaintext=b"x")
        sim.advance(days=week if wanted == "LookupEvents" else days)
        answers: tuple[list[Any], ...] = (
            list(kms.get_key_last_usage(KeyId=key)["KeyLastUsage"].values()),
            [event.get("Username") for event in found(sim, "ResourceName", key)],
            list(kms.describe_key(KeyId=key)["KeyMetadata"].values()),
            [each["RotationDate"] for each in kms.list_key_rotations(KeyId=key)["Rotations"]],
        )
        sought: Any = {"LookupEvents": "packer", "DescribeKey": "Disabled"}.get(wanted, at)
        holds = [sought in answer for answer in answers]
        return [Tried(each, "The answer holds it." if each else "It is not in the answer.") for each in holds]

    return Asked(
        f"No trail of the account stores its events. The key of the {thing}s {asked.format(days=days, week=week)}",
        {
            "`GetKeyLastUsage`": "It keeps the last use, however long ago, if that was after 22 April 2026: the "
            "operation and the time, and not whose it was.",
            "`LookupEvents` with the key's ARN": "It tells who and when. The event history goes back 90 days.",
            "`DescribeKey`": "It tells the state of today, and nothing of uses.",
            "`ListKeyRotations`": "It tells of rotations, however long ago, and of nothing else.",
        },
        run,
    )


CALLERS = {
    "Encrypt": "The user called it.",
    "CreateKey": "The root user called it.",
    "GenerateDataKey": "S3 sent it with the user's permission: `invokedBy` names S3.",
    "RotateKey": "No request: KMS did it, and the event has no user.",
}


@matching("who-is-in-the-event", subject="trail", exams=EXAMS)
def who_is_in_the_event(draw: Random) -> Asked:
    name = draw.choice(NAMES)
    chosen = draw.sample(("Encrypt", "CreateKey", "GenerateDataKey", "RotateKey"), 3)
    user, root, service, aws = "the user's name", "`root`", "the user, and the service that called", "AWS itself"

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        person = sim.user(name, policies=[policy("kms:*"), policy("s3:*")])
        person.client("kms").encrypt(KeyId=key, Plaintext=b"x")
        sim.client("s3").create_bucket(Bucket="things")
        person.client("s3").put_object(Bucket="things", Key="a", Body=b"x", ServerSideEncryption="aws:kms",
                                       SSEKMSKeyId=key)  # fmt: skip
        kms.rotate_key_on_demand(KeyId=key)
        outcomes = []
        for operation in chosen:
            caller = json.loads(found(sim, "EventName", operation)[-1]["CloudTrailEvent"])["userIdentity"]
            by = str(caller.get("invokedBy", ""))
            outcome = aws if by == "AWS Internal" else service if by else root if caller["type"] == "Root" else user
            outcomes.append(Tried(outcome, f"`userIdentity` of `{operation}` says {outcome}."))
        return outcomes

    return Asked(
        f"An account's root user makes a key. {name}, an IAM user, encrypts a note with it and stores an object in S3 "
        "under it. Then the key is rotated. Whom does each event name as the caller? One of the four is left over.",
        {f"`{operation}`": CALLERS[operation] for operation in chosen},
        run,
        (user, root, service, aws),
    )
