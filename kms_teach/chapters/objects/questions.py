"""The question families of "S3, a key for every object"."""

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from botocore.exceptions import ClientError

from kms_teach.chapters.objects.access_questions import (
    condition_with_a_bucket_key,
    neighbour_and_aws_managed_key,
    which_yes_is_missing,
    who_reads_the_object,
)
from kms_teach.chapters.objects.choice_questions import (
    copy_lands_under,
    encryption_to_choose,
    header_or_default,
    requests_to_kms,
)
from kms_teach.chapters.objects.facts import BY_S3
from kms_teach.chapters.objects.service_questions import (
    narrow_as_a_secret,
    permission_behind_a_service,
    secret_for_a_partner,
    volume_of_a_disabled_key,
)
from kms_teach.chapters.objects.sharing_questions import (
    moved_without_a_copy,
    needed_by_a_neighbour,
    replicas_under_kms,
    switched_off_a_moment_ago,
)
from kms_teach.chapters.objects.upload_questions import (
    customers_key_refused,
    denied_by_its_header,
    error_through_s3,
    permission_that_is_missing,
)
from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Tried, matching, one, ordering
from kms_teach.teaching.trial import error, scratch

__all__ = [
    "calls_behind_s3", "condition_with_a_bucket_key", "copy_lands_under", "customers_key_refused",
    "denied_by_its_header", "encryption_to_choose", "error_through_s3", "fewer_calls", "header_or_default",
    "moved_without_a_copy", "narrow_as_a_secret", "needed_by_a_neighbour", "neighbour_and_aws_managed_key",
    "new_default_old_objects", "order_of_a_move", "permission_behind_a_service", "permission_that_is_missing",
    "replicas_under_kms", "requests_to_kms", "secret_for_a_partner", "switched_off_a_moment_ago", "switched_off_key",
    "volume_of_a_disabled_key", "which_yes_is_missing", "who_reads_the_object",
]  # fmt: skip

EXAMS = ("SAA-C03", "DVA-C02", "DVA-C03", "SCS-C03")
BUCKETS = ("invoices", "photos", "logs", "x-rays", "backups")
KMS: dict[str, Any] = {"ServerSideEncryption": "aws:kms"}


def default(key: str, *, bucket_key: bool = False) -> dict[str, Any]:
    """The parameter of PutBucketEncryption that makes a key the bucket's default."""
    by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    return {"Rules": [{"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": bucket_key}]}


def calls(sim: Simulator, since: int) -> list[str]:
    """The operations that S3 has sent to KMS since a place in the trail."""
    return [r.operation for r in sim.trail[since:] if r.event["userIdentity"].get("invokedBy") == BY_S3]


WISHES: dict[str, tuple[bool, bool, bool]] = {  # old objects under a new key; new ones; new ones by a bucket key
    "{count},000 objects under an old KMS key, and these are to come under a new one": (True, False, False),
    "{count},000 objects under an old KMS key, where they stay; what is stored from now on is to come under a new one":
        (False, True, False),
    "{count},000 objects under a KMS key, which stays; for what is stored from now on S3 is to ask KMS less":
        (False, False, True),
}  # fmt: skip


@one("new-default-old-objects", subject="S3", exams=EXAMS, difficulty=1)
def new_default_old_objects(draw: Random) -> Asked:
    bucket, count, wish = draw.choice(BUCKETS), draw.choice((3, 4, 5)), draw.choice(tuple(WISHES))

    def after(act: Callable[[Any, str, str], None]) -> tuple[bool, bool, bool]:
        sim, kms, old = scratch()
        new, s3 = kms.create_key()["KeyMetadata"]["Arn"], sim.client("s3")
        s3.create_bucket(Bucket=bucket)
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=default(old))
        for n in range(2):
            s3.put_object(Bucket=bucket, Key=f"{n}", Body=b"x")
        act(s3, old, new)
        s3.put_object(Bucket=bucket, Key="later", Body=b"x")
        heads = [s3.head_object(Bucket=bucket, Key=f"{n}") for n in range(2)]
        later = s3.head_object(Bucket=bucket, Key="later")
        moved = all(head.get("SSEKMSKeyId") == new for head in heads)
        return moved, later.get("SSEKMSKeyId") == new, later.get("BucketKeyEnabled", False)

    def by_default(s3: Any, _: str, new: str) -> None:
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=default(new))

    def by_update(s3: Any, _: str, new: str) -> None:
        for n in range(2):
            s3.update_object_encryption(Bucket=bucket, Key=f"{n}", ObjectEncryption={"SSEKMS": {"KMSKeyArn": new}})

    def by_bucket_key(s3: Any, old: str, _: str) -> None:
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=default(old, bucket_key=True))

    def run() -> list[Tried]:
        tried = []
        for there, later, by_bucket in map(after, (by_default, by_update, by_bucket_key)):
            shown = (
                f"What is there names the {'new' if there else 'old'} key; what came later names the "
                f"{'new' if later else 'old'} one, {'with' if by_bucket else 'without'} a bucket key."
            )
            tried.append(Tried((there, later, by_bucket) == WISHES[wish], shown))
        return tried

    return Asked(
        f"The default encryption of the bucket `{bucket}` is SSE-KMS. It holds {wish.format(count=count)}. What do you "
        "do?",
        {
            "make the new key the bucket's default encryption": "A default counts for what is stored from then on.",
            "call `UpdateObjectEncryption` for each of them": "It wraps the data key anew. The bytes stay as they are.",
            "switch the bucket key on": "It saves calls for new objects, and changes no object that is there.",
        },
        run,
    )


