"""The question families of "Aliases and Regions" about primary and replica."""

from collections.abc import Callable
from random import Random
from typing import Any

from kms_teach.chapters.aliases.region_questions import ARCHITECTS, NAMES, SECURITY, replicated, two_regions
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, error, policy, simulator, told

HOME = "eu-central-1"
Able = tuple[bool, bool, bool, bool]  # a replica inside, and outside; the primary moved inside, and outside
WISHES: dict[str, Able] = {
    "may replicate multi-Region keys to {inside}, and to no other Region": (True, False, True, False),
    "may replicate multi-Region keys to every Region; the primary must stay in {home} or {inside}":
        (True, True, True, False),
    "may make multi-Region keys, and none of these may have a replica yet": (False,) * 4,
}  # fmt: skip


@one("keep-it-in-the-union", subject="multi-Region", exams=("SCS-C03", "SAP-C02", "SAP-C03"), difficulty=3)
def keep_it_in_the_union(draw: Random) -> Asked:
    inside, outside = draw.choice(("eu-west-1", "eu-west-3", "eu-north-1")), draw.choice(("us-east-1", "sa-east-1"))
    wish = draw.choice(tuple(WISHES))
    terms: dict[str, tuple[dict[str, Any], str]] = {
        f"`kms:ReplicateKey`, unless `kms:ReplicaRegion` is {inside}": (
            {"Action": "kms:ReplicateKey", "Condition": {"StringNotEquals": {"kms:ReplicaRegion": inside}}},
            "It asks where the replica would be.",
        ),
        f"`kms:UpdatePrimaryRegion`, unless `kms:PrimaryRegion` is {HOME} or {inside}": (
            {
                "Action": "kms:UpdatePrimaryRegion",
                "Condition": {"StringNotEquals": {"kms:PrimaryRegion": [HOME, inside]}},
            },
            "It asks where the primary would be, and replicas are made as before.",
        ),
        "`kms:ReplicateKey`, if `kms:MultiRegion` is true": (
            {"Action": "kms:ReplicateKey", "Condition": {"Bool": {"kms:MultiRegion": "true"}}},
            "Every key that can be replicated is multi-Region.",
        ),
    }

    def run() -> list[Tried]:
        tried = []
        for each, _ in terms.values():
            sim = simulator()
            deny = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Resource": "*", **each}]}
            admin = sim.user("admin", policies=[policy("kms:*"), deny]).client("kms", region=HOME)
            replicas, moves = [], []
            for region in (inside, outside):
                key = admin.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
                replicas.append(error(admin.replicate_key, KeyId=key, ReplicaRegion=region))
                moves.append(error(admin.update_primary_region, KeyId=key, PrimaryRegion=region))
            shown = (
                f"To {inside}: {told(admin.replicate_key, replicas[0])} {told(admin.update_primary_region, moves[0])} "
                f"To {outside}: {told(admin.replicate_key, replicas[1])} {told(admin.update_primary_region, moves[1])}"
            )
            tried.append(Tried(tuple(not code for code in (*replicas, *moves)) == WISHES[wish], shown))
        return tried

    return Asked(
        f"Administrators in {HOME} are allowed `kms:*` in IAM. They {wish.format(home=HOME, inside=inside)}. "
        "Which statement do you add, with the effect Deny?",
        {term: why for term, (_, why) in terms.items()},
        run,
    )


ENDINGS = {  # what is done with the two keys: the way that `run` does it
    "You schedule the deletion of the primary with {days} days, and of the replica not.": "one",
    "You schedule the deletion of the primary, and then that of the replica, with {days} days each.": "both",
    "You call `UpdatePrimaryRegion` to {second}; then you schedule the deletion of the key in {first} with {days} "
    "days, and of the other not.": "moved",
    "You schedule the deletion of the key in {first} with {short} days, and of the other not.": "short",
}


