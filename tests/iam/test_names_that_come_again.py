"""A user or role that is deleted and made again has another unique id: what named the old one names nobody."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.iam.conftest import HOME, document, trust

ROLE = f"arn:aws:iam::{HOME}:role/app"


def opens(client, blob):
    try:
        return client.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
    except ClientError:
        return False


@pytest.fixture
def kms(sim):
    return sim.client("kms")


@pytest.mark.parametrize("by", ["policy", "grant"])
def test_a_namesake_gets_nothing_of_what_the_first_was_given(sim, iam, kms, by):
    app = sim.role("app")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    if by == "policy":
        named = {"Effect": "Allow", "Principal": {"AWS": app.arn}, "Action": "kms:Decrypt", "Resource": "*"}
        kms.put_key_policy(KeyId=key, Policy=json.dumps(policy | {"Statement": [*policy["Statement"], named]}))
    else:
        kms.create_grant(KeyId=key, GranteePrincipal=app.arn, Operations=["Decrypt"])
    assert opens(app.client("kms"), blob)
    old = iam.get_role(RoleName="app")["Role"]["RoleId"]
    iam.delete_role(RoleName="app")
    assert not opens(app.client("kms"), blob)
    shown = (
        json.loads(kms.get_key_policy(KeyId=key)["Policy"])["Statement"][-1]["Principal"]["AWS"]
        if by == "policy"
        else kms.list_grants(KeyId=key)["Grants"][0]["GranteePrincipal"]
    )
    assert shown == old
    again = sim.role("app")
    assert iam.get_role(RoleName="app")["Role"]["RoleId"] != old
    assert not opens(again.client("kms"), blob)


def test_a_trust_policy_shows_the_unique_id_of_whom_it_trusted(sim, iam):
    user = iam.create_user(UserName="alice")["User"]
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=trust({"AWS": user["Arn"]}))
    iam.delete_user(UserName="alice")
    iam.create_user(UserName="alice")
    shown = iam.get_role(RoleName="app")["Role"]["AssumeRolePolicyDocument"]
    assert shown["Statement"][0]["Principal"]["AWS"] == user["UserId"]


def test_a_key_policy_cannot_be_put_with_the_unique_id_of_nobody(kms):
    statement = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    policy = document(*({**statement, "Principal": {"AWS": who}} for who in (HOME, "AROA" + "A" * 17)))
    with pytest.raises(kms.exceptions.MalformedPolicyDocumentException, match="invalid principals"):
        kms.create_key(Policy=policy)


def test_a_deleted_role_that_was_named_is_no_principal_any_more(sim, iam, kms):
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=trust())
    statement = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    policy = document(*({**statement, "Principal": {"AWS": who}} for who in (HOME, ROLE)))
    kms.create_key(Policy=policy)
    iam.delete_role(RoleName="app")
    with pytest.raises(kms.exceptions.MalformedPolicyDocumentException, match="invalid principals"):
        kms.create_key(Policy=policy)
