"""The course copied to a learner's folder: nothing that they did is ever lost."""

import json
import os
import socket
import sys
from pathlib import Path

import pytest
from jupyter_server.serverapp import ServerApp

from kms_teach import cli, course

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "00_start_here.ipynb").write_text("zero")
    (folder / "05_rotation.ipynb").write_text("five")
    (folder / "glossary.md").write_text("words")
    (folder / "notes.txt").write_text("no part of the course")
    return folder


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "mine"


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.name != course.RECORD}


def how(laid: list[course.Laid]) -> dict[str, str]:
    return {each.name: each.how for each in laid}


def test_everything_is_copied_once(shipped: Path, mine: Path) -> None:
    assert set(how(course.lay(mine, "1", shipped)).values()) == {"new"}
    assert files(mine) == {"00_start_here.ipynb": "zero", "05_rotation.ipynb": "five", "glossary.md": "words"}
    assert course.lay(mine, "1", shipped) == []


def test_a_file_that_the_learner_changed_stays_as_it_is(shipped: Path, mine: Path) -> None:
    course.lay(mine, "1", shipped)
    (mine / "05_rotation.ipynb").write_text("five, with my answers")
    assert course.lay(mine, "1", shipped) == []
    assert files(mine)["05_rotation.ipynb"] == "five, with my answers"


def test_a_newer_edition_replaces_what_was_not_touched_and_is_laid_beside_what_was(shipped: Path, mine: Path) -> None:
    course.lay(mine, "1", shipped)
    (mine / "05_rotation.ipynb").write_text("five, with my answers")
    (shipped / "05_rotation.ipynb").write_text("five anew")
    (shipped / "00_start_here.ipynb").write_text("zero anew")
    laid = how(course.lay(mine, "2", shipped))
    assert laid == {"00_start_here.ipynb": "brought up to date", "05_rotation_2.ipynb": "beside"}
    assert files(mine) == {
        "00_start_here.ipynb": "zero anew", "05_rotation.ipynb": "five, with my answers",
        "05_rotation_2.ipynb": "five anew", "glossary.md": "words",
    }  # fmt: skip
    assert course.lay(mine, "2", shipped) == []


def test_work_in_the_newer_edition_is_kept_too(shipped: Path, mine: Path) -> None:
    course.lay(mine, "1", shipped)
    for edition, name in (("2", "05_rotation.ipynb"), ("3", "05_rotation_2.ipynb")):
        (mine / name).write_text(f"mine, before {edition}")
        (shipped / "05_rotation.ipynb").write_text(f"five of {edition}")
        assert how(course.lay(mine, edition, shipped)) == {f"05_rotation_{edition}.ipynb": "beside"}
    (mine / "05_rotation_3.ipynb").write_text("mine, after 3")
    (shipped / "05_rotation.ipynb").write_text("five of 3, mended")
    assert how(course.lay(mine, "3", shipped)) == {"05_rotation_3_2.ipynb": "beside"}
    mine_now = {name: text for name, text in files(mine).items() if text.startswith("mine")}
    assert mine_now == {
        "05_rotation.ipynb": "mine, before 2", "05_rotation_2.ipynb": "mine, before 3",
        "05_rotation_3.ipynb": "mine, after 3",
    }  # fmt: skip


def test_a_file_that_was_there_before_the_course_is_somebodys_work(shipped: Path, mine: Path) -> None:
    mine.mkdir(parents=True)
    (mine / "05_rotation.ipynb").write_text("my own notes on tyres")
    assert how(course.lay(mine, "1", shipped))["05_rotation_1.ipynb"] == "beside"
    assert files(mine)["05_rotation.ipynb"] == "my own notes on tyres"


def test_a_deleted_file_is_copied_again(shipped: Path, mine: Path) -> None:
    course.lay(mine, "1", shipped)
    (mine / "05_rotation.ipynb").unlink()
    assert how(course.lay(mine, "1", shipped)) == {"05_rotation.ipynb": "new"}


@pytest.mark.parametrize("record", ["", "{", "[]", json.dumps({"05_rotation.ipynb": 5})])
def test_where_the_record_cannot_be_read_every_changed_file_counts_as_work(
    shipped: Path, mine: Path, record: str
) -> None:
    course.lay(mine, "1", shipped)
    (mine / course.RECORD).write_text(record)
    (shipped / "05_rotation.ipynb").write_text("five anew")
    assert how(course.lay(mine, "2", shipped)) == {"05_rotation_2.ipynb": "beside"}
    assert files(mine)["05_rotation.ipynb"] == "five"


def test_a_folder_that_is_a_file_gets_a_sentence(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(course.CourseError, match="name another folder"):
        course.lay(tmp_path / "file", "1", shipped)


def test_the_command_says_what_was_copied_and_what_lies_beside(
    tmp_path: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = []
    monkeypatch.setattr(course, "show", lambda folder, port: opened.append((folder, port)) or 0)
    mine = tmp_path / "mine"
    assert cli.main(["lab", str(mine), "--port", "9000"]) == 0
    assert opened == [(mine, 9000)]
    count = sum(path.suffix in course.KINDS for path in NOTEBOOKS.iterdir())
    assert capsys.readouterr().out == f"{count} files of the course copied to {mine}\n"
    record = json.loads((mine / course.RECORD).read_text())
    (mine / "05_rotation.ipynb").write_text("mine")
    (mine / course.RECORD).write_text(json.dumps({**record, "05_rotation.ipynb": "of an older edition"}))
    assert cli.main(["lab", str(mine)]) == 0
    assert "05_rotation_0.1.0.ipynb is the newer edition; what you changed stays as it is" in capsys.readouterr().out


@pytest.mark.parametrize("port", ["0", "65536", "-1"])
def test_a_port_that_is_none_gets_a_sentence(port: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["lab", str(tmp_path / "mine"), "--port", port]) == 2
    assert capsys.readouterr().err == "kms-teach: a port is a number from 1 to 65535\n"
    assert not (tmp_path / "mine").exists()


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == "kms-teach 0.1.0\n"


def test_a_taken_port_is_passed_over_in_so_many_words(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert course.free_port(port) > port
    assert f"Port {port} is taken" in capsys.readouterr().out


def test_jupyterlab_finds_this_python_first_and_the_kernel_of_the_course() -> None:
    environment = course.environment("x")
    assert environment["JUPYTER_TOKEN"] == "x"
    assert (Path(environment["JUPYTER_PATH"].split(os.pathsep)[0]) / "kernels/python3/kernel.json").exists()
    assert (Path(environment["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0]) / "jupyter_server_config.json").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="PowerShell is no login shell")
@pytest.mark.parametrize(("shell", "started"), [("/usr/bin/zsh", "/usr/bin/zsh"), ("", "sh")])
def test_its_terminal_is_no_login_shell_so_that_it_finds_the_commands_of_this_python(
    shell: str, started: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", shell)
    (tmp_path / course.FIRST).touch()
    app = ServerApp()
    app.parse_command_line(course.command(tmp_path, 8888)[3:])
    assert app.terminado_settings == {"shell_command": started}
