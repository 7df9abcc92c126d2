"""A task in front of the learner: its goal, its hints one by one, and a button that checks."""

import ipywidgets as W  # noqa: N812 (as its own documentation abbreviates it)

from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import button
from kms_teach.teaching.lab import Panel, marked
from kms_teach.teaching.task import HINTS, Task


class Do(Panel):
    """Shows a task, and checks it against a simulator; `done` is true once a check has found the goal reached."""

    def __init__(self, task: Task, sim: Simulator) -> None:
        self.task, self.sim = task, sim
        self.done, self.hints_shown = False, 0
        self.hint, self.check = button("Show a hint"), button("Check")
        goal, self._hints = W.HTML(f"<strong>Your task.</strong> {marked(task.goal)}"), W.HTML()
        self._hints.add_class("kms-spoken")
        super().__init__([self.check, self.hint], "Do", [goal, self._hints])
        self.on(self.hint, self._hint)
        self.on(self.check, self._check)

    def _hint(self) -> None:
        if self.hints_shown == HINTS:
            self.say("You have all three hints.")
            return
        self.hints_shown += 1
        shown = self.task.hints[: self.hints_shown]
        self._hints.value = "".join(
            f"<p><strong>Hint {n}.</strong> {marked(hint)}</p>" for n, hint in enumerate(shown, 1)
        )
        self.hint.description = "Show another hint" if self.hints_shown < HINTS else "No more hints"

    def _check(self) -> None:
        outcome = self.task.check(self.sim)
        self.done = self.done or outcome.done
        self.say(outcome.feedback, mistake=not outcome.done, word="Done" if outcome.done else "Not yet")

    @property
    def facts(self) -> str:
        return f"Task: {self.task.goal}"

    def static(self) -> str:
        return f"<p><strong>Your task.</strong> {marked(self.task.goal)}</p><p>It has three hints.</p>"
