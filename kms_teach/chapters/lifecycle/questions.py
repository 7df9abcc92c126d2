"""The question families of "Life and death of a key": states, and the wait before a deletion."""

from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from typing import Any

from kms_teach.chapters.lifecycle.again_questions import (
    same_bytes_new_key,
    token_and_wrapping,
    what_the_replica_needs,
)
from kms_teach.chapters.lifecycle.deletion_questions import after_the_deletion, long_waits_only, one_customer_less
from kms_teach.chapters.lifecycle.end_questions import which_end
from kms_teach.chapters.lifecycle.import_questions import (
    expired_on_friday,
    format_of_a_key,
    imported_or_made,
    steps_of_an_import,
    what_brings_it_back,
)
from kms_teach.chapters.lifecycle.use_questions import ALL, after_disable, still_in_use
from kms_teach.teaching.question import Asked, Order, Tried, matching, one, ordering, several
from kms_teach.teaching.trial import NOTE, error, scratch, told

__all__ = [
    "after_disable", "after_the_deletion", "expired_on_friday", "format_of_a_key", "imported_or_made",
    "long_waits_only", "one_customer_less", "same_bytes_new_key", "steps_of_an_import", "still_in_use",
    "token_and_wrapping", "what_brings_it_back", "what_the_replica_needs", "which_end",
]  # fmt: skip

CANCEL, ENABLE, OPEN = "`CancelKeyDeletion`", "`EnableKey`", "`Decrypt`"
CALLS = {CANCEL: "cancel_key_deletion", ENABLE: "enable_key"}
THINGS = ("a backup", "a mailbox", "an archive", "a database dump", "a photo album")


@ordering("back-to-work", subject="deletion", exams=ALL, difficulty=1)
def back_to_work(draw: Random) -> Asked:
    thing, days, past = draw.choice(THINGS), draw.randrange(10, 31), draw.randrange(2, 9)

    def run(order: Order) -> Tried:
        sim, kms, key = scratch()
        blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=days)
        sim.advance(days=past)
        for step in order:
            call = kms.decrypt if step == OPEN else getattr(kms, CALLS[step])
            if code := error(call, **({"CiphertextBlob": blob} if step == OPEN else {"KeyId": key})):
                return Tried(False, told(call, code))
        return Tried(order[-1] == OPEN, "All three calls went well.")

    return Asked(
        f"The deletion of a key was scheduled with {days} days to wait, by mistake, and {past} days have passed. In "
        f"which order do you call, to read {thing} that was encrypted with it?",
        {
            CANCEL: "It keeps the key, and leaves it `Disabled`.",
            ENABLE: "It is refused while the key waits for its deletion.",
            OPEN: "It needs a key in the state `Enabled`.",
        },
        run,
    )


@several("while-it-waits", subject="deletion", exams=ALL, difficulty=1)
def while_it_waits(draw: Random) -> Asked:
    fine: dict[str, tuple[str, dict[str, Any]]] = {
        "`DescribeKey`": ("describe_key", {}), "`GetKeyPolicy`": ("get_key_policy", {}),
        "`ListGrants`": ("list_grants", {}), "`CancelKeyDeletion`": ("cancel_key_deletion", {}),
        "`ListResourceTags`": ("list_resource_tags", {}),
    }  # fmt: skip
    not_so: dict[str, tuple[str, dict[str, Any]]] = {
        "`Encrypt`": ("encrypt", {"Plaintext": NOTE}), "`EnableKey`": ("enable_key", {}),
        "`DisableKey`": ("disable_key", {}),
        "`TagResource`": ("tag_resource", {"Tags": [{"TagKey": "team", "TagValue": "photos"}]}),
        "`ScheduleKeyDeletion`, with fewer days": ("schedule_key_deletion", {"PendingWindowInDays": 7}),
        "`GenerateDataKey`": ("generate_data_key", {"KeySpec": "AES_256"}),
    }  # fmt: skip
    right = draw.choice((2, 3))
    chosen = draw.sample(sorted(fine), right) + draw.sample(sorted(not_so), 5 - right)
    calls = {name: (fine | not_so)[name] for name in chosen}

    def run() -> list[Tried]:
        tried = []
        for method, how in calls.values():
            _, kms, key = scratch()
            kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=20)
            call = getattr(kms, method)
            code = error(call, KeyId=key, **how)
            tried.append(Tried(not code, told(call, code)))
        return tried

    said = {
        name: "It looks at the key, or saves it." if name in fine else "It would use or change the key."
        for name in chosen
    }
    return Asked("A key waits for its deletion, and 20 days are left. Which of these calls go well?", said, run)


