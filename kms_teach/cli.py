"""The command `kms-teach`: the service behind a loopback address, for the `aws` command and other programs."""

import argparse
import io
import os
import secrets
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from kms_teach import course, server
from kms_teach.access.principals import ROOT_ACCOUNT
from kms_teach.backup import backup, damages
from kms_teach.errors import KMSInternalException, StoreError
from kms_teach.people import DEFAULT_REGION
from kms_teach.simulator import Simulator
from kms_teach.wire import hosts

EXTRAS = {
    "IPython": "course",
    "anywidget": "course",
    "httptools": "serve",
    "ipywidgets": "course",
    "jupyterlab": "lab",
    "platformdirs": "serve",
    "uvicorn": "serve",
}  # a package that a command needs -> the extra that brings it
CLASS = "assignments.db"
COURSE = "kms-teach-course"


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="kms-teach", description="A pretend AWS KMS with real cryptography, for learning."
    )
    parser.add_argument("--version", action="version", version=f"kms-teach {version('kms-teach')}")
    commands = parser.add_subparsers(dest="command", required=True)
    lab = commands.add_parser("lab", help="copy the course into a folder of yours, and open it in JupyterLab")
    lab.add_argument(
        "folder", nargs="?", type=Path, default=Path(COURSE), metavar="FOLDER",
        help=f"where your copy is, or shall be: what you did there stays (default: {COURSE})",
    )  # fmt: skip
    lab.add_argument("--port", type=int, default=8888, help="port, or the next free one (default: 8888)")
    lab.add_argument("--class", dest="at", metavar="URL", help="the class's server, where tasks are then set")
    lab.set_defaults(run=_lab)
    exam = commands.add_parser("exam", help="sit a mock exam, or practise, as text; what you answer is kept")
    exam.add_argument("code", nargs="?", default="", metavar="CODE", help="as SCS-C03 (default: go on with yours)")
    exam.add_argument("--practice", metavar="TOPIC", help="a subject, a chapter by its number, or everything")
    exam.add_argument("--recall", action="store_true", help="be asked again what you are about to forget")
    exam.add_argument("--anki", metavar="FILE", type=Path, help="write cards for Anki, of --practice or of everything")
    exam.add_argument("--questions", type=int, default=20, help="how many a mock exam has (default: 20)")
    exam.add_argument("--no-clock", action="store_true", help="say nothing of the time")
    exam.set_defaults(run=_exam)
    _add_class(commands)
    server.add(commands)
    env = commands.add_parser("env", help="print what points a shell at a running `serve`, and away from any real AWS")
    env.add_argument(
        "person",
        nargs="?",
        default=ROOT_ACCOUNT,
        help=f"an IAM user, or an account to be its root user (default: {ROOT_ACCOUNT})",
    )
    env.add_argument("--url", help="where it answers (default: the `serve` that was started last)")
    env.set_defaults(run=_env)
    copy = commands.add_parser("backup", help="copy a store and its `.hsm`, also while it is in use")
    copy.add_argument("store", metavar="STORE", type=Path)
    copy.add_argument("to", metavar="TO", type=Path, help="a file that is not there yet, or a folder")
    copy.set_defaults(run=_backup)
    look = commands.add_parser("check", help="say whether a store is whole, also while it is in use")
    look.add_argument("store", metavar="STORE", type=Path)
    look.set_defaults(run=_check)
    given = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = given.run
    try:
        return run(given)
    except (course.CourseError, StoreError, KMSInternalException) as error:
        return _refuse(str(error))
    except ModuleNotFoundError as error:
        if error.name not in EXTRAS:
            raise
        return _refuse(f'`{given.command}` needs {error.name}: pip install "kms-teach[{EXTRAS[error.name]}]"')


