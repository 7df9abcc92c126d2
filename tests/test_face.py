import inspect
import subprocess
import sys
import typing
from importlib.metadata import version
from pathlib import Path

import pytest
from msgspec import Struct
from mypy import api

import kms_teach
from kms_teach import Decision, Enclave, Person, Record, Simulator, Trail, face

ROOT = Path(__file__).parents[1]
BELOW = {"Enclave": Enclave, "Store": object}  # names that the package itself imports for types alone


def returned(shown):
    """The classes of this package in what a class's public methods return, its properties give and its fields hold."""
    hints = list(typing.get_type_hints(shown, localns=BELOW).values()) if issubclass(shown, Struct) else []
    for name, member in inspect.getmembers(shown):
        function = member.fget if isinstance(member, property) else member
        if inspect.isfunction(function) and (not name.startswith("_") or name == "__getitem__"):
            hints.append(typing.get_type_hints(function, localns=BELOW).get("return"))
    classes = []
    while hints:
        hint = hints.pop()
        hints += typing.get_args(hint)
        if isinstance(hint, type) and hint.__module__.startswith("kms_teach"):
            classes.append(hint)
    return {each.__name__: each for each in classes}


@pytest.mark.parametrize("shown", [Simulator, Person, Trail, Record, Decision])
def test_what_it_gives_has_a_type_that_can_be_imported_from_the_package(shown):
    assert {name: getattr(kms_teach, name, None) for name in returned(shown)} == returned(shown)


def test_every_public_name_is_there_and_dir_lists_it():
    assert set(kms_teach.__all__) == {*face.__all__, "Enclave"}
    assert {*kms_teach.__all__, "__version__"} <= set(dir(kms_teach))
    assert all(inspect.isclass(getattr(kms_teach, name)) for name in kms_teach.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'Simulators'"):
        kms_teach.Simulators  # noqa: B018 looking for it is the test


def test_its_version_is_the_installed_one():
    assert kms_teach.__version__ == version("kms-teach")


PROGRAM = """
from kms_teach import Decision, Endpoint, Finding, Matrix, Person, Record, Simulator, Step, StoreError, Trail, __version__

def story() -> tuple[Matrix, tuple[Finding, ...]]:
    try:
        sim: Simulator = Simulator("class.db")
    except StoreError as error:
        raise SystemExit(f"{__version__}: {error}") from error
    alice: Person = sim.user("alice", policies=[])
    door: Endpoint = sim.vpc_endpoint()
    alice.client("kms", endpoint=door)
    trail: Trail = sim.trail
    last: Record = trail[-1]
    decision: Decision | None = last.decision
    steps: tuple[Step, ...] = decision.steps if decision else ()
    reveal_type(len(steps))
    return sim.who_may("alias/photos"), sim.faults("alias/photos")

wrong: int = Simulator().user("bob")
"""


def test_a_program_that_uses_it_is_checked_by_mypy(tmp_path):
    """Types reach another program (py.typed), through names that are imported only when asked for."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    told, failed, _ = api.run(
        ["--strict", f"--config-file={ROOT / 'pyproject.toml'}", f"--cache-dir={ROOT / '.mypy_cache'}", str(program)]
    )
    assert not failed
    assert 'Revealed type is "int"' in told
    assert [line.split(": ", 1)[1] for line in told.splitlines() if "error" in line and "[" in line] == [
        'error: Incompatible types in assignment (expression has type "Person", variable has type "int")  [assignment]'
    ]


def test_it_runs_as_a_module():
    run = subprocess.run([sys.executable, "-m", "kms_teach", "--help"], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("usage: kms-teach")
