import json

import pytest

from kms_teach import Simulator

USE = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}


def trust(principal):
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}],
    }


def may_assume(arn):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": arn}]}


@pytest.fixture
def alice(sim):
    return sim.user("alice")


@pytest.fixture
def role(sim, alice):
    return sim.role("app", policies=[USE], trust=trust(alice.arn))


def test_a_session_is_somebody_with_the_roles_permissions(sim, key, alice, role):
    answer = alice.client("sts").assume_role(RoleArn=role.arn, RoleSessionName="monday")
    assert answer["AssumedRoleUser"]["Arn"] == "arn:aws:sts::111122223333:assumed-role/app/monday"
    session = sim.session(answer["Credentials"])
    assert session.client("sts").get_caller_identity()["Arn"].endswith("assumed-role/app/monday")
    assert session.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    assert sim.trail[-1].event["userIdentity"]["arn"].endswith("/monday")


def test_the_trust_policy_decides_who_may(sim, alice, role, refused):
    bob = sim.user("bob", policies=[may_assume(role.arn)])
    assert refused(bob.client("sts").assume_role, RoleArn=role.arn, RoleSessionName="bob-was-here") == (
        "AccessDenied", f"User: {bob.arn} is not authorized to perform: sts:AssumeRole on resource: {role.arn}",
    )  # fmt: skip


def test_a_role_that_trusts_the_account_needs_an_iam_policy_too(sim, refused):
    role = sim.role("open", trust=trust("111122223333"))
    bob = sim.user("bob").client("sts")
    assert refused(bob.assume_role, RoleArn=role.arn, RoleSessionName="bob-was-here").code == "AccessDenied"
    sim.user("bob", policies=[may_assume(role.arn)])
    assert bob.assume_role(RoleArn=role.arn, RoleSessionName="bob-was-here")


def test_another_account_needs_both_sides(sim, refused):
    guest = sim.user("guest", account="444455556666")
    role = sim.role("shared", policies=[USE], trust=trust(guest.arn))
    assert refused(guest.client("sts").assume_role, RoleArn=role.arn, RoleSessionName="guest-1").code == "AccessDenied"
    sim.user("guest", account="444455556666", policies=[may_assume(role.arn)])
    assert guest.client("sts").assume_role(RoleArn=role.arn, RoleSessionName="guest-1")


def test_a_role_without_trust_and_a_role_that_is_not_there(sim, alice, refused):
    closed = sim.role("closed")
    for arn in (closed.arn, "arn:aws:iam::111122223333:role/none", alice.arn):
        assert refused(alice.client("sts").assume_role, RoleArn=arn, RoleSessionName="a-session").code == "AccessDenied"


def test_a_session_policy_is_a_ceiling(sim, key, alice, role, refused):
    only = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*"}]}
    answer = alice.client("sts").assume_role(RoleArn=role.arn, RoleSessionName="narrow", Policy=json.dumps(only))
    kms = sim.session(answer["Credentials"]).client("kms")
    assert kms.encrypt(KeyId=key, Plaintext=b"x")
    assert "session policy" in refused(kms.describe_key, KeyId=key).message


def test_a_session_ends(sim, key, alice, role, refused):
    answer = alice.client("sts").assume_role(RoleArn=role.arn, RoleSessionName="short", DurationSeconds=900)
    kms = sim.session(answer["Credentials"]).client("kms")
    assert kms.describe_key(KeyId=key)
    sim.advance(minutes=15)
    assert refused(kms.describe_key, KeyId=key).code == "ExpiredTokenException"


@pytest.mark.parametrize("wrong", [{"RoleSessionName": "no spaces allowed"}, {"DurationSeconds": 60000}])
def test_parameters_that_cannot_be(alice, role, refused, wrong):
    asked = {"RoleArn": role.arn, "RoleSessionName": "fine", **wrong}
    assert refused(alice.client("sts").assume_role, **asked).code == "ValidationError"


def test_a_session_policy_that_is_none(alice, role, refused):
    said = refused(alice.client("sts").assume_role, RoleArn=role.arn, RoleSessionName="fine", Policy="{}")
    assert said.code == "MalformedPolicyDocument"


def test_credentials_of_another_simulator_are_not_taken(sim, alice, role):
    answer = alice.client("sts").assume_role(RoleArn=role.arn, RoleSessionName="fine")
    with Simulator() as other, pytest.raises(ValueError, match="take them from AssumeRole's answer"):
        other.session(answer["Credentials"])
