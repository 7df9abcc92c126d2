import pytest

from tests.s3.conftest import BUCKET, allow, arn

THERE, REGION = "notes-in-europe", "eu-west-1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
MAY = allow(["s3:GetObjectVersionForReplication", "s3:ReplicateObject", "kms:Decrypt", "kms:Encrypt"])


@pytest.fixture
def west(sim):
    west = sim.client("s3", region=REGION)
    west.create_bucket(Bucket=THERE, CreateBucketConfiguration={"LocationConstraint": REGION})
    return west


@pytest.fixture
def key_there(sim):
    return sim.client("kms", region=REGION).create_key()["KeyMetadata"]["Arn"]


@pytest.fixture
def configure(s3, west, sim, key_there):
    def configure(*, kms=True, role=None, **rule):
        role = role or sim.role("replicates", policies=[MAY], trust=TRUST)
        destination = {"Bucket": f"arn:aws:s3:::{THERE}"}
        if kms:
            destination["EncryptionConfiguration"] = {"ReplicaKmsKeyID": key_there}
            rule = {"SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}}, **rule}
        rules = [{"ID": "all", "Priority": 1, "Filter": {"Prefix": ""}, "Status": "Enabled", "Destination": destination,
                  "DeleteMarkerReplication": {"Status": "Disabled"}, **rule}]  # fmt: skip
        configuration = {"Role": role.arn, "Rules": rules}
        s3.put_bucket_replication(Bucket=BUCKET, ReplicationConfiguration=configuration)
        return configuration

    return configure


def status(s3):
    return s3.head_object(Bucket=BUCKET, Key="note").get("ReplicationStatus")


def test_the_replica_is_under_a_key_of_its_own_region(configure, put, s3, west, kms_key, key_there, sim):
    configure()
    put(ServerSideEncryption="aws:kms", SSEKMSKeyId=kms_key)
    assert status(s3) == "COMPLETED"
    replica = west.get_object(Bucket=THERE, Key="note")
    assert replica["Body"].read() == b"a note"
    assert (replica["SSEKMSKeyId"], replica["ReplicationStatus"]) == (key_there, "REPLICA")
    decrypt, encrypt = sim.trail.named("Decrypt", "Encrypt")[:2]
    assert [(each.operation, each.event["awsRegion"]) for each in (decrypt, encrypt)] == [
        ("Decrypt", "us-east-1"),
        ("Encrypt", REGION),
    ]
    assert decrypt.parameters["encryptionContext"] == {"aws:s3:arn": arn("note")}
    assert encrypt.parameters["encryptionContext"] == {"aws:s3:arn": f"arn:aws:s3:::{THERE}/note"}
    assert encrypt.event["userIdentity"]["arn"].endswith(":assumed-role/replicates/s3-replication")


def test_what_kms_encrypted_is_replicated_only_if_a_rule_says_so(configure, put, s3, west, refused):
    configure(kms=False)
    put(ServerSideEncryption="aws:kms")
    assert status(s3) is None
    assert refused(west.head_object, Bucket=THERE, Key="note").code == "404"
    put()
    assert status(s3) == "COMPLETED"
    assert west.head_object(Bucket=THERE, Key="note")["ServerSideEncryption"] == "AES256"


@pytest.mark.parametrize(
    "lacks", ["kms:Decrypt", "kms:Encrypt", "s3:ReplicateObject", "s3:GetObjectVersionForReplication"]
)
def test_what_the_role_may_not_is_not_replicated_and_the_source_says_so(configure, put, s3, west, sim, refused, lacks):
    deny = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": lacks, "Resource": "*"}]}
    configure(role=sim.role("replicates", policies=[MAY, deny], trust=TRUST))
    put(ServerSideEncryption="aws:kms")
    assert status(s3) == "FAILED"
    assert refused(west.head_object, Bucket=THERE, Key="note").code == "404"


def test_a_role_that_does_not_trust_s3_replicates_nothing(configure, put, s3, sim):
    configure(role=sim.role("replicates", policies=[MAY]))
    put()
    assert status(s3) == "FAILED"


def test_the_key_of_replicas_is_not_looked_at_and_fails_later(configure, put, s3, kms_key):
    elsewhere = {"Bucket": f"arn:aws:s3:::{THERE}", "EncryptionConfiguration": {"ReplicaKmsKeyID": kms_key}}
    configure(Destination=elsewhere)
    put(ServerSideEncryption="aws:kms", SSEKMSKeyId=kms_key)
    assert status(s3) == "FAILED"


def test_a_rule_is_for_its_prefix_and_may_be_off(configure, put, s3):
    configure(Filter={"Prefix": "other/"})
    put()
    assert status(s3) is None
    configure(Status="Disabled")
    put()
    assert status(s3) is None


def test_copies_and_uploads_in_parts_are_replicated_too(configure, put, s3, west):
    put("source")
    configure()
    s3.copy_object(Bucket=BUCKET, Key="copy", CopySource=f"{BUCKET}/source")
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="big")["UploadId"]
    part = {
        "PartNumber": 1,
        "ETag": s3.upload_part(Bucket=BUCKET, Key="big", UploadId=upload, PartNumber=1, Body=b"x")["ETag"],
    }
    s3.complete_multipart_upload(Bucket=BUCKET, Key="big", UploadId=upload, MultipartUpload={"Parts": [part]})
    assert [each["Key"] for each in west.list_objects_v2(Bucket=THERE)["Contents"]] == ["big", "copy"]


