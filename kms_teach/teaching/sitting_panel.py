"""A paper in front of the learner: one question at a time, in any order, and no feedback before it is handed in.

What is chosen is kept at once, so that a closed tab or a restarted kernel loses nothing: the cell, run again, offers to
go on. The button that begins is the one that goes on to the next question, since it has the focus.
"""

from pathlib import Path
from typing import Any, Literal

import ipywidgets as W  # noqa: N812 (as its own documentation abbreviates it)

from kms_teach.teaching import progress
from kms_teach.teaching.choices import controls, fill, so_far
from kms_teach.teaching.clock import Clock
from kms_teach.teaching.controls import button, choice, tick
from kms_teach.teaching.lab import Panel, marked
from kms_teach.teaching.record import How
from kms_teach.teaching.review import opened_run, reviewed
from kms_teach.teaching.sections import linked
from kms_teach.teaching.sitting import Result, Sheet

Phase = Literal["before", "sitting", "after"]
GONE = "some of its questions are not in this edition of the course: press “Give it up”, and begin a new one"


class SittingPanel(Panel):
    """Begins or goes on with a sitting, shows its questions, takes it in, and goes through it afterwards.

    A subclass says what is begun and what is shown of the result; `settings` are its controls for the first, `wishes`
    those for the second. `sheet` is the sitting in front of the learner, `result` what came out of it; both are None
    before.
    """

    how: How = "mock"

    def __init__(self, label: str, about: str, settings: list[Any], wishes: list[Any]) -> None:
        self.about, self.settings, self.wishes = about, settings, wishes
        self.sheet: Sheet | None = None
        self.result: Result | None = None
        self._asked_to_end = False
        self.words, self.shown, self.place = W.HTML(), W.HTML(), W.VBox()
        self.next, self.previous = button("Begin"), button("Previous question")
        self.flag = tick("Flag it, to come back")
        self.go = choice("Go to", [("question 1", 1)], listed=True)
        self.end, self.leave = button("Hand in"), button("Give it up")
        self.ticking = tick("Show the clock", value=True)
        self.clock = Clock(lambda: self.sheet.left if self.sheet else 0.0)
        self.choose: list[Any] = []
        self.words.add_class("kms-words")
        self.place.add_class("kms-choices")
        row = [
            *settings, *wishes, self.place, self.next, self.previous, self.flag, self.go, self.end, self.leave,
            self.ticking,
        ]  # fmt: skip
        super().__init__(row, label, [self.clock, self.words])
        self.set_trait("children", (*self.children[:-1], self.shown, self.children[-1]))
        self.on(self.next, self._next)
        self.on(self.previous, lambda: self._step(-1))
        self.on(self.flag, self._flag)
        self.on(self.go, lambda: self._turn_to(self.go.value))
        self.on(self.end, self._end, "The answers are being tried …")
        self.on(self.leave, self._leave)
        self.on(self.ticking, self._tick)
        self._before()

    def begin(self) -> Sheet:
        """Draw a paper, and begin it."""
        raise NotImplementedError

    def before(self) -> str:
        """What is to be known before one begins."""
        return ""

    def unfinished(self) -> Sheet | None:
        """The sitting to go on with."""
        return Sheet.unfinished(progress.mine(), self.how)

    def name(self, sheet: Sheet) -> str:
        """What a sitting is called at the beginning of a sentence."""
        raise NotImplementedError

    def came_out(self, result: Result) -> str:
        """HTML of what came out."""
        raise NotImplementedError

    @property
    def phase(self) -> Phase:
        """Whether the paper is still to be begun, is being sat, or is handed in."""
        return "after" if self.result else "sitting" if self.place.children else "before"

    def _before(self) -> None:
        """Put nothing in front of the learner; offer to begin, or to go on."""
        kept = progress.mine()
        self.sheet, self.result = self.unfinished(), None
        self._ask_nothing()
        self.shown.value, self.words.value = "", f"<strong>{marked(self.about)}</strong>"
        self._shows(self.next, *([self.leave] if self.sheet else self.settings))
        self.next.description, self.leave.description = ("Go on" if self.sheet else "Begin"), "Give it up"
        if self.sheet is None:
            self.say(kept.trouble or self.before())
            return
        done, of = self.sheet.sitting.answered, len(self.sheet.sitting.places)
        left = f", and {max(0, round(self.sheet.left / 60))} minutes are left" if self.how == "mock" else ""
        self.say(f"{self.name(self.sheet)} is not finished: {done} of {of} questions are answered{left}.")

    def _next(self) -> None:
        if self.phase == "before":
            self._open()
        else:
            self._step(1)

    def _open(self) -> None:
        sheet = self.sheet or self.begin()
        try:
            _ = sheet.sitting.questions
        except KeyError:
            raise ValueError(GONE) from None
        self.sheet = sheet
        self.next.description = "Next question"
        timed = [self.ticking] if self.how == "mock" else []
        self._shows(self.place, self.next, self.previous, self.flag, self.go, self.end, *timed)
        self._ask()

    def _ask(self) -> None:
        """Show the question in front of the learner, with what stands on the sheet for it."""
        sheet, self._asked_to_end = self._sheet, False
        self._show_words()
        self._ask_nothing()
        self.choose = controls(sheet.question)
        fill(sheet.question, self.choose, sheet.mark.given)
        self.place.children = self.choose
        for control in self.choose:
            self.on(control, self._give)
        with self.filling():
            self.flag.value = sheet.mark.flagged
        self._tick()
        self._where()

    def _ask_nothing(self) -> None:
        old, self.choose, self.place.children = self.choose, [], ()
        for control in old:
            control.close()

    def _show_words(self) -> None:
        number, of = self._sheet.number, len(self._sheet.sitting.places)
        self.words.value = f"<strong>{number} of {of}. {marked(self._sheet.question.words)}</strong>"

    def _where(self) -> None:
        """Say where the learner is, and what is to be known of each question."""
        sheet = self._sheet
        marks = sheet.sitting.marks
        states = [("answered" if m.given is not None else "open") + ", flagged" * m.flagged for m in marks]
        self._list([(f"question {number}, {state}", number) for number, state in enumerate(states, 1)], sheet.number)
        flagged = f", {count} flagged" if (count := sum(mark.flagged for mark in marks)) else ""
        words = f"Question {sheet.number} of {len(marks)}; {sheet.sitting.answered} answered{flagged}."
        self.say(" ".join(filter(None, [words, sheet.kept.trouble])))

    def _list(self, options: list[tuple[str, int]], chosen: int) -> None:
        with self.filling():
            self.go.options = options
            self.go.value = chosen

    def _give(self) -> None:
        self._sheet.give(so_far(self._sheet.question, self.choose))
        self._asked_to_end = False
        self._where()

    def _flag(self) -> None:
        self._sheet.flag(self.flag.value)
        self._where()

    def _step(self, by: int) -> None:
        """Turn to the next page or the one before; the first follows the last."""
        pages = [value for _, value in self.go.options]
        self._turn_to(pages[(pages.index(self.go.value) + by) % len(pages)])

    def _turn_to(self, page: int) -> None:
        if self.result:
            self._look_back(self.result, page)
        else:
            self._sheet.go(page)
            self._ask()

    def _tick(self) -> None:
        timed = self.phase == "sitting" and self.how == "mock"
        self.clock.running = timed and self.ticking.value
        if timed:
            self.clock.set()

    def _end(self) -> None:
        sheet = self._sheet
        sheet.look()
        left = len(sheet.sitting.places) - sheet.sitting.answered
        if left and not self._asked_to_end:
            self._where()
            self._asked_to_end = True
            are = "question is" if left == 1 else "questions are"
            self.say(f"{left} {are} open, and what is open is wrong. Press “Hand in” again to end it all the same.")
            return
        self.result = sheet.hand_in()
        self._ask_nothing()
        self._tick()
        self.leave.description = "Done with it"
        self._look_back(self.result, 0)

    def _look_back(self, result: Result, page: int) -> None:
        """Show what came out on page 0, and on each other a question with what the run showed."""
        each = [
            (f"question {number}, {'right' if j.right else 'wrong'}", number)
            for number, j in enumerate(result.judged, 1)
        ]
        self._list([("the score", 0), *each], page)
        self._shows(self.next, self.previous, self.go, self.leave, *(self.wishes if page == 0 else []))
        if page == 0:
            score = result.score
            self.words.value, self.shown.value = "", self.came_out(result)
            self.say(f"{score.right} of {score.asked} are right. The next pages have each question.", word="Handed in")
            return
        self._sheet.go(page)
        judged = result.judged[page - 1]
        self._show_words()
        again = "" if judged.right else f"<p>Read it again: {linked(judged.question.family, Path.cwd())}.</p>"
        run = opened_run(judged.question, judged.given, self.model_id) if judged.given and not judged.right else ""
        self.shown.value = reviewed(judged.question, judged.given) + again + run
        word = "Right" if judged.right else "Not right"
        self.say(f"Question {page} of {len(result.judged)}.", mistake=not judged.right, word=word)

    def _leave(self) -> None:
        if self.result is None:
            self._sheet.give_up()
        self._before()

    def _shows(self, *visible: Any) -> None:
        for control in self.controls:
            control.layout.display = "" if control in visible else "none"

    @property
    def _sheet(self) -> Sheet:
        if self.sheet is None:
            raise ValueError("begin first")
        return self.sheet

    @property
    def called(self) -> list[str]:
        return [*(control.description for control in self.settings), "Begin"]  # the same whatever was begun before

    @property
    def facts(self) -> str:
        return f"{self.label}: {self.about}"

    def static(self) -> str:
        return f"<p><strong>{marked(self.about)}</strong></p>"
