"""Run every test, and end with one line for each kind: how many passed, how many did not, what was skipped and why.

python scripts/test.py [quick]     quick: only the units that can notice what was changed, without those marked slow

Units and notebooks take all cores; the browser tests, which mostly wait for a page, run beside them and are shown last.
A later kind runs even if an earlier one failed. The exit code is 0 only if every kind ran and nothing failed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts import affected

ROOT = Path(__file__).resolve().parent.parent
SHARED_OUT = ["-n", "logical", "--dist"]
KINDS = {
    "units": ["tests", "--ignore=tests/browser", *SHARED_OUT, "worksteal"],  # a module's tests mostly stay together
    "notebooks": ["notebooks", "--nbval", "--nbval-current-env", *SHARED_OUT, "loadfile"],  # a notebook is one kernel's
    "browser": ["tests/browser"],  # one process, so one JupyterLab and one browser
}
QUICK = {"units": [*KINDS["units"], "-m", "not slow"]}
BESIDE = ("browser",)
Result = tuple[bool, str, list[str]]


def environment() -> dict[str, str]:
    """Ours, with bytecode kept in .venv, or each of a hundred kernels and programs would compile all of it anew.

    What a kernel keeps of a learner goes there too, not to whoever runs the tests.
    """
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    folders = {"PYTHONPYCACHEPREFIX": "bytecode", "KMS_TEACH_PROGRESS": "progress"}
    return ours | {name: str(ROOT / ".venv" / folder) for name, folder in folders.items()}


def run(kind: str, options: list[str], folder: Path) -> Result:
    """(went well, one line, skipped tests with their reasons) of one kind of test."""
    report, log = folder / f"{kind}.xml", folder / f"{kind}.log"
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *options]
    start = time.monotonic()
    if kind in BESIDE:
        with log.open("w") as out:
            code = subprocess.call(command, cwd=ROOT, env=environment(), stdout=out, stderr=out)
    else:
        print(f"\n--- {kind} ---", flush=True)
        code = subprocess.call(command, cwd=ROOT, env=environment())
    return summed_up(kind, report, code, time.monotonic() - start)


def summed_up(kind: str, report: Path, code: int, seconds: float) -> Result:
    """What a report of pytest says in one line."""
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


def run_all(kinds: dict[str, list[str]]) -> list[Result]:
    """All kinds, in the order of the table: one after the other, but for those that run beside."""
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor() as beside:
        folder = Path(name)
        started = {kind: beside.submit(run, kind, kinds[kind], folder) for kind in BESIDE if kind in kinds}
        results = {kind: run(kind, options, folder) for kind, options in kinds.items() if kind not in BESIDE}
        for kind, running in started.items():
            results[kind] = running.result()
            print(f"\n--- {kind} ---\n{(folder / f'{kind}.log').read_text()}", flush=True)
    return list(results.values())


def quick() -> dict[str, list[str]]:
    """The units, of the files that can notice what was changed."""
    chosen = affected.noticing(affected.changed())
    if chosen is None:
        return QUICK
    print(f"{len(chosen)} files of tests can notice what was changed", flush=True)
    files = [str(file.relative_to(ROOT)) for file in chosen]
    return {"units": [*files, *QUICK["units"][1:]]} if files else {}


def main(arguments: list[str]) -> int:
    """Run all kinds, or what is quick, then sum up."""
    kinds = quick() if arguments == ["quick"] else KINDS
    if "browser" in kinds and not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        print("No Chromium here: the browser tests will fail. Type: apt-get install chromium", flush=True)
    results = run_all(kinds)
    print("\n--- all ---")
    for _, line, _ in results:
        print(line)
    skipped = [reason for _, _, why in results for reason in why]
    print(f"{len(skipped)} skipped" + (":" if skipped else ""))
    for reason in skipped:
        print(f"  {reason}")
    return 0 if all(well for well, _, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
