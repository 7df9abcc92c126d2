import html
import os
import re
import subprocess

import pytest

from kms_teach import Simulator
from kms_teach.inspect.opened_drawing import WHO_MAY
from kms_teach.repairs.lab import FIRST, RepairsLab
from kms_teach.repairs.tickets import TICKETS
from kms_teach.teaching import progress
from kms_teach.teaching.lab import ANSWER, COPY, PUT
from kms_teach.teaching.record import Done


@pytest.fixture
def lab(sim):
    with_controls = RepairsLab(sim, seed=1)
    yield with_controls
    with_controls.close()


def repair(lab):
    exec(lab.desk.task.solution, {"sim": lab.sim, **lab.desk.given})


def take(lab, name):
    lab.number.value = next(at for at, ticket in enumerate(TICKETS) if ticket.id == name)


def test_the_first_ticket_lies_open_with_the_call_that_it_is_about(lab):
    assert lab.status == FIRST
    assert lab.picture.title == "payroll may, but KMS refuses: KMSInvalidStateException"
    for words in (
        "payroll</strong>",
        "somebody tidied up",
        TICKETS[0].report,
        "To do.",
        "Difficulty 1 of 3. Chapters that help: 07, 11.",
    ):
        assert words in html.unescape(lab._paper.value)


def test_a_ticket_is_broken_when_it_is_taken_and_stays_as_it_is_while_another_one_lies_open(lab):
    take(lab, "old-grant")
    assert lab.picture.title == "Allowed: key material 1 of 1 opened it"
    repair(lab)
    begun = len(lab.sim.trail)
    lab.number.value = 0
    take(lab, "old-grant")
    assert len(lab.sim.trail) == begun
    lab.check.click()
    assert lab.status.startswith("Done. Ended:")
    lab.number.value = 0
    assert lab.status == FIRST
    take(lab, "old-grant")
    assert lab.status == "This one is done. “Start again” breaks it anew."


def test_check_says_what_is_missing_and_then_that_it_is_done_and_the_board_knows(lab):
    lab.check.click()
    assert lab.status.startswith("Not yet. The key is PendingDeletion")
    assert lab.board().title == "Thirteen things that went wrong"
    repair(lab)
    lab.check.click()
    assert lab.status.startswith("Done. Saved:")
    assert lab.board().title == "Thirteen things that went wrong, 1 of them put right"


def test_start_again_breaks_it_anew_and_keeps_the_hints(lab):
    lab.hint.click()
    repair(lab)
    lab.check.click()
    before = lab.desk.given["payroll_key"]
    lab.again.click()
    assert lab.status == "It is as broken as it was at the beginning. Made anew: `payroll_key`."
    assert (lab.desk.given["payroll_key"] != before, lab.desk.done, lab.desk.hints) == (True, False, 1)
    lab.check.click()
    assert lab.status.startswith("Not yet.")


def test_hints_come_one_by_one_above_the_ticket_and_each_can_be_put_into_a_cell(lab):
    written = []
    lab._keyboard.observe(lambda change: written.append(change.new[0]), "writing")
    lab.put.click()
    assert lab.status == "Not done. There is no hint yet: press “Show a hint” first."
    first, second, third = lab.desk.task.hints
    for number, words in enumerate((first, second, "It is code, and stands above the ticket."), 1):
        lab.hint.click()
        assert lab.status == f"Hint {number} of 3. {words}"
        lab.put.click()
        assert lab.status == COPY
    assert written == [f"# {first}", f"# {second}", third]
    assert lab._paper.value.count("<strong>Hint") == 3
    lab.hint.click()
    assert lab.status == "You have all three hints of this ticket."


def test_what_the_page_could_do_is_told(lab):
    lab._keyboard.written = [True, "mark"]
    assert lab.status == PUT
    lab._keyboard.written = [False, "another mark"]
    assert lab.status == COPY


def test_the_picture_is_of_the_newest_call_by_whom_the_ticket_is_about(lab):
    take(lab, "refused-bucket")
    assert lab.picture.title == "Denied: no IAM policy of ana allows kms:Decrypt here"
    lab.part.value = WHO_MAY
    repair(lab)
    lab.sim.person("ana").client("s3").get_object(Bucket="quarterly-figures", Key="q3.csv")
    lab.check.click()
    assert lab.picture.title.startswith("Allowed")


