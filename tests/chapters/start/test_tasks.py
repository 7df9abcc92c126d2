"""The task of chapter 00: different right ways pass, and each belief that leads astray is answered by its name."""

import contextlib
import json

import pytest
from botocore.exceptions import ClientError

from kms_teach.chapters.start.tasks import LET_ALICE_READ


def may(resource, action="kms:Decrypt"):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]}


@pytest.fixture
def world(sim, kms):
    """As the chapter leaves it: (simulator, root's client, key ARN, blob)."""
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/letters", TargetKeyId=arn)
    blob = kms.encrypt(KeyId="alias/letters", Plaintext=b"Meet me at noon.")["CiphertextBlob"]
    decrypt(sim.user("alice"), blob)
    return sim, kms, arn, blob


def decrypt(person, blob):
    with contextlib.suppress(ClientError):
        person.client("kms").decrypt(CiphertextBlob=blob)


def by_iam_policy(sim, kms, arn, blob):
    decrypt(sim.user("alice", policies=[may(arn)]), blob)


def by_key_policy(sim, kms, arn, blob):
    alice = sim.user("alice")
    policy = json.loads(kms.get_key_policy(KeyId=arn)["Policy"])
    policy["Statement"].append(
        {"Effect": "Allow", "Principal": {"AWS": alice.arn}, "Action": "kms:Decrypt", "Resource": "*"}
    )
    kms.put_key_policy(KeyId=arn, Policy=json.dumps(policy))
    decrypt(alice, blob)


def by_grant(sim, kms, arn, blob):
    alice = sim.user("alice")
    token = kms.create_grant(KeyId=arn, GranteePrincipal=alice.arn, Operations=["Decrypt"])["GrantToken"]
    alice.client("kms").decrypt(CiphertextBlob=blob, GrantTokens=[token])


def by_another_key(sim, kms, arn, blob):
    """Re-encrypt under a key whose policy names her."""
    other = kms.create_key()["KeyMetadata"]["Arn"]
    copy = kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=other)["CiphertextBlob"]
    by_key_policy(sim, kms, other, copy)


def as_root(sim, kms, arn, blob):
    kms.decrypt(CiphertextBlob=blob)


def nothing_at_all(sim, kms, arn, blob):
    pass


def by_the_alias_in_the_policy(sim, kms, arn, blob):
    alias = arn.rpartition(":")[0] + ":alias/letters"
    decrypt(sim.user("alice", policies=[may(alias)]), blob)


def by_a_policy_for_encrypt(sim, kms, arn, blob):
    decrypt(sim.user("alice", policies=[may("*", "kms:Encrypt")]), blob)


def with_her_own_ciphertext(sim, kms, arn, blob):
    alice = sim.user("alice", policies=[may("*", "kms:*")])
    own = alice.client("kms").create_key()["KeyMetadata"]["KeyId"]
    mine = alice.client("kms").encrypt(KeyId=own, Plaintext=b"x")["CiphertextBlob"]
    decrypt(alice, mine)


def with_broken_bytes(sim, kms, arn, blob):
    decrypt(sim.user("alice", policies=[may("*")]), blob[:-1] + bytes([blob[-1] ^ 1]))


@pytest.mark.parametrize("way", [by_iam_policy, by_key_policy, by_grant, by_another_key])
def test_every_way_that_works_is_right(world, way):
    way(*world)
    outcome = LET_ALICE_READ.check(world[0])
    assert outcome.done, outcome.feedback


@pytest.mark.parametrize(
    ("way", "feedback"),
    [
        (nothing_at_all, "no IAM policy of alice allows kms:Decrypt here"),
        (as_root, "whose client did you call"),
        (by_the_alias_in_the_policy, "an alias's ARN never stands for a key"),
        (by_a_policy_for_encrypt, "no IAM policy of alice allows kms:Decrypt here"),
        (with_her_own_ciphertext, "only what she had encrypted herself"),
        (with_broken_bytes, "InvalidCiphertextException"),
    ],
)
def test_what_does_not_work_is_answered_with_what_is_missing(world, way, feedback):
    way(*world)
    outcome = LET_ALICE_READ.check(world[0])
    assert not outcome.done
    assert feedback in outcome.feedback


def test_the_remark_about_aliases_waits_for_a_second_try(world):
    assert "alias" not in LET_ALICE_READ.check(world[0]).feedback


def test_before_alice_has_called_it_says_so_or_that_somebody_else_did(sim, kms, key):
    assert "Since this task began, alice has not called Decrypt" in LET_ALICE_READ.check(sim).feedback
    kms.decrypt(CiphertextBlob=kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"])
    assert "whose client" in LET_ALICE_READ.check(sim).feedback
