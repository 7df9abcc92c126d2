"""Write the repository's address into every file that links to it; `pyproject.toml` says what it was.

python scripts/links.py OWNER/REPO
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")
PLACEHOLDER = "OWNER/REPO"
PAGES = ("README.md", "CHANGELOG.md", "pyproject.toml", "docs/*.md", "site/*", "deploy/*/*")
USE = "say whose repository it is, as on GitHub: make links OWNER/REPO"


def address(root: Path = ROOT) -> str:
    """OWNER/REPO, as it stands in the project's links."""
    with (root / "pyproject.toml").open("rb") as file:
        link: str = tomllib.load(file)["project"]["urls"]["Repository"]
    return link.removeprefix("https://github.com/")


def move(to: str, root: Path = ROOT) -> list[Path]:
    """Write the new address in the place of the old one; gives the files that were written."""
    (owner, repo), (new_owner, new_repo), written = address(root).split("/"), to.split("/"), []
    links = {  # what follows a slash, so that a sentence about the address stays
        re.compile(rf"(?<=/){re.escape(owner)}/{re.escape(repo)}(?![\w-])"): to,
        re.compile(rf"(?<=%2F){re.escape(owner)}%2F{re.escape(repo)}(?![\w-])"): f"{new_owner}%2F{new_repo}",
        re.compile(rf"(?<=tree%2F){re.escape(repo)}(?=%2F)"): new_repo,
        re.compile(
            rf"(?<=//){re.escape(owner)}\.github\.io/{re.escape(repo)}(?![\w-])"
        ): f"{new_owner}.github.io/{new_repo}",
    }
    for path in sorted(path for page in PAGES for path in root.glob(page) if path.is_file()):
        text = path.read_text(encoding="utf-8")
        moved = text
        for link, instead in links.items():
            moved = link.sub(instead, moved)
        if moved != text:
            path.write_text(moved, encoding="utf-8")
            written.append(path)
    return written


def main(arguments: list[str]) -> int | str:
    """Write it, and say where."""
    if len(arguments) != 1 or not NAME.fullmatch(arguments[0]) or arguments[0] == PLACEHOLDER:
        return USE
    for path in move(arguments[0]):
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
