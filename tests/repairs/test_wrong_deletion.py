import json

import pytest

from kms_teach.repairs.scene import text
from kms_teach.repairs.wrong_deletion import ALIAS, CHIEF, REPORTER, TASK, WRONG

HOME = "arn:aws:iam::111122223333"
SCHEDULE = "kms:ScheduleKeyDeletion"


def kept(names):
    kms = names["sim"].client("kms")
    kms.cancel_key_deletion(KeyId=names["payroll_key"])
    kms.enable_key(KeyId=names["payroll_key"])


def denied(action, **who):
    return {"Effect": "Deny", "Action": action, "Resource": "*", **who}


def on_the_key(names, *statements):
    kept(names)
    kms, key = names["sim"].client("kms"), names["payroll_key"]
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    policy["Statement"] += statements
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))


def by_the_key_policy(names):
    on_the_key(names, denied(SCHEDULE, Principal={"AWS": f"{HOME}:user/{WRONG}"}))


def by_other_permissions(names):
    kept(names)
    uses = {"Effect": "Allow", "Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": "*"}
    names["sim"].user(WRONG, policies=[{"Version": "2012-10-17", "Statement": [uses]}])


def by_a_boundary(names):
    kept(names)
    iam = names["sim"].client("iam")
    uses = text({"Effect": "Allow", "NotAction": SCHEDULE, "Resource": "*"})
    made = iam.create_policy(PolicyName="keeps-keys", PolicyDocument=uses)["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName=WRONG, PermissionsBoundary=made)


@pytest.mark.parametrize("way", [by_the_key_policy, by_other_permissions, by_a_boundary, TASK.solution])
def test_any_way_that_takes_this_one_right_is_right(works, way):
    outcome = works(TASK, way)
    assert outcome.done, outcome.feedback


def nothing(names):
    pass


def cancelled(names):
    names["sim"].client("kms").cancel_key_deletion(KeyId=names["payroll_key"])


def enabled_first(names):
    with pytest.raises(Exception, match="pending deletion"):
        names["sim"].client("kms").enable_key(KeyId=names["payroll_key"])


def a_new_key(names):
    kms = names["sim"].client("kms")
    kms.update_alias(AliasName=ALIAS, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])


def a_new_name(names):
    kept(names)
    a_new_key(names)


def too_late(names):
    names["sim"].advance(days=31)


def nobody_schedules(names):
    on_the_key(names, denied(SCHEDULE, Principal="*"))


def locked_out(names):
    on_the_key(names, denied("kms:*", Principal={"AWS": f"{HOME}:user/{WRONG}"}))


def dismissed(names):
    kept(names)
    iam = names["sim"].client("iam")
    for key in iam.list_access_keys(UserName=WRONG)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=WRONG, AccessKeyId=key["AccessKeyId"])
    for name in iam.list_user_policies(UserName=WRONG)["PolicyNames"]:
        iam.delete_user_policy(UserName=WRONG, PolicyName=name)
    iam.delete_user(UserName=WRONG)


def payroll_locked_out(names):
    on_the_key(names, denied("kms:Decrypt", Principal={"AWS": f"{HOME}:user/{REPORTER}"}))


@pytest.mark.parametrize(
    ("way", "named"),
    [
        (nothing, "out of use, but not gone yet"),
        (cancelled, "two calls"),
        (enabled_first, "until somebody has cancelled the deletion"),
        (a_new_key, "opens none of the old payslips"),
        (a_new_name, "no longer leads to it"),
        (too_late, "Too late"),
        (kept, f"until {WRONG} tidies up again"),
        (nobody_schedules, f"{CHIEF} cannot schedule a deletion either"),
        (locked_out, "Take away one permission, not all of them"),
        (dismissed, f"{WRONG} is gone"),
        (payroll_locked_out, "it is no longer allowed to decrypt"),
    ],
)
def test_what_leads_astray_or_half_the_way_is_named(works, way, named):
    outcome = works(TASK, way)
    assert not outcome.done
    assert named in outcome.feedback
