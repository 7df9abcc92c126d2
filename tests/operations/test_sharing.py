"""Keys shared through AWS RAM: who may use them then, and what the owner and the others see."""

import json

import pytest

from kms_teach import Simulator
from kms_teach.access.actions import ON_KEY
from kms_teach.access.reasons import Check, Reason
from kms_teach.inspect.decision_facts import title
from kms_teach.keys.sharing import SHARED_OPERATIONS

AWAY, THIRD = "444455556666", "777788889999"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}


@pytest.fixture
def arn(kms, key):
    return kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]


@pytest.fixture
def bob(sim):
    return sim.user("bob", account=AWAY, policies=[EVERYTHING])


def test_a_share_lets_the_iam_policies_of_the_other_account_decide(sim, kms, key, arn, bob, refused):
    client, poor = bob.client("kms"), sim.user("poor", account=AWAY).client("kms")
    assert refused(client.encrypt, KeyId=arn, Plaintext=b"x").code == "AccessDeniedException"
    assert sim.trail[-1].decision.step(Check.SHARED) is None
    sim.share(key, AWAY)
    client.encrypt(KeyId=arn, Plaintext=b"x")
    decision = sim.trail[-1].decision or sim.trail[-2].decision
    step = decision.step(Check.SHARED)
    assert (step.answer, step.document, step.reason) == (True, "AWS_RAM", Reason.STATEMENT)
    assert decision.decisive.check is Check.IAM
    denied = refused(poor.encrypt, KeyId=arn, Plaintext=b"x")
    assert "because no identity-based policy allows" in denied.message
    stranger = sim.user("carol", account=THIRD, policies=[EVERYTHING]).client("kms")
    assert refused(stranger.encrypt, KeyId=arn, Plaintext=b"x").code == "AccessDeniedException"


def test_a_share_gives_the_use_of_a_key_and_not_its_management(sim, kms, key, bob):
    sim.share(key, AWAY)
    matrix = sim.who_may(key, ON_KEY)
    assert {action for caller, action in matrix.allowed() if caller == bob.arn} == set(SHARED_OPERATIONS)
    assert not {"CreateGrant", "PutKeyPolicy", "ScheduleKeyDeletion", "GetKeyPolicy"} & set(SHARED_OPERATIONS)


def test_a_deny_of_the_key_policy_counts_against_a_share(sim, kms, key, arn, bob, refused):
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    deny = {"Effect": "Deny", "Principal": {"AWS": bob.arn}, "Action": "kms:Encrypt", "Resource": "*"}
    kms.put_key_policy(KeyId=key, Policy=json.dumps({**policy, "Statement": [*policy["Statement"], deny]}))
    sim.share(key, AWAY)
    assert refused(bob.client("kms").encrypt, KeyId=arn, Plaintext=b"x").code == "AccessDeniedException"


def test_the_second_policy_can_be_read_and_not_put(sim, kms, key, refused):
    assert kms.list_key_policies(KeyId=key)["PolicyNames"] == ["default"]
    assert refused(kms.get_key_policy, KeyId=key, PolicyName="AWS_RAM").code == "NotFoundException"
    sim.share(key, THIRD)
    sim.share(key, AWAY)
    sim.share(key, AWAY)
    assert kms.list_key_policies(KeyId=key)["PolicyNames"] == ["default", "AWS_RAM"]
    answer = kms.get_key_policy(KeyId=key, PolicyName="AWS_RAM")
    assert answer["PolicyName"] == "AWS_RAM"
    (statement,) = json.loads(answer["Policy"])["Statement"]
    assert statement["Principal"] == {"AWS": [f"arn:aws:iam::{account}:root" for account in (AWAY, THIRD)]}
    assert "AWS_RAM" not in kms.get_key_policy(KeyId=key)["Policy"]
    said = refused(kms.put_key_policy, KeyId=key, PolicyName="AWS_RAM", Policy=answer["Policy"])
    assert said == ("ValidationException", "The AWS_RAM policy can only be managed by the RAM service")


def test_who_may_not_put_that_policy_is_denied_first(sim, kms, key, refused):
    arn = kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    only_default = {"StringEquals": {"kms:PolicyName": "default"}}
    statement = {**EVERYTHING["Statement"][0], "Condition": only_default}
    alice = sim.user("alice", policies=[{**EVERYTHING, "Statement": [statement]}]).client("kms")
    sim.share(key, AWAY)
    policy = alice.get_key_policy(KeyId=arn)["Policy"]  # without a name the condition key says `default`
    alice.put_key_policy(KeyId=arn, Policy=policy)
    for call, more in ((alice.get_key_policy, {}), (alice.put_key_policy, {"Policy": policy})):
        assert refused(call, KeyId=arn, PolicyName="AWS_RAM", **more).code == "AccessDeniedException"


