"""Claims about the end of a key, about imported material, and about what no call can tell: papers and prices."""

from collections.abc import Sequence
from datetime import date

from kms_teach.client_side import envelope, imports
from kms_teach.inspect.claim import Case, Claim
from kms_teach.inspect.wording import Words
from kms_teach.teaching.claim import called, denied, on_record
from kms_teach.teaching.trial import NOTE, scratch, simulator

NONCE = bytes(12)  # the key encrypts once
KEY = r"\b(keys?)\b"
DELETE = r"\b(delet(e|es|ed|ing|ion)|destroy(s|ed)?)\b"
WAITING, PRICES = "KMS API Reference, ScheduleKeyDeletion", "AWS KMS pricing"
AT_ONCE = r"\b(at once|immediate(ly)?|instant(ly)?|right away|straight away)\b"


def _windows(*days: int) -> list[Case]:
    cases = []
    sim = simulator()
    kms = sim.client("kms")
    for count in days:
        well, key = 7 <= count <= 30, kms.create_key()["KeyMetadata"]["KeyId"]
        words = f"{count} {'day' if count == 1 else 'days'}: {'taken' if well else 'refused'}"
        call = kms.schedule_key_deletion
        cases.append(called(sim.trail, words, well, call, KeyId=key, PendingWindowInDays=count))
    return cases


def _deleted_now() -> list[Case]:
    sim, kms, key = scratch()
    asked = called(sim.trail, "a window of 1 day", True, kms.schedule_key_deletion, KeyId=key, PendingWindowInDays=1)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    record = sim.trail[-1]
    sim.advance(days=6)
    state = kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
    return [asked, Case("6 days after the shortest window began", False, f"The key is {state}.", record)]


def _dies_alone() -> list[Case]:
    sim, kms, key = scratch()
    sim.advance(until="2036-01-01")
    state = kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
    return [
        Case("a key that nobody scheduled, ten years later", state != "Enabled", f"The key is {state}.", sim.trail[-1])
    ]


def _alias_free() -> list[Case]:
    sim, kms, key = scratch()
    kms.create_alias(AliasName="alias/notes", TargetKeyId=key)
    kms.schedule_key_deletion(KeyId=key)
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    return [
        called(
            sim.trail, "its name, for another key", True, kms.create_alias, AliasName="alias/notes", TargetKeyId=other
        )
    ]


def _cancelled() -> list[Case]:
    sim, kms, key = scratch()
    kms.schedule_key_deletion(KeyId=key)
    kms.cancel_key_deletion(KeyId=key)
    return [called(sim.trail, "Encrypt, after CancelKeyDeletion", True, kms.encrypt, KeyId=key, Plaintext=NOTE)]


def _stops_all() -> list[Case]:
    sim, kms, key = scratch()
    context = {"aws:ebs:id": "vol-0a1b2c3d"}
    volume = envelope.generate(kms, key, context)
    block = volume.cipher().encrypt(NONCE, NOTE, None)
    kms.disable_key(KeyId=key)
    record = sim.trail[-1]
    runs = volume.cipher().decrypt(NONCE, block, None) == NOTE
    return [
        Case("a volume that is attached", not runs, "The host has its data key, and reads on.", record),
        called(sim.trail, "its next start is refused", False, kms.decrypt, CiphertextBlob=volume.encrypted,
               EncryptionContext=context),
    ]  # fmt: skip


