"""What is tried for each claim about who may."""

import json
from typing import Any

from kms_teach.inspect.claim import Case
from kms_teach.people import Person
from kms_teach.simulator import Simulator
from kms_teach.teaching.claim import called
from kms_teach.teaching.trial import NOTE, START, policy, scratch, simulator

OTHER = "444455556666"
BUCKET = "notes-of-a-year"


def _key_policy(kms: Any, key: str, *principals: str) -> None:
    """Let these use and manage a key, and nobody else, not even who calls."""
    statement = {"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "kms:*", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    kms.put_key_policy(KeyId=key, Policy=text, BypassPolicyLockoutSafetyCheck=True)


def _encrypts(sim: Simulator, words: str, who: Person, key: str, *, well: bool = True) -> Case:
    return called(sim.trail, words, well, who.client("kms").encrypt, KeyId=key, Plaintext=NOTE)


def trusted() -> list[Case]:
    sim, kms, key = scratch()
    alice, carol = sim.user("alice", policies=[policy("kms:*")]), sim.user("carol")
    with_it = _encrypts(sim, "with the account's statement", alice, key)
    _key_policy(kms, key, carol.arn)
    return [with_it, _encrypts(sim, "without it, an IAM policy is not enough", alice, key, well=False)]


def admin() -> list[Case]:
    sim, kms, key = scratch()
    admin = sim.user("admin", policies=[policy("*")])
    _key_policy(kms, key, sim.role("app").arn)
    return [_encrypts(sim, "a key whose policy names a role alone", admin, key)]


def everyone() -> list[Case]:
    sim, _, key = scratch()
    return [_encrypts(sim, "a user without any policy", sim.user("alice"), key)]


def root_alone() -> list[Case]:
    sim, _, key = scratch()
    app = sim.role("app", policies=[policy("kms:Encrypt")])
    return [_encrypts(sim, "a role with an IAM policy is denied", app, key, well=False)]


def creator() -> list[Case]:
    sim = simulator()
    maker = sim.user("maker", policies=[policy("kms:*")])
    kms = maker.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    _key_policy(kms, key, sim.role("app").arn)
    return [_encrypts(sim, "who made the key", maker, key)]


def root_always() -> list[Case]:
    sim, kms, key = scratch()
    _key_policy(kms, key, sim.role("app").arn)
    return [_encrypts(sim, "the root user, and a key for a role alone", sim.root(), key)]


def by_alias() -> list[Case]:
    sim, kms, key = scratch()
    kms.create_alias(AliasName="alias/notes", TargetKeyId=key)
    arn = key.rpartition(":")[0] + ":alias/notes"
    alice = sim.user("alice", policies=[policy("kms:Encrypt", arn)])
    return [
        called(sim.trail, words, True, alice.client("kms").encrypt, KeyId=name, Plaintext=NOTE)
        for words, name in (("called by the alias", "alias/notes"), ("called by the key's ARN", key))
    ]


def one_side() -> list[Case]:
    sim, kms, key = scratch()
    allowed, bare = sim.user("eve", OTHER, policies=[policy("kms:*")]), sim.user("ned", OTHER)
    only_iam = _encrypts(sim, "IAM alone", allowed, key)
    _key_policy(kms, key, f"arn:aws:iam::{OTHER}:root", sim.root().arn)
    return [only_iam, _encrypts(sim, "the key policy alone", bare, key)]


def managed_abroad() -> list[Case]:
    sim = simulator()
    kms, s3 = sim.client("kms"), sim.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="note", Body=NOTE, ServerSideEncryption="aws:kms")
    key = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"]
    text = kms.get_key_policy(KeyId=key)["Policy"]
    changed = called(
        sim.trail, "a policy that lets the other account in", True, kms.put_key_policy, KeyId=key, Policy=text
    )
    return [
        changed,
        _encrypts(
            sim, "an administrator of the other account", sim.user("eve", OTHER, policies=[policy("kms:*")]), key
        ),
    ]


def bucket_policy() -> list[Case]:
    sim = simulator()
    s3, reader = sim.client("s3"), sim.user("reader")
    s3.create_bucket(Bucket=BUCKET)
    statement = {"Effect": "Allow", "Principal": {"AWS": reader.arn}, "Action": "s3:GetObject",
                 "Resource": f"arn:aws:s3:::{BUCKET}/*"}  # fmt: skip
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    key = sim.client("kms").create_key()["KeyMetadata"]["Arn"]
    s3.put_object(Bucket=BUCKET, Key="yours", Body=NOTE, ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    return [called(sim.trail, "under a key of yours, without kms:Decrypt", True, reader.client("s3").get_object,
                   Bucket=BUCKET, Key="yours")]  # fmt: skip


def grant_at_once() -> list[Case]:
    with Simulator(start=START, slow=True) as sim:
        kms, worker = sim.client("kms"), sim.role("worker")
        key = kms.create_key()["KeyMetadata"]["Arn"]
        token = kms.create_grant(KeyId=key, GranteePrincipal=worker.arn, Operations=["Encrypt"])["GrantToken"]
        call = worker.client("kms").encrypt
        return [
            called(sim.trail, "in the same second", True, call, KeyId=key, Plaintext=NOTE),
            called(sim.trail, "with the grant token", True, call, KeyId=key, Plaintext=NOTE, GrantTokens=[token]),
        ]


def revoked_at_once() -> list[Case]:
    with Simulator(start=START, slow=True) as sim:
        kms, worker = sim.client("kms"), sim.role("worker")
        key = kms.create_key()["KeyMetadata"]["Arn"]
        grant = kms.create_grant(KeyId=key, GranteePrincipal=worker.arn, Operations=["Encrypt"])["GrantId"]
        sim.advance(minutes=10)
        kms.revoke_grant(KeyId=key, GrantId=grant)
        return [_encrypts(sim, "in the same second it is denied", worker, key, well=False)]


def to_people_alone() -> list[Case]:
    sim, kms, key = scratch()
    terms = {
        "Constraints": {"SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/notes"},
        "RetiringPrincipal": sim.role("lead").arn,
    }
    return [called(sim.trail, "a grant for a service principal is refused", False, kms.create_grant, KeyId=key,
                   GranteeServicePrincipal="cloudtrail.amazonaws.com", Operations=["Decrypt"], **terms)]  # fmt: skip


def not_shared() -> list[Case]:
    sim, _, key = scratch()
    sim.share(key, OTHER)
    eve = sim.user("eve", OTHER, policies=[policy("kms:*")])
    return [_encrypts(sim, "after RAM has shared it, it is denied", eve, key, well=False)]
