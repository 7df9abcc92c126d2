"""AWS's worked examples that are about calls, played through a Simulator; those about policies are in test_guides.py.

KMS Developer Guide: each test names its page. The people and what they may are the guide's.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.people import Person
from tests.access.people import allow, deny

ACCOUNT, AWAY = "111122223333", "444455556666"
DELEGATING = allow(f"arn:aws:iam::{ACCOUNT}:root")


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def fails(call: Callable[..., Any], code: str = "AccessDeniedException", **params: Any) -> bool:
    with pytest.raises(ClientError) as raised:
        call(**params)
    assert raised.value.response["Error"]["Code"] == code
    return True


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(start="2026-01-01T00:00:00Z") as simulator:
        yield simulator


@pytest.fixture
def slow() -> Iterator[Simulator]:
    with Simulator(start="2026-01-01T00:00:00Z", slow=True) as simulator:
        yield simulator


def key(sim: Simulator, *statements: dict[str, Any], **params: Any) -> str:
    """A key with the default key policy, and these statements besides."""
    text = json.dumps(policy(DELEGATING, *statements))
    return sim.client("kms").create_key(Policy=text, **params)["KeyMetadata"]["KeyId"]


def ciphertext(sim: Simulator, key_id: str, **context: str) -> bytes:
    return sim.client("kms").encrypt(KeyId=key_id, Plaintext=b"x", EncryptionContext=context)["CiphertextBlob"]


# --- create-grant-overview, grant-manage ---


@pytest.mark.parametrize(("constraint", "purpose_may_be_added"), [("EncryptionContextEquals", False), ("EncryptionContextSubset", True)])  # fmt: skip
def test_create_grant_overview_the_grantee_decrypts_under_the_constraint(
    sim: Simulator, constraint: str, purpose_may_be_added: bool
) -> None:
    key_id, grantee = key(sim), sim.user("exampleUser")
    sim.client("kms").create_grant(
        KeyId=key_id, GranteePrincipal=grantee.arn, Operations=["Decrypt"], RetiringPrincipal=sim.role("adminRole").arn,
        Constraints={constraint: {"Department": "IT"}},
    )  # fmt: skip
    decrypt = grantee.client("kms").decrypt
    exact = {"Department": "IT"}
    assert decrypt(CiphertextBlob=ciphertext(sim, key_id, **exact), EncryptionContext=exact)["Plaintext"] == b"x"
    more = {"Department": "IT", "Purpose": "Test"}
    params = {"CiphertextBlob": ciphertext(sim, key_id, **more), "EncryptionContext": more}
    assert decrypt(**params)["Plaintext"] == b"x" if purpose_may_be_added else fails(decrypt, **params)


def test_create_grant_overview_a_grantee_gives_on_no_more_than_it_has(sim: Simulator) -> None:
    key_id, grantee, another = key(sim), sim.user("exampleUser"), sim.user("anotherUser")
    sim.client("kms").create_grant(
        KeyId=key_id, GranteePrincipal=grantee.arn, Operations=["GenerateDataKey", "Decrypt", "CreateGrant"],
        Constraints={"EncryptionContextSubset": {"Department": "IT"}},
    )  # fmt: skip
    child = {"KeyId": key_id, "GranteePrincipal": another.arn}
    grants = grantee.client("kms").create_grant
    equals, wider = {"EncryptionContextEquals": {"Department": "IT"}}, {"EncryptionContextSubset": {"Purpose": "Test"}}
    assert grants(**child, Operations=["CreateGrant", "Decrypt"], Constraints=equals)["GrantId"]
    assert fails(grants, **child, Operations=["Decrypt", "ReEncryptFrom"], Constraints=equals)
    assert fails(grants, **child, Operations=["Decrypt"], Constraints=wider)
    back = {"EncryptionContextSubset": {"Department": "IT"}}
    assert fails(another.client("kms").create_grant, **child, Operations=["Decrypt"], Constraints=back)


def test_grant_manage_a_new_grant_needs_its_token_until_it_has_spread(slow: Simulator) -> None:
    key_id, app = key(slow), slow.user("appUser")
    token = slow.client("kms").create_grant(
        KeyId=key_id, GranteePrincipal=app.arn, Operations=["GenerateDataKey", "Decrypt"],
    )["GrantToken"]  # fmt: skip
    make = app.client("kms").generate_data_key
    assert fails(make, KeyId=key_id, KeySpec="AES_256")
    assert make(KeyId=key_id, KeySpec="AES_256", GrantTokens=[token])["Plaintext"]
    slow.advance(minutes=5)
    assert make(KeyId=key_id, KeySpec="AES_256")["Plaintext"]


def test_grant_manage_retiring_is_for_the_grant_to_say_and_revoking_for_policies(sim: Simulator) -> None:
    key_id, grantee, admin = key(sim), sim.user("exampleUser"), sim.user("acctAdmin")
    by_policy = sim.user("revoker", policies=[policy(allow(action=["kms:RevokeGrant"]))])

    def granted() -> dict[str, Any]:
        return sim.client("kms").create_grant(
            KeyId=key_id, GranteePrincipal=grantee.arn, Operations=["Decrypt"], RetiringPrincipal=admin.arn,
        )  # fmt: skip

    one, two = granted(), granted()
    assert fails(grantee.client("kms").retire_grant, GrantToken=one["GrantToken"])
    assert fails(by_policy.client("kms").retire_grant, GrantToken=one["GrantToken"])
    assert fails(admin.client("kms").revoke_grant, KeyId=key_id, GrantId=one["GrantId"])
    admin.client("kms").retire_grant(GrantToken=one["GrantToken"])
    by_policy.client("kms").revoke_grant(KeyId=key_id, GrantId=two["GrantId"])
    assert sim.client("kms").list_grants(KeyId=key_id)["Grants"] == []


# --- alias-access, alias-authorization ---


def test_alias_access_an_alias_is_moved_with_permission_on_it_and_on_both_keys(sim: Simulator) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:user/KMSAdminUser"
    alias = f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/test-key"
    admin = sim.user("KMSAdminUser", policies=[policy(allow(action="kms:UpdateAlias", resource=alias))])
    on_key = allow(arn, ["kms:UpdateAlias", "kms:DescribeKey"])
    now, then, closed = key(sim, on_key), key(sim, on_key), key(sim)
    for name in ("alias/test-key", "alias/other"):
        sim.client("kms").create_alias(AliasName=name, TargetKeyId=now)
    update = admin.client("kms").update_alias
    assert fails(update, AliasName="alias/test-key", TargetKeyId=closed)
    assert fails(update, AliasName="alias/other", TargetKeyId=then)
    update(AliasName="alias/test-key", TargetKeyId=then)
    assert admin.client("kms").describe_key(KeyId="alias/test-key")["KeyMetadata"]["KeyId"] == then


def test_alias_authorization_the_key_must_be_named_by_a_matching_alias(sim: Simulator) -> None:
    developer = sim.role("alpha-developer")
    named = {"StringLike": {"kms:RequestAlias": "alias/*alpha*"}}
    key_id = key(sim, allow(developer.arn, ["kms:Decrypt", "kms:DescribeKey"], Condition=named))
    for name in ("alias/project-alpha", "alias/project-beta"):
        sim.client("kms").create_alias(AliasName=name, TargetKeyId=key_id)
    describe = developer.client("kms").describe_key
    arn = f"arn:aws:kms:us-east-1:{ACCOUNT}"
    assert describe(KeyId="alias/project-alpha")["KeyMetadata"]["KeyId"] == key_id
    assert describe(KeyId=f"{arn}:alias/project-alpha")["KeyMetadata"]["KeyId"] == key_id
    assert fails(describe, KeyId=key_id)
    assert fails(describe, KeyId=f"{arn}:key/{key_id}")
    assert fails(describe, KeyId="alias/project-beta")


def test_alias_authorization_the_keys_aliases_count_however_it_is_named(sim: Simulator) -> None:
    by_alias = {"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/restricted*"}}
    person = sim.user("rotator", policies=[policy(allow(action="kms:EnableKeyRotation", Condition=by_alias))])
    with_alias, without = key(sim), key(sim)
    sim.client("kms").create_alias(AliasName="alias/restricted-project", TargetKeyId=with_alias)
    person.client("kms").enable_key_rotation(KeyId=with_alias)
    assert fails(person.client("kms").enable_key_rotation, KeyId=without)


# --- tag-permissions, customer-managed-policies ---


def test_tag_permissions_a_key_is_made_with_tags_by_who_may_tag_the_accounts_keys(sim: Simulator) -> None:
    tags = [{"TagKey": "Project", "TagValue": "Alpha"}]
    tagging = allow(action=["kms:TagResource", "kms:UntagResource"], resource=f"arn:aws:kms:*:{ACCOUNT}:key/*")
    may = sim.user("may", policies=[policy(allow(action="kms:CreateKey"), tagging)])
    may_not = sim.user("mayNot", policies=[policy(allow(action="kms:CreateKey"))])
    made = may.client("kms").create_key(Tags=tags)["KeyMetadata"]["KeyId"]
    assert sim.client("kms").list_resource_tags(KeyId=made)["Tags"] == tags
    in_key_policy = json.dumps(policy(DELEGATING, allow(may_not.arn, ["kms:TagResource", "kms:PutKeyPolicy"])))
    assert may_not.client("kms").create_key(Policy=in_key_policy)
    assert fails(may_not.client("kms").create_key, Tags=tags)
    assert fails(may_not.client("kms").create_key, Tags=tags, Policy=in_key_policy)  # a key policy is not enough


def test_tag_permissions_who_may_tag_one_key_alone_makes_none_with_tags(sim: Simulator) -> None:
    one = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{key(sim)}"
    person = sim.user("one", policies=[policy(allow(action="kms:CreateKey"), allow(action="kms:*", resource=one))])
    tags = [{"TagKey": "Project", "TagValue": "Alpha"}]
    person.client("kms").tag_resource(KeyId=one, Tags=tags)
    assert fails(person.client("kms").create_key, Tags=tags)


def test_customer_managed_policies_who_makes_a_key_must_keep_put_key_policy_or_bypass_the_check(sim: Simulator) -> None:
    maker = sim.user("maker", policies=[policy(allow(action="kms:CreateKey"))])
    create = maker.client("kms").create_key
    lost = json.dumps(policy(DELEGATING, allow(maker.arn, "kms:Decrypt")))
    assert fails(create, "MalformedPolicyDocumentException", Policy=lost)
    assert create(Policy=lost, BypassPolicyLockoutSafetyCheck=True)
    assert create(Policy=json.dumps(policy(DELEGATING, allow(maker.arn, "kms:PutKeyPolicy"))))


def test_conditions_kms_an_account_may_forbid_the_bypass(sim: Simulator) -> None:
    forbids = deny(action=["kms:CreateKey", "kms:PutKeyPolicy"], Condition={"Bool": {"kms:BypassPolicyLockoutSafetyCheck": True}})  # fmt: skip
    person = sim.user("careful", policies=[policy(allow(action="kms:*"), forbids)])
    assert person.client("kms").create_key()
    assert fails(person.client("kms").create_key, BypassPolicyLockoutSafetyCheck=True)


def test_conditions_kms_for_all_values_with_an_encryption_context_is_refused(sim: Simulator) -> None:
    too_much = allow("*", Condition={"ForAllValues:StringEquals": {"kms:EncryptionContext:Department": "IT"}})
    with pytest.raises(ClientError, match="OverlyPermissiveCondition: Using the ForAllValues set operator"):
        key(sim, too_much)
    assert key(sim, allow("*", Condition={"StringEquals": {"kms:EncryptionContext:Department": "IT"}}))


# --- policy-evaluation, multi-region-keys-auth, vpce-connect, resource-control-policies ---


def test_policy_evaluation_bob_uses_a_key_of_another_account_in_a_role(sim: Simulator) -> None:
    use = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"]
    owner = sim.client("kms", account=AWAY)
    text = policy(allow(f"arn:aws:iam::{AWAY}:root"), allow(f"arn:aws:iam::{ACCOUNT}:root", use))
    arn = owner.create_key(Policy=json.dumps(text))["KeyMetadata"]["Arn"]
    bob = sim.user("bob", policies=[policy(allow(action="sts:AssumeRole"))])
    trust = policy({"Effect": "Allow", "Principal": {"AWS": bob.arn}, "Action": "sts:AssumeRole"})
    role = sim.role("Engineering", policies=[policy(allow(action=use, resource=arn))], trust=trust)
    got = bob.client("sts").assume_role(RoleArn=role.arn, RoleSessionName="bob")["Credentials"]
    assert sim.session(got).client("kms").encrypt(KeyId=arn, Plaintext=b"x")["KeyId"] == arn
    assert fails(bob.client("kms").encrypt, KeyId=arn, Plaintext=b"x")
    assert fails(sim.session(got).client("kms").create_grant, KeyId=arn, GranteePrincipal=bob.arn, Operations=["Decrypt"])  # fmt: skip


def test_multi_region_keys_auth_replicating_takes_permission_on_the_key_and_in_the_other_region(sim: Simulator) -> None:
    def person(name: str, *regions: str) -> Person:
        there = {"StringEquals": {"aws:RequestedRegion": list(regions)}}
        return sim.role(name, policies=[policy(allow(action="kms:CreateKey", Condition=there))])

    admin, here_only, other = (
        person("Administrator", "eu-west-3"),
        person("Here", "us-east-1"),
        person("Other", "eu-west-3"),
    )
    into = {"StringEquals": {"kms:ReplicaRegion": ["eu-west-3", "ap-southeast-2"]}}
    key_id = key(sim, allow([admin.arn, here_only.arn], "kms:ReplicateKey", Condition=into), MultiRegion=True)
    replicate = admin.client("kms").replicate_key
    for who, region in (
        (admin, "eu-west-1"),
        (admin, "ap-southeast-2"),
        (here_only, "eu-west-3"),
        (other, "eu-west-3"),
    ):
        assert fails(who.client("kms").replicate_key, KeyId=key_id, ReplicaRegion=region)
    assert replicate(KeyId=key_id, ReplicaRegion="eu-west-3")["ReplicaKeyMetadata"]["KeyId"] == key_id
    assert "kms:ReplicateKey" not in sim.client("kms", region="eu-west-3").get_key_policy(KeyId=key_id)["Policy"]


def test_multi_region_keys_auth_the_primary_moves_with_permission_on_both_keys(sim: Simulator) -> None:
    here, both = sim.role("Here"), sim.role("Both")
    key_id = key(sim, allow([here.arn, both.arn], "kms:UpdatePrimaryRegion"), MultiRegion=True)
    there = json.dumps(policy(DELEGATING, allow(both.arn, "kms:UpdatePrimaryRegion", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-3"}})))  # fmt: skip
    sim.client("kms").replicate_key(KeyId=key_id, ReplicaRegion="eu-west-3", Policy=there)
    assert fails(here.client("kms").update_primary_region, KeyId=key_id, PrimaryRegion="eu-west-3")
    both.client("kms").update_primary_region(KeyId=key_id, PrimaryRegion="eu-west-3")


def test_vpce_connect_both_the_key_policy_and_the_endpoints_policy_must_allow(sim: Simulator) -> None:
    person = sim.user("ExampleUser")
    key_id = key(sim, allow(person.arn, ["kms:DescribeKey", "kms:Encrypt"]))
    through = sim.vpc_endpoint(policy(allow(person.arn, ["kms:DescribeKey", "kms:DisableKey"])))
    inside, outside = person.client("kms", endpoint=through), person.client("kms")
    assert inside.describe_key(KeyId=key_id)
    assert fails(inside.encrypt, KeyId=key_id, Plaintext=b"x")
    assert fails(inside.disable_key, KeyId=key_id)
    assert outside.encrypt(KeyId=key_id, Plaintext=b"x")


def test_resource_control_policies_services_use_keys_only_for_accounts_of_the_organization(sim: Simulator) -> None:
    s3 = sim.aws_service("s3.amazonaws.com")
    key_id = key(sim, {**allow(action="kms:DescribeKey"), "Principal": {"Service": s3.name}})
    arn = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{key_id}"
    outside = {"StringNotEqualsIfExists": {"aws:SourceOrgID": "my-org-id"}, "Bool": {"aws:PrincipalIsAWSService": "true"}, "Null": {"aws:SourceAccount": "false"}}  # fmt: skip
    rcp = policy(deny("*", Condition=outside))
    sim.account(ACCOUNT, organization="my-org-id", rcps=[rcp])
    sim.account("777788889999", organization="my-org-id")
    sim.account(AWAY, organization="o-other")
    for account, allowed in (("", True), (ACCOUNT, True), ("777788889999", True), (AWAY, False), ("555555555555", False)):  # fmt: skip
        describe = s3.client("kms", source_account=account).describe_key
        assert describe(KeyId=arn) if allowed else fails(describe, KeyId=arn)
