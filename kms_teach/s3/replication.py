"""Replication: what is put into one bucket comes into another, under a key of that bucket's Region, by a role.

S3 User Guide, "Replicating encrypted objects". The role decrypts with the source's key and encrypts with the replica's;
what it may not is not replicated, and the source says FAILED. At AWS it takes minutes, here it is done with the put.
"""

import json
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from kms_teach.access.policy import read
from kms_teach.access.principals import Principal, service
from kms_teach.buckets.names import object_arn
from kms_teach.buckets.records import SSE_C, Bucket, Object
from kms_teach.directory.identities import by_arn, standing
from kms_teach.errors import KmsError
from kms_teach.operations.call import Call
from kms_teach.operations.permission import ask_of
from kms_teach.s3.boundary import Wanted
from kms_teach.s3.call import S3Call, bucket_of, object_of
from kms_teach.s3.catalog import Answer, Params, operation
from kms_teach.s3.configuration import save
from kms_teach.s3.content import forget, opened
from kms_teach.s3.copying import write_copy
from kms_teach.s3.errors import NotSimulatedError, S3Error
from kms_teach.s3.permission import authorize

SERVICE, SESSION = "s3.amazonaws.com", "s3-replication"
NEEDS_KEY = "EncryptionConfiguration must be specified if SseKmsEncryptedObjects tag is present"
NOT_HERE = (
    "ExistingObjectReplication",
    "AccessControlTranslation",
    "ReplicationTime",
    "Metrics",
    "ReplicaModifications",
)
Rule = Mapping[str, Any]


