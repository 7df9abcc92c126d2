import json

import pytest

from kms_teach.repairs.leaked_credentials import ELSEWHERE, TASK, THIEF, VICTIM

USER = {"UserName": VICTIM}


def stolen(names):
    return [each["AccessKeyId"] for each in names["sim"].client("iam").list_access_keys(**USER)["AccessKeyMetadata"]]


def inactive(names, *ids):
    for each in ids or stolen(names):
        names["sim"].client("iam").update_access_key(**USER, AccessKeyId=each, Status="Inactive")


def delete(names):
    for each in stolen(names):
        names["sim"].client("iam").delete_access_key(**USER, AccessKeyId=each)


def revoke(names):
    kms, key = names["sim"].client("kms"), names["releases_key"]
    for grant in kms.list_grants(KeyId=key)["Grants"]:
        kms.revoke_grant(KeyId=key, GrantId=grant["GrantId"])


def a_new_key(names):
    names["sim"].client("iam").create_access_key(**USER)


def deleted_at_once(names):
    delete(names)
    revoke(names)
    a_new_key(names)


def a_deny_for_the_thief(names):
    inactive(names)
    kms, key = names["sim"].client("kms"), names["releases_key"]
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    who = {"AWS": f"arn:aws:iam::{ELSEWHERE}:user/{THIEF}"}
    policy["Statement"].append({"Effect": "Deny", "Principal": who, "Action": "kms:*", "Resource": "*"})
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))
    delete(names)
    a_new_key(names)


def work_first_and_the_grant_last(names):
    first, second = stolen(names)
    names["sim"].client("iam").delete_access_key(**USER, AccessKeyId=first)
    a_new_key(names)
    inactive(names, second)
    revoke(names)


@pytest.mark.parametrize(
    "way", [deleted_at_once, a_deny_for_the_thief, work_first_and_the_grant_last, TASK.solution]
)  # fmt: skip
def test_any_way_that_contains_first_is_right(works, way):
    outcome = works(TASK, way)
    assert outcome.done, outcome.feedback


def nothing(names):
    pass


def rotated(names):
    names["sim"].client("kms").rotate_key_on_demand(KeyId=names["releases_key"])


def one_key(names):
    inactive(names, names["leaked_key"])


def contained_and_rotated(names):
    inactive(names)
    rotated(names)


def contained(names):
    inactive(names)
    revoke(names)


def the_grant_first(names):
    revoke(names)
    deleted_at_once(names)


def between_the_two(names):
    one_key(names)
    revoke(names)
    delete(names)
    a_new_key(names)


def off(names):
    inactive(names)
    names["sim"].client("kms").disable_key(KeyId=names["releases_key"])


def active_again(names):
    contained(names)
    for each in stolen(names):
        names["sim"].client("iam").update_access_key(**USER, AccessKeyId=each, Status="Active")


def a_third_key_while_they_work(names):
    with pytest.raises(Exception, match="LimitExceeded"):
        a_new_key(names)


def without_its_right(names):
    names["sim"].user(VICTIM)
    deleted_at_once(names)


@pytest.mark.parametrize(
    ("way", "named"),
    [
        (nothing, "works for whoever has it"),
        (a_third_key_while_they_work, "works for whoever has it"),
        (rotated, "a rotated key serves them just the same"),
        (revoke, "can make the next grant in a second"),
        (active_again, "can make the next grant in a second"),
        (one_key, "the thief had made a second one"),
        (inactive, "still decrypts, and needs neither of them"),
        (contained_and_rotated, "a grant lets its holder use the key, whatever its material"),
        (off, "It was not the KMS key that leaked"),
        (contained, "with a new access key"),
        (without_its_right, "and its permission to decrypt"),
        (the_grant_first, "In the wrong order"),
        (between_the_two, "In the wrong order"),
    ],
)
def test_what_leads_astray_or_half_the_way_is_named(works, way, named):
    outcome = works(TASK, way)
    assert not outcome.done
    assert named in outcome.feedback


def test_a_new_start_gives_new_keys_and_the_thief_is_back(sim):
    TASK.situation(sim)
    deleted_at_once({"sim": sim, "releases_key": sim.trail.named("CreateGrant")[-1].event["resources"][0]["ARN"]})
    given = TASK.situation(sim)
    assert (given["leaked_key"] in stolen({"sim": sim}), len(stolen({"sim": sim}))) == (True, 2)
    assert "works for whoever has it" in TASK.check(sim).feedback
