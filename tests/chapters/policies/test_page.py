import json

import pytest

from kms_teach.chapters.policies.page import MESSAGES, PoliciesFacts, policies_page
from tests.drawing.drawn import quarrels, texts

ALLOW = {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*"}


@pytest.fixture
def records(sim, kms, key, refused):
    """Four Encrypts: denied by IAM, allowed, denied by IAM that names an alias, denied by the key policy."""
    found = []
    alias = {**ALLOW, "Resource": "arn:aws:kms:us-east-1:111122223333:alias/a"}
    kms.create_alias(AliasName="alias/a", TargetKeyId=key)
    for statement in (None, ALLOW, alias):
        policies = [{"Version": "2012-10-17", "Statement": [statement]}] if statement else []
        alice = sim.user("alice", policies=policies).client("kms")
        if statement is ALLOW:
            alice.encrypt(KeyId=key, Plaintext=b"x")
        else:
            refused(alice.encrypt, KeyId="alias/a" if statement else key, Plaintext=b"x")
        found.append(sim.trail[-1])
    only = {"Version": "2012-10-17", "Statement": [{**ALLOW, "Principal": {"AWS": sim.role("admin").arn}}]}
    kms.put_key_policy(KeyId=key, Policy=json.dumps(only), BypassPolicyLockoutSafetyCheck=True)
    refused(kms.encrypt, KeyId=key, Plaintext=b"x")
    return [*found, sim.trail[-1]]


def test_the_page_is_made_of_the_four_calls(records):
    said = [call.words for call in PoliciesFacts.of(*records).calls]
    assert said == [
        "alice, kms:Encrypt: the key policy says yes, IAM says no: denied.",
        "alice, kms:Encrypt: the key policy says yes, IAM says yes: allowed.",
        "alice, kms:Encrypt by alias/a: the key policy says yes, IAM says no: denied.",
        "The root user of 111122223333, kms:Encrypt: the key policy says no, IAM says yes, and is not asked: denied.",
    ]


@pytest.mark.parametrize("canvas", ["svg", "narrow"])
def test_every_panel_is_drawn_with_its_evidence(records, canvas):
    picture = policies_page(PoliciesFacts.of(*records))
    said = " ".join(texts(getattr(picture, canvas)))
    for message, call in zip(MESSAGES, PoliciesFacts.of(*records).calls, strict=True):
        assert message in said
        assert call.words in said
        assert f"{message}: {call.words}" in picture.alt
    assert quarrels(getattr(picture, canvas)) == []


def test_records_that_do_not_show_it_are_refused(records):
    with pytest.raises(ValueError, match="give a call denied by IAM alone"):
        PoliciesFacts.of(*reversed(records))
