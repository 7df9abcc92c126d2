"""Predictions as data: what is asked before a call, the options, and why each of them tempts.

The right option stands nowhere: the call that the learner runs next answers it.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

FEWEST, MOST = 2, 4  # options


class Prediction(Struct, frozen=True):
    """`options` are two to four answers, each with what is to be said of it once the right one is known.

    `tells`: words that would give the answer away, where a learner sees them before having committed.
    """

    words: str
    options: Mapping[str, str]
    tells: Sequence[str] = ()

    def __post_init__(self) -> None:
        if not FEWEST <= len(self.options) <= MOST:
            raise ValueError(f"a prediction has {FEWEST} to {MOST} options, not {len(self.options)}")

    def known(self, option: str) -> str:
        """The option itself. Raises ValueError when it is none of them."""
        if option not in self.options:
            raise ValueError(f"`{option}` is none of the options {', '.join(self.options)}")
        return option
