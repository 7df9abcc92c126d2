"""A month at the harbour: who uses its keys, every day, until somebody uses a stolen access key."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError
from msgspec import Struct

from kms_teach.simulator import Simulator
from kms_teach.teaching.trial import policy

SINCE, UNTIL = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
OFFICE, ELSEWHERE = "192.0.2.10", "198.51.100.23"  # documentation addresses, RFC 5737
SHIPS = ("Aurora", "Bora", "Calypso", "Delfin", "Esther", "Fram")
PAPERS, LOGS = "Ship papers", "Old logs"
STOLEN = (17, 2, ("Calypso", "Esther"), "Fram")  # day, hour; what was read; what was refused
SCHEDULED = (24, 11)  # day, hour
WRONG = {"paper": "crew"}  # an encryption context that opens nothing


class Harbour(Struct, frozen=True):
    """What the month left: the ARNs of its keys by name, and the stored papers by ship."""

    keys: dict[str, str]
    papers: dict[str, bytes]

    @property
    def names(self) -> dict[str, str]:
        """The names of the keys by ARN."""
        return {arn: name for name, arn in self.keys.items()}


def harbour(sim: Simulator) -> Harbour:
    """Play June 2026: a simulator that stands at its first hour stands at its end afterwards."""
    kms = sim.client("kms", source_ip=OFFICE)
    keys = {name: kms.create_key(Description=name)["KeyMetadata"]["Arn"] for name in (PAPERS, LOGS)}
    office, desk, clerk, robot = (
        sim.user(name, policies=[policy("kms:*")]).client("kms", source_ip=OFFICE)
        for name in ("office", "desk", "petra", "archiver")
    )
    papers: dict[str, bytes] = {}
    for day, hour, deed, ship in _calendar():
        sim.advance(until=SINCE.replace(day=day, hour=hour))
        context = {"paper": "cargo", "ship": ship}
        if deed == "store":
            made = office.encrypt(KeyId=keys[PAPERS], Plaintext=f"{ship}: oranges".encode(), EncryptionContext=context)
            papers[ship] = made["CiphertextBlob"]
        elif deed == "read":
            desk.decrypt(CiphertextBlob=papers[ship], EncryptionContext=context)
        elif deed == "archive":
            robot.generate_data_key(KeyId=keys[LOGS], KeySpec="AES_256", EncryptionContext={"log": f"June {day}"})
        elif deed == "steal":
            _steal(sim, papers)
        else:
            clerk.schedule_key_deletion(KeyId=keys[LOGS], PendingWindowInDays=30)
    sim.advance(until=UNTIL)
    return Harbour(keys, papers)


def _calendar() -> Iterator[tuple[int, int, str, str]]:
    """Day, hour, what is done, and for which ship."""
    for day in range(1, 31):
        ship = SHIPS[day % len(SHIPS)]
        if day <= len(SHIPS):
            yield day, 7, "store", SHIPS[day - 1]
        if day == STOLEN[0]:
            yield day, STOLEN[1], "steal", ""
        if day > len(SHIPS) and day % 7:  # the desk is shut on Sundays
            for hour in (9, 13, 16)[: 1 + day % 3]:
                yield day, hour, "read", ship
        if day <= 8 and day % 2:
            yield day, 20, "archive", ""
        if day == SCHEDULED[0]:
            yield day, SCHEDULED[1], "schedule", ""


def _steal(sim: Simulator, papers: dict[str, bytes]) -> None:
    """Somebody has the desk's access key, and tries what they can lay hands on."""
    day, hour, read, refused = STOLEN
    thief: Any = sim.user("desk", policies=[policy("kms:*")]).client("kms", source_ip=ELSEWHERE)
    for minute, ship in enumerate((*read, refused), 4):
        sim.advance(until=SINCE.replace(day=day, hour=hour, minute=minute))
        context = WRONG if ship == refused else {"paper": "cargo", "ship": ship}
        with suppress(ClientError):  # the trail keeps the answer
            thief.decrypt(CiphertextBlob=papers[ship], EncryptionContext=context)
