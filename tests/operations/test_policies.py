import json

import pytest

ROOT = {"AWS": "arn:aws:iam::111122223333:root"}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(principal, action="kms:*"):
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}


def test_the_default_policy_is_the_one_of_aws_to_the_letter(kms, key):
    answer = kms.get_key_policy(KeyId=key, PolicyName="default")
    assert answer["PolicyName"] == "default"
    assert answer["Policy"] == (
        '{\n  "Version" : "2012-10-17",\n  "Id" : "key-default-1",\n  "Statement" : [ {\n'
        '    "Sid" : "Enable IAM User Permissions",\n    "Effect" : "Allow",\n    "Principal" : {\n'
        '      "AWS" : "arn:aws:iam::111122223333:root"\n    },\n    "Action" : "kms:*",\n    "Resource" : "*"\n  } ]\n}'
    )


def test_a_policy_is_given_back_as_it_was_put(kms, key):
    text = policy(allow(ROOT))
    kms.put_key_policy(KeyId=key, Policy=text)
    assert kms.get_key_policy(KeyId=key)["Policy"] == text


def test_a_key_has_one_policy(kms, key, refused):
    assert refused(kms.get_key_policy, KeyId=key, PolicyName="other") == ("NotFoundException", "No such policy exists")
    assert (
        refused(kms.put_key_policy, KeyId=key, PolicyName="other", Policy=policy(allow(ROOT))).code
        == "ValidationException"
    )


def test_nobody_locks_themselves_out_unless_they_insist(sim, kms, key, refused):
    sim.role("admin")
    only_admin = policy(allow({"AWS": "arn:aws:iam::111122223333:role/admin"}))
    assert refused(kms.put_key_policy, KeyId=key, Policy=only_admin) == (
        "MalformedPolicyDocumentException", "The new key policy will not allow you to update the key policy in the future.",
    )  # fmt: skip
    kms.put_key_policy(KeyId=key, Policy=only_admin, BypassPolicyLockoutSafetyCheck=True)
    assert refused(kms.get_key_policy, KeyId=key).code == "AccessDeniedException"
    assert sim.role("admin").client("kms").get_key_policy(KeyId=key)["Policy"] == only_admin


def test_a_policy_cannot_name_who_does_not_exist(sim, kms, key, refused):
    text = policy(allow(ROOT), allow({"AWS": "arn:aws:iam::111122223333:user/nobody"}))
    said = ("MalformedPolicyDocumentException", "Policy contains a statement with one or more invalid principals.")
    assert refused(kms.put_key_policy, KeyId=key, Policy=text) == said
    sim.user("nobody")
    kms.put_key_policy(KeyId=key, Policy=text)


def test_a_key_can_begin_with_a_policy(sim, kms, refused):
    alice = sim.user("alice")
    made = kms.create_key(Policy=policy(allow(ROOT), allow({"AWS": alice.arn}, "kms:Encrypt")))["KeyMetadata"]["KeyId"]
    assert alice.client("kms").encrypt(KeyId=made, Plaintext=b"x")
    assert refused(alice.client("kms").describe_key, KeyId=made).code == "AccessDeniedException"


@pytest.mark.parametrize("text", ["not json", "[]", "{}", '{"Version":"2012-10-17","Statement":[{"Effect":"Maybe"}]}'])
def test_what_is_no_policy_changes_nothing(kms, key, refused, text):
    before = kms.get_key_policy(KeyId=key)["Policy"]
    assert refused(kms.put_key_policy, KeyId=key, Policy=text).code == "MalformedPolicyDocumentException"
    assert kms.get_key_policy(KeyId=key)["Policy"] == before


@pytest.mark.slow
def test_a_policy_is_at_most_32_kib(kms, key, refused):
    text = policy({"Sid": "x" * 33_000, **allow(ROOT)})
    assert refused(kms.put_key_policy, KeyId=key, Policy=text).code == "LimitExceededException"
