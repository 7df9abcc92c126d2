"""The lab of the rotation table: choose a year and see what held then; choose a claim and date it."""

from kms_teach.chapters.rotation.sheet import NEWER, OLD_SHEET, RotationClaim, turned, verdict, verdict_in
from kms_teach.chapters.rotation.table import rotation_table
from kms_teach.drawing.look import LAB
from kms_teach.keys.ownership import KINDS, LAUNCH, READ_ON, kind
from kms_teach.teaching.controls import button, choice, slider
from kms_teach.teaching.lab import Lab

FIRST = 2019  # the year shown at first: old enough to differ, and old sheets are of about then


class RotationTableLab(Lab):
    """Who rotated which keys how often, by year.

    A kind's bar is covered until the learner has dated a claim about it, by finding the year in which it turned.
    """

    def __init__(self) -> None:
        self.covered = {k.name for k in KINDS}
        self.year = slider("Year", LAUNCH.year, READ_ON.year, FIRST)
        self.year.readout_format = "d"  # a year is written without a comma
        self.claim = choice("Claim", [(f"{c.kind}: {c.words}", c) for c in (*OLD_SHEET, *NEWER)], OLD_SHEET[1])
        self.turned = button("It turned in this year")
        self.never = button("It never turned")
        self.uncover = button("Uncover all")
        controls = [self.claim, self.year, self.turned, self.never, self.uncover]
        super().__init__(controls, "Rotation by year", lines=8)
        self.on(self.year, self._look)
        self.on(self.claim, self._ask)
        self.on(self.turned, self._date)
        self.on(self.never, self._deny)
        self.on(self.uncover, self._uncover)
        self._draw()
        self._ask()

    def _draw(self) -> None:
        self.show(rotation_table(KINDS, self.year.value, canvas=LAB, covered=self.covered))

    def _look(self) -> None:
        self._draw()
        year = self.year.value
        told = " ".join(f"{k.name} keys: {k.told(year)}." for k in KINDS if k.name not in self.covered)
        self.say(f"In {year}. {told}" if told else f"{year}. Did {_quoted(self.claim.value)} turn in this year?")

    def _ask(self) -> None:
        self.say(
            f"{_quoted(self.claim.value)}: find the year in which it turned true or false, or say that it never did."
        )

    def _date(self) -> None:
        claim, year = self.claim.value, self.year.value
        at = turned(claim)
        if at and at.year == year:
            self._right(claim)
            return
        where = "" if at is None else f" Look {'later' if at.year > year else 'earlier'}."
        said = f": {verdict_in(claim, year)}" if claim.kind not in self.covered else ""
        self.say(f"{_quoted(claim)}{said}.{where}", mistake=True, word=f"It did not turn in {year}")

    def _deny(self) -> None:
        claim = self.claim.value
        if turned(claim) is None:
            self._right(claim)
        else:
            self.say(f"{_quoted(claim)} turned once: move the year and compare.", mistake=True, word="It did")

    def _right(self, claim: RotationClaim) -> None:
        self.covered.discard(claim.kind)
        self._draw()
        self.say(f"{_quoted(claim)}: {verdict(claim)}. Source: {kind(claim.kind).source}.", word="Right")

    def _uncover(self) -> None:
        self.covered.clear()
        self._look()


def _quoted(claim: RotationClaim) -> str:
    return f"“{claim.kind}: {claim.words}”"
