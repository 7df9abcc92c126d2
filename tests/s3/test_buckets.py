import pytest

from kms_teach.buckets.names import may_be_bucket
from tests.s3.conftest import BUCKET, OTHER


@pytest.mark.parametrize("name", ["abc", "a" * 63, "my.bucket", "1-2-3", "notes-of-a-class"])
def test_names_that_a_bucket_may_have(name):
    assert may_be_bucket(name)


@pytest.mark.parametrize(
    "name", ["ab", "a" * 64, "Abc", "a_b", "-ab", "ab-", "a..b", "a.-b", "192.168.5.4", "xn--abc", "sthree-x", "abc-s3alias", "abc--x-s3"]
)  # fmt: skip
def test_names_that_it_may_not(name, sim, refused):
    assert not may_be_bucket(name)
    if name.islower() and len(name) > 2 and "_" not in name:  # what the client itself lets through
        assert refused(sim.client("s3").create_bucket, Bucket=name) == (
            "InvalidBucketName",
            "The specified bucket is not valid.",
        )


def test_a_bucket_is_listed_for_its_account_alone(s3, sim):
    (listed,) = s3.list_buckets()["Buckets"]
    assert (listed["Name"], listed["BucketRegion"]) == (BUCKET, "us-east-1")
    assert sim.client("s3", account=OTHER).list_buckets()["Buckets"] == []


def test_a_name_is_taken_once_for_everybody(s3, sim, refused):
    assert refused(sim.client("s3", account=OTHER).create_bucket, Bucket=BUCKET).code == "BucketAlreadyExists"
    s3.create_bucket(Bucket=BUCKET)  # in us-east-1, again is no error
    west = sim.client("s3", region="eu-west-1")
    there = {"Bucket": "in-europe", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    west.create_bucket(**there)
    assert refused(west.create_bucket, **there) == (
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
    )


def test_a_bucket_knows_its_region(sim, s3, refused):
    west = sim.client("s3", region="eu-west-1")
    assert refused(west.create_bucket, Bucket="in-europe").code == "IllegalLocationConstraintException"
    west.create_bucket(Bucket="in-europe", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert west.get_bucket_location(Bucket="in-europe")["LocationConstraint"] == "eu-west-1"
    assert s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"] is None
    assert s3.head_bucket(Bucket="in-europe")["BucketRegion"] == "eu-west-1"
    assert refused(s3.head_bucket, Bucket="nowhere").code == "404"


def test_the_keys_of_a_bucket_are_those_of_its_region(sim, kms):
    west, bucket = sim.client("s3", region="eu-west-1"), "in-europe"
    west.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    answer = sim.client("s3").put_object(Bucket=bucket, Key="x", Body=b"x", ServerSideEncryption="aws:kms")
    assert answer["SSEKMSKeyId"].split(":")[3] == "eu-west-1"
    asked = sim.trail.named("GenerateDataKey")[-1]
    assert asked.event["awsRegion"] == "eu-west-1"


def test_only_an_empty_bucket_is_deleted(s3, put, refused):
    put()
    assert refused(s3.delete_bucket, Bucket=BUCKET) == ("BucketNotEmpty", "The bucket you tried to delete is not empty")
    s3.delete_object(Bucket=BUCKET, Key="note")
    assert s3.delete_bucket(Bucket=BUCKET)["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert s3.list_buckets()["Buckets"] == []


@pytest.mark.parametrize(("operation", "params"), [
    ("put_bucket_versioning", {"VersioningConfiguration": {"Status": "Enabled"}}), ("get_bucket_acl", {}),
    ("put_bucket_tagging", {"Tagging": {"TagSet": []}}), ("get_bucket_website", {}), ("list_object_versions", {}),
])  # fmt: skip
def test_what_is_not_simulated_is_refused_by_name(s3, refused, operation, params):
    name = operation.title().replace("_", "")
    refusal = refused(getattr(s3, operation), Bucket=BUCKET, **params)
    assert refusal == ("NotImplemented", f"{name} is not simulated here: docs/differences.md has what is")


def test_the_owner_of_a_bucket_can_be_asked_to_be_somebody(s3, refused):
    s3.head_bucket(Bucket=BUCKET, ExpectedBucketOwner="111122223333")
    assert refused(s3.list_objects_v2, Bucket=BUCKET, ExpectedBucketOwner=OTHER) == ("AccessDenied", "Access Denied")
