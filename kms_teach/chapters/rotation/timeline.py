"""This is a key's rotation as a timeline: its materials in their lanes, and every ciphertext tied to its own.

Why lanes, not one bar cut into pieces: an old material does not end when the next one comes, it goes on decrypting.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kms_teach.chapters.rotation.facts import CAUSES, Backing, File, Timeline, alt, data, future, line, title
from kms_teach.chapters.rotation.lanes import END, SHEET, Lane, lane, scale
from kms_teach.drawing import look, scene
from kms_teach.drawing.lettering import shorten, width
from kms_teach.drawing.look import CARD, DENIED, DOTTED, NOTE, RULE, SECOND, WHITE
from kms_teach.drawing.marks import KEY
from kms_teach.drawing.markup import number
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.drawing.timescale import Scale

SECOND_LINE = "Thick: the material that encrypts. Thin: it only decrypts. Dotted: to come."
TIE = "A rotation adds material and touches no stored byte: a ciphertext names the material that made it."
PANEL_LEFT, PANEL_RIGHT = 164, 720
GHOST = "#C9D3DB"  # what is to come, on the dark plate


def rotation(facts: Timeline) -> Picture:
    """Draw a key's materials over time, with every ciphertext on the lane of the material that made it."""
    head, words = title(facts), alt(facts)
    d = Drawing("rotation", head, words, second=SECOND_LINE)
    _Stage(d, facts, scale(facts)).draw()
    return Picture(head, words, d.svg(), table=data(facts), facts=line(facts))


