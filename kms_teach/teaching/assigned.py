"""An assignment in front of a learner: its questions with their own numbers, its tasks, and the file to hand in."""

import base64
from html import escape
from pathlib import Path

from kms_teach.drawing.look import WIDE
from kms_teach.teaching import assignment, progress
from kms_teach.teaching.controls import text
from kms_teach.teaching.lab import marked
from kms_teach.teaching.live import live
from kms_teach.teaching.record import Done, How
from kms_teach.teaching.score import score
from kms_teach.teaching.sections import title
from kms_teach.teaching.sitting import ASSIGNED, Result, Sheet
from kms_teach.teaching.sitting_panel import SittingPanel


class Assigned(SittingPanel):
    """Asks what a file of `kms-teach assign` asks, and writes the answers beside it once they are handed in.

    `written` is that file, None before.

    Raises:
        AssignmentError: the file is no assignment, or asks what this edition of the course does not have.
    """

    how: How = "assignment"

    def __init__(self, file: str | Path) -> None:
        self.file = Path(file)
        self.signed = assignment.opened(self.file)
        self.assignment = assignment.read_assignment(self.signed)
        self.written: Path | None = None
        self._link = ""
        self.learner = text("Your name")
        self._code = f"{ASSIGNED}{self.signed.digest[:16]} "
        super().__init__("Assignment", self._about(), [self.learner], [])

    def begin(self) -> Sheet:
        learner = assignment.known_as(self.learner.value)
        places = assignment.places(self.assignment, learner)
        return Sheet.of(progress.mine(), self._code + learner, places)

    def unfinished(self) -> Sheet | None:
        return Sheet.unfinished(progress.mine(), self.how, self._code)

    def name(self, sheet: Sheet) -> str:
        return f"What {self._name(sheet)} began"

    def came_out(self, result: Result) -> str:
        return self._link + live(score(result.subjects, WIDE), self.model_id)

    def _end(self) -> None:
        super()._end()
        if self.result is None:
            return
        sheet = self._sheet
        learner = self._name(sheet)
        answers = [mark.given for mark in sheet.sitting.marks]
        content = assignment.answered(self.signed, learner, sheet.kept.now(), answers, self.done)
        to = self.file.parent / assignment.file_name(self.signed, learner)
        data = f"data:application/json;base64,{base64.b64encode(content).decode()}"
        self._link = (
            f'<p><a download="{escape(to.name)}" href="{data}">Your answers as a file</a>, for your teacher.</p>'
        )
        self.shown.value = self.came_out(self.result)
        try:
            to.write_bytes(content)
        except OSError as error:
            raise ValueError(f"{to} cannot be written ({error.strerror}): save the file from the link above") from None
        self.written = to
        self.say(f"Send {to.name} to your teacher. The next pages have each question.", word="Handed in")

    @property
    def done(self) -> list[tuple[str, str]]:
        """The tasks of the assignment that are done, by this learner's progress."""
        there = {(record.chapter, record.task) for record in progress.mine().of(Done)}
        return [task for task in self.assignment.tasks if task in there]

    def _name(self, sheet: Sheet) -> str:
        return sheet.sitting.code.removeprefix(self._code)

    def _about(self) -> str:
        asked = self.assignment
        due = f" It is due on {asked.due:%d %B %Y at %H:%M} UTC." if asked.due else ""
        tasks = ", ".join(f"`{name}` in {marked(title(room))}" for room, name in asked.tasks)
        also = f" Do these tasks in their chapters first: {tasks}." if tasks else ""
        return f"{asked.title}: {len(asked.families)} questions with numbers of your own.{due}{also}"