AIMS = {  # what is wanted, in the order of the options
    "KMS requests are the largest part of the bill. What makes them fewer, and keeps SSE-KMS?": 0,
    "The key is yours, and is to have new key material every year. What gives you that?": 1,
    "Nothing is to be paid for storing a key, however many requests there are, and SSE-KMS is to stay. What gives you "
    "that?": 2,
}


@one("fewer-calls", subject="S3", exams=EXAMS, difficulty=1)
def fewer_calls(draw: Random) -> Asked:
    bucket, millions, aim = draw.choice(BUCKETS), draw.choice((5, 20, 80)), draw.choice(tuple(AIMS))

    def asked(*, bucket_key: bool = False, rotation: bool = False, managed: bool = False) -> tuple[int, bool, bool]:
        sim, kms, key = scratch()
        s3 = sim.client("s3")
        s3.create_bucket(Bucket=bucket)
        if rotation:
            kms.enable_key_rotation(KeyId=key)
        more = KMS if managed else {**KMS, "SSEKMSKeyId": key}
        begin = len(sim.trail)
        for n in range(2):
            s3.put_object(Bucket=bucket, Key=f"{n}", Body=b"x", BucketKeyEnabled=bucket_key, **more)
            s3.get_object(Bucket=bucket, Key=f"{n}")["Body"].read()
        sent = len(calls(sim, begin))
        used = kms.describe_key(KeyId=s3.head_object(Bucket=bucket, Key="0")["SSEKMSKeyId"])["KeyMetadata"]
        yours = used["KeyManager"] == "CUSTOMER"
        rotates = kms.get_key_rotation_status(KeyId=used["KeyId"])["KeyRotationEnabled"]
        return sent, yours and rotates, not yours

    def run() -> list[Tried]:
        before, _, _ = asked()
        tried = []
        for sent, rotates, free in (asked(bucket_key=True), asked(rotation=True), asked(managed=True)):
            shown = (
                f"Two objects, put and read: {sent} calls to KMS; before {before}. The key is "
                f"{'AWS managed' if free else 'yours, and rotates' if rotates else 'yours, and does not rotate'}."
            )
            tried.append(Tried((sent < before, rotates, free)[AIMS[aim]], shown))
        return tried

    return Asked(
        f"{millions} million objects a month are written to the bucket `{bucket}` with SSE-KMS and read once. {aim}",
        {
            "a bucket key, from now on": "S3 asks KMS for a key of the bucket, and makes the objects' with it.",
            "automatic rotation of the bucket's KMS key": "It brings new material. KMS is asked as often as before.",
            "`aws/s3` instead of a key of yours": "Its storage costs nothing. Each object asks KMS as before.",
        },
        run,
    )


CALLS_OF = {  # what is done in S3, as boto3 calls it
    "store an object": "put", "read an object": "get", "list the bucket": "list", "delete an object": "delete",
}  # fmt: skip


@matching("calls-behind-s3", subject="S3", exams=EXAMS, difficulty=1)
def calls_behind_s3(draw: Random) -> Asked:
    bucket = draw.choice(BUCKETS)
    deeds = ["store an object", "read an object", draw.choice(("list the bucket", "delete an object"))]
    draw.shuffle(deeds)

    def run() -> list[Tried]:
        tried = []
        for deed in deeds:
            sim, _, key = scratch()
            s3 = sim.client("s3")
            s3.create_bucket(Bucket=bucket)
            place: dict[str, Any] = {"Bucket": bucket, "Key": "note"}
            s3.put_object(**place, Body=b"x", SSEKMSKeyId=key, **KMS)
            begin = len(sim.trail)
            if CALLS_OF[deed] == "put":
                s3.put_object(**place, Body=b"y", SSEKMSKeyId=key, **KMS)
            elif CALLS_OF[deed] == "get":
                s3.get_object(**place)["Body"].read()
            elif CALLS_OF[deed] == "list":
                s3.list_objects_v2(Bucket=bucket)
            else:
                s3.delete_object(**place)
            found = calls(sim, begin)
            tried.append(Tried(f"`{found[0]}`" if found else "none", f"S3 sent: {', '.join(found) or 'nothing'}."))
        return tried

    return Asked(
        f"The bucket `{bucket}` uses SSE-KMS without a bucket key. Which call does S3 send to KMS for each of these? "
        "One of the four stays over.",
        dict.fromkeys(deeds, "KMS is asked where a data key is made, and where one is opened."),
        run,
        ["`GenerateDataKey`", "`Decrypt`", "`Encrypt`", "none"],
    )


