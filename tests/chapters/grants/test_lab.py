import pytest

from kms_teach import Simulator
from kms_teach.access.reasons import Reason
from kms_teach.chapters.grants.chain import grant_chain
from kms_teach.chapters.grants.lab import ADVICE, BLUE, GrantLab, grants_of


@pytest.fixture
def lab():
    one = GrantLab()
    yield one
    one.close()


def choose(lab, *operations):
    for control in lab.operations:
        control.value = control.description in operations


def give(lab, giver="root", grantee="worker", *operations, constraint="any"):
    lab.giver.value, lab.grantee.value, lab.constraint.value = giver, grantee, constraint
    choose(lab, *(operations or ("Decrypt",)))
    lab.give.click()


def use(lab, caller="worker", operation="Decrypt", context="tenant=Blue", token=False):
    lab.caller.value, lab.operation.value, lab.context.value, lab.token.value = caller, operation, context, token
    lab.use.click()


def test_it_opens_without_a_grant_and_without_a_call(lab):
    assert lab.picture.title == "No grant yet: policies alone say who may use this key"
    assert lab.sim.trail.named("CreateGrant", "Decrypt") == []


def test_without_a_grant_the_worker_is_really_denied(lab):
    use(lab)
    assert lab.sim.trail.named("Decrypt")[-1].error == "AccessDeniedException"
    assert lab.status.startswith("Denied. No IAM policy of worker allows kms:Decrypt here.")


def test_a_new_grant_counts_with_its_token_and_after_five_minutes_without(lab):
    give(lab)
    use(lab)
    assert "Tick “Show the grant token”, or let 5 minutes pass." in lab.status
    use(lab, token=True)
    assert lab.status == "Allowed. worker calls Decrypt with tenant=Blue: grant 1 to worker."
    lab.wait.click()
    assert lab.picture.title == "Grant 1 counts"
    use(lab)
    assert lab.picture.title == "Grant 1 lets worker call Decrypt"


@pytest.mark.parametrize(
    ("constraint", "context", "allowed"),
    [
        ("exactly tenant=Blue", "tenant=Blue", True),
        ("exactly tenant=Blue", "tenant=Blue, job=7", False),
        ("at least tenant=Blue", "tenant=Blue, job=7", True),
        ("at least tenant=Blue", "tenant=Red", False),
        ("at least tenant=Blue", "none", False),
        ("any", "tenant=Red", True),
    ],
)
def test_a_constraint_binds_the_encryption_context(lab, constraint, context, allowed):
    give(lab, constraint=constraint)
    use(lab, context=context, token=True)
    assert lab.status.startswith("Allowed" if allowed else "Denied. Grant 1 needs")


def test_a_grant_lists_what_it_allows(lab):
    give(lab)
    use(lab, operation="GenerateDataKey", token=True)
    assert lab.status == "Denied. Grant 1 lists Decrypt, not GenerateDataKey. Give a grant that lists it."


def test_passing_on_needs_create_grant_and_gives_no_more(lab):
    give(lab, "worker", "helper")
    assert lab.status.startswith("Denied")
    give(lab, "root", "worker", "Decrypt", "CreateGrant", constraint="at least tenant=Blue")
    give(lab, "worker", "helper", "Decrypt", "GenerateDataKey", constraint="at least tenant=Blue")
    assert "Pass on only what the giver has." in lab.status
    give(lab, "worker", "helper", "Decrypt")
    assert "Choose a constraint that is at least as strict." in lab.status
    give(lab, "worker", "helper", "Decrypt", constraint="exactly tenant=Blue")
    assert lab.picture.title == "Grant 2 passes on part of grant 1"
    use(lab, "helper", token=True)
    assert lab.status.startswith("Allowed. helper calls Decrypt")


@pytest.mark.parametrize(
    ("operation", "who", "done"),
    [
        ("retire", "lead", True),
        ("retire", "root", True),
        ("retire", "worker", False),
        ("revoke", "root", True),
        ("revoke", "lead", False),
    ],
)
def test_who_may_end_a_grant(lab, operation, who, done):
    give(lab)
    lab.ender.value = who
    getattr(lab, operation).click()
    assert lab.status.startswith("Ended. Grant 1 is" if done else "Denied.")
    assert len(lab.grant.options) == 1
    assert (lab.grant.options[0][0] == "none yet") is done


