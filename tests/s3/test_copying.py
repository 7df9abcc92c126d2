import hashlib

import pytest

from tests.s3.conftest import BUCKET, allow, arn

SOURCE = {"Bucket": BUCKET, "Key": "note"}
UNCHANGED = (
    "InvalidRequest",
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
)


@pytest.fixture
def copy(s3):
    def copy(key="copy", **params):
        return s3.copy_object(Bucket=BUCKET, Key=key, CopySource=SOURCE, **params)

    return copy


def test_a_copy_takes_the_encryption_of_its_bucket_and_not_of_its_source(put, copy, got, s3, kms_key):
    put(ServerSideEncryption="aws:kms", SSEKMSKeyId=kms_key, Metadata={"who": "alice"})
    answer = copy()
    assert answer["ServerSideEncryption"] == "AES256"
    assert answer["CopyObjectResult"]["ETag"] == f'"{hashlib.md5(b"a note").hexdigest()}"'
    assert got("copy") == b"a note"
    assert s3.head_object(Bucket=BUCKET, Key="copy")["Metadata"] == {"who": "alice"}


def test_a_copy_decrypts_the_source_and_makes_a_key_for_itself(put, copy, asked, kms_key):
    encrypted = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key}
    put(**encrypted)
    asked()
    copy(**encrypted)
    assert asked() == [("Decrypt", {"aws:s3:arn": arn("note")}), ("GenerateDataKey", {"aws:s3:arn": arn("copy")})]


def test_a_copy_onto_itself_must_change_something(put, copy, refused, s3):
    put()
    assert refused(copy, "note") == UNCHANGED
    copy("note", MetadataDirective="REPLACE", Metadata={"a": "b"})
    assert s3.head_object(**SOURCE)["Metadata"] == {"a": "b"}
    assert copy("note", ServerSideEncryption="aws:kms")["ServerSideEncryption"] == "aws:kms"
    assert copy("note")["ServerSideEncryption"] == "AES256"  # a source by KMS may


def test_a_copy_onto_itself_is_taken_where_the_bucket_has_a_default_of_its_own(put, copy, s3, kms_key):
    put()
    by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": kms_key}
    rules = [{"ApplyServerSideEncryptionByDefault": by_default}]
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": rules})
    assert copy("note")["SSEKMSKeyId"] == kms_key


def test_a_copy_needs_to_read_the_source_and_to_write(put, sim, refused):
    put()
    params = {"Bucket": BUCKET, "Key": "copy", "CopySource": SOURCE}
    writes = sim.user("alice", policies=[allow("s3:PutObject")]).client("s3")
    assert "s3:GetObject" in refused(writes.copy_object, **params).message
    reads = sim.user("bob", policies=[allow("s3:GetObject")]).client("s3")
    assert "s3:PutObject" in refused(reads.copy_object, **params).message
    sim.user("alice", policies=[allow(["s3:PutObject", "s3:GetObject"])]).client("s3").copy_object(**params)


