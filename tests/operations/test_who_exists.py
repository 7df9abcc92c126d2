"""Whom grants and key policies may name: who exists, and who never does."""

import json

import pytest

HOME, AWAY = "111122223333", "444455556666"
DEEP = "arn:aws:iam::111122223333:role/team/deep"

# an ARN, whether somebody has it
ARNS = [
    (f"arn:aws:iam::{HOME}:root", True),
    (f"arn:aws:iam::{AWAY}:root", True),  # every account of twelve digits exists
    (f"arn:aws:iam::{HOME}:user/alice", True),
    (f"arn:aws:iam::{HOME}:user/Alice", False),
    (f"arn:aws:iam::{HOME}:user/nope", False),
    (f"arn:aws:iam::{AWAY}:user/alice", False),  # the neighbour has nobody of that name
    (f"arn:aws:iam::{AWAY}:user/bob", True),
    (f"arn:aws:iam::{HOME}:role/app", True),
    (f"arn:aws:iam::{HOME}:role/nope", False),
    (f"arn:aws:iam::{HOME}:user/app", False),
    (DEEP, True),
    (f"arn:aws:iam::{HOME}:role/deep", False),  # without its path
    (f"arn:aws:sts::{HOME}:assumed-role/app/any-session", True),
    (f"arn:aws:sts::{HOME}:assumed-role/deep/run", True),  # a session's ARN has no path
    (f"arn:aws:sts::{HOME}:assumed-role/nope/run", False),
    (f"arn:aws:sts::{HOME}:assumed-role/alice/run", False),  # a user has no sessions
    (f"arn:aws:sts::{AWAY}:assumed-role/app/run", False),
    (f"arn:aws:sts::{HOME}:federated-user/anybody", True),
    (f"arn:aws:iam::{HOME}:group/team", False),
    ("AIDAEXAMPLE", False),
    ("alice", False),
]
BROKEN = ["arn:aws:iam:::user/alice", "arn:aws:iam::alice:root", "arn:aws:iam:root"]


@pytest.fixture
def people(sim):
    sim.user("alice")
    sim.user("bob", account=AWAY)
    sim.role("app")
    sim.role("deep", path="/team/")


@pytest.mark.parametrize("parameter", ["GranteePrincipal", "RetiringPrincipal"])
@pytest.mark.parametrize(("arn", "there"), ARNS + [(arn, False) for arn in BROKEN])
def test_a_grant_names_only_who_exists(kms, key, people, refused, parameter, arn, there):
    asked = {"KeyId": key, "GranteePrincipal": f"arn:aws:iam::{HOME}:user/alice", "Operations": ["Decrypt"]}
    if there:
        kms.create_grant(**{**asked, parameter: arn})
        return
    said = refused(kms.create_grant, **{**asked, parameter: arn})
    assert said == ("InvalidArnException", f"ARN does not refer to a valid principal: {arn}")
    assert kms.list_grants(KeyId=key)["Grants"] == []


@pytest.mark.parametrize(("arn", "there"), ARNS)
def test_a_key_policy_names_only_who_exists(kms, key, people, refused, arn, there):
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    policy["Statement"].append({"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "kms:Decrypt", "Resource": "*"})
    text = json.dumps(policy)
    if there:
        kms.put_key_policy(KeyId=key, Policy=text)
        return
    said = refused(kms.put_key_policy, KeyId=key, Policy=text)
    assert said == (
        "MalformedPolicyDocumentException",
        "Policy contains a statement with one or more invalid principals.",
    )


@pytest.mark.parametrize("arn", BROKEN)
def test_a_broken_arn_in_a_key_policy_is_no_arn_of_nobody(kms, key, refused, arn):
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    policy["Statement"][0]["Principal"]["AWS"] = [policy["Statement"][0]["Principal"]["AWS"], arn]
    said = refused(kms.put_key_policy, KeyId=key, Policy=json.dumps(policy))
    assert said == ("InvalidArnException", "An ARN in the specified key policy is invalid.")
