"""What the rotation table knows, and says: the kinds, a year, and what became of an old sheet's sentences."""

from msgspec import Struct

from kms_teach.chapters.rotation.sheet import (
    CHOICE_OF_MANY,
    FALSE,
    OLD_SHEET,
    TRUE,
    RotationClaim,
    holds,
    verdict,
    verdict_in,
)
from kms_teach.drawing.look import MONTHS
from kms_teach.drawing.picture import Table, table
from kms_teach.keys.ownership import LAUNCH, READ_ON, Kind, Rotation, kind

COVERED = "covered"
NOW = f"{MONTHS[READ_ON.month - 1]} {READ_ON.year}"


class Facts(Struct, frozen=True):
    """The kinds, the year to set off (None: today), the old sheet's lines about these kinds.

    Of the kinds that are `covered` nothing is told about how often, until the learner has dated it.
    """

    kinds: tuple[Kind, ...]
    year: int | None = None
    claims: tuple[RotationClaim, ...] = OLD_SHEET
    covered: frozenset[str] = frozenset()

    def held(self, of: Kind) -> tuple[Rotation, ...]:
        """How a kind was rotated in the year, or is today."""
        return of.rotations[-1:] if self.year is None else of.in_year(self.year)

    def dated(self, claim: RotationClaim) -> str:
        """What became of a claim, in words."""
        return verdict(claim) if self.year is None else verdict_in(claim, self.year)

    def outcome(self, claim: RotationClaim) -> str:
        """Whether a claim held in the year, or does today: true, false, or not quite."""
        outcomes = {holds(claim, rotation) for rotation in self.held(kind(claim.kind))}
        return outcomes.pop() if len(outcomes) == 1 else CHOICE_OF_MANY


def said(facts: Facts) -> list[str]:
    """Say for each kind how it was rotated in the year, or is today."""
    return [f"{k.name}: {COVERED if k.name in facts.covered else k.told(facts.year)}." for k in facts.kinds]


def title(facts: Facts) -> str:
    """Say in one sentence what became of the sheet's sentence that is no longer true."""
    if facts.covered:
        return f"{len(facts.covered)} of {len(facts.kinds)} bars covered: date a claim to lift one"
    fallen = next((c for c in facts.claims if holds(c, kind(c.kind).rotations[-1]) == FALSE), None)
    if fallen is None:
        return "Who rotates a KMS key, and how often"
    words = fallen.words.capitalize()
    if facts.year is None:
        return f"“{words}” has not been true since {kind(fallen.kind).rotations[-1].since_words}"
    outcomes = [holds(fallen, rotation) for rotation in facts.held(kind(fallen.kind))]
    if FALSE not in outcomes:
        return f"In {facts.year} “{words.lower()}” was true"
    return f"In {facts.year} “{words.lower()}” {'stopped being true' if TRUE in outcomes else 'was true no more'}"


def second(facts: Facts, *, brief: bool = False) -> str:
    """Say what is drawn, and what the colours mean."""
    if facts.covered:
        return f"How often a KMS key is rotated, {LAUNCH.year} to today; the flag is on {facts.year}"
    if brief:
        return f"How often a KMS key is rotated. Blue held in {facts.year}, grey did not."
    colours = "Blue holds today, grey did once." if facts.year is None else f"Blue held in {facts.year}, grey did not."
    return f"How often a KMS key is rotated, {LAUNCH.year} to today. {colours}"


def alt(facts: Facts) -> str:
    """Say the picture in reading order."""
    told = [f"Who rotates a KMS key and how often, {LAUNCH.year} to {NOW}."]
    for k in facts.kinds:
        periods = [f"{r.words} until {k.ended(r)}" for r in k.rotations[:-1]] + [f"{k.rotations[-1].words} today"]
        if k.name in facts.covered:
            periods = [COVERED]
        can = f"you {'see' if k.you_see else 'do not see'} it, you {'manage' if k.you_manage else 'do not manage'} it"
        alone = f"it is {'' if k.yours_alone else 'not '}used only for your account"
        told.append(f"{k.name}: {can}, {alone}; who rotates it: {k.who_rotates}. How often: {'; '.join(periods)}.")
    if facts.year:
        told += [f"In {facts.year}:", *said(facts)]
    if facts.covered:
        return " ".join(told)
    told.append("An old exam sheet says:")
    told += [f"{claim.kind}, {_rotate(claim)}: {facts.dated(claim)}." for claim in facts.claims]
    return " ".join(told)


def data(facts: Facts) -> Table:
    """Give a row for each period of each kind."""
    rows = [
        (
            k.name,
            yes(k.you_see),
            yes(k.you_manage),
            yes(k.yours_alone),
            k.who_rotates,
            *((COVERED, "", "") if k.name in facts.covered else _dated(k, r)),
        )
        for k in facts.kinds
        for r in (k.rotations[:1] if k.name in facts.covered else k.rotations)
    ]
    return table(
        (
            "kind",
            "you see it",
            "you manage it",
            "used only for your account",
            "who rotates it",
            "how often",
            "from",
            "until",
        ),
        rows,
    )


def _dated(of: Kind, r: Rotation) -> tuple[str, str, str]:
    return r.words, r.since_words or str(r.since.year), of.ended(r) or "today"


def yes(value: bool) -> str:
    """Write a yes or a no."""
    return "yes" if value else "no"


def _rotate(claim: RotationClaim) -> str:
    return "rotate varies" if claim.days is None else f"rotate {claim.days} days"


def line(claim: RotationClaim) -> str:
    """Write a claim as the old sheet did."""
    of = kind(claim.kind)
    return f"view {yes(of.you_see)}, manage {yes(of.you_manage)}, {_rotate(claim)}"
