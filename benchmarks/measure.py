"""How the benchmarks measure: two things in turn, in one run, and their ratio."""

import gc
import statistics
import time
from collections.abc import Callable

Act = Callable[[], object]


def seconds(act: Act, times: int) -> float:
    """The median of one call's time."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def side_by_side(ours: Act, theirs: Act, times: int, rounds: int = 5) -> tuple[float, float]:
    """Median seconds of each, measured in alternating rounds so that a busy machine is busy for both."""
    ours(), theirs()
    gc.collect()
    mine, other = [], []
    for _ in range(rounds):
        mine.append(seconds(ours, times))
        other.append(seconds(theirs, times))
    return statistics.median(mine), statistics.median(other)


def shown(value: float) -> str:
    for unit, factor in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if value * factor >= 1:
            return f"{value * factor:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"
