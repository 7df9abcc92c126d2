"""What surrounds a caller: boundaries, organizations, endpoints, services; each seen to count in a real call."""

import json

import pytest


def allow(action="kms:*", resource="*", **more):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource, **more}]}


def deny(action, **more):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": action, "Resource": "*", **more}]}


def test_a_boundary_is_a_ceiling(sim, key, refused):
    alice = sim.user("alice", policies=[allow()], boundary=allow("kms:Encrypt")).client("kms")
    assert alice.encrypt(KeyId=key, Plaintext=b"x")
    assert refused(alice.describe_key, KeyId=key).message.endswith(
        "because no permissions boundary allows the kms:DescribeKey action"
    )


def test_an_scp_binds_even_the_root_user(sim, kms, key, refused):
    sim.account(scps=[[allow("*"), deny("kms:ScheduleKeyDeletion")]])
    assert "explicit deny in a service control policy" in refused(kms.schedule_key_deletion, KeyId=key).message
    sim.account(scps=[allow("*")])
    assert kms.schedule_key_deletion(KeyId=key)


def test_an_rcp_binds_the_other_account_too(sim, kms, key, refused):
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    policy["Statement"].append({"Effect": "Allow", "Principal": "*", "Action": "kms:Encrypt", "Resource": "*"})
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))
    arn = kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    neighbour = sim.client("kms", account="444455556666")
    assert neighbour.encrypt(KeyId=arn, Plaintext=b"x")
    sim.account(
        rcps=[
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "kms:Encrypt", "Resource": "*"}],
            }
        ]
    )
    assert refused(neighbour.encrypt, KeyId=arn, Plaintext=b"x").code == "AccessDeniedException"


def test_an_endpoint_has_a_policy_and_a_name_for_conditions(sim, key, refused):
    narrow = sim.vpc_endpoint(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:Encrypt", "Resource": "*"}],
        }
    )
    alice = sim.user("alice", policies=[allow(Condition={"StringEquals": {"aws:SourceVpce": narrow.id}})])
    assert alice.client("kms", endpoint=narrow).encrypt(KeyId=key, Plaintext=b"x")
    assert "VPC endpoint policy" in refused(alice.client("kms", endpoint=narrow).describe_key, KeyId=key).message
    assert refused(alice.client("kms").encrypt, KeyId=key, Plaintext=b"x").code == "AccessDeniedException"


def test_a_key_that_is_only_for_a_service(sim, key, refused):
    through_s3 = allow(Condition={"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}})
    alice = sim.user("alice", policies=[through_s3])
    assert refused(alice.client("kms").generate_data_key, KeyId=key, KeySpec="AES_256").code == "AccessDeniedException"
    assert alice.client("kms", via="s3").generate_data_key(KeyId=key, KeySpec="AES_256")


def test_a_service_calls_for_a_resource(sim, kms, key, refused):
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    policy["Statement"].append({
        "Effect": "Allow", "Principal": {"Service": "logs.amazonaws.com"}, "Action": "kms:Encrypt", "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
    })  # fmt: skip
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))
    arn = kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    logs = sim.aws_service("logs.amazonaws.com")
    assert logs.client("kms", source_account="111122223333").encrypt(KeyId=arn, Plaintext=b"x")
    assert (
        refused(logs.client("kms", source_account="444455556666").encrypt, KeyId=arn, Plaintext=b"x").code
        == "AccessDeniedException"
    )


def test_tags_of_people_and_keys_meet_in_a_condition(sim, kms, refused):
    key = kms.create_key(Tags=[{"TagKey": "team", "TagValue": "blue"}])["KeyMetadata"]["KeyId"]
    same = allow(Condition={"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}})
    assert sim.user("blue", policies=[same], tags={"team": "blue"}).client("kms").describe_key(KeyId=key)
    red = sim.user("red", policies=[same], tags={"team": "red"}).client("kms")
    assert refused(red.describe_key, KeyId=key).code == "AccessDeniedException"


def test_an_encryption_context_in_a_condition(sim, key, refused):
    tenant = allow(Condition={"StringEquals": {"kms:EncryptionContext:tenant": "7"}})
    alice = sim.user("alice", policies=[tenant]).client("kms")
    assert alice.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"tenant": "7"})
    for context in ({}, {"tenant": "8"}):
        assert (
            refused(alice.encrypt, KeyId=key, Plaintext=b"x", EncryptionContext=context).code == "AccessDeniedException"
        )


def test_a_key_asked_for_by_its_alias(sim, kms, key, refused):
    kms.create_alias(AliasName="alias/photos", TargetKeyId=key)
    by_name = allow(Condition={"StringEquals": {"kms:RequestAlias": "alias/photos"}})
    by_any = allow(Condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/photos"}})
    alice = sim.user("alice", policies=[by_name]).client("kms")
    assert alice.encrypt(KeyId="alias/photos", Plaintext=b"x")
    assert refused(alice.encrypt, KeyId=key, Plaintext=b"x").code == "AccessDeniedException"
    assert sim.user("bob", policies=[by_any]).client("kms").encrypt(KeyId=key, Plaintext=b"x")


def test_an_alias_arn_in_a_resource_never_names_its_key(sim, kms, key, refused):
    kms.create_alias(AliasName="alias/photos", TargetKeyId=key)
    alice = sim.user(
        "alice", policies=[allow("kms:Encrypt", "arn:aws:kms:us-east-1:111122223333:alias/photos")]
    ).client("kms")
    assert refused(alice.encrypt, KeyId="alias/photos", Plaintext=b"x").code == "AccessDeniedException"


def test_a_key_unused_for_long_enough(sim, kms, key, refused):
    idle = allow("kms:DisableKey", Condition={"NumericGreaterThanEquals": {"kms:TrailingDaysWithoutKeyUsage": "30"}})
    alice = sim.user("alice", policies=[idle]).client("kms")
    kms.encrypt(KeyId=key, Plaintext=b"x")
    sim.advance(days=29)
    assert refused(alice.disable_key, KeyId=key).code == "AccessDeniedException"
    sim.advance(days=1)
    alice.disable_key(KeyId=key)


def test_re_encryption_within_one_key(sim, kms, key, refused):
    same = allow(["kms:ReEncrypt*"], Condition={"Bool": {"kms:ReEncryptOnSameKey": "true"}})
    alice = sim.user("alice", policies=[same]).client("kms")
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    assert alice.re_encrypt(CiphertextBlob=blob, DestinationKeyId=key)
    assert refused(alice.re_encrypt, CiphertextBlob=blob, DestinationKeyId=other).code == "AccessDeniedException"


@pytest.mark.parametrize("name", ["s3", "S3.amazonaws.com", "example.com"])
def test_what_is_no_service(sim, name):
    with pytest.raises(ValueError, match="is no service principal"):
        sim.aws_service(name)
