import json

import pytest

from kms_teach.repairs.open_world import ANOTHER, APP, OUTSIDE, PARTNER, PARTNERS, SID, STRANGER, TASK

ACCOUNT = "arn:aws:iam::111122223333"


def edit(names, change):
    """Put the policy with its statement for all replaced by what `change` gives."""
    kms, key = names["sim"].client("kms"), names["prices_key"]
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    world = next(each for each in policy["Statement"] if each.get("Sid") == SID)
    rest = [each for each in policy["Statement"] if each is not world]
    policy["Statement"] = [*rest, *change(world)]
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))


def named(*who):
    return lambda world: [{**world, "Principal": {"AWS": list(who)}}]


def by_name(names):
    edit(names, named(f"{ACCOUNT}:role/{APP}", f"arn:aws:iam::{PARTNERS}:user/{PARTNER}"))


def by_condition(names):
    known = {"StringEquals": {"kms:CallerAccount": ["111122223333", PARTNERS]}}
    edit(names, lambda world: [{**world, "Condition": known}])


def by_grants(names):
    edit(names, lambda _: [])
    for who in (f"{ACCOUNT}:role/{APP}", f"arn:aws:iam::{PARTNERS}:user/{PARTNER}"):
        names["sim"].client("kms").create_grant(
            KeyId=names["prices_key"], GranteePrincipal=who, Operations=["Decrypt"]
        )  # fmt: skip


def by_a_deny_of_all_others(names):
    others = {"StringNotEquals": {"aws:PrincipalAccount": ["111122223333", PARTNERS]}}
    edit(names, lambda world: [world, {**world, "Sid": "Others", "Effect": "Deny", "Condition": others}])


@pytest.mark.parametrize("way", [by_name, by_condition, by_grants, by_a_deny_of_all_others, TASK.solution])
def test_any_way_that_names_who_may_is_right(works, way):
    outcome = works(TASK, way)
    assert outcome.done, outcome.feedback


def nothing(names):
    pass


def gone(names):
    edit(names, lambda _: [])


def the_partner_alone(names):
    edit(names, named(f"arn:aws:iam::{PARTNERS}:root"))


def the_one_who_is_known(names):
    who = {"AWS": f"arn:aws:iam::{OUTSIDE}:user/{STRANGER}"}
    edit(names, lambda world: [world, {**world, "Sid": "Known", "Effect": "Deny", "Principal": who}])


def still_everybody(names):
    edit(names, lambda world: [{**world, "Principal": {"AWS": "*"}}])


def in_iam(names):
    names["sim"].client("iam").put_role_policy(
        RoleName=APP, PolicyName="reads",
        PolicyDocument='{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}',
    )  # fmt: skip


def rotated(names):
    names["sim"].client("kms").rotate_key_on_demand(KeyId=names["prices_key"])


def off(names):
    names["sim"].client("kms").disable_key(KeyId=names["prices_key"])


def the_object_deleted(names):
    names["sim"].client("s3").delete_object(Bucket="price-lists", Key="2026.blob")


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (nothing, "which statement of which document lets it in"),
        (gone, f"so is the user `{PARTNER}` of account {PARTNERS}"),
        (the_partner_alone, f"so is the role `{APP}`"),
        (the_one_who_is_known, f"Somebody in account {ANOTHER} is not"),
        (still_everybody, "is everybody in any account"),
        (in_iam, "your IAM policies mean nothing to people in other accounts"),
        (rotated, "the material is new, the policy is not"),
        (off, "everybody who works with it"),
        (the_object_deleted, "no longer in the bucket"),
    ],
)
def test_what_leads_astray_or_half_the_way_is_named(works, way, words):
    outcome = works(TASK, way)
    assert not outcome.done
    assert words in outcome.feedback
