"""Questions as data: their options, why each of them tempts, and perhaps the run that answers it.

The right option stands nowhere: a prediction is answered by the call that the learner runs next, a question to test
oneself by `run`, in a simulator of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

FEWEST, MOST = 2, 4  # options


@dataclass(frozen=True, slots=True)
class Question:
    """`options` are two to four answers, each with what is to be said of it once the right one is known.

    `run` gives the right option; None where the chapter itself makes the run.
    """

    words: str
    options: Mapping[str, str]
    run: Callable[[], str] | None = None

    def __post_init__(self) -> None:
        if not FEWEST <= len(self.options) <= MOST:
            raise ValueError(f"a question has {FEWEST} to {MOST} options, not {len(self.options)}")

    def known(self, option: str) -> str:
        """The option itself. Raises ValueError when it is none of them."""
        if option not in self.options:
            raise ValueError(f"`{option}` is none of the options {', '.join(self.options)}")
        return option

    def answer(self) -> str:
        """The right option, found by the run. Raises ValueError for a run that finds none of the options."""
        if self.run is None:
            raise ValueError(f"nothing answers “{self.words}” but the chapter's own run")
        return self.known(self.run())
