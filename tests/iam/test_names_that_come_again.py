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
    with pytest.raises(iam.exceptions.MalformedPolicyDocumentException) as caught:
        iam.update_assume_role_policy(RoleName="app", PolicyDocument=json.dumps(shown))
    assert caught.value.response["Error"]["Message"] == f'Invalid principal in policy: "AWS":"{user["UserId"]}"'


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


def test_sessions_of_a_deleted_role_are_named_by_its_unique_id_too(sim, iam, kms):
    app = sim.role("app")
    session = app.client("sts").get_caller_identity()["Arn"]
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    named = {"Effect": "Allow", "Principal": {"AWS": [session]}, "Action": "kms:Decrypt", "Resource": "*"}
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy | {"Statement": [*policy["Statement"], named]}))
    assert opens(app.client("kms"), blob)
    old = iam.get_role(RoleName="app")["Role"]["RoleId"]
    iam.delete_role(RoleName="app")
    again = sim.role("app")
    assert again.client("sts").get_caller_identity()["Arn"] == session
    assert not opens(again.client("kms"), blob)
    assert json.loads(kms.get_key_policy(KeyId=key)["Policy"])["Statement"][-1]["Principal"]["AWS"] == [old]


def test_a_policy_that_spells_an_arn_with_escapes_names_the_same_role(sim, iam, kms):
    app = sim.role("app")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    named = {"Effect": "Allow", "Principal": {"AWS": app.arn}, "Action": "kms:Decrypt", "Resource": "*"}
    text = json.dumps(policy | {"Statement": [*policy["Statement"], named]})
    kms.put_key_policy(KeyId=key, Policy=text.replace("role/app", r"role\/\u0061pp"))
    assert opens(app.client("kms"), blob)
    iam.delete_role(RoleName="app")
    assert not opens(sim.role("app").client("kms"), blob)


def test_a_condition_on_the_principals_arn_is_about_the_name_and_stays(sim, iam, kms):
    sim.role("app")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    condition = {"ArnEquals": {"aws:PrincipalArn": ROLE}}
    by_name = {
        "Effect": "Allow", "Principal": {"AWS": HOME}, "Action": "kms:Decrypt", "Resource": "*", "Condition": condition
    }  # fmt: skip
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy | {"Statement": [*policy["Statement"], by_name]}))
    before = kms.get_key_policy(KeyId=key)["Policy"]
    iam.delete_role(RoleName="app")
    assert kms.get_key_policy(KeyId=key)["Policy"] == before
    may = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}}
    assert opens(sim.role("app", policies=[may]).client("kms"), blob)