def _symmetric_alone() -> list[Case]:
    sim, kms, key = scratch(Origin="EXTERNAL", KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    given = imports.ask(kms, key)
    sent = imports.parameters(given, imports.new_private_key())
    return [called(sim.trail, "a private key is refused", False, kms.import_key_material, **sent)]


def _no_last_use() -> list[Case]:
    sim, kms, key = scratch()
    kms.encrypt(KeyId=key, Plaintext=NOTE)
    return [called(sim.trail, "GetKeyLastUsage is refused", False, kms.get_key_last_usage, KeyId=key)]


def _not_quantum() -> list[Case]:
    sim = simulator()
    call = sim.client("kms").create_key
    return [called(sim.trail, "a key for ML-DSA is refused", False, call, KeySpec="ML_DSA_44", KeyUsage="SIGN_VERIFY")]


CLAIMS: Sequence[Claim] = (
    Claim(
        "waiting-period",
        ("Deleting a KMS key takes 7 to 30 days.", "Deletion: waiting period of 7-30 days"),
        Words((DELETE + r"|\bwaiting period\b", r"\b7\D{1,6}30\b"), numbers=(7, 30)),
        "7 at least, 30 unless you say otherwise.",
        WAITING,
        lambda: _windows(1, 7, 30, 31),
    ),
    Claim(
        "deleted-now",
        ("A KMS key can be deleted at once.",),
        Words((KEY, DELETE, AT_ONCE), ("material", "alias", "data key")),
        "It waits 7 days at least, and until then you can cancel.",
        WAITING,
        _deleted_now,
    ),
    Claim(
        "not-at-once",
        ("A KMS key cannot be deleted at once.",),
        Words((KEY, DELETE, AT_ONCE), ("material", "alias", "data key"), negated=True),
        "It waits 7 days at least, and until then you can cancel.",
        WAITING,
        denied(_deleted_now),
    ),
    Claim(
        "dies-alone",
        ("With a deletion window of 30 days a key dies after 30 days by itself.",),
        Words((r"\bwindow\b|\bdeletion_window", KEY, r"\b(automatically|dies|expires)\b"), numbers=(30,)),
        "No key dies by itself: the window counts from a call to ScheduleKeyDeletion.",
        WAITING,
        _dies_alone,
    ),
    Claim(
        "alias-freed",
        ("A key that is pending deletion frees its alias.",),
        Words((r"\bpending[_ ]?deletion\b|\bscheduled\b", r"\balias", r"\b(frees?|free|releases?|available|reuse)")),
        "The alias stays until you delete or move it, or the key is gone.",
        "KMS Developer Guide, “Key states”",
        _alias_free,
    ),
    Claim(
        "cancelled-restores",
        ("Cancelling the deletion restores service.", "CancelKeyDeletion makes the key usable again."),
        Words((r"\bcancel", r"\b(restores?|usable|works?|enabled?|back)\b")),
        "The key is then Disabled: call EnableKey.",
        "KMS API Reference, CancelKeyDeletion",
        _cancelled,
    ),
    Claim(
        "disable-stops-all",
        ("Disabling a key stops running workloads at once.",),
        Words((r"\bdisabl(e|es|ed|ing)\b", KEY, r"\b(workloads?|instances?|volumes?|machines?|servers?)\b", AT_ONCE)),
        "What holds a plaintext data key runs on; the next Decrypt fails.",
        "KMS Developer Guide, “How unusable KMS keys affect data keys”",
        _stops_all,
    ),
    Claim(
        "imported-symmetric",
        ("Only symmetric keys can have imported key material.",),
        Words((r"(?<!a)\bsymmetric\b", r"\bimport|\bbyok\b"), ("rotat",), only=True),
        "Asymmetric and HMAC keys can, too.",
        "KMS Developer Guide, document history",
        _symmetric_alone,
        until=date(2023, 6, 1),
        dated="Jun 2023",
    ),
    Claim(
        "no-last-use",
        ("KMS does not tell when a key was last used.",),
        Words((r"\bkms\b", KEY, r"\blast (used?|usage)\b"), negated=True, hedged=True),
        "GetKeyLastUsage does; before, one had to search CloudTrail.",
        "AWS API changes, 27 Apr 2026",
        _no_last_use,
        until=date(2026, 4, 27),
    ),
    Claim(
        "not-post-quantum",
        ("KMS has no post-quantum keys.",),
        Words((r"\bkms\b", r"\b(post[- ]quantum|ml[- ]dsa|pqc)\b", r"\b(keys?|signatures?)\b"), negated=True),
        "ML-DSA to sign, ML-KEM to encapsulate.",
        "KMS Developer Guide, document history",
        _not_quantum,
        until=date(2025, 6, 12),
    ),
    Claim(
        "dollar-a-month",
        ("A customer managed key costs $1 a month.",),
        Words(
            (r"\bkeys?\b", r"\$ ?1\b|\b1 (us )?(dollar|usd)\b|\busd 1\b|\b(one|a) dollar\b", r"\bmonth"),
            ("aws managed", "rotat", "owned"),
            (1,),
        ),
        "1 US dollar, counted by the hour; each replica as well.",
        PRICES,
        lambda: on_record("the price of a key", held=True),
    ),
    Claim(
        "every-rotation-billed",
        ("Each rotation of a key adds $1 a month.",),
        Words(
            (r"\brotation", r"\b(each|every)\b", r"\b(pay|bill(ed|s)?|costs?|adds?|charged?)\b"),
            ("first", "free"),
            (1,),
        ),
        "The first two rotations add 1 US dollar a month each; later ones nothing.",
        PRICES,
        lambda: on_record("the third rotation is billed", held=False),
        until=date(2024, 4, 12),
        dated="Apr 2024",
    ),
    Claim(
        "free-tier-rsa",
        ("RSA and ECC requests are in the free tier.",),
        Words((r"\b(rsa|ecc|asymmetric)\b", r"\bfree tier\b")),
        "Requests under symmetric keys are: 20,000 a month. Those under asymmetric keys are not.",
        PRICES,
        lambda: on_record("the free tier names them", held=False),
    ),
    Claim(
        "data-protection-32",
        ("SCS-C03: Data Protection is 32 % of the exam.",),
        Words((r"\bdata protection\b", r"\bscs|\bsecurity specialty\b|\bexam\b|\bdomain\b"), numbers=(32,)),
        "18 %.",
        "SCS-C03 exam guide",
        lambda: on_record("the exam guide says 32 %", held=False),
    ),
)
