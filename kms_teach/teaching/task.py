"""Tasks as data: a situation, a goal, hints, and a check that looks at what happened, never at the code that was typed.

So any way that works is right. A check reads `sim.trail`, and tries what should work now, in a rehearsal: a copy of the
simulator, so that looking leaves no trace. Its feedback names what is missing, or the belief that led astray.
"""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from kms_teach.simulator import Simulator

HINTS = 3


class Outcome(Struct, frozen=True):
    """Whether the goal is reached, and one or two sentences about what was found."""

    done: bool
    feedback: str


class Task(Struct, frozen=True):
    """One thing to do. `situation` builds what it is about in a simulator, and names what the learner gets.

    `goal` is a sentence. Of the hints the first nudges, the second says where, and the third is Python: pasted into a
    cell where `sim` and what `situation` names are known, it reaches the goal. `judge` is given a rehearsal of the
    simulator, in which it may call whatever it likes.
    """

    goal: str
    situation: Callable[[Simulator], Mapping[str, Any]]
    hints: tuple[str, str, str]
    judge: Callable[[Simulator], Outcome]

    def __post_init__(self) -> None:
        if len(self.hints) != HINTS or not all(self.hints):
            raise ValueError(f"a task has {HINTS} hints, not {len(self.hints)}")
        compile(self.solution, "the third hint", "exec")

    def check(self, sim: Simulator) -> Outcome:
        """Whether the goal is reached. It only reads: a grading tool may call it as often as it likes."""
        with sim.rehearsal() as copy:
            return self.judge(copy)

    @property
    def solution(self) -> str:
        """The third hint: Python that reaches the goal."""
        return self.hints[-1]
