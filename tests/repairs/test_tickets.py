import re

import pytest

from kms_teach import Simulator
from kms_teach.repairs.lab import tickets
from kms_teach.repairs.scene import allow, text
from kms_teach.repairs.ticket import NOT_BEGUN, Work, hand_over
from kms_teach.repairs.tickets import TICKETS
from kms_teach.teaching import catalog
from tests.drawing.drawn import quarrels

ROOMS = {chapter.room for chapter in catalog.CHAPTERS}


def test_there_are_thirteen_and_each_has_its_name_and_tells_what_there_is_to_know():
    assert len({ticket.id for ticket in TICKETS}) == len({ticket.title for ticket in TICKETS}) == len(TICKETS) == 13
    for ticket in TICKETS:
        assert set(ticket.rooms) <= ROOMS
        assert ticket.level in (1, 2, 3)
        assert ticket.report.endswith((".", "?"))
        assert ticket.since
    assert [ticket.level for ticket in TICKETS] == sorted(ticket.level for ticket in TICKETS)


def test_the_catalog_finds_the_task_of_every_ticket_by_a_name():
    module = catalog.every("tasks")[-1]
    assert module.__name__ == "kms_teach.repairs.tasks"
    named = [value for name, value in vars(module).items() if name.isupper()]
    assert sorted(map(id, named)) == sorted(id(task) for ticket in TICKETS for task in ticket.tasks)


@pytest.mark.parametrize("ticket", TICKETS, ids=lambda ticket: ticket.id)
def test_no_goal_names_a_thing_that_the_situation_does_not_give(sim, ticket):
    for task in ticket.tasks:
        given = task.situation(sim)
        assert all(isinstance(name, str) and name.isidentifier() for name in given)
        for name in given:
            assert re.search(rf"\b{name}\b", task.goal + task.hints[2]), name


def test_all_of_them_are_broken_in_one_simulator_and_put_right_in_any_order():
    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        given = {ticket.id: dict(ticket.task(1).situation(sim)) for ticket in TICKETS}
        assert not any(ticket.task(1).check(sim).done for ticket in TICKETS)
        for ticket in reversed(TICKETS):
            exec(ticket.task(1).solution, {"sim": sim, **given[ticket.id]})
        outcomes = [ticket.task(1).check(sim) for ticket in TICKETS]
        assert [outcome.feedback for outcome in outcomes if not outcome.done] == []


def test_the_work_on_a_ticket_is_what_came_after_it_was_handed_over_last(sim, kms):
    assert Work.on(sim, "a") is None
    sim.user("ana")
    kms.create_key(Description="first")
    hand_over(sim, "a", "ana")
    kms.create_key(Description="first")
    hand_over(sim, "b", "ana", note="other")
    hand_over(sim, "a", "ana", note="a note")
    last = sim.trail.named("CreateKey")[-1]
    kms.list_keys()
    work = Work.on(sim, "a")
    assert ([r.operation for r in work.since], work.note) == (["ListKeys"], "a note")
    assert work.key("first") == last.event["responseElements"]["keyMetadata"]["arn"]
    assert [r.operation for r in work.done("ListKeys", "CreateKey")] == ["ListKeys"]
    assert work.refused("ListKeys") == []
    assert Work.on(sim, "b").note == "other"


@pytest.mark.parametrize("ticket", TICKETS, ids=lambda ticket: ticket.id)
def test_before_anything_is_broken_a_check_says_what_to_press(sim, ticket):
    assert {task.check(sim) for task in ticket.tasks} == {NOT_BEGUN}


def test_the_board_tells_every_ticket_and_marks_those_that_are_done():
    open_, some = tickets(), tickets([TICKETS[2].id, TICKETS[4].id])
    assert open_.title == "Thirteen things that went wrong"
    assert some.title == "Thirteen things that went wrong, 2 of them put right"
    assert [row[-1] for row in some.table.rows].count("done") == 2
    for number, ticket in enumerate(TICKETS, 1):
        assert f"{number}. {ticket.title}: {ticket.reporter} calls" in open_.alt
    for picture in (open_, some):
        assert quarrels(picture.svg) == quarrels(picture.narrow) == []


def test_work_about_some_keys_and_people_leaves_out_what_was_done_for_another_ticket(sim, kms):
    sim.user("ana")
    one, other = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    hand_over(sim, "a", "ana")
    kms.disable_key(KeyId=other)
    sim.client("iam").put_user_policy(UserName="ana", PolicyName="none", PolicyDocument=text(allow("kms:Decrypt")))
    kms.disable_key(KeyId=one)
    kms.create_key()
    work = Work.on(sim, "a")
    assert [r.operation for r in work.about(one).since] == ["DisableKey", "CreateKey"]
    assert [r.operation for r in work.about(one, "ana").since] == ["PutUserPolicy", "DisableKey", "CreateKey"]
    assert work.about(other).since[0].parameters["keyId"] == other


def test_a_ticket_done_in_between_is_no_part_of_the_work_on_another(sim):
    """The grants of the old migration are ended while the leaked access keys still work."""
    leak = next(ticket for ticket in TICKETS if ticket.id == "leaked-credentials").task(0)
    grants = next(ticket for ticket in TICKETS if ticket.id == "old-grant").task(0)
    given = leak.situation(sim)
    exec(grants.solution, {"sim": sim, **grants.situation(sim)})
    exec(leak.solution, {"sim": sim, **given})
    assert leak.check(sim).done, leak.check(sim).feedback


def test_a_check_that_is_shut_out_or_misses_somebody_says_so(sim, kms):
    grants = next(ticket for ticket in TICKETS if ticket.id == "old-grant").task(0)
    key = grants.situation(sim)["files_key"]
    exec(grants.solution, {"sim": sim, "files_key": key})
    worker = sim.person("worker").arn
    kms.put_key_policy(KeyId=key, Policy=text(allow("kms:*", worker)), BypassPolicyLockoutSafetyCheck=True)
    told = "Not even the root user may call ListGrants now: AccessDeniedException."
    assert grants.check(sim).feedback.startswith(told)
    bucket = next(ticket for ticket in TICKETS if ticket.id == "refused-bucket").task(1)
    bucket.situation(sim)
    iam = sim.client("iam")
    iam.delete_access_key(UserName="ana", AccessKeyId=sim.person("ana").access_key.id)
    iam.delete_user_policy(UserName="ana", PolicyName=iam.list_user_policies(UserName="ana")["PolicyNames"][0])
    iam.delete_user(UserName="ana")
    assert bucket.check(sim).feedback.startswith("There is no user and no role `ana` in account 111122223333")