def test_the_grantee_retires_when_the_grant_says_so(lab):
    give(lab, "root", "worker", "Decrypt", "RetireGrant")
    lab.ender.value = "worker"
    lab.retire.click()
    assert lab.status.startswith("Ended. Grant 1 is retired by worker, and no policy was changed.")


def test_a_grant_that_was_ended_counts_until_its_end_has_spread(lab):
    give(lab)
    lab.wait.click()
    lab.retire.click()
    assert lab.picture.title == "Grant 1 is retired, and still counts until 00:10"
    assert "It still counts for 5 minutes" in lab.status
    use(lab)
    assert lab.picture.title == "Grant 1 is retired, and still lets worker call Decrypt"
    lab.wait.click()
    use(lab)
    assert lab.picture.title == "Denied: grant 1 is gone"


def test_a_child_outlives_its_parent_and_the_line_says_so(lab):
    give(lab, "root", "worker", "Decrypt", "CreateGrant")
    give(lab, "worker", "helper")
    lab.retire.click()
    assert lab.status.endswith("helper keeps the grant that came from it: it is a grant of its own.")
    use(lab, "helper", token=True)
    assert lab.status.startswith("Allowed")


def test_what_kms_refuses_is_told_in_its_words(lab):
    give(lab, "root", "worker", "CreateGrant")
    assert "Grants must not contain only the CreateGrant operation." in lab.status


def test_mistakes_are_answered_and_no_call_is_made(lab):
    before = len(lab.sim.trail)
    choose(lab)
    lab.give.click()
    assert lab.status == "Not done. Tick at least one operation for the grant."
    lab.retire.click()
    assert lab.status == "Not done. There is no grant to end: give one first."
    use(lab, token=True)
    assert lab.status.startswith("Not done. Worker was never given a grant")
    assert len(lab.sim.trail) == before


def test_starting_again_leaves_nothing_of_before(lab):
    give(lab)
    lab.wait.click()
    lab.again.click()
    assert (lab.picture.title, len(lab.grant.options)) == (GrantLab().picture.title, 1)
    assert lab.sim.now.minute == 0


def test_what_a_reader_sees_without_a_kernel_is_the_same_in_every_run(lab):
    one, two = lab._repr_mimebundle_(), GrantLab()._repr_mimebundle_()
    assert (one["text/plain"], one["text/html"]) == (two["text/plain"], two["text/html"])


def test_every_control_but_the_headings_has_a_label(lab):
    acting = [control for control in lab.controls if hasattr(control, "disabled")]
    assert len(acting) > 12
    assert all(control.description for control in acting)


def test_there_is_advice_for_every_reason_for_which_a_grant_of_this_lab_does_not_allow():
    ours = {reason for reason in Reason if reason.name.startswith(("NOT_", "CONTEXT_", "CHILD_", "MAY_NOT_"))}
    assert ours - ADVICE.keys() == {Reason.CHILD_SOURCE}  # no grant here has a constraint on the source


def test_who_is_denied_revoke_grant_is_sent_to_root_whatever_grant_there_is(lab):
    give(lab)
    lab.ender.value = "worker"
    lab.revoke.click()
    assert lab.status.startswith("Denied. Grant 1 lists Decrypt, not RevokeGrant.")
    assert lab.status.endswith("Revoke it as root, whom the key policy lets do so.")


@pytest.mark.parametrize("slow", [True, False])
def test_seen_asks_kms_as_it_is_now(slow):
    with Simulator(start="2026-01-01T00:00:00Z", slow=slow) as sim:
        kms, worker = sim.client("kms"), sim.role("worker")
        key = kms.create_key()["KeyMetadata"]["Arn"]
        kms.create_grant(
            KeyId=key,
            GranteePrincipal=worker.arn,
            Operations=["Decrypt"],
            Constraints={"EncryptionContextEquals": BLUE},
        )
        facts = grants_of(sim, key)
        assert facts.waits(facts.grants[0]) is slow
        assert "exactly tenant=Blue" in grant_chain(facts).alt


def test_the_controls_of_what_is_done_are_there_and_no_others_also_where_none_is_no_change(lab):
    lab.doing.value = "Use"
    seen = {doing: {control.layout.display for control in group} for doing, group in lab.groups.items()}
    assert seen == {"Give": {"none"}, "Use": {""}, "End": {"none"}}
