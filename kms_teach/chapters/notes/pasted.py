"""A cram sheet that was pasted: which of its sentences say what a dated claim says."""

from collections.abc import Sequence

from msgspec import Struct

from kms_teach.inspect.claim import Claim, Finding
from kms_teach.inspect.wording import sentences
from kms_teach.teaching import catalog

LONGEST = 20_000  # characters of a sheet; more is another document
MOST = 200  # sentences that are looked up


class Line(Struct, frozen=True):
    """A sentence of the sheet, and the claim that it makes; None when it is not known here."""

    sentence: str
    claim: Claim | None


def claims() -> tuple[Claim, ...]:
    """The claims of all chapters, in the order of the course."""
    return tuple(claim for module in catalog.every("claims") for claim in module.CLAIMS)


def claim(name: str) -> Claim:
    """The claim of this id. Raises KeyError for none."""
    return {each.id: each for each in claims()}[name]


def tried(*names: str) -> tuple[Finding, ...]:
    """What the runs of these claims show, made now."""
    return tuple(Finding.of(claim(name)) for name in names)


def made_by(sentence: str) -> Claim | None:
    """The claim that a sentence makes. Where two would fit, it says something that neither does: none."""
    fitting = [each for each in claims() if each.words.fit(sentence)]
    return fitting[0] if len(fitting) == 1 else None


def lines(sheet: str) -> Sequence[Line]:
    """Look up each sentence of a sheet.

    Raises ValueError for a sheet without a sentence, and for one that is too long.
    """
    found = sentences(sheet)
    if not found:
        raise ValueError("paste a sentence first, or several, one on each line")
    if len(sheet) > LONGEST or len(found) > MOST:
        raise ValueError(f"that is too much at once: paste at most {MOST} sentences, or {LONGEST:,} letters")
    return tuple(Line(sentence, made_by(sentence)) for sentence in found)
