"""A KMS key on one page: a name, a secret that stays, one Region and account, and one kind of three that is yours."""

from collections.abc import Sequence
from functools import partial

from msgspec import Struct

from kms_teach.chapters.key.kinds import KindsFacts
from kms_teach.chapters.key.places import Places
from kms_teach.drawing import look, scene
from kms_teach.drawing.answers import outcome
from kms_teach.drawing.layout import Gap, Part, Text, grid
from kms_teach.drawing.page import Panel, centred, page
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.trail import Record

TITLE = "A KMS key is a name for you, and a secret for the HSM"
CARD, PLATE, BETWEEN = (168, 56), (88, 56), 16  # px: the logical key, the plate, from one to the other

STEP, GAP = 20, 10  # px: from line to line, between columns
ASKED, WHO, PLACE = (168, 98), 52, 90  # px of width: a call and its answer; who asked, and each Region's answer


class KeyPage(Struct, frozen=True):
    """What the chapter's calls showed: the key made, its secret asked for, its places, its kind."""

    name: str
    fields: int  # that CreateKey answered
    refused: tuple[tuple[str, str], ...]  # operations that were asked for the secret, and the error's code
    where: Places
    kinds: KindsFacts

    @classmethod
    def of(cls, made: Record, asked: Sequence[Record], where: Places, kinds: KindsFacts) -> "KeyPage":
        """Read them off the records of CreateKey and of calls that were refused, and what two pictures show.

        Raises ValueError for other records.
        """
        answer = (made.event.get("responseElements") or {}).get("keyMetadata")
        if made.operation != "CreateKey" or answer is None or not asked or not all(record.error for record in asked):
            raise ValueError("give a CreateKey that worked, and calls for the key that were refused")
        return cls(where.name, len(answer), tuple((r.operation, r.error) for r in asked), where, kinds)

    @property
    def panels(self) -> tuple[Panel, ...]:
        told = " and ".join(dict.fromkeys(code for _, code in self.refused))
        tried = self.where.tried
        changed = [(name, not shown.changed[1]) for name, shown in self.kinds.shown]
        operation = self.kinds.shown[0][1].changed[0]
        return (
            Panel(
                "You hold a name and settings",
                f"CreateKey answered {self.fields} fields; none of them is the key itself.",
                partial(_two_parts, self.name),
            ),
            Panel(
                "The secret stays in the HSM",
                f"KMS answered {told}. No operation gives it out.",
                partial(_answers, [(operation, False) for operation, _ in self.refused], ("", "refused")),
            ),
            Panel(
                "One Region, one account",
                f"The same bytes to Decrypt: opened in {sum(not t.code for t in tried)} of {len(tried)} places.",
                partial(_places, self.where),
            ),
            Panel(
                "One kind of three is yours",
                f"{operation} was tried on both. An AWS owned key has no name that you could call.",
                partial(_answers, changed, ("changed", "refused")),
            ),
        )  # fmt: skip


def key_page(facts: KeyPage) -> Picture:
    """Draw the chapter on one page."""
    opened = sum(not t.code for t in facts.where.tried)
    line = (
        f"A key on one page: {facts.fields} fields; refused: {len(facts.refused)}; opened in {opened} of "
        f"{len(facts.where.tried)} places; {len(facts.kinds.shown)} kinds asked"
    )
    return page("key", TITLE, facts.panels, line)


def _two_parts(name: str, d: Drawing, x: float, y: float) -> None:
    """The logical key's card, and the plate with its material beside it."""
    (card, high), (plate, tall) = CARD, PLATE
    left = x - (card + BETWEEN + plate) / 2
    scene.tagged_card(d, left, y - high / 2 + 8, card, high, name)
    d.text(left + card / 2, y + 22, "name, policy, state", look.NOTE, fill=look.SECOND, anchor="middle")
    scene.plate(d, left + card + BETWEEN, y - tall / 2 + 8, plate, tall)
    scene.material_key(d, left + card + BETWEEN + plate / 2 - 4, y + 8, 1)


def _answers(calls: Sequence[tuple[str, bool]], words: tuple[str, str], d: Drawing, x: float, y: float) -> None:
    """What was asked, one below the other, and the word for yes or no."""
    rows: list[list[Part]] = [
        [Text(asked, leading=STEP), outcome(went, words[0] if went else words[1], look.LABEL, leading=STEP)]
        for asked, went in calls
    ]
    centred(d, x, y, grid(rows, ASKED, gap=GAP), sum(ASKED) + GAP)


def _places(where: Places, d: Drawing, x: float, y: float) -> None:
    """The Regions beside each other, the accounts below each other."""
    heads: list[Part] = [Gap(), *(Text(region, look.NOTE, fill=look.SECOND) for region in where.regions)]
    rows = [heads]
    for account in where.accounts:
        found = [where.newest(region, account) for region in where.regions]
        name = Text("you" if account == where.account else "others", leading=STEP)
        rows.append([name, *(_opened(t is not None and not t.code) for t in found)])
    widths = [WHO, *[PLACE] * len(where.regions)]
    centred(d, x, y, grid(rows, widths, gap=GAP, apart=6), sum(widths) + GAP * len(where.regions))


def _opened(yes: bool) -> Part:
    return outcome(yes, "opens" if yes else "closed", look.LABEL, leading=STEP)