@cache
def _stored(bucket: str, name: str) -> tuple[Simulator, Any, Any, str]:
    """A simulator with an object under a KMS key, clients of both services, and the key's ARN."""
    sim, kms, key = scratch()
    s3 = sim.client("s3")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key=name, Body=b"x", SSEKMSKeyId=key, **KMS)
    return sim, kms, s3, key


@ordering("order-of-a-move", subject="S3", exams=EXAMS, difficulty=3)
def order_of_a_move(draw: Random) -> Asked:
    bucket, name = draw.choice(BUCKETS), draw.choice(("a.txt", "scan.pdf", "2025.csv"))
    steps = (
        "create a new KMS key",
        f"call `UpdateObjectEncryption` for `{name}`, with the new key",
        "disable the old KMS key",
        f"read `{name}`, to see that it opens without the old key",
    )

    def run(order: tuple[str, ...]) -> Tried:
        sim, kms, s3, old = _stored(bucket, name)
        if steps.index(order[0]) in (0, 2):  # an order that begins otherwise stops at once, and changes nothing
            sim = sim.rehearsal()
            kms, s3 = sim.client("kms"), sim.client("s3")
        held = {"new": f"{old[:-12]}000000000000"}
        place: dict[str, Any] = {"Bucket": bucket, "Key": name}

        def read() -> None:
            if kms.describe_key(KeyId=old)["KeyMetadata"]["Enabled"]:
                raise ValueError("the old key still works, so this shows nothing")
            s3.get_object(**place)["Body"].read()

        acts: tuple[Callable[[], Any], ...] = (
            lambda: held.update(new=kms.create_key()["KeyMetadata"]["Arn"]),
            lambda: s3.update_object_encryption(**place, ObjectEncryption={"SSEKMS": {"KMSKeyArn": held["new"]}}),
            lambda: kms.disable_key(KeyId=old),
            read,
        )
        for step in order:
            try:
                acts[steps.index(step)]()
            except ClientError as refused:
                return Tried(False, f"{step[0].upper()}{step[1:]}: `{refused.response['Error']['Code']}`.")
            except ValueError as useless:
                return Tried(False, f"{step[0].upper()}{step[1:]}: {useless}.")
        return Tried(True, "Every step went well, and the object opens without the old key.")

    return Asked(
        f"`{name}` in the bucket `{bucket}` moves from an old KMS key to a new one. In which order?",
        dict.fromkeys(steps, "The data key is opened with the old key once more, before that one is switched off."),
        run,
    )


OBJECTS = ("a.txt", "scan.pdf", "2025.csv", "notes.md", "photo.png", "plan.odt")


@one("switched-off-key", subject="S3", exams=EXAMS)
def switched_off_key(draw: Random) -> Asked:
    bucket = draw.choice(BUCKETS)
    act, words = draw.choice((("disable", "disabled"), ("delete", "scheduled for deletion")))
    under = {  # how each object is encrypted, why it opens or not
        "by SSE-KMS with that key": "Its data key is opened by that key alone.",
        "by SSE-KMS with another key of yours": "Its data key is opened by the other key, which is as it was.",
        "by SSE-KMS with `aws/s3`": "That is another KMS key. AWS manages it.",
        "by SSE-S3": "S3 has a key of its own for it, and asks KMS nothing.",
    }
    names = dict(zip(under, draw.sample(OBJECTS, len(under)), strict=True))
    told_as = draw.sample(tuple(under), len(under))

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        other = kms.create_key()["KeyMetadata"]["Arn"]
        s3 = sim.client("s3")
        s3.create_bucket(Bucket=bucket)
        how: tuple[dict[str, Any], ...] = ({**KMS, "SSEKMSKeyId": key}, {**KMS, "SSEKMSKeyId": other}, KMS, {})
        for name, more in zip(names.values(), how, strict=True):
            s3.put_object(Bucket=bucket, Key=name, Body=b"x", **more)
        if act == "disable":
            kms.disable_key(KeyId=key)
        else:
            kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        codes = [error(s3.get_object, Bucket=bucket, Key=name) for name in names.values()]
        return [Tried(bool(code), f"`GetObject`: {f'`{code}`' if code else 'the object'}.") for code in codes]

    return Asked(
        f"A customer managed key is {words}. Four objects are in the bucket `{bucket}`, which has no bucket key: "
        f"{', '.join(f'`{names[how]}` {how}' for how in told_as)}. Which one does not open any more?",
        {f"`{names[how]}`": why for how, why in under.items()},
        run,
    )
