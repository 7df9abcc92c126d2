import json

import pytest

from kms_teach.repairs.locked_out import CHIEF, KEEPER, OTHER, REPORTER, TASK

HOME = "111122223333"


def arn(name, kind="user"):
    return f"arn:aws:iam::{HOME}:{kind}/{name}"


def statement(action, *who, **more):
    return {"Effect": "Allow", "Principal": {"AWS": list(who)}, "Action": action, "Resource": "*", **more}


def put(sim, key, *statements, client=None):
    kept = statement("kms:*", arn(KEEPER, "role"))
    document = {"Version": "2012-10-17", "Statement": [kept, *statements]}
    (client or sim.person(KEEPER).client("kms")).put_key_policy(KeyId=key, Policy=json.dumps(document))


def trusted(sim):
    trust = {"Effect": "Allow", "Principal": {"AWS": arn(CHIEF)}, "Action": "sts:AssumeRole"}
    sim.client("iam").update_assume_role_policy(
        RoleName=KEEPER, PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )


def by_name_in_a_session(names):
    sim = names["sim"]
    trusted(sim)
    role = sim.person(CHIEF).client("sts").assume_role(RoleArn=arn(KEEPER, "role"), RoleSessionName="me")
    kms = sim.session(role["Credentials"]).client("kms")
    put(
        sim, names["vault_key"], statement("kms:Decrypt", arn(REPORTER)), statement("kms:*", arn(CHIEF)), client=kms
    )  # fmt: skip


def by_a_grant_and_a_statement(names):
    sim, key = names["sim"], names["vault_key"]
    keeper = sim.person(KEEPER).client("kms")
    keeper.create_grant(KeyId=key, GranteePrincipal=arn(REPORTER), Operations=["Decrypt"])
    put(sim, key, statement("kms:PutKeyPolicy", arn(CHIEF)))


def by_the_account_under_a_condition(names):
    who = {"ArnEquals": {"aws:PrincipalArn": [arn(REPORTER), arn(CHIEF)]}}
    put(names["sim"], names["vault_key"], statement("kms:*", arn("", "root")[:-1], Condition=who))


@pytest.mark.parametrize(
    "way", [by_name_in_a_session, by_a_grant_and_a_statement, by_the_account_under_a_condition, TASK.solution]
)
def test_any_way_through_the_role_is_right(works, way):
    outcome = works(TASK, way)
    assert outcome.done, outcome.feedback


def nothing(names):
    pass


def as_root(names):
    with pytest.raises(Exception, match="AccessDenied"):
        put(names["sim"], names["vault_key"], client=names["sim"].client("kms"))


def petra_again(names):
    names["sim"].user("petra")


def the_whole_account(names):
    put(names["sim"], names["vault_key"], statement("kms:*", f"arn:aws:iam::{HOME}:root"))


def a_new_key(names):
    names["sim"].client("kms").create_key()


def the_reporter_alone(names):
    put(names["sim"], names["vault_key"], statement("kms:Decrypt", arn(REPORTER)))


def the_chief_alone(names):
    put(names["sim"], names["vault_key"], statement("kms:*", arn(CHIEF)))


def nobody_assumes(names):
    trusted(names["sim"])


def assumed_untrusted(names):
    with pytest.raises(Exception, match="AccessDenied"):
        names["sim"].person(CHIEF).client("sts").assume_role(RoleArn=arn(KEEPER, "role"), RoleSessionName="me")


def the_object_deleted(names):
    names["sim"].client("s3").delete_object(Bucket="vault-backups", Key="latest.blob")


@pytest.mark.parametrize(
    ("way", "named"),
    [
        (nothing, f"lets in {KEEPER} and nobody else"),
        (as_root, "being the root user, or having made the key, is no permission"),
        (petra_again, "it is somebody else: the trust policy has the unique id of the old one"),
        (the_whole_account, f"so does {OTHER}"),
        (a_new_key, "A new key opens nothing"),
        (the_reporter_alone, f"{CHIEF} still cannot change the key policy"),
        (the_chief_alone, f"nothing lets {REPORTER} in yet"),
        (nobody_assumes, f"put a key policy as {KEEPER}"),
        (assumed_untrusted, "trusts somebody who is gone"),
        (the_object_deleted, "no longer in the bucket"),
    ],
)
def test_what_leads_astray_or_half_the_way_is_named(works, way, named):
    outcome = works(TASK, way)
    assert not outcome.done
    assert named in outcome.feedback
