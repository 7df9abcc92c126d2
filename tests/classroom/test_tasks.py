import contextlib
import io
import json
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.classroom import tasks
from kms_teach.classroom.seat import NotHereError, Seat
from kms_teach.teaching import catalog
from kms_teach.teaching.task import Task

pytestmark = pytest.mark.slow

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SET_HERE = [(room, name) for room, names in tasks.SET_HERE.items() for name in names]
ALL = [
    (module.__name__.split(".")[-2], name)
    for module in catalog.every("tasks")
    for name, value in vars(module).items()
    if isinstance(value, Task)
]


@pytest.mark.parametrize(("chapter", "name"), SET_HERE)
def test_a_task_is_set_and_solved_by_two_who_do_not_disturb_each_other(room, chapter, name):
    """As a notebook does it, over HTTP, with the third hint as what the learner types."""
    desks = {learner: room.account(learner) for learner in room.keys}
    given = {learner: desk.begin(chapter, name)[0] for learner, desk in desks.items()}
    for learner, desk in desks.items():
        account = room.keys[learner][0]
        assert not tasks.task(chapter, name).check(Seat(room.sim.service, account)).done, learner
        with contextlib.redirect_stdout(io.StringIO()):
            exec(tasks.task(chapter, name).solution, {"sim": desk, "kms": desk.client("kms"), **given[learner]})
        outcome = desk.check(chapter, name)
        assert outcome.done, outcome.feedback
        assert f"{chapter}.{name}" in room.ready.pages.work.of(account).done


def test_every_task_is_set_here_or_says_why_it_is_not():
    stay = [(chapter, name) for chapter, name in ALL if (chapter, name) not in SET_HERE]
    assert set(SET_HERE) <= set(ALL)
    assert {chapter for chapter, _ in stay} <= set(tasks.STAYS)


def fails_in_a_class(chapter, name):
    """Whether a task cannot be set in two accounts of one server and solved there."""
    task = getattr(catalog.load(chapter, "tasks"), name)
    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        try:
            for account in ("700000000001", "700000000002"):
                seat = Seat(sim.service, account)
                exec(task.solution, {"sim": seat, **task.situation(seat)})
        except (NotHereError, ClientError) as error:
            return type(error).__name__
    return ""


@pytest.mark.parametrize(
    ("chapter", "name", "how"),
    [
        ("objects", "READ_THE_REPORT", "BucketAlreadyExists"), ("grants", "SHARE_ONE_REPORT", "NotHereError"),
        ("watching", "WHAT_WAS_READ", "NotHereError"), ("lifecycle", "SAVE_THE_ARCHIVE", "NotHereError"),
        ("repairs", "END_THE_OLD_GRANT", "BucketAlreadyExists"), ("accounts", "SHARE_THE_SNAPSHOT", "NotHereError"),
    ],
)  # fmt: skip
def test_a_task_that_stays_could_not_be_set_in_two_accounts_of_one_server(chapter, name, how):
    assert fails_in_a_class(chapter, name) == how


@pytest.mark.parametrize("room_name", tasks.SET_HERE)
def test_no_cell_after_a_task_of_the_class_needs_the_notebooks_own_simulator(room_name):
    """A task of the class takes the name `sim` over."""
    number = catalog.chapter(room_name).number
    cells = json.loads(next(NOTEBOOKS.glob(f"{number}_*.ipynb")).read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    last = max(at for at, source in enumerate(code) if source.startswith("Do("))
    assert not [source for source in code[last + 1 :] if "sim." in source and not source.startswith("#")]
