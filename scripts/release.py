"""Build what is released, into dist/: the packages, and a list of all parts of an installation with their licences.

    make release

The list is CycloneDX's, written by their own tool of an environment into which the built package is installed at our
pins: what a learner gets by `pip install "kms-teach[lab]"`. docs/licences.md is the same for a person.
"""

import collections
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST, LICENCES = ROOT / "dist", ROOT / "docs" / "licences.md"
CYCLONEDX = "cyclonedx-bom==7.5.0"
HEAD = """# The parts of an installation, and their licences

What `pip install "kms-teach[lab]"` installs at our pins, beside kms-teach itself (MIT). `make release` writes this
page, and the same as CycloneDX JSON beside the packages in `dist/`.

| licence | packages |
|---|---|
"""


def build() -> Path:
    """The wheel."""
    subprocess.run([sys.executable, "-m", "hatchling", "build"], cwd=ROOT, check=True)
    return max(DIST.glob("*.whl"), key=lambda file: file.stat().st_mtime)


def parts(wheel: Path) -> Path:
    """The list of the parts of an environment that has the wheel and what it needs."""
    uv = [sys.executable, "-m", "uv"]
    target = wheel.with_name(f"{wheel.name.removesuffix('.whl')}.cdx.json")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "venv")
        subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, place], check=True)
        install = [*uv, "pip", "install", "--quiet", "--python", place, "--constraints", ROOT / "requirements.txt"]
        subprocess.run([*install, f"kms-teach[lab] @ {wheel.as_uri()}"], check=True)
        command = ["cyclonedx-py", "environment", "--pyproject", ROOT / "pyproject.toml", "--output-reproducible"]
        subprocess.run(
            [*uv, "tool", "run", "--quiet", "--from", CYCLONEDX, *command, "--output-file", target, place], check=True
        )
    return target


def licence(part: dict[str, list[dict[str, dict[str, str]]]]) -> str:
    """The licence that a part names, in SPDX's words where it uses them."""
    for told in part.get("licenses", []):
        if "expression" in told:
            return str(told["expression"])
        named = told["license"].get("id") or told["license"].get("name", "")
        if named and "\n" not in named and not named.startswith("declared license"):
            return named.removeprefix("License :: OSI Approved :: ")
    return "see the package"


def page(listed: Path) -> str:
    """The page for a person: each licence with its packages."""
    by_licence = collections.defaultdict(list)
    for part in json.loads(listed.read_text())["components"]:
        if part["name"] not in ("kms-teach", "pip"):
            by_licence[licence(part)].append(part["name"])
    rows = (f"| {name} | {', '.join(sorted(packages))} |" for name, packages in sorted(by_licence.items()))
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    listed = parts(build())
    LICENCES.write_text(page(listed))
    print(f"dist/ has {', '.join(sorted(file.name for file in DIST.iterdir()))}")
