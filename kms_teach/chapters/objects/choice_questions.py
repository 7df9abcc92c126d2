"""The question families of "S3, a key for every object" about how objects are encrypted, and what that costs."""

from collections.abc import Callable
from random import Random
from typing import Any

from kms_teach.chapters.objects.facts import BY_S3
from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Tried, matching, one
from kms_teach.teaching.trial import error, policy, scratch

EXAMS = ("SAA-C03", "DVA-C02", "DVA-C03", "SCS-C03")
BUCKETS = ("invoices", "photos", "logs", "x-rays", "backups")
SSE_KMS, SSE_S3, DSSE = "aws:kms", "AES256", "aws:kms:dsse"
CUSTOMERS = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32}


def calls(sim: Simulator, since: int) -> list[str]:
    """The operations that S3 has sent to KMS since a place in the trail."""
    return [r.operation for r in sim.trail[since:] if r.event["userIdentity"].get("invokedBy") == BY_S3]


def default(algorithm: str, key: str = "", *, bucket_key: bool = False, blocked: str = "") -> dict[str, Any]:
    """The parameter of PutBucketEncryption that sets a bucket's default."""
    by_default = {"SSEAlgorithm": algorithm, **({"KMSMasterKeyID": key} if key else {})}
    rule: dict[str, Any] = {"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": bucket_key}
    if blocked:
        rule["BlockedEncryptionTypes"] = {"EncryptionType": [blocked]}
    return {"Rules": [rule]}


WISHES: dict[str, tuple[str, Callable[[int, bool, bool], bool]]] = {  # of calls, with an off-switch, opens by itself
    "off": (
        "the security team must be able to make every object unreadable by one call, and give them back by another",
        lambda _, off, opens: off and opens,
    ),
    "free": (
        "no bill may show a request to KMS, and programs must go on to read by a plain `GetObject`",
        lambda count, _, opens: not count and opens,
    ),
    "seen": (
        "the trail must show each key that is opened, and there must be no key policy that somebody could edit",
        lambda count, off, opens: bool(count) and not off and opens,
    ),
    "own": (
        "AWS must keep none of the keys, so that nobody opens an object without bringing one",
        lambda _count, _off, opens: not opens,
    ),
}


@one("encryption-to-choose", subject="S3", exams=("CLF-C02", *EXAMS), difficulty=2)
def encryption_to_choose(draw: Random) -> Asked:
    bucket, wish = draw.choice(BUCKETS), draw.choice(tuple(WISHES))
    words, meets = WISHES[wish]
    ways = {
        "customer": ("SSE-KMS, under a customer managed key", "You can disable the key, and enable it again."),
        "s3": ("SSE-S3, with keys that S3 itself keeps", "S3 asks KMS nothing, and nobody switches its keys off."),
        "managed": ("SSE-KMS, under the AWS managed key `aws/s3`", "KMS is asked; the key is AWS's to manage."),
        "brought": ("SSE-C, with a key in each request", "S3 forgets the key after each request."),
    }
    spare = draw.choice([way for way, its in zip(ways, WISHES, strict=True) if its != wish])
    offered = [way for way in ways if way != spare]

    def run() -> list[Tried]:
        tried = []
        for way in offered:
            sim, kms, key = scratch()
            s3 = sim.client("s3")
            s3.create_bucket(Bucket=bucket)
            place: dict[str, Any] = {"Bucket": bucket, "Key": "note"}
            begin = len(sim.trail)
            if way == "brought":
                s3.put_bucket_encryption(
                    Bucket=bucket, ServerSideEncryptionConfiguration=default(SSE_S3, blocked="NONE")
                )
                s3.put_object(**place, Body=b"x", **CUSTOMERS)
            else:
                how: dict[str, Any] = {"ServerSideEncryption": SSE_S3 if way == "s3" else SSE_KMS}
                s3.put_object(**place, Body=b"x", **how, **({"SSEKMSKeyId": key} if way == "customer" else {}))
            opens = not error(s3.get_object, **place)
            count = len(calls(sim, begin))
            used = key if way == "customer" else "alias/aws/s3"
            off = way in ("managed", "customer") and not error(kms.disable_key, KeyId=used)
            off = off and bool(error(s3.get_object, **place))
            shown = f"{count} calls to KMS; {'an' if off else 'no'} off-switch; a plain `GetObject` "
            tried.append(Tried(meets(count, off, opens), f"{shown}{'went well' if opens else 'was refused'}."))
        return tried

    return Asked(
        f"A company stores its {bucket} in S3. Its rule is: {words}. Which encryption meets that?",
        dict(ways[way] for way in offered),
        run,
    )


HOW: dict[str, tuple[dict[str, Any], str]] = {  # how an object is put: the headers, why
    "no header": ({}, "Without a header, the bucket's default decides."),
    "the header `AES256`": ({"ServerSideEncryption": SSE_S3}, "A header counts before the bucket's default."),
    "the header `aws:kms`": ({"ServerSideEncryption": SSE_KMS}, "A header counts before the bucket's default."),
    "the header `aws:kms:dsse`": ({"ServerSideEncryption": DSSE}, "A header counts before the bucket's default."),
}
SAID = {SSE_S3: "SSE-S3", SSE_KMS: "SSE-KMS", DSSE: "DSSE-KMS"}


