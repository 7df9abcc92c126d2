"""`make quick` leaves out no test that could notice a change."""

from pathlib import Path

import pytest

from scripts import affected

TESTS = affected.ROOT / "tests"
ALL = {file for file in TESTS.rglob("test_*.py") if "browser" not in file.parts}


def names(*paths: str) -> set[str]:
    chosen = affected.noticing(paths)
    assert chosen is not None
    return {str(file.relative_to(TESTS)) for file in chosen}


def test_a_chapter_is_noticed_by_its_own_tests_and_by_those_that_walk_through_all_of_them() -> None:
    chosen = names("kms_teach/chapters/rotation/facts.py")
    own = {str(file.relative_to(TESTS)) for file in TESTS.glob("chapters/rotation/test_timeline*.py")}
    assert own | {"chapters/test_labs.py"} <= chosen
    assert not {name for name in chosen if name.startswith(("hsm/", "access/", "chapters/grants/"))}


def test_what_is_loaded_by_name_is_noticed_too() -> None:
    assert {"teaching/test_questions.py", "teaching/test_exam.py"} <= names("kms_teach/chapters/rotation/questions.py")
    assert "teaching/test_task.py" in names("kms_teach/repairs/tasks.py")


@pytest.mark.parametrize("path", ["kms_teach/hsm/boundary.py", "kms_teach/access/evaluation.py", "kms_teach/clock.py"])
def test_the_ground_is_noticed_by_every_test_that_has_a_simulator(path: str) -> None:
    without = {file for file in ALL if "sim" not in file.read_text()}
    assert {str(file.relative_to(TESTS)) for file in ALL - without} - names(path) == set()


def test_a_file_that_no_import_leads_to_is_noticed_by_those_that_name_it() -> None:
    assert "test_security.py" in names("SECURITY.md")
    assert {"test_print.py", "test_stored_notebooks.py", "test_handouts.py"} <= names("notebooks/05_rotation.ipynb")
    assert names("tests/steps.py") >= {"test_proportion.py"}


@pytest.mark.parametrize("paths", [[], ["pyproject.toml"], ["kms_teach/clock.py", "tests/conftest.py"]])
def test_where_everything_may_be_touched_everything_is_run(paths: list[str]) -> None:
    assert affected.noticing(paths) is None


def test_what_git_says_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"merge-base": "abc\n", "diff": "kms_teach/a.py\nREADME.md\n", "ls-files": "kms_teach/new.py\n"}
    monkeypatch.setattr(affected, "_git", lambda command, *_: said[command])
    assert affected.changed() == ["README.md", "kms_teach/a.py", "kms_teach/new.py"]
    assert Path("kms_teach/new.py").suffix == ".py"
