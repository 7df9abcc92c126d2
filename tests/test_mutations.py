"""A rule worth having is worth a patch that breaks it: each is applied to a copy, and the tests it names must fail.

To add one: bend one rule in one package, and

    git diff kms_teach > tests/mutations/PACKAGE/NNNN-what-is-true-now.patch
    git checkout kms_teach

PACKAGE is the folder of kms_teach that was bent (`access`, `chapters/rotation`; of a module that stands alone its name,
`store`). Two lines and an empty one go before the diff: what is true now, and `Seen by: ` with the tests that must notice,
`tests/access/test_grants.py::test_a_grant` and others after a space; name few, and quick ones. Then

    .venv/bin/pytest tests/test_mutations.py -k NNNN-what

Of each package every twelfth patch is applied here, the first one always; with -k, those that it names. All of them take
three minutes of two cores: tests/long/mutations.py.
"""

import os
import re
from pathlib import Path

import pytest

from tests.mutations.mutant import ROOT, bent, copied, fitting, run

PATCHES = sorted((ROOT / "tests" / "mutations").rglob("*.patch"))
CHANGED = r"^\+\+\+ b/kms_teach/(\S+)"
EVERY = "KMS_TEACH_EVERY_MUTATION"  # in the environment: apply them all
STEP = 12
pytestmark = [pytest.mark.mutations, pytest.mark.slow]


def package(patch: Path) -> str:
    return patch.parent.relative_to(ROOT / "tests" / "mutations").as_posix()


def some() -> list[Path]:
    """Every twelfth patch of each package, the first one always."""
    groups: dict[str, list[Path]] = {}
    for patch in PATCHES:
        groups.setdefault(package(patch), []).append(patch)
    return [patch for group in groups.values() for patch in group[::STEP]]


SOME = PATCHES if EVERY in os.environ else some()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "mutation" in metafunc.fixturenames:
        chosen = PATCHES if metafunc.config.option.keyword else SOME
        metafunc.parametrize("mutation", chosen, ids=lambda patch: f"{package(patch)}/{patch.stem}")


def named_tests(patch: Path) -> list[str]:
    found = re.search(r"^Seen by: (.+)$", patch.read_text(), re.MULTILINE)
    assert found, f"{patch.name} does not say which tests see it"
    return found[1].split()


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("copy"))


def test_the_copy_passes_without_a_patch(copy: Path) -> None:
    # takes as long as all named tests together, for there is no other proof that it is the patch which they see
    code, said = run(copy, sorted({name for patch in SOME for name in named_tests(patch)}))
    assert code == 0, said


def test_there_are_enough_patches_for_every_module() -> None:
    changed = {
        name.removeprefix("access/").removesuffix(".py")
        for patch in PATCHES
        if package(patch) == "access"
        for name in re.findall(CHANGED, patch.read_text(), re.MULTILINE)
    }
    modules = {path.stem for path in (ROOT / "kms_teach" / "access").glob("*.py")}
    assert len([patch for patch in PATCHES if package(patch) == "access"]) >= 25
    assert (
        {"conditions", "patterns", "statement", "policy", "principals", "evaluation", "grants", "context"}
        <= changed
        <= modules
    )


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: f"{package(patch)}/{patch.stem}")
def test_a_patch_bends_only_the_package_in_whose_folder_it_lies(patch: Path) -> None:
    for name in re.findall(CHANGED, patch.read_text(), re.MULTILINE):
        assert name == f"{package(patch)}.py" or name.startswith(f"{package(patch)}/")


def test_every_patch_fits_and_names_tests_that_are_there(copy: Path) -> None:
    """Also those that are not applied here: a patch that no longer fits is made anew when the code moves, not later."""
    files = {name: (ROOT / name.partition("::")[0]).read_text() for patch in PATCHES for name in named_tests(patch)}
    gone = [name for name, text in files.items() if not all(f"def {part}" in text or f"class {part}" in text
            for part in re.sub(r"\[.*", "", name).split("::")[1:])]  # fmt: skip
    assert gone == []
    for patch in PATCHES:
        fitting(copy, patch)


def test_a_bent_rule_is_seen(mutation: Path, copy: Path, tmp_path: Path) -> None:
    code, said = run(bent(copy, mutation, tmp_path / "bent"), named_tests(mutation))
    assert code == 1, f"nobody sees that {mutation.stem[5:].replace('-', ' ')}\n{said[-2000:]}"
