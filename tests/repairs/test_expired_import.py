from contextlib import suppress
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from kms_teach.client_side import imports
from kms_teach.repairs.expired_import import ALIAS, TASK


def bring(names, material=None, algorithm=imports.OAEP, **terms):
    kms, key = names["sim"].client("kms"), names["scans_key"]
    given = imports.ask(kms, key, algorithm)
    with suppress(ClientError):
        kms.import_key_material(**imports.parameters(given, material or names["material"], algorithm, **terms))


def until(names, days):
    bring(names, ExpirationModel="KEY_MATERIAL_EXPIRES", ValidTo=names["sim"].now + timedelta(days=days))


def for_300_days(names):
    until(names, 300)


def wrapped_with_sha_1(names):
    bring(names, algorithm="RSAES_OAEP_SHA_1")


def out_of_the_safe(names):
    material = names["sim"].client("s3").get_object(Bucket="the-safe", Key="harbour-key.bin")["Body"].read()
    bring(names, material)


@pytest.mark.parametrize("way", [for_300_days, wrapped_with_sha_1, out_of_the_safe, TASK.solution])
def test_the_same_bytes_are_right_whichever_way_they_come(works, way):
    outcome = works(TASK, way)
    assert outcome.done, outcome.feedback


def nothing(names):
    pass


def other_bytes(names):
    bring(names, b"x" * 32)


def a_new_key(names):
    kms = names["sim"].client("kms")
    kms.update_alias(AliasName=ALIAS, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])


def enabled(names):
    with suppress(ClientError):
        names["sim"].client("kms").enable_key(KeyId=names["scans_key"])


def until_next_week(names):
    until(names, 7)


def without_a_word(names):
    kms, key = names["sim"].client("kms"), names["scans_key"]
    sent = imports.parameters(imports.ask(kms, key), names["material"])
    del sent["ExpirationModel"]
    with suppress(ClientError):
        kms.import_key_material(**sent)


def wrapped_otherwise(names):
    kms, key = names["sim"].client("kms"), names["scans_key"]
    sent = imports.parameters(imports.ask(kms, key), names["material"], "RSAES_OAEP_SHA_1")
    with suppress(ClientError):
        kms.import_key_material(**sent)


def off(names):
    bring(names)
    names["sim"].client("kms").disable_key(KeyId=names["scans_key"])


def the_reader_forgotten(names):
    bring(names)
    names["sim"].user("scanner")


@pytest.mark.parametrize(
    ("way", "named"),
    [
        (nothing, "but no material any more"),
        (other_bytes, "takes only that material back"),
        (a_new_key, "a ciphertext names the KMS key that made it"),
        (enabled, "since nothing was switched off"),
        (until_next_week, "within 180 days it would stop again"),
        (without_a_word, "Say until when"),
        (wrapped_otherwise, "with the algorithm that you named there"),
        (off, "The key is Disabled"),
        (the_reader_forgotten, "look at its last call"),
    ],
)
def test_what_leads_astray_or_half_the_way_is_named(works, way, named):
    outcome = works(TASK, way)
    assert not outcome.done
    assert named in outcome.feedback
