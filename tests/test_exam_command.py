"""The command `kms-teach exam`, as a program."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kms_teach import cli
from kms_teach.teaching.progress import Progress
from kms_teach.teaching.record import Answered
from kms_teach.teaching.sitting import sittings

pytestmark = pytest.mark.slow  # starts programs

COMMAND = [Path(sys.executable).parent / "kms-teach", "exam"]


def started(folder, *arguments, **environment):
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "KMS_TEACH_PROGRESS": str(folder), "PYTHONUNBUFFERED": "1", **environment},
    )


def read_until(process, words):
    """What it has written up to and with these words."""
    read = ""
    while words not in read:
        letter = process.stdout.read(1)
        assert letter, read
        read += letter
    return read


def test_interrupted_in_the_middle_it_keeps_what_was_answered_and_goes_on_from_there(tmp_path):
    with started(tmp_path, "SAA-C03", "--questions", "3") as process:
        read_until(process, "Question 1 of 3")
        read_until(process, "): ")
        process.stdin.write("flag\n")
        process.stdin.flush()
        read_until(process, "flagged")
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate()
    assert (process.returncode, errors) == (130, "")
    assert output.endswith("What you answered is kept.\n")
    (sitting,) = sittings(Progress(tmp_path).records())
    assert sitting.marks[0].flagged
    with started(tmp_path) as process:
        output, errors = process.communicate("end\nyes\n")
    assert (process.returncode, errors) == (0, "")
    assert "Your mock exam for SAA-C03: 0 of 3 are answered." in output
    assert "0 of 3 are right" in output
    assert len(Progress(tmp_path).of(Answered)) == 3


def test_where_a_console_knows_no_signs_but_ascii_it_asks_all_the_same(tmp_path):
    with started(tmp_path, "--practice", "rotation", PYTHONIOENCODING="ascii") as process:
        output, errors = process.communicate("quit\n")
    assert (process.returncode, errors) == (0, "")
    assert "A. " in output


@pytest.mark.parametrize(("arguments", "said"), [
    ([], "name an exam, as in `kms-teach exam SCS-C03`: there are CLF-C02"), (["XYZ"], "no exam is called XYZ: choose from CLF-C02"),
    (["--practice", "astrology"], "there is no `astrology` to practise: choose from everything, access"),
    (["SCS-C03", "--questions", "0"], "--questions is a number, 1 or more"),
])  # fmt: skip
def test_what_it_cannot_do_it_says_in_a_sentence(monkeypatch, capsys, tmp_path, arguments, said):
    monkeypatch.setenv("KMS_TEACH_PROGRESS", str(tmp_path))
    assert cli.main(["exam", *arguments]) == 2
    assert capsys.readouterr().err.startswith(f"kms-teach: {said}")
    assert list(tmp_path.iterdir()) == []


def test_recall_asks_what_is_due_and_keeps_the_answer(tmp_path):
    with started(tmp_path, "--recall") as process:
        output, errors = process.communicate("a\n")
    assert errors == ""
    assert "Nothing was answered yet: this is new." in output
    kept = Progress(tmp_path).of(Answered)
    assert [each.how for each in kept] in (["recall"], [])  # a letter is no answer to an ordering


def test_cards_for_anki_are_written_to_a_file(tmp_path):
    with started(tmp_path, "--practice", "05", "--anki", str(tmp_path / "cards.apkg")) as process:
        output, errors = process.communicate()
    assert (process.returncode, errors) == (0, "")
    assert "open it with Anki" in output
    assert (tmp_path / "cards.apkg").read_bytes()[:2] == b"PK"


def test_a_file_for_cards_that_cannot_be_written_gets_a_sentence(tmp_path, capsys):
    assert cli.main(["exam", "--practice", "05", "--anki", str(tmp_path / "no" / "cards.apkg")]) == 2
    assert "cannot be written (No such file or directory): give another name" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_said_before_any_card_is_made(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("kms_teach.teaching.anki.package", lambda *_: pytest.fail("cards were made"))
    assert cli.main(["exam", "--anki", str(tmp_path / "nowhere" / "cards.apkg")]) == 2
    assert "cannot be written (No such file or directory): give another name" in capsys.readouterr().err
