"""The question family of "Life and death of a key" that matches a wish with the act that ends a key as wished."""

import os
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from kms_teach.client_side import imports
from kms_teach.teaching.question import Asked, Tried, one
from kms_teach.teaching.trial import NOTE, awaiting, error

OPERATIONS = ("SOA-C03", "SCS-C03")
WHO = ("a customer", "a project", "a clinic", "a tenant")


def _world(window: int) -> dict[str, Any]:
    """A key with imported material, a ciphertext of it, and an administrator who may call everything."""
    sim, kms, key, given = awaiting()
    mine = os.urandom(32)
    kms.import_key_material(**imports.parameters(given, mine))
    blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
    again = imports.parameters(given, mine)
    return {"sim": sim, "kms": kms, "key": key, "again": again, "blob": blob, "window": window}


def _expire(at: dict[str, Any]) -> None:
    ends = at["sim"].now + timedelta(days=at["window"])
    again = {name: value for name, value in at["again"].items() if name != "ExpirationModel"}
    at["kms"].import_key_material(**again, ValidTo=ends)


ENDS: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "`DisableKey`": (lambda at: at["kms"].disable_key(KeyId=at["key"]), "`EnableKey` undoes it, at any time."),
    "`ScheduleKeyDeletion`": (
        lambda at: at["kms"].schedule_key_deletion(KeyId=at["key"], PendingWindowInDays=at["window"]),
        "It can be cancelled while the key waits; then the key is gone.",
    ),
    "`DeleteImportedKeyMaterial`": (
        lambda at: at["kms"].delete_imported_key_material(KeyId=at["key"]),
        "The key waits for its bytes, and whoever has them brings it back.",
    ),
    "`ImportKeyMaterial` again, with `ValidTo`": (_expire, "The material is there until that date, and works."),
}


def _opens(at: dict[str, Any]) -> bool:
    return not error(at["kms"].decrypt, CiphertextBlob=at["blob"])


def _back(at: dict[str, Any], *, bytes_too: bool) -> bool:
    """Whether an administrator makes it open again, without the bytes or with them."""
    kms, key = at["kms"], at["key"]
    error(kms.cancel_key_deletion, KeyId=key)
    error(kms.enable_key, KeyId=key)
    if bytes_too:
        error(kms.import_key_material, **at["again"])
    return _opens(at)


def _later(at: dict[str, Any]) -> None:
    at["sim"].advance(days=at["window"] + 1)


def _locked(at: dict[str, Any]) -> bool:
    return not _opens(at) and not _back(at, bytes_too=False) and _back(at, bytes_too=True)


def _paused(at: dict[str, Any]) -> bool:
    if _opens(at):
        return False
    _later(at)
    return not _opens(at) and _back(at, bytes_too=False)


def _final(at: dict[str, Any]) -> bool:
    if _opens(at):
        return False
    _later(at)
    return bool(error(at["kms"].describe_key, KeyId=at["key"]))


def _dated(at: dict[str, Any]) -> bool:
    if not _opens(at):
        return False
    _later(at)
    return not _opens(at)


WISHES: dict[str, Callable[[dict[str, Any]], bool]] = {
    "From now on not even an administrator with `kms:*` may open them, until the owner brings the bytes": _locked,
    "From now on they must not open, and even after {days} days one call must bring them back": _paused,
    "From now on they must not open, and after {days} days the key itself must be gone": _final,
    "They must open for {days} days more, and then no longer, without a further call": _dated,
}


@one("which-end", subject="import", exams=OPERATIONS, difficulty=3)
def which_end(draw: Random) -> Asked:
    wish, days, who = draw.choice(tuple(WISHES)), draw.randrange(10, 30), draw.choice(WHO)

    def run() -> list[Tried]:
        tried = []
        for act, _ in ENDS.values():
            at = _world(days)
            act(at)
            met = WISHES[wish](at)
            tried.append(Tried(met, "That is what came of it." if met else "Something else came of it."))
        return tried

    return Asked(
        f"The ciphertexts of {who} are encrypted under a KMS key whose material the owner imported; only the owner has "
        f"the bytes. {wish.format(days=days)}. Which call is made today?",
        {name: why for name, (_, why) in ENDS.items()},
        run,
    )
