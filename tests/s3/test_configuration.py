import json

import pytest

from tests.s3.conftest import BUCKET, HOME, arn, document, statement

ALL = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}


def encrypt(s3, **rule):
    by_default = {name: rule.pop(name) for name in ("SSEAlgorithm", "KMSMasterKeyID") if name in rule}
    rules = [{**({"ApplyServerSideEncryptionByDefault": by_default} if by_default else {}), **rule}]
    return s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": rules})


def rule(s3):
    (only,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    return only


def test_a_new_bucket_encrypts_by_s3_itself_and_takes_no_customers_keys(s3):
    assert rule(s3) == {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False,
        "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
    }  # fmt: skip


def test_a_default_counts_for_new_objects_alone(s3, put, kms_key):
    put("before")
    encrypt(s3, SSEAlgorithm="aws:kms", KMSMasterKeyID=kms_key, BucketKeyEnabled=True)
    answer = put("after")
    assert (answer["ServerSideEncryption"], answer["SSEKMSKeyId"], answer["BucketKeyEnabled"]) == (
        "aws:kms",
        kms_key,
        True,
    )
    assert s3.head_object(Bucket=BUCKET, Key="before")["ServerSideEncryption"] == "AES256"


def test_the_key_of_a_default_is_given_back_as_written_and_not_looked_at(s3, put, refused):
    encrypt(s3, SSEAlgorithm="aws:kms", KMSMasterKeyID="alias/nobody")
    assert rule(s3)["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == "alias/nobody"
    assert refused(put).code == "KMS.NotFoundException"


def test_a_default_of_kms_without_a_key_is_the_aws_managed_one(s3, put, kms):
    encrypt(s3, SSEAlgorithm="aws:kms")
    assert put()["SSEKMSKeyId"] == kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"]


def test_a_deleted_default_is_s3s_again_and_again(s3, put):
    encrypt(s3, SSEAlgorithm="aws:kms")
    for _ in range(2):
        assert s3.delete_bucket_encryption(Bucket=BUCKET)["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert put()["ServerSideEncryption"] == "AES256"


def test_a_default_has_exactly_one_rule(s3, refused):
    one = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    refusal = refused(s3.put_bucket_encryption, Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [one, one]})
    assert refusal.code == "MalformedXML"


def test_a_key_belongs_to_kms(s3, refused, kms_key):
    assert refused(encrypt, s3, SSEAlgorithm="AES256", KMSMasterKeyID=kms_key) == (
        "InvalidArgument",
        "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
    )


def test_an_algorithm_that_there_is_not_is_malformed(s3, refused):
    assert refused(encrypt, s3, SSEAlgorithm="rot13").code == "MalformedXML"


def test_what_an_event_says_was_applied(s3, put, sim, kms_key):
    put()
    encrypt(s3, SSEAlgorithm="aws:kms", KMSMasterKeyID=kms_key)
    put()
    put(ServerSideEncryption="aws:kms", SSEKMSKeyId=kms_key)
    events = [record.event for record in sim.trail.named("PutObject")]
    applied = [event["additionalEventData"]["SSEApplied"] for event in events]
    assert applied == ["Default_SSE_S3", "Default_SSE_KMS", "SSE_KMS"]


# --- policies -----------------------------------------------------------------------------------------------------


def put_policy(s3, text):
    return s3.put_bucket_policy(Bucket=BUCKET, Policy=text)


def test_a_policy_is_given_back_as_it_was_put_until_it_is_deleted(s3, refused):
    text = document(statement("s3:GetObject", arn("*"), Principal={"AWS": HOME}))
    put_policy(s3, text)
    assert s3.get_bucket_policy(Bucket=BUCKET)["Policy"] == text
    assert s3.get_bucket_policy_status(Bucket=BUCKET)["PolicyStatus"] == {"IsPublic": False}
    s3.delete_bucket_policy(Bucket=BUCKET)
    assert refused(s3.get_bucket_policy, Bucket=BUCKET) == ("NoSuchBucketPolicy", "The bucket policy does not exist")


NOWHERE = "Action does not apply to any resource(s) in statement"
ALICE = {"AWS": f"arn:aws:iam::{HOME}:user/nobody"}


@pytest.mark.parametrize(("text", "words"), [
    ("x", "Policies must be valid JSON and the first byte must be '{'"),
    (document(statement("s3:GetObject", arn("*"), Principal=ALICE)), "Invalid principal in policy"),
    (document(statement("s3:GetObject", arn("*"), Principal={"AWS": "x"})), "Invalid principal in policy"),
    (document(statement("s3:GetObject", arn("*"))), "Invalid principal in policy"),
    (document(statement("s3:GetObject", "arn:aws:s3:::another/*", Principal={"AWS": HOME})), "Policy has invalid resource"),
    (document(statement("s3:GetObject", "x", Principal={"AWS": HOME})), "Policy has invalid resource"),
    (document(statement("s3:GetObject", "*", Principal={"AWS": HOME})), "Policy has invalid resource"),
    (document(statement("GetObject", arn("*"), Principal={"AWS": HOME})), "Policy has invalid action"),
    (document(statement("kms:Decrypt", arn("*"), Principal={"AWS": HOME})), "Policy has invalid action"),
    (document(statement(["s3:GetObject", "s3:HeadObject"], arn("*"), Principal={"AWS": HOME})), "Policy has invalid action"),
    (document(statement("s3:PutObject", arn(), Principal={"AWS": HOME})), NOWHERE),
    (document(statement(["s3:GetObject", "s3:ListBucket"], arn("*"), Principal={"AWS": HOME})), NOWHERE),
])  # fmt: skip
def test_a_policy_that_is_none_is_refused_and_the_old_one_stays(s3, refused, text, words):
    before = document(statement("s3:ListBucket", arn(), Principal={"AWS": HOME}))
    put_policy(s3, before)
    assert refused(put_policy, s3, text) == ("MalformedPolicy", words)
    assert s3.get_bucket_policy(Bucket=BUCKET)["Policy"] == before


@pytest.mark.parametrize("resource", [arn(), arn("*"), arn("a/b"), "arn:aws:s3:::*", "arn:aws:s3:::notes*"])
def test_resources_that_a_policy_may_name(s3, resource):
    put_policy(s3, document(statement("s3:*", resource, Principal={"AWS": HOME})))


@pytest.mark.parametrize("action", ["s3:*", "s3:Get*", "S3:getobject", "s3:GetObjectAcl", "*"])
def test_actions_that_a_policy_may_name(s3, action):
    put_policy(s3, document(statement([action, "s3:ListBucket"], [arn(), arn("*")], Principal={"AWS": HOME})))


def test_what_is_wrong_with_an_action_is_told_in_the_detail(s3):
    with pytest.raises(s3.exceptions.ClientError) as error:
        put_policy(s3, document(statement("s3:HeadObject", arn("*"), Principal={"AWS": HOME})))
    assert (
        error.value.response["Error"]["Detail"]
        == "`s3:HeadObject` is an operation, not an action: it needs s3:GetObject"
    )


def test_a_public_policy_is_prevented_until_that_is_switched_off(s3, refused):
    public = document(statement("s3:GetObject", arn("*"), Principal="*"))
    assert s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"] == ALL
    assert refused(put_policy, s3, public).code == "AccessDenied"
    s3.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration={**ALL, "BlockPublicPolicy": False})
    put_policy(s3, public)
    assert s3.get_bucket_policy_status(Bucket=BUCKET)["PolicyStatus"] == {"IsPublic": True}
    s3.delete_public_access_block(Bucket=BUCKET)
    assert refused(s3.get_public_access_block, Bucket=BUCKET).code == "NoSuchPublicAccessBlockConfiguration"


def test_a_policy_stands_in_the_trail(s3, sim):
    put_policy(s3, document(statement("s3:GetObject", arn("*"), Principal={"AWS": HOME})))
    event = sim.trail.named("PutBucketPolicy")[-1].event
    assert event["eventSource"] == "s3.amazonaws.com"
    assert event["requestParameters"]["bucketName"] == BUCKET
    assert json.loads(event["requestParameters"]["bucketPolicy"])["Statement"]
    assert (event["managementEvent"], event["readOnly"]) == (True, False)
    assert event["resources"] == [{"accountId": HOME, "type": "AWS::S3::Bucket", "ARN": arn()}]
