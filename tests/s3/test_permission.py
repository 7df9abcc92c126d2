import contextlib

import pytest
from botocore.exceptions import ClientError

from kms_teach.access.decision import decide
from tests.s3.conftest import BUCKET, HOME, OTHER, allow, arn, document, statement

AWS_KMS = {"ServerSideEncryption": "aws:kms"}


def denied(user, action, resource, reason):
    return (
        "AccessDenied",
        f'User: {user.arn} is not authorized to perform: {action} on resource: "{resource}" {reason}',
    )


def silent(action):
    return f"because no identity-based policy allows the {action} action"


EXPLICIT = "with an explicit deny in a resource-based policy"


@pytest.fixture
def alice(sim):
    return sim.user("alice")


@pytest.fixture
def reads(s3, put):
    """Gives a function that reads the note as somebody."""
    put()
    return lambda somebody: somebody.client("s3").get_object(Bucket=BUCKET, Key="note")["Body"].read()


def policy(s3, *statements):
    s3.put_bucket_policy(Bucket=BUCKET, Policy=document(*statements))


def test_without_a_word_nobody_but_the_root_user_may(reads, alice, refused):
    assert refused(reads, alice) == denied(alice, "s3:GetObject", arn("note"), silent("s3:GetObject"))


def test_an_iam_policy_is_enough_in_the_buckets_own_account(reads, sim):
    assert reads(sim.user("alice", policies=[allow("s3:GetObject", arn("*"))])) == b"a note"


def test_so_is_a_bucket_policy_that_names_the_user(reads, s3, alice):
    policy(s3, statement("s3:GetObject", arn("*"), Principal={"AWS": alice.arn}))
    assert reads(alice) == b"a note"


def test_a_bucket_policy_that_names_the_account_leaves_it_to_iam(reads, s3, sim, alice, refused):
    policy(s3, statement("s3:GetObject", arn("*"), Principal={"AWS": HOME}))
    assert refused(reads, alice) == denied(alice, "s3:GetObject", arn("note"), silent("s3:GetObject"))
    assert reads(sim.user("alice", policies=[allow("s3:*")])) == b"a note"


def test_a_deny_in_the_bucket_policy_wins(reads, s3, sim, refused):
    alice = sim.user("alice", policies=[allow("s3:*")])
    policy(s3, statement("s3:GetObject", arn("*"), "Deny", Principal="*"))
    assert refused(reads, alice) == denied(alice, "s3:GetObject", arn("note"), EXPLICIT)


def test_from_another_account_both_must_say_yes(reads, s3, sim, refused):
    bob = sim.user("bob", account=OTHER, policies=[allow("s3:GetObject")])
    assert refused(reads, bob) == ("AccessDenied", "Access Denied")
    policy(s3, statement("s3:GetObject", arn("*"), Principal={"AWS": bob.arn}))
    assert reads(bob) == b"a note"
    bob = sim.user("bob", account=OTHER, policies=[])
    assert refused(reads, bob) == denied(bob, "s3:GetObject", arn("note"), silent("s3:GetObject"))


def test_the_root_user_mends_a_bucket_policy_that_denies_everyone(s3, reads, sim, refused):
    policy(s3, statement("s3:*", [arn(), arn("*")], "Deny", Principal="*"))
    assert refused(s3.list_objects_v2, Bucket=BUCKET).code == "AccessDenied"
    alice = sim.user("alice", policies=[allow("s3:*")])
    assert refused(alice.client("s3").delete_bucket_policy, Bucket=BUCKET).code == "AccessDenied"
    s3.delete_bucket_policy(Bucket=BUCKET)
    assert s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 1


def test_who_may_not_list_is_not_told_that_a_key_is_absent(s3, sim, refused):
    alice = sim.user("alice", policies=[allow("s3:GetObject", arn("*"))])
    client = alice.client("s3")
    assert refused(client.get_object, Bucket=BUCKET, Key="x") == denied(
        alice, "s3:ListBucket", arn(), silent("s3:ListBucket")
    )
    assert refused(client.head_object, Bucket=BUCKET, Key="x") == ("403", "Forbidden")
    alice = sim.user("alice", policies=[allow("s3:GetObject", arn("*")), allow("s3:ListBucket", arn())])
    assert refused(alice.client("s3").get_object, Bucket=BUCKET, Key="x").code == "NoSuchKey"


def test_the_bucket_policy_gives_nothing_of_kms(s3, put, sim, kms_key, refused):
    put(**AWS_KMS, SSEKMSKeyId=kms_key)
    alice = sim.user("alice")
    policy(s3, statement("s3:GetObject", arn("*"), Principal={"AWS": alice.arn}))
    with_s3 = alice.client("s3")
    assert refused(with_s3.get_object, Bucket=BUCKET, Key="note") == (
        "AccessDenied",
        f"User: {alice.arn} is not authorized to perform: kms:Decrypt on resource: {kms_key} because no identity-based policy allows the kms:Decrypt action",
    )
    sim.user("alice", policies=[allow("kms:Decrypt", kms_key)])
    assert with_s3.get_object(Bucket=BUCKET, Key="note")["Body"].read() == b"a note"


