"""Tasks as data: a goal, hints, and a check that looks at what happened, never at the code that was typed.

So any way that works is right. A check reads `sim.trail` (and may call through a client, which is recorded there too);
its feedback names what is missing, or the belief that led astray.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kms_teach.simulator import Simulator

HINTS = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether the goal is reached, and one or two sentences about what was found."""

    done: bool
    feedback: str


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. `goal` is a sentence; the hints go from a nudge to nearly the call itself."""

    goal: str
    hints: tuple[str, str, str]
    check: Callable[[Simulator], Outcome]

    def __post_init__(self) -> None:
        if len(self.hints) != HINTS or not all(self.hints):
            raise ValueError(f"a task has {HINTS} hints, not {len(self.hints)}")
