"""The question families of "Aliases and Regions" about primary and replica."""

from collections.abc import Callable
from random import Random
from typing import Any

from kms_teach.chapters.aliases.region_questions import ARCHITECTS, NAMES, SECURITY, replicated, two_regions
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, error, policy, simulator, told


@one("keep-it-in-the-union", subject="multi-Region", exams=("SCS-C03", "SAP-C02", "SAP-C03"), difficulty=3)
def keep_it_in_the_union(draw: Random) -> Asked:
    inside, outside = draw.choice(("eu-west-1", "eu-west-3", "eu-north-1")), draw.choice(("us-east-1", "sa-east-1"))
    home = "eu-central-1"

    def run() -> list[Tried]:
        terms: tuple[dict[str, Any], ...] = (
            {"Action": "kms:ReplicateKey", "Condition": {"StringNotEquals": {"kms:ReplicaRegion": [home, inside]}}},
            {
                "Action": "kms:UpdatePrimaryRegion",
                "Condition": {"StringNotEquals": {"kms:PrimaryRegion": [home, inside]}},
            },
            {"Action": "kms:ReplicateKey", "Condition": {"Bool": {"kms:MultiRegion": "true"}}},
        )
        tried = []
        for each in terms:
            sim = simulator()
            deny = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Resource": "*", **each}]}
            admin = sim.user("admin", policies=[policy("kms:*"), deny]).client("kms", region=home)
            key = admin.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
            near, far = (error(admin.replicate_key, KeyId=key, ReplicaRegion=region) for region in (inside, outside))
            shown = f"To {inside}: {told(admin.replicate_key, near)} To {outside}: {told(admin.replicate_key, far)}"
            tried.append(Tried(not near and far == "AccessDeniedException", shown))
        return tried

    return Asked(
        f"Administrators in {home} may replicate multi-Region keys to {inside}, and never to {outside} or any other. "
        "Which statement do you add, with the effect Deny?",
        {
            "`kms:ReplicateKey`, unless `kms:ReplicaRegion` is one of the two": "It asks where the replica would be.",
            "`kms:UpdatePrimaryRegion`, unless `kms:PrimaryRegion` is one of the two": "By then the replica is there.",
            "`kms:ReplicateKey`, if `kms:MultiRegion` is true": "Every key that can be replicated is multi-Region.",
        },
        run,
    )


@one("primary-first", subject="multi-Region", exams=SECURITY)
def primary_first(draw: Random) -> Asked:
    (first, second), days = two_regions(draw), draw.randrange(7, 31)

    def run() -> list[Tried]:
        sim, home, abroad, key = replicated(first, second)
        code = error(home.schedule_key_deletion, KeyId=key, PendingWindowInDays=days)
        sim.advance(days=days + 1)
        after = error(home.describe_key, KeyId=key)
        state = home.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] if not after else "deleted"
        there = error(abroad.describe_key, KeyId=key)
        shown = told(abroad.describe_key, there, f"After {days + 1} days the primary is {state}; in {second},")
        return [
            Tried(right, shown)
            for right in (state == "PendingReplicaDeletion", bool(code), state == "deleted" and not there, bool(there))
        ]

    return Asked(
        f"A multi-Region key has its primary in {first} and a replica in {second}. You schedule the deletion of the "
        f"primary with {days} days, and of the replica not. What is so after {days + 1} days?",
        {
            "the primary waits for its replica": "Its days begin when the last replica is gone.",
            "nothing: the call was refused": "It is accepted, and the primary is closed at once.",
            "the primary is deleted, the replica works on": "Then no primary would be left for rotation.",
            "both are deleted": "Each is deleted by a call of its own, in its Region.",
        },
        run,
    )