def test_a_put_needs_generate_data_key_alone(s3, sim, kms_key, refused):
    alice = sim.user("alice", policies=[allow("s3:*")])
    client, params = alice.client("s3"), {"Bucket": BUCKET, "Key": "x", "Body": b"x", **AWS_KMS, "SSEKMSKeyId": kms_key}
    assert refused(client.put_object, **params) == (
        "AccessDenied",
        f"User: {alice.arn} is not authorized to perform: kms:GenerateDataKey on resource: {kms_key} because no identity-based policy allows the kms:GenerateDataKey action",
    )
    sim.user("alice", policies=[allow("s3:*"), allow("kms:GenerateDataKey", kms_key)])
    client.put_object(**params)
    assert refused(client.get_object, Bucket=BUCKET, Key="x").code == "AccessDenied"


def test_a_key_of_another_account_says_what_it_says_to_strangers(s3, put, sim, kms_key, refused):
    put(**AWS_KMS, SSEKMSKeyId=kms_key)
    bob = sim.user("bob", account=OTHER, policies=[allow(["s3:*", "kms:*"])])
    policy(s3, statement(["s3:GetObject", "s3:PutObject"], arn("*"), Principal={"AWS": bob.arn}))
    rest = (
        "because the resource does not exist in this Region, no resource-based policies allow access, or a "
        "resource-based policy explicitly denies access"
    )
    client = bob.client("s3")
    assert refused(client.get_object, Bucket=BUCKET, Key="note") == (
        "AccessDenied",
        f"User: {bob.arn} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext {rest}",
    )
    assert refused(client.put_object, Bucket=BUCKET, Key="x", Body=b"", **AWS_KMS, SSEKMSKeyId=kms_key) == (
        "AccessDenied",
        f"User: {bob.arn} is not authorized to perform: kms:GenerateDataKey on this resource {rest}",
    )


def test_across_accounts_an_alias_or_a_bare_id_is_looked_for_at_the_requesters(s3, sim, kms_key, refused):
    bob = sim.user("bob", account=OTHER, policies=[allow(["s3:*", "kms:*"])])
    policy(s3, statement("s3:PutObject", arn("*"), Principal={"AWS": bob.arn}))
    bare = kms_key.rpartition("/")[2]
    refusal = refused(bob.client("s3").put_object, Bucket=BUCKET, Key="x", Body=b"", **AWS_KMS, SSEKMSKeyId=bare)
    assert refusal == ("KMS.NotFoundException", f"Key 'arn:aws:kms:us-east-1:{OTHER}:key/{bare}' does not exist")


@pytest.mark.parametrize(("said", "allowed"), [
    ({}, False), ({"ServerSideEncryption": "AES256"}, False), (AWS_KMS, True),
])  # fmt: skip
def test_a_policy_that_wants_a_header_denies_whoever_relies_on_the_default(s3, put, refused, said, allowed):
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [default]})
    condition = {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}
    policy(s3, statement("s3:PutObject", arn("*"), "Deny", Principal="*", Condition=condition))
    if allowed:
        put(**said)
    else:
        assert refused(put, **said).code == "AccessDenied"


@pytest.mark.parametrize(("condition", "key", "params"), [
    ("s3:x-amz-server-side-encryption-aws-kms-key-id", "{key}", {"SSEKMSKeyId": "{key}", **AWS_KMS}),
    ("s3:x-amz-server-side-encryption-bucket-key-enabled", "true", {"BucketKeyEnabled": True, **AWS_KMS}),
    ("s3:ResourceAccount", HOME, {}), ("aws:ResourceAccount", HOME, {}), ("s3:authType", "REST-HEADER", {}),
    ("s3:signatureversion", "AWS4-HMAC-SHA256", {}), ("s3:if-none-match", "*", {"IfNoneMatch": "*"}),
])  # fmt: skip
def test_a_condition_can_ask_for_what_a_request_says(s3, sim, kms_key, condition, key, params):
    value = key.format(key=kms_key)
    only = allow("s3:PutObject", Condition={"StringEquals": {condition: value}})
    alice = sim.user("alice", policies=[only, allow("kms:*")])
    given = {name: each.format(key=kms_key) if isinstance(each, str) else each for name, each in params.items()}
    alice.client("s3").put_object(Bucket=BUCKET, Key="note", Body=b"", **given)


def test_a_list_can_be_kept_to_a_prefix(s3, sim, put, refused):
    put("alice/note")
    condition = {"StringLike": {"s3:prefix": "alice/*"}}
    client = sim.user("alice", policies=[allow("s3:ListBucket", arn(), Condition=condition)]).client("s3")
    assert client.list_objects_v2(Bucket=BUCKET, Prefix="alice/")["KeyCount"] == 1
    assert refused(client.list_objects_v2, Bucket=BUCKET).code == "AccessDenied"


