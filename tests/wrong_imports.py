"""Lint a copy of the package once for each wrong import: `python wrong_imports.py COPY` reads cases, writes outcomes.

A program of its own, since the linter looks a package up where Python does: here the copy has to be found, not the
package that the tests use. One for all cases, since starting it takes longer than linting.
"""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

from importlinter.cli import lint_imports


def outcome(contract: str, file: Path, code: str) -> tuple[int, str]:
    """(exit code, report) of one contract with a line of code appended to a file, or a new file with it."""
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.write_text(f"{before or ''}\n{code}\n", encoding="utf-8")
    report = io.StringIO()
    try:
        with contextlib.redirect_stdout(report):
            failed = lint_imports(limit_to_contracts=(contract,), no_logo=True)
    finally:
        file.write_text(before, encoding="utf-8") if before is not None else file.unlink()
    return failed, report.getvalue()


if __name__ == "__main__":
    os.chdir(sys.argv[1])
    cases = json.load(sys.stdin)
    json.dump([outcome(contract, Path("kms_teach", file), code) for contract, file, code in cases], sys.stdout)
