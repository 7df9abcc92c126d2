"""The lab of your own sheet: paste it, and see which sentences are known here, and what became of each."""

from collections import Counter
from collections.abc import Sequence

from kms_teach.chapters.notes.note_lab import NO_CALL, ROW, THE_CALL
from kms_teach.chapters.notes.pasted import Line, lines
from kms_teach.chapters.notes.row import HIGH, Opened, row
from kms_teach.drawing.look import LAB
from kms_teach.inspect.claim import VERDICTS, Finding
from kms_teach.inspect.opened import opened
from kms_teach.inspect.opened_drawing import CALL
from kms_teach.teaching.controls import button, choice, text
from kms_teach.teaching.lab import Lab

EXAMPLE = """\
AWS managed CMKs are rotated every three years.
Encrypt API: max 4KB
Only symmetric CMKs support imported key material.
Rotation does not re-encrypt old data.
CMK deletion: waiting period of 7-30 days
Tag every CMK with its owner."""
SHOWN, DRAWN = 48, 140  # letters of a sentence in the list, and in the picture


class SheetLab(Lab):
    """Looks up the sentences of a sheet; `lines` are those of the last one. Each known one is run."""

    def __init__(self, sheet: str = EXAMPLE) -> None:
        self.lines: Sequence[Line] = ()
        self.findings: dict[str, Finding] = {}
        self.sheet = text("Your sheet", sheet, rows=5)
        self.read = button("Look it up")
        self.sentence = choice("Sentence", [("nothing yet", 0)], listed=True)
        self.look = choice("Look at", (ROW, THE_CALL))
        super().__init__([self.sheet, self.read, self.sentence, self.look], "Your own sheet", lines=5)
        self.on(self.sheet, self._look_up, "Each known sentence is being tried …")
        self.on(self.read, self._look_up, "Each known sentence is being tried …")
        self.on(self.sentence, self._choose)
        self.on(self.look, self._look)
        self._look_up()

    @property
    def line(self) -> Line:
        """The sentence that is looked at."""
        at: int = self.sentence.value
        return self.lines[at]

    @property
    def finding(self) -> Finding | None:
        return self.findings[self.line.claim.id] if self.line.claim else None

    def _look_up(self) -> None:
        found = lines(self.sheet.value)
        for line in found:
            if line.claim and line.claim.id not in self.findings:
                self.findings[line.claim.id] = Finding.of(line.claim)
        self.lines = found
        with self.filling():
            self.sentence.options = [(self._named(at, line), at) for at, line in enumerate(found)]
            self.sentence.value = 0
            self.look.value = ROW
        self._draw()
        self.say(self._counted())

    def _named(self, at: int, line: Line) -> str:
        became = self.findings[line.claim.id].verdict if line.claim else "not known here"
        return f"{at + 1}: {_cut(line.sentence, SHOWN)} ({became})"

    def _counted(self) -> str:
        became = Counter(self.findings[line.claim.id].verdict for line in self.lines if line.claim)
        many, unknown = len(self.lines), sum(line.claim is None for line in self.lines)
        told = [f"{became[verdict]} {verdict}" for verdict in VERDICTS if became[verdict]]
        told += [f"{unknown} not known here"] if unknown else []
        return f"{many} {'sentence' if many == 1 else 'sentences'}: {', '.join(told)}."

    def _choose(self) -> None:
        with self.filling():
            self.look.value = ROW
        self._draw()
        finding = self.finding
        if finding is None:
            self.say("Not known here.")
        else:
            self.say(f"{finding.words[:1].upper()}{finding.words[1:]}. {finding.claim.fact}")

    def _look(self) -> None:
        if self.look.value == ROW:
            self._choose()
            return
        with self.filling():
            self.look.value = ROW
        finding = self.finding
        if finding is None:
            raise ValueError("this sentence is not known here, so nothing was tried")
        if finding.call is None:
            raise ValueError(NO_CALL)
        with self.filling():
            self.look.value = THE_CALL
        picture = opened(finding.call, canvas=LAB, part=CALL)
        self.show(picture, f"The call that judged it. {picture.title}.")

    def _draw(self) -> None:
        known = self.line.claim is not None
        facts = Opened(_cut(self.line.sentence, DRAWN), self.finding, known=known)
        self.show(row(facts, canvas=LAB, least=HIGH))


def _cut(sentence: str, letters: int) -> str:
    return sentence if len(sentence) <= letters else sentence[: letters - 1].rstrip() + "…"
