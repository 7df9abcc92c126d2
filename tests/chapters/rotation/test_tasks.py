import pytest

from kms_teach import Simulator
from kms_teach.chapters.rotation.tasks import ALIAS, RETIRE_THE_KEY, vault
from kms_teach.teaching import Do


@pytest.fixture
def backup(sim):
    return vault(sim)["backup"]


@pytest.fixture
def old(kms, backup):
    return kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["KeyId"]


@pytest.fixture
def new(kms):
    return kms.create_key()["KeyMetadata"]["KeyId"]


def by_re_encrypting(sim, kms, backup, old, new):
    kms.re_encrypt(CiphertextBlob=backup, DestinationKeyId=new)
    kms.update_alias(AliasName=ALIAS, TargetKeyId=new)
    kms.disable_key(KeyId=old)


def by_hand_with_a_new_alias_and_a_deletion(sim, kms, backup, old, new):
    plaintext = kms.decrypt(CiphertextBlob=backup)["Plaintext"]
    kms.encrypt(KeyId=new, Plaintext=plaintext)
    kms.delete_alias(AliasName=ALIAS)
    kms.create_alias(AliasName=ALIAS, TargetKeyId=new)
    kms.schedule_key_deletion(KeyId=old, PendingWindowInDays=7)


def by_the_alias_first_and_until_the_old_key_is_gone(sim, kms, backup, old, new):
    kms.update_alias(AliasName=ALIAS, TargetKeyId=new)
    kms.re_encrypt(CiphertextBlob=backup, SourceKeyId=old, DestinationKeyId=ALIAS)
    kms.schedule_key_deletion(KeyId=old, PendingWindowInDays=7)
    sim.advance(days=8)


def by_another_person_after_a_useless_rotation(sim, kms, backup, old, new):
    kms.rotate_key_on_demand(KeyId=old)
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
    dave = sim.user("dave", policies=[everything]).client("kms")
    dave.re_encrypt(CiphertextBlob=backup, DestinationKeyId=new)
    dave.update_alias(AliasName=ALIAS, TargetKeyId=new)
    dave.disable_key(KeyId=old)


@pytest.mark.parametrize(
    "way",
    [
        by_re_encrypting,
        by_hand_with_a_new_alias_and_a_deletion,
        by_the_alias_first_and_until_the_old_key_is_gone,
        by_another_person_after_a_useless_rotation,
    ],
)
def test_any_way_that_retires_the_key_is_right(sim, kms, backup, old, new, way):
    assert not RETIRE_THE_KEY.check(sim).done
    way(sim, kms, backup, old, new)
    outcome = RETIRE_THE_KEY.check(sim)
    assert outcome.done, outcome.feedback
    assert ("ReEncrypt would have" in outcome.feedback) == (way is by_hand_with_a_new_alias_and_a_deletion)


def rotated(kms, backup, old, new):
    kms.rotate_key_on_demand(KeyId=old)


def the_same_key(kms, backup, old, new):
    kms.rotate_key_on_demand(KeyId=old)
    kms.re_encrypt(CiphertextBlob=backup, DestinationKeyId=old)


def the_alias_alone(kms, backup, old, new):
    kms.update_alias(AliasName=ALIAS, TargetKeyId=new)


def closed_too_early(kms, backup, old, new):
    kms.update_alias(AliasName=ALIAS, TargetKeyId=new)
    kms.disable_key(KeyId=old)


def left_open(kms, backup, old, new):
    kms.re_encrypt(CiphertextBlob=backup, DestinationKeyId=new)
    kms.update_alias(AliasName=ALIAS, TargetKeyId=new)


def the_alias_forgotten(kms, backup, old, new):
    kms.re_encrypt(CiphertextBlob=backup, DestinationKeyId=new)
    kms.disable_key(KeyId=old)


def the_new_key_closed_too(kms, backup, old, new):
    by_re_encrypting(None, kms, backup, old, new)
    kms.disable_key(KeyId=new)


def something_else_moved(kms, backup, old, new):
    mine = kms.encrypt(KeyId=new, Plaintext=bytes(3))["CiphertextBlob"]
    kms.re_encrypt(CiphertextBlob=mine, DestinationKeyId=new)
    kms.encrypt(KeyId=new, Plaintext=bytes(22))


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (rotated, "the old material still opens the backup"),
        (the_same_key, "the same key"),
        (the_alias_alone, "did not go along"),
        (closed_too_early, "move the backup first"),
        (left_open, "close that key"),
        (the_alias_forgotten, "point the alias at it"),
        (the_new_key_closed_too, "its new key is not enabled"),
        (something_else_moved, "still under the suspected key alone"),
    ],
)
def test_an_attempt_that_misses_is_answered_with_the_belief_that_led_to_it(sim, kms, backup, old, new, attempt, said):
    attempt(kms, backup, old, new)
    outcome = RETIRE_THE_KEY.check(sim)
    assert not outcome.done
    assert said in outcome.feedback


def test_what_the_feedback_claims_of_a_rotation_is_so(kms, backup, old):
    kms.rotate_key_on_demand(KeyId=old)
    assert kms.decrypt(CiphertextBlob=backup)["Plaintext"] == b"Everything since 2019."


def test_the_panel_says_what_is_missing_until_it_is_done(sim, kms):
    panel = Do(RETIRE_THE_KEY, sim)
    assert RETIRE_THE_KEY.check(Simulator()).feedback == "Carol has encrypted nothing yet: press “Start again”."
    backup = panel.given["backup"]
    panel.check.click()
    assert panel.status == "Not yet. The backup is still under the suspected key alone."
    old, new = kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["KeyId"], kms.create_key()["KeyMetadata"]["KeyId"]
    by_re_encrypting(sim, kms, backup, old, new)
    panel.check.click()
    assert (panel.done, panel.status.startswith("Done. Retired")) == (True, True)
