"""The question families of "Life and death of a key": states, and the wait before a deletion."""

from collections.abc import Callable
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
    chosen = draw.sample(sorted(fine), 2) + draw.sample(sorted(not_so), 3)
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


@one("gone-by-tomorrow", subject="deletion", exams=ALL, difficulty=1)
def gone_by_tomorrow(draw: Random) -> Asked:
    days = draw.randrange(1, 6)
    window, least = ({"PendingWindowInDays": number} for number in (days, 7))
    asked = {
        f"`ScheduleKeyDeletion` with `PendingWindowInDays={days}`": (window, "Seven days are the least."),
        "`ScheduleKeyDeletion` with `PendingWindowInDays=7`": (least, "Out of use at once, gone after 7 days."),
        "`ScheduleKeyDeletion` with nothing more": ({}, "Without a number the wait is 30 days."),
        "`DisableKey`, and nothing more": (None, "A disabled key stays for ever, and whoever may enables it again."),
    }  # fmt: skip

    def run() -> list[Tried]:
        dates = []
        for how, _ in asked.values():
            sim, kms, key = scratch()
            call = kms.disable_key if how is None else kms.schedule_key_deletion
            code = error(call, KeyId=key, **(how or {}))
            begun = sim.now
            sim.advance(days=40)
            gone = sim.trail.named("DeleteKey")
            took = _days(gone[-1].event["eventTime"], begun) if gone else None
            dates.append(
                (took, f"{told(call, code)} {f'It is deleted on day {took}.' if took else 'It is never deleted.'}")
            )
        soonest = min(took for took, _ in dates if took)
        return [Tried(took == soonest, shown) for took, shown in dates]

    within = "1 day" if days == 1 else f"{days} days"
    return Asked(
        f"Somebody wants a KMS key with material from KMS gone within {within}. It cannot be; what comes nearest?",
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


@one("name-of-a-dying-key", subject="aliases", exams=ALL)
def name_of_a_dying_key(draw: Random) -> Asked:
    name = f"alias/{draw.choice(('photos', 'orders', 'mail', 'backups', 'logs'))}"
    left = draw.randrange(8, 30)

    def run() -> list[Tried]:
        tried = []
        for method in ("create_alias", "update_alias", "nothing"):
            _, kms, old = scratch()
            kms.create_alias(AliasName=name, TargetKeyId=old)
            new = kms.create_key()["KeyMetadata"]["KeyId"]
            kms.schedule_key_deletion(KeyId=old, PendingWindowInDays=left)
            call = getattr(kms, method, kms.describe_key)
            code = error(call, AliasName=name, TargetKeyId=new) if method != "nothing" else ""
            answer = kms.describe_key(KeyId=name)["KeyMetadata"]["KeyId"]
            shown = told(call, code) if method != "nothing" else f"`{name}` still names the old key."
            tried.append(Tried(answer == new, shown))
        return tried

    return Asked(
        f"The key behind `{name}` waits for its deletion, {left} days more. A new key shall have the name today. How?",
        {
            f"`CreateAlias` of `{name}` for the new key": "The name stays taken for as long as its key is there.",
            f"`UpdateAlias` of `{name}` to the new key": "It asks for the state of the new key, not of the old one.",
            "nothing: such a name passes on by itself": "A name never passes on by itself.",
        },
        run,
    )
