import ast
import json
import pkgutil
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

import kms_teach.chapters
import kms_teach.drawing
import kms_teach.inspect

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "kms_teach"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = {contract["id"]: contract["name"] for contract in PROJECT["tool"]["importlinter"]["contracts"]}

WRONG = [  # contract, file of the package, what is appended to it
    ("layers", "keys/key.py", "import kms_teach.operations.catalog"),
    ("layers", "keys/key.py", "from ..operations import catalog"),
    ("layers", "keys/key.py", "from kms_teach import Simulator"),
    ("layers", "hsm/blob.py", "def late():\n    from kms_teach.store import Store"),
    ("layers", "drawing/look.py", "from kms_teach.errors import KmsError"),
    ("layers", "wire/model.py", "from kms_teach import simulator"),
    ("layers", "service.py", "from .wire import model"),
    ("layers", "inspect/opened.py", "from kms_teach import service"),
    ("layers", "service.py", "from kms_teach.inspect import opened"),
    ("layers", "simulator.py", "from kms_teach.teaching import Lab"),
    ("layers", "teaching/lab.py", "from kms_teach import cli"),
    ("layers", "teaching/task.py", "from kms_teach.chapters.rotation import tasks"),
    ("layers", "teaching/do.py", "from kms_teach.classroom import tasks"),
    ("layers", "classroom/tasks.py", "from kms_teach.chapters.rotation import tasks"),
    ("layers", "classroom/names.py", "from kms_teach import server"),
    ("classroom", "classroom/board.py", "import ipywidgets"),
    ("layers", "helpers.py", "from kms_teach import simulator"),  # a new module without a layer
    ("layers", "repairs/lab.py", "from kms_teach.chapters.rotation import tasks"),
    ("layers", "chapters/rotation/tasks.py", "from kms_teach.repairs import scene"),
    ("circles", "hsm/blob.py", "from .boundary import Hsm"),
    ("circles", "keys/names.py", "from . import key"),
    ("circles", "chapters/rotation/facts.py", "from kms_teach.chapters.rotation import picture"),
    ("chapters", "chapters/grants/lab.py", "from kms_teach.chapters.policies import world"),
    ("chapters", "chapters/grants/picture.py", "from ..rotation.facts import Rotation"),
    ("import", "simulator.py", "import matplotlib"),
    ("import", "keys/specs.py", "from ipywidgets import Button"),
    ("import", "people.py", "from .drawing import look"),
    ("pictures", "inspect/opened_facts.py", "from kms_teach.operations import catalog"),
    ("pictures", "drawing/svg.py", "import boto3"),
    ("pictures", "chapters/rotation/picture.py", "import sqlite3"),
    ("pictures", "chapters/rotation/timeline.py", "from kms_teach import Simulator"),
    ("pictures", "chapters/envelope/facts.py", "from kms_teach.simulator import Simulator"),
    ("pictures", "keys/key.py", "import botocore.session"),
    ("hsm", "inspect/opened_facts.py", "from kms_teach.hsm.boundary import Hsm"),
    ("hsm", "chapters/encrypt/blob_facts.py", "from kms_teach.hsm import wrapping"),
    ("hsm", "access/decision.py", "import kms_teach.hsm.algorithms"),
    ("handed-out", "hsm/sealed.py", "from . import wrapping"),
    ("layers", "buckets/names.py", "import kms_teach.s3.errors"),
    ("layers", "s3/errors.py", "from kms_teach.wire import model"),
    ("layers", "operations/records.py", "import kms_teach.s3.files"),
    ("cryptography", "s3/objects.py", "from cryptography.hazmat.primitives.ciphers.aead import AESGCM"),
    ("cryptography", "operations/signing.py", "from cryptography.hazmat.primitives import hashes"),
    ("cryptography", "access/policy.py", "import cryptography.x509"),
    ("serving", "cli.py", "import uvicorn"),
    ("widgets", "inspect/decision.py", "import ipywidgets"),
    ("widgets", "drawing/picture.py", "from anywidget import AnyWidget"),
]