Days = int | None
ENDS: dict[str, Callable[[Sequence[Days], int], Days]] = {  # a wish, and the day on which an end that fits it comes
    "Somebody wants it gone within {days} days, and it cannot be. What comes nearest?":
        lambda ends, _: min(filter(None, ends)),
    "For {wait} days anybody with the permission must be able to save it, and then it must be gone by itself, as soon "
    "as can be. What does that?":
        lambda ends, wait: min(end for end in ends if end and end >= wait),
    "In {later} days it may be needed again. What does that?":
        lambda _, __: None,
}  # fmt: skip


@one("gone-by-tomorrow", subject="deletion", exams=ALL, difficulty=1)
def gone_by_tomorrow(draw: Random) -> Asked:
    days, wait, later = draw.randrange(2, 6), draw.choice((7, draw.randrange(21, 31))), draw.randrange(40, 400)
    wish = draw.choice(tuple(ENDS))
    window, least = ({"PendingWindowInDays": number} for number in (days, 7))
    asked = {
        f"`ScheduleKeyDeletion` with `PendingWindowInDays={days}`": (window, "Seven days are the least."),
        "`ScheduleKeyDeletion` with `PendingWindowInDays=7`": (least, "Out of use at once, gone after 7 days."),
        "`ScheduleKeyDeletion` with nothing more": ({}, "Without a number the wait is 30 days."),
        "`DisableKey`, and nothing more": (None, "A disabled key stays for ever, and whoever may enables it again."),
    }  # fmt: skip

    def run() -> list[Tried]:
        done: list[tuple[Days, str, str]] = []
        for how, _ in asked.values():
            sim, kms, key = scratch()
            call = kms.disable_key if how is None else kms.schedule_key_deletion
            code = error(call, KeyId=key, **(how or {}))
            begun = sim.now
            sim.advance(days=later)
            gone = sim.trail.named("DeleteKey")
            took = _days(gone[-1].event["eventTime"], begun) if gone else None
            end = f"It is deleted on day {took}." if took else "It is never deleted."
            done.append((took, code, f"{told(call, code)} {end}"))
        fits = ENDS[wish]([took for took, code, _ in done if not code], wait)
        return [Tried(not code and took == fits, shown) for took, code, shown in done]

    return Asked(
        "A KMS key with material from KMS must be out of use from today. "
        f"{wish.format(days=days, wait=wait, later=later)}",
        {name: why for name, (_, why) in asked.items()}, run,
    )  # fmt: skip


def _days(event_time: str, begun: datetime) -> int:
    return (datetime.fromisoformat(event_time) - begun).days


