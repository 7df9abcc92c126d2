"""What the situations are built of: people as they were at first, buckets with what lies in them, keys with a name."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from kms_teach.access.principals import ROOT_ACCOUNT
from kms_teach.keys.key import Alias, Key
from kms_teach.keys.names import scope_of
from kms_teach.people import DEFAULT_REGION, Person
from kms_teach.simulator import Simulator

VERSION = "2012-10-17"
Statement = Mapping[str, Any]


def allow(action: str | Sequence[str], *who: str, **more: Any) -> Statement:
    """A statement that allows; of a key policy, with whom it allows."""
    named = {"Principal": {"AWS": list(who) if len(who) > 1 else who[0]}} if who else {}
    actions = action if isinstance(action, str) else list(action)
    return {"Effect": "Allow", **named, "Action": actions, "Resource": "*", **more}


def document(*statements: Statement) -> dict[str, Any]:
    """A policy of these statements."""
    return {"Version": VERSION, "Statement": list(statements)}


def text(*statements: Statement) -> str:
    return json.dumps(document(*statements), indent=2)


# the account administers its key; IAM does not decide who uses it
ADMINISTER = (
    "kms:CreateAlias", "kms:CreateGrant", "kms:DeleteAlias", "kms:Describe*", "kms:DisableKey", "kms:EnableKey",
    "kms:EnableKeyRotation", "kms:Get*", "kms:List*", "kms:PutKeyPolicy", "kms:ReplicateKey", "kms:RevokeGrant",
    "kms:RotateKeyOnDemand", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion", "kms:TagResource",
    "kms:UntagResource", "kms:UpdateAlias", "kms:UpdatePrimaryRegion",
)  # fmt: skip


def account_arn(account: str = ROOT_ACCOUNT) -> str:
    return f"arn:aws:iam::{account}:root"


def user(sim: Simulator, name: str, *statements: Statement, account: str = ROOT_ACCOUNT) -> Person:
    """A user with these permissions and no others, whatever somebody gave it or took from it before."""
    iam = sim.client("iam", account=account)
    with suppress(iam.exceptions.NoSuchEntityException):
        for attached in iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]:
            iam.detach_user_policy(UserName=name, PolicyArn=attached["PolicyArn"])
        for group in iam.list_groups_for_user(UserName=name)["Groups"]:
            iam.remove_user_from_group(GroupName=group["GroupName"], UserName=name)
    return sim.user(name, account=account, policies=[document(*statements)] if statements else [])


def role(sim: Simulator, name: str, *statements: Statement, trust: Mapping[str, Any] | None = None) -> Person:
    """A role, as `user`."""
    iam = sim.client("iam")
    with suppress(iam.exceptions.NoSuchEntityException):
        for attached in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=name, PolicyArn=attached["PolicyArn"])
    return sim.role(name, policies=[document(*statements)] if statements else [], trust=trust)


def key(sim: Simulator, alias: str, description: str, *statements: Statement, **parameters: Any) -> str:
    """A new key of the root user's that has this alias; gives its ARN."""
    kms = sim.client("kms")
    if statements:
        parameters |= {"Policy": text(*statements)}
    made: str = kms.create_key(Description=description, **parameters)["KeyMetadata"]["Arn"]
    free(sim, alias)
    kms.create_alias(AliasName=alias, TargetKeyId=made)
    return made


def free(sim: Simulator, alias: str, region: str = DEFAULT_REGION) -> None:
    """Take a name from the key that has it: from below, as the last attempt may have locked everybody out of that."""
    store = sim.service.store
    if before := store.get(Alias, scope_of(ROOT_ACCOUNT, region), alias):
        with store.transaction():
            store.delete(before)


def bucket(sim: Simulator, name: str, objects: Mapping[str, bytes] = {}) -> Any:
    """A client of S3, and a bucket with these objects and no policy of its own."""
    s3 = sim.client("s3")
    if name not in {each["Name"] for each in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=name)
    s3.delete_bucket_policy(Bucket=name)
    s3.delete_bucket_encryption(Bucket=name)
    for path, body in objects.items():
        s3.put_object(Bucket=name, Key=path, Body=body)
    return s3


def fetch(sim: Simulator, name: str, path: str) -> bytes | None:
    """What an object of a bucket holds, as the root user reads it; None where there is none that it can read."""
    try:
        body: bytes = sim.client("s3").get_object(Bucket=name, Key=path)["Body"].read()
    except ClientError:  # what is wrong with it is the judge's to say
        return None
    return body


def decrypts(person: Person, blob: bytes | None, region: str = DEFAULT_REGION, **parameters: Any) -> bool:
    """Whether a person can open this now."""
    if blob is None:
        return False
    try:
        person.client("kms", region=region).decrypt(CiphertextBlob=blob, **parameters)
    except ClientError:
        return False
    return True


def tries(call: Any, **parameters: Any) -> str:
    """Make a call that may be refused; gives the code of the error, "" without one."""
    try:
        call(**parameters)
    except ClientError as refused:
        return str(refused.response["Error"]["Code"])
    return ""


def state(sim: Simulator, arn: str) -> str:
    """The state of a key, whoever may describe it."""
    _, _, _, region, account, name = arn.split(":")
    found = sim.service.store.get(Key, scope_of(account, region), name.removeprefix("key/"))
    return found.state if found else "deleted"