def test_every_contract_is_kept():
    lint = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert lint.returncode == 0, lint.stdout
    assert f"{len(CONTRACTS)} kept, 0 broken" in lint.stdout


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """Case -> (exit code, report) of its contract, on a copy of the package with the wrong import in it."""
    copy = tmp_path_factory.mktemp("copy")
    shutil.copytree(PACKAGE, copy / "kms_teach", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    kept = [(contract, "errors.py", "") for contract in CONTRACTS]
    program = [sys.executable, ROOT / "tests/wrong_imports.py", copy]
    run = subprocess.run(program, input=json.dumps([*WRONG, *kept]), capture_output=True, text=True, check=True)
    return dict(zip([*WRONG, *kept], json.loads(run.stdout), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("case", WRONG, ids=[f"{contract}: {file}: {code}" for contract, file, code in WRONG])
def test_a_wrong_import_breaks_its_contract(outcomes, case):
    failed, report = outcomes[case]
    assert failed
    assert f"{CONTRACTS[case[0]]} BROKEN" in " ".join(report.split())


@pytest.mark.slow
def test_it_is_the_wrong_import_that_breaks_it(outcomes):
    assert {contract for contract, _, _ in WRONG} == set(CONTRACTS)
    assert all(outcomes[contract, "errors.py", ""][0] == 0 for contract in CONTRACTS)


def upward(graph):
    """Modules that import a package they are in: its `__init__` imports them, so that it is half made when they do."""
    return [
        (module, package)
        for module in graph.modules
        if module.startswith("kms_teach.")
        for package in graph.find_modules_directly_imported_by(module)
        if module.startswith(f"{package}.")
    ]


def test_no_module_imports_the_package_it_is_in():
    graph = grimp.build_graph("kms_teach", cache_dir=None)
    assert upward(graph) == []
    graph.add_import(importer="kms_teach.teaching.task", imported="kms_teach.teaching")
    graph.add_import(importer="kms_teach.keys.key", imported="kms_teach")
    assert sorted(upward(graph)) == [
        ("kms_teach.keys.key", "kms_teach"),
        ("kms_teach.teaching.task", "kms_teach.teaching"),
    ]


BEYOND_THE_CORE = {  # extra -> where its packages may be imported
    "course": ("kms_teach.teaching.", "kms_teach.chapters.", "kms_teach.repairs.", "kms_teach.drawing.chart"),
    "serve": ("kms_teach.wire.http", "kms_teach.wire.connection", "kms_teach.wire.shell"),
}


def test_each_list_of_dependencies_is_what_its_modules_import():
    graph = grimp.build_graph("kms_teach", include_external_packages=True, cache_dir=None)
    lists = {"core": PROJECT["project"]["dependencies"], **PROJECT["project"]["optional-dependencies"]}
    listed = {extra: {re.match(r"[\w-]+", line)[0] for line in lists[extra]} for extra in ("core", *BEYOND_THE_CORE)}
    imported = {extra: set() for extra in listed}
    for module in graph.modules - sys.stdlib_module_names:
        if module.startswith("kms_teach"):
            extra = next((extra for extra, places in BEYOND_THE_CORE.items() if module.startswith(places)), "core")
            others = {m for m in graph.find_modules_directly_imported_by(module) if not m.startswith("kms_teach")}
            imported[extra] |= others - sys.stdlib_module_names - (listed["core"] if extra != "core" else set())
    imported["core"].add("boto3")  # the learner's: what a program of theirs imports beside the simulator
    imported["serve"].add("httptools")  # uvicorn's parser
    assert imported == listed


def test_only_the_catalog_of_chapters_imports_by_name():
    def dynamic(node):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        return name in {"import_module", "__import__", "exec", "run_module", "spec_from_file_location", "load_module"}

    files = [file for file in PACKAGE.rglob("*.py") if any(map(dynamic, ast.walk(ast.parse(file.read_text()))))]
    assert [str(file.relative_to(PACKAGE)) for file in files] == ["teaching/catalog.py"]


def loaded(names, *modules):
    """Which of these a fresh interpreter has loaded once it has imported the modules."""
    code = f"import sys, {', '.join(modules)}; print(*(m for m in {names} if m in sys.modules))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


HEAVY = ("matplotlib", "ipywidgets", "anywidget", "IPython", "uvicorn", "cbor2", "cryptography.x509")


@pytest.mark.parametrize("module", ["kms_teach", "kms_teach.face", "kms_teach.drawing", "kms_teach.trail"])
def test_importing_it_is_cheap(module):
    assert loaded(HEAVY, module) == []


def test_importing_what_draws_loads_neither_a_client_nor_a_database_nor_a_cipher():
    inside = [
        module.name
        for package in (kms_teach.drawing, kms_teach.inspect)
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
    ]
    chapters = [f"kms_teach.chapters.{file.parent.name}.picture" for file in PACKAGE.glob("chapters/*/picture.py")]
    assert "kms_teach.chapters.rotation.picture" in chapters
    assert len(chapters) > 6
    assert len(inside) >= 20
    assert loaded(("boto3", "botocore", "sqlite3", "cryptography", *HEAVY), *inside, *chapters) == []


def test_nothing_in_the_package_keeps_state_in_a_module():
    """Module-level names bound to an empty mutable container are state in waiting; the catalog is the one exception."""
    kept = []
    for file in PACKAGE.rglob("*.py"):
        for node in ast.parse(file.read_text()).body:
            value = getattr(node, "value", None)
            empty = isinstance(value, (ast.Dict, ast.List, ast.Set)) and not (
                getattr(value, "keys", None) or getattr(value, "elts", None)
            )
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and empty:
                kept.append(f"{file.name}:{node.lineno}")
    assert [k for k in kept if not k.startswith("catalog.py")] == []
