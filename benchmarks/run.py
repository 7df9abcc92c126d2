"""Measure everything, print a table, and keep it in benchmarks/README.md with the day and the machine.

python benchmarks/run.py [NAME …]     only the parts so named; then the file is left alone
"""

import datetime as dt
import os
import platform
import sys
from pathlib import Path

import in_browser
import in_process
import objects
import over_http

PARTS = {
    "calls": in_process.calls,
    "imports": in_process.imports,
    "store": in_process.store,
    "memory": in_process.memory_per_key,
    "envelope": in_process.envelope,
    "http": over_http.server,
    "objects": objects.beside_moto,
    "gigabyte": objects.gigabyte,
    "bucket keys": objects.counted,
    "slider": in_browser.slider,
}
README = Path(__file__).with_name("README.md")
MARK = "<!-- figures -->"


def main(names):
    rows = []
    for name in names or PARTS:
        for what, ours, beside, ratio in PARTS[name]():
            rows.append(f"| {what} | {ours} | {beside} | {'' if ratio is None else f'{ratio:.2f}'} |")
            print(rows[-1], flush=True)
    if not names:
        head, _, _ = README.read_text().partition(MARK)
        day = dt.datetime.now(dt.UTC).date()
        machine = f"Measured {day}, {platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}."
        table = ["| what | here | beside | ratio |", "|---|---|---|---|", *rows]
        README.write_text("\n".join([head + MARK, "", machine, "", *table, ""]))


if __name__ == "__main__":
    main(sys.argv[1:])