@one("first-region-fails", subject="multi-Region", exams=(*ARCHITECTS, "SOA-C03"))
def first_region_fails(draw: Random) -> Asked:
    (first, second), name = two_regions(draw), f"alias/{draw.choice(NAMES)}"

    def run() -> list[Tried]:
        _, home, abroad, key = replicated(first, second)
        abroad.create_alias(AliasName=name, TargetKeyId=key)
        blob = home.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        home.disable_key(KeyId=key)
        codes = [error(abroad.decrypt, CiphertextBlob=blob), error(abroad.encrypt, KeyId=name, Plaintext=NOTE)]
        works = codes == ["", ""]
        shown = (
            f"With the primary disabled, in {second}: {told(abroad.decrypt, codes[0])} {told(abroad.encrypt, codes[1])}"
        )
        promoted = error(abroad.update_primary_region, KeyId=key, PrimaryRegion=second)
        return [
            Tried(works, shown),
            Tried(not works and not promoted, told(abroad.update_primary_region, promoted, shown)),
            Tried(not works, shown),
        ]

    return Asked(
        f"A multi-Region key has its primary in {first}, a replica in {second}, and there the alias `{name}`. {first} "
        f"fails. What must you do with the keys before programs in {second} can decrypt and encrypt?",
        {
            "nothing": "A replica works by itself.",
            f"`UpdatePrimaryRegion`, to {second}": "It moves where replicas are made and rotation is set.",
            "`EnableKey` for the replica": "A replica is Enabled, whatever becomes of its primary.",
        },
        run,
    )


@several("shared-across-regions", subject="multi-Region", exams=(*ARCHITECTS, *SECURITY), difficulty=3)
def shared_across_regions(draw: Random) -> Asked:
    (first, second), name = two_regions(draw), f"alias/{draw.choice(NAMES)}"
    acts: dict[str, tuple[Callable[[Any, str], Any], Callable[[Any, str], Any], str]] = {
        "`EnableKeyRotation`": (
            lambda kms, key: kms.enable_key_rotation(KeyId=key),
            lambda kms, key: kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"],
            "Rotation is set at the primary, and holds for all.",
        ),
        "`RotateKeyOnDemand`": (
            lambda kms, key: kms.rotate_key_on_demand(KeyId=key),
            lambda kms, key: kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"],
            "All have the same key material, the new one too.",
        ),
        "`DisableKey`": (
            lambda kms, key: kms.disable_key(KeyId=key),
            lambda kms, key: kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"],
            "Each has a state of its own.",
        ),
        f"`CreateAlias` with `{name}`": (
            lambda kms, key: kms.create_alias(AliasName=name, TargetKeyId=key),
            lambda kms, key: kms.list_aliases(KeyId=key)["Aliases"],
            "A name belongs to one Region.",
        ),
        "`TagResource`": (
            lambda kms, key: kms.tag_resource(KeyId=key, Tags=[{"TagKey": "team", "TagValue": "a"}]),
            lambda kms, key: kms.list_resource_tags(KeyId=key)["Tags"],
            "Each has tags of its own.",
        ),
        "`UpdateKeyDescription`": (
            lambda kms, key: kms.update_key_description(KeyId=key, Description="new"),
            lambda kms, key: kms.describe_key(KeyId=key)["KeyMetadata"]["Description"],
            "Each has a description of its own.",
        ),
    }  # fmt: skip
    names = list(acts)
    chosen = [*names[:2], *draw.sample(names[2:], 3)]

    def run() -> list[Tried]:
        tried = []
        for each in chosen:
            act, look, _ = acts[each]
            _, home, abroad, key = replicated(first, second)
            before = look(abroad, key)
            act(home, key)
            changed = look(abroad, key) != before
            tried.append(Tried(changed, f"In {second} {'the change is seen' if changed else 'nothing has changed'}."))
        return tried

    return Asked(
        f"A multi-Region key has its primary in {first} and a replica in {second}. Which calls, made with the primary, "
        "change the replica too?",
        {each: acts[each][2] for each in chosen},
        run,
    )
