import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kms_teach import Simulator, cli, course, server
from kms_teach.backup import damages
from kms_teach.classroom.roster import enrol
from kms_teach.teaching.class_account import KEY, SECRET, URL, ClassAccount
from tests.classroom.conftest import strips

pytestmark = pytest.mark.slow

BIN = Path(sys.executable).parent
BOARD = re.compile(
    r"the board is at (http://127\.0\.0\.1:\d+)/_board, and its token is ([A-Z2-9]{5}(?:-[A-Z2-9]{5}){3})\n"
)


@pytest.fixture
def names(tmp_path):
    path = tmp_path / "names.csv"
    path.write_text("Alice\nBob\n")
    return path


@pytest.fixture
def serve(tmp_path):
    """Starts `kms-teach serve …`; gives the process and the lines it says at first."""
    started = []

    def start(*arguments, lines=3):
        process = subprocess.Popen([BIN / "kms-teach", "serve", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path)  # fmt: skip
        started.append(process)
        return process, [process.stdout.readline() for _ in range(lines)]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_class_is_begun_used_stopped_and_gone_on_with(serve, names, tmp_path):
    process, (first, second, third) = serve("--class", names, "--port", "0")
    assert re.fullmatch(r"kms-teach listening on http://127\.0\.0\.1:\d+\n", first)
    url = BOARD.fullmatch(second)[1]
    sheet = tmp_path / "names.handout.txt"
    assert third == f"2 learners; keys were made for 2, and stand in {sheet}: hand each their strip\n"
    account, key = strips(sheet)["Alice"]
    alice = ClassAccount(url, key)
    assert alice.ask("me", {})["learner"] == "Alice"
    made = alice.client("kms").create_key()["KeyMetadata"]["Arn"]
    assert account in made
    assert all(key.secret.encode() not in line.encode() for line in (first, second, third))
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    names.write_text("Alice\nCarol\n")
    _, lines = serve("--class", names, "--port", url.rpartition(":")[2], "--new-keys", "Alice", lines=4)
    assert (
        lines[2]
        == f"3 learners; keys were made for 2, and stand in {tmp_path}/names.handout-2.txt: hand each their strip\n"
    )
    assert lines[3] == "no longer in the list, with account and key as before: Bob\n"
    again = ClassAccount(url, strips(tmp_path / "names.handout-2.txt")["Alice"][1])
    assert again.client("kms").describe_key(KeyId=made)["KeyMetadata"]["Arn"] == made
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("names.db*")} | {sheet.stat().st_mode & 0o777} == {
        0o600
    }


def test_without_a_class_its_store_is_open_and_that_is_said(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(server, "_answer", lambda *_: None)
    for enrolled, said in ((False, False), (True, True)):
        with Simulator(tmp_path / "names.db") as sim:
            enrol(sim.service, ["Alice"] if enrolled else [], [], lambda _: None)
        assert cli.main(["serve", "--store", str(tmp_path / "names.db")]) == 0
        assert ("this store is a class's" in capsys.readouterr().err) is said
    assert list(damages(tmp_path / "names.db")) == []


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        ("Alice\nAlice\n", [], "line 2 has `Alice` again"), ("", [], "has no names"), ("a,b\n", [], "line 1 has 2 columns"),
        ("Alice\n", ["--port", "70000"], "a port is a number"), ("Alice\n", ["--host", "0.0.0.0"], "say by which name"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_sentence_and_nothing_is_made(names, capsys, content, arguments, words):
    names.write_text(content)
    assert cli.main(["serve", "--class", str(names), *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert list(names.parent.iterdir()) == [names]


def test_new_keys_are_a_classs(capsys):
    assert cli.main(["serve", "--new-keys", "Alice"]) == 2
    assert "--new-keys is for a class: say --class NAMES.csv too" in capsys.readouterr().err


def test_new_keys_for_nobody_known_make_none(names, capsys):
    assert cli.main(["serve", "--class", str(names), "--port", "0", "--new-keys", "Zed"]) == 2
    assert "`Zed` has no key yet" in capsys.readouterr().err
    assert not list(names.parent.glob("*.handout*"))


def test_where_the_sheet_cannot_be_written_it_is_said(names, capsys, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kms_teach.classroom.handout.write", full)
    assert cli.main(["serve", "--class", str(names), "--port", "0"]) == 2
    assert "the hand-out sheet cannot be written beside" in capsys.readouterr().err


@pytest.fixture
def started(monkeypatch):
    """What each JupyterLab that is opened meanwhile has in its environment of a class."""
    environments = []
    for name in (URL, KEY, SECRET):  # as it was, after the test
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)

    def note(*_):
        there = course.environment("token")
        environments.append({name: there[name] for name in (URL, KEY, SECRET) if name in there})
        return 0

    monkeypatch.setattr(course, "show", note)
    return environments


def test_lab_signs_in_says_so_once_and_hands_the_key_to_the_notebooks_alone(
    room, capsys, monkeypatch, started, tmp_path
):
    account, key = room.keys["Alice"]
    monkeypatch.setattr("kms_teach.classroom.sign_in._asked", lambda *_: key)
    assert cli.main(["lab", str(tmp_path / "course"), "--class", room.url]) == 0
    said = capsys.readouterr().out
    assert said.count(f"You are Alice, account {account}, in the class at {room.url}.\n") == 1
    assert key.secret not in said
    assert started == [{URL: room.url, KEY: key.id, SECRET: key.secret}]


def test_lab_without_a_class_is_as_ever(capsys, started, tmp_path):
    assert cli.main(["lab", str(tmp_path / "course")]) == 0
    assert started == [{}]
    assert "in the class" not in capsys.readouterr().out


def test_lab_is_refused_where_no_class_is(capsys, tmp_path):
    assert cli.main(["lab", str(tmp_path / "course"), "--class", "nowhere"]) == 2
    assert "`nowhere` is no address of a server" in capsys.readouterr().err
    assert not (tmp_path / "course").exists()


@pytest.mark.parametrize("person", [[], ["alice"], ["444455556666"]])
def test_env_says_where_the_keys_of_a_class_are(room, capsys, person):
    assert cli.main(["env", *person, "--url", room.url]) == 2
    shown = capsys.readouterr()
    assert f"the server at {room.url} is a class's, and keys are on the strips" in shown.err
    assert not shown.out
