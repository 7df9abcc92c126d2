"""An old sheet on rotation: what it claims, and the years in which each claim was true.

Every verdict is read from the table of `keys.ownership`, so that a claim and the table cannot disagree.
"""

from datetime import date
from itertools import pairwise

from msgspec import Struct

from kms_teach.keys.calendar import ON_DEMAND_MAX
from kms_teach.keys.ownership import Rotation, kind

TRUE, CHOICE_OF_MANY, FALSE = "true", "one option", "false"


class RotationClaim(Struct, frozen=True):
    """A sentence that circulates: `kind` is rotated every `days` (None: AWS does not tell), or on demand."""

    kind: str
    days: int | None
    on_demand: bool = False

    @property
    def words(self) -> str:
        return "on demand" if self.on_demand else "varies" if self.days is None else f"every {self.days:,} days"


# The lines of the note that this course began with.
OLD_SHEET = (
    RotationClaim("Customer managed", 365),
    RotationClaim("AWS managed", 1095),
    RotationClaim("AWS owned", None),
)
NEWER = (
    RotationClaim("AWS managed", 365),
    RotationClaim("Customer managed", 180),
    RotationClaim("Customer managed", None, on_demand=True),
)

# How often a key can be rotated on demand, by the year from which it is so: botocore's models of 12 Apr 2024 and of
# 16 Feb 2026
ON_DEMAND_LIMITS = {2024: 10, 2026: ON_DEMAND_MAX}


def footnotes(year: int | None = None) -> tuple[str, ...]:
    """What a year's table leaves out, or today's."""
    limits = [limit for since, limit in ON_DEMAND_LIMITS.items() if year is None or since <= year]
    return (
        "Automatic rotation exists for symmetric keys whose material KMS made.",
        f"On demand: at most {limits[-1]} times for each key." if limits else "On demand: not before April 2024.",
        "AWS managed keys: since 2021 no new service makes one.",
    )


def holds(claim: RotationClaim, rotation: Rotation) -> str:
    """Whether a claim is true, one option of several, or false while a kind is rotated so."""
    if claim.on_demand:
        return TRUE if rotation.on_demand else FALSE
    if claim.days is None or rotation.days is None:
        return TRUE if claim.days is None and rotation.days is None else FALSE
    shortest, longest = rotation.days
    if not shortest <= claim.days <= longest:
        return FALSE
    return TRUE if shortest == longest else CHOICE_OF_MANY


def turned(claim: RotationClaim) -> date | None:
    """The day on which a claim became true or false; None if it has been the same all along."""
    told = [(r.since, holds(claim, r)) for r in kind(claim.kind).rotations]
    return next((since for (_, before), (since, after) in pairwise(told) if before != after), None)


def verdict(claim: RotationClaim) -> str:
    """Date a claim: "still true", "true until May 2022", "one option since 12 Apr 2024", "never true"."""
    today = kind(claim.kind).rotations[-1]
    outcome = holds(claim, today)
    if turned(claim) is None:
        return {TRUE: "still true", FALSE: "never true"}.get(outcome, outcome)
    return f"true until {today.since_words}" if outcome == FALSE else f"{outcome} since {today.since_words}"


def verdict_in(claim: RotationClaim, year: int) -> str:
    """What a claim was in a year: "true in 2019", "not true in 2026", "true until May 2022, then false"."""
    told = kind(claim.kind).in_year(year)
    outcomes = list(dict.fromkeys(holds(claim, r) for r in told))
    if not outcomes:
        return "no KMS yet"
    if len(outcomes) == 1:
        return {TRUE: f"true in {year}", FALSE: f"not true in {year}"}.get(outcomes[0], f"{outcomes[0]} in {year}")
    before, after = outcomes
    return f"{before} until {told[-1].since_words}, then {after}"
