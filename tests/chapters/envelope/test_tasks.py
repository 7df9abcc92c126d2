"""The task of chapter 03: different right ways pass, and each belief that leads astray is answered by its name."""

from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach.chapters.envelope.tasks import AGAIN, MOVE, NAMED, NESTED, NEW, RENAMED, ROTATED, THE_FILE
from kms_teach.teaching import Do

CONTEXT = {"file": "lake.jpg"}


@pytest.fixture
def stored(kms):
    """The photo's encrypted data key, under alias/photos, and alias/archive beside it."""
    old = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/photos", TargetKeyId=old)
    answer = kms.generate_data_key(KeyId="alias/photos", KeySpec="AES_256", EncryptionContext=CONTEXT)
    kms.rotate_key_on_demand(KeyId=old)  # as the chapter does before the task begins
    kms.create_alias(AliasName=NEW, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    return {"key": answer["CiphertextBlob"]}


def by_re_encrypt(kms, blob):
    return kms.re_encrypt(CiphertextBlob=blob, SourceEncryptionContext=CONTEXT, DestinationKeyId=NEW)["CiphertextBlob"]


def by_re_encrypt_with_the_key_named_by_arn(kms, blob):
    arn = kms.describe_key(KeyId=NEW)["KeyMetadata"]["Arn"]
    both = {"SourceEncryptionContext": CONTEXT, "DestinationEncryptionContext": CONTEXT}
    return kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=arn, SourceKeyId="alias/photos", **both)[
        "CiphertextBlob"
    ]


def through_ones_own_memory(kms, blob):
    plain = kms.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT)["Plaintext"]
    return kms.encrypt(KeyId=NEW, Plaintext=plain)["CiphertextBlob"]


def after_a_detour(kms, blob):
    kms.rotate_key_on_demand(KeyId=kms.describe_key(KeyId="alias/photos")["KeyMetadata"]["KeyId"])
    with suppress(ClientError):
        kms.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT, KeyId=NEW)
    return by_re_encrypt(kms, blob)


WAYS = [by_re_encrypt, by_re_encrypt_with_the_key_named_by_arn, through_ones_own_memory, after_a_detour]


@pytest.mark.parametrize("way", WAYS)
def test_any_way_that_moves_the_data_key_is_right_once_it_opens(sim, kms, stored, way):
    assert not MOVE.check(sim).done
    moved = way(kms, stored["key"])
    outcome = MOVE.check(sim)
    assert not outcome.done
    assert "Decrypt it once" in outcome.feedback
    context = CONTEXT if way is by_re_encrypt_with_the_key_named_by_arn else {}
    kms.decrypt(CiphertextBlob=moved, EncryptionContext=context)
    outcome = MOVE.check(sim)
    assert outcome.done
    sent = "32 bytes" if way is through_ones_own_memory else "113 bytes"
    assert outcome.feedback.startswith(sent)


def a_new_data_key(kms, blob):
    kms.generate_data_key(KeyId=NEW, KeySpec="AES_256")


def rotation(kms, blob):
    kms.rotate_key_on_demand(KeyId=kms.describe_key(KeyId="alias/photos")["KeyMetadata"]["KeyId"])


def another_target_for_the_alias(kms, blob):
    kms.update_alias(AliasName="alias/photos", TargetKeyId=kms.describe_key(KeyId=NEW)["KeyMetadata"]["KeyId"])


def the_other_key_in_decrypt(kms, blob):
    with pytest.raises(ClientError, match="IncorrectKeyException"):
        kms.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT, KeyId=NEW)


def an_envelope_in_an_envelope(kms, blob):
    kms.decrypt(CiphertextBlob=kms.encrypt(KeyId=NEW, Plaintext=blob)["CiphertextBlob"])


def the_photo_in_pieces(kms, blob):
    kms.decrypt(CiphertextBlob=kms.encrypt(KeyId=NEW, Plaintext=bytes(4096))["CiphertextBlob"])


def the_photo_whole(kms, blob):
    with pytest.raises(ClientError, match="ValidationException"):
        kms.encrypt(KeyId=NEW, Plaintext=bytes(20_911))


@pytest.mark.parametrize(
    ("belief", "said"),
    [
        (a_new_data_key, AGAIN),
        (rotation, ROTATED),
        (another_target_for_the_alias, RENAMED),
        (the_other_key_in_decrypt, NAMED),
        (an_envelope_in_an_envelope, NESTED),
        (the_photo_in_pieces, THE_FILE),
        (the_photo_whole, THE_FILE),
    ],
)
def test_a_belief_that_leads_astray_is_answered_by_its_name(sim, kms, stored, belief, said):
    belief(kms, stored["key"])
    outcome = MOVE.check(sim)
    assert not outcome.done
    assert outcome.feedback == said


def test_to_re_encrypt_under_the_same_key_or_a_third_moves_nothing(sim, kms, stored):
    third = kms.create_key()["KeyMetadata"]["KeyId"]
    for key in ("alias/photos", third):
        blob = kms.re_encrypt(CiphertextBlob=stored["key"], SourceEncryptionContext=CONTEXT, DestinationKeyId=key)
        kms.decrypt(CiphertextBlob=blob["CiphertextBlob"])
    assert MOVE.check(sim).feedback == f"Nothing was moved to `{NEW}` yet."


def test_a_data_key_that_was_always_under_the_new_key_does_not_pass(sim, kms, stored):
    blob = kms.generate_data_key(KeyId=NEW, KeySpec="AES_256")["CiphertextBlob"]
    kms.decrypt(CiphertextBlob=kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=NEW)["CiphertextBlob"])
    assert not MOVE.check(sim).done


def test_what_is_missing_is_said_in_order(sim, kms):
    assert "press “Start again”" in MOVE.check(sim).feedback
    kms.create_alias(AliasName=NEW, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    assert "First encrypt a file" in MOVE.check(sim).feedback


def test_before_anything_is_done_the_chapters_own_rotation_is_not_held_against_the_learner(sim, stored):
    assert MOVE.check(sim).feedback == f"Nothing was moved to `{NEW}` yet."


def test_the_panel_says_done_when_it_is(sim, kms, stored):
    panel = Do(MOVE, sim)
    panel.check.click()
    assert not panel.done
    kms.decrypt(CiphertextBlob=by_re_encrypt(kms, stored["key"]))
    panel.check.click()
    assert panel.done
    assert panel.status.startswith("Done. 113 bytes went to KMS")
