"""The tasks of chapter 01: different right ways pass, and each belief that leads astray is answered by its name."""

from contextlib import suppress

import pytest

from kms_teach.chapters.key.tasks import A_KEY_FOR_THE_PARTNER, LETTER, READ_IT_IN_EUROPE, letter_at_home, nothing_yet
from kms_teach.teaching import Do


def public_half(kms, spec, usage):
    key = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["KeyId"]
    with suppress(kms.exceptions.ClientError):
        kms.get_public_key(KeyId=key)
    return key


@pytest.mark.parametrize(
    ("spec", "usage"),
    [
        ("RSA_2048", "ENCRYPT_DECRYPT"),
        ("RSA_3072", "ENCRYPT_DECRYPT"),
        ("ECC_NIST_P256", "KEY_AGREEMENT"),
        ("ML_KEM_768", "ENCAPSULATE_DECAPSULATE"),
    ],
)
def test_any_key_pair_that_keeps_a_secret_is_right(sim, kms, spec, usage):
    nothing_yet(sim)
    assert not A_KEY_FOR_THE_PARTNER.check(sim).done
    public_half(kms, spec, usage)
    outcome = A_KEY_FOR_THE_PARTNER.check(sim)
    assert outcome.done
    assert usage in outcome.feedback


def test_a_key_pair_in_another_region_and_by_alias_is_right_too(sim):
    far = sim.client("kms", region="eu-west-1")
    key = far.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
    far.create_alias(AliasName="alias/in", TargetKeyId=key)
    far.get_public_key(KeyId="alias/in")
    assert A_KEY_FOR_THE_PARTNER.check(sim).done


def nothing_at_all(kms, given):
    pass


def the_symmetric_key(kms, given):
    with suppress(kms.exceptions.ClientError):
        kms.get_public_key(KeyId=given["old_key"])


def a_key_for_macs(kms, given):
    public_half(kms, "HMAC_256", "GENERATE_VERIFY_MAC")


def a_key_that_signs(kms, given):
    public_half(kms, "RSA_2048", "SIGN_VERIFY")


def a_data_key_pair(kms, given):
    kms.generate_data_key_pair(KeyId=given["old_key"], KeyPairSpec="ECC_NIST_P256")


def a_pair_without_its_half(kms, given):
    kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (nothing_at_all, "There is no key pair yet"),
        (the_symmetric_key, "whoever could encrypt with it could decrypt as well"),
        (a_key_for_macs, "A key of spec HMAC_256 has no public half"),
        (a_key_that_signs, "one usage for all its life"),
        (a_data_key_pair, "A data key pair is not a KMS key"),
        (a_pair_without_its_half, "Now fetch the half"),
    ],
)
def test_another_key_is_answered_with_the_belief_that_led_to_it(sim, kms, way, said):
    way(kms, nothing_yet(sim))
    outcome = A_KEY_FOR_THE_PARTNER.check(sim)
    assert not outcome.done
    assert said in outcome.feedback


@pytest.fixture
def there(sim):
    return sim.client("kms", region="eu-west-1")


@pytest.fixture
def letter(sim):
    return letter_at_home(sim)["letter"]


def as_text(kms, there, letter):
    text = kms.decrypt(CiphertextBlob=letter)["Plaintext"]
    key = there.create_key()["KeyMetadata"]["KeyId"]
    there.decrypt(CiphertextBlob=there.encrypt(KeyId=key, Plaintext=text)["CiphertextBlob"])


def under_a_key_pair(kms, there, letter):
    text = kms.decrypt(CiphertextBlob=letter)["Plaintext"]
    key = there.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
    oaep = {"KeyId": key, "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    there.decrypt(CiphertextBlob=there.encrypt(Plaintext=text, **oaep)["CiphertextBlob"], **oaep)


def by_a_multi_region_key(kms, there, letter):
    key = kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    kms.replicate_key(KeyId=key, ReplicaRegion="eu-west-1")
    there.decrypt(CiphertextBlob=kms.re_encrypt(CiphertextBlob=letter, DestinationKeyId=key)["CiphertextBlob"])


@pytest.mark.parametrize("way", [as_text, under_a_key_pair, by_a_multi_region_key])
def test_any_way_that_reads_the_letter_there_is_right(sim, kms, there, letter, way):
    assert not READ_IT_IN_EUROPE.check(sim).done
    way(kms, there, letter)
    outcome = READ_IT_IN_EUROPE.check(sim)
    assert outcome.done, outcome.feedback


def not_at_all(kms, there, letter):
    pass


def sent_there(kms, there, letter):
    there.decrypt(CiphertextBlob=letter)


def with_an_alias_of_the_same_name(kms, there, letter):
    there.create_alias(AliasName="alias/app", TargetKeyId=there.create_key()["KeyMetadata"]["KeyId"])
    there.decrypt(CiphertextBlob=letter, KeyId="alias/app")


def re_encrypted_across(kms, there, letter):
    kms.re_encrypt(CiphertextBlob=letter, DestinationKeyId=there.create_key()["KeyMetadata"]["Arn"])


def opened_at_home(kms, there, letter):
    kms.decrypt(CiphertextBlob=letter)


def encrypted_there_and_no_more(kms, there, letter):
    text = kms.decrypt(CiphertextBlob=letter)["Plaintext"]
    there.encrypt(KeyId=there.create_key()["KeyMetadata"]["KeyId"], Plaintext=text)


def another_text(kms, there, letter):
    key = there.create_key()["KeyMetadata"]["KeyId"]
    there.decrypt(CiphertextBlob=there.encrypt(KeyId=key, Plaintext=b"hello")["CiphertextBlob"])


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (not_at_all, "Nobody has opened the letter"),
        (sent_there, "no ARN and no alias carries the key along"),
        (with_an_alias_of_the_same_name, "no ARN and no alias carries the key along"),
        (re_encrypted_across, "two keys of one Region"),
        (opened_at_home, "a ciphertext under a key of its own"),
        (encrypted_there_and_no_more, "Decrypt it there"),
        (another_text, "something else was decrypted"),
    ],
)
def test_what_does_not_read_it_is_answered_with_what_is_missing(sim, kms, there, letter, way, said):
    with suppress(kms.exceptions.ClientError):
        way(kms, there, letter)
    outcome = READ_IT_IN_EUROPE.check(sim)
    assert not outcome.done
    assert said in outcome.feedback


def test_a_text_of_the_same_length_that_nobody_read_at_home_does_not_pass(sim, kms, there, letter):
    key = there.create_key()["KeyMetadata"]["KeyId"]
    there.decrypt(CiphertextBlob=there.encrypt(KeyId=key, Plaintext=bytes(len(LETTER)))["CiphertextBlob"])
    assert not READ_IT_IN_EUROPE.check(sim).done


def test_without_a_letter_the_check_says_so(sim):
    assert "Start again" in READ_IT_IN_EUROPE.check(sim).feedback


@pytest.mark.parametrize("task", [A_KEY_FOR_THE_PARTNER, READ_IT_IN_EUROPE])
def test_the_third_hint_reaches_the_goal_and_the_panel_says_done(sim, task):
    panel = Do(task, sim)
    panel.check.click()
    assert panel.status.startswith("Not yet.")
    exec(compile(task.solution, "hint", "exec"), {"sim": sim, **panel.given})
    panel.check.click()
    assert panel.done
