import json

import pytest

from kms_teach.chapters.policies.edits import State
from kms_teach.chapters.policies.policy_lab import OPERATIONS, PolicyLab
from kms_teach.chapters.policies.world import EXAMPLES, NAMES, ROOT, arn


@pytest.fixture
def lab():
    return PolicyLab()


def last(lab):
    return lab.world.sim.trail[-1]


OUTCOMES = ("Denied", "Allowed", "Allowed", "Denied", "Denied", "Denied", "Denied")


@pytest.mark.parametrize(("number", "outcome"), list(enumerate(OUTCOMES)))
def test_each_example_is_a_call_that_was_really_made(number, outcome):
    lab = PolicyLab(number)
    assert lab.picture.title.startswith(outcome)
    record = last(lab)
    assert record.event["eventName"] == lab.operation.value == EXAMPLES[number].operation
    assert record.decision.allowed is (outcome == "Allowed")
    assert lab.key_policy.value == EXAMPLES[number].key_policy
    assert lab.status.endswith(f"{lab.picture.title}.")


def test_an_example_chosen_later_is_a_world_of_its_own(lab):
    old = lab.world
    lab.example.value = 4
    assert lab.world is not old
    assert lab.caller.value == ROOT
    assert "root has no say" in lab.picture.title
    assert lab.iam.disabled


def test_a_key_policy_that_is_typed_is_put_and_the_call_made(lab):
    calls = len(lab.world.sim.trail)
    lab.key_policy.value = lab.key_policy.value.replace("iam::111122223333:root", "iam::111122223333:user/alice")
    assert "will not allow you to update" in lab.status
    lab.key_policy.value = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": [arn(ROOT), arn("alice")]}, "Action": "kms:*", "Resource": "*"}]})  # fmt: skip
    assert lab.picture.title == "Allowed: the key policy names alice, and that is enough"
    names = [record.event["eventName"] for record in lab.world.sim.trail[calls:]]
    assert names == ["PutKeyPolicy", "PutKeyPolicy", "Encrypt"]


def test_a_key_policy_that_works_and_is_unwise_is_said_to_be(lab):
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    typo = everybody | {"Principal": {"AWS": arn("alice")}, "Condition": {"StringEquals": {"kms:KeySpek": "x"}}}
    lab.key_policy.value = json.dumps({"Version": "2012-10-17", "Statement": [typo, everybody]}, indent=1)
    assert lab.picture.title.startswith("Allowed")
    line = lab.key_policy.value.split("\n").index('   "Principal": "*",') - 1  # its statement begins two lines above
    assert f"But look at line {line} of the key policy: anybody in any account may use" in lab.status
    assert lab.status.endswith("And 1 more.")
    lab.key_policy.value = EXAMPLES[0].key_policy
    assert "But look at" not in lab.status


