"""The bytes of a CiphertextBlob to scale, and the encryption contexts that belong to it as tags."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from kms_teach.chapters.encrypt.blob_facts import HIDDEN, MATERIAL_ID, TO_SCALE, BlobFacts, difference
from kms_teach.drawing import scene
from kms_teach.drawing.layout import Column, Gap, Part, Row, Text, mark
from kms_teach.drawing.lettering import shorten, width
from kms_teach.drawing.look import CARD, DENIED, INK, KMS, LAB, NOTE, RULE, SECOND, WASH
from kms_teach.drawing.svg import Drawing

BROKEN = 0.3  # of the bar, for a ciphertext that is drawn broken
CUTS = (0.5, 0.56)  # of its ciphertext, where it is cut
LABELS, ABOVE, APART = 20, 9, 10  # px: their height above the bar, of their baseline, between two
BAR, OVER = 44, 4  # px: the bar's height, how far a mark on it stands out
FLIPPED = 3  # px: a flipped byte is drawn no thinner
STRING, KNOT, INDENT = 20, 8, 26  # px: the string's way down, where it hangs, where the tags begin
TAG, LINE = 24, 18  # px of height: a tag of one line, each line more
MORE = 90  # px kept for the words that more pairs follow
LABEL_AT, GAP, END, EDGE = 20, 7, 4, 14  # px: from a tag's point to its label, between pairs, to its end, to the margin


class Bar(Struct, frozen=True):
    """The fields from end to end, each with its name or, where it is narrow, its number; a part of a layout."""

    facts: BlobFacts
    named: bool

    def height(self, width: float) -> float:
        return LABELS + BAR

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        top, first = y + LABELS, 1
        spans = list(self.spans(x, width))
        for name, size, left, each in spans:
            self._field(d, name, size, left, top, each)
        self._labels(d, spans, y + LABELS - ABOVE, x, x + width)
        for name, size, left, each in spans:
            if self.facts.flipped and name == self.facts.hit:
                at = left + (self.facts.flipped[0] - first) * each
                d.rect(at, top - OVER, max(each, FLIPPED), BAR + 2 * OVER, 1, fill=DENIED.mark)
            if name == HIDDEN and self.facts.plaintext > TO_SCALE:
                for part in CUTS:
                    cut = left + size * each * part
                    d.path("M", cut - OVER, top + BAR + OVER, "L", cut + OVER, top - OVER, stroke=CARD, thick=5)
            first += size

    def spans(self, x: float, room: float) -> Iterator[tuple[str, int, float, float]]:
        """Give each field: name, size, left end, and px for each byte."""
        facts = self.facts
        broken = facts.plaintext > TO_SCALE
        each = room * (1 - BROKEN) / (facts.size - facts.plaintext) if broken else room / facts.size
        for name, size in facts.fields:
            scale = room * BROKEN / size if broken and name == HIDDEN else each
            yield name, size, x, scale
            x += size * scale

    def _field(self, d: Drawing, name: str, size: int, x: float, y: float, each: float) -> None:
        if name == HIDDEN:
            d.hatched(x, y, size * each, BAR)
            return
        d.rect(x, y, size * each, BAR, fill=KMS.wash if name == MATERIAL_ID else WASH, stroke=INK)
        for byte in range(1, size if self.named else 0):
            d.line(x + byte * each, y + 1, x + byte * each, y + BAR - 1, stroke=RULE, thick=0.75)

    def _labels(
        self, d: Drawing, spans: Sequence[tuple[str, int, float, float]], y: float, x: float, end: float
    ) -> None:
        for at, (name, size, left, each) in enumerate(spans, 1):
            label = name if self.named else str(at)
            room = width(label, bold=True)
            start = max(x, min(left + (size * each - room) / 2, end - room))
            x = start + room + APART
            ink = DENIED.text if name == self.facts.hit else INK
            d.text(start + room / 2, y, label, weight=700, fill=ink, anchor="middle")


class Tag(Struct, frozen=True):
    """A tag with its label and pairs, those that do not fit set off; a part of a layout.

    It has at most `most` lines (0: as many as it takes), and says how many pairs are left out.
    """

    label: str
    pairs: Sequence[tuple[str, bool]]
    fits: bool
    most: int = 0

    def height(self, width: float) -> float:
        return TAG + LINE * max(line for _, line, *_ in self._places(width))

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        placed, tip = list(self._places(width)), y + TAG / 2
        base = tip + 4.5
        end = max(self._labelled, *(at + room for at, _, room, *_ in placed)) + GAP + END
        scene.tag(d, x, tip, end, self.height(width) - TAG / 2, KMS.mark if self.fits else DENIED.mark)
        d.text(x + LABEL_AT, base, self.label, weight=700)
        for at, line, _, words, right in placed:
            weight, ink = (400, INK) if right else (700, DENIED.text)
            d.text(x + at, base + LINE * line, words, weight=weight, fill=ink)

    @property
    def _labelled(self) -> float:
        return LABEL_AT + width(self.label, bold=True)

    def _places(self, room: float) -> Iterator[tuple[float, int, float, str, bool]]:
        """Give each pair: its distance from the point, its line from 0, its width, its words, whether it fits."""
        at, line, pairs = self._labelled + APART, 0, self.pairs or [("none", True)]
        for number, (pair, right) in enumerate(pairs, 1):
            after = MORE if self.most and number < len(pairs) else 0
            last = self.most and line == self.most - 1
            most = room - EDGE - at - after if last and number == 1 else room - 60
            words = shorten(pair, most, bold=True) + ("," if number < len(pairs) else "")
            if at + width(words, bold=True) > room - EDGE - (after if last else 0):
                if last:
                    more = f"and {len(pairs) - number + 1} more"
                    yield at, line, width(more), more, all(right for _, right in pairs[number - 1 :])
                    return
                at, line = LABEL_AT, line + 1
            across = width(words, bold=not right)
            yield at, line, across, words, right
            at += across + GAP


class Hung(Struct, frozen=True):
    """A row, and the string on which it hangs from the last field of the bar, the tag, which checks it; a part."""

    row: Row
    facts: BlobFacts

    def height(self, width: float) -> float:
        return self.row.height(width)

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        *_, (_, size, left, each) = Bar(self.facts, named=True).spans(x, width)
        down = ("V", y - STRING / 2, "H", x + KNOT, "V", y + TAG / 2, "H", x + INDENT)
        d.path("M", left + size * each / 2, y - STRING, *down, stroke=KMS.mark)
        self.row.draw(d, x, y, width)


def contexts(facts: BlobFacts, canvas: int) -> Column:
    """Give the encryption context as a tag that hangs from the bar, and the one that Decrypt brought."""
    most = 1 if canvas == LAB else 0
    sealed = Tag("encryption context", [(f"{name}={value}", True) for name, value in facts.sealed], True, most)
    rows: list[tuple[Part, Part]] = []
    if facts.brought is not None:
        fits = difference(facts.sealed, facts.brought) in {"same", "order"}
        before, now = set(facts.sealed), dict(facts.brought)
        missing = [name for name, _ in facts.sealed if name not in now]
        pairs = [(f"{name}={value}", (name, value) in before) for name, value in facts.brought]
        pairs += [(f"{name} is missing", False) for name in missing]
        judged = mark("allowed" if fits else "denied", tall=TAG, anchor="start")
        rows.append((judged, Tag("Decrypt brought", pairs, fits, most)))
    note = (
        "Needed to open the blob, but not inside it. It is no secret: the trail shows it."
        if facts.sealed
        else "None was given, so Decrypt must bring none."
    )
    if canvas != LAB:
        rows.append((Gap(), Text(note, NOTE, fill=SECOND)))
    hung = Hung(Row((Gap(), sealed), [INDENT, None]), facts)
    return Column([hung, *(Row(row, [INDENT, None]) for row in rows)], gap=8 if canvas == LAB else 12)
