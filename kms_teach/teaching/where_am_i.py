"""Fifteen questions across all subjects, and what they say: what to read, and a path for the days that are left."""

from pathlib import Path

from kms_teach.drawing.look import WIDE
from kms_teach.teaching import path, progress
from kms_teach.teaching.controls import number
from kms_teach.teaching.lab import marked
from kms_teach.teaching.live import live
from kms_teach.teaching.record import How
from kms_teach.teaching.score import score
from kms_teach.teaching.sections import chapter_linked, linked
from kms_teach.teaching.sitting import Result, Sheet
from kms_teach.teaching.sitting_panel import SittingPanel

LENGTH = 15
ABOUT = f"Where am I? {LENGTH} questions across all subjects, and a path for the days that are left."


class WhereAmI(SittingPanel):
    """Asks across all subjects, without a clock; what was wrong leads to its sections."""

    how: How = "placement"

    def __init__(self) -> None:
        self.days = number("Days until your exam", 1, 60, 7)
        super().__init__("Where am I?", ABOUT, [], [self.days])
        self.on(self.days, self._days)

    def begin(self) -> Sheet:
        return Sheet.begin(progress.mine(), "", LENGTH)

    def name(self, sheet: Sheet) -> str:
        return "What you began"

    def came_out(self, result: Result) -> str:
        here = Path.cwd()
        wrong = dict.fromkeys(linked(each.question.family, here) for each in result.judged if not each.right)
        read = "".join(f"<li>{words}</li>" for words in wrong)
        missed = f"<p>What was wrong is answered here:</p><ul>{read}</ul>" if wrong else ""
        return self._path(result, here) + missed + live(score(result.subjects, WIDE), self.model_id)

    def _days(self) -> None:
        if self.result:
            self.shown.value = self.came_out(self.result)
            left = self.days.value
            self.say(f"A path for {left} {'day' if left == 1 else 'days'}.")

    def _path(self, result: Result, here: Path) -> str:
        answers = [(each.question.family.chapter, each.right) for each in result.judged]
        rows = "".join(_day(day, here) for day in path.path(answers, self.days.value))
        return f"<p><strong>Your path</strong></p><ul>{rows}</ul>"


def _day(day: path.Day, here: Path) -> str:
    what = ", ".join(chapter_linked(room, here) for room in day.rooms) or marked("a mock exam, and its review")
    return f"<li>Day {day.number}: {what}</li>"