@matching("header-or-default", subject="S3", exams=EXAMS, difficulty=1)
def header_or_default(draw: Random) -> Asked:
    bucket, algorithm = draw.choice(BUCKETS), draw.choice((SSE_S3, SSE_KMS, DSSE))
    drawn = ["no header", *draw.sample(list(HOW)[1:], 2)]

    def run() -> list[Tried]:
        sim, _, key = scratch()
        s3 = sim.client("s3")
        s3.create_bucket(Bucket=bucket)
        setting = default(algorithm, "" if algorithm == SSE_S3 else key)
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=setting)
        tried = []
        for way in drawn:
            s3.put_object(Bucket=bucket, Key="note", Body=b"x", **HOW[way][0])
            found = s3.head_object(Bucket=bucket, Key="note")["ServerSideEncryption"]
            tried.append(Tried(SAID[found], f"`HeadObject` says `{found}`."))
        return tried

    return Asked(
        f"The default encryption of the bucket `{bucket}` is {SAID[algorithm]}. A program that may use every key puts "
        "an object in each of these ways. How is each object encrypted?",
        {way: HOW[way][1] for way in drawn},
        run,
        ["SSE-S3", "SSE-KMS", "DSSE-KMS"],
    )


@one("copy-lands-under", subject="S3", exams=(*EXAMS, "SOA-C03"))
def copy_lands_under(draw: Random) -> Asked:
    source, target = draw.sample(BUCKETS, 2)
    by_default = draw.choice(("SSE-S3", "SSE-KMS with the key Blue", "SSE-KMS without a key of yours"))
    said = draw.choice((False, True))
    header = "names SSE-KMS with the key Red" if said else "says nothing of encryption"
    order = ("Red", "Blue", "aws/s3", "SSE-S3")

    def run() -> list[Tried]:
        sim, kms, red = scratch()
        blue, s3 = kms.create_key()["KeyMetadata"]["Arn"], sim.client("s3")
        for bucket in (source, target):
            s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=source, Key="note", Body=b"x", ServerSideEncryption=SSE_KMS, SSEKMSKeyId=red)
        if by_default != "SSE-S3":
            setting = default(SSE_KMS, blue if "Blue" in by_default else "")
            s3.put_bucket_encryption(Bucket=target, ServerSideEncryptionConfiguration=setting)
        more = {"ServerSideEncryption": SSE_KMS, "SSEKMSKeyId": red} if said else {}
        s3.copy_object(Bucket=target, Key="note", CopySource={"Bucket": source, "Key": "note"}, **more)
        head = s3.head_object(Bucket=target, Key="note")
        under = head.get("SSEKMSKeyId", "SSE-S3")
        name = {red: "Red", blue: "Blue", "SSE-S3": "SSE-S3"}.get(under, "aws/s3")
        return [Tried(name == each, f"`HeadObject` of the copy: {name}.") for each in order]

    return Asked(
        f"An object of the bucket `{source}` is under the customer managed key Red. The default encryption of the "
        f"bucket `{target}` is {by_default}. You copy the object there, in a `CopyObject` that {header}. Which of "
        "Red, Blue, `aws/s3` and a key of S3's own protects the copy?",
        {
            "Red": "A copy is encrypted afresh, as its own request or its bucket says.",
            "Blue": "A bucket's default counts where the request says nothing.",
            "`aws/s3`": "It stands in where SSE-KMS is set and no key is named.",
            "a key of S3's own": "Each new object has SSE-S3 at least.",
        },
        run,
    )


@one("requests-to-kms", subject="S3", exams=(*EXAMS, "SOA-C03"), difficulty=3)
def requests_to_kms(draw: Random) -> Asked:
    bucket, bucket_key = draw.choice(BUCKETS), draw.choice((True, False))
    objects, roles = draw.choice(((6, 2), (8, 3), (10, 2), (7, 4), (9, 3), (5, 3)))
    counts = (objects * (roles + 1), roles + 1, objects + roles, objects)

    def run() -> list[Tried]:
        sim, _, key = scratch()
        s3 = sim.client("s3")
        s3.create_bucket(Bucket=bucket)
        readers = [sim.role(f"reader-{n}", policies=[policy("s3:*"), policy("kms:*")]) for n in range(roles)]
        begin = len(sim.trail)
        for n in range(objects):
            s3.put_object(Bucket=bucket, Key=f"{n}", Body=b"x", ServerSideEncryption=SSE_KMS, SSEKMSKeyId=key,
                          BucketKeyEnabled=bucket_key)  # fmt: skip
        for reader in readers:
            client = reader.client("s3")
            for n in range(objects):
                client.get_object(Bucket=bucket, Key=f"{n}")["Body"].read()
        found = len(calls(sim, begin))
        return [Tried(found == count, f"The trail shows {found} calls that S3 made.") for count in counts]

    return Asked(
        f"One role puts {objects} objects into the bucket `{bucket}`, by SSE-KMS {'with' if bucket_key else 'without'} "
        f"a bucket key. In the same minute {roles} other roles read each object once. How many requests does S3 send "
        "to KMS at least?",
        {
            f"{counts[0]}": "One for each object that is put, and for each that is read, without a bucket key.",
            f"{counts[1]}": "With a bucket key, one for each role that comes is enough for a while.",
            f"{counts[2]}": "Whoever writes and whoever reads are served alike: by object, or by role.",
            f"{counts[3]}": "Reading asks KMS as well.",
        },
        run,
    )
