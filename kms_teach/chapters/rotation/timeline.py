"""A key's rotation as a timeline: its materials in their lanes, and every ciphertext tied to its own.

Why lanes, not one bar cut into pieces: an old material does not end when the next one comes, it goes on decrypting.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from kms_teach.chapters.rotation.facts import CAUSES, Backing, File, Timeline, alt, data, future, line, title
from kms_teach.chapters.rotation.ground import Ground, key_to_come, plate_key, tall
from kms_teach.chapters.rotation.lanes import SHEET, Lane, lane, scale
from kms_teach.drawing import look, scene
from kms_teach.drawing.layout import Box, Column, Scene, Text, render
from kms_teach.drawing.lettering import shorten, width, wrap
from kms_teach.drawing.look import CARD, DENIED, DOTTED, NOTE, SECOND
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing

SECOND_LINE = "Thick: the material that encrypts. Thin: it only decrypts. Dotted: to come."
TIE = "A rotation adds material and touches no stored byte: a ciphertext names the material that made it."
BESIDE, INSET, CLEAR = 8, 5, 6  # px: from words to a bar, to a sheet or a line, at least from words to now
PAST_NOW, MARK, WORD, ON = 14, 24, 38, 44  # px right of now: words, tick or cross, its word, where the lane goes on
HALF, THIN = 7, 3  # px: half a bar's height, the least of its width
ABOVE = 22  # px from the title to the card, for its tag
CIPHER, PILE = 0.7, 3  # the size of a ciphertext; px from one ciphertext to one behind it
LINE = 15  # px from line to line
SAID = 2 * 17  # px: room for two lines below, in a series


def rotation(facts: Timeline, *, canvas: int = look.WIDE) -> Picture:
    """Draw a key's materials over time, with every ciphertext on the lane of the material that made it."""
    head, words, wide = title(facts), alt(facts), canvas == look.WIDE
    d = Drawing("rotation", head, words, second=SECOND_LINE if wide else "", width=canvas, lines=1 if wide else 2)
    sentences = [TIE if wide else SECOND_LINE]
    if facts.unmoved:
        sentences.append(f"The rotation on demand on {look.day(facts.unmoved)} did not move the planned ones.")
    told = Text(" ".join(sentences), fill=SECOND) if wide else Text(sentences, NOTE, fill=SECOND, leading=LINE)
    below = Box(told, 0, 0, 0, least=SAID if facts.lanes else 0)

    def stage(d: Drawing, _x: float, y: float, _width: float) -> None:
        _Stage(d, facts, Ground(facts, scale(facts, canvas), y, canvas)).draw()

    parts = Column([Scene(tall(facts, canvas), stage), below], gap=12 if wide else 6)
    svg = render(d, parts, above=ABOVE if wide else 14, below=16 if wide else 8)
    return Picture(head, words, svg, table=data(facts), facts=line(facts))