def test_an_iam_policy_that_is_typed_counts_at_once(lab):
    lab.iam.value = EXAMPLES[1].alice
    assert lab.picture.title.startswith("Allowed")
    lab.iam.value = ""
    assert lab.picture.title.startswith("Denied")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"Allow"', '"Alow"', "(key policy, line 6): statement 1 needs an `Effect`"),
        ("]", "", "is not valid JSON (line 14"),
        (":root", ":user/zoe", "(key policy, line 8): Policy contains a statement with one or more invalid principals"),
        ('"kms:*"', '"Encrypt"', "(key policy, line 10): the action `Encrypt` names no service"),
        ('"Resource"', '"Resuorce"', "(key policy, line 11): statement 1 has no element `Resuorce`"),
        ('"2012-10-17"', '"2026-01-01"', "(key policy, line 2): `Version`"),
        ("iam::111122223333:root", "iam::111122223333:root/`Action`", "(key policy, line 8): Policy contains"),
        ('"Effect": "Allow"', '"Sid": "Effect"', "(key policy, line 6): `Sid` stands twice"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_old_policy_holds(lab, old, new, said):
    before, picture = lab.world.key_policy, lab.picture
    wrong = before.replace(old, new)
    lab.key_policy.value = wrong
    assert lab.status.startswith("Refused. `MalformedPolicyDocumentException`")
    assert said in lab.status
    assert "The old policy still holds" in lab.status
    assert (lab.world.key_policy, lab.key_policy.value, lab.picture) == (before, wrong, picture)


def test_a_key_policy_that_is_emptied_is_answered_in_one_sentence_and_the_old_one_holds(lab):
    before = lab.world.key_policy
    lab.key_policy.value = " "
    assert lab.status == ("Not done. A key always has a policy: write one, or choose an example under “Start from”.")
    assert lab.world.key_policy == before
    lab.key_policy.value = before
    assert lab.status.startswith("alice calls Encrypt")


def test_while_a_mistake_stands_no_call_is_made_and_the_mistake_is_said_again(lab):
    lab.key_policy.value = "{"
    length = len([r for r in lab.world.sim.trail if r.event["eventName"] == "Encrypt"])
    lab.caller.value = "bob"
    lab.change.click()
    assert "is not valid JSON" in lab.status
    assert len([r for r in lab.world.sim.trail if r.event["eventName"] == "Encrypt"]) == length


def test_a_mistake_that_is_taken_back_is_forgotten(lab):
    right = lab.key_policy.value
    lab.key_policy.value = "{"
    lab.key_policy.value = right
    assert lab.status == f"alice calls Encrypt: AccessDeniedException. {lab.picture.title}."
    lab.undo.click()
    assert "nothing to undo" in lab.status


def test_another_caller_has_their_own_policy_and_nobody_gets_that_of_the_one_before(lab):
    own = dict(lab.world.iam)
    for name in ("bob", ROOT, "admin", "alice"):
        lab.caller.value = name
        assert lab.iam.value == own.get(name, "")
        assert lab.status.startswith(name.replace("the root", "The root"))
    assert lab.world.iam == own
    puts = [record.event["eventName"] for record in lab.world.sim.trail].count("PutKeyPolicy")
    assert puts == 1


def test_a_mistake_waits_for_whom_it_was_written(lab):
    lab.iam.value = "{"
    lab.caller.value = "bob"
    assert lab.status.startswith("bob calls Encrypt: allowed.")
    lab.caller.value = "alice"
    assert lab.iam.value == "{"
    assert "is not valid JSON" in lab.status
    assert lab.world.iam["alice"] == ""


def test_the_safety_check_turned_off_puts_what_was_refused_for_it(lab):
    lab.key_policy.value = EXAMPLES[3].key_policy
    assert "will not allow you to update" in lab.status
    lab.bypass.value = True
    assert lab.world.key_policy == EXAMPLES[3].key_policy
    lab.bypass.value = False
    assert lab.status.startswith("The next key policy is put with the safety check")


def test_a_mistake_in_one_text_is_not_lost_when_the_other_is_put(lab):
    lab.key_policy.value = "{"
    lab.iam.value = EXAMPLES[1].alice
    assert lab.world.iam["alice"] == EXAMPLES[1].alice
    assert "is not valid JSON" in lab.status
    assert lab.key_policy.value == "{"


def test_a_refusal_that_is_not_about_the_text_names_no_line(lab):
    lab.bypass.value = True
    lab.key_policy.value = EXAMPLES[3].key_policy.replace(arn("admin"), arn("alice")).replace("kms:*", "kms:Encrypt")
    lab.key_policy.value = EXAMPLES[0].key_policy.replace(":root", ":user/zoe")
    assert lab.status.startswith("Refused. `AccessDeniedException` (key policy):")


def test_a_mistake_in_the_iam_policy_has_a_line_too(lab):
    lab.iam.value = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",\n"Action": "kms:Encrypt",\n"Principal": "*"}]}'
    )
    assert "(IAM policy, line 3): Policy document should not specify a principal. (such a policy is about" in lab.status
    assert lab.world.iam["alice"] == ""


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_change_offered_is_really_done_and_really_undone(number):
    """The call is made again both times, and its answer turns round and back."""
    lab = PolicyLab(number)
    for place in range(len(lab.fix.options)):
        before, title = State.of(lab.world), lab.picture.title
        lab.fix.value = place
        lab.change.click()
        assert lab.status.startswith("Done: "), lab.status
        assert last(lab).decision.allowed is not title.startswith("Allowed")
        lab.undo.click()
        assert lab.status.startswith("Undone. "), lab.status
        assert (State.of(lab.world), lab.picture.title) == (before, title)


def test_typed_changes_can_be_undone_one_by_one(lab):
    first = lab.world.key_policy
    lab.iam.value = EXAMPLES[1].alice
    lab.key_policy.value = EXAMPLES[2].key_policy
    lab.undo.click()
    assert (lab.world.key_policy, lab.world.iam["alice"]) == (first, EXAMPLES[1].alice)
    lab.undo.click()
    assert lab.world.iam["alice"] == ""
    lab.undo.click()
    assert lab.status == "Not done. There is nothing to undo: change something first."


def test_the_same_change_in_two_worlds_is_two_changes(lab):
    lab.example.value = 1
    lab.example.value = 0
    lab.change.click()
    assert lab.picture.title.startswith("Allowed")


def test_the_safety_check_can_be_bypassed_and_then_root_is_out(lab):
    only = EXAMPLES[3].key_policy
    lab.key_policy.value = only
    assert "will not allow you to update" in lab.status
    lab.bypass.value = True
    lab.key_policy.value = only + "\n"
    lab.caller.value = ROOT
    assert "root has no say" in lab.picture.title


def test_when_nobody_may_put_a_policy_the_lab_says_where_to_go(lab):
    lab.bypass.value = True
    lab.key_policy.value = EXAMPLES[3].key_policy.replace(arn("admin"), arn("alice")).replace("kms:*", "kms:Encrypt")
    lab.key_policy.value = EXAMPLES[0].key_policy
    assert lab.status.startswith("Refused. `AccessDeniedException` (key policy)")
    assert lab.status.endswith("start from another example.")
    lab.example.value = 1
    assert lab.picture.title.startswith("Allowed")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_everybody_can_call_everything(lab, name, operation):
    lab.caller.value, lab.operation.value = name, operation
    assert last(lab).event["eventName"] == operation
    assert (lab.iam.description, lab.iam.disabled) == (f"IAM policy of {name}", name == ROOT)


def test_what_a_reader_sees_without_a_kernel_is_the_same_in_every_run(lab):
    one, two = lab._repr_mimebundle_(), PolicyLab()._repr_mimebundle_()
    assert (one["text/plain"], one["text/html"]) == (two["text/plain"], two["text/html"])
    assert 'alt="Denied: the key policy lets IAM decide' in one["text/html"]


def test_every_control_has_a_label(lab):
    assert all(control.description for control in lab.controls)