@one("primary-first", subject="multi-Region", exams=SECURITY)
def primary_first(draw: Random) -> Asked:
    (first, second), days, short = two_regions(draw), draw.randrange(7, 31), draw.randrange(2, 7)
    ending = draw.choice(tuple(ENDINGS))
    way = ENDINGS[ending]
    after = 2 * days + 2 if way == "both" else days + 1

    def run() -> list[Tried]:
        sim, home, abroad, key = replicated(first, second)
        if way == "moved":
            home.update_primary_region(KeyId=key, PrimaryRegion=second)
        code = error(home.schedule_key_deletion, KeyId=key, PendingWindowInDays=short if way == "short" else days)
        if way == "both":
            abroad.schedule_key_deletion(KeyId=key, PendingWindowInDays=days)
        sim.advance(days=after)
        states = [
            "deleted" if error(kms.describe_key, KeyId=key) else kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
            for kms in (home, abroad)
        ]
        shown = f"After {after} days the key in {first} is {states[0]}, and that in {second} {states[1]}."
        return [
            Tried(right, f"{told(home.schedule_key_deletion, code)} {shown}")
            for right in (
                states == ["PendingReplicaDeletion", "Enabled"],
                bool(code) and states == ["Enabled", "Enabled"],
                states == ["deleted", "Enabled"],
                states == ["deleted", "deleted"],
            )
        ]

    return Asked(
        f"A multi-Region key has its primary in {first} and a replica in {second}. "
        f"{ending.format(first=first, second=second, days=days, short=short)} What is so after {after} days?",
        {
            f"the key in {first} waits for that in {second}": "A primary waits, and its days begin when the last "
            "replica is gone.",
            f"the keys in {first} and {second} work on": "A waiting period has 7 to 30 days; a call with fewer is "
            "refused.",
            f"the key in {first} is deleted, that in {second} works on": "A replica goes without the others, and a "
            "primary does not go before its replicas.",
            f"the keys in {first} and {second} are deleted": "Each is deleted by a call of its own, in its Region, "
            "the primary last.",
        },
        run,
    )


WORK = "Programs in {second} are to decrypt and encrypt."
DRILLS = {  # what becomes of the two Regions: whether the replica was disabled, whether new replicas are wanted
    f"{{first}} fails. {WORK}": (False, False),
    f"After a drill the replica was disabled, and now {{first}} fails. {WORK}": (True, False),
    "The company leaves {first} for good next month, and all goes well there until then. After that, a replica for a "
    "third Region is to be made in {second}.": (False, True),
}


@one("first-region-fails", subject="multi-Region", exams=(*ARCHITECTS, "SOA-C03"))
def first_region_fails(draw: Random) -> Asked:
    (first, second), name = two_regions(draw), f"alias/{draw.choice(NAMES)}"
    third = next(region for region in ("eu-north-1", "ca-central-1") if region not in (first, second))
    drill = draw.choice(tuple(DRILLS))
    disabled, leads = DRILLS[drill]

    def tried(way: str) -> tuple[bool, str]:
        _, home, abroad, key = replicated(first, second)
        abroad.create_alias(AliasName=name, TargetKeyId=key)
        blob = home.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        if disabled:
            abroad.disable_key(KeyId=key)
        if not leads:
            home.disable_key(KeyId=key)  # as little as of a Region that fails is to be had of it
        if way == "promote":
            error(home.update_primary_region, KeyId=key, PrimaryRegion=second)
        elif way == "enable":
            abroad.enable_key(KeyId=key)
        if leads:
            code = error(abroad.replicate_key, KeyId=key, ReplicaRegion=third)
            return not code, told(abroad.replicate_key, code)
        codes = [error(abroad.decrypt, CiphertextBlob=blob), error(abroad.encrypt, KeyId=name, Plaintext=NOTE)]
        return not any(codes), f"{told(abroad.decrypt, codes[0])} {told(abroad.encrypt, codes[1])}"

    def run() -> list[Tried]:
        enough, shown = tried("")
        return [
            Tried(enough, f"Without more, in {second}: {shown}"),
            *(Tried(works and not enough, f"After it, in {second}: {words}")
              for works, words in map(tried, ("promote", "enable"))),
        ]  # fmt: skip

    return Asked(
        f"A multi-Region key has its primary in {first}, a replica in {second}, and there the alias `{name}`. "
        f"{drill.format(first=first, second=second)} What must you do with the keys before that?",
        {
            "nothing": "A replica that is Enabled works by itself.",
            f"`UpdatePrimaryRegion`, to {second}": "It moves where replicas are made and rotation is set.",
            "`EnableKey` for the replica": "The state of a replica is its own, whatever becomes of its primary.",
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
