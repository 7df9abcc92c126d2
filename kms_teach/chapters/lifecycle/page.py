"""Life and death of a key on one page: the wait, the way back, material of one's own, and shredding."""

from functools import partial

from msgspec import Struct

from kms_teach.chapters.lifecycle.shredding import Copy, Shredding
from kms_teach.drawing.page import Panel, outcomes, page
from kms_teach.drawing.picture import Picture
from kms_teach.trail import Record

TITLE = "A key can be saved until its last day, and then never again"
COLUMNS, GAP = (116, 36, 98), 8  # px of width: what was done, an arrow, the answer
KMS_ANSWERS, COPIES = ("works", "refused"), ("open", "shut")


class Shown(Struct, frozen=True):
    """One message, what proves it (what was done, and how that went), in which words, and a sentence about it."""

    message: str
    marks: tuple[tuple[str, bool], ...]
    evidence: str
    words: tuple[str, str] = KMS_ANSWERS  # of what went well, and of what did not

    @property
    def told(self) -> tuple[tuple[str, bool, str], ...]:
        return tuple((done, well, self.words[not well]) for done, well in self.marks)

    @property
    def panel(self) -> Panel:
        return Panel(self.message, self.evidence, partial(outcomes, self.told, COLUMNS, GAP))

    @property
    def line(self) -> str:
        return ", ".join(f"{done}: {word}" for done, _, word in self.told)


class LifecycleFacts(Struct, frozen=True):
    """Four panels, read off the calls of a run."""

    panels: tuple[Shown, ...]

    @classmethod
    def of(
        cls, too_soon: Record, waiting: Record, cancelled: Record, enabled: Record, expired: Record, back: Record,
        shredded: Shredding,
    ) -> "LifecycleFacts":  # fmt: skip
        """Read the facts: a deletion asked for too soon; uses of the key while it waited, once it was cancelled, and
        once it was enabled; uses after its material expired and once that was imported again; the shredding."""
        wait = Shown(
            "First out of use, then gone",
            (("gone in 1 day", too_soon.worked), ("used in the wait", waiting.worked)),
            f"A window of {too_soon.parameters['pendingWindowInDays']} day: {too_soon.error}. "
            f"From the call on, {waiting.operation}: {waiting.error}.",
        )  # fmt: skip
        way_back = Shown(
            "The way back takes two calls",
            (("cancelled", cancelled.worked), ("and enabled", enabled.worked)),
            f"After CancelKeyDeletion: {cancelled.error or 'it worked'}. "
            f"After EnableKey: {enabled.error or 'it worked'}.",
        )
        own = Shown(
            "Only the same bytes help",
            (("expired", expired.worked), ("same bytes", back.worked)),
            f"Expired: {expired.error or 'it worked'}. Imported again, the same bytes: {back.error or 'it worked'}.",
        )
        shut, still_open = len(shredded.shut), len(shredded.open)
        shred = Shown(
            "One key gone, all ciphertext shut",
            tuple((f"in {'ciphertext' if c.sealed else 'plaintext'}", c.after) for c in _kinds(shredded)),
            f"{shut} copies under {shredded.name} are shut, wherever they are. "
            f"In plaintext: {still_open}, open as before.",
            COPIES,
        )
        return cls((wait, way_back, own, shred))


def _kinds(shredded: Shredding) -> list[Copy]:
    """The first copy of each kind."""
    return list({copy.sealed: copy for copy in reversed(shredded.copies)}.values())[::-1]


def lifecycle_page(facts: LifecycleFacts) -> Picture:
    """Draw the chapter on one page."""
    line = "; ".join(shown.line for shown in facts.panels)
    return page("lifecycle-page", TITLE, [shown.panel for shown in facts.panels], f"Life of a key on one page: {line}")
