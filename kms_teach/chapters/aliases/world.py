"""Ask KMS about names, keys and files as they are now, in one Region or in two."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError
from msgspec import Struct
from msgspec.structs import replace

from kms_teach.chapters.aliases.facts import GONE, ROLES, Board, KeyFacts, RegionMap, Tried
from kms_teach.client_side import imports
from kms_teach.simulator import Simulator

ACCOUNT, HOME, ABROAD = "111122223333", "us-east-1", "eu-west-1"
WHY = {  # code: what decided, in a few words
    "AccessDeniedException": "no key of its id is here",
    "DisabledException": "its key is disabled here",
    "KMSInvalidStateException": "its key is pending deletion here",
    "NotFoundException": "no alias of this name is here",
}

Files = Mapping[str, Mapping[str, Any]]


def board_of(sim: Simulator, files: Files, region: str = HOME, kms: Any = None) -> Board:
    """The keys of a Region, their names and the files they encrypted: `alias_board(board_of(sim, files))` draws it.

    `files` maps a file's name to the answer of the Encrypt that made it. A key that was deleted stays in the list.
    kms: a client of that Region, when there is one.
    """
    kms = kms or sim.client("kms", region=region)
    history = _history(sim)
    letters, keys = history.letters, _keys(kms, region, history)
    tried = [_opened(kms, region, name, answer, letters) for name, answer in files.items()]
    return Board(region, tuple(keys), tuple(file for file in tried if file.made == region))


def regions_of(
    sim: Simulator, files: Files, names: Sequence[str] = (), regions: tuple[str, str] = (HOME, ABROAD),
    clients: Mapping[str, Any] | None = None,
) -> RegionMap:  # fmt: skip
    """Two Regions and what crosses: each file is decrypted, and each alias named, in the Region that is not its own.

    Shown are the keys that have an alias or made one of the files, and their replicas. clients: by Region, when there
    are some.
    """
    clients = clients or {region: sim.client("kms", region=region) for region in regions}
    history = _history(sim)
    letters = history.letters
    keys = [key for region in regions for key in _keys(clients[region], region, history) if key.state != GONE]
    makers = {letters[_id(answer["KeyId"])] for answer in files.values()}
    shown = {key.letter for key in keys if key.named} | makers
    shorter = {letter: _letter(at) for at, letter in enumerate(sorted(shown))}
    tries = []
    for name, answer in files.items():
        other = regions[regions.index(answer["KeyId"].split(":")[3]) - 1]
        tries.append(_opened(clients[other], other, name, answer, letters))
    tries += [_named(clients, regions, name, letters) for name in names]
    shown_keys = tuple(replace(key, letter=shorter[key.letter]) for key in keys if key.letter in shorter)
    return RegionMap(ACCOUNT, regions, shown_keys, tuple(_shorter(each, shorter) for each in tries))


def key_with(kms: Any, material: bytes) -> str:
    """A new symmetric key with these bytes as its material, imported; gives its id."""
    key: str = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["KeyId"]
    imports.bring(kms, key, material)
    return key


def _id(arn: str) -> str:
    return arn.rpartition("/")[2]


class History(Struct, frozen=True):
    """What the trail tells of an account: the ids of its keys and which name ever named which, both by Region."""

    made: tuple[tuple[str, str], ...]  # Region and key id, in the order in which they were made
    pointed: frozenset[tuple[str, str, str]]  # Region, alias, key id

    @property
    def letters(self) -> dict[str, str]:
        """A letter for each key id."""
        return {key_id: _letter(at) for at, key_id in enumerate(dict.fromkeys(key_id for _, key_id in self.made))}


def _history(sim: Simulator) -> History:
    made, pointed = [], set()
    for record in sim.trail:
        if not record.worked or record.event["recipientAccountId"] != ACCOUNT:
            continue
        region = record.event["awsRegion"]
        if record.operation == "CreateKey":
            made.append((region, record.event["responseElements"]["keyMetadata"]["keyId"]))
        elif record.operation in ("CreateAlias", "UpdateAlias"):
            pointed.add((region, record.parameters["aliasName"], _id(record.parameters["targetKeyId"])))
    return History(tuple(made), frozenset(pointed))


def _shorter(tried: Tried, letters: Mapping[str, str]) -> Tried:
    return replace(tried, letter=letters[tried.letter], answered=letters.get(tried.answered, ""))


def _letter(at: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[at % 26]


def _keys(kms: Any, region: str, history: History) -> list[KeyFacts]:
    aliases = [entry for page in kms.get_paginator("list_aliases").paginate() for entry in page["Aliases"]]
    named, letters, keys = [(each["AliasName"], each.get("TargetKeyId")) for each in aliases], history.letters, []
    for key_id in (key_id for place, key_id in history.made if place == region):
        now = tuple(sorted(name for name, target in named if target == key_id))
        ever = (name for place, name, target in history.pointed if (place, target) == (region, key_id))
        keys.append(_key(kms, region, key_id, letters[key_id], now, tuple(sorted(set(ever) - set(now)))))
    return keys


def _key(kms: Any, region: str, key_id: str, letter: str, now: tuple[str, ...], past: tuple[str, ...]) -> KeyFacts:
    try:
        about = kms.describe_key(KeyId=key_id)["KeyMetadata"]
    except kms.exceptions.NotFoundException:  # its waiting period is over
        return KeyFacts(letter, key_id, region, "", "", GONE, now, past)
    role = ROLES[about.get("MultiRegionConfiguration", {}).get("MultiRegionKeyType", "")]
    policy = json.loads(kms.get_key_policy(KeyId=key_id)["Policy"])
    grants = kms.list_grants(KeyId=key_id)["Grants"]
    return KeyFacts(
        letter, key_id, region, role, about["KeySpec"], about["KeyState"], now, past, len(policy["Statement"]),
        len(grants),
    )  # fmt: skip


def _opened(kms: Any, region: str, name: str, answer: Mapping[str, Any], letters: Mapping[str, str]) -> Tried:
    """What comes of a file's Decrypt in a Region."""
    arn = answer["KeyId"]
    letter, made = letters[_id(arn)], arn.split(":")[3]
    return _tried(
        lambda: kms.decrypt(CiphertextBlob=answer["CiphertextBlob"])["KeyId"],
        Tried(name, letter, made, region),
        letters,
    )


def _named(clients: Mapping[str, Any], regions: Sequence[str], name: str, letters: Mapping[str, str]) -> Tried:
    """What an alias names in the second Region, beside the first."""
    here, there = regions
    try:
        key = clients[here].describe_key(KeyId=name)["KeyMetadata"]["KeyId"]
    except clients[here].exceptions.NotFoundException:
        raise ValueError(f"`{name}` names no key in {here}: create it there first") from None
    asked = Tried(name, letters[key], here, there)
    return _tried(lambda: clients[there].describe_key(KeyId=name)["KeyMetadata"]["Arn"], asked, letters)


def _tried(call: Callable[[], str], asked: Tried, letters: Mapping[str, str]) -> Tried:
    try:
        answered = letters[_id(call())]
    except ClientError as refused:
        error = refused.response["Error"]
        return replace(asked, code=error["Code"], message=error.get("Message", ""), why=WHY.get(error["Code"], ""))
    why = "its key id is here, Enabled" if not asked.alias else "each Region has its own names"
    return replace(asked, answered=answered, why=why)
