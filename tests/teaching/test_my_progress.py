import base64
import re

import pytest

from kms_teach.teaching import MyProgress, progress
from kms_teach.teaching.progress import Progress
from kms_teach.teaching.record import Answered, Done
from tests.teaching import sat


@pytest.fixture(autouse=True)
def kept(monkeypatch, tmp_path):
    progress_ = Progress(tmp_path / "mine", sat.Clock())
    progress_.add(Answered(progress_.now(), "a", "rotation", 1, True, "quiz"), Done(progress_.now(), "key", "COPY"))
    monkeypatch.setattr(progress, "mine", lambda: progress_)
    return progress_


def bring(panel, name, content):
    panel.bring.value = (
        {
            "name": name,
            "content": memoryview(content),
            "type": "",
            "size": len(content),
            "last_modified": sat.Clock()(),
        },
    )


def test_it_says_what_is_kept_and_where(kept):
    panel = MyProgress()
    assert (
        "Questions answered: 1, right: 1. Tasks done: 1. Predictions made: 0. Mock exams handed in: 0."
        in panel.summary.value
    )
    assert str(kept.file) in panel.summary.value


def test_the_file_to_take_along_is_the_whole_of_it(kept):
    link = MyProgress().take.value
    assert 'download="progress.jsonl"' in link
    assert base64.b64decode(re.search(r"base64,([^\"]+)", link)[1]) == kept.file.read_bytes()


def test_a_file_brought_along_is_merged(kept, tmp_path):
    other = Progress(tmp_path / "other", kept.now)
    other.add(Answered(kept.now(), "b", "key", 1, False, "mock"))
    panel = MyProgress()
    bring(panel, "mine.jsonl", other.export())
    assert panel.status == "Imported. mine.jsonl: 1 record is new."
    assert "Questions answered: 2, right: 1." in panel.summary.value
    bring(panel, "again.jsonl", other.export())
    assert panel.status == "Imported. again.jsonl: all of it was here already."


def test_a_file_that_is_none_is_said_and_changes_nothing(kept):
    panel, before = MyProgress(), kept.export()
    bring(panel, "holiday.png", b"\x89PNG")
    assert panel.status.startswith("Not done. This is no file of progress")
    assert kept.export() == before


def test_a_chapter_is_begun_anew_after_a_second_press(kept):
    panel = MyProgress()
    panel.chapter.value = "rotation"
    panel.reset.click()
    assert "will no longer count" in panel.status and len(kept.of(Answered)) == 1
    panel.chapter.value = "key"
    panel.reset.click()
    assert len(kept.of(Done)) == 1  # another chapter needs two presses of its own
    panel.chapter.value = "rotation"
    panel.reset.click()
    panel.reset.click()
    assert panel.status == "Done. 05 Rotation is as if you had not begun it."
    assert (kept.of(Answered), len(kept.of(Done))) == ([], 1)


def test_what_another_notebook_did_is_there_after_a_look(kept):
    panel = MyProgress()
    Progress(kept.file.parent, kept.now).add(Done(kept.now(), "key", "SHARE"))
    panel.again.click()
    assert "Tasks done: 2." in panel.summary.value


def test_what_is_stored_is_the_same_with_and_without_progress(kept):
    before = MyProgress()._repr_mimebundle_()["text/html"]
    kept.file.unlink()
    assert MyProgress()._repr_mimebundle_()["text/html"] == before
