"""This checkout beside an older one, in one run: the median of nine rounds in which the two take turns.

python benchmarks/beside.py CHECKOUT [ROUNDS]     CHECKOUT: a folder with the older version, its .venv in it if it has one
"""

import datetime as dt
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
PROBES = HERE / "benchmarks" / "probes.py"
README = HERE / "benchmarks" / "README.md"
BEGIN, END = "<!-- beside -->", "<!-- /beside -->"
CLIENT = 'import boto3; boto3.session.Session().client("kms", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")'
ROWS = {
    "again": ("a second simulator, its client and a call", "{:.1f} ms"),
    "alive": ("30 simulators alive", "{:.0f} MB"),
    "fresh": ("a fresh process that draws a call, beside one that makes a boto3 client", "{:.2f}x"),
    "slider": ("a step back on the rotation lab's slider", "{:.1f} ms"),
    "quiz": ("an answer in a quiz", "{:.1f} ms"),
}


class Checkout:
    """A checkout and its interpreter; its bytecode is kept, as on a learner's machine, in a folder of its own."""

    def __init__(self, folder, bytecode):
        own = folder / ".venv" / "bin" / "python"
        self.folder, self.python = folder, str(own) if own.exists() else sys.executable
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        places = {"PYTHONPATH": folder, "PYTHONPYCACHEPREFIX": bytecode, "KMS_TEACH_PROGRESS": bytecode}
        self.environment = kept | {name: str(place) for name, place in places.items()}
        self.program = self.run(PROBES, "drawn")

    def run(self, *arguments):
        command = [self.python, *map(str, arguments)]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    def measure(self, name):
        if name != "fresh":
            return float(self.run(PROBES, name))
        return self.cpu(self.program) / self.cpu(CLIENT)

    def cpu(self, program):
        """Seconds of CPU of a process that runs this."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.run("-c", program)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(older, rounds=9):
    with tempfile.TemporaryDirectory() as folder:
        checkouts = [Checkout(path, Path(folder, name)) for path, name in ((Path(older).resolve(), "a"), (HERE, "b"))]
        rows = [row(name, checkouts, int(rounds)) for name in ROWS]
    version = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=older, capture_output=True, text=True, check=True
    )
    machine = f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    head = f"Measured {dt.datetime.now(dt.UTC).date()} beside {version.stdout.strip()}, {machine}, in CPU time."
    table = ["| what | there | here | ratio |", "|---|---|---|---|", *rows]
    before, _, rest = README.read_text().partition(BEGIN)
    README.write_text("\n".join([before + BEGIN, "", head, "", *table, "", END + rest.partition(END)[2]]))


def row(name, checkouts, rounds):
    what, unit = ROWS[name]
    for checkout in checkouts:
        checkout.measure(name)  # and keep the bytecode
    taken = [[], []]
    for turn in range(rounds):
        for side in (0, 1) if turn % 2 == 0 else (1, 0):
            taken[side].append(checkouts[side].measure(name))
    there, here = map(statistics.median, taken)
    line = f"| {what} | {unit.format(there)} | {unit.format(here)} | {here / there:.2f} |"
    print(line, flush=True)
    return line


if __name__ == "__main__":
    main(*sys.argv[1:])
