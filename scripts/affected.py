"""Which files of tests can notice what was changed: those that import it, however indirectly, or that name it.

What is compared: the working copy, and its branch's commits, with where the branch left `main`.
"""

import ast
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
BY_NAME = {"kms_teach.teaching.catalog": ("questions", "predictions", "tasks", "claims")}  # what it loads of a room
ROOMS = ("kms_teach.chapters.", "kms_teach.repairs.")
ALL = {"pyproject.toml", "requirements.txt", "tests/conftest.py"}
LAZY = {"kms_teach": "kms_teach.face"}  # whose names are loaded when they are asked for


def changed() -> list[str]:
    """The paths of all files that are not as they were, seen from the root; empty where git cannot say."""
    base = _git("merge-base", "HEAD", "main").strip() or "HEAD"
    new = _git("ls-files", "--others", "--exclude-standard")
    return sorted({*_git("diff", "--name-only", base).split("\n"), *new.split("\n")} - {""})


def noticing(paths: Iterable[str]) -> list[Path] | None:
    """The files of tests for these changes; None for all: nothing changed, or what everything stands on."""
    paths = list(paths)
    if not paths or not ALL.isdisjoint(paths):
        return None
    texts = {file: file.read_text(encoding="utf-8") for file in ROOT.joinpath("tests").rglob("*.py")}
    files = sorted(file for file in texts if file.name.startswith("test_") and "browser" not in file.parts)
    imports = {file: set(_imported(text)) for file, text in texts.items()}
    for file in files:  # what a fixture brings is not imported
        for folder in file.relative_to(ROOT).parents:
            imports[file] |= imports.get(ROOT / folder / "conftest.py", set())
    modules = {_module(path) for path in paths if path.endswith(".py")}
    reached = modules | _importers({name for name in modules if name.startswith("kms_teach")})
    while more := {_module(str(f.relative_to(ROOT))) for f, seen in imports.items() if seen & reached} - reached:
        reached |= more
    words = {word for path in paths if not path.endswith(".py") for word in (Path(path).name, Path(path).parts[0])}
    named = {file for file in files if any(word in texts[file] for word in words)}
    return [file for file in files if file in named or _module(str(file.relative_to(ROOT))) in reached]


def _importers(names: set[str]) -> set[str]:
    graph = grimp.build_graph("kms_teach", cache_dir=str(ROOT / ".venv" / "grimp"))
    for loader, parts in BY_NAME.items():
        for module in graph.modules:
            if module.startswith(ROOMS) and module.endswith(parts):
                graph.add_import(importer=loader, imported=module)
    return set().union(*(graph.find_downstream_modules(name) for name in names if name in graph.modules))


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _imported(text: str) -> Iterator[str]:
    """Every module that a program names in an import, and what may be one: `from a import b` names a and a.b."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (LAZY.get(alias.name, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield LAZY.get(node.module, node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _git(*arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    return subprocess.run([git, *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout
