"""The question families of "Aliases and Regions" about what moves to another Region, and what stays where it is."""

import json
from functools import cache
from random import Random
from typing import Any

from kms_teach.chapters.aliases.region_questions import ARCHITECTS, replicated, two_regions, world
from kms_teach.teaching.question import Asked, Order, Tried, one, ordering
from kms_teach.teaching.trial import NOTE, error, told


@one("from-one-region-to-two", subject="multi-Region", exams=(*ARCHITECTS, "SCS-C03"), difficulty=3)
def from_one_region_to_two(draw: Random) -> Asked:
    (first, second), many = two_regions(draw), draw.choice((True, False))
    thousand = draw.randrange(2, 90)
    kind = "a multi-Region key without a replica" if many else "a single-Region key"

    def run() -> list[Tried]:
        tried = []
        for way in range(4):
            _, home, abroad = world(first, second)
            key = home.create_key(MultiRegion=many)["KeyMetadata"]["KeyId"]
            blob = home.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
            moved = 0
            if way == 0:
                error(home.replicate_key, KeyId=key, ReplicaRegion=second)
            elif way == 1:
                error(home.update_primary_region, KeyId=key, PrimaryRegion=second)
            elif way == 2:
                fresh = home.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
                home.replicate_key(KeyId=fresh, ReplicaRegion=second)
                blob, moved = home.re_encrypt(CiphertextBlob=blob, DestinationKeyId=fresh)["CiphertextBlob"], 1
            else:
                there = abroad.create_key()["KeyMetadata"]["KeyId"]
                for kms, each in ((home, key), (abroad, there)):
                    kms.create_alias(AliasName="alias/files", TargetKeyId=each)
            code = error(abroad.decrypt, CiphertextBlob=blob)
            tried.append((code, moved, f"In {second}, {told(abroad.decrypt, code)}"))
        return _least_that_opens(tried)

    return Asked(
        f"{thousand},000 data keys are encrypted under {kind} in {first}, and stored beside their files. All is "
        f"copied to {second}, where programs must open the files without a call to {first}. What is the least that "
        "must be done?",
        {
            f"`ReplicateKey` to {second}": "A replica has the same id and material; a single-Region key has none.",
            f"`UpdatePrimaryRegion` to {second}": "It makes a primary of a replica, and there is none.",
            "`ReEncrypt` under a new key with a replica": "A key is multi-Region from the first day, or never: data "
            "keys of a single-Region key need another key.",
            "`CreateAlias` in both, with the same name": "A ciphertext names its key, and not an alias.",
        },
        run,
    )


def _least_that_opens(tried: list[tuple[str, int, str]]) -> list[Tried]:
    """Of the ways after which the files open, those that move the fewest; the first of them, where two are alike."""
    opens = [moved for code, moved, _ in tried if not code]
    least = min(opens)
    first = next(number for number, (code, moved, _) in enumerate(tried) if not code and moved == least)
    return [Tried(number == first, shown) for number, (_, _, shown) in enumerate(tried)]


def _single(first: str, second: str) -> tuple[Any, Any, Any, str]:
    """A simulator, clients in two Regions, and the id of a multi-Region key that has no replica."""
    sim, home, abroad = world(first, second)
    return sim, home, abroad, home.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]


_unchanged = cache(_single)  # for orders that stop at once, and change nothing


@ordering("the-primary-moves-on", subject="multi-Region", exams=(*ARCHITECTS, "SOA-C03"), difficulty=3)
def the_primary_moves_on(draw: Random) -> Asked:
    (first, second), days = two_regions(draw), draw.randrange(7, 31)
    replicate, promote, rotate, delete = (
        f"`ReplicateKey` in {first}, to {second}", f"`UpdatePrimaryRegion` in {first}, to {second}",
        f"`EnableKeyRotation` in {second}", f"`ScheduleKeyDeletion` in {first}, with {days} days",
    )  # fmt: skip

    def run(order: Order) -> Tried:
        sim, home, abroad, key = _single(first, second) if order[0] == replicate else _unchanged(first, second)
        calls: dict[str, tuple[Any, dict[str, Any]]] = {
            replicate: (home.replicate_key, {"ReplicaRegion": second}),
            promote: (home.update_primary_region, {"PrimaryRegion": second}),
            rotate: (abroad.enable_key_rotation, {}),
            delete: (home.schedule_key_deletion, {"PendingWindowInDays": days}),
        }
        for number, step in enumerate(order, 1):
            if step == delete and number < len(order):
                return Tried(False, f"Step {number}: the key is out of use in {first} before {second} does all.")
            call, more = calls[step]
            if code := error(call, KeyId=key, **more):
                return Tried(False, f"Step {number}: {told(call, code)}")
        sim.advance(days=days + 1)
        gone = error(home.describe_key, KeyId=key)
        return Tried(gone == "NotFoundException", f"Each step went well, and {first} has no such key any more.")

    return Asked(
        f"A multi-Region key has its primary in {first}, and no replica. The company gives that Region up: the key "
        f"must live on in {second}, rotate there every year, and leave {first} last of all. In which order?",
        {
            replicate: "First a second Region has the key.",
            promote: "Only a replica that is there can become the primary.",
            rotate: "Rotation is set at the primary.",
            delete: "A primary waits for its replicas; what is a replica by now goes alone.",
        },
        run,
    )


@one("which-half-moves", subject="multi-Region", exams=(*ARCHITECTS, "SOA-C03", "SCS-C03"))
def which_half_moves(draw: Random) -> Asked:
    (first, second), place = two_regions(draw), draw.choice(("primary", "replica"))
    there = first if place == "primary" else second
    acts = draw.choice(("`DisableKey`", "`ScheduleKeyDeletion`", "`PutKeyPolicy`, to deny `kms:Decrypt` to all"))

    def run() -> list[Tried]:
        _, home, abroad, key = replicated(first, second)
        blob = home.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        hit = home if place == "primary" else abroad
        if acts.startswith("`Put"):
            _deny_all(hit, key)
        else:
            (hit.disable_key if acts == "`DisableKey`" else hit.schedule_key_deletion)(KeyId=key)
        codes = tuple(not error(kms.decrypt, CiphertextBlob=blob) for kms in (home, abroad))
        shown = " ".join(f"In {region} it {'went well' if fine else 'was refused'}." for region, fine in
                         zip((first, second), codes, strict=True))  # fmt: skip
        answers = ((True, False), (False, True), (True, True), (False, False))
        return [Tried(codes == answer, shown) for answer in answers]

    return Asked(
        f"A multi-Region key has its primary in {first} and a replica in {second}. In {there} somebody calls {acts}. "
        "In which of the two Regions does the root user's `Decrypt` with this key go well now?",
        {
            f"in {first}, and not in {second}": "State and policy are set for each Region by itself.",
            f"in {second}, and not in {first}": "State and policy are set for each Region by itself.",
            "in both": "The Region where the call was made follows it.",
            "in neither": "Replicas share id and material with their primary; state and policy they do not.",
        },
        run,
    )


def _deny_all(kms: Any, key: str) -> None:
    document = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    deny = {"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
    kms.put_key_policy(KeyId=key, Policy=json.dumps({**document, "Statement": [*document["Statement"], deny]}))
