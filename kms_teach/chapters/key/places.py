"""Where a key can be used: two Regions, two accounts in each, and what Decrypt of the same bytes was answered there."""

from collections.abc import Sequence
from functools import partial

from msgspec import Struct

from kms_teach.drawing import scene
from kms_teach.drawing.answers import framed, outcome, refusal
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Row, Scene, Text, render
from kms_teach.drawing.look import ALLOWED, DENIED, LAB, NARROW, NOTE, SECOND, WASH, WHITE, WIDE, size
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.opened_facts import RANDOM
from kms_teach.trail import Record

NOT_TRIED = "not tried yet"
NUMBERS = ("none", "one", "two", "three", "four")
ROOM = {WIDE: 94, LAB: 130, NARROW: 146}  # px of height: any answer
INSIDE, PLATE = {WIDE: 56, LAB: 38, NARROW: 50}, 40  # px of height: what an account holds, the HSMs' plate
ANSWER = 20  # px of height


class Try(Struct, frozen=True):
    """One Decrypt: in which Region, by whose account, how the key was named ("" when it was not)."""

    region: str
    account: str
    named: str
    code: str
    message: str
    returned: int  # bytes of plaintext

    @property
    def words(self) -> str:
        return self.code or "opened"


class Places(Struct, frozen=True):
    """The key's own place, the Regions and accounts that are drawn, and the tries, the last one last."""

    name: str
    region: str
    account: str
    regions: tuple[str, ...]
    accounts: tuple[str, ...]
    tries: tuple[Try, ...]

    @classmethod
    def of(
        cls, arn: str, records: Sequence[Record], name: str, regions: Sequence[str] = (), accounts: Sequence[str] = ()
    ) -> "Places":
        """Read the records of Decrypt; Regions and accounts that are not given are those of the key and the calls.

        Raises ValueError without a record, or where one is of another place than those given.
        """
        region, account = arn.split(":")[3:5]
        tries = tuple(_try(record) for record in records)
        shown = cls(
            name, region, account, tuple(dict.fromkeys(regions or (region, *(t.region for t in tries)))),
            tuple(dict.fromkeys(accounts or (account, *(t.account for t in tries)))), tries,
        )  # fmt: skip
        if not tries or any(t.region not in shown.regions or t.account not in shown.accounts for t in tries):
            raise ValueError("give records of Decrypt, made in the Regions and by the accounts that are drawn")
        return shown

    @property
    def last(self) -> Try:
        return self.tries[-1]

    @property
    def tried(self) -> tuple[Try, ...]:
        """The newest try of each place, in the order in which they are drawn."""
        newest = (self.newest(region, account) for region in self.regions for account in self.accounts)
        return tuple(found for found in newest if found)

    def newest(self, region: str, account: str) -> Try | None:
        return next((t for t in reversed(self.tries) if (t.region, t.account) == (region, account)), None)

    def here(self, region: str, account: str) -> bool:
        """Whether this is the key's own place."""
        return (region, account) == (self.region, self.account)

    @property
    def title(self) -> str:
        """The message of the picture."""
        opened, tried = sum(not t.code for t in self.tried), len(self.tried)
        if 0 < opened < tried:
            return f"Of {NUMBERS[tried]} places, the key opens its bytes in {NUMBERS[opened]}"
        if opened:
            return "In its own place the key opens its bytes"
        return "Outside its own place the bytes stay closed"


def _try(record: Record) -> Try:
    event = record.event
    message = RANDOM.sub("…", str(event.get("errorMessage") or ""))
    named = RANDOM.sub("…", str(record.parameters.get("keyId", "")))
    return Try(event["awsRegion"], event["userIdentity"]["accountId"], named, record.error, message,
               record.returned.get("Plaintext", 0))  # fmt: skip


