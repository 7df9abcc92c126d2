import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from kms_teach.teaching import progress
from kms_teach.teaching.progress import NAME, NoProgressError, Progress
from kms_teach.teaching.record import Answered, Begun, Done, Ended, Marked, Predicted, Reset, counting

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def answered(minute=0, family="rsa-limit", chapter="encrypt", right=True):
    return Answered(NOON + timedelta(minutes=minute), family, chapter, 7, right, "quiz", (2,))


EVERY_KIND = [
    answered(),
    Done(NOON, "rotation", "RETIRE_THE_KEY"),
    Predicted(NOON, "rotation", "YEAR", False),
    Begun(NOON, "s1", "SCS-C03", (("rsa-limit", 1), ("large-secret", 2))),
    Marked(NOON, "s1", 1, (0, 2), True, 12.5),
    Marked(NOON, "s1", 2, None, False, 13.0),
    Ended(NOON, "s1", 40.0),
]


@pytest.fixture
def kept(tmp_path):
    return Progress(tmp_path)


def again(kept):
    """As after a restart."""
    return Progress(kept.file.parent)


def test_every_kind_of_record_is_there_after_a_restart_in_a_file_of_one_line_each(kept):
    kept.add(*EVERY_KIND)
    assert again(kept).records() == EVERY_KIND
    assert len(kept.file.read_text().splitlines()) == len(EVERY_KIND)
    assert (kept.file.stat().st_mode & 0o077) == 0  # nobody else's


def test_nothing_is_written_before_something_was_done(kept):
    assert kept.records() == []
    assert kept.export() == b""
    assert list(kept.file.parent.iterdir()) == []


def test_two_notebooks_lose_nothing_of_each_others(kept):
    other = again(kept)
    for minute in range(6):
        (kept, other)[minute % 2].add(answered(minute))
    assert kept.records() == other.records() == [answered(minute) for minute in range(6)]


def test_two_processes_that_write_at_once_lose_nothing(tmp_path):
    script = (
        "import sys, datetime\nfrom pathlib import Path\nfrom kms_teach.teaching.progress import Progress\n"
        "from kms_teach.teaching.record import Done\nfolder, who = sys.argv[1:]\n"
        "for n in range(60): Progress(Path(folder)).add(Done(datetime.datetime.now(datetime.UTC), who, str(n)))"
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), who]) for who in "ab"]
    assert [process.wait() for process in running] == [0, 0]
    found = Progress(tmp_path).of(Done)
    assert sorted((r.chapter, int(r.task)) for r in found) == [(who, n) for who in "ab" for n in range(60)]


def test_what_a_crash_left_of_a_line_harms_no_other_and_gives_way_to_the_next(kept):
    kept.add(answered(0), answered(1))
    whole = kept.file.read_bytes()
    for left in range(1, len(whole) - len(whole.splitlines(True)[0])):
        kept.file.write_bytes(whole[:-left])
        after = again(kept)
        after.add(answered(2))
        both = [answered(0), answered(2)] if left > 1 else [answered(0), answered(1), answered(2)]
        assert again(kept).records() == after.records() == both
        assert after.trouble == ""


def test_a_damaged_line_is_said_the_file_kept_aside_as_it_was_and_the_other_lines_count(kept):
    kept.add(answered(0), answered(1), answered(2))
    lines = kept.file.read_bytes().splitlines(True)
    damaged = lines[0] + b'{"kind": "answ\xff\x00\n' + lines[2]
    kept.file.write_bytes(damaged)
    after = again(kept)
    assert after.records() == [answered(0), answered(2)]
    aside = kept.file.with_name("progress-damaged-1.jsonl")
    assert aside.read_bytes() == damaged
    assert after.trouble == (
        f"1 line of your progress could not be read. The rest is here; the file as it was is {aside}."
    )
    assert again(kept).trouble == "" and again(kept).records() == after.records()
    kept.file.write_bytes(b"\x00\n\x00\n")
    assert again(kept).records() == []
    assert kept.file.with_name("progress-damaged-2.jsonl").exists()