@dataclass(frozen=True, slots=True)
class _Stage:
    """The card, the plate and the panel, and everything on them."""

    d: Drawing
    facts: Timeline
    scale: Scale

    @property
    def rows(self) -> int:
        return max(len(self.facts.shown) + 1, self.facts.lanes + 1, 3)  # one more: what is to come

    @property
    def pitch(self) -> int:
        return 64 if self.rows <= 5 else 50

    @property
    def now(self) -> float:
        return self.scale.x(self.facts.now)

    @property
    def top(self) -> float:
        """The upper edge of the key's card."""
        return self.d.top + 22

    def y(self, row: int) -> float:
        return self.top + 84 + self.pitch * row

    @property
    def foot(self) -> float:
        """Where the lanes end, and the words of the scale stand."""
        return self.y(self.rows - 1) + 34

    def draw(self) -> None:
        d, facts = self.d, self.facts
        bottom = self.foot + 26
        scene.tagged_card(d, 28, self.top, 704, bottom - self.top, facts.name)
        d.rect(PANEL_LEFT, self.top + 32, PANEL_RIGHT - PANEL_LEFT, self.foot + 14 - self.top - 32, 6, fill=CARD)
        scene.plate(d, 40, self.top + 32, 112, self.foot + 14 - self.top - 32)
        d.text(96, self.top + 56, "key material", NOTE, fill=WHITE, anchor="middle")
        self._rests()
        for x, words in self.scale.marks():
            d.line(x, self.top + 40, x, self.foot - 10, stroke=RULE, thick=1)
            if x + 5 + width(words, NOTE) < PANEL_RIGHT - 2:
                d.text(x + 5, self.foot + 2, words, NOTE, fill=SECOND)
        scene.now_line(d, self.now, self.top + 32, self.foot - 10)
        lanes = [lane(facts, self.scale, self.y(row), shown) for row, shown in enumerate(facts.shown)]
        for before, this in zip([None, *lanes], lanes, strict=False):
            self._draw_lane(before, this)
        self._to_come(lanes)
        said = [TIE]
        if facts.unmoved:
            said.append(f"The rotation on demand on {look.day(facts.unmoved)} did not move the planned ones.")
        end = d.text(28, bottom + 24, " ".join(said), fill=SECOND, room=d.room - 6, step=17)
        d.height = max(end, bottom + 58 if facts.lanes else 0) + 5  # in a series, always room for two lines

    def _draw_lane(self, before: Lane | None, lane: Lane) -> None:
        d, y, now = self.d, lane.y, self.now
        self._plate_key(lane)
        if not lane.spans:  # imported, and waiting for its rotation
            self._beside_now(y, "imported, waits for its rotation", SECOND)
            return
        for at, (m, (begin, end)) in enumerate(zip(lane.materials, lane.spans, strict=True)):
            tone = look.material(m.number)
            if at == 0 and before and before.spans:
                d.line(begin, before.y + 7, begin, y, stroke=tone.edge)
            if len(lane.materials) > 1 and end - begin < 4:
                d.line(begin, y - 7, begin, y + 7, stroke=tone.edge, thick=2)
            else:
                d.rect(begin, y - 7, max(end - begin, 3), 14, 2, fill=tone.fill, stroke=tone.edge, thick=1.25)
        last = lane.spans[-1][1]
        if last < now:
            d.line(last, y, now, y, stroke=lane.tone.edge, thick=1.75)
        self._label(lane)
        for x, files in lane.clusters:
            if len(files) > 1:
                d.use("cipher", x - SHEET + 3, y - 20.5, 0.7)
            d.use("cipher", x - SHEET + 0.4, y - 17.5, 0.7)
            scene.material_badge(d, x, y, files[0].material)
        self._names(lane)
        after = self._outcome(lane)
        end = self.scale.x(self.facts.deletion) if self.facts.deletion else END
        if after + 12 < end and lane.materials[-1].present:
            d.dotted(after, y, end, y, stroke=lane.tone.edge)

    def _plate_key(self, lane: Lane) -> None:
        first, last = lane.materials[0], lane.materials[-1]
        if first is not last:
            self.d.text(96, lane.y + 5, f"{first.number} to {last.number}", 14, weight=700, fill=WHITE, anchor="middle")
        elif first.present:
            scene.material_key(self.d, 82, lane.y, first.number)
        else:
            self.d.text(58, lane.y + 5, str(first.number), 14, weight=700, fill=GHOST, anchor="middle")
            scene.gone(self.d, "key", 82, lane.y, 1.35)

    def _label(self, lane: Lane) -> None:
        """What brought the material and when, left of where it begins to encrypt."""
        first = lane.materials[0]
        assert first.since is not None
        if len(lane.materials) > 1:
            words = [f"and {len(lane.materials)} more,", "folded"]
        else:
            words = [CAUSES[first.cause], look.day(first.since)]
        left = min([lane.spans[0][0], *(x - SHEET for x, _ in lane.clusters[:1])])
        self.d.text(left - 8, lane.y - 2, words, NOTE, fill=SECOND, anchor="end", halo=CARD, step=15)

    def _names(self, lane: Lane) -> None:
        """The ciphertexts' names above their sheets: right of them, else left, else beyond now."""
        d, y, now = self.d, lane.y - 13, self.now
        for at, (x, files) in enumerate(lane.clusters):
            words = files[0].name if len(files) == 1 else f"{files[0].name} and {len(files) - 1} more"
            following = lane.clusters[at + 1][0] - SHEET - 6 if at + 1 < len(lane.clusters) else END
            begin = x + SHEET + 5
            end = min(following, now - 6) if begin < now - 6 else following
            previous = lane.clusters[at - 1][0] + SHEET + 6 if at else lane.spans[0][0] - 4
            if begin + width(words, NOTE) > end:
                if x - SHEET - 5 - width(words, NOTE) >= previous and not at:
                    d.text(x - SHEET - 5, y, words, NOTE, anchor="end", halo=CARD)
                    continue
                if following == END and END - now - 6 > end - begin:
                    begin, end = now + 6, END
            d.text(begin, y, shorten(words, end - begin, NOTE), NOTE, halo=CARD)

    def _outcome(self, lane: Lane) -> float:
        """Tick or cross right of now, with the word; give where the lane goes on."""
        files = lane.files
        if not files:
            return self.now + 14
        opened = sum(not file.refused for file in files)
        word = "opens" if opened else "refused"
        if opened and (len(files) > 1 or opened < len(files)):
            word = "open" if opened == len(files) else f"{opened} of {len(files)}"
        tone = look.ALLOWED if opened == len(files) else DENIED
        self.d.use("allowed" if opened == len(files) else "denied", self.now + 24, lane.y)
        self.d.text(self.now + 38, lane.y + 4.5, word, weight=700, fill=tone.text)
        return self.now + 44 + width(word, bold=True)

    def _rests(self) -> None:
        for begin, end in self.facts.disabled:
            left, right = self.scale.x(begin), self.scale.x(end) if end else self.now
            top, foot = self.top + 40, self.y(len(self.facts.shown) - 1) + 22
            self.d.rect(left, top, max(right - left, 2), foot - top, fill=DENIED.wash)
            if right - left > width("disabled", NOTE) + 6:
                self.d.text((left + right) / 2, top + 14, "disabled", NOTE, fill=DENIED.text, anchor="middle")

    def _to_come(self, lanes: Sequence[Lane]) -> None:
        """The last lane: the next rotation, or why there is none."""
        d, facts = self.d, self.facts
        y = self.y(len(lanes))
        if facts.deletion:
            x = self.scale.x(facts.deletion)
            d.path("M", x, self.top + 40, "V", self.foot - 10, stroke=DENIED.mark, thick=2.2, dash=DOTTED)
            self._beside_now(y, future(facts), DENIED.text)
        elif not facts.planned or facts.state != "Enabled":
            self._beside_now(y, future(facts), SECOND)
        else:
            self._planned(y, lanes)

    def _planned(self, y: float, lanes: Sequence[Lane]) -> None:
        d, facts = self.d, self.facts
        first, *others = [self.scale.x(at) for at in facts.planned]
        if first > END:  # the next one is due after the end of the scale
            self._beside_now(y, future(facts), SECOND)
            return
        if lanes and lanes[-1].spans:
            d.path("M", first, lanes[-1].y + 12, "V", y - 9, stroke=SECOND, thick=2, dash=DOTTED)
        d.path("M", END, y - 7, "H", first, "V", y + 7, "H", END, stroke=SECOND, thick=2, dash=DOTTED)
        for x in others:
            if first + 6 < x < END:
                d.path("M", x, y - 7, "V", y + 7, stroke=SECOND, thick=2, dash=DOTTED)
        when = look.day(facts.planned[0])
        clear = first - 8 - width(when, NOTE) > self.now + 6
        d.text(
            (first if clear else self.now) - 8,
            y - 2,
            ["planned", when],
            NOTE,
            fill=SECOND,
            anchor="end",
            halo=CARD,
            step=15,
        )
        following = len(facts.established) + 1
        d.text(58, y + 5, str(following), 14, weight=700, fill=GHOST, anchor="middle")
        d.add(
            f'<path transform="translate(82 {number(y)}) scale(1.35)" d="{KEY}" fill="none" stroke="{GHOST}" '
            'stroke-width="1.2" stroke-dasharray="0.1 2.4" stroke-linecap="round"/>'
        )

    def _beside_now(self, y: float, words: str, color: str) -> None:
        """Words on the roomier side of now."""
        left = self.now - 8 - width(words, NOTE) > PANEL_LEFT + 8
        self.d.text(
            self.now + (-8 if left else 14),
            y + 4,
            words,
            NOTE,
            fill=color,
            anchor="end" if left else "start",
            halo=CARD,
        )


__all__ = ["Backing", "File", "Timeline", "rotation"]
