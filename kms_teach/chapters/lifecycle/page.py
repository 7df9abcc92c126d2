"""Life and death of a key on one page: the wait, the way back, material of one's own, and shredding."""

from dataclasses import dataclass

from kms_teach.chapters.lifecycle.shredding import Shredding
from kms_teach.drawing.page import Shown, page
from kms_teach.drawing.picture import Picture
from kms_teach.trail import Record

TITLE = "Until the day of its deletion a key can be saved, and after it nothing can"


@dataclass(frozen=True, slots=True)
class LifecycleFacts:
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
            "No deletion is quick, and none stops late",
            (("in 1 day", too_soon.worked), ("used meanwhile", waiting.worked)),
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
            "Imported material comes back as itself",
            (("expired", expired.worked), ("same bytes", back.worked)),
            f"Expired: {expired.error or 'it worked'}. Imported again, the same bytes: {back.error or 'it worked'}.",
        )
        shut, open_ = len(shredded.shut), len(shredded.open)
        shred = Shown(
            "One key gone shuts every ciphertext",
            (("ciphertexts", bool(shredded.copies) and not shut), ("plaintexts", bool(open_))),
            f"{shut} copies under {shredded.name} are shut, wherever they are. In plaintext: {open_}, open as before.",
        )
        return cls((wait, way_back, own, shred))


def lifecycle_page(facts: LifecycleFacts) -> Picture:
    """Draw the chapter on one page."""
    line = "; ".join(shown.line for shown in facts.panels)
    return page("lifecycle-page", TITLE, [shown.panel for shown in facts.panels], f"Life of a key on one page: {line}")
