"""What is known of a key's rotation: read from AWS's answers, and said in words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice, pairwise
from typing import Any

from msgspec import Struct

from kms_teach.drawing import look
from kms_teach.drawing.picture import Table, table
from kms_teach.keys.calendar import due
from kms_teach.keys.key import Key

CAUSES = {"": "created", "AUTOMATIC": "automatic", "ON_DEMAND": "on demand"}
MOST_LANES, MOST_FILES, MOST_PLANNED = 6, 8, 12
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


class Backing(Struct, frozen=True):
    """One key material. `since` is None while it waits for its rotation; `present` is false once it was deleted."""

    number: int
    since: datetime | None
    cause: str = ""  # "" for the first, else AUTOMATIC or ON_DEMAND
    present: bool = True


class File(Struct, frozen=True):
    """A ciphertext: when it was made, the material that made it, and what Decrypt answers now: "" or an error code."""

    name: str
    made: datetime
    material: int
    refused: str = ""


class Timeline(Struct, frozen=True, kw_only=True):
    """What is known of a key's rotation. `planned` holds what is due if nobody touches the key, soonest first.

    `disabled` are its times of rest, the last without an end while it lasts. `reach`, the last moment a series of
    pictures will show, fixes the scale, and `lanes` the room, so that they can be laid over each other.
    """

    name: str
    created: datetime
    now: datetime
    materials: tuple[Backing, ...]
    files: tuple[File, ...] = ()
    planned: tuple[datetime, ...] = ()
    period: int | None = None  # days
    state: str = "Enabled"
    deletion: datetime | None = None
    disabled: tuple[tuple[datetime, datetime | None], ...] = ()
    reach: datetime | None = None
    lanes: int = 0

    def __post_init__(self) -> None:
        if len(self.files) > MOST_FILES:
            raise ValueError(f"a timeline has room for {MOST_FILES} ciphertexts, not {len(self.files)}: leave some out")

    @property
    def established(self) -> tuple[Backing, ...]:
        """The materials that encrypt or once did."""
        return tuple(m for m in self.materials if m.since is not None)

    @property
    def current(self) -> int:
        """The number of the material that encrypts, 0 without one."""
        return self.established[-1].number if self.established else 0

    @property
    def rotations(self) -> int:
        return max(len(self.established) - 1, 0)

    @property
    def shown(self) -> list[tuple[Backing, ...]]:
        """The materials by lane: one each, or several that no ciphertext needs, folded into one."""
        ends = (*self.established[:1], *self.established[-1:])
        kept = {file.material for file in self.files} | {material.number for material in ends}
        for material in reversed(self.established):
            if len(_lanes(self.established, kept | {material.number})) <= MOST_LANES:
                kept.add(material.number)
        return _lanes(self.established, kept) + [(m,) for m in self.materials if m.since is None]

    def until_next(self, at: int) -> datetime:
        """When the material at this place of `established` stopped encrypting: when the next came, or now."""
        following = self.established[at + 1 : at + 2]
        return following[0].since or self.now if following else self.now

    @property
    def unmoved(self) -> datetime | None:
        """A rotation on demand between two automatic ones that are exactly one period apart: it moved neither."""
        if self.period is None:
            return None
        dates = [m.since for m in self.established if m.since and m.cause == "AUTOMATIC"] + list(self.planned)
        spans = [(a, b) for a, b in pairwise(dates) if (b - a).days == self.period]
        on_demand = [m.since for m in self.established if m.since and m.cause == "ON_DEMAND"]
        return next((at for at in reversed(on_demand) if any(a < at < b for a, b in spans)), None)


def read(
    name: str, now: datetime, described: Mapping[str, Any], rotations: Iterable[Mapping[str, Any]],
    status: Mapping[str, Any], files: Sequence[File] = (), events: Iterable[Mapping[str, Any]] = (),
    reach: datetime | None = None, lanes: int = 0,
) -> Timeline:  # fmt: skip
    """Read a Timeline from DescribeKey's metadata, ListKeyRotations with ALL_KEY_MATERIAL, GetKeyRotationStatus.

    `events` are the trail's: they tell when the key was disabled. What is planned comes from the calendar that the
    simulator follows itself.
    """
    created = described["CreationDate"].astimezone(UTC)
    key = Key(
        account=described["AWSAccountId"], region="", id=described["KeyId"], created=created, policy="",
        state=described["KeyState"], rotation_period=status.get("RotationPeriodInDays"),
        next_rotation=_utc(status.get("NextRotationDate")), deletion=_utc(described.get("DeletionDate")),
    )  # fmt: skip
    planned = tuple(event.at for event in islice(due(key), MOST_PLANNED) if event.what == "rotate")
    materials = tuple(_backing(n, entry, created) for n, entry in enumerate(rotations, 1))
    return Timeline(
        name=name, created=created, now=now, materials=materials, files=tuple(files), planned=planned,
        period=key.rotation_period, state=key.state, deletion=key.deletion, disabled=_rests(events),
        reach=reach, lanes=lanes,
    )  # fmt: skip


def times(count: int) -> str:
    """Write how often: once, twice, three times, 40 times."""
    return {1: "once", 2: "twice"}.get(count) or f"{_number(count)} times"


def title(facts: Timeline) -> str:
    """Say in one sentence what a learner should believe after looking."""
    if not facts.established:
        return "No key material yet: nothing to encrypt with"
    if facts.deletion:
        return f"From {look.day(facts.deletion)} on, nothing will ever open again"
    if facts.state == "Disabled":
        return "A disabled key opens nothing, and does not rotate"
    opened = [file for file in facts.files if not file.refused]
    if len(opened) < len(facts.files):
        return f"{len(opened)} of {len(facts.files)} ciphertexts open"
    old = [file for file in facts.files if file.material != facts.current]
    if not facts.rotations:
        return f"{'Not rotated yet' if facts.planned else 'Never rotated'}: one material does all the work"
    rotated = f"Rotated {times(facts.rotations)}"
    if not old:
        return f"{rotated}, and it is still one KMS key"
    return f"{rotated}, and {'the' if len(old) == 1 else 'every'} old ciphertext still opens"


def alt(facts: Timeline) -> str:
    """Say the picture in reading order, one sentence for each part."""
    sentences = [
        f"Timeline of one KMS key, {facts.name}, from {look.day(facts.created)}; now is {look.day(facts.now)}."
    ]
    for m in facts.established:
        assert m.since is not None
        encrypted = [file.name for file in facts.files if file.material == m.number]
        how = f"created on {look.day(m.since)}" if not m.cause else f"{CAUSES[m.cause]} on {look.day(m.since)}"
        gone = "" if m.present else " It is gone."
        sentences.append(f"Material {m.number}: {how}{'; it made ' + ', '.join(encrypted) if encrypted else ''}.{gone}")
    sentences += [f"Material {m.number} waits for its rotation." for m in facts.materials if m.since is None]
    sentences += [
        f"{file.name}: {'refused, ' + file.refused if file.refused else 'opens now'}." for file in facts.files
    ]
    if facts.current:
        sentences.append(
            f"Material {facts.current} encrypts" + ("; the others only decrypt." if facts.rotations else ".")
        )
    for begin, end in facts.disabled:
        sentences.append(f"Disabled from {look.day(begin)}" + (f" to {look.day(end)}." if end else "."))
    return " ".join([*sentences, future(facts) + "."])


def future(facts: Timeline) -> str:
    """Say what is to come if nobody touches the key."""
    if facts.deletion:
        return f"To be deleted on {look.day(facts.deletion)}, with all its material"
    if facts.state == "Disabled":
        return "Disabled: no rotation until it is enabled"
    if facts.planned:
        return f"Next automatic rotation: {look.day(facts.planned[0])}"
    return "No rotation planned"


def data(facts: Timeline) -> Table:
    """The same as a table: a row for each material, and what is planned."""
    rows = []
    for m in facts.materials:
        files = [file for file in facts.files if file.material == m.number]
        work = "encrypts and decrypts" if m.number == facts.current else "decrypts" if m.since else "waits"
        answers = ", ".join(f"{file.name}: {file.refused or 'opens'}" for file in files)
        since = look.day(m.since) if m.since else "not yet"
        rows.append((str(m.number), since, CAUSES[m.cause], work if m.present else "is gone", answers or "none"))
    for n, at in enumerate(facts.planned[:1], len(facts.established) + 1):
        rows.append((str(n), look.day(at), "automatic", "planned", "none"))
    return table(("material", "since", "came by", "work", "its ciphertexts now"), rows)


def line(facts: Timeline) -> str:
    """Say the facts in one line."""
    told = [f"{m.number} {CAUSES[m.cause]} {m.since:%Y-%m-%d}" for m in facts.established if m.since]
    if len(told) > MOST_LANES:
        told = [told[0], f"{len(told) - 2} more", told[-1]]
    opened = f"{sum(not file.refused for file in facts.files)} of {len(facts.files)} open"
    return f"{facts.name} on {facts.now:%Y-%m-%d}: materials {', '.join(told) or 'none'}; {opened}; {future(facts)}"


def _lanes(materials: Iterable[Backing], kept: set[int]) -> list[tuple[Backing, ...]]:
    lanes: list[tuple[Backing, ...]] = []
    for material in materials:
        if lanes and material.number not in kept and lanes[-1][0].number not in kept:
            lanes[-1] += (material,)
        else:
            lanes.append((material,))
    return lanes


def _backing(place: int, entry: Mapping[str, Any], created: datetime) -> Backing:
    waits = entry["KeyMaterialState"].startswith("PENDING")
    since = None if waits else _utc(entry.get("RotationDate")) or created
    return Backing(place, since, entry.get("RotationType", ""), entry.get("ImportState") != "PENDING_IMPORT")


def _rests(events: Iterable[Mapping[str, Any]]) -> tuple[tuple[datetime, datetime | None], ...]:
    rests: list[tuple[datetime, datetime | None]] = []
    begun: datetime | None = None
    for event in events:
        if event["eventName"] not in ("DisableKey", "EnableKey") or "errorCode" in event:
            continue
        at = datetime.fromisoformat(event["eventTime"])
        if event["eventName"] == "DisableKey":
            begun = begun or at
        elif begun:
            rests, begun = [*rests, *([(begun, at)] if at > begun else [])], None
    return (*rests, (begun, None)) if begun else tuple(rests)


def _utc(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC) if at else None


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"
