import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach.repairs.old_grant import HELPER, MIGRATOR, TASK, WORKER

HOME = "arn:aws:iam::111122223333"


def grants(names, *of):
    kms = names["sim"].client("kms")
    listed = kms.list_grants(KeyId=names["files_key"])["Grants"]
    return [grant for grant in listed if grant["GranteePrincipal"].rpartition("/")[2] in of]


def revoke(names, *of):
    kms = names["sim"].client("kms")
    for grant in grants(names, *of):
        kms.revoke_grant(KeyId=names["files_key"], GrantId=grant["GrantId"])


def one_by_one(names):
    revoke(names, MIGRATOR)
    revoke(names, HELPER)


def all_and_one_anew(names):
    revoke(names, MIGRATOR, HELPER, WORKER)
    names["sim"].client("kms").create_grant(
        KeyId=names["files_key"], GranteePrincipal=f"{HOME}:role/{WORKER}", Operations=["Decrypt"]
    )


def a_deny_in_the_key_policy(names):
    kms, key = names["sim"].client("kms"), names["files_key"]
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    who = {"AWS": [f"{HOME}:role/{name}" for name in (MIGRATOR, HELPER)]}
    policy["Statement"].append({"Effect": "Deny", "Principal": who, "Action": "kms:*", "Resource": "*"})
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))


def both_roles_deleted(names):
    for name in (MIGRATOR, HELPER):
        names["sim"].client("iam").delete_role(RoleName=name)


@pytest.mark.parametrize(
    "way", [one_by_one, all_and_one_anew, a_deny_in_the_key_policy, both_roles_deleted, TASK.solution]
)
def test_any_way_that_ends_the_migration_and_not_the_work_is_right(works, way):
    outcome = works(TASK, way)
    assert outcome.done, outcome.feedback
    assert ("still listed" in outcome.feedback) is (way is a_deny_in_the_key_policy)


def nothing(names):
    pass


def its_own_alone(names):
    revoke(names, MIGRATOR)


def the_wrong_one(names):
    revoke(names, HELPER)


def everything(names):
    revoke(names, MIGRATOR, HELPER, WORKER)


def an_iam_policy(names):
    names["sim"].client("iam").put_role_policy(
        RoleName=MIGRATOR, PolicyName="less", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "kms:ListKeys", "Resource": "*"}]}),
    )  # fmt: skip


def rotated(names):
    names["sim"].client("kms").rotate_key_on_demand(KeyId=names["files_key"])


def off(names):
    names["sim"].client("kms").disable_key(KeyId=names["files_key"])


def retired_by_who_may_not(names):
    with suppress(ClientError):
        names["sim"].person("worker").client("kms").retire_grant(
            KeyId=names["files_key"], GrantId=grants(names, MIGRATOR)[0]["GrantId"]
        )


@pytest.mark.parametrize(
    ("way", "named"),
    [
        (nothing, "which step said yes"),
        (its_own_alone, f"`{HELPER}` still reads: {MIGRATOR} had passed its permission on"),
        (the_wrong_one, "not the right one"),
        (everything, f"so is `{WORKER}`"),
        (an_iam_policy, "It never had an IAM policy"),
        (rotated, "not who may use the key"),
        (off, "End the grants, not the key"),
        (retired_by_who_may_not, "your call was refused"),
    ],
)
def test_what_leads_astray_or_half_the_way_is_named(works, way, named):
    outcome = works(TASK, way)
    assert not outcome.done
    assert named in outcome.feedback
