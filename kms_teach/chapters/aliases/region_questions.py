"""The question families of "Aliases and Regions" about names and keys in two Regions."""

import os
from functools import cache
from random import Random
from typing import Any

from kms_teach.client_side import imports
from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Order, Tried, matching, one, ordering
from kms_teach.teaching.trial import NOTE, amend, error, rehearsed, simulator, statement, told

ARCHITECTS = ("SAA-C03", "SAP-C02", "SAP-C03")
SECURITY = ("SOA-C03", "SCS-C03")
REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2", "sa-east-1")
NAMES = ("photos", "orders", "claims", "letters", "album")


def two_regions(draw: Random) -> tuple[str, str]:
    """Two of the Regions, drawn."""
    first, second = draw.sample(REGIONS, 2)
    return first, second


def world(first: str, second: str) -> tuple[Simulator, Any, Any]:
    """A simulator, and a client in each of two Regions."""
    sim = simulator()
    return sim, sim.client("kms", region=first), sim.client("kms", region=second)


_empty = cache(world)


def replicated(first: str, second: str) -> tuple[Simulator, Any, Any, str]:
    """Two clients, and the id of a multi-Region key with its primary in the first Region."""
    sim, home, abroad = world(first, second)
    key: str = home.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    home.replicate_key(KeyId=key, ReplicaRegion=second)
    return sim, home, abroad, key


THERE = {  # what there is in the second Region: whether the alias is, whether the key policy of the replica denies
    "": (False, False),
    ", where `{name}` names it as well": (True, False),
    ", where `{name}` names it as well and the key policy denies `kms:Encrypt` to all": (True, True),
}


@one("name-abroad", subject="multi-Region", exams=("DVA-C02", "DVA-C03", "SOA-C03"), difficulty=1)
def name_abroad(draw: Random) -> Asked:
    (first, second), name = two_regions(draw), f"alias/{draw.choice(NAMES)}"
    there = draw.choice(tuple(THERE))
    named, denied = THERE[there]

    def run() -> list[Tried]:
        _, home, abroad, key = replicated(first, second)
        home.create_alias(AliasName=name, TargetKeyId=key)
        if named:
            abroad.create_alias(AliasName=name, TargetKeyId=key)
        if denied:
            amend(abroad, key, statement("*", "kms:Encrypt", Effect="Deny"))
        code = error(abroad.encrypt, KeyId=name, Plaintext=NOTE)
        shown = told(abroad.encrypt, code)
        return [
            Tried(right, shown) for right in (not code, code == "AccessDeniedException", code == "NotFoundException")
        ]

    return Asked(
        f"A multi-Region key has its primary in {first}, where `{name}` names it, and a replica in "
        f"{second}{there.format(name=name)}. A program in {second} calls `Encrypt` by `{name}`, as IAM allows it. "
        "What happens?",
        {
            "the replica encrypts": "It has the primary's id and material, and names and a policy of its own.",
            "`AccessDeniedException`": "Whether the program may is asked when the key is found, of the replica's own "
            "policy.",
            "`NotFoundException`": f"An alias belongs to one Region. One in {first} names nothing in {second}.",
        },
        run,
    )


@cache
def _waiting(first: str, second: str) -> tuple[Simulator, tuple[Any, ...]]:
    """Two keys that wait for their material, one in each Region, and what it is to be wrapped with."""
    sim, *clients = world(first, second)
    keys = [kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["KeyId"] for kms in clients]
    return sim, tuple(imports.ask(kms, key) for kms, key in zip(clients, keys, strict=True))


def _same_bytes(first: str, second: str) -> tuple[Any, Any, str]:
    """Two clients, the same bytes imported into a key in the Region of each, and the id of the first of the keys."""
    begun, given = _waiting(first, second)
    sim, material = rehearsed(begun), os.urandom(32)
    home, abroad = sim.client("kms", region=first), sim.client("kms", region=second)
    for kms, answered in zip((home, abroad), given, strict=True):
        kms.import_key_material(**imports.parameters(answered, material))
    return home, abroad, given[0]["KeyId"]


WISHES = {  # what is wanted: whether the one Region opens what the other encrypts, whether the alias works in both
    "Files are encrypted in {first}, and copied to {second} with their ciphertexts. They must open in {second} without "
    "a call to {first}.": (True, False),
    "One program runs in {first} and in {second}. It encrypts by `{name}` in both, and what it encrypts in {first} "
    "must not open by a key of {second}.": (False, True),
}