def test_a_share_saves_nobody_from_the_lockout_check(sim, kms, key, refused):
    sim.share(key, AWAY)
    other = {"Effect": "Allow", "Principal": {"AWS": AWAY}, "Action": "kms:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [other]})
    assert "will not allow you to update" in refused(kms.put_key_policy, KeyId=key, Policy=policy).message


OTHERS, OWN = "OTHER_ACCOUNTS_VIA_RAM", "SELF"


def pages(client, owners, limit=2):
    """The keys of each page, as ListKeys gives them until nothing is left."""
    asked, listed = {"ResourceOwners": owners, "Limit": limit}, []
    while True:
        answer = client.list_keys(**asked)
        listed.append([entry["KeyArn"] for entry in answer["Keys"]])
        if not answer["Truncated"]:
            return listed
        asked["Marker"] = answer["NextMarker"]


def test_list_keys_lists_own_keys_first_and_never_both_in_one_page(sim, kms):
    neighbour = sim.client("kms", account=AWAY)
    shared = sorted(kms.create_key()["KeyMetadata"]["Arn"] for _ in range(3))
    own = sorted(neighbour.create_key()["KeyMetadata"]["Arn"] for _ in range(3))
    assert pages(neighbour, [OTHERS]) == [[]]
    for arn in shared:
        sim.share(arn, AWAY)
    assert pages(neighbour, [OWN]) == [own[:2], own[2:]]
    assert pages(neighbour, [OTHERS]) == [shared[:2], shared[2:]]
    for owners in ([OWN, OTHERS], [OTHERS, OWN]):
        assert pages(neighbour, owners) == [own[:2], own[2:], shared[:2], shared[2:]]
    assert pages(neighbour, [OWN, OTHERS], 100) == [own, shared]
    assert pages(kms, [OTHERS]) == [[]]
    assert [entry["KeyArn"] for entry in neighbour.list_keys()["Keys"]] == own


def test_a_marker_is_of_use_only_in_the_question_that_it_answered(sim, kms, refused):
    neighbour = sim.client("kms", account=AWAY)
    for _ in range(2):
        sim.share(kms.create_key()["KeyMetadata"]["Arn"], AWAY)
        neighbour.create_key()
    questions = ([OWN], [OTHERS], [OWN, OTHERS])
    markers = [neighbour.list_keys(ResourceOwners=owners, Limit=1)["NextMarker"] for owners in questions]
    for n, owners in enumerate(questions):
        for m, marker in enumerate(markers):
            if n == m:
                assert neighbour.list_keys(ResourceOwners=owners, Marker=marker)
            else:
                said = refused(neighbour.list_keys, ResourceOwners=owners, Marker=marker)
                assert said.code == "InvalidMarkerException"


def test_the_shares_of_a_deleted_key_are_gone(sim, kms, key):
    sim.share(key, AWAY)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    sim.advance(days=8)
    assert pages(sim.client("kms", account=AWAY), [OTHERS]) == [[]]


def test_a_share_is_of_a_customer_managed_key_with_another_account(sim, kms, key):
    kms.describe_key(KeyId="alias/aws/s3")
    for key_id, account in ((key, "111122223333"), ("alias/aws/s3", AWAY), (key, "nobody")):
        with pytest.raises(ValueError, match=r"share a customer managed key|is no account"):
            sim.share(key_id, account)


def test_a_share_outlives_the_simulator(tmp_path):
    with Simulator(tmp_path / "a.db") as sim:
        arn = sim.client("kms").create_key()["KeyMetadata"]["Arn"]
        sim.share(arn, AWAY)
    with Simulator(tmp_path / "a.db") as sim:
        assert pages(sim.client("kms", account=AWAY), [OTHERS]) == [[arn]]


def test_the_decision_picture_says_what_a_share_did(sim, kms, key, arn, bob, refused):
    sim.share(key, AWAY)
    bob.client("kms").encrypt(KeyId=arn, Plaintext=b"x")
    decided = [record for record in sim.trail if record.decision]
    assert title(sim.authorization(decided[-1])) == (
        "Allowed: AWS RAM shares the key with the account, and IAM says yes"
    )
    refused(sim.user("poor", account=AWAY).client("kms").encrypt, KeyId=arn, Plaintext=b"x")
    decided = [record for record in sim.trail if record.decision]
    assert title(sim.authorization(decided[-1])) == (
        "Denied: AWS RAM shares the key with the account, and IAM is silent"
    )
