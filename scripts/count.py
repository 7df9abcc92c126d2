"""Print how many lines each folder of the package has, and keep the table in CONTRIBUTING.md true.

Code is what is left of the lines without blank ones, comments and docstrings.

python scripts/count.py [--check]     with --check nothing is written; the exit code is 1 if the table is out of date
"""

import ast
import io
import re
import sys
import tokenize
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "CONTRIBUTING.md"
PLACE = re.compile(r"(?<=<!-- count -->\n).*?(?=<!-- /count -->)", re.DOTALL)
OUTSIDE = {"pictures", "widgets", "course"}  # everything else is the simulator


SILENT = {tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def code(source: str) -> int:
    """How many lines of a source hold code."""
    spoken = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in SILENT:
            spoken.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None:
            spoken.difference_update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(spoken)


def lines(package: Path) -> dict[str, tuple[int, int, int]]:
    """Folder of the package -> (modules, lines, lines of code); its own modules count as `.`."""
    counted: dict[str, Counter[int]] = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).parts
        source = path.read_text(encoding="utf-8")
        folder = counted.setdefault(parts[0] if len(parts) > 1 else ".", Counter())
        folder.update({0: 1, 1: len(source.splitlines()), 2: code(source)})
    return {folder: (counts[0], counts[1], counts[2]) for folder, counts in sorted(counted.items())}


def table(counted: dict[str, tuple[int, int, int]]) -> str:
    """The table, in Markdown."""
    simulator = [counts for folder, counts in counted.items() if folder not in OUTSIDE]
    rows = [(f"`{folder}`", *counts) for folder, counts in counted.items()]
    rows += [(f"the simulator (all but {', '.join(sorted(OUTSIDE))})", *map(sum, zip(*simulator, strict=True)))]
    shown = [f"| {name} | {modules:,} | {every:,} | {left:,} |" for name, modules, every, left in rows]
    return "\n".join(["| folder | modules | lines | code |", "|---|---:|---:|---:|", *shown, ""])


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
