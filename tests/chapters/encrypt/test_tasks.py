from contextlib import suppress

import pytest

from kms_teach.chapters.encrypt.blob_facts import TITLES
from kms_teach.chapters.encrypt.tasks import OPEN_BOBS_BACKUP, REASONS, bobs_backup
from kms_teach.teaching import Do

RIGHT = {"Job": "Nightly", "Day": "2026-01-01"}


@pytest.fixture
def backup(sim):
    return bobs_backup(sim)["backup"]


@pytest.fixture
def attempt(sim, kms):
    """Call Decrypt, refused or not, and give the outcome of the check."""

    def call(**parameters):
        with suppress(kms.exceptions.ClientError):
            kms.decrypt(**parameters)
        return OPEN_BOBS_BACKUP.check(sim)

    return call


def read_in_the_trail(sim, kms, backup):
    context = sim.trail.named("Encrypt")[-1].event["requestParameters"]["encryptionContext"]
    return kms.decrypt(CiphertextBlob=backup, EncryptionContext=context)["Plaintext"]


def in_another_order_with_the_key_named(sim, kms, backup):
    (bobs,) = [record for record in sim.trail if record.caller == "bob" and record.event["eventName"] == "Encrypt"]
    context = dict(reversed(bobs.event["requestParameters"]["encryptionContext"].items()))
    key = bobs.event["resources"][0]["ARN"]
    return kms.decrypt(CiphertextBlob=backup, EncryptionContext=context, KeyId=key)["Plaintext"]


def by_bob_himself(sim, kms, backup):
    bob = sim.user("bob", policies=[{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}]}]).client("kms")  # fmt: skip
    return bob.decrypt(CiphertextBlob=backup, EncryptionContext=RIGHT)["Plaintext"]


def by_moving_it_to_a_key_of_ones_own(sim, kms, backup):
    mine = kms.create_key()["KeyMetadata"]["KeyId"]
    moved = kms.re_encrypt(CiphertextBlob=backup, SourceEncryptionContext=RIGHT, DestinationKeyId=mine)
    return kms.decrypt(CiphertextBlob=moved["CiphertextBlob"])["Plaintext"]


@pytest.mark.parametrize(
    "way",
    [read_in_the_trail, in_another_order_with_the_key_named, by_bob_himself, by_moving_it_to_a_key_of_ones_own],
)
def test_any_way_that_opens_it_is_right(sim, kms, backup, way):
    assert not OPEN_BOBS_BACKUP.check(sim).done
    assert b"flowerpot" in way(sim, kms, backup)
    outcome = OPEN_BOBS_BACKUP.check(sim)
    assert outcome.done
    assert "Job=Nightly" in outcome.feedback or "Day=2026-01-01" in outcome.feedback


@pytest.mark.parametrize(
    ("context", "said"),
    [
        ({}, "A context is no secret"),
        ({"job": "Nightly", "Day": "2026-01-01"}, "mind the case"),
        ({"Job": "Nightly"}, "A pair is missing"),
        (RIGHT | {"more": "1"}, "A pair is too many"),
        ({"Job": "Weekly", "Day": "2026-01-01"}, "do not guess it"),
    ],
)
def test_a_wrong_context_is_answered_with_the_belief_that_led_to_it(attempt, backup, context, said):
    outcome = attempt(CiphertextBlob=backup, EncryptionContext=context)
    assert not outcome.done
    assert said in outcome.feedback


def test_a_changed_blob_is_told_from_a_wrong_context(attempt, backup):
    outcome = attempt(CiphertextBlob=backup[:-1] + bytes([backup[-1] ^ 1]), EncryptionContext=RIGHT)
    assert not outcome.done
    assert "the bytes were changed" in outcome.feedback


def test_naming_another_key_is_answered_with_naming_none(attempt, kms, backup):
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    outcome = attempt(CiphertextBlob=backup, EncryptionContext=RIGHT, KeyId=other)
    assert not outcome.done
    assert "Leave the KeyId out" in outcome.feedback


def test_one_who_may_not_is_told_so(sim, backup):
    eve = sim.user("eve").client("kms")
    with pytest.raises(eve.exceptions.ClientError):
        eve.decrypt(CiphertextBlob=backup, EncryptionContext=RIGHT)
    outcome = OPEN_BOBS_BACKUP.check(sim)
    assert not outcome.done
    assert "AccessDeniedException" in outcome.feedback


def test_opening_ones_own_ciphertext_is_not_opening_bobs(attempt, kms, key, backup):
    mine = kms.encrypt(KeyId=key, Plaintext=b"mine")["CiphertextBlob"]
    outcome = attempt(CiphertextBlob=mine)
    assert not outcome.done
    assert "not Bob's backup" in outcome.feedback


def test_a_ciphertext_of_the_same_size_under_another_key_does_not_pass(attempt, kms, key, backup):
    mine = kms.encrypt(KeyId=key, Plaintext=bytes(43), EncryptionContext=RIGHT)["CiphertextBlob"]
    assert len(mine) == len(backup)
    assert not attempt(CiphertextBlob=mine, EncryptionContext=RIGHT).done


def test_before_anything_is_tried_the_check_says_what_is_missing(sim):
    assert "Start again" in OPEN_BOBS_BACKUP.check(sim).feedback
    bobs_backup(sim)
    assert "Nobody has tried" in OPEN_BOBS_BACKUP.check(sim).feedback


def test_there_is_a_reason_for_every_difference():
    assert set(REASONS) == set(TITLES)


def test_the_panel_says_done_when_it_is(sim, kms):
    panel = Do(OPEN_BOBS_BACKUP, sim)
    panel.check.click()
    assert (panel.done, panel.status) == (False, "Not yet. Nobody has tried to open Bob's backup since he made it.")
    read_in_the_trail(sim, kms, panel.given["backup"])
    panel.check.click()
    assert panel.done


def test_a_new_backup_starts_the_task_afresh(attempt, sim, backup):
    assert "A context is no secret" in attempt(CiphertextBlob=backup).feedback
    bobs_backup(sim)
    assert "Nobody has tried" in OPEN_BOBS_BACKUP.check(sim).feedback
