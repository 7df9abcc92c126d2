"""Run every test, and end with one line for each kind: how many passed, how many did not, what was skipped and why.

A later kind runs even if an earlier one failed. The exit code is 0 only if every kind ran and nothing failed.
"""

import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KINDS = {
    "units": ["tests", "--ignore=tests/browser"],
    "notebooks": ["notebooks", "--nbval", "--nbval-current-env"],
    "browser": ["tests/browser"],
}


def run(kind: str, report: Path) -> tuple[bool, str, list[str]]:
    """(went well, one line, skipped tests with their reasons) of one kind of test."""
    print(f"\n--- {kind} ---", flush=True)
    start = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *KINDS[kind]]
    code = subprocess.call(command, cwd=ROOT)
    seconds = time.monotonic() - start
    if not report.exists():
        return False, f"{kind:10} DID NOT RUN (pytest ended with {code}), {seconds:.0f} s", []
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 pytest wrote it a moment ago
    tests, failures, errors, skipped = (int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped"))
    line = f"{kind:10} {tests - failures - errors - skipped} passed, {failures + errors} failed, {skipped} skipped"
    if code != 0 and not failures + errors:
        line += f" (pytest ended with {code})"
    why = [
        f"{kind}: {case.get('classname')}::{case.get('name')}: {mark.get('message')}"
        for case in suite.iter("testcase")
        for mark in case.iter("skipped")
    ]
    return code == 0, f"{line}, {seconds:.0f} s", why


def main() -> int:
    """Run all kinds in order, then sum up."""
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        print("No Chromium here: the browser tests will fail. Type: apt-get install chromium", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        results = [run(kind, Path(folder, f"{kind}.xml")) for kind in KINDS]
    print("\n--- all ---")
    for _, line, _ in results:
        print(line)
    skipped = [reason for _, _, why in results for reason in why]
    print(f"{len(skipped)} skipped" + (":" if skipped else ""))
    for reason in skipped:
        print(f"  {reason}")
    return 0 if all(well for well, _, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
