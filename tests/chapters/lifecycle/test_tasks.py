import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.chapters.lifecycle.import_task import a_private_key
from kms_teach.chapters.lifecycle.tasks import (
    ARCHIVE,
    BRING_MY_KEY,
    MAY_ALL,
    SAVE_THE_ARCHIVE,
    SHRED_BLUE,
    an_archive,
    two_tenants,
)
from kms_teach.client_side import imports
from kms_teach.teaching import Do


@pytest.fixture
def sim():
    with Simulator(start="2026-01-01T00:00:00Z") as simulator:
        yield simulator


def key_of(kms, alias):
    return kms.describe_key(KeyId=alias)["KeyMetadata"]["Arn"]


# --- the archive ---


@pytest.fixture
def archive(sim):
    return an_archive(sim)["archive"]


def by_root(sim, kms, key, archive):
    kms.cancel_key_deletion(KeyId=key)
    kms.enable_key(KeyId=key)
    kms.decrypt(CiphertextBlob=archive)


def by_an_administrator_and_a_reader(sim, kms, key, archive):
    admin = sim.user("admin", policies=[_may("kms:CancelKeyDeletion", "kms:EnableKey")]).client("kms")
    admin.cancel_key_deletion(KeyId=key)
    admin.enable_key(KeyId=key)
    sim.user("reader", policies=[_may("kms:Decrypt")]).client("kms").decrypt(CiphertextBlob=archive)