def test_a_key_can_be_kept_to_s3_by_kms_via_service(put, got, kms, kms_key, refused):
    root = {"AWS": f"arn:aws:iam::{HOME}:root"}
    only = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    text = document(
        statement(["kms:GenerateDataKey", "kms:Decrypt"], "*", Principal=root, Condition=only),
        statement(["kms:PutKeyPolicy", "kms:DescribeKey"], "*", Principal=root),
    )
    kms.put_key_policy(KeyId=kms_key, Policy=text)
    put(**AWS_KMS, SSEKMSKeyId=kms_key)
    assert got() == b"a note"
    assert refused(kms.generate_data_key, KeyId=kms_key, KeySpec="AES_256").code == "AccessDeniedException"


def test_a_policy_on_the_callers_address_fails_at_kms(s3, put, sim, kms_key, refused):
    put(**AWS_KMS, SSEKMSKeyId=kms_key)
    here = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    alice = sim.user("alice", policies=[allow("s3:GetObject", Condition=here), allow("kms:Decrypt", Condition=here)])
    client = alice.client("s3", source_ip="192.0.2.44")
    assert "kms:Decrypt" in refused(client.get_object, Bucket=BUCKET, Key="note").message


def test_each_of_many_deletions_is_decided_for_itself(s3, put, sim):
    for key in ("mine/a", "yours/b"):
        put(key)
    client = sim.user("alice", policies=[allow("s3:DeleteObject", arn("mine/*"))]).client("s3")
    answer = client.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "mine/a"}, {"Key": "yours/b"}]})
    assert [each["Key"] for each in answer["Deleted"]] == ["mine/a"]
    assert [(each["Key"], each["Code"]) for each in answer["Errors"]] == [("yours/b", "AccessDenied")]


def test_a_permissions_boundary_and_a_service_control_policy_limit_s3_too(reads, sim, refused):
    alice = sim.user("alice", policies=[allow("s3:*")], boundary=allow("s3:ListBucket"))
    assert "because no permissions boundary allows the s3:GetObject action" in refused(reads, alice).message
    bob = sim.user("bob", policies=[allow("s3:*")])
    sim.account(HOME, scps=[allow("kms:*")])
    assert "because no service control policy allows the s3:GetObject action" in refused(reads, bob).message


def test_a_resource_control_policy_of_the_buckets_account_is_heard(reads, sim, refused):
    alice = sim.user("alice", policies=[allow("s3:*")])
    deny = {"Version": "2012-10-17", "Statement": [statement("s3:GetObject", "*", "Deny", Principal="*")]}
    sim.account(HOME, rcps=[deny])
    assert refused(reads, alice).message.endswith("with an explicit deny in a resource control policy")


def test_a_decision_can_be_opened(reads, sim, s3):
    reads(sim.user("alice", policies=[allow("s3:GetObject")]))
    record = sim.trail.named("GetObject")[-1]
    assert record.decision.allowed
    assert [(step.check.value, step.answer) for step in record.decision.steps] == [
        ("explicit deny", False), ("resource-based policy names the caller", False), ("IAM policy", True),
    ]  # fmt: skip
    assert record.decision.steps[1].question == "Does the bucket policy allow alice by name?"
    assert sim.authorization(record).request.action == "s3:GetObject"


def test_the_session_of_a_role_may_what_the_role_may(reads, sim):
    assert reads(sim.role("app", policies=[allow("s3:GetObject")])) == b"a note"


def test_whoever_is_deleted_is_not_found_again_in_a_bucket_policy(s3, sim, alice):
    policy(s3, statement("s3:GetObject", arn("*"), Principal={"AWS": alice.arn}))
    iam = sim.client("iam")
    unique = iam.get_user(UserName="alice")["User"]["UserId"]
    for key in iam.list_access_keys(UserName="alice")["AccessKeyMetadata"]:
        iam.delete_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName="alice")
    assert unique in s3.get_bucket_policy(Bucket=BUCKET)["Policy"]


# --- in pictures --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("account", "policies", "statements", "title", "change"), [
    (HOME, [], [], "Denied: no IAM policy of alice allows s3:GetObject", "IAM policy"),
    (HOME, [allow("s3:GetObject")], [], "Allowed: an IAM policy of alice allows s3:GetObject", "bucket policy"),
    (OTHER, [allow("s3:GetObject")], [], "Denied: the bucket policy names neither alice nor the account", "bucket policy"),
    (HOME, [allow("s3:*")], [statement("s3:GetObject", arn("*"), "Deny", Principal="*")], "Denied: the bucket policy says Deny, and a Deny always wins", "bucket policy"),
])  # fmt: skip
def test_a_picture_tells_of_the_bucket_policy_and_of_a_change_that_helps(
    reads, s3, sim, account, policies, statements, title, change
):
    from kms_teach.access.fixes import fixes
    from kms_teach.inspect.decision import decision

    alice = sim.user("alice", account=account, policies=policies)
    if statements:
        policy(s3, *statements)
    with contextlib.suppress(ClientError):
        reads(alice)
    authorization = sim.authorization(sim.trail.named("GetObject")[-1])
    assert decision(authorization).title == title
    found = fixes(authorization.request, authorization.documents)
    assert change in {edit.kind for fix in found for edit in fix.edits}
    for fix in found:
        assert (
            decide(*fix.apply(authorization.request, authorization.documents)).allowed
            is not authorization.decision.allowed
        )