@operation("bucket", "PutReplicationConfiguration", changes=True)
def put_bucket_replication(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "PutBucketReplication". The key of the replicas is not looked at: it fails later."""
    configuration = params["ReplicationConfiguration"]
    with call.step() as step:
        for rule in configuration["Rules"]:
            _check(step, bucket, rule)
    save(call, bucket, replication=json.dumps(configuration))
    return {}


def _check(step: Call, bucket: Bucket, rule: Rule) -> None:
    destination = rule["Destination"]
    for name in NOT_HERE:
        if any(name in place for place in (rule, destination, rule.get("SourceSelectionCriteria", {}))):
            raise NotSimulatedError(f"{name} of replication")
    if any(name in json.dumps(rule.get("Filter", {})) for name in ('"Tag"', '"Tags"')):
        raise NotSimulatedError("tags of objects")
    there = bucket_of(step, destination["Bucket"].removeprefix("arn:aws:s3:::"))
    if there is None or there.name == bucket.name:
        raise S3Error("InvalidRequest", "Destination bucket must exist.")
    configured = destination.get("EncryptionConfiguration", {})
    if _by_kms(rule) and not configured.get("ReplicaKmsKeyID") and not _uses_related(configured):
        raise S3Error("InvalidRequest", NEEDS_KEY)


@operation("bucket", "GetReplicationConfiguration")
def get_bucket_replication(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "GetBucketReplication"."""
    if not bucket.replication:
        raise S3Error("ReplicationConfigurationNotFoundError", BucketName=bucket.name)
    return {"ReplicationConfiguration": json.loads(bucket.replication)}


@operation("bucket", "PutReplicationConfiguration", changes=True)
def delete_bucket_replication(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "DeleteBucketReplication"."""
    save(call, bucket, replication="")
    return {}


def replicate(call: S3Call) -> None:
    """Bring the object that a call has just put to where its bucket's rules want it, and note how that went."""
    with call.step() as step:
        bucket = bucket_of(step, call.params["Bucket"])
        made = object_of(step, call.params["Bucket"], call.params["Key"]) if bucket and bucket.replication else None
    if bucket is None or made is None or made.envelope.algorithm == SSE_C:
        return
    configuration = json.loads(bucket.replication)
    rule = _rule(configuration["Rules"], made)
    if rule is None:
        return
    try:
        _bring(call, bucket, made, configuration["Role"], rule)
        status = "COMPLETED"
    except KmsError:  # told by the status alone, as at AWS; the trail has what KMS was asked
        status = "FAILED"
    with call.step() as step:
        if object_of(step, made.bucket, made.key) == made:
            step.store.put(replace(made, replication=status))


def _rule(rules: list[Rule], made: Object) -> Rule | None:
    """The rule of the highest priority that is about an object. One by KMS is replicated only if a rule says so."""
    fitting = [
        rule
        for rule in rules
        if rule["Status"] == "Enabled" and _selects(rule, made.key) and (_by_kms(rule) or not made.envelope.by_kms)
    ]
    return max(fitting, key=lambda rule: rule.get("Priority", 0), default=None)


def _selects(rule: Rule, key: str) -> bool:
    """Whether a rule is about a key: by the prefix that it must have, and those that it must not (since Nov 2026)."""
    selected = rule.get("Filter", {})
    both = selected.get("And", selected)
    without = both.get("Not", {})
    left_out = [without["Prefix"]] if "Prefix" in without else without.get("Or", {}).get("Prefixes", [])
    return key.startswith(both.get("Prefix", rule.get("Prefix", ""))) and not key.startswith(tuple(left_out))


def _by_kms(rule: Rule) -> bool:
    return bool(rule.get("SourceSelectionCriteria", {}).get("SseKmsEncryptedObjects", {}).get("Status") == "Enabled")


def _bring(call: S3Call, bucket: Bucket, made: Object, role: str, rule: Rule) -> None:
    destination = rule["Destination"]
    with call.step() as step:
        there = bucket_of(step, destination["Bucket"].removeprefix("arn:aws:s3:::"))
        if there is None:
            raise S3Error("NoSuchBucket")
        caller = _assumed(step, role)
    arn, source = object_arn(there.name, made.key), call.acting(caller, bucket.region, SERVICE)
    target = call.acting(caller, there.region, SERVICE)
    with source.step() as step:
        authorize(step, "s3:GetObjectVersionForReplication", made.arn, bucket, {})
        authorize(step, "s3:ReplicateObject", arn, there, {})
    keys = call.storage.boundary.open(source, made.envelope, bucket.region, made.arn)
    wanted = Wanted(algorithm=made.envelope.algorithm)
    if made.envelope.by_kms:
        bucket_key = there.encryption.bucket_key
        wanted = replace(wanted, kms_key=_key(made, there, rule), bucket_key=bucket_key, by_encrypt=not bucket_key)
    envelope, new_keys = call.storage.boundary.new(target, wanted, there.region, arn)
    file, _, checksum = write_copy(
        call, opened(call, made, keys, 0, made.size), made.size, new_keys, _checksum(made), plain_etag=False
    )
    replica = replace(
        made, bucket=there.name, files=(file,), envelope=envelope, checksum=checksum, replication="REPLICA"
    )
    with call.step() as step:
        before = object_of(step, there.name, made.key)
        step.store.put(replica)
    forget(call, before)


def _key(made: Object, there: Bucket, rule: Rule) -> str:
    """The key of the replica; of a multi-Region key its own replica there, if the rule says so (since 18 Nov 2026)."""
    configured = rule["Destination"]["EncryptionConfiguration"]
    if _uses_related(configured) and ":key/mrk-" in made.envelope.key_arn:
        parts = made.envelope.key_arn.split(":")
        return ":".join((*parts[:3], there.region, *parts[4:]))
    return str(configured.get("ReplicaKmsKeyID", ""))


def _uses_related(configured: Mapping[str, Any]) -> bool:
    return bool(configured.get("UseSourceMultiRegionKey", {}).get("Status") == "Enabled")


def _checksum(made: Object) -> str:
    return next((name.removeprefix("Checksum") for name, _ in made.checksum if name != "ChecksumType"), "")


def _assumed(step: Call, arn: str) -> Principal:
    """A session of the role, which must trust S3. AccessDenied."""
    role = by_arn(step.store, arn)
    if role is None or not role.trust:
        raise S3Error("AccessDenied")
    as_s3 = replace(step, request=replace(step.request, principal=service(SERVICE)))
    trust = read(role.trust, "trust policy")
    if not ask_of(as_s3, "sts:AssumeRole", arn, trust, role.account, {}).decision.allowed:
        raise S3Error("AccessDenied")
    return replace(standing(step.store, role), session=SESSION)