def test_a_line_of_a_newer_edition_is_kept_and_not_understood(kept):
    newer = b'{"kind":"dreamt","at":"2026-03-01T12:00:00Z"}\n'
    kept.file.write_bytes(newer)
    kept.add(answered())
    assert kept.records() == [answered()] and kept.trouble == ""
    assert kept.file.read_bytes().startswith(newer)


def test_a_folder_that_cannot_be_written_is_said_and_what_was_done_is_kept_meanwhile(tmp_path):
    in_the_way = tmp_path / "folder"
    in_the_way.write_text("a file")
    kept = Progress(in_the_way)
    kept.add(answered(0))
    assert "cannot be written" in kept.trouble
    assert kept.records() == [answered(0)]
    in_the_way.unlink()
    kept.add(answered(1))
    assert kept.trouble == ""
    assert again(kept).records() == [answered(0), answered(1)]


def test_a_full_disk_loses_nothing_that_was_there(kept, monkeypatch):
    kept.add(answered(0))
    write = os.write

    def full(descriptor, content):
        if len(content) > 20:
            return write(descriptor, content[:20])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(progress.os, "write", full)
        kept.add(answered(1))
        assert "No space left" in kept.trouble
    assert again(kept).records() == [answered(0)]
    kept.add(answered(2))
    assert again(kept).records() == [answered(0), answered(1), answered(2)]


def test_an_export_is_merged_once_whatever_is_there_already(kept, tmp_path):
    kept.add(*EVERY_KIND)
    other = Progress(tmp_path / "other")
    other.add(answered(5))
    assert other.merge(kept.export()) == len(EVERY_KIND)
    assert other.merge(kept.export()) == 0
    assert other.records() == [*EVERY_KIND, answered(5)]
    assert kept.merge(other.export()) == 1
    assert kept.records() == other.records()


@pytest.mark.parametrize("content", [b"", b"a,b,c\n", b"\x89PNG\r\n\x1a\n", b"[]", b'{"kind":"answered"}'])
def test_a_file_that_is_no_progress_is_refused_and_changes_nothing(kept, content):
    kept.add(answered())
    with pytest.raises(NoProgressError, match="no file of progress"):
        kept.merge(content)
    assert kept.records() == [answered()]


def test_a_chapter_begun_anew_does_not_count_what_came_before_even_when_it_is_imported_later(kept, tmp_path):
    kept.add(answered(0), answered(1, chapter="rotation"))
    old = kept.export()
    kept.add(Reset(NOON + timedelta(minutes=2), "encrypt"), answered(3))
    expected = [answered(1, chapter="rotation"), answered(3)]
    assert [r for r in kept.records() if not isinstance(r, Reset)] == expected
    fresh = Progress(tmp_path / "fresh")
    fresh.merge(kept.export())
    fresh.merge(old)
    assert fresh.of(Answered) == expected
    reset_here = Progress(tmp_path / "third")
    reset_here.add(Reset(NOON + timedelta(minutes=2), "encrypt"))
    reset_here.merge(old)
    assert reset_here.of(Answered) == expected[:1]


def test_the_order_in_which_records_are_found_does_not_matter():
    assert counting([answered(2), answered(0), answered(2)]) == [answered(0), answered(2)]


def test_a_moment_has_a_time_zone_and_one_spelling():
    paris = NOON.astimezone(timezone(timedelta(hours=1)))
    assert Done(paris, "a", "b") == Done(NOON, "a", "b") and Done(paris, "a", "b").at.tzinfo is UTC
    with pytest.raises(ValueError, match="no time zone"):
        Done(datetime(2026, 1, 1), "a", "b")  # noqa: DTZ001


def test_the_folder_is_the_users_own_unless_the_environment_names_another(monkeypatch, tmp_path):
    monkeypatch.setenv("KMS_TEACH_PROGRESS", str(tmp_path / "here"))
    assert progress.mine().file == tmp_path / "here" / NAME
    assert progress.mine() is progress.mine()
    monkeypatch.delenv("KMS_TEACH_PROGRESS")
    monkeypatch.setattr(progress.platformdirs, "user_data_path", lambda name, **_: tmp_path / name)
    assert progress.mine().file == tmp_path / "kms-teach" / NAME


def test_no_test_touches_the_developers_own():
    assert str(Path.home()) not in str(progress.mine().file)
