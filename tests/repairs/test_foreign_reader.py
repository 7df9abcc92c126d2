import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach.repairs.foreign_reader import BUCKET, OBJECT, OTHER, PARTNER, REPORTER, TASK
from kms_teach.repairs.scene import text

ANALYST = f"arn:aws:iam::{PARTNER}:user/{REPORTER}"


def allow(action, *who, resource="*"):
    return {"Effect": "Allow", "Principal": {"AWS": list(who)}, "Action": action, "Resource": resource}


def a_key(names, *who):
    own = allow("kms:*", "arn:aws:iam::111122223333:root")
    statements = [own, allow("kms:Decrypt", *who)] if who else [own]
    return names["sim"].client("kms").create_key(Policy=text(*statements))["KeyMetadata"]["Arn"]


def copied(names, key):
    names["sim"].client("s3").copy_object(
        Bucket=BUCKET, Key=OBJECT, CopySource=f"{BUCKET}/{OBJECT}", ServerSideEncryption="aws:kms", SSEKMSKeyId=key
    )


def updated(names, key):
    names["sim"].client("s3").update_object_encryption(
        Bucket=BUCKET, Key=OBJECT, ObjectEncryption={"SSEKMS": {"KMSKeyArn": key}}
    )


def by_a_copy(names):
    copied(names, a_key(names, f"arn:aws:iam::{PARTNER}:root"))


def by_an_update_and_a_name(names):
    updated(names, a_key(names, ANALYST))


def by_a_grant(names):
    key = a_key(names)
    names["sim"].client("kms").create_grant(
        KeyId=key, GranteePrincipal=ANALYST, Operations=["Decrypt"]
    )  # fmt: skip
    updated(names, key)


def by_a_default_and_an_upload(names):
    s3, key = names["sim"].client("s3"), a_key(names, f"arn:aws:iam::{PARTNER}:root")
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    s3.put_bucket_encryption(
        Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    )
    s3.put_object(Bucket=BUCKET, Key=OBJECT, Body=s3.get_object(Bucket=BUCKET, Key=OBJECT)["Body"].read())


WAYS = [by_a_copy, by_an_update_and_a_name, by_a_grant, by_a_default_and_an_upload, TASK.solution]


@pytest.mark.parametrize("way", WAYS)
def test_any_way_to_a_key_that_is_shared_is_right(works, way):
    outcome = works(TASK, way)
    assert outcome.done, outcome.feedback


def nothing(names):
    pass


def the_managed_key_shared(names):
    kms = names["sim"].client("kms")
    key = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"]
    with suppress(ClientError):
        kms.put_key_policy(KeyId=key, Policy=text(allow("kms:Decrypt", ANALYST)))


def without_kms(names):
    names["sim"].client("s3").copy_object(
        Bucket=BUCKET, Key=OBJECT, CopySource=f"{BUCKET}/{OBJECT}", ServerSideEncryption="AES256"
    )


def a_key_alone(names):
    a_key(names, f"arn:aws:iam::{PARTNER}:root")


def one_side_alone(names):
    copied(names, a_key(names))


def more_in_iam(names):
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    names["sim"].client("iam", account=PARTNER).put_user_policy(
        UserName=REPORTER, PolicyName="all", PolicyDocument=json.dumps(document)
    )


def open_to_the_visitor(names):
    by_a_copy(names)
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    names["sim"].user(OTHER, account=PARTNER, policies=[document])


def shut_by_the_bucket(names):
    without_kms(names)
    names["sim"].client("s3").delete_bucket_policy(Bucket=BUCKET)


def another_report(names):
    by_a_default_and_an_upload(names)
    names["sim"].client("s3").put_object(Bucket=BUCKET, Key=OBJECT, Body=b"15 ships")


def deleted(names):
    names["sim"].client("s3").delete_object(Bucket=BUCKET, Key=OBJECT)


@pytest.mark.parametrize(
    ("way", "named"),
    [
        (nothing, "under which key is"),
        (the_managed_key_shared, "is an AWS managed key"),
        (without_kms, "nobody is asked for `kms:Decrypt`"),
        (a_key_alone, "an object keeps its key until"),
        (one_side_alone, "neither its key policy nor a grant"),
        (more_in_iam, "It was never S3 that refused"),
        (open_to_the_visitor, f"so does `{OTHER}`"),
        (shut_by_the_bucket, "not by KMS"),
        (another_report, "no longer what it was"),
        (deleted, "is gone"),
    ],
)
def test_what_leads_astray_or_half_the_way_is_named(works, way, named):
    outcome = works(TASK, way)
    assert not outcome.done
    assert named in outcome.feedback