def test_the_seed_decides_which_variant_it_is(sim):
    for seed, who_says_no in ((0, "bucket policy"), (1, "no IAM policy of ana"), (2, "no statement allows this")):
        lab = RepairsLab(sim, seed)
        take(lab, "refused-bucket")
        assert who_says_no in lab.picture.title
        lab.close()


def test_a_reader_who_runs_nothing_sees_the_ticket_and_the_call(lab):
    bundle = lab._repr_mimebundle_()
    assert bundle["text/plain"].startswith("Ticket 1, The payroll stopped: payroll calls Encrypt in us-east-1")
    assert TICKETS[0].report in html.unescape(bundle["text/html"])
    assert "CancelKeyDeletion" not in bundle["text/html"].partition(f'<details class="{ANSWER}">')[0]


def in_a_shell(lab, person, lines, folder):
    """What the lines print in a shell in which the lab's own line was pasted first."""
    environment = {"PATH": os.defpath, "HOME": str(folder)}  # as a login shell begins
    environment["XDG_STATE_HOME"] = os.environ["XDG_STATE_HOME"]
    ran = subprocess.run(
        ["bash", "-euc", f"{lab.line(person)}\n{lines}"], env=environment, cwd=folder, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.slow  # five starts of the aws command, of a second each
def test_a_repair_is_finished_with_the_aws_command_by_the_line_that_the_lab_shows(lab, tmp_path):
    assert lab.line() == ""
    lab.terminal.click()
    assert lab.line() in html.unescape(lab._paper.value)
    assert re.fullmatch(
        r'PATH=\S+:\$PATH; eval "\$\(kms-teach env --url http://127\.0\.0\.1:\d+ payroll\)"', lab.line("payroll")
    )
    key = lab.desk.given["payroll_key"]
    deny = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"kms:ScheduleKeyDeletion","Resource":"*"}]}'
    in_a_shell(lab, "", f"""
        aws kms cancel-key-deletion --key-id {key} && aws kms enable-key --key-id {key}
        aws iam put-user-policy --user-name trainee --policy-name none --policy-document '{deny}'
    """, tmp_path)  # fmt: skip
    lab.check.click()
    assert lab.status.startswith("Done.")
    told = in_a_shell(lab, "payroll", "aws kms encrypt --key-id alias/payroll --plaintext MTU= --query KeyId", tmp_path)
    assert told.strip() == f'"{key}"'
    assert (lab.sim.trail[-1].operation, lab.sim.trail[-1].caller) == ("Encrypt", "payroll")


def test_served_once_it_stays_at_its_address_until_the_lab_is_closed(sim):
    lab = RepairsLab(sim)
    lab.terminal.click()
    line = lab.line()
    lab.terminal.click()
    assert (lab.line(), "closed" in repr(lab._serving)) == (line, False)
    lab.close()
    assert repr(lab._serving).endswith("closed>")


def test_where_nothing_can_be_served_it_says_why(lab, monkeypatch):
    def cannot(port=0):
        raise RuntimeError("a browser lets nobody listen: run this on a computer")

    monkeypatch.setattr(lab.sim, "serve", cannot)
    lab.terminal.click()
    assert lab.status == "Not done. A browser lets nobody listen: run this on a computer."


def test_a_trail_that_no_longer_goes_back_to_the_beginning_is_said():
    with Simulator(start="2026-01-01T00:00:00Z", keep=300) as short:
        lab = RepairsLab(short)
        kms = short.client("kms")
        for _ in range(600):
            kms.list_keys()
        lab.check.click()
        assert lab.status.startswith("Not done. The trail no longer goes back")
        lab.again.click()
        assert lab.status.startswith("It is as broken as it was")
        lab.close()


def test_a_repair_that_is_done_is_kept_in_the_learners_progress_once(lab, monkeypatch, tmp_path):
    monkeypatch.setenv("KMS_TEACH_PROGRESS", str(tmp_path))
    lab.check.click()
    repair(lab)
    for _ in range(2):
        lab.check.click()
    assert [(record.chapter, record.task) for record in progress.mine().of(Done)] == [
        ("repairs", "STOP_THE_WRONG_DELETION")
    ]