@matching("error-of-a-state", subject="deletion", exams=ALL, difficulty=1)
def error_of_a_state(draw: Random) -> Asked:
    operation, method, how = draw.choice((
        ("Encrypt", "encrypt", {"Plaintext": NOTE}), ("GenerateDataKey", "generate_data_key", {"KeySpec": "AES_256"}),
        ("GenerateDataKeyWithoutPlaintext", "generate_data_key_without_plaintext", {"KeySpec": "AES_256"}),
    ))  # fmt: skip

    def disabled(_: Any, kms: Any, key: str) -> None:
        kms.disable_key(KeyId=key)

    def waiting(_: Any, kms: Any, key: str) -> None:
        kms.schedule_key_deletion(KeyId=key)

    def cancelled(sim: Any, kms: Any, key: str) -> None:
        waiting(sim, kms, key)
        kms.cancel_key_deletion(KeyId=key)

    def gone(sim: Any, kms: Any, key: str) -> None:
        waiting(sim, kms, key)
        sim.advance(days=31)

    first = draw.choice(
        (("was disabled", disabled), ("was saved by `CancelKeyDeletion`, and not touched since", cancelled))
    )
    cases: dict[str, Callable[[Any, Any, str], None]] = {
        f"a key that {first[0]}": first[1], "a key whose deletion is scheduled": waiting,
        "a key that was deleted, named by its ARN": gone,
    }  # fmt: skip

    def run() -> list[Tried]:
        tried = []
        for prepare in cases.values():
            sim, kms, key = scratch()
            prepare(sim, kms, key)
            call = getattr(kms, method)
            code = error(call, KeyId=key, **how)
            tried.append(Tried(f"`{code}`", told(call, code)))
        return tried

    why = ("`Disabled` is a state of its own, with an error of its own.",
           "All other states share one error; its message names the state.",
           "There is no key any more that could have a state.")  # fmt: skip
    return Asked(
        f"What does `{operation}` answer for each of these keys?", dict(zip(cases, why, strict=True)), run,
        ("`DisabledException`", "`KMSInvalidStateException`", "`NotFoundException`"),
    )  # fmt: skip


FATES = {  # what became of the key behind a name, and which key the name is to stand for
    "waits for its deletion, {left} days more. A new key shall have the name today.": (0, "new"),
    "waited {left} days for its deletion, and is deleted. A new key shall have the name.": (1, "new"),
    "waited for its deletion, which is cancelled with {left} days left. A new key was made meanwhile, and the old one "
    "shall have the name.": (0, "old"),
}  # fmt: skip


@one("name-of-a-dying-key", subject="aliases", exams=ALL)
def name_of_a_dying_key(draw: Random) -> Asked:
    name = f"alias/{draw.choice(('photos', 'orders', 'mail', 'backups', 'logs'))}"
    left, fate = draw.randrange(8, 30), draw.choice(tuple(FATES))
    past, wanted = FATES[fate]

    def run() -> list[Tried]:
        tried = []
        for method in ("create_alias", "update_alias", "nothing"):
            sim, kms, old = scratch()
            kms.create_alias(AliasName=name, TargetKeyId=old)
            keys = {"old": old, "new": kms.create_key()["KeyMetadata"]["Arn"]}
            kms.schedule_key_deletion(KeyId=old, PendingWindowInDays=left)
            sim.advance(days=(left + 1) * past)
            if wanted == "old":
                kms.cancel_key_deletion(KeyId=old)
            call = getattr(kms, method, kms.describe_key)
            code = error(call, AliasName=name, TargetKeyId=keys["new"]) if method != "nothing" else ""
            found = error(kms.describe_key, KeyId=name)
            answer = "" if found else kms.describe_key(KeyId=name)["KeyMetadata"]["Arn"]
            names = next((f"the {which} key" for which, key in keys.items() if key == answer), "no key")
            shown = f"{told(call, code)} " if method != "nothing" else ""
            tried.append(Tried(not code and answer == keys[wanted], f"{shown}`{name}` names {names}."))
        return tried

    return Asked(
        f"The key behind `{name}` {fate.format(left=left)} What do you do about the name?",
        {
            f"`CreateAlias` of `{name}` for the new key": "The name stays taken for as long as its key is there.",
            f"`UpdateAlias` of `{name}` to the new key": "It asks for the state of the new key, not of the old one; "
            "the name must be there.",
            f"nothing: `{name}` needs no call": "A name stays with its key until the key is deleted, and "
            "never passes on by itself.",
        },
        run,
    )
