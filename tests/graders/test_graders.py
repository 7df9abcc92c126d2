"""A task's check in a grading cell of nbgrader's, and in a test of otter's: who did it has the points, who did not has none."""

import csv
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import nbformat.v4 as nb
import pytest

from kms_teach.chapters.encrypt import tasks as encrypt
from kms_teach.chapters.start import tasks as start

pytestmark = pytest.mark.slow  # each starts kernels: some 10 s

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".venv" / "graders"
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
DONE, OPEN = "start.LET_ALICE_READ", "encrypt.OPEN_BOBS_BACKUP"  # the learner does the first alone
IMPORTS = """from kms_teach import Simulator
from kms_teach.chapters.encrypt import tasks as encrypt
from kms_teach.chapters.start import tasks as start
sims = []
"""
SITUATION = """sim = Simulator(start="2026-01-01T00:00:00Z")
sims.append(sim)
kms = sim.client("kms")
globals().update({task}.situation(sim))"""
SITUATIONS = [(IMPORTS if task is DONE else "") + SITUATION.format(task=task) for task in (DONE, OPEN)]
CHECKS = [f"{task}.check(sims[{number}])" for number, task in enumerate((DONE, OPEN))]
ANSWERS = [start.LET_ALICE_READ.solution, "pass  # your answer"]


@pytest.fixture
def run(tmp_path: Path):
    """Run a program of the graders' environment in an empty folder."""
    if not (PLACE / "bin" / "nbgrader").exists():
        pytest.fail("the graders are not installed; type: make clients", pytrace=False)
    path = f"{PLACE / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}

    def program(*words: object) -> str:
        command = [str(word) for word in words]
        ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    return program


def write(path: Path, *cells: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(nb.new_notebook(cells=list(cells), metadata=KERNEL, nbformat_minor=5)), encoding="utf-8")


def of_nbgrader(source: str, name: str, *, points: int = 0, solution: bool = False) -> Any:
    described = {"grade_id": name, "grade": bool(points), "solution": solution, "locked": not solution}
    described |= {"schema_version": 3, "task": False, **({"points": points} if points else {})}
    return nb.new_code_cell(source, metadata={"nbgrader": described})


def test_nbgrader_gives_the_points_of_a_task_to_who_did_it(tmp_path: Path, run) -> None:
    def book(answers: list[str]) -> list[Any]:
        return [
            cell
            for number, (check, situation, answer) in enumerate(zip(CHECKS, SITUATIONS, answers, strict=True))
            for cell in (
                of_nbgrader(situation, f"situation-{number}"),
                of_nbgrader(answer, f"answer-{number}", solution=True),
                of_nbgrader(f"assert {check}.done, {check}.feedback", f"check-{number}", points=2),
            )
        ]

    solved = [start.LET_ALICE_READ.solution, encrypt.OPEN_BOBS_BACKUP.solution]
    write(tmp_path / "source/week/tasks.ipynb", *book([f"### BEGIN SOLUTION\n{a}\n### END SOLUTION" for a in solved]))
    write(tmp_path / "submitted/ana/week/tasks.ipynb", *book(ANSWERS))
    (tmp_path / "nbgrader_config.py").write_text("get_config().CourseDirectory.course_id = 'kms'\n")
    run("nbgrader", "generate_assignment", "week")
    run("nbgrader", "autograde", "week")
    run("nbgrader", "export")
    with (tmp_path / "grades.csv").open() as file:
        [grade] = csv.DictReader(file)
    assert (grade["student_id"], grade["raw_score"], grade["max_score"]) == ("ana", "2.0", "4.0")
    graded = json.loads((tmp_path / "autograded/ana/week/tasks.ipynb").read_text())
    said = [output for cell in graded["cells"] if cell["cell_type"] == "code" for output in cell["outputs"]]
    assert [output["ename"] for output in said if output["output_type"] == "error"] == ["AssertionError"]
    assert "stderr" not in json.dumps(said)  # for which nbgrader takes the points away


def test_otter_gives_the_points_of_a_task_to_who_did_it(tmp_path: Path, run) -> None:
    raw, code = nb.new_raw_cell, nb.new_code_cell
    true = nb.new_output("execute_result", data={"text/plain": "True"}, execution_count=1)
    cells = [
        raw("# ASSIGNMENT CONFIG\ninit_cell: true\nexport_cell: false\ncheck_all_cell: false\ngenerate:\n  pdf: false")
    ]
    solved = [start.LET_ALICE_READ.solution, encrypt.OPEN_BOBS_BACKUP.solution]
    for number, (check, situation, answer) in enumerate(zip(CHECKS, SITUATIONS, solved, strict=True)):
        cells += [
            code(situation),
            raw(f"# BEGIN QUESTION\nname: q{number}\npoints: 2"), nb.new_markdown_cell("Do it."),
            raw("# BEGIN SOLUTION"), code(f"# BEGIN SOLUTION\n{answer}\n# END SOLUTION"), raw("# END SOLUTION"),
            raw("# BEGIN TESTS"), code(f"{check}.done", outputs=[true]), raw("# END TESTS"),
            raw("# END QUESTION"),
        ]  # fmt: skip
    write(tmp_path / "master.ipynb", *cells)
    run("otter", "assign", "--no-run-tests", "master.ipynb", "dist")
    answered = [cell for pair in zip(SITUATIONS, ANSWERS, strict=True) for cell in map(code, pair)]
    write(
        tmp_path / "ana.ipynb",
        *answered,
        code('import otter\ngrader = otter.Notebook("ana.ipynb")\ngrader.check("q0")'),
    )
    [autograder] = (tmp_path / "dist" / "autograder").glob("*.zip")
    run("otter", "run", "-a", autograder, "-o", tmp_path, "ana.ipynb")
    tests = json.loads((tmp_path / "results.json").read_text())["tests"]
    assert {test["name"]: (test["score"], test["max_score"]) for test in tests if "score" in test} == {
        "q0": (2.0, 2.0), "q1": (0, 2.0),
    }  # fmt: skip
