import subprocess
import sys

import pytest

from tests.layers import LAYERS, PACKAGE, broken, cycles, imports, room

FOUND = imports()


def test_every_room_has_its_layer():
    assert {room(module) for module in FOUND} - {"", "__init__"} == set(LAYERS)


def test_imports_point_down_and_pictures_know_only_data():
    assert broken(FOUND) == []


@pytest.mark.parametrize(
    ("module", "wrong", "said"),
    [
        ("keys.key", "@operations.catalog", "imports point down"),
        ("wire.model", "@simulator", "imports point down"),
        ("service", "@wire.model", "imports point down"),
        ("drawing.look", "@service", "not the service"),
        ("drawing.look", "@hsm.boundary", "not the service"),
        ("operations.signing", "cryptography", "HSM's business"),
        ("hsm.blob", "@hsm.boundary", "import cycle"),
    ],
)
def test_a_wrong_import_is_seen(module, wrong, said):
    changed = {**FOUND, module: FOUND.get(module, set()) | {wrong}}
    assert any(said in sentence for sentence in broken(changed))


def test_there_is_something_to_look_at():
    assert len(FOUND) > 30
    assert sum(len(inner) for inner in FOUND.values()) > 100
    assert cycles(FOUND) == []
    assert any(i == "cryptography" for i in FOUND["hsm.boundary"])


HEAVY = ("matplotlib", "ipywidgets", "uvicorn", "IPython", "cbor2", "cryptography.x509")


@pytest.mark.parametrize("module", ["kms_teach", "kms_teach.drawing", "kms_teach.trail"])
def test_importing_it_is_cheap(module):
    code = f"import sys, {module}; print([m for m in {HEAVY} if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"


def test_nothing_in_the_package_keeps_state_in_a_module():
    """Module-level names bound to an empty mutable container are state in waiting; the catalog is the one exception."""
    import ast

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
