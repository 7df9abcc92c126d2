"""How policies and grants name whoever exists: by ARN while it lives, by its unique id once it is gone.

IAM User Guide, "Principal": AWS keeps the unique id, and shows the ARN. Here the text is what counts, and is written
anew when somebody is deleted or renamed. Only principals are: a condition on aws:PrincipalArn is about the name.
"""

import json
from typing import Any

from msgspec.structs import replace

from kms_teach.access.grants import Grant, Retirable
from kms_teach.buckets.records import Bucket
from kms_teach.keys.key import Key
from kms_teach.store import Store

PRINCIPALS = ("Principal", "NotPrincipal")


def means(name: str, arn: str) -> bool:
    """Whether a name in a policy or grant is this ARN, or a session of the role that it is of."""
    if name == arn:
        return True
    account, _, resource = arn.removeprefix("arn:aws:iam::").partition(":")
    role = resource.rpartition("/")[2]
    return resource.startswith("role/") and name.startswith(f"arn:aws:sts::{account}:assumed-role/{role}/")


def renamed(text: str, arn: str, name: str) -> str:
    """A policy in which whoever has this ARN is called `name` wherever it is a principal; the same text if nowhere."""
    document = json.loads(text)
    listed = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    changed = False
    for statement in listed:
        for element in PRINCIPALS:
            of_aws = statement[element].get("AWS") if isinstance(statement.get(element), dict) else None
            new = _renamed(of_aws, arn, name)
            if new != of_aws:
                statement[element]["AWS"], changed = new, True
    return json.dumps(document, indent=2, separators=(",", " : "), ensure_ascii=False) if changed else text


def _renamed(names: Any, arn: str, name: str) -> Any:
    if isinstance(names, list):
        return [name if means(each, arn) else each for each in names]
    return name if isinstance(names, str) and means(names, arn) else names


def rename_in_keys_and_grants(store: Store, arn: str, name: str) -> None:
    """Call whoever has this ARN otherwise, in every key policy, every grant and every bucket policy."""
    for bucket in store.every(Bucket):
        policy = renamed(bucket.policy, arn, name) if bucket.policy else ""
        if policy != bucket.policy:
            store.put_again(replace(bucket, policy=policy))
    for key in store.every(Key):
        policy = renamed(key.policy, arn, name)
        if policy != key.policy:
            store.put_again(replace(key, policy=policy))
    for grant in store.every(Grant):
        if means(grant.grantee, arn) or means(grant.retiring, arn):
            grantee, retiring = (name if means(who, arn) else who for who in (grant.grantee, grant.retiring))
            store.put_again(replace(grant, grantee=grantee, retiring=retiring))
    for retirable in store.every(Retirable):
        if means(retirable.retiring, arn):
            store.put_again(replace(retirable, retiring=name))
