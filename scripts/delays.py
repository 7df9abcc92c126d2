"""Write docs/time.md from the table in `kms_teach.keys.delays`; with --check, only compare."""

import sys
from datetime import timedelta
from pathlib import Path

from kms_teach.drawing.look import day
from kms_teach.keys.delays import DELAYS, READ

PAGE = Path(__file__).parents[1] / "docs" / "time.md"
INTRODUCTION = f"""# What takes its time

AWS KMS is spread over many machines, and a change is not known to all of them at once. Most programs never notice, and
so, by default, they do not here: what is made can be used in the next line. `Simulator(slow=True)` lets each thing take
its time, on the simulator's clock, for the lesson that shows it; `sim.advance(minutes=5)` is the wait.

One rule says what is seen meanwhile. What **manages** a thing (a list, a second change of it) sees it as it is. What
**goes by** it (a call that names a key by its alias, a decision about a grant or a tag) sees it when its time has come.
AWS says as much of tags and aliases, which may be visible in the API before they decide; of the rest it is our reading.

This page is written from a table in the code (`kms_teach/keys/delays.py`), from which the simulator takes its times; a
test compares the two. The sources were read on {day(READ)}; the API Reference is the model in botocore.
"""
HEADER = "| what | operations | at AWS | by default | with `slow=True` | meanwhile | source |"
AT_ONCE = """
## At once, with the switch too

| what | operations | at AWS | why at once here | source |
|---|---|---|---|---|
"""
UNITS = (("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)), ("second", timedelta(seconds=1)))


def page():
    slow = {what: row for what, row in DELAYS.items() if not row.why}
    lines = [INTRODUCTION, "## On the clock", "", HEADER, "|---|---|---|---|---|---|---|"]
    lines += [
        f"| {what} | {_named(row)} | {row.at_aws} | {length(row.usual)} | {length(row.slow)} | {row.meanwhile} "
        f"| {row.source} |"
        for what, row in slow.items()
    ]
    rest = [
        f"| {what} | {_named(row)} | {row.at_aws} | {row.why} | {row.source} |"
        for what, row in DELAYS.items()
        if what not in slow
    ]
    return "\n".join(lines) + "\n" + AT_ONCE + "\n".join(rest) + "\n"


def _named(row):
    return ", ".join(row.operations.split())


def length(delay):
    """A time in words."""
    if delay is None:
        return "as asked"
    for unit, size in UNITS:
        if count := delay // size:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "at once"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text() == page() else "docs/time.md is not what its table says: run scripts/delays.py")
    PAGE.write_text(page())
