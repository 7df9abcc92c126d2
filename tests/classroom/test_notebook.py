"""A notebook of a learner who has signed in to a class."""

import pytest
from botocore.exceptions import ClientError
from IPython.core.interactiveshell import InteractiveShell

from kms_teach import Simulator
from kms_teach.chapters.grants import tasks as grants
from kms_teach.chapters.start import tasks
from kms_teach.repairs.lab import STAYS, RepairsLab
from kms_teach.teaching import Do
from kms_teach.teaching.class_account import KEY, SECRET, URL, ClassAccount
from kms_teach.teaching.task import Outcome, Task

pytestmark = pytest.mark.slow


@pytest.fixture
def learner(room, monkeypatch):
    """The account of Alice, in whose notebook the test runs."""
    key = room.keys["Alice"][1]
    for name, value in {URL: room.url, KEY: key.id, SECRET: key.secret}.items():
        monkeypatch.setenv(name, value)
    return room.keys["Alice"][0]


@pytest.fixture
def shell():
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def test_a_task_is_set_in_the_account_there_and_says_so(room, learner, sim, shell):
    do = Do(tasks.LET_ALICE_READ, sim)
    assert room.url in do._where.value
    assert "your account" in do._where.value
    assert len(sim.trail) == 0
    assert shell.user_ns["sim"].client("sts").get_caller_identity()["Account"] == learner
    assert shell.user_ns["kms"].meta.endpoint_url == room.url
    do.check.click()
    assert do.status.startswith("Not yet.")
    shell.run_cell(do.task.solution).raise_error()
    do.check.click()
    assert do.done
    assert "start.LET_ALICE_READ" in room.ready.pages.work.of(learner).done


def test_a_task_that_is_not_of_the_class_stays_and_says_why_and_the_names_are_the_notebooks_again(learner, sim, shell):
    first = Do(tasks.LET_ALICE_READ, sim)
    assert isinstance(shell.user_ns["sim"], ClassAccount)
    do = Do(grants.SHARE_ONE_REPORT, shell.user_ns["sim"])
    assert "This task stays in this notebook: it needs a second account" in do._where.value
    assert shell.user_ns["sim"] is sim
    shell.run_cell(do.task.solution).raise_error()
    do.check.click()
    assert (do.done, first.done) == (True, False)


def test_a_task_of_a_teachers_own_stays_too(learner, sim):
    mine = Task("Goal.", lambda _: {}, ("one", "two", "pass"), lambda _: Outcome(True, "There."))
    do = Do(mine, sim)
    assert "This task stays in this notebook" in do._where.value
    do.check.click()
    assert do.done


def test_a_ticket_says_that_it_stays(learner, sim):
    assert STAYS in RepairsLab(sim).status


def test_without_a_class_nothing_is_said_of_it(sim):
    do = Do(tasks.LET_ALICE_READ, sim)
    assert (do._where.value, do.at) == ("", None)
    assert STAYS not in RepairsLab(sim).status


def test_where_no_server_answers_the_task_says_so_and_can_be_begun_again(room, learner, sim, monkeypatch):
    monkeypatch.setenv(URL, "http://127.0.0.1:1")
    do = Do(tasks.LET_ALICE_READ, sim)
    assert "Nothing answers at http://127.0.0.1:1" in do.status
    do.at.url = room.url
    do.again.click()
    assert "blob" in do.given


def test_what_the_account_there_has_not_is_said_in_a_sentence(room, learner):
    at = ClassAccount.here()
    with pytest.raises(AttributeError, match="`sim` is your account in the class now, which has no `advance`"):
        at.advance(days=1)
    assert at.now == room.sim.now
    assert room.url in repr(at)
    assert room.keys["Alice"][1].secret not in repr(vars(at))


def test_people_there_call_as_themselves(room, learner):
    at = ClassAccount.here()
    role = at.role(
        "reader",
        policies=[
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:ListKeys", "Resource": "*"}]}
        ],
    )
    role.client("kms").list_keys()
    with pytest.raises(ClientError, match="is not authorized to perform: kms:CreateKey"):
        at.person("reader").client("kms").create_key()
    assert at.trail.named("ListKeys")[-1].event["userIdentity"]["type"] == "AssumedRole"


def test_the_simulator_of_a_notebook_is_its_own_whatever_the_class(learner):
    with Simulator() as own:
        assert own.client("sts").get_caller_identity()["Account"] == "111122223333"
