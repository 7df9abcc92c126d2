import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach.chapters.policies.tasks import EVERYTHING, KEEPER, OPEN_THE_BACKUP, OTHER, PERSON, lock_out
from kms_teach.teaching import Do

HOME = "111122223333"


@pytest.fixture
def made(sim):
    """The key's ARN, and the ciphertext."""
    return tuple(lock_out(sim).values())


@pytest.fixture
def key(made):
    return made[0]


@pytest.fixture
def blob(made):
    return made[1]


@pytest.fixture
def keeper(sim, made):
    return sim.role(KEEPER).client("kms")


@pytest.fixture
def put(keeper, key):
    """Put the key policy with these statements besides keeper's."""

    def act(*statements, client=keeper):
        policy = json.loads(keeper.get_key_policy(KeyId=key)["Policy"])
        client.put_key_policy(
            KeyId=key, Policy=json.dumps({**policy, "Statement": [*policy["Statement"], *statements]})
        )

    return act


def statement(who, action="kms:Decrypt", **more):
    return {"Effect": "Allow", "Principal": {"AWS": who}, "Action": action, "Resource": "*", **more}


def reads(sim, blob, name=PERSON):
    with suppress(ClientError):
        sim.user(name, policies=[EVERYTHING]).client("kms").decrypt(CiphertextBlob=blob)


def feedback(sim):
    outcome = OPEN_THE_BACKUP.check(sim)
    assert not outcome.done
    return outcome.feedback


# --- ways that are right ---


def by_name(sim, put, keeper, key):
    put(statement(f"arn:aws:iam::{HOME}:user/{PERSON}"))


def by_a_grant(sim, put, keeper, key):
    keeper.create_grant(KeyId=key, GranteePrincipal=f"arn:aws:iam::{HOME}:user/{PERSON}", Operations=["Decrypt"])


def by_the_account_and_a_deny(sim, put, keeper, key):
    who = f"arn:aws:iam::{HOME}:user/{OTHER}"
    put(statement(f"arn:aws:iam::{HOME}:root", "kms:*"), {**statement(who), "Effect": "Deny"})


def by_the_account_under_a_condition(sim, put, keeper, key):
    only = {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{HOME}:user/{PERSON}"}}
    put(statement(f"arn:aws:iam::{HOME}:root", Condition=only))


@pytest.mark.parametrize("way", [by_name, by_a_grant, by_the_account_and_a_deny, by_the_account_under_a_condition])
def test_any_way_that_lets_in_the_right_one_alone_is_right(sim, blob, put, keeper, key, way):
    reads(sim, blob)
    assert not OPEN_THE_BACKUP.check(sim).done
    way(sim, put, keeper, key)
    reads(sim, blob)
    outcome = OPEN_THE_BACKUP.check(sim)
    assert outcome.done, outcome.feedback


def test_an_edit_of_iam_alone_is_answered_with_what_the_key_policy_does_not_do(sim, blob):
    reads(sim, blob)
    assert "this key policy does not let IAM decide" in feedback(sim)


def test_calling_as_root_or_as_the_maker_of_the_key_is_answered_with_whom_the_policy_names(sim, kms, blob, put):
    with pytest.raises(kms.exceptions.ClientError):
        put(statement(f"arn:aws:iam::{HOME}:user/{PERSON}"), client=kms)
    assert "being root, or having made the key, is no permission" in feedback(sim)


def test_letting_the_whole_account_in_is_answered_with_who_else_came(sim, blob, put):
    put(statement(f"arn:aws:iam::{HOME}:root", "kms:*"))
    reads(sim, blob)
    assert f"{PERSON} opens it, and so does {OTHER}" in feedback(sim)


def test_naming_the_alias_in_iam_is_not_enough_either(sim, blob):
    alias = f"arn:aws:kms:us-east-1:{HOME}:alias/backups"
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": alias}]}
    with suppress(ClientError):
        sim.user(PERSON, policies=[policy]).client("kms").decrypt(CiphertextBlob=blob)
    assert "An edit of IAM alone changes nothing here" in feedback(sim)


def test_opening_it_as_somebody_else_is_not_it(sim, blob, keeper):
    keeper.decrypt(CiphertextBlob=blob)
    assert f"{PERSON} has not opened the backup yet" in feedback(sim)


def test_a_key_policy_without_a_call_is_asked_for_the_call(sim, blob, put):
    put(statement(f"arn:aws:iam::{HOME}:user/{PERSON}"))
    assert f"Let {PERSON} call Decrypt" in feedback(sim)


def test_a_statement_that_allows_something_else_is_answered_with_the_decision(sim, blob, put):
    put(statement(f"arn:aws:iam::{HOME}:user/{PERSON}", "kms:Encrypt"))
    reads(sim, blob)
    assert f"The last Decrypt by {PERSON} was denied" in feedback(sim)


def test_a_policy_that_is_refused_is_told_in_aws_s_words(sim, blob, keeper, key):
    alone = json.dumps({"Version": "2012-10-17", "Statement": [statement(f"arn:aws:iam::{HOME}:user/{PERSON}")]})
    with pytest.raises(keeper.exceptions.MalformedPolicyDocumentException):
        keeper.put_key_policy(KeyId=key, Policy=alone)
    assert "will not allow you to update the key policy" in feedback(sim)


def test_a_repair_that_locks_everybody_out_of_the_policy_is_none(sim, blob, keeper, key):
    alone = json.dumps({"Version": "2012-10-17", "Statement": [statement(f"arn:aws:iam::{HOME}:user/{PERSON}")]})
    keeper.put_key_policy(KeyId=key, Policy=alone, BypassPolicyLockoutSafetyCheck=True)
    reads(sim, blob)
    assert "nobody can change this key policy any more" in feedback(sim)


def test_a_right_that_was_taken_back_is_none(sim, blob, keeper, key):
    grant = keeper.create_grant(
        KeyId=key, GranteePrincipal=f"arn:aws:iam::{HOME}:user/{PERSON}", Operations=["Decrypt"]
    )["GrantId"]
    reads(sim, blob)
    keeper.revoke_grant(KeyId=key, GrantId=grant)
    assert "may no longer" in feedback(sim)


def test_before_the_key_is_made_the_check_says_what_to_run(sim):
    assert "Start again" in feedback(sim)


def test_made_a_second_time_the_old_repair_does_not_count(sim, kms, blob, put):
    put(statement(f"arn:aws:iam::{HOME}:user/{PERSON}"))
    reads(sim, blob)
    assert OPEN_THE_BACKUP.check(sim).done
    lock_out(sim)
    assert not OPEN_THE_BACKUP.check(sim).done


def test_the_panel_says_done_when_it_is(sim):
    panel = Do(OPEN_THE_BACKUP, sim)
    panel.check.click()
    assert panel.status.startswith("Not yet.")
    exec(OPEN_THE_BACKUP.solution, {"sim": sim, **panel.given})
    panel.check.click()
    assert panel.done
