"""The lab of two Regions: a multi-Region key and two others, and every call tried from either side of the border."""

import json
from collections.abc import Callable
from typing import Any

from kms_teach.chapters.aliases.facts import KeyFacts, RegionMap
from kms_teach.chapters.aliases.regions import regions
from kms_teach.chapters.aliases.words import state
from kms_teach.chapters.aliases.world import ABROAD, HOME, regions_of
from kms_teach.drawing.look import LAB
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import button, choice
from kms_teach.teaching.lab import Lab

START = "2026-01-01T00:00:00Z"
ALIAS, OTHER = "alias/album", "alias/diary"
LETTERS = ("A", "B", "C")
OPERATIONS = (
    "ReplicateKey", "CreateAlias", "DisableKey", "EnableKey", "PutKeyPolicy", "CreateGrant", "UpdatePrimaryRegion",
    "ScheduleKeyDeletion", "CancelKeyDeletion",
)  # fmt: skip
HELPS = {
    "AlreadyExistsException": "It is there already. Names and replicas are one for each Region.",
    "NotFoundException": "Call in the Region where the key is.",
    "UnsupportedOperationException": "Call it with the primary of a multi-Region key, in its Region.",
}


class RegionLab(Lab):
    """Two Regions, three keys. After each call two files and an alias of us-east-1 are tried in eu-west-1.

    The lab has a simulator of its own.
    """

    def __init__(self) -> None:
        self.region = choice("Call in", [HOME, ABROAD])
        self.key = choice("Key", list(LETTERS))
        self.operation = choice("Operation", list(OPERATIONS), listed=True)
        self.call, self.again = button("Call KMS"), button("Start again")
        self.sim: Simulator | None = None
        super().__init__([self.region, self.key, self.operation, self.call, self.again], "Two Regions", lines=7)
        self.on(self.call, self._call)
        self.on(self.again, self._start)
        for control in (self.region, self.key, self.operation):
            self.on(control, self._tell)
        self._start()

    def let_go(self) -> None:
        if self.sim:
            self.sim.close()

    def _start(self) -> None:
        self.let_go()
        self.sim = sim = Simulator(start=START)
        self.kms = {region: sim.client("kms", region=region) for region in (HOME, ABROAD)}
        self.auditor = sim.role("auditor").arn
        home, abroad = self.kms.values()
        made = (home.create_key(MultiRegion=True), home.create_key(), abroad.create_key())
        self.ids = {letter: key["KeyMetadata"]["KeyId"] for letter, key in zip(LETTERS, made, strict=True)}
        for kms, name, letter in ((home, ALIAS, "A"), (home, OTHER, "B"), (abroad, OTHER, "C")):
            kms.create_alias(AliasName=name, TargetKeyId=self.ids[letter])
        self.files = {
            "lake.jpg": home.encrypt(KeyId=ALIAS, Plaintext=b"a lake"),
            "diary.txt": home.encrypt(KeyId=OTHER, Plaintext=b"1 January"),
        }
        self._draw("A multi-Region key has no replica yet. Press Call KMS: ReplicateKey, of A, called in us-east-1.")

    def _tell(self) -> None:
        """Say what would be called."""
        self.say(f"Press Call KMS: {self.operation.value}, of {self.key.value}, called in {self.region.value}.")

    def _call(self) -> None:
        name, region, letter = self.operation.value, self.region.value, self.key.value
        kms, key = self.kms[region], {"KeyId": self.ids[letter]}
        other = ABROAD if region == HOME else HOME
        parameters: dict[str, Callable[[], dict[str, Any]]] = {
            "ReplicateKey": lambda: {**key, "ReplicaRegion": other},
            "CreateAlias": lambda: {"AliasName": ALIAS, "TargetKeyId": self.ids[letter]},
            "PutKeyPolicy": lambda: {**key, "Policy": self._policy(kms, key)},
            "CreateGrant": lambda: {**key, "GranteePrincipal": self.auditor, "Operations": ["Decrypt"]},
            "UpdatePrimaryRegion": lambda: {**key, "PrimaryRegion": other},
            "ScheduleKeyDeletion": lambda: {**key, "PendingWindowInDays": 7},
        }
        methods = {api: method for method, api in kms.meta.method_to_api_mapping.items()}
        getattr(kms, methods[name])(**parameters.get(name, lambda: key)())
        self._draw("")
        here = next(each for each in self.facts_now.at(region) if each.letter == letter)
        self.say(SAID[name](here, other), word="Done")

    def _policy(self, kms: Any, key: dict[str, str]) -> str:
        """The key policy with one statement more, or as it is once it has that."""
        policy = json.loads(kms.get_key_policy(**key)["Policy"])
        more = {"Effect": "Allow", "Principal": {"AWS": self.auditor}, "Action": "kms:DescribeKey", "Resource": "*"}
        return json.dumps({**policy, "Statement": [*policy["Statement"][:1], more]})

    def _look(self) -> RegionMap:
        assert self.sim
        return regions_of(self.sim, self.files, (ALIAS,), clients=self.kms)

    def _draw(self, status: str) -> None:
        self.facts_now = self._look()
        self.show(regions(self.facts_now, lines=2, canvas=LAB), status)

    def refused(self, code: str, message: str) -> None:
        """As everywhere, with what helps here."""
        if code in HELPS:
            self.say(f"`{code}`: {message.rstrip('.')}. {HELPS[code]}", mistake=True, word="Refused")
        else:
            super().refused(code, message)


def _deleted(key: KeyFacts, _: str) -> str:
    if key.state == "PendingReplicaDeletion":
        return "The primary waits until its last replica is gone; its 7 days begin then. The replica works on."
    return f"{key.letter} in {key.region} is {state(key)}. It is closed from now on, in this Region alone."


SAID: dict[str, Callable[[KeyFacts, str], str]] = {  # what is said of a call that went well: of the key, and the Region
    "ReplicateKey": lambda key, other: (
        f"A replica of {key.letter} is in {other}: the same id, the same material. "
        "It has no name, the default key policy and no grants."
    ),
    "CreateAlias": lambda key, _: f"`{ALIAS}` names {key.letter} in {key.region}. Each Region has its own names.",
    "DisableKey": lambda key, other: f"{key.letter} is disabled in {key.region}. Nothing changed in {other}.",
    "EnableKey": lambda key, other: f"{key.letter} is enabled in {key.region}. Nothing changed in {other}.",
    "PutKeyPolicy": lambda key, other: (
        f"{key.letter}'s policy in {key.region} has a second statement. Nothing changed in {other}."
    ),
    "CreateGrant": lambda key, other: f"{key.letter} has one grant more in {key.region}. Nothing changed in {other}.",
    "UpdatePrimaryRegion": lambda _, other: (
        f"{other} has the primary now. ReplicateKey and rotation are called "
        "there; ids, materials, names, policies and files are as they were."
    ),
    "ScheduleKeyDeletion": _deleted,
    "CancelKeyDeletion": lambda key, _: f"{key.letter} in {key.region} stays. It is {state(key)} now: enable it.",
}
