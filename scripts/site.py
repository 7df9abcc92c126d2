"""Build the course as a site: pages to read, and the same chapters to run in the browser.

    python scripts/site.py [--pyodide TARBALL-OR-ADDRESS]

It goes to build/site/html, for any web server. Reading pages are Jupyter Book's, running ones JupyterLite's. Unless
told otherwise, the browser loads Pyodide from its public address; with --pyodide the site needs no other server.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import yaml

from kms_teach.teaching import as_of
from kms_teach.teaching.course_map import course_map
from kms_teach.wire.services import APIS
from scripts import environment, glossary
from scripts.links import address

ROOT = Path(__file__).resolve().parent.parent
SITE, BUILD = ROOT / "site", ROOT / "build" / "site"
PLACE = ROOT / ".venv" / "site"
STAMP = PLACE / "installed-from"
PINS, WHEELS = SITE / "requirements.txt", SITE / "browser.txt"
TITLE = "AWS KMS, understood"
MATHJAX = re.compile(r"<script[^>]*mathjax@[^>]*></script>")
SERVICE = re.compile(r"botocore/data/([^/]+)/")
INSTALL = "%pip install -q kms-teach[course]"
BROWSER = ["--python-version", "3.14", "--implementation", "cp", "--abi", "cp314", "--abi", "none"]
BROWSER += ["--platform", "pyemscripten_2026_0_wasm32", "--platform", "any", "--only-binary", ":all:"]


def prepare() -> None:
    """Install what builds the site, and fetch the wheels for the browser, unless that is done already."""
    state = hashlib.sha256(PINS.read_bytes() + WHEELS.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == state:
        return
    print("installing what builds the site", flush=True)
    environment.make(PLACE, PINS)
    to = ["-d", PLACE / "wheels", "-qqq", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "pip", "download", *to, *BROWSER, *environment.PINNED, WHEELS], check=True)
    STAMP.write_text(state)


def notebooks() -> list[Path]:
    """The chapters in their order, then what stands beside them."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