def test_a_configuration_is_given_back_and_deleted(configure, s3, refused):
    configuration = configure()
    assert s3.get_bucket_replication(Bucket=BUCKET)["ReplicationConfiguration"] == configuration
    s3.delete_bucket_replication(Bucket=BUCKET)
    assert refused(s3.get_bucket_replication, Bucket=BUCKET).code == "ReplicationConfigurationNotFoundError"


def test_a_configuration_that_cannot_be_is_refused(configure, refused):
    assert refused(configure, Destination={"Bucket": "arn:aws:s3:::nowhere-at-all"}).code == "InvalidRequest"
    assert refused(configure, Destination={"Bucket": arn()}).code == "InvalidRequest"
    without_key = {"Bucket": f"arn:aws:s3:::{THERE}"}
    assert refused(configure, Destination=without_key).code == "InvalidRequest"


def test_a_bucket_key_of_the_destination_is_used(configure, put, west, sim, key_there):
    by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_there}
    rules = [{"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": True}]
    west.put_bucket_encryption(Bucket=THERE, ServerSideEncryptionConfiguration={"Rules": rules})
    more = allow("kms:GenerateDataKey")
    configure(role=sim.role("replicates", policies=[MAY, more], trust=TRUST))
    put(ServerSideEncryption="aws:kms")
    assert west.head_object(Bucket=THERE, Key="note")["BucketKeyEnabled"] is True


def test_a_multi_region_key_counts_as_one_key_only_where_the_rule_says_so(configure, put, west, sim, kms, key_there):
    primary = kms.create_key(MultiRegion=True)["KeyMetadata"]["Arn"]
    kms.replicate_key(KeyId=primary, ReplicaRegion=REGION)
    encrypted = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": primary}
    configure()
    put(**encrypted)
    assert west.head_object(Bucket=THERE, Key="note")["SSEKMSKeyId"] == key_there
    related = {"UseSourceMultiRegionKey": {"Status": "Enabled"}}
    configure(Destination={"Bucket": f"arn:aws:s3:::{THERE}", "EncryptionConfiguration": related})
    put(**encrypted)
    assert west.head_object(Bucket=THERE, Key="note")["SSEKMSKeyId"] == primary.replace("us-east-1", REGION)


@pytest.mark.parametrize(("selected", "keys"), [
    ({"Prefix": "a"}, ["a", "ab"]), ({"Not": {"Prefix": "a"}}, ["b"]), ({"Not": {"Or": {"Prefixes": ["ab", "b"]}}}, ["a"]),
    ({"And": {"Prefix": "a", "Not": {"Prefix": "ab"}}}, ["a"]),
])  # fmt: skip
def test_a_filter_takes_and_leaves_out_by_prefixes(configure, put, west, selected, keys):
    configure(Filter=selected)
    for key in ("a", "ab", "b"):
        put(key)
    assert [each["Key"] for each in west.list_objects_v2(Bucket=THERE)["Contents"]] == keys


def test_a_filter_by_tags_is_refused(configure, refused):
    assert refused(configure, Filter={"Tag": {"Key": "a", "Value": "b"}}).code == "NotImplemented"
