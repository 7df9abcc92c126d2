"""The tasks of chapter 04: different right ways pass, and each belief that leads astray is answered by its name."""

import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach.chapters.objects.tasks import ARCHIVE, LOGS, MOVE_THE_ARCHIVE, READ_THE_REPORT, REPORT, REPORTS
from kms_teach.teaching.trial import policy


@pytest.fixture
def report(sim):
    return READ_THE_REPORT.situation(sim)


@pytest.fixture
def archive(sim):
    return MOVE_THE_ARCHIVE.situation(sim)


def asks(given):
    with suppress(ClientError):
        given["auditor"].client("s3").get_object(Bucket=REPORTS, Key=REPORT)


def iam(sim, given):
    sim.user("auditor", policies=[policy("s3:GetObject"), policy("kms:Decrypt", given["reports_key"])])


def statement_of_the_key_policy(sim, given, principal=""):
    kms, key = sim.client("kms"), given["reports_key"]
    document = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    named = {"AWS": principal or given["auditor"].arn}
    document["Statement"] += [{"Effect": "Allow", "Principal": named, "Action": "kms:Decrypt", "Resource": "*"}]
    kms.put_key_policy(KeyId=key, Policy=json.dumps(document))


def grant(sim, given):
    sim.client("kms").create_grant(
        KeyId=given["reports_key"], GranteePrincipal=given["auditor"].arn, Operations=["Decrypt"]
    )
    sim.advance(minutes=6)


@pytest.mark.parametrize("way", [iam, statement_of_the_key_policy, grant])
def test_decrypt_for_the_auditor_alone_is_right_wherever_it_comes_from(sim, report, way):
    assert not READ_THE_REPORT.check(sim).done
    way(sim, report)
    assert "has not asked" in READ_THE_REPORT.check(sim).feedback
    asks(report)
    assert READ_THE_REPORT.check(sim).done


def nothing(sim, given):
    pass


def a_bucket_policy(sim, given):
    allow = {"Effect": "Allow", "Principal": {"AWS": given["auditor"].arn}, "Action": "s3:*",
             "Resource": f"arn:aws:s3:::{REPORTS}/*"}  # fmt: skip
    sim.client("s3").put_bucket_policy(
        Bucket=REPORTS, Policy=json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    )


def without_kms(sim, given):
    sim.client("s3").copy_object(
        Bucket=REPORTS, Key=REPORT, CopySource=f"{REPORTS}/{REPORT}", ServerSideEncryption="AES256"
    )


def everybody(sim, given):
    statement_of_the_key_policy(sim, given, "*")


@pytest.mark.parametrize(
    ("way", "named"),
    [
        (nothing, "Which action does the message name"),
        (a_bucket_policy, "A bucket policy cannot allow `kms:Decrypt`"),
        (without_kms, "stored anew without a KMS key"),
        (everybody, "intern may decrypt too"),
    ],
)
def test_a_way_that_leads_astray_is_answered_by_its_name(sim, report, way, named):
    way(sim, report)
    asks(report)
    outcome = READ_THE_REPORT.check(sim)
    assert not outcome.done
    assert named in outcome.feedback


@pytest.mark.parametrize("task", [READ_THE_REPORT, MOVE_THE_ARCHIVE])
def test_the_third_hint_can_be_pasted_and_the_situation_made_twice(sim, task):
    assert "Start again" in task.check(sim).feedback
    task.situation(sim)
    names = {"sim": sim, **task.situation(sim)}
    exec(task.solution, names)
    assert task.check(sim).done


def update(sim, given):
    exec(MOVE_THE_ARCHIVE.solution, {"sim": sim, **given})


def copies(sim, given):
    for name in LOGS:
        sim.client("s3").copy_object(
            Bucket=ARCHIVE, Key=name, CopySource=f"{ARCHIVE}/{name}", ServerSideEncryption="aws:kms",
            SSEKMSKeyId=given["new_key"],
        )  # fmt: skip


def default_and_upload(sim, given):
    s3 = sim.client("s3")
    s3.put_bucket_encryption(Bucket=ARCHIVE, ServerSideEncryptionConfiguration={"Rules": [{
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": given["new_key"]}}]})  # fmt: skip
    for name in LOGS:
        s3.put_object(Bucket=ARCHIVE, Key=name, Body=s3.get_object(Bucket=ARCHIVE, Key=name)["Body"].read())


@pytest.mark.parametrize("way", [update, copies, default_and_upload])
def test_any_way_that_brings_all_objects_under_the_new_key_is_right(sim, archive, way):
    assert not MOVE_THE_ARCHIVE.check(sim).done
    way(sim, archive)
    assert MOVE_THE_ARCHIVE.check(sim).done


def default_alone(sim, given):
    sim.client("s3").put_bucket_encryption(Bucket=ARCHIVE, ServerSideEncryptionConfiguration={"Rules": [{
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": given["new_key"]}}]})  # fmt: skip


def rotation(sim, given):
    sim.client("kms").rotate_key_on_demand(KeyId=given["old_key"])


def switch_off_first(sim, given):
    sim.client("kms").disable_key(KeyId=given["old_key"])


def copy_without_headers(sim, given):
    for name in LOGS:
        sim.client("s3").copy_object(
            Bucket=ARCHIVE, Key=name, CopySource=f"{ARCHIVE}/{name}", MetadataDirective="REPLACE"
        )


def one_alone(sim, given):
    sim.client("s3").update_object_encryption(
        Bucket=ARCHIVE, Key="log-1.txt", ObjectEncryption={"SSEKMS": {"KMSKeyArn": given["new_key"]}}
    )


def empty_ones(sim, given):
    for name in LOGS:
        sim.client("s3").put_object(Bucket=ARCHIVE, Key=name, ServerSideEncryption="aws:kms",
                                    SSEKMSKeyId=given["new_key"])  # fmt: skip


def all_gone(sim, given):
    for name in LOGS:
        sim.client("s3").delete_object(Bucket=ARCHIVE, Key=name)


def new_one_off(sim, given):
    update(sim, given)
    sim.client("kms").disable_key(KeyId=given["new_key"])


@pytest.mark.parametrize(
    ("way", "named"),
    [
        (nothing, "still under the old key"),
        (default_alone, "A new default changes no object"),
        (rotation, "Rotation gives a key new material"),
        (switch_off_first, "which is now Disabled"),
        (copy_without_headers, "no KMS key at all"),
        (one_alone, "log-2.txt, log-3.txt: still under the old key"),
        (empty_ones, "no longer says what it said"),
        (all_gone, "no longer in the bucket"),
        (new_one_off, "that one is switched off"),
    ],
)
def test_an_archive_that_has_not_moved_is_told_why(sim, archive, way, named):
    way(sim, archive)
    outcome = MOVE_THE_ARCHIVE.check(sim)
    assert not outcome.done
    assert named in outcome.feedback
