import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kms_teach.repairs.leaked_data_key import ALIAS, BUCKET, CONTEXT, FILE, LOG, ORDERS, REPORTER, TASK, WRAPPED


def put(names, path, body):
    names["sim"].client("s3").put_object(Bucket=BUCKET, Key=path, Body=body)


def get(names, path):
    return names["sim"].client("s3").get_object(Bucket=BUCKET, Key=path)["Body"].read()


def app(names):
    return names["sim"].person(REPORTER).client("kms")


def sealed(key, nonce=None):
    nonce = nonce or os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, ORDERS, None)


def by_the_program(names):
    new = app(names).generate_data_key(KeyId=ALIAS, KeySpec="AES_256", EncryptionContext=CONTEXT)
    put(names, FILE, sealed(new["Plaintext"]))
    put(names, WRAPPED, new["CiphertextBlob"])


def under_another_kms_key(names):
    kms = names["sim"].client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    new = kms.generate_data_key(KeyId=key, NumberOfBytes=32, EncryptionContext=CONTEXT)
    put(names, FILE, sealed(new["Plaintext"]))
    put(names, WRAPPED, new["CiphertextBlob"])


def by_a_key_of_ones_own(names):
    own = os.urandom(32)
    wrapped = names["sim"].client("kms").encrypt(KeyId=ALIAS, Plaintext=own, EncryptionContext=CONTEXT)
    put(names, FILE, sealed(own))
    put(names, WRAPPED, wrapped["CiphertextBlob"])


def without_the_log(names):
    by_the_program(names)
    names["sim"].client("s3").delete_object(Bucket=BUCKET, Key=LOG)


@pytest.mark.parametrize(
    "way", [by_the_program, under_another_kms_key, by_a_key_of_ones_own, without_the_log, TASK.solution]
)
def test_any_new_data_key_that_the_program_gets_is_right(works, way):
    outcome = works(TASK, way)
    assert outcome.done, outcome.feedback


def nothing(names):
    pass


def another_envelope(names):
    kms = names["sim"].client("kms")
    moved = kms.re_encrypt(
        CiphertextBlob=get(names, WRAPPED), SourceEncryptionContext=CONTEXT, DestinationKeyId=ALIAS,
        DestinationEncryptionContext=CONTEXT,
    )  # fmt: skip
    put(names, WRAPPED, moved["CiphertextBlob"])


def rotated(names):
    kms = names["sim"].client("kms")
    kms.rotate_key_on_demand(KeyId=kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["KeyId"])


def switched_off_and_on(names):
    kms = names["sim"].client("kms")
    key = kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["KeyId"]
    kms.disable_key(KeyId=key)
    kms.enable_key(KeyId=key)


def off(names):
    kms = names["sim"].client("kms")
    kms.disable_key(KeyId=kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["KeyId"])


def the_log_deleted(names):
    names["sim"].client("s3").delete_object(Bucket=BUCKET, Key=LOG)


def the_key_alone(names):
    new = app(names).generate_data_key(KeyId=ALIAS, KeySpec="AES_256", EncryptionContext=CONTEXT)
    put(names, WRAPPED, new["CiphertextBlob"])


def no_nonce(names):
    the_key_alone(names)
    put(names, FILE, b"")


def another_context(names):
    new = app(names).generate_data_key(KeyId=ALIAS, KeySpec="AES_256")
    put(names, FILE, sealed(new["Plaintext"]))
    put(names, WRAPPED, new["CiphertextBlob"])


def shredded(names):
    names["sim"].client("s3").delete_object(Bucket=BUCKET, Key=FILE)


@pytest.mark.parametrize(
    ("way", "named"),
    [
        (nothing, "without a call to KMS"),
        (another_envelope, "it is the same data key inside"),
        (rotated, "rotation changes no data key that exists"),
        (switched_off_and_on, "nobody has to ask KMS"),
        (off, f"`{REPORTER}` cannot open `{WRAPPED}`: DisabledException"),
        (the_log_deleted, "still under the data key that was in the log"),
        (the_key_alone, "does not open with it"),
        (no_nonce, "does not open with it"),
        (another_context, "InvalidCiphertextException"),
        (shredded, "One of them is gone"),
    ],
)
def test_what_leads_astray_or_half_the_way_is_named(works, way, named):
    outcome = works(TASK, way)
    assert not outcome.done
    assert named in outcome.feedback
