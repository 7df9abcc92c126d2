"""Watching, counting and paying on one page: an event, a last use, a bill, a quota, a key store that is cut off."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct

from kms_teach.chapters.watching.bill import Bill, dollars
from kms_teach.chapters.watching.key_stores import Chain
from kms_teach.chapters.watching.looked_up import Seen
from kms_teach.chapters.watching.ways import parts
from kms_teach.drawing.look import DATA_KEY, KMS, MATERIALS, day
from kms_teach.drawing.page import Panel, outcomes, page
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.trail import Record

TITLE = "The trail tells who used a key; the caller's account pays"
LONG, TALL = 190, 26  # px: of the bar of the bill
COLUMNS, BETWEEN = (124, 40, 106), 8  # px of width: what was done, an arrow, what became of it; between them


class WatchingPage(Struct, frozen=True):
    """What the chapter's calls showed. `throttled`: a call over the quota, and one of another account meanwhile."""

    read: tuple[Seen, ...]
    usage: Mapping[str, Any]
    bill: Bill
    throttled: tuple[Record, Record]
    cut: Chain

    def __post_init__(self) -> None:
        if not (self.read and self.usage["KeyLastUsage"] and self.cut.code):
            raise ValueError("give events, the usage of a key that was used, and a call to a key store that is cut off")

    @property
    def panels(self) -> Sequence[Panel]:
        last = self.usage["KeyLastUsage"]
        over, other = self.throttled
        total = dollars(self.bill.total)
        return (
            _told(
                "An event says who, where from, about what",
                [(dict(each.context).get("ship") or each.pairs, not each.error, "read") for each in self.read[:3]],
                f"{self.read[0].who} from {self.read[0].source}: the encryption context tells what was read. Plaintext "
                "and ciphertext are in no event.",
            ),
            _told(
                "A last use is a call that went well",
                [(last["Operation"], True, day(last["Timestamp"]))],
                "GetKeyLastUsage: refused calls and looks do not count. The event history ends after 90 days, this "
                "does not.",
            ),
            Panel(
                f"These keys cost {total} a month",
                "Each key and each replica $1, the first two rotations $1 each; requests $0.03 for 10,000, paid by the "
                "caller's account.",
                partial(_bar, self.bill),
            ),
            _told(
                "An account has one quota in a Region",
                [("over the quota", over.worked, "answered"), ("another account", other.worked, "answered")],
                f"{over.error}: retry with back-off, keep data keys, or ask for more.",
            ),
            _told(
                "Whoever holds the key can cut it off", [(self.cut.operation, False, "")],
                f"It stops before the {self.cut.broken}: {self.cut.code}, and the key reads {self.cut.state}.",
            ),
        )  # fmt: skip


def _told(message: str, marks: Sequence[tuple[str, bool, str]], evidence: str) -> Panel:
    """Calls, and what became of each: the word for it where it went well, else that it was refused."""
    told = [(done, well, word if well else "refused") for done, well, word in marks]
    return Panel(message, evidence, partial(outcomes, told, COLUMNS, BETWEEN))


def watching_page(facts: WatchingPage) -> Picture:
    """Draw the chapter on one page."""
    read = ", ".join(f"{seen.pairs}: {seen.error or 'read'}" for seen in facts.read)
    line = f"{read}; last use {day(facts.usage['KeyLastUsage']['Timestamp'])}; bill {dollars(facts.bill.total)}; "
    line += f"over the quota: {facts.throttled[0].error}; cut off: {facts.cut.code}"
    return page("watching", TITLE, facts.panels, f"Watching on one page: {line}")


def _bar(bill: Bill, d: Drawing, x: float, y: float) -> None:
    """The parts of a bill one after the other."""
    left, total = x - LONG / 2 - 20, float(bill.total)
    tones = (KMS.mark, KMS.text), (MATERIALS[1].fill, MATERIALS[1].edge), (DATA_KEY.mark, DATA_KEY.text)
    at = left
    for (name, amount), (fill, edge) in zip(parts(bill), tones, strict=True):
        long = float(amount) / total * LONG
        if long >= 1:
            d.rect(at, y - TALL / 2, long, TALL, 3, fill=fill, stroke=edge, thick=1)
            d.text(at + 2, y + TALL / 2 + 16, name, 12)
        at += long
    d.text(left + LONG + 12, y + 4.6, dollars(bill.total), weight=700)
