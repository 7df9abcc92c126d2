"""Write docs/differences.md from the table in `kms_teach.operations.differences`; with --check, only compare."""

import sys
from pathlib import Path

import kms_teach.iam.service
import kms_teach.operations
import kms_teach.s3.service  # noqa: F401 (all fill their catalogs)
from kms_teach.cloudtrail.differences import DIFFERENCES as CLOUDTRAIL_DIFFERENCES
from kms_teach.cloudtrail.service import OPERATIONS as CLOUDTRAIL_OPERATIONS
from kms_teach.iam.catalog import CATALOG as IAM_CATALOG
from kms_teach.iam.differences import DIFFERENCES as IAM_DIFFERENCES
from kms_teach.operations.catalog import CATALOG
from kms_teach.operations.differences import DIFFERENCES
from kms_teach.s3.catalog import CATALOG as S3_CATALOG
from kms_teach.s3.differences import DIFFERENCES as S3_DIFFERENCES

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


SERVICES = (  # heading, operations, rows
    ("", CATALOG, DIFFERENCES),
    ("IAM", IAM_CATALOG, IAM_DIFFERENCES),
    ("S3", S3_CATALOG, S3_DIFFERENCES),
    ("CloudTrail", CLOUDTRAIL_OPERATIONS, CLOUDTRAIL_DIFFERENCES),
)
AFTER_KMS = """
## {service}

{count} answered; any other is refused by name.
"""
TABLE = ["| operation | rows below |", "|---|---|"]


def page():
    lines = [INTRODUCTION.rstrip()]
    for service, catalog, rows in SERVICES:
        numbered = list(enumerate(rows, 1))
        if service:
            lines += [AFTER_KMS.format(service=service, count=_count(len(catalog))), *TABLE]
        lines += [_operation(name, numbered) for name in sorted(catalog)]
        lines += ["", f"## The rows{f' of {service}' if service else ''}", ""]
        lines += ["| | operations | | about | here | why |", "|---|---|---|---|---|---|"]
        for n, d in numbered:
            lines.append(f"| {n} | {', '.join(d.operations.split())} | {d.kind} | {d.what} | {d.here} | {d.why} |")
    return "\n".join(lines) + "\n"


def _count(operations):
    return "1 operation is" if operations == 1 else f"{operations} operations are"


def _operation(name, numbered):
    rows = ", ".join(str(n) for n, d in numbered if name in d.operations.split())
    return f"| {name} | {rows or 'none of its own'} |"


if __name__ == "__main__":
    if "--check" in sys.argv:
        same = PAGE.read_text() == page()
        sys.exit(0 if same else "docs/differences.md is not what its table says: run scripts/differences.py")
    PAGE.write_text(page())