def test_between_regions_each_side_asks_its_own_key(s3, put, sim, kms_key):
    put(ServerSideEncryption="aws:kms", SSEKMSKeyId=kms_key)
    west, there = sim.client("s3", region="eu-west-1"), "in-europe"
    west.create_bucket(Bucket=there, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    west.copy_object(Bucket=there, Key="copy", CopySource=SOURCE, ServerSideEncryption="aws:kms")
    assert west.get_object(Bucket=there, Key="copy")["Body"].read() == b"a note"
    regions = [(each.operation, each.event["awsRegion"]) for each in sim.trail.named("Decrypt", "GenerateDataKey")[-3:]]
    assert regions == [("Decrypt", "us-east-1"), ("GenerateDataKey", "eu-west-1"), ("Decrypt", "eu-west-1")]


def test_conditions_of_a_copy_are_of_its_source(put, copy, refused):
    etag = put()["ETag"]
    copy(CopySourceIfMatch=etag)
    assert refused(copy, CopySourceIfMatch='"x"').code == "PreconditionFailed"
    assert refused(copy, CopySourceIfNoneMatch=etag).code == "PreconditionFailed"


def test_what_is_not_there_cannot_be_copied(copy, s3, refused):
    assert refused(copy).code == "NoSuchKey"
    assert refused(s3.copy_object, Bucket=BUCKET, Key="x", CopySource="no-such-bucket/x").code == "NoSuchBucket"


# --- UpdateObjectEncryption ---------------------------------------------------------------------------------------


@pytest.fixture
def update(s3):
    def update(key, **more):
        return s3.update_object_encryption(
            Bucket=BUCKET, Key="note", ObjectEncryption={"SSEKMS": {"KMSKeyArn": key, **more}}
        )

    return update


@pytest.mark.parametrize(
    "before", [{}, {"ServerSideEncryption": "aws:kms"}, {"ServerSideEncryption": "aws:kms", "BucketKeyEnabled": True}]
)
@pytest.mark.parametrize("bucket_key", [False, True])
def test_the_data_key_is_wrapped_anew_and_the_bytes_stay_as_they_are(
    put, got, s3, sim, update, kms_key, before, bucket_key
):
    from kms_teach.buckets.records import Object

    put(body=b"x" * 100_000, **before)
    old = s3.head_object(Bucket=BUCKET, Key="note")
    (record,) = sim.service.store.page(Object, f"object {BUCKET}")
    sim.advance(days=1)
    update(kms_key, BucketKeyEnabled=bucket_key)
    new = s3.head_object(Bucket=BUCKET, Key="note")
    assert (new["ETag"], new["LastModified"]) == (old["ETag"], old["LastModified"])
    assert (new["SSEKMSKeyId"], new.get("BucketKeyEnabled", False)) == (kms_key, bucket_key)
    (after,) = sim.service.store.page(Object, f"object {BUCKET}")
    assert after.files == record.files
    assert got() == b"x" * 100_000


def test_a_disabled_old_key_stops_it_and_a_disabled_new_one_too(put, update, kms, kms_key, refused):
    other = kms.create_key()["KeyMetadata"]["Arn"]
    put(ServerSideEncryption="aws:kms", SSEKMSKeyId=kms_key)
    kms.disable_key(KeyId=kms_key)
    assert refused(update, other) == ("KMS.DisabledException", f"{kms_key} is disabled.")
    kms.enable_key(KeyId=kms_key)
    kms.disable_key(KeyId=other)
    assert refused(update, other) == ("KMS.DisabledException", f"{other} is disabled.")


def test_the_key_must_be_of_the_buckets_account(put, update, sim, refused):
    put()
    foreign = sim.client("kms", account="444455556666").create_key()["KeyMetadata"]["Arn"]
    assert refused(update, foreign) == (
        "AccessDenied",
        "The AWS KMS key in the request must be owned by the same account as the bucket. Modify the request to specify a KMS key from the same account, and then try again.",
    )


def test_it_never_leads_away_from_dsse_and_needs_an_arn(put, update, kms_key, refused):
    put(ServerSideEncryption="aws:kms:dsse", SSEKMSKeyId=kms_key)
    assert refused(update, kms_key).code == "InvalidRequest"
    assert refused(update, "alias/aws/s3-that-is-no-arn").code == "MalformedXML"


def test_it_needs_two_permissions_of_s3(put, sim, kms_key, refused):
    put()
    params = {"Bucket": BUCKET, "Key": "note", "ObjectEncryption": {"SSEKMS": {"KMSKeyArn": kms_key}}}
    for action, lacks in (("s3:PutObject", "s3:UpdateObjectEncryption"), ("s3:UpdateObjectEncryption", "s3:PutObject")):
        alice = sim.user("alice", policies=[allow([action, "s3:ListBucket", "kms:*"])])
        assert lacks in refused(alice.client("s3").update_object_encryption, **params).message
