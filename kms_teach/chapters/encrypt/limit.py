"""One message against the limit of Encrypt, to the byte, and AWS's answer to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from kms_teach.chapters.encrypt.ruler import Lens, Ruler
from kms_teach.drawing import look, scene
from kms_teach.drawing.answers import framed, outcome, refusal
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Row, Text, render, sketch
from kms_teach.drawing.look import ALLOWED, HEADING, LABEL, NOTE
from kms_teach.drawing.marks import EXTENTS
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.keys.specs import ENCRYPT_MAX, SYMMETRIC
from kms_teach.trail import Record

REACH = 1.375  # the scale ends at this many limits, whatever the message: 5,632 bytes for 4,096
WIDE_LENS = Lens(before=5, after=5, cell=54, high=44, size=LABEL, line=18)
NARROW_LENS = Lens(before=4, after=3, cell=48, high=38, size=NOTE, line=8)
WIDE_ANSWER, NARROW_ANSWER = 84, 146  # px of height, for every answer


@dataclass(frozen=True, slots=True)
class LimitFacts:
    """One Encrypt call and what came of it, and one GenerateDataKey call beside it. All sizes are bytes."""

    size: int  # what was sent
    spec: str
    algorithm: str
    blob: int | None  # the CiphertextBlob that came back; None: refused
    code: str = ""
    message: str = ""  # in AWS's words
    data_sent: int = 0  # of the message, to GenerateDataKey
    data_key: int = 0
    wrapped_key: int = 0

    @classmethod
    def of(cls, encrypt: Record, data_key: Record, spec: str = SYMMETRIC, algorithm: str = SYMMETRIC) -> "LimitFacts":
        """Read the facts off two records of the trail; the trail does not name the key's spec."""
        return cls(
            size=encrypt.sent.get("Plaintext", 0),
            spec=spec,
            algorithm=algorithm,
            blob=encrypt.returned.get("CiphertextBlob"),
            code=encrypt.error,
            message=encrypt.event.get("errorMessage", ""),
            data_sent=sum(data_key.sent.values()),
            data_key=data_key.returned["Plaintext"],
            wrapped_key=data_key.returned["CiphertextBlob"],
        )

    @property
    def limit(self) -> int:
        """The most that this spec and algorithm take."""
        return ENCRYPT_MAX[self.spec, self.algorithm]

    @property
    def title(self) -> str:
        """The message of the picture."""
        over, spare = self.size - self.limit, self.limit - self.size
        if self.size == 0:
            return "Nothing to encrypt, so KMS encrypts nothing"
        if self.blob is None:
            if over <= 0:
                return f"KMS refused {look.size(self.size)}, but not for their size"
            if over >= self.limit:
                return f"{look.size(self.size)} is {self.size // self.limit:,} times the limit: KMS encrypts nothing"
            return f"{'One byte' if over == 1 else look.size(over)} too many, and KMS encrypts nothing"
        if spare == 0:
            return f"{look.size(self.size)} fit, and not one more would"
        return f"{look.size(self.size)} fit{'s' if self.size == 1 else ''}, with {spare:,} to spare"

    @property
    def second(self) -> str:
        """What is drawn."""
        named = self.spec if self.algorithm == self.spec else f"{self.spec}, {self.algorithm}"
        return f"Encrypt with a KMS key of spec {named}, drawn to scale"

    @property
    def verdict(self) -> str:
        """What stands at the limit."""
        over = self.size - self.limit
        if over > 0:
            return "one too many" if over == 1 else f"{over:,} too many"
        if self.size == 0:
            return "there is no byte to encrypt"
        return "all of it fits" if self.blob is not None else "refused, but not for its size"

    @property
    def outcome(self) -> str:
        """What came back, in a sentence."""
        if self.blob is None:
            return f"Refused, {self.code}: {self.message or 'no message'}."
        return (
            f"Encrypted: {look.size(self.size)} went to KMS, a CiphertextBlob of {look.size(self.blob)} came back, "
            f"{self.blob - self.size:,} more."
        )

    @property
    def instead(self) -> str:
        """What works for any size, in a sentence."""
        return (
            f"What works for any size: GenerateDataKey. It was sent {look.size(self.data_sent)} of the message, gave "
            f"a data key of {look.size(self.data_key)}, and the same key encrypted, {look.size(self.wrapped_key)}; "
            "the message is encrypted with the data key on your own side."
        )


