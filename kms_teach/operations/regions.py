"""Multi-Region keys: one id and one material in several Regions; policy, tags, aliases and state apart."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from kms_teach.access.policy import DEFAULT_KEY_POLICY
from kms_teach.errors import (
    AlreadyExistsException,
    NotFoundException,
    UnsupportedOperationException,
    ValidationException,
)
from kms_teach.keys.key import Key, Material, MaterialOwner, RelatedKeys
from kms_teach.keys.names import REGION, arn
from kms_teach.keys.states import follow_material, step
from kms_teach.operations.audit import Echo, OwnEvent
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import KeyParameter, operation
from kms_teach.operations.lifecycle import delete_key
from kms_teach.operations.metadata import metadata
from kms_teach.operations.permission import authorize
from kms_teach.operations.policies import accept
from kms_teach.operations.tags import with_tags

ONE_KEY = KeyParameter("KeyId", aliases=False)
OTHER_PARTITIONS = ("cn-", "us-gov-", "us-iso", "eu-iso", "eusc-")  # how Regions outside the partition `aws` begin


@operation(ONE_KEY, changes=True, primary=True)
def replicate_key(
    call: Call, key: Key, replica_region: str, policy: str | None = None,
    bypass_policy_lockout_safety_check: bool = False, description: str = "", tags: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:  # fmt: skip
    """Make a replica of a multi-Region primary key in another Region.

    KMS API Reference, "ReplicateKey". Errors, in the order they are checked: InvalidArnException, NotFoundException,
    AccessDeniedException, UnsupportedOperationException, DisabledException, KMSInvalidStateException,
    ValidationException, AlreadyExistsException, TagException, LimitExceededException, MalformedPolicyDocumentException.
    """
    related = _related(call, key)
    if replica_region == key.region:
        raise ValidationException(f"{replica_region} cannot have a replica because it contains the primary.")
    if not REGION.fullmatch(replica_region) or _partition(replica_region) != _partition(key.region):
        raise ValidationException(f"`{replica_region}` is not a Region of the same partition as {key.region}")
    if replica_region in related.regions:
        raise AlreadyExistsException(f"{arn(replica_region, key.account, f'key/{key.id}')} already exists")
    # KMS Developer Guide, "Controlling access to multi-Region keys": effective in the replica's Region
    authorize(call, "kms:CreateKey", "*", region=replica_region)
    settings = {"Description": description, "BypassPolicyLockoutSafetyCheck": bypass_policy_lockout_safety_check}
    call.audit.parameters |= settings
    replica = Key(
        account=key.account, region=replica_region, id=key.id, created=call.now, spec=key.spec, usage=key.usage,
        origin=key.origin, description=description, policy=policy or DEFAULT_KEY_POLICY.format(account=key.account),
        primary_region=key.region,
    )  # fmt: skip
    replica = with_tags(call, replica, tags)
    if policy:
        accept(call, replica, policy, bypass_policy_lockout_safety_check)
    call.store.put(replace(related, regions=(*related.regions, replica_region)))
    replica = call.keys.save(_passing(call, _following(call, key, replica), "Creating", "a new replica"))
    if any(m.pending for m in key.materials):
        synchronize(call, key)
    described = metadata(call, replica)
    kind = {"Origin": key.origin, "KeyUsage": key.usage, "KeySpec": key.spec, "CustomerMasterKeySpec": key.spec}
    call.audit.echoes.append(
        Echo(replica, "CreateKey", settings | kind | {"MultiRegion": True}, {"KeyMetadata": described})
    )
    labels = [{"TagKey": name, "TagValue": value} for name, value in replica.tags]
    answer = {"ReplicaKeyMetadata": described, "ReplicaPolicy": replica.policy}
    return answer | ({"ReplicaTags": labels} if labels else {})


@operation(ONE_KEY, changes=True, primary=True)
def update_primary_region(call: Call, key: Key, primary_region: str) -> None:
    """Make a replica the primary key, and the primary a replica.

    KMS API Reference, "UpdatePrimaryRegion". Errors, in the order they are checked: InvalidArnException,
    NotFoundException, AccessDeniedException, UnsupportedOperationException, DisabledException,
    KMSInvalidStateException.
    """
    related = _related(call, key)
    replicas = {replica.region: replica for replica in call.keys.related(key)}
    if primary_region == key.region:
        raise UnsupportedOperationException(f"{key.arn} is the primary key already")
    if primary_region not in replicas:
        raise NotFoundException(f"Key '{arn(primary_region, key.account, f'key/{key.id}')}' does not exist")
    chosen = replicas[primary_region]
    authorize(call, "kms:UpdatePrimaryRegion", chosen.arn, chosen)
    step("UpdatePrimaryRegion", chosen)
    call.store.put(replace(related, regions=(primary_region, *(r for r in related.regions if r != primary_region))))
    for member in (key, *replicas.values()):
        moved = replace(member, primary_region=primary_region)
        if member in (key, chosen):
            moved = _passing(call, moved, "Updating", "a change of the primary key")
        call.keys.save(moved)
    call.audit.echoes.append(
        Echo(chosen, "UpdatePrimaryRegion", {"KeyId": chosen.arn, "PrimaryRegion": primary_region}, None)
    )


def primary_only(key: Key) -> None:
    """Refuse what only the primary of a multi-Region key may do."""
    if not key.multi_region or key.is_replica:
        raise UnsupportedOperationException(f"{key.arn} is not a multi-region primary key.")


def synchronize(call: Call, primary: Key) -> Key:
    """Carry to the replicas what all Regions share: of imported material not the bytes, only that it exists."""
    replicas = call.keys.related(primary)
    materials = tuple(_staged(m, (primary, *replicas)) for m in primary.materials)
    primary = call.keys.save(replace(primary, materials=materials))
    followed = [_following(call, primary, replica) for replica in replicas]
    changed = [after for before, after in zip(replicas, followed, strict=True) if after != before]
    for replica in changed:
        call.keys.save(replica)
    if changed:
        call.audit.own_events.append(OwnEvent(primary, "SynchronizeMultiRegionKey", None))
    return primary


def become_ready(call: Call, key: Key) -> None:
    """What happens when a Creating or Updating key is ready."""
    call.keys.save(follow_material(replace(key, state=key.next_state, next_state="", ready=None)))


def delete_as_scheduled(call: Call, key: Key) -> None:
    """What happens on the day of deletion. A primary that waited for its last replica begins its own days."""
    others = call.keys.related(key)
    delete_key(call, key)
    if key.multi_region:
        related = _related(call, key)
        call.store.delete(related)
        if others:
            call.store.put(replace(related, regions=tuple(r for r in related.regions if r != key.region)))
            primary = synchronize(call, others[0])
            if primary.deletion_window is not None and len(others) == 1:
                at = call.now + timedelta(days=primary.deletion_window)
                call.keys.save(replace(primary, state="PendingDeletion", deletion=at, deletion_window=None))


def _related(call: Call, key: Key) -> RelatedKeys:
    related = call.store.get(RelatedKeys, key.account, key.id)
    assert related is not None
    return related


def _partition(region: str) -> str:
    return next((start for start in OTHER_PARTITIONS if region.startswith(start)), "aws")


def _passing(call: Call, key: Key, state: str, what: str) -> Key:
    """The key in a state that passes when its time has come, where that takes its time; else as it is."""
    length = call.takes(what)
    if not length:
        return key
    return replace(key, state=state, next_state=key.next_state or key.state, ready=call.now + length)


def _staged(material: Material, members: Sequence[Key]) -> Material:
    """Material that waits for its rotation, in the stage it has reached: first it must be imported in every Region."""
    if not material.pending:
        return material
    everywhere = all((own := member.material(material.id)) and own.present for member in members)
    return replace(material, pending="PENDING_ROTATION" if everywhere else "PENDING_MULTI_REGION_IMPORT_AND_ROTATION")


def _following(call: Call, primary: Key, replica: Key) -> Key:
    """The replica with what the primary shares."""
    for material in replica.materials:
        call.store.delete(MaterialOwner(replica.region, material.id, replica.account, replica.id))
    for each in call.keys.materials(primary, after=replica.earlier):
        call.store.put(MaterialOwner(replica.region, each.material.id, replica.account, replica.id))
        if each.number <= primary.earlier:
            call.store.put(replace(each, key_arn=replica.arn))
    materials = primary.materials
    if primary.origin == "EXTERNAL":
        materials = tuple(_copy(m, replica.material(m.id)) for m in materials)
    replica = replace(
        replica,
        rotation_period=primary.rotation_period,
        next_rotation=primary.next_rotation,
        on_demand_since=primary.on_demand_since,
        earlier=primary.earlier,
        earlier_on_demand=primary.earlier_on_demand,
    )
    return follow_material(replace(replica, materials=materials))


def _copy(material: Material, own: Material | None) -> Material:
    """The primary's imported material as a replica has it: its own bytes and expiry, or none yet."""
    if own is None:
        return replace(material.emptied, description="")
    return replace(material, sealed=own.sealed, valid_to=own.valid_to, description=own.description)