def places(facts: Places, *, canvas: int = WIDE) -> Picture:
    """Draw the Regions, the accounts in each, the one that has the key, and the answers."""
    second = "Decrypt of one ciphertext, asked in two Regions and by two accounts"
    told = " ".join(_sentence(t) for t in facts.tried)
    alt = f"The key {facts.name} belongs to account {facts.account} in {facts.region}. {told} {facts.last.message}"
    drawings = [
        Drawing(name, facts.title, alt.strip(), second=second, width=width, lines=2 if width == NARROW else 1)
        for name, width in (("places", canvas), ("places-narrow", NARROW))
    ]
    wide, narrow = (render(d, _laid(facts, d.width), above=0 if d.width == LAB else 12) for d in drawings)
    data = table(
        ["Region", "account", "KeyId given", "answer"],
        [(t.region, t.account, t.named or "none", t.words) for t in facts.tried],
    )
    line = "; ".join(f"{t.account} in {t.region}: {t.words}" for t in facts.tried)
    return Picture(facts.title, alt.strip(), wide, narrow, data, f"Decrypt of the same bytes: {line}")


def _sentence(t: Try) -> str:
    named = f", KeyId {t.named}" if t.named else ""
    return f"Account {t.account} in {t.region}{named}: {t.words}."


def _laid(facts: Places, canvas: int) -> Column:
    boxes: list[Part] = [_region(facts, region, canvas) for region in facts.regions]
    laid = Column(boxes, gap=22) if canvas == NARROW else Row(boxes, gap=12)
    return Column([Gap(2), laid, _answer(facts.last, canvas)], gap=10 if canvas == LAB else 14)


def _region(facts: Places, region: str, canvas: int) -> Box:
    """A Region: its accounts, and its HSMs, which are no account's."""
    accounts = [_account(facts, region, account, canvas) for account in facts.accounts]
    plate = Scene(PLATE, partial(_plate, region, region == facts.region))
    inside = Column([*accounts, plate], gap=12 if canvas == LAB else 18)
    return Box(inside, sides=10, above=22, below=12, frame=partial(scene.region, name=region))


def _account(facts: Places, region: str, account: str, canvas: int) -> Box:
    """An account in a Region: the logical key or nothing, and the answer that was given there."""
    found, room = facts.newest(region, account), INSIDE[canvas]
    inside: Part = Box(Middle(Text("no such key here", NOTE, fill=SECOND, anchor="middle")), 0, 0, 0, least=room)
    if facts.here(region, account):
        inside = Scene(room, lambda d, x, y, w: scene.tagged_card(d, x, y + 12, w, room - 12, facts.name))
    if canvas == LAB and account != facts.account:  # there is little room
        inside = Gap()
    cell = Column([inside, _cell(found, loud=found is facts.last)], gap=6)
    return Box(cell, sides=8, above=16, below=8, frame=partial(scene.account, name=f"account {account}"))


def _plate(region: str, holds: bool, d: Drawing, x: float, y: float, width: float) -> None:
    scene.plate(d, x, y, width, PLATE)
    if holds:
        scene.material_key(d, x + 48, y + PLATE / 2, 1, 1.2)
    words = f"HSMs of {region}" if holds else f"HSMs of {region}: not it"
    d.text(x + width - 16, y + PLATE / 2 + 4.5, words, NOTE, fill=WHITE, anchor="end")


def _cell(found: Try | None, *, loud: bool) -> Box:
    if found is None:
        words = Text(NOT_TRIED, NOTE, fill=SECOND, anchor="middle", leading=ANSWER)
        return Box(words, 4, 5, 5, fill=WASH, r=6)
    tone = DENIED if found.code else ALLOWED
    answer = outcome(not found.code, found.words, NOTE, leading=ANSWER)
    return Box(answer, 4, 5, 5, fill=tone.wash if loud else WHITE, stroke=tone.mark if loud else None, r=6)


def _answer(last: Try, canvas: int) -> Box:
    """What came back to the last call, in a place of the same height for every answer."""
    if last.code:
        return refusal(last.code, last.message, least=ROOM[canvas])
    said = f"Account {last.account}, in {last.region}: {size(last.returned)} of plaintext came back."
    return framed(Column([outcome(True, "Opened"), Text(said, leading=18)], gap=6), ALLOWED, least=ROOM[canvas])