def limit(facts: LimitFacts) -> Picture:
    """Draw a message against the limit, with a lens on its last bytes, and AWS's answer."""
    alt = (
        f"{facts.second[0].upper()}{facts.second[1:]}. It takes at most {look.size(facts.limit)}. The message has "
        f"{look.size(facts.size)}: {facts.verdict}. {facts.outcome} {facts.instead}"
    )
    ending = "encrypted" if facts.blob is not None else f"refused ({facts.code})"
    line = f"Limit: {facts.size:,} of {facts.limit:,} bytes with {facts.spec}, {ending}"
    wide = Drawing("limit", facts.title, alt, second=facts.second)
    narrow = Drawing("limit-narrow", facts.title, alt, second=facts.second, width=look.NARROW, lines=2)
    svg, small = render(wide, _laid(facts, wide=True)), render(narrow, _laid(facts, wide=False))
    return Picture(facts.title, alt, svg, small, facts=line)


def _laid(facts: LimitFacts, *, wide: bool) -> Column:
    held = Column(_held(facts, wide=wide), 4)
    return Column([held, _answer(facts, wide=wide), _instead(facts, wide=wide)], gap=16)


def _held(facts: LimitFacts, *, wide: bool) -> list[Part]:
    """The message held against the limit, and what stands there."""
    size, end = look.size(facts.size), facts.limit * REACH
    message, last = f"your message: {size}", f"byte {facts.limit:,} is the last one KMS takes"
    verdict = outcome(facts.blob is not None, facts.verdict, LABEL)
    if wide:
        broken = ("the bar is broken:", f"it has {size}")
        ruler = Ruler(facts.size, facts.limit, end, WIDE_LENS, words=message, broken=broken)
        # The limit's line ends between them, for the lens shows as many bytes before it as after it.
        return [ruler, Row([Text(last, anchor="end", leading=20), verdict], gap=24)]
    ruler = Ruler(facts.size, facts.limit, end, NARROW_LENS, every=2)
    message += " (bar broken)" if facts.size > end else ""
    return [Text(message, weight=600), ruler, Gap(4), Text(last), verdict]


def _answer(facts: LimitFacts, *, wide: bool) -> Box:
    """What came back, in a place of the same height for every answer."""
    least = WIDE_ANSWER if wide else NARROW_ANSWER
    if facts.blob is None:
        return refusal(facts.code, facts.message, least=least)
    words = [
        f"A CiphertextBlob of {look.size(facts.blob)} came back:",
        f"{facts.size:,} of yours, and {facts.blob - facts.size:,} around them",
    ]
    told = Column([outcome(True, "Encrypted"), Text(words, leading=17)], gap=4)
    drawn = sketch(scene.OPERATION.height, partial(scene.operation, name="Encrypt", taken="sheet", given="cipher"))
    beside = Row([told, Middle(drawn)], [None, scene.OPERATION.width]) if wide else Column([told, drawn], gap=12)
    return framed(beside, ALLOWED, least=least)


def _instead(facts: LimitFacts, *, wide: bool) -> Column:
    items = [
        _item("sheet", 0.8, [f"{look.size(facts.data_sent)} of your message", "went to KMS"], wide=wide),
        _item("data-key", 1.25, [f"a data key of {look.size(facts.data_key)}", "encrypts it on your side"], wide=wide),
        _item("envelope", 0.85, ["the same, encrypted:", f"{look.size(facts.wrapped_key)}, to keep"], wide=wide),
    ]
    shown = Row(items, gap=12) if wide else Column(items, gap=12)
    return Column([Text("For any size: GenerateDataKey", HEADING, 700), shown], gap=12)


def _item(name: str, scale: float, words: Sequence[str], *, wide: bool) -> Row:
    room = EXTENTS["key" if name == "data-key" else name]
    drawn = sketch(room.height * scale, partial(scene.centred, mark=name, scale=scale))
    across = room.width * scale if wide else EXTENTS["envelope"].width
    return Row([Middle(drawn), Middle(Text(words))], [across, None], gap=12)
