"""This is who owns a key, sees it, manages it and rotates it: the three kinds, with the years in which each was true.

Sources, read in Nov 2026: KMS Developer Guide, "AWS KMS keys" and "Rotate AWS KMS keys"; its document history; AWS API
changes of 12 Apr 2024 for periods and rotation on demand.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Rotation:
    """How a kind of key was rotated from one day to another (`until` is the first day on which it no longer held)."""

    since: date
    until: date | None
    words: str
    days: tuple[int, int] | None  # shortest and longest period
    on_demand: bool = False
    since_words: str = ""  # as precisely as the source says when it began


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the three kinds of KMS key."""

    name: str
    you_see: bool
    you_manage: bool
    who_rotates: str
    rotations: tuple[Rotation, ...]
    source: str

    def rotation(self, day: date) -> Rotation | None:
        """How it was rotated on a day; None before KMS existed."""
        return next((r for r in self.rotations if r.since <= day and (r.until is None or day < r.until)), None)


LAUNCH = date(2014, 11, 12)  # AWS KMS announced at re:Invent
YEARLY = date(2022, 5, 1)  # "May 2022": the guide gives no day
CHOICE = date(2024, 4, 12)

KINDS = (
    Kind(
        "Customer managed", True, True, "you choose: off, automatic, on demand",
        (
            Rotation(LAUNCH, CHOICE, "if switched on: every 365 days, no other period", (365, 365)),
            Rotation(CHOICE, None, "90 to 2,560 days, and on demand", (90, 2560), on_demand=True, since_words="12 Apr 2024"),
        ),
        "AWS API changes, 12 Apr 2024",
    ),
    Kind(
        "AWS managed", True, False, "AWS, always; you cannot switch it off",
        (
            Rotation(LAUNCH, YEARLY, "every 1,095 days (3 years)", (1095, 1095)),
            Rotation(YEARLY, None, "every 365 days (about a year)", (365, 365), since_words="May 2022"),
        ),
        "KMS Developer Guide, “Rotate AWS KMS keys”",
    ),
    Kind(
        "AWS owned", False, False, "AWS",
        (Rotation(LAUNCH, None, "varies: AWS decides, and you do not see it", None),),
        "KMS Developer Guide, “AWS owned keys”",
    ),
)  # fmt: skip
