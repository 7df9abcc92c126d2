"""Print how many lines each folder of the package has, and keep the table in CONTRIBUTING.md true.

python scripts/count.py [--check]     with --check nothing is written; the exit code is 1 if the table is out of date
"""

import re
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "CONTRIBUTING.md"
PLACE = re.compile(r"(?<=<!-- count -->\n).*?(?=<!-- /count -->)", re.DOTALL)
OUTSIDE = {"pictures", "widgets", "course"}  # everything else is the simulator


def lines(package: Path) -> dict[str, tuple[int, int]]:
    """Folder of the package -> (modules, lines); its own modules count as `.`."""
    modules, total = Counter(), Counter()
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).parts
        folder = parts[0] if len(parts) > 1 else "."
        modules[folder] += 1
        total[folder] += len(path.read_text(encoding="utf-8").splitlines())
    return {folder: (modules[folder], total[folder]) for folder in sorted(total)}


def table(counted: dict[str, tuple[int, int]]) -> str:
    """The table, in Markdown."""
    simulator = sum(count for folder, (_, count) in counted.items() if folder not in OUTSIDE)
    rows = [f"| `{folder}` | {modules} | {count:,} |" for folder, (modules, count) in counted.items()]
    rows += [f"| the simulator (all but {', '.join(sorted(OUTSIDE))}) | | {simulator:,} |"]
    return "\n".join(["| folder | modules | lines |", "|---|---:|---:|", *rows, ""])


def main() -> int:
    """Print, compare, write."""
    counted = table(lines(ROOT / "kms_teach"))
    print(counted, end="")
    old = PAGE.read_text(encoding="utf-8")
    new = PLACE.sub(lambda _: counted, old)
    if new != old and "--check" not in sys.argv:
        PAGE.write_text(new, encoding="utf-8")
    return 1 if new != old and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
