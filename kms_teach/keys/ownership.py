"""Who owns a KMS key, sees it, manages it, rotates it: the three kinds, with the years in which each was true.

Sources, read in Nov 2026: KMS Developer Guide, "AWS KMS keys" (concepts), "Rotate AWS KMS keys", "Resource quotas" and
its document history (first entry: 12 Nov 2014); AWS API changes of 12 Apr 2024. The guide's oldest copies that could be
read are of 2019: what they say is taken to hold from the launch on.
"""

from datetime import date

from msgspec import Struct

from kms_teach.keys.calendar import ROTATION_PERIOD_MAX, ROTATION_PERIOD_MIN


class Rotation(Struct, frozen=True):
    """How a kind of key was rotated from one day to another (`until` is the first day on which it no longer held)."""

    since: date
    until: date | None
    words: str
    days: tuple[int, int] | None  # shortest and longest period; None: not told
    on_demand: bool = False
    since_words: str = ""  # as precisely as the source says when it began


class Kind(Struct, frozen=True):
    """One of the three kinds of KMS key."""

    name: str
    you_see: bool
    you_manage: bool
    yours_alone: bool  # used only for your account
    who_rotates: str
    rotations: tuple[Rotation, ...]
    source: str

    def rotation(self, day: date) -> Rotation | None:
        """How it was rotated on a day; None before KMS existed."""
        return next((r for r in self.rotations if r.since <= day and (r.until is None or day < r.until)), None)

    def in_year(self, year: int) -> tuple[Rotation, ...]:
        """How it was rotated in a year: two where it changed in between, none before KMS existed."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        return tuple(r for r in self.rotations if r.since <= last and (r.until is None or first < r.until))

    def ended(self, rotation: Rotation) -> str:
        """When one of its rotations stopped, as precisely as the source says it; "" while it holds."""
        return next((r.since_words for r in self.rotations if r.since == rotation.until), "")

    def told(self, year: int | None = None) -> str:
        """How it was rotated in a year, or is today, in words; with the day of a change in that year."""
        told = self.rotations[-1:] if year is None else self.in_year(year)
        changed = [f"{r.words} until {self.ended(r)}" for r in told[:-1]]
        return ", then ".join([*changed, *(r.words for r in told[-1:])])


LAUNCH = date(2014, 11, 12)  # the first entry of the guide's document history
YEARLY = date(2022, 5, 1)  # "May 2022": the guide gives no day
CHOICE = date(2024, 4, 12)
READ_ON = date(2026, 11, 24)  # the day to which all this was checked

# fmt: off
KINDS = (
    Kind(
        "Customer managed", True, True, True, "you choose; it is off unless you switch it on",
        (
            Rotation(LAUNCH, CHOICE, "if switched on: every 365 days, no other period", (365, 365)),
            Rotation(
                CHOICE, None, f"{ROTATION_PERIOD_MIN} to {ROTATION_PERIOD_MAX:,} days, and on demand",
                (ROTATION_PERIOD_MIN, ROTATION_PERIOD_MAX), on_demand=True, since_words="12 Apr 2024",
            ),
        ),
        "AWS API changes, 12 Apr 2024",
    ),
    Kind(
        "AWS managed", True, False, True, "AWS, always; you cannot switch it off",
        (
            Rotation(LAUNCH, YEARLY, "every 1,095 days (3 years)", (1095, 1095)),
            Rotation(YEARLY, None, "every 365 days (about a year)", (365, 365), since_words="May 2022"),
        ),
        "KMS Developer Guide, “Rotate AWS KMS keys”",
    ),
    Kind(
        "AWS owned", False, False, False, "AWS",
        (Rotation(LAUNCH, None, "varies: AWS decides, and you do not see it", None),),
        "KMS Developer Guide, “AWS owned keys”",
    ),
)
# fmt: on


def kind(name: str) -> Kind:
    """The kind of this name. KeyError for none of the three."""
    return {k.name: k for k in KINDS}[name]