def by_moving_it_to_a_key_of_its_own(sim, kms, key, archive):
    kms.cancel_key_deletion(KeyId=key)
    kms.enable_key(KeyId=key)
    kms.re_encrypt(CiphertextBlob=archive, DestinationKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    kms.disable_key(KeyId=key)


def by_the_third_hint(sim, kms, key, archive):
    exec(SAVE_THE_ARCHIVE.solution, {"sim": sim, "archive": archive})


def _may(*actions):
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


SAVING = [by_root, by_an_administrator_and_a_reader, by_moving_it_to_a_key_of_its_own, by_the_third_hint]


@pytest.mark.parametrize("way", SAVING)
def test_any_way_that_lets_the_archive_open_is_right(sim, kms, archive, way):
    assert not SAVE_THE_ARCHIVE.check(sim).done
    way(sim, kms, key_of(kms, ARCHIVE), archive)
    outcome = SAVE_THE_ARCHIVE.check(sim)
    assert outcome.done, outcome.feedback
    assert "trainee" in outcome.feedback


def saying(sim, task):
    outcome = task.check(sim)
    assert not outcome.done
    return outcome.feedback


def test_cancelling_does_not_restore_service(sim, kms, archive):
    kms.cancel_key_deletion(KeyId=key_of(kms, ARCHIVE))
    assert "are two calls" in saying(sim, SAVE_THE_ARCHIVE)


def test_enabling_is_refused_while_it_waits(sim, kms, archive):
    with suppress(ClientError):
        kms.enable_key(KeyId=key_of(kms, ARCHIVE))
    assert "refused until somebody has cancelled that" in saying(sim, SAVE_THE_ARCHIVE)


def test_a_new_key_under_the_same_name_opens_nothing(sim, kms, archive):
    kms.update_alias(AliasName=ARCHIVE, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    assert "A new key has other material" in saying(sim, SAVE_THE_ARCHIVE)


def test_an_attempt_that_was_refused_is_read_together(sim, kms, archive):
    with suppress(ClientError):
        kms.decrypt(CiphertextBlob=archive)
    assert "KMSInvalidStateException says so" in saying(sim, SAVE_THE_ARCHIVE)


def test_after_the_day_it_is_too_late(sim, archive):
    sim.advance(days=3)
    assert "Too late" in saying(sim, SAVE_THE_ARCHIVE)


def test_saved_but_not_shown_and_not_begun(sim, kms):
    assert "Start again" in saying(sim, SAVE_THE_ARCHIVE)
    an_archive(sim)
    assert "8 Jan 2026" in saying(sim, SAVE_THE_ARCHIVE)
    key = key_of(kms, ARCHIVE)
    kms.cancel_key_deletion(KeyId=key)
    kms.enable_key(KeyId=key)
    assert "Show it" in saying(sim, SAVE_THE_ARCHIVE)


def test_the_archive_can_be_begun_again_and_the_panel_says_done(sim, kms):
    panel = Do(SAVE_THE_ARCHIVE, sim)
    by_root(sim, kms, key_of(kms, ARCHIVE), panel.given["archive"])
    panel.check.click()
    assert panel.done
    panel.again.click()
    panel.check.click()
    assert not panel.done
    assert "still to be deleted" in panel.status


# --- a tenant leaves ---


@pytest.fixture
def tenants(sim, kms):
    two_tenants(sim)
    return {name: key_of(kms, f"alias/{name.lower()}") for name in ("Blue", "Red")}


def with_the_fewest_days(sim, kms, blue):
    kms.schedule_key_deletion(KeyId=blue, PendingWindowInDays=7)
    sim.advance(days=7)


def with_the_usual_days(sim, kms, blue):
    kms.schedule_key_deletion(KeyId=blue)
    sim.advance(days=31)


def disabled_first_by_an_administrator(sim, kms, blue):
    admin = sim.user("admin", policies=[MAY_ALL]).client("kms")
    admin.disable_key(KeyId=blue)
    sim.advance(days=10)
    admin.schedule_key_deletion(KeyId=blue, PendingWindowInDays=10)
    sim.advance(until="2026-02-01")


def as_the_third_hint_does(sim, kms, blue):
    exec(SHRED_BLUE.solution, {"sim": sim})


@pytest.mark.parametrize(
    "way", [with_the_fewest_days, with_the_usual_days, disabled_first_by_an_administrator, as_the_third_hint_does]
)
def test_any_way_that_ends_the_key_of_blue_alone_is_right(sim, kms, tenants, way):
    assert "Enabled" in saying(sim, SHRED_BLUE)
    way(sim, kms, tenants["Blue"])
    assert SHRED_BLUE.check(sim).done


def put_policy(kms, key):
    nobody = {"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    policy["Statement"].append(nobody)
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda kms, key: kms.disable_key(KeyId=key), "until somebody calls EnableKey"),
        (lambda kms, key: kms.schedule_key_deletion(KeyId=key), "until 31 Jan 2026 somebody can undo it"),
        (lambda kms, _: kms.delete_alias(AliasName="alias/blue"), "never an alias"),
        (lambda kms, key: kms.rotate_key_on_demand(KeyId=key), "The old one stays"),
        (put_policy, "whoever may put a policy"),
        (lambda kms, key: kms.delete_imported_key_material(KeyId=key), "Only imported material can be deleted alone"),
    ],
)
def test_what_does_not_shut_the_copies_for_good_is_named(sim, kms, tenants, act, said):
    with suppress(ClientError):
        act(kms, tenants["Blue"])
    assert said in saying(sim, SHRED_BLUE)


def test_red_must_go_on_and_somebody_must_have_begun(sim, kms):
    assert "Start again" in saying(sim, SHRED_BLUE)
    two_tenants(sim)
    with_the_fewest_days(sim, kms, key_of(kms, "alias/red"))
    assert "Red's key is deleted" in saying(sim, SHRED_BLUE)


# --- a private key ---


@pytest.fixture
def given(sim):
    return a_private_key(sim)


def mended(given):
    """The private key as PKCS#8 in DER."""
    return imports.rewritten(given["private"], imports.PKCS8)


def sign(kms, key):
    kms.sign(KeyId=key, Message=b"a contract", SigningAlgorithm="ECDSA_SHA_256")


def wrapped_by_oaep(sim, kms, given):
    imports.bring(kms, given["signer"], mended(given))
    sign(kms, given["signer"])


