"""Pyodide for a site that needs no other server: npm's core, and the wheels that it would fetch, in one folder.

    python -m tests.site.pyodide TARBALL     for make site PYODIDE=TARBALL
    python -m tests.site.pyodide pins        writes requirements.txt anew, from the versions that Pyodide asks for

npm has the core and its lock alone. The pure wheels in it are the same on PyPI, under other hashes; what is compiled
cannot be had, so that the lock is cut down to what is here. pyca's is compiled: the stand-in takes its place. PyYAML's
Python is taken from here.
"""

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import yaml

from scripts import clients, site

HERE = Path(__file__).resolve().parent
PINS = HERE / "requirements.txt"
CORE = clients.JS / "node_modules" / "pyodide"
WHEELS = clients.PLACE / "pyodide"
FILES = ("pyodide.js", "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "package.json")
LOCK = "pyodide-lock.json"
KERNEL = ("ipython", "jedi", "micropip")  # what JupyterLite's kernel begins with
STANDIN = "cryptography"


def lock() -> dict:
    """What Pyodide knows of its packages."""
    return json.loads((CORE / LOCK).read_text(encoding="utf-8"))


def needed(packages: dict) -> list[str]:
    """The pure packages of the lock that a chapter's kernel loads, by their names in it."""
    ours = [line.split("==")[0] for line in site.WHEELS.read_text().splitlines() if "==" in line]
    todo = [*KERNEL, *(name for name in ours if packages.get(name, {}).get("file_name", "").endswith("none-any.whl"))]
    found: set[str] = set()
    while todo:
        name = todo.pop().replace("_", "-").lower()  # it names its dependencies as their authors write them
        if name not in found:
            found.add(name)
            todo += packages[name]["depends"]
    return sorted(found)


def own() -> dict[str, dict[str, str]]:
    """Packages that are compiled elsewhere, as files by their names: the stand-in, and PyYAML without its C."""
    roots = {STANDIN: HERE / "standin", "pyyaml": Path(yaml.__file__).parents[1]}
    tops = {STANDIN: STANDIN, "pyyaml": "yaml"}
    return {
        name: {
            path.relative_to(root).as_posix(): path.read_text() for path in sorted(root.glob(f"{tops[name]}/**/*.py"))
        }
        for name, root in roots.items()
    }


def wheel(name: str, version: str, files: dict[str, str]) -> bytes:
    """A pure wheel, the same bytes each time."""
    info = f"{name}-{version}.dist-info"
    files = files | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return whole.getvalue()


def folder(to: Path) -> Path:
    """Make it whole in a new folder."""
    to.mkdir(parents=True)
    for name in FILES:
        shutil.copy(CORE / name, to)
    described = lock()
    packages = described["packages"]
    described["packages"] = {name: packages[name] for name in needed(packages)}
    for package in described["packages"].values():
        shutil.copy(WHEELS / package["file_name"], to)
    for name, files in own().items():
        package = described["packages"][name] = packages[name] | {"depends": []}
        package["file_name"] = f"{name}-{package['version']}-py3-none-any.whl"
        (to / package["file_name"]).write_bytes(wheel(name, package["version"], files))
    for package in described["packages"].values():
        package["sha256"] = hashlib.sha256((to / package["file_name"]).read_bytes()).hexdigest()
    (to / LOCK).write_text(json.dumps(described), encoding="utf-8")
    return to


def tarball(to: Path, made: Path) -> Path:
    """The folder as `make site PYODIDE=` takes it."""
    with tarfile.open(to, "w:bz2", compresslevel=1) as tar:
        tar.add(made, "pyodide")
    return to


def pins() -> None:
    """Write the versions of the lock, with their hashes on PyPI."""
    packages = lock()["packages"]
    wanted = "\n".join(f"{name}=={packages[name]['version']}" for name in needed(packages))
    how = ["--no-deps", "--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet"]
    how += ["--python-version", "3.14", "--output-file", str(PINS)]
    subprocess.run([sys.executable, "-m", "uv", "pip", "compile", *how, "-"], input=wanted, text=True, check=True)


def main(where: str) -> None:
    """Write the tarball, or the pins."""
    if where == "pins":
        pins()
        return
    made = site.BUILD.parent / "pyodide"
    shutil.rmtree(made, ignore_errors=True)
    tarball(Path(where), folder(made))


if __name__ == "__main__":
    main(sys.argv[1])
