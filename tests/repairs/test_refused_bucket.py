import json

import pytest

from kms_teach.repairs.refused_bucket import (
    BUCKET,
    BUCKET_SHUT,
    IAM_SHUT,
    KEY_SHUT,
    OBJECT,
    OTHER,
    REPORTER,
    TICKET,
    WRITER,
)
from kms_teach.repairs.scene import text

HOME = "arn:aws:iam::111122223333"
ANA = f"{HOME}:user/{REPORTER}"


def allow(action, *who, **more):
    return {"Effect": "Allow", "Action": action, "Resource": "*", **({"Principal": {"AWS": list(who)}} if who else {}),
            **more}  # fmt: skip


def iam(names, action="kms:Decrypt", name=REPORTER, **more):
    names["sim"].client("iam").put_user_policy(
        UserName=name, PolicyName="more", PolicyDocument=text(allow(action, **more))
    )


def managed(names):
    client = names["sim"].client("iam")
    made = client.create_policy(PolicyName="decrypts", PolicyDocument=text(allow("kms:Decrypt")))["Policy"]["Arn"]
    client.attach_user_policy(UserName=REPORTER, PolicyArn=made)


def key_policy(names, *who, **more):
    kms, key = names["sim"].client("kms"), names["figures_key"]
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    policy["Statement"].append(allow("kms:Decrypt", *(who or (ANA,)), **more))
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))


def the_account_under_a_condition(names):
    key_policy(names, f"{HOME}:root", Condition={"StringEquals": {"aws:username": REPORTER}})


def the_account(names):
    key_policy(names, f"{HOME}:root")


def grant(names):
    names["sim"].client("kms").create_grant(
        KeyId=names["figures_key"], GranteePrincipal=ANA, Operations=["Decrypt"]
    )  # fmt: skip


def bucket_policy(names, *statements):
    names["sim"].client("s3").put_bucket_policy(Bucket=BUCKET, Policy=text(*statements))


def allowed_by_the_bucket(names):
    bucket_policy(names, {**allow("s3:GetObject", ANA), "Resource": f"arn:aws:s3:::{BUCKET}/*"})


def deny(**condition):
    return {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*",
            "Condition": condition}  # fmt: skip


def deny_by_user_name(names):
    bucket_policy(names, deny(StringEquals={"aws:username": OTHER}))


def deny_named(names):
    bucket_policy(
        names, {**deny(), "Condition": {"ArnNotEquals": {"aws:PrincipalArn": [ANA, f"{HOME}:role/{WRITER}", f"{HOME}:root"]}}}
    )  # fmt: skip


def no_bucket_policy_and_iam_of_the_other(names):
    names["sim"].client("s3").delete_bucket_policy(Bucket=BUCKET)
    names["sim"].user(OTHER, policies=[])


@pytest.mark.parametrize(
    ("task", "way"),
    [
        (BUCKET_SHUT, deny_by_user_name), (BUCKET_SHUT, deny_named), (BUCKET_SHUT, no_bucket_policy_and_iam_of_the_other),
        (IAM_SHUT, iam), (IAM_SHUT, managed), (IAM_SHUT, key_policy), (IAM_SHUT, grant),
        (KEY_SHUT, key_policy), (KEY_SHUT, grant), (KEY_SHUT, the_account_under_a_condition),
        *((task, task.solution) for task in TICKET.tasks),
    ],
)  # fmt: skip
def test_any_way_that_lets_in_ana_alone_is_right(works, task, way):
    outcome = works(task, way)
    assert outcome.done, outcome.feedback


def nothing(names):
    pass


def no_bucket_policy(names):
    names["sim"].client("s3").delete_bucket_policy(Bucket=BUCKET)


def to_everybody(names):
    iam(names)
    iam(names, name=OTHER)


def without_kms(names):
    names["sim"].client("s3").copy_object(
        Bucket=BUCKET, Key=OBJECT, CopySource=f"{BUCKET}/{OBJECT}", ServerSideEncryption="AES256"
    )


def deleted(names):
    names["sim"].client("s3").delete_object(Bucket=BUCKET, Key=OBJECT)


def the_writer_forgotten(names):
    kms, key = names["sim"].client("kms"), names["figures_key"]
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    policy["Statement"] = [policy["Statement"][0], allow("kms:Decrypt", ANA)]
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))


@pytest.mark.parametrize(
    ("task", "way", "named"),
    [
        (BUCKET_SHUT, nothing, "Three documents have a say"),
        (BUCKET_SHUT, iam, "One Deny outweighs every Allow"),
        (BUCKET_SHUT, key_policy, "One Deny outweighs every Allow"),
        (BUCKET_SHUT, no_bucket_policy, f"so does {OTHER}"),
        (BUCKET_SHUT, without_kms, "stored again without a KMS key"),
        (IAM_SHUT, nothing, "Three documents have a say"),
        (IAM_SHUT, allowed_by_the_bucket, "It cannot allow `kms:Decrypt`"),
        (IAM_SHUT, to_everybody, f"so does {OTHER}"),
        (IAM_SHUT, deleted, "is gone, or not even the root user"),
        (KEY_SHUT, nothing, "Three documents have a say"),
        (KEY_SHUT, iam, "does not let IAM decide"),
        (KEY_SHUT, allowed_by_the_bucket, "It cannot allow `kms:Decrypt`"),
        (KEY_SHUT, the_account, f"so does {OTHER}"),
        (KEY_SHUT, the_writer_forgotten, "can no longer write"),
    ],
)
def test_what_leads_astray_is_named(works, task, way, named):
    outcome = works(task, way)
    assert not outcome.done
    assert named in outcome.feedback


def test_from_outside_the_three_look_the_same(sim):
    seen = set()
    for task in TICKET.tasks:
        task.situation(sim)
        mark = next(at for at, record in reversed(list(enumerate(sim.trail))) if record.operation == "TagUser")
        record = sim.trail[mark - 1]
        seen.add((record.operation, record.caller, record.error, record.event["errorMessage"].partition(" is not")[0]))
    assert len(seen) == 1
    assert len({task.goal for task in TICKET.tasks}) == len({task.hints[0] for task in TICKET.tasks}) == 1


def test_the_seed_decides_which_of_the_three_it_is():
    assert [TICKET.task(seed) for seed in range(4)] == [BUCKET_SHUT, IAM_SHUT, KEY_SHUT, BUCKET_SHUT]
