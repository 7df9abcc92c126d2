import json

import pytest

from kms_teach.chapters.accounts.two_keys_lab import NEIGHBOUR, TwoKeysLab

OPENS = {("lets the account in", True), ("lets bob in", True)}


@pytest.fixture
def lab(sim):
    return TwoKeysLab(sim)


def turn(lab, key_policy, iam):
    lab.key_policy.value = dict(lab.key_policy.options)[key_policy]
    lab.iam_policy.value = iam


def test_it_opens_with_a_call_that_was_made_and_denied(sim, lab):
    (call,) = sim.trail.named("Decrypt")
    assert (call.caller, call.error) == ("bob", "AccessDeniedException")
    assert (
        lab.status
        == "Denied. `AccessDeniedException`. Let both accounts say yes. The call is in bob's trail only. 1 of 6 tried."
    )


@pytest.mark.parametrize("iam", [True, False])
@pytest.mark.parametrize("key_policy", ["is silent", "lets the account in", "lets bob in"])
def test_every_combination_is_really_called(sim, lab, key_policy, iam):
    turn(lab, key_policy, iam)
    call = [record for record in sim.trail.named("Decrypt") if record.caller == "bob"][-1]
    assert ("errorCode" not in call.event) is ((key_policy, iam) in OPENS)
    assert lab.status.startswith("Allowed" if (key_policy, iam) in OPENS else "Denied")


def test_the_controls_change_the_policies_and_nothing_else(sim, kms, lab):
    before = json.loads(kms.get_key_policy(KeyId=lab._key)["Policy"])["Statement"]
    turn(lab, "lets the account in", True)
    after = json.loads(kms.get_key_policy(KeyId=lab._key)["Policy"])["Statement"]
    assert after[:-1] == before
    assert after[-1]["Principal"] == {"AWS": f"arn:aws:iam::{NEIGHBOUR}:root"}
    turn(lab, "is silent", True)
    assert json.loads(kms.get_key_policy(KeyId=lab._key)["Policy"])["Statement"] == before


def test_the_line_says_which_half_is_missing(lab):
    turn(lab, "is silent", True)
    assert "let the key's policy let the account in" in lab.status
    turn(lab, "lets bob in", False)
    assert "let bob's own account allow it too" in lab.status


def test_what_a_reader_sees_without_a_kernel_is_the_same_in_every_run(sim, lab):
    one, two = lab._repr_mimebundle_(), TwoKeysLab(sim)._repr_mimebundle_()
    assert (one["text/plain"], one["text/html"]) == (two["text/plain"], two["text/html"])
    assert all(control.description for control in lab.controls)
