"""A KMS key on one page: a name, a secret that stays, one Region and account, and one kind of three that is yours."""

from dataclasses import dataclass
from functools import partial

from kms_teach.chapters.key.kinds import MANAGERS, KindsFacts
from kms_teach.chapters.key.places import Places
from kms_teach.drawing import look, scene
from kms_teach.drawing.page import Panel, Shown, page
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.trail import Record

TITLE = "A KMS key is a name for you, and a secret for the HSM"
CARD, PLATE, BETWEEN = (140, 56), (96, 56), 20  # px: the logical key, the plate, from one to the other


@dataclass(frozen=True, slots=True)
class KeyPage:
    """What the chapter's calls showed: the key made, its secret asked for, its places, its kind."""

    name: str
    fields: int  # that CreateKey answered
    refused: tuple[tuple[str, str], ...]  # operations that were asked for the secret, and the error's code
    where: Places
    kinds: KindsFacts

    @classmethod
    def of(cls, made: Record, asked: tuple[Record, ...], where: Places, kinds: KindsFacts) -> "KeyPage":
        """Read them off the records of CreateKey and of calls that were refused, and what two pictures show.

        Raises ValueError for other records.
        """
        answer = (made.event.get("responseElements") or {}).get("keyMetadata")
        if made.operation != "CreateKey" or answer is None or not asked or not all(record.error for record in asked):
            raise ValueError("give a CreateKey that worked, and calls for the key that were refused")
        return cls(where.name, len(answer), tuple((r.operation, r.error) for r in asked), where, kinds)

    @property
    def panels(self) -> tuple[Panel, ...]:
        told = ", ".join(f"{operation}: {code}" for operation, code in self.refused)
        tried = self.where.tried
        places = tuple(
            (f"in {t.region}" if t.account == self.where.account else "by others", not t.code) for t in tried
        )
        changed = tuple((MANAGERS_SHORT[name], not shown.changed[1]) for name, shown in self.kinds.shown)
        operation = self.kinds.shown[0][1].changed[0]
        return (
            Panel(
                "You hold a name and settings",
                f"CreateKey answered {self.fields} fields; none of them is the key itself.",
                partial(_two_parts, self.name),
            ),
            Shown(
                "Its secret stays in the HSM", tuple((operation, False) for operation, _ in self.refused), f"{told}."
            ).panel,
            Shown(
                "One Region, one account", places,
                f"The same bytes to Decrypt: opened in {sum(not t.code for t in tried)} of {len(tried)} places.",
            ).panel,
            Shown(
                "Yours to manage: one kind of three", changed,
                f"{operation} tried on both. An AWS owned key has no name that you could call.",
            ).panel,
        )  # fmt: skip


MANAGERS_SHORT = {name: name.lower().replace("aws", "AWS").removesuffix(" managed") for name in MANAGERS.values()}


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