@one("open-in-two-regions", subject="multi-Region", exams=(*ARCHITECTS, "SCS-C03"), difficulty=3)
def open_in_two_regions(draw: Random) -> Asked:
    (first, second), name = two_regions(draw), f"alias/{draw.choice(NAMES)}"
    wish = draw.choice(tuple(WISHES))

    def run() -> list[Tried]:
        tried = []
        for way in range(3):
            _, home, abroad = world(first, second)
            if way == 0:
                key = home.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
                home.replicate_key(KeyId=key, ReplicaRegion=second)
            elif way == 1:
                for kms in (home, abroad):
                    key = kms.create_key()["KeyMetadata"]["KeyId"]
                    kms.create_alias(AliasName=name, TargetKeyId=key)
                key = name
            else:
                home, abroad, key = _same_bytes(first, second)
            blob = home.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
            code = error(abroad.decrypt, CiphertextBlob=blob)
            named = [error(kms.encrypt, KeyId=name, Plaintext=NOTE) for kms in (home, abroad)]
            shown = f"{told(abroad.decrypt, code, f'In {second},')} By `{name}`: {told(abroad.encrypt, named[1])}"
            tried.append(Tried((not code, not any(named)) == WISHES[wish], shown))
        return tried

    return Asked(
        f"{wish.format(first=first, second=second, name=name)} What do you need?",
        {
            "a multi-Region key and its replica": "Primary and replica have one key id and one key material.",
            f"a key in {first} and one in {second}, both called `{name}`": "The ciphertext has the key's id, no name.",
            f"a key in {first} and one in {second}, with the same imported bytes": "Two keys, and two ids.",
        },
        run,
    )


@matching("error-across-regions", subject="multi-Region", exams=(*SECURITY, "DVA-C02", "DVA-C03"))
def error_across_regions(draw: Random) -> Asked:
    (first, second), name = two_regions(draw), f"alias/{draw.choice(NAMES)}"
    third = draw.choice([region for region in REGIONS if region not in (first, second)])

    def run() -> list[Tried]:
        _, home, abroad, key = replicated(first, second)
        single = home.create_key()["KeyMetadata"]["Arn"]
        home.create_alias(AliasName=name, TargetKeyId=single)
        blob = home.encrypt(KeyId=single, Plaintext=NOTE)["CiphertextBlob"]
        calls: list[tuple[Any, dict[str, Any]]] = [
            (abroad.encrypt, {"KeyId": single, "Plaintext": NOTE}),
            (abroad.decrypt, {"CiphertextBlob": blob}),
            (abroad.replicate_key, {"KeyId": key, "ReplicaRegion": third}),
            (home.create_alias, {"AliasName": name, "TargetKeyId": key}),
        ]
        tried = []
        for call, parameters in calls:
            code = error(call, **parameters)
            tried.append(Tried(f"`{code}`", told(call, code)))
        return tried

    return Asked(
        f"A multi-Region key has its primary in {first} and a replica in {second}. A single-Region key in {first} is "
        f"called `{name}`. Which error does each call end in?",
        {
            f"`Encrypt` in {second}, with the ARN of the single-Region key": "Every Region finds its own keys only.",
            f"`Decrypt` in {second}, of what the single-Region key encrypted": "No key of that id is there, and KMS "
            "does not tell that from a key that you may not use.",
            f"`ReplicateKey` in {second}, of the replica, to {third}": "Only a primary can be replicated.",
            f"`CreateAlias` in {first}, with `{name}` for the primary": "One name names one key.",
        },
        run,
        (
            "`NotFoundException`",
            "`AccessDeniedException`",
            "`UnsupportedOperationException`",
            "`AlreadyExistsException`",
        ),
    )


@ordering("bring-it-abroad", subject="multi-Region", exams=(*ARCHITECTS, "SCS-C03"))
def bring_it_abroad(draw: Random) -> Asked:
    (first, second), name = two_regions(draw), f"alias/{draw.choice(NAMES)}"
    steps = {
        f"`CreateKey` in {first}, with `MultiRegion`": "A key is born multi-Region, or never becomes it.",
        f"`ReplicateKey` in {first}, to {second}": "It is called with the primary, in the primary's Region.",
        f"`CreateAlias` in {second}, with `{name}`": "A name needs a key of its own Region.",
        f"`Encrypt` in {second}, by `{name}`": "The name has to be there.",
    }
    create, replicate, call_it, _ = steps

    def run(order: Order) -> Tried:
        # an order that begins otherwise stops at once, and changes nothing
        _, home, abroad = world(first, second) if order[0] == create else _empty(first, second)
        key = f"mrk-{0:032x}"  # of no key, until one is created
        for number, step in enumerate(order, 1):
            if step == create:
                key = home.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
                continue
            call, parameters = {
                replicate: (home.replicate_key, {"KeyId": key, "ReplicaRegion": second}),
                call_it: (abroad.create_alias, {"AliasName": name, "TargetKeyId": key}),
            }.get(step, (abroad.encrypt, {"KeyId": name, "Plaintext": NOTE}))
            if code := error(call, **parameters):
                return Tried(False, told(call, code, f"Step {number}:"))
        return Tried(True, "Each step went well.")

    return Asked(
        f"A program in {second} is to encrypt by `{name}`, and what it encrypts must open in {first}, too. No key is "
        "there yet. In which order do you make these calls?",
        steps,
        run,
    )
