"""Claims: sentences about KMS that circulate, the dates between which each was true, and the run that tells of today.

The dates come from documents, because nobody can run the past; what is true today comes from the run. The two must
agree: a sentence that ended cannot still hold in all that is tried.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time

from msgspec import Struct

from kms_teach.drawing.look import day
from kms_teach.inspect.wording import Words
from kms_teach.trail import Record

TRUE, DATED, DEPENDS, WRONG = "true", "true once", "depends", "never true"
VERDICTS = (TRUE, DATED, DEPENDS, WRONG)


class Case(Struct, frozen=True):
    """One thing that was tried: whether the sentence held in it, and the call. No call: only a document tells."""

    words: str
    held: bool
    shown: str = ""
    record: Record | None = None


class Claim(Struct, frozen=True):
    """`sentences` are wordings of the same thing, the plainest first; `words` recognizes others. `fact` is true today.

    since, until: the first day on which the sentence held, and the first on which it no longer held (None: always, or
    still); when a document gives the month alone, its first day, and the month in `dated`.
    """

    id: str
    sentences: tuple[str, ...]
    words: Words
    fact: str
    source: str
    run: Callable[[], Sequence[Case]]
    since: date | None = None
    until: date | None = None
    dated: str = ""

    @property
    def sentence(self) -> str:
        return self.sentences[0]

    @property
    def turned(self) -> str:
        """The day of its last change, as precisely as a document tells; "" when it has been the same all along."""
        changed = self.until or self.since
        return self.dated or (_day(changed) if changed else "")


class Finding(Struct, frozen=True):
    """A claim, and what its run showed."""

    claim: Claim
    cases: tuple[Case, ...]

    @classmethod
    def of(cls, claim: Claim) -> "Finding":
        """Run a claim. Raises ValueError when it ended by its dates, and holds in all that was tried."""
        finding = cls(claim, tuple(claim.run()))
        if claim.until and finding.holds is True:
            raise ValueError(f"`{claim.id}` ended on {claim.until}, and yet all that was tried holds")
        return finding

    @property
    def holds(self) -> bool | None:
        """Whether it holds today; None when it holds in one case and not in another."""
        held = {case.held for case in self.cases}
        return held.pop() if len(held) == 1 else None

    @property
    def verdict(self) -> str:
        """One of VERDICTS."""
        if self.holds is True:
            return TRUE
        if self.claim.until:
            return DATED
        return WRONG if self.holds is False else DEPENDS

    def right(self, said: str) -> bool:
        """Whether this may be said of it. A sentence that ended and holds in some cases today is both."""
        return said == self.verdict or (said == DEPENDS and self.holds is None)

    @property
    def words(self) -> str:
        """The verdict with its dates: "true since 25 Nov 2019", "true until May 2022", "never true"."""
        match self.verdict:
            case "true":
                return f"true since {self.claim.turned}" if self.claim.since else "true"
            case "true once":
                return f"true until {self.claim.turned}{', today it depends' if self.holds is None else ''}"
            case other:
                return other

    def in_year(self, year: int) -> str:
        """What the sentence was at the end of a year: TRUE, DEPENDS, or WRONG."""
        last, now = date(year, 12, 31), TRUE if self.holds else DEPENDS if self.holds is None else WRONG
        if self.claim.since and last < self.claim.since:
            return WRONG
        return TRUE if self.claim.until and last < self.claim.until else now

    @property
    def call(self) -> Record | None:
        """The call to open: the first that refutes the sentence, else the first there is."""
        refuting = [case.record for case in self.cases if case.record and not case.held]
        return next(iter(refuting), next((case.record for case in self.cases if case.record), None))


def plain(words: str) -> str:
    """Words without the marks of code, for a drawing."""
    return words.replace("`", "")


def _day(at: date) -> str:
    return day(datetime.combine(at, time()))
