import os
import subprocess
import sys
from pathlib import Path

import pytest

from kms_teach.teaching import catalog, exam

ROOT = Path(__file__).parents[2]
FORMATS = {"one", "several", "ordering", "matching"}
WORDS = """
from kms_teach.teaching import exam
for family in exam.families():
    question = family.question(3)
    print(question.asked.words, question.options, question.matches)
"""


def test_each_family_has_an_id_and_lives_in_its_chapter():
    families = exam.families()
    assert len({family.id for family in families}) == len(families) >= 26
    for family in families:
        assert family in vars(catalog.load(family.chapter, "questions")).values()
        assert family.exams


def test_all_formats_of_the_exams_are_asked():
    assert {family.format for family in exam.families()} == FORMATS


def test_an_unknown_id_is_answered_with_near_ones():
    with pytest.raises(KeyError, match="`rsa-limits`: near it are rsa-limit"):
        exam.question("rsa-limits", seed=1)
    with pytest.raises(KeyError, match="near it are "):
        exam.question("?", seed=1)


def test_a_question_is_shown_by_words_options_and_matches():
    question = exam.question("who-ends-a-grant", seed=7)
    assert question.words == "With which operation can each of them end a grant?"
    assert (len(question.options), set(question.matches)) == (3, {"`RetireGrant`", "`RevokeGrant`", "neither of them"})
    assert exam.question("envelope-steps", seed=7).matches == ()


def test_equal_id_and_seed_give_equal_words_in_every_process():
    def words(seed):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run(
            [sys.executable, "-c", WORDS], env=environment, capture_output=True, check=True, cwd=ROOT
        ).stdout

    assert words("1") == words("2") != b""


def test_a_part_of_a_chapter_that_is_to_come_is_left_out_and_a_broken_one_is_not(monkeypatch):
    rooms = [(chapter.room, f"chapters/{chapter.room}") for chapter in catalog.CHAPTERS] + [("repairs", "repairs")]
    assert [module.__name__.split(".")[-2] for module in catalog.every("tasks")] == [
        room for room, folder in rooms if (ROOT / f"kms_teach/{folder}/tasks.py").exists()
    ]

    def broken(name):
        raise ModuleNotFoundError("no module named somewhere_else", name="somewhere_else")

    monkeypatch.setattr(catalog.importlib, "import_module", broken)
    with pytest.raises(ModuleNotFoundError, match="somewhere_else"):
        catalog.every("tasks")