def _add_class(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What a teacher types."""
    assign = commands.add_parser("assign", help="write an assignment for a class as one small file")
    assign.add_argument("file", metavar="FILE", type=Path, help="where it goes, as homework.json")
    assign.add_argument("--title", help="what learners see (default: the file's name)")
    assign.add_argument("--family", action="append", default=[], metavar="ID", help="a question family, once for each")
    assign.add_argument("--questions", type=int, default=0, metavar="N", help="draw so many more families")
    assign.add_argument("--subject", action="append", default=[], help="draw them of these subjects alone")
    assign.add_argument("--chapter", action="append", default=[], help="draw them of these chapters alone, by room")
    assign.add_argument("--task", action="append", default=[], metavar="ROOM.NAME", help="a task, once for each")
    assign.add_argument("--due", help="until when, as 2026-12-24 or 2026-12-24T18:00+01:00")
    grade = commands.add_parser("grade", help="grade what a class handed in: a table and a picture")
    grade.add_argument("folder", metavar="FOLDER", type=Path, help="the assignment, and the answers to it")
    for command, run_it in ((assign, _assign), (grade, _grade)):
        command.add_argument("--store", default=CLASS, help=f"the store whose key signs assignments (default: {CLASS})")
        command.set_defaults(run=run_it)


def _lab(given: argparse.Namespace) -> int:
    if not 1 <= given.port <= 65535:
        return _refuse("a port is a number from 1 to 65535")
    if given.at:
        from kms_teach.classroom.sign_in import sign_in

        try:
            me = sign_in(given.at)
        except ValueError as error:
            return _refuse(str(error))
        print(f"You are {me.learner}, account {me.account}, in the class at {given.at}.")
        print("Tasks say whether they are set there; whatever else you do stays on this computer.")
        os.environ.update(me.environment)  # which JupyterLab hands on to its kernels
    written = course.lay(given.folder, version("kms-teach"))
    for laid in written:
        if laid.how == "beside":
            print(f"{laid.name} is the newer edition; what you changed stays as it is, beside it")
    if fresh := sum(laid.how != "beside" for laid in written):
        print(f"{fresh} {'file' if fresh == 1 else 'files'} of the course copied to {given.folder.resolve()}")
    return course.show(given.folder, given.port)


def _exam(given: argparse.Namespace) -> int:
    from kms_teach.teaching import anki, exam, progress
    from kms_teach.teaching.practice import about, topics
    from kms_teach.teaching.terminal import ENDED, Terminal

    if given.questions < 1:
        return _refuse("--questions is a number, 1 or more")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console may lack a sign that a question has
    terminal = Terminal(progress.mine(), clock=not given.no_clock)
    try:
        known = topics(exam.families())
        topic = known.get(given.practice or "everything", given.practice)
        if topic not in known.values():
            names = ", ".join(value or words for words, value in known.items())
            return _refuse(f"there is no `{given.practice}` to practise: choose from {names}")
        if given.anki:
            given.anki.parent.stat()  # before minutes of work: a folder that is not there is said at once
            given.anki.write_bytes(anki.package(about(topic, exam.families())))
            print(f"{given.anki}: open it with Anki")
        elif given.recall:
            terminal.recall()
        elif given.practice is None:
            terminal.sit(given.code, given.questions)
        else:
            terminal.practise(topic)
    except OSError as error:
        return _refuse(f"{given.anki} cannot be written ({error.strerror}): give another name")
    except (KeyError, ValueError) as error:
        return _refuse(str(error.args[0]))
    except EOFError:
        print(f"\n{terminal.kept.trouble or ENDED}")
    except KeyboardInterrupt:
        print(f"\n{terminal.kept.trouble or ENDED}")
        return 130
    return 0


def _assign(given: argparse.Namespace) -> int:
    from kms_teach.teaching import assignment, exam, paper

    if given.file.exists():
        return _refuse(f"{given.file} is there already: give another name, or take it away first")
    try:
        due = assignment.until(given.due) if given.due else None
        more = [
            family for family in exam.families()
            if family.id not in given.family
            and family.subject in (given.subject or [family.subject])
            and family.chapter in (given.chapter or [family.chapter])
        ]  # fmt: skip
        if given.questions > len(more):
            return _refuse(f"there are {len(more)} such families: ask for no more, or name fewer subjects and chapters")
        drawn = [name for name, _ in paper.spread(more, secrets.randbelow(10**6), given.questions)]
        tasks = [(room, name) for room, _, name in (task.partition(".") for task in given.task)]
        with Simulator(given.store) as simulator:
            title = given.title or given.file.stem
            written = assignment.made(simulator, title, [*given.family, *drawn], tasks, due)
    except (KeyError, ValueError) as error:
        return _refuse(str(error.args[0]))
    given.file.write_bytes(written)
    asked = f"{len(given.family) + len(drawn)} questions and {len(tasks)} tasks"
    print(
        f"{given.file}: {asked}, signed by a key in {given.store}. Keep that file and its .hsm: grading asks for them."
    )
    return 0


def _grade(given: argparse.Namespace) -> int:
    from kms_teach.teaching import assignment, class_page, grading

    if not given.folder.is_dir():
        return _refuse(f"{given.folder} is no folder: put the assignment and the answers to it into one")
    if not Path(given.store).exists():
        return _refuse(f"{given.store} is not there: give the store that `kms-teach assign` signed with, as --store")
    try:
        with Simulator(given.store) as simulator:
            report = grading.graded(simulator, given.folder)
    except assignment.AssignmentError as error:
        return _refuse(str(error))
    for remark in report.remarks:
        print(f"kms-teach: {remark}", file=sys.stderr)
    (given.folder / "grades.csv").write_text(grading.table(report), encoding="utf-8")
    (given.folder / "grades.html").write_text(class_page.page(report), encoding="utf-8")
    who = "1 learner" if len(report.grades) == 1 else f"{len(report.grades)} learners"
    print(f"{who} graded: grades.csv and grades.html are in {given.folder}")
    return 0


def _env(given: argparse.Namespace) -> int:
    from kms_teach.wire import shell
    from kms_teach.wire.credentials import credentials, whose

    try:
        account, name = whose(given.person)
        url = given.url or next(iter(shell.servers()), "")
        if not url:
            return _refuse("no server is running: start one with `kms-teach serve` in another terminal")
        if not hosts.of_url(url, "http"):
            return _refuse(f"`{url}` is no address of a server: give one such as http://127.0.0.1:8080")
        key = credentials(url, account, name)
    except ValueError as error:
        return _refuse(str(error))
    words = "" if given.person == ROOT_ACCOUNT else f" {given.person}"
    who = f"the user {name}" if name else "the root user"
    print(shell.exports(url, key.id, key.secret, DEFAULT_REGION, os.environ), end="")
    print(f'# you are {who} of {account} in this shell after: eval "$(kms-teach env{words})"')
    return 0


def _backup(given: argparse.Namespace) -> int:
    print(f"copied to {backup(given.store, given.to)}, with its .hsm file: who has both has the keys")
    return 0


def _check(given: argparse.Namespace) -> int:
    found = list(damages(given.store))
    for damage in found:
        print(f"kms-teach: {damage}", file=sys.stderr)
    print(f"`{given.store}` is {'damaged: put back a copy' if found else 'whole'}")
    return 1 if found else 0


def _refuse(sentence: str) -> int:
    print(f"kms-teach: {sentence}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
