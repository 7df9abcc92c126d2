"""A task in front of the learner: its goal, its hints one by one, a button that checks, and one that begins anew."""

from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import Any

import ipywidgets as W  # noqa: N812 (as its own documentation abbreviates it)
from IPython import get_ipython

from kms_teach.simulator import Simulator
from kms_teach.teaching import catalog, progress
from kms_teach.teaching.class_account import ClassAccount
from kms_teach.teaching.controls import button
from kms_teach.teaching.lab import Panel, marked
from kms_teach.teaching.task import HINTS, Task

THERE = (
    "This task is set in your account at {}. From here on `sim` and `kms` are that account; the pictures and labs of "
    "this notebook go on with its own simulator."
)


class Do(Panel):
    """Builds a task's situation in a simulator, shows the task, and checks it.

    `given` is what the situation names; in a notebook these names are known to the cells below. `done` is true once a
    check has found the goal reached. In a class, the task is set in the learner's account there, if it can be.
    """

    def __init__(self, task: Task, sim: Simulator | ClassAccount) -> None:
        self.task = task
        self.at = ClassAccount.here(sim)
        self._is_class = self.at is not None
        self.sim: Simulator = sim.notebooks if isinstance(sim, ClassAccount) else sim
        self.given: Mapping[str, Any] = MappingProxyType({})
        self.done, self.hints_shown = False, 0
        self._where = W.HTML()
        self.hint, self.check, self.again = button("Show a hint"), button("Check"), button("Start again")
        goal, self._hints = W.HTML(f"<strong>Your task.</strong> {marked(task.goal)}"), W.HTML()
        self._hints.add_class("kms-spoken")
        self.put = button("Put it into a cell")
        self.put.layout.display = "none"  # until there is something to put
        super().__init__([self.check, self.hint, self.again], "Do", [goal, self._where, self._hints, self.put])
        self.on(self.put, self._put_hint)
        self.on(self.hint, self._hint)
        self.on(self.check, self._check)
        self.on(self.again, self._again)
        if self.at:  # whose server may not answer
            self.act(self._begin)()
        else:
            self._begin()

    def _begin(self) -> None:
        self.given, self.done = MappingProxyType(self._set_up()), False
        if self.given and (shell := get_ipython()) is not None:
            # in the class, the names by which cells call are the account there, or again this notebook's simulator
            callers = {"sim": self.at or self.sim, "kms": (self.at or self.sim).client("kms")} if self._is_class else {}
            shell.push({**callers, **self.given})

    def _set_up(self) -> dict[str, Any]:
        """Build the situation, in the class if it can be built there; gives what it names."""
        if self.at:
            given, stays = self.at.begin(*self._named)
            self._where.value = f"<p><strong>In the class.</strong> {marked(stays or THERE.format(self.at.url))}</p>"
            if not stays:
                return given
            self.at = None
        return dict(self.task.situation(self.sim))

    @property
    def _named(self) -> tuple[str, str]:
        """The room and the name of the task; nothing for one of somebody else's."""
        return catalog.named("tasks", self.task) or ("", "")

    def _again(self) -> None:
        self._begin()
        names = ", ".join(f"`{name}`" for name in self.given)
        self.say(f"All is as it was at the beginning{f'; {names} are made anew' if names else ''}.")

    def _hint(self) -> None:
        if self.hints_shown == HINTS:
            self.say("You have all three hints.")
            return
        self.hints_shown += 1
        shown = self.task.hints[: self.hints_shown]
        self._hints.value = "".join(hinted(number, hint) for number, hint in enumerate(shown, 1))
        self.hint.description = "Show another hint" if self.hints_shown < HINTS else "No more hints"
        self.put.layout.display = None if self.hints_shown == HINTS else "none"

    def _put_hint(self) -> None:
        self.write_below(self.task.solution)

    def _check(self) -> None:
        outcome = self.at.check(*self._named) if self.at else self.task.check(self.sim)
        if outcome.done and not self.done:
            progress.mine().done(self.task)
        self.done = self.done or outcome.done
        self.say(outcome.feedback, mistake=not outcome.done, word="Done" if outcome.done else "Not yet")

    @property
    def facts(self) -> str:
        return f"Task: {self.task.goal}"

    def static(self) -> str:
        return f"<p><strong>Your task.</strong> {marked(self.task.goal)}</p><p>It has three hints.</p>"


def hinted(number: int, hint: str) -> str:
    """A hint as HTML: words, and the last one as code."""
    if number < HINTS:
        return f"<p><strong>Hint {number}.</strong> {marked(hint)}</p>"
    return f"<p><strong>Hint {number}.</strong> For your cell:</p><pre><code>{escape(hint)}</code></pre>"