class _Stage(Struct, frozen=True):
    """The card, the plate and the panel, and everything on them."""

    d: Drawing
    facts: Timeline
    ground: Ground

    @property
    def now(self) -> float:
        return self.ground.now

    @property
    def end(self) -> float:
        return self.ground.scale.right

    def x(self, at: datetime) -> float:
        return self.ground.scale.x(at)

    def draw(self) -> None:
        facts, ground = self.facts, self.ground
        ground.draw(self.d)
        self._rests()
        ground.draw_scale(self.d)
        lanes = [lane(facts, ground.scale, ground.y(row), shown) for row, shown in enumerate(facts.shown)]
        for before, this in zip([None, *lanes], lanes, strict=False):
            self._draw_lane(before, this)
        self._to_come(lanes)
        if facts.reach and self.d.width == look.LAB:  # now can be dragged
            years = (facts.reach - facts.created).days / 365.25
            left, right = self.x(facts.created), self.x(facts.reach)
            high = self.ground.foot + 24 - ground.top
            self.d.points(left, ground.top + 8, right - left, high, "Time", span=(0.5, 12 * years + 0.5))

    def _draw_lane(self, before: Lane | None, lane: Lane) -> None:
        d, y, now = self.d, lane.y, self.now
        plate_key(d, y, lane.materials)
        if not lane.spans:  # imported, and waiting for its rotation
            self._beside_now(y, "imported, waits for its rotation", SECOND)
            return
        for at, (m, (begin, end)) in enumerate(zip(lane.materials, lane.spans, strict=True)):
            tone = look.material(m.number)
            if at == 0 and before and before.spans:
                d.line(begin, before.y + HALF, begin, y, stroke=tone.edge)
            if len(lane.materials) > 1 and end - begin < THIN + 1:
                d.line(begin, y - HALF, begin, y + HALF, stroke=tone.edge, thick=2)
            else:
                d.rect(
                    begin, y - HALF, max(end - begin, THIN), 2 * HALF, 2, fill=tone.fill, stroke=tone.edge, thick=1.25
                )
        last = lane.spans[-1][1]
        if last < now:
            d.line(last, y, now, y, stroke=lane.tone.edge, thick=1.75)
        self._label(lane)
        for x, files in lane.clusters:
            if len(files) > 1:
                scene.centred(d, x + PILE, y - PILE, "cipher", CIPHER)
            scene.centred(d, x, y, "cipher", CIPHER)
            scene.material_badge(d, x, y, files[0].material)
        self._names(lane)
        after = self._outcome(lane)
        end = self.x(self.facts.deletion) if self.facts.deletion else self.end
        if after + 12 < end and lane.materials[-1].present:
            d.dotted(after, y, end, y, stroke=lane.tone.edge)

    def _label(self, lane: Lane) -> None:
        """What brought the material and when, left of where it begins to encrypt."""
        first = lane.materials[0]
        assert first.since is not None
        if len(lane.materials) > 1:
            words = [f"and {len(lane.materials)} more,", "folded"]
        else:
            words = [CAUSES[first.cause], look.day(first.since)]
        left = min([lane.spans[0][0], *(x - SHEET for x, _ in lane.clusters[:1])])
        self.d.text(left - BESIDE, lane.y - 2, words, NOTE, fill=SECOND, anchor="end", halo=CARD, step=LINE)

    def _names(self, lane: Lane) -> None:
        """The ciphertexts' names above their sheets: right of them, else left, else beyond now."""
        d, y, now = self.d, lane.y - 13, self.now
        for at, (x, files) in enumerate(lane.clusters):
            words = files[0].name if len(files) == 1 else f"{files[0].name} and {len(files) - 1} more"
            following = lane.clusters[at + 1][0] - SHEET - CLEAR if at + 1 < len(lane.clusters) else self.end
            begin = x + SHEET + INSET
            end = min(following, now - CLEAR) if begin < now - CLEAR else following
            previous = lane.clusters[at - 1][0] + SHEET + CLEAR if at else lane.spans[0][0] - 4
            if begin + width(words, NOTE) > end:
                if x - SHEET - INSET - width(words, NOTE) >= previous and not at:
                    d.text(x - SHEET - INSET, y, words, NOTE, anchor="end", halo=CARD)
                    continue
                if following == self.end and self.end - now - CLEAR > end - begin:
                    begin, end = now + CLEAR, self.end
            d.text(begin, y, shorten(words, end - begin, NOTE), NOTE, halo=CARD)

    def _outcome(self, lane: Lane) -> float:
        """Tick or cross right of now, with the word; give where the lane goes on."""
        files = lane.files
        if not files:
            return self.now + PAST_NOW
        opened = sum(not file.refused for file in files)
        word = "opens" if opened else "refused"
        if opened and (len(files) > 1 or opened < len(files)):
            word = "open" if opened == len(files) else f"{opened} of {len(files)}"
        tone = look.ALLOWED if opened == len(files) else DENIED
        self.d.use("allowed" if opened == len(files) else "denied", self.now + MARK, lane.y)
        self.d.text(self.now + WORD, lane.y + 4.5, word, weight=700, fill=tone.text)
        return self.now + ON + width(word, bold=True)

    def _rests(self) -> None:
        for begin, end in self.facts.disabled:
            left, right = self.x(begin), self.x(end) if end else self.now
            top, foot = self.ground.head, self.ground.y(len(self.facts.shown) - 1) + 22
            self.d.rect(left, top, max(right - left, 2), foot - top, fill=DENIED.wash)
            if right - left > width("disabled", NOTE) + 6:
                self.d.text((left + right) / 2, top + 14, "disabled", NOTE, fill=DENIED.text, anchor="middle")

    def _to_come(self, lanes: Sequence[Lane]) -> None:
        """The last lane: the next rotation, or why there is none."""
        d, facts = self.d, self.facts
        y = self.ground.y(len(lanes))
        if facts.deletion:
            x = self.x(facts.deletion)
            d.path("M", x, self.ground.head, "V", self.ground.foot, stroke=DENIED.mark, thick=2.2, dash=DOTTED)
            self._beside_now(y, future(facts), DENIED.text)
        elif not facts.planned or facts.state != "Enabled":
            self._beside_now(y, future(facts), SECOND)
        else:
            self._planned(y, lanes)

    def _planned(self, y: float, lanes: Sequence[Lane]) -> None:
        d, facts = self.d, self.facts
        first = self.x(facts.planned[0])
        if first > self.end:  # the next one is due after the end of the scale
            self._beside_now(y, future(facts), SECOND)
            return
        if lanes and lanes[-1].spans:
            d.path("M", first, lanes[-1].y + 12, "V", y - HALF - 2, stroke=SECOND, thick=2, dash=DOTTED)
        d.path("M", self.end, y - HALF, "H", first, "V", y + HALF, "H", self.end, stroke=SECOND, thick=2, dash=DOTTED)
        again = f"then every {facts.period:,} days" if facts.period and len(facts.planned) > 1 else ""
        if again and first + BESIDE + width(again, NOTE) < self.end:
            d.text(first + BESIDE, y + 4, again, NOTE, fill=SECOND)
        when = look.day(facts.planned[0])
        clear = first - BESIDE - width(when, NOTE) > self.now + CLEAR
        d.text(
            (first if clear else self.now) - BESIDE,
            y - 2,
            ["planned", when],
            NOTE,
            fill=SECOND,
            anchor="end",
            halo=CARD,
            step=LINE,
        )
        following = len(facts.established) + 1
        key_to_come(d, y, following)

    def _beside_now(self, y: float, words: str, color: str) -> None:
        """Words on the roomier side of now."""
        left = self.now - BESIDE - width(words, NOTE) > self.ground.m.panel[0] + BESIDE
        x, anchor = (self.now - BESIDE, "end") if left else (self.now + PAST_NOW, "start")
        lines = [words] if left else wrap(words, self.end - x, NOTE)
        self.d.text(x, y + 4, lines, NOTE, fill=color, anchor=anchor, halo=CARD, step=LINE)


__all__ = ["Backing", "File", "Timeline", "rotation"]
