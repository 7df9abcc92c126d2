import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach.repairs.forgotten_replica import ABROAD, APP, HOME, OTHER, REPORTER, TASK

ACCOUNT = "arn:aws:iam::111122223333"


def key(names):
    return names["both_sides_key"].partition("/")[2]


def statement(who, action="kms:Decrypt", **more):
    return {"Effect": "Allow", "Principal": {"AWS": f"{ACCOUNT}:{who}"}, "Action": action, "Resource": "*", **more}


def add(names, *statements, region=ABROAD):
    kms = names["sim"].client("kms", region=region)
    policy = json.loads(kms.get_key_policy(KeyId=key(names))["Policy"])
    policy["Statement"] += statements
    kms.put_key_policy(KeyId=key(names), Policy=json.dumps(policy))


def by_name(names):
    add(names, statement(f"user/{REPORTER}"))


def by_a_grant(names):
    names["sim"].client("kms", region=ABROAD).create_grant(
        KeyId=key(names), GranteePrincipal=f"{ACCOUNT}:user/{REPORTER}", Operations=["Decrypt"]
    )


def by_the_account_and_a_condition(names):
    add(names, statement("root", Condition={"StringEquals": {"aws:username": REPORTER}}))


@pytest.mark.parametrize("way", [by_name, by_a_grant, by_the_account_and_a_condition, TASK.solution])
def test_any_way_that_lets_in_the_same_on_both_sides_is_right(works, way):
    outcome = works(TASK, way)
    assert outcome.done, outcome.feedback


def nothing(names):
    pass


def at_home(names):
    add(names, statement(f"user/{REPORTER}"), region=HOME)


def another_primary(names):
    names["sim"].client("kms").update_primary_region(KeyId=key(names), PrimaryRegion=ABROAD)


def another_replica(names):
    with suppress(ClientError):
        names["sim"].client("kms").replicate_key(KeyId=key(names), ReplicaRegion=ABROAD)


def in_iam(names):
    names["sim"].client("iam").put_user_policy(
        UserName=REPORTER, PolicyName="more",
        PolicyDocument='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}',
    )  # fmt: skip


def the_account(names):
    add(names, statement("root"))


def encrypt_alone(names):
    add(names, statement(f"user/{REPORTER}", "kms:Encrypt"))


def replaced(names):
    kms = names["sim"].client("kms", region=ABROAD)
    policy = json.loads(kms.get_key_policy(KeyId=key(names))["Policy"])
    policy["Statement"] = [policy["Statement"][0], statement(f"user/{REPORTER}")]
    kms.put_key_policy(KeyId=key(names), Policy=json.dumps(policy))


def the_object_deleted(names):
    names["sim"].client("s3").delete_object(Bucket="standby-data", Key="orders.blob")


@pytest.mark.parametrize(
    ("way", "named"),
    [
        (nothing, "compare what GetKeyPolicy says"),
        (at_home, "shares the key material, not the policy"),
        (another_primary, "being the primary gives nobody a permission"),
        (another_replica, "It needs a policy, not a second one"),
        (in_iam, "does not let IAM decide"),
        (the_account, f"so does `{OTHER}`"),
        (encrypt_alone, "which step says no"),
        (replaced, f"`{APP}` in {ABROAD} no longer does"),
        (the_object_deleted, "no longer in the bucket"),
    ],
)
def test_what_leads_astray_or_half_the_way_is_named(works, way, named):
    outcome = works(TASK, way)
    assert not outcome.done
    assert named in outcome.feedback
