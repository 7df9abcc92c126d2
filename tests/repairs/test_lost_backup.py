from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach.repairs.lost_backup import ALIAS, ARCHIVER, CONTEXT, REMEMBERED, REPORTER, TASK


def enable(names):
    kms = names["sim"].client("kms")
    kms.enable_key(KeyId=kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["KeyId"])


def decrypt(names, context=CONTEXT, name=REPORTER, **more):
    with suppress(ClientError):
        names["sim"].person(name).client("kms").decrypt(
            CiphertextBlob=names["wrapped_key"], EncryptionContext=context, **more
        )


def by_the_blob_alone(names):
    enable(names)
    decrypt(names)


def by_alias_and_in_another_order(names):
    enable(names)
    decrypt(names, dict(reversed(CONTEXT.items())), KeyId=ALIAS)


def by_a_deletion_that_was_cancelled(names):
    kms = names["sim"].client("kms")
    key = kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["KeyId"]
    kms.schedule_key_deletion(KeyId=key)
    kms.cancel_key_deletion(KeyId=key)
    by_the_blob_alone(names)


def of_the_object(names):
    enable(names)
    blob = names["sim"].client("s3").get_object(Bucket="town-archive", Key="2019.key")["Body"].read()
    decrypt({**names, "wrapped_key": blob})


WAYS = [
    by_the_blob_alone,
    by_alias_and_in_another_order,
    by_a_deletion_that_was_cancelled,
    of_the_object,
    TASK.solution,
]


@pytest.mark.parametrize("way", WAYS)
def test_any_way_to_the_data_key_is_right(works, way):
    outcome = works(TASK, way)
    assert outcome.done, outcome.feedback


def nothing(names):
    pass


def a_new_key(names):
    kms = names["sim"].client("kms")
    kms.update_alias(AliasName=ALIAS, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])


def deleted(names):
    kms = names["sim"].client("kms")
    kms.schedule_key_deletion(KeyId=kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["KeyId"])


def remembered(names):
    enable(names)
    decrypt(names, REMEMBERED)


def without(names):
    enable(names)
    decrypt(names, {})


def guessed(names):
    enable(names)
    decrypt(names, {"Collection": "town plans"})


def other_bytes(names):
    enable(names)
    decrypt({**names, "wrapped_key": names["wrapped_key"][:-1] + b"\0"})


def by_the_archiver(names):
    enable(names)
    decrypt(names, name=ARCHIVER)


def and_off_again(names):
    by_the_blob_alone(names)
    kms = names["sim"].client("kms")
    kms.disable_key(KeyId=kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["KeyId"])


@pytest.mark.parametrize(
    ("way", "named"),
    [
        (nothing, "The key is Disabled"),
        (a_new_key, "the blob names the key that wrapped it"),
        (deleted, "that shuts the archive for good"),
        (enable, "The key works again. Let"),
        (remembered, "KMS compares every letter"),
        (without, "no context is a different one"),
        (guessed, "Do not guess it"),
        (other_bytes, "send those of the object"),
        (by_the_archiver, f"{ARCHIVER} opened it. Now let `{REPORTER}`"),
        (and_off_again, "the next restore test will fail"),
    ],
)
def test_what_leads_astray_or_half_the_way_is_named(works, way, named):
    outcome = works(TASK, way)
    assert not outcome.done
    assert named in outcome.feedback