def wrapped_in_two_steps_until_a_day(sim, kms, given):
    first = imports.ask(kms, given["signer"], imports.KEY_WRAP)
    until = {"ValidTo": sim.now.replace(month=6)}
    kms.import_key_material(**imports.parameters(first, mended(given), imports.KEY_WRAP, **until))
    sign(kms, given["signer"])


def under_a_longer_wrapping_key_by_somebody_else(sim, kms, given):
    admin = sim.user("admin", policies=[MAY_ALL]).client("kms")
    first = admin.get_parameters_for_import(
        KeyId=given["signer"], WrappingAlgorithm="RSAES_OAEP_SHA_1", WrappingKeySpec="RSA_3072"
    )
    admin.import_key_material(**imports.parameters(first, mended(given), "RSAES_OAEP_SHA_1"))
    sign(admin, given["signer"])


def as_its_third_hint_does(sim, kms, given):
    exec(BRING_MY_KEY.solution, {"sim": sim, **given})


@pytest.mark.parametrize(
    "way",
    [wrapped_by_oaep, wrapped_in_two_steps_until_a_day, under_a_longer_wrapping_key_by_somebody_else, as_its_third_hint_does],
)  # fmt: skip
def test_any_way_that_brings_the_private_key_is_right(sim, kms, given, way):
    assert "no key material yet" in saying(sim, BRING_MY_KEY)
    way(sim, kms, given)
    outcome = BRING_MY_KEY.check(sim)
    assert outcome.done, outcome.feedback


def test_what_openssl_wrote_is_refused_and_the_format_is_named(sim, kms, given):
    with suppress(ClientError):
        imports.bring(kms, given["signer"], given["private"])
    assert "is SEC1" in saying(sim, BRING_MY_KEY)


def test_what_kms_cannot_unwrap_is_told_apart(sim, kms, given):
    first = imports.ask(kms, given["signer"])
    with suppress(ClientError):
        kms.import_key_material(**imports.parameters(first, mended(given), "RSAES_OAEP_SHA_1"))
    assert "could not unwrap" in saying(sim, BRING_MY_KEY)


def test_a_token_of_another_key_and_an_old_one(sim, kms, given):
    other = kms.create_key(Origin="EXTERNAL", KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    sent = {**imports.parameters(imports.ask(kms, other), mended(given)), "KeyId": given["signer"]}
    with suppress(ClientError):
        kms.import_key_material(**sent)
    assert "belongs to another key" in saying(sim, BRING_MY_KEY)
    first = imports.parameters(imports.ask(kms, given["signer"]), mended(given))
    sim.advance(days=2)
    with suppress(ClientError):
        kms.import_key_material(**first)
    assert "older than 24 hours" in saying(sim, BRING_MY_KEY)


def test_without_a_word_about_the_end(sim, kms, given):
    first = imports.parameters(imports.ask(kms, given["signer"]), mended(given))
    del first["ExpirationModel"]
    with suppress(ClientError):
        kms.import_key_material(**first)
    assert "Say until when" in saying(sim, BRING_MY_KEY)


def test_another_private_key_is_not_the_one_that_partners_know(sim, kms, given):
    imports.bring(kms, given["signer"], imports.new_private_key())
    assert "another private key" in saying(sim, BRING_MY_KEY)


def test_brought_but_not_used_disabled_and_expired(sim, kms, given):
    imports.bring(kms, given["signer"], mended(given), ValidTo=sim.now.replace(day=9))
    assert "Now sign something" in saying(sim, BRING_MY_KEY)
    kms.disable_key(KeyId=given["signer"])
    assert "enable it" in saying(sim, BRING_MY_KEY)
    sim.advance(days=30)
    assert "deleted or expired" in saying(sim, BRING_MY_KEY)


def test_a_private_key_is_not_begun_by_itself(sim):
    assert "Start again" in saying(sim, BRING_MY_KEY)
