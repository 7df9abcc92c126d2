"""Write docs/differences.md from the table in `kms_teach.operations.differences`; with --check, only compare."""

import sys
from pathlib import Path

import kms_teach.operations  # noqa: F401 (fills the catalog)
from kms_teach.operations.catalog import CATALOG
from kms_teach.operations.differences import DIFFERENCES

PAGE = Path(__file__).parents[1] / "docs" / "differences.md"
INTRODUCTION = """# Where the simulator differs from AWS

This page is written from a table in the code (`kms_teach/operations/differences.py`), and a test compares the two. Read
a row as: at this operation, about this, the simulator does that, and here is why. **differs**: we know that AWS does
otherwise. **unknown**: AWS's answer is not on record, and the simulator says the least that is certainly true.

What is not in these tables is meant to be as at AWS. If you find that it is not, that is a mistake of ours.

## Every operation

| operation | rows below |
|---|---|
"""


def page():
    numbered = list(enumerate(DIFFERENCES, 1))
    lines = [INTRODUCTION.rstrip()]
    for name in sorted(CATALOG):
        rows = ", ".join(str(n) for n, d in numbered if name in d.operations.split())
        lines.append(f"| {name} | {rows or 'none of its own'} |")
    lines += ["", "## The rows", "", "| | operations | | about | here | why |", "|---|---|---|---|---|---|"]
    for n, d in numbered:
        lines.append(f"| {n} | {', '.join(d.operations.split())} | {d.kind} | {d.what} | {d.here} | {d.why} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        same = PAGE.read_text() == page()
        sys.exit(0 if same else "docs/differences.md is not what its table says: run scripts/differences.py")
    PAGE.write_text(page())
