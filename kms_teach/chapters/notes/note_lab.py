"""The lab of the note: each line is judged first, and then executed."""

from kms_teach.chapters.notes.note import NEWER, NOTE
from kms_teach.chapters.notes.pasted import claim
from kms_teach.chapters.notes.row import HIGH, Opened, row
from kms_teach.drawing.look import LAB
from kms_teach.inspect.claim import VERDICTS, Claim, Finding
from kms_teach.inspect.opened import opened
from kms_teach.inspect.opened_drawing import CALL
from kms_teach.teaching.controls import button, choice
from kms_teach.teaching.lab import Lab

ROW, THE_CALL = "the ledger's row", "the call"
NO_CALL = "no call tells this line: its row names the document that does"


class NoteLab(Lab):
    """Goes through the note line by line. `first` holds, by claim, whether the first judgement was right."""

    def __init__(self) -> None:
        self.claims: tuple[Claim, ...] = tuple(map(claim, (*NOTE, *NEWER)))
        self.first: dict[str, bool] = {}
        self.said: dict[str, str] = {}
        self.findings: dict[str, Finding] = {}
        named = [(f"{number}: {each.sentence}", each) for number, each in enumerate(self.claims, 1)]
        self.line = choice("Line", named, listed=True)
        self.say_so = choice("You say", VERDICTS)
        self.run = button("Run it")
        self.next = button("Next line")
        self.look = choice("Look at", (ROW, THE_CALL))
        super().__init__([self.line, self.say_so, self.run, self.next, self.look], "The note, line by line", lines=6)
        self.on(self.line, self._choose)
        self.on(self.run, self._run, "It is being tried …")
        self.on(self.next, self._next)
        self.on(self.look, self._look)
        self._choose()

    @property
    def now(self) -> Claim:
        """The line that is looked at."""
        chosen: Claim = self.line.value
        return chosen

    @property
    def score(self) -> str:
        left = len(self.claims) - len(self.first)
        if not self.first:
            return f"{left} lines to go."
        return f"{sum(self.first.values())} of {len(self.first)} right at the first try, {left or 'none'} left."

    def _choose(self) -> None:
        with self.filling():
            self.look.value = ROW
        self._draw()
        if self.now.id in self.findings:
            self.say(f"Tried already: {self.findings[self.now.id].words}. {self.score}")
        else:
            self.say(f"What do you say of this line? Choose, then press “Run it”. {self.score}")

    def _run(self) -> None:
        each, said = self.now, self.say_so.value
        if each.id not in self.findings:
            self.findings[each.id] = Finding.of(each)
        finding = self.findings[each.id]
        self.said[each.id] = said
        right = finding.right(said)
        self.first.setdefault(each.id, right)
        with self.filling():
            self.look.value = ROW
        self._draw()
        said_so = f"{finding.words[:1].upper()}{finding.words[1:]}. {each.fact} {self.score}"
        self.say(said_so, mistake=not right, word="Right" if right else "Not so")

    def _next(self) -> None:
        """The next line that was not tried yet, from here on and round; else the next."""
        at = self.claims.index(self.now)
        others = [*self.claims[at + 1 :], *self.claims[: at + 1]]
        following = next((each for each in others if each.id not in self.findings), others[0])
        with self.filling():
            self.line.value = following
        self._choose()

    def _look(self) -> None:
        finding = self.findings.get(self.now.id)
        if self.look.value == ROW:
            self._draw()
            self.say(self.score)
            return
        with self.filling():
            self.look.value = ROW
        if finding is None:
            raise ValueError("judge the line, and run it first: then its call can be opened")
        if finding.call is None:
            raise ValueError(NO_CALL)
        with self.filling():
            self.look.value = THE_CALL
        picture = opened(finding.call, canvas=LAB, part=CALL)
        self.show(picture, f"The call that judged it. {picture.title}.")

    def _draw(self) -> None:
        name = self.now.id
        facts = Opened(self.now.sentence, self.findings.get(name), self.said.get(name, ""))
        self.show(row(facts, canvas=LAB, least=HIGH))
