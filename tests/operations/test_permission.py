import json

import pytest

from kms_teach.access.actions import ACTIONS
from tests.access.people import allow, deny

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}


def put(kms, key, *statements):
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    kms.put_key_policy(KeyId=key, Policy=policy, BypassPolicyLockoutSafetyCheck=True)


def test_a_question_is_answered_as_the_call_was(sim, kms, key, refused):
    alice = sim.user("alice")
    refused(alice.client("kms").encrypt, KeyId=key, Plaintext=b"x")
    denied = sim.trail[-1]
    sim.user("alice", policies=[EVERYTHING])
    alice.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    assert sim.authorization(denied).decision == denied.decision  # as it was read then, not as it is now
    assert sim.authorization(sim.trail[-1]).decision == sim.trail[-1].decision
    assert not sim.authorization(denied).decision.allowed
    assert sim.authorization(sim.trail[-1]).decision.allowed


def test_of_two_questions_in_a_call_the_one_that_mattered_is_given(sim, kms, key, refused):
    other = kms.create_key()["KeyMetadata"]["Arn"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    put(kms, other, allow(sim.role("admin").arn))
    refused(kms.re_encrypt, CiphertextBlob=blob, DestinationKeyId=other)
    question = sim.authorization(sim.trail[-1])
    assert (question.request.action, question.request.resource) == ("kms:ReEncryptTo", other)


def test_the_others_are_everybody_but_the_caller(sim, kms, key):
    sim.user("alice")
    sim.role("admin")
    kms.describe_key(KeyId=key)
    assert [who.principal.label for who in sim.authorization(sim.trail[-1]).others] == ["admin", "alice"]


def test_where_nothing_was_asked_there_is_no_question(sim, kms, refused):
    refused(kms.describe_key, KeyId="alias/none")
    with pytest.raises(ValueError, match="choose a newer one"):
        sim.authorization(sim.trail[-1])


def test_another_simulator_does_not_remember(sim, kms, key, tmp_path):
    from kms_teach import Simulator

    with Simulator(tmp_path / "class.db") as first:
        first.client("kms").create_key()
    with Simulator(tmp_path / "class.db") as second, pytest.raises(ValueError, match="nobody remembers"):
        second.authorization(second.trail[-1])


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [("encrypt", {"Plaintext": b"x"}), ("describe_key", {}), ("disable_key", {}), ("get_key_policy", {})],
)
def test_the_matrix_says_what_the_calls_say(sim, kms, key, operation, parameters):
    """Each person makes each call; the cell and the answer agree."""
    people = [
        sim.root(), sim.user("alice"), sim.user("bob", policies=[EVERYTHING]), sim.role("admin", policies=[EVERYTHING]),
        sim.user("dave", account="444455556666", policies=[EVERYTHING]),
    ]  # fmt: skip
    put(kms, key, allow("111122223333"), allow(people[1].arn, "kms:Encrypt"), deny(people[2].arn, "kms:DisableKey"))
    arn = kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    action = operation.title().replace("_", "")
    matrix = sim.who_may(key, [action])
    for person in people:
        client = person.client("kms")
        kms.enable_key(KeyId=key)
        try:
            getattr(client, operation)(KeyId=arn, **parameters)
            answered = True
        except client.exceptions.ClientError:
            answered = False
        row = next(row for row in matrix.rows if person.name in row.split("/") or (not person.name and ":root" in row))
        assert matrix.cells[row, action].allowed is answered, (row, action)


def test_a_condition_on_the_caller_s_account_is_asked_with_each_caller_s_own(sim, kms, key):
    sim.user("alice")
    sim.user("dave", account="444455556666", policies=[EVERYTHING])
    home = {"StringEquals": {"kms:CallerAccount": "111122223333"}}
    put(kms, key, allow("*", "kms:Encrypt", Condition=home))
    allowed = {row.rpartition("/")[2] for row, _ in sim.who_may(key, ["Encrypt"]).allowed()}
    assert allowed == {"arn:aws:iam::111122223333:root", "alice"}


def test_a_grant_is_seen_in_the_cell_of_its_grantee_alone(sim, kms, key):
    alice = sim.user("alice")
    sim.user("bob")
    kms.create_grant(KeyId=key, GranteePrincipal=alice.arn, Operations=["Decrypt"])
    matrix = sim.who_may(key, ["Decrypt", "Encrypt"])
    assert {place for place in matrix.allowed() if "root" not in place[0]} == {(alice.arn, "Decrypt")}
    assert matrix.cells[alice.arn, "Decrypt"].reason == "a grant"


def test_who_assumed_a_role_is_no_row_of_its_own(sim, kms, key):
    alice = sim.user("alice", policies=[{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}])  # fmt: skip
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": alice.arn}, "Action": "sts:AssumeRole"}]}  # fmt: skip
    role = sim.role("app", trust=trust)
    alice.client("sts").assume_role(RoleArn=role.arn, RoleSessionName="run")
    rows = [row.rpartition(":")[2] for row in sim.who_may(key).rows]
    assert rows == ["root", "user/alice", "assumed-role/app/kms-teach"]


def test_every_permission_can_be_a_column(sim, key):
    assert len(sim.who_may(key, tuple(ACTIONS)).cells) == len(ACTIONS)


def test_the_organization_of_a_caller_is_that_of_its_account_now(sim, kms, key, refused):
    member = {"StringEquals": {"aws:PrincipalOrgID": "o-ours"}}
    own = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}
    every = {"Effect": "Allow", "Principal": "*", "Action": "kms:Encrypt", "Resource": "*", "Condition": member}
    put(kms, key, own, every)
    alice = sim.user("alice")
    encrypt = alice.client("kms").encrypt
    refused(encrypt, KeyId=key, Plaintext=b"x")
    sim.account(organization="o-ours")
    encrypt(KeyId=key, Plaintext=b"x")
    assert (alice.arn, "Encrypt") in sim.who_may(key, ["Encrypt"]).allowed()
    sim.account(organization="o-others")
    refused(encrypt, KeyId=key, Plaintext=b"x")


def test_a_resource_control_policy_reaches_customer_managed_keys_alone(sim, kms, key, refused):
    """KMS Developer Guide, "Resource control policies in AWS KMS"."""
    deny_all = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "kms:GenerateDataKey", "Resource": "*"}]}  # fmt: skip
    sim.account(rcps=[deny_all])
    ec2 = sim.user("alice", policies=[EVERYTHING]).client("kms", via="ec2")
    ec2.generate_data_key(KeyId="alias/aws/ebs", KeySpec="AES_256")
    error = refused(ec2.generate_data_key, KeyId=key, KeySpec="AES_256")
    assert error.message.endswith("with an explicit deny in a resource control policy")
