"""Say what AWS changed since the course was written: the pinned botocore's models, beside the newest's.

    python scripts/news.py [WHEEL]

Lists operations, parameters, values, limits and sentences of kms, sts, iam and s3 that came, went or changed, and the
chapters that speak of them. Without a wheel, the newest botocore is downloaded; nothing is installed.
"""

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from importlib.metadata import version
from pathlib import Path
from typing import Any

import botocore
import nbformat

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("kms", "sts", "iam", "s3")
LIMITS = ("min", "max", "pattern")
Model = dict[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One thing that is not as it was. `where` is an operation or a shape."""

    service: str
    where: str
    what: str


def read(root: Path | zipfile.ZipFile, service: str) -> Model:
    """A service's newest model, in an installed botocore or in a wheel."""
    if isinstance(root, Path):
        paths = sorted((root / "data" / service).glob("*/service-2.json*"))
        packed = paths[-1].read_bytes()
    else:
        names = sorted(
            n for n in root.namelist() if re.fullmatch(rf"botocore/data/{service}/[^/]+/service-2\.json.*", n)
        )
        packed = root.read(names[-1])
    return json.loads(gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed)


def sentences(text: str) -> list[str]:
    """The sentences of a piece of documentation, without its markup."""
    plain = " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())
    return re.split(r"(?<=[.!?]) (?=[A-Z])", plain) if plain else []


def changes(service: str, was: Model, now: Model) -> Iterator[Change]:
    """What differs between two models of a service."""
    for kind, one in (("operations", "operation"), ("shapes", "shape")):
        for name in sorted(was[kind].keys() | now[kind].keys()):
            if name not in now[kind] or name not in was[kind]:
                yield Change(service, name, f"{one} is {'gone' if name not in now[kind] else 'new'}")
            else:
                yield from _details(service, name, was[kind][name], now[kind][name])


def _details(service: str, name: str, was: Model, now: Model) -> Iterator[Change]:
    for word, before, after in (
        ("parameter", was.get("members", {}), now.get("members", {})),
        ("value", was.get("enum", []), now.get("enum", [])),
        ("required", was.get("required", []), now.get("required", [])),
        ("error", [e["shape"] for e in was.get("errors", [])], [e["shape"] for e in now.get("errors", [])]),
    ):
        yield from (Change(service, name, f"{word} {each} is new") for each in after if each not in before)
        yield from (Change(service, name, f"{word} {each} is gone") for each in before if each not in after)
    for limit in LIMITS:
        if was.get(limit) != now.get(limit):
            yield Change(service, name, f"{limit} was {was.get(limit)}, is {now.get(limit)}")
    texts = [("", was.get("documentation", ""), now.get("documentation", ""))]
    members = was.get("members", {}).keys() & now.get("members", {}).keys()
    texts += [
        (f"{m}: ", was["members"][m].get("documentation", ""), now["members"][m].get("documentation", ""))
        for m in sorted(members)
    ]
    for place, before, after in texts:
        if before != after:
            old, new = sentences(before), sentences(after)
            yield from (Change(service, name, f"{place}no longer says: {each}") for each in old if each not in new)
            yield from (Change(service, name, f"{place}now says: {each}") for each in new if each not in old)


def touched(name: str, books: dict[str, str]) -> list[str]:
    """The chapters whose text or code speaks of an operation, in its own or in Python's spelling, or of a shape."""
    name = re.sub(r"(?<=\w)(Request|Response|Input|Output)$", "", name)
    spelt = re.sub(r"(?<!^)(?=[A-Z][a-z])|(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    word = re.compile(rf"\b(?:{re.escape(name)}|{re.escape(spelt)})\b")
    return [number for number, text in books.items() if word.search(text)]


def chapters() -> dict[str, str]:
    """All that stands in each notebook's cells, by the first part of its name."""
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    return {
        path.stem.partition("_")[0]: "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
        for path in paths
    }


def report(newer: zipfile.ZipFile, pinned: Path, books: dict[str, str]) -> list[str]:
    """The lines to read, service by service."""
    lines = []
    for service in SERVICES:
        found = sorted(set(changes(service, read(pinned, service), read(newer, service))))
        lines.append(f"{service}: {len(found) or 'no'} {'change' if len(found) == 1 else 'changes'}")
        for change in found:
            where = ", ".join(touched(change.where, books))
            lines.append(f"  {change.where}: {change.what}{f' (chapters {where})' if where else ''}")
    return lines


def newest(folder: Path) -> Path:
    """The newest botocore's wheel, downloaded."""
    command = [sys.executable, "-m", "pip", "download", "-qqq", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*command, "-d", folder, "botocore"], check=True)
    return next(folder.glob("botocore-*.whl"))


def main(arguments: list[str] | None = None) -> int:
    """Print what changed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", nargs="?", type=Path, metavar="WHEEL", help="a botocore to compare with")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        wheel = given.wheel or newest(Path(folder))
        print(f"botocore {version('botocore')} of the pins, beside {wheel.name}")
        with zipfile.ZipFile(wheel) as newer:
            print("\n".join(report(newer, Path(botocore.__file__).parent, chapters())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