def read(to: Path) -> None:
    """Build the pages to read."""
    source = BUILD / "read"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    for path in notebooks():
        book = nbformat.read(path, as_version=4)
        book.cells.insert(1, nbformat.v4.new_markdown_cell(_ways_in(path.name)))
        nbformat.write(book, source / path.name)
    (source / "glossary.md").write_text(glossary.page(), encoding="utf-8")
    (source / "index.md").write_text(index(), encoding="utf-8")
    drawn = course_map([path.name for path in notebooks()], done=())
    (source / "_static").mkdir()
    (source / "_static" / "map.svg").write_text(drawn.svg, encoding="utf-8")
    (source / "_static" / "map-narrow.svg").write_text(drawn.narrow, encoding="utf-8")
    shutil.copy(SITE / "site.css", source / "_static")
    config = {
        "title": TITLE,
        "author": "kms_teach contributors",
        "only_build_toc_files": True,
        "execute": {"execute_notebooks": "off"},
        "html": {"use_repository_button": False, "use_issues_button": False},
        "sphinx": {"config": {"html_show_copyright": False, "html_last_updated_fmt": ""}},
    }
    pages = [{"file": path.stem} for path in notebooks()]
    contents = {"format": "jb-book", "root": "index", "chapters": [*pages, {"file": "glossary"}]}
    (source / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (source / "_toc.yml").write_text(yaml.safe_dump(contents, sort_keys=False), encoding="utf-8")
    _run(PLACE / "bin" / "jupyter-book", "build", source, "--quiet", "--warningiserror", "--keep-going")
    shutil.copytree(source / "_build" / "html", to, dirs_exist_ok=True)
    for page in to.glob("*.html"):  # no chapter has a formula, and yet a page may be told to fetch what sets them
        text = page.read_text(encoding="utf-8")
        page.write_text(MATHJAX.sub("", text), encoding="utf-8")


def index() -> str:
    """The first page, with the day as of which the course speaks."""
    return (SITE / "index.md").read_text(encoding="utf-8").replace("AS-OF", as_of.WORDS)


def _ways_in(name: str) -> str:
    here = f'<a href="run/lab/index.html?path={name}">Run this chapter in the browser</a>'
    binder = f"https://mybinder.org/v2/gh/{address()}/HEAD?urlpath=lab/tree/notebooks/{name}"
    return f"{here}, with nothing to install, or [on Binder]({binder})."


def run(to: Path, pyodide: str | None) -> None:
    """Build what runs in the browser."""
    source = BUILD / "lite"
    shutil.rmtree(source, ignore_errors=True)
    files, wheels = source / "files", source / "pypi"
    files.mkdir(parents=True)
    for path in notebooks():
        nbformat.write(in_browser(nbformat.read(path, as_version=4)), files / path.name)
    (files / "glossary.md").write_text(glossary.page(), encoding="utf-8")
    bring(wheels)
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels, at=ROOT)
    build = {"contents": ["files"], "output_dir": str(to), "cache_dir": str(source / "cache"), "no_sourcemaps": True}
    (source / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": build}), encoding="utf-8")
    kernel = {"disablePyPIFallback": True}
    settings = {"litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel}, "appName": TITLE}
    described = {"jupyter-lite-schema-version": 0, "jupyter-config-data": settings}
    (source / "jupyter-lite.json").write_text(json.dumps(described), encoding="utf-8")
    others = ["--pyodide", pyodide] if pyodide else []
    _run(PLACE / "bin" / "jupyter", "lite", "build", "--lite-dir", source, *others, at=source)


def bring(to: Path) -> None:
    """Put the wheels for the browser into a folder that is not there yet."""
    shutil.copytree(PLACE / "wheels", to)
    for wheel in to.glob("botocore-*.whl"):
        _leave_out_other_services(wheel)


def _leave_out_other_services(wheel: Path) -> None:
    """Take the models of services that the simulator has not out of botocore's wheel.

    They are 15 of its 16 MB, and each browser would fetch and unpack them before it draws the first picture.
    """
    whole = wheel.rename(wheel.with_suffix(".whole"))
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.infolist():
            data = old.read(each)
            if each.filename.endswith(".dist-info/RECORD"):
                data = b"".join(line for line in data.splitlines(True) if not _of_another(line.decode()))
            if not _of_another(each.filename):
                new.writestr(each, data)
    whole.unlink()


def _of_another(name: str) -> bool:
    """Whether a file of botocore's is of a service that the simulator has not: `botocore/data/SERVICE/…`."""
    found = SERVICE.match(name)
    return found is not None and found[1] not in APIS


def in_browser(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A chapter that first brings what it imports into the browser's Python, in a cell that is folded away."""
    book = nbformat.from_dict(book)
    cell = nbformat.v4.new_code_cell(INSTALL, metadata={"jupyter": {"source_hidden": True}, "tags": ["hide-input"]})
    cell.id = "install"
    book.cells.insert(1, cell)
    book.metadata.kernelspec = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
    return book


def _run(*command: object, at: Path | None = None) -> None:
    ran = subprocess.run(
        [str(word) for word in command], cwd=at, env=_environment(), capture_output=True, text=True, check=False
    )
    if ran.returncode:
        sys.exit(f"{Path(str(command[0])).name} did not build the site:\n{ran.stdout[-4000:]}\n{ran.stderr[-4000:]}")


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{PLACE / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def main(arguments: list[str] | None = None) -> int:
    """Build both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pyodide", metavar="TARBALL-OR-ADDRESS", help="a Pyodide to put into the site")
    chosen = parser.parse_args(arguments)
    prepare()
    shutil.rmtree(BUILD, ignore_errors=True)
    html = BUILD / "html"
    read(html)
    run(html / "run", chosen.pyodide)
    print(f"To see it: python3 -m http.server -d {html.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
