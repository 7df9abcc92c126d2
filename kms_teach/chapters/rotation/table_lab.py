"""The lab of the rotation table: choose a year and see what held then; choose a claim and date it."""

from kms_teach.chapters.rotation.claims import NEWER, OLD_SHEET, Claim, turned, verdict, verdict_in
from kms_teach.chapters.rotation.table import rotation_table
from kms_teach.keys.ownership import KINDS, LAUNCH, READ_ON, kind
from kms_teach.teaching.controls import button, choice, slider
from kms_teach.teaching.lab import Lab

FIRST = 2019  # the year shown at first: old enough to differ, and old sheets are of about then


class RotationTableLab(Lab):
    """Who rotated which keys how often, by year. The learner dates a claim by finding the year in which it turned."""

    def __init__(self) -> None:
        self.year = slider("Year", LAUNCH.year, READ_ON.year, FIRST)
        self.year.readout_format = "d"  # a year is written without a comma
        self.claim = choice("Claim", [(f"{c.kind}: {c.words}", c) for c in (*OLD_SHEET, *NEWER)], OLD_SHEET[1])
        self.turned = button("It turned in this year")
        self.never = button("It never turned")
        super().__init__([self.year, self.claim, self.turned, self.never], "Rotation by year")
        self.on(self.year, self._look)
        self.on(self.claim, self._ask)
        self.on(self.turned, self._date)
        self.on(self.never, self._deny)
        self._look()

    def _look(self) -> None:
        year = self.year.value
        told = " ".join(f"{k.name} keys: {k.told(year)}." for k in KINDS)
        self.show(rotation_table(KINDS, year), f"In {year}. {told}")

    def _ask(self) -> None:
        self.say(
            f"{_quoted(self.claim.value)}: find the year in which it turned true or false, or say that it never did."
        )

    def _date(self) -> None:
        claim, year = self.claim.value, self.year.value
        at = turned(claim)
        if at and at.year == year:
            self.say(f"{_quoted(claim)}: {verdict(claim)}. Source: {kind(claim.kind).source}.", word="Right")
            return
        where = "" if at is None else f" Look {'later' if at.year > year else 'earlier'}."
        self.say(
            f"{_quoted(claim)}: {verdict_in(claim, year)}.{where}", mistake=True, word=f"It did not turn in {year}"
        )

    def _deny(self) -> None:
        claim = self.claim.value
        if turned(claim) is None:
            self.say(f"{_quoted(claim)}: {verdict(claim)}. Source: {kind(claim.kind).source}.", word="Right")
        else:
            self.say(f"{_quoted(claim)} turned once: move the year and compare.", mistake=True, word="It did")


def _quoted(claim: Claim) -> str:
    return f"“{claim.kind}: {claim.words}”"
