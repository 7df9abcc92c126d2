"""Question families about signatures: what is signed, who checks it later, and which key comes next."""

import hashlib
from random import Random
from typing import Any

from kms_teach.client_side import partner
from kms_teach.teaching.question import Asked, Tried, one
from kms_teach.teaching.trial import NOTE, error, scratch, told

DEVELOPER = ("DVA-C02", "DVA-C03", "SCS-C03")
CURVES = {"ECC_NIST_P256": "ECDSA_SHA_256", "ECC_NIST_P384": "ECDSA_SHA_384", "ECC_NIST_P521": "ECDSA_SHA_512"}
THINGS = ("A contract", "A release of your program", "A firmware image", "A video")


HEADER = 1024  # bytes
SIGNED = {  # what is to be signed: the key's spec, the algorithm, whether it is small, and how much of it is checked
    "has {size} MB. A partner checks its signature with ECDSA_SHA_256.":
        ("ECC_NIST_P256", "ECDSA_SHA_256", False, None),
    "has {size} MB. A partner checks its signature with ECDSA_SHA_384.":
        ("ECC_NIST_P384", "ECDSA_SHA_384", False, None),
    "has {small:,} bytes. A partner checks its signature with ED25519_SHA_512.":
        ("ECC_NIST_EDWARDS25519", "ED25519_SHA_512", True, None),
    "has {size} MB. A partner has only its first 1,024 bytes, and checks their signature with ECDSA_SHA_256.":
        ("ECC_NIST_P256", "ECDSA_SHA_256", False, HEADER),
}  # fmt: skip


@one("sign-what-is-large", subject="asymmetric keys", exams=DEVELOPER, difficulty=1)
def sign_what_is_large(draw: Random) -> Asked:
    thing, size, small = draw.choice(THINGS), draw.randrange(5, 60), draw.randrange(2000, 4097)
    what = draw.choice(tuple(SIGNED))
    spec, algorithm, is_small, checked = SIGNED[what]

    def run() -> list[Tried]:
        _, kms, key = scratch(KeySpec=spec, KeyUsage="SIGN_VERIFY")
        whole = bytes(small if is_small else size * 1_000)  # as refused as all of it
        public = kms.get_public_key(KeyId=key)["PublicKey"]
        digest = hashlib.new(f"sha{algorithm[-3:]}", whole).digest()
        tried = []
        for message, kind in ((whole, "RAW"), (whole[:HEADER], "RAW"), (digest, "DIGEST")):
            sent = {"KeyId": key, "SigningAlgorithm": algorithm, "Message": message, "MessageType": kind}
            shown = told(kms.sign, code := error(kms.sign, **sent))
            fits = False
            if not code:
                signature = kms.sign(**sent)["Signature"]
                fits = partner.verifies(public, algorithm, whole[:checked], signature)
                shown = f"{shown} For the partner the signature {'fits' if fits else 'does not fit'}."
            tried.append(Tried(fits, shown))
        return tried

    return Asked(
        f"{thing} {what.format(size=size, small=small)} How do you sign it with a key of spec {spec}?",
        {
            "`Sign` with `MessageType` `RAW`, and all of it": "A raw message has 4,096 bytes at most.",
            "`Sign` with `MessageType` `RAW`, and its first 1,024 bytes": "That signs the beginning, and nothing else.",
            "`Sign` with `MessageType` `DIGEST`, and its hash": "For ECDSA it is a signature of the whole, which stays "
            "with you. ED25519_SHA_512 takes raw messages only.",
        },
        run,
    )


LATER: dict[str, tuple[str, dict[str, Any]]] = {
    "`DisableKey`": ("disable_key", {}),
    "`ScheduleKeyDeletion`": ("schedule_key_deletion", {}),
    "`UpdateKeyDescription`": ("update_key_description", {"Description": "no longer used"}),
    "`TagResource`": ("tag_resource", {"Tags": [{"TagKey": "state", "TagValue": "retired"}]}),
}


@one("checked-when-disabled", subject="asymmetric keys", exams=DEVELOPER)
def checked_when_disabled(draw: Random) -> Asked:
    later, days = draw.choice(tuple(LATER)), draw.randrange(2, 60)

    def run() -> list[Tried]:
        sim, kms, key = scratch(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        how = {"KeyId": key, "SigningAlgorithm": "ECDSA_SHA_256"}
        signed, public = kms.sign(Message=NOTE, **how)["Signature"], kms.get_public_key(KeyId=key)["PublicKey"]
        sim.advance(days=days)
        act, more = LATER[later]
        getattr(kms, act)(KeyId=key, **more)
        fits = partner.verifies(public, "ECDSA_SHA_256", NOTE, signed)
        code = error(kms.verify, Message=NOTE, Signature=signed, **how)
        both = f"Outside it {'fits' if fits else 'does not fit'}. {told(kms.verify, code)}"
        answers = ((True, False), (True, True), (False, True), (False, False))
        return [Tried((fits, not code) == answer, both) for answer in answers]

    return Asked(
        f"You signed a message {days} days ago with a KMS key, and others have its public key. Now you call {later} "
        "with the key. By what can the signature still be checked?",
        {
            "by the public key, not by `Verify`": "A signature cannot be taken back by a switch in KMS: publish that "
            "the key is no longer to be trusted.",
            "by the public key, and by `Verify`": "`Verify` uses the key, and asks for its state and its policies.",
            "by `Verify`, not by the public key": "Who has the public key needs no KMS.",
            "by neither of them": "The public key is outside KMS, and works for ever.",
        },
        run,
    )


@one("new-key-pair-every-year", subject="rotation", exams=("SOA-C03", *DEVELOPER))
def new_key_pair_every_year(draw: Random) -> Asked:
    months = draw.choice((6, 12, 24))
    spec = draw.choice(("ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_EDWARDS25519"))
    pair = draw.choice((True, False))

    def run() -> list[Tried]:
        _, kms, key = scratch(**({"KeySpec": spec, "KeyUsage": "SIGN_VERIFY"} if pair else {}))
        kms.create_alias(AliasName="alias/app", TargetKeyId=key)
        codes = [
            error(kms.enable_key_rotation, KeyId=key, RotationPeriodInDays=months * 30),
            error(kms.rotate_key_on_demand, KeyId=key),
        ]
        second = kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        moved = error(kms.update_alias, AliasName="alias/app", TargetKeyId=second) if pair else ""
        return [
            Tried(not codes[0], told(kms.enable_key_rotation, codes[0])),
            Tried(not codes[1] and bool(codes[0]), told(kms.rotate_key_on_demand, codes[1])),
            Tried(bool(codes[0]) and not moved, told(kms.update_alias, moved)),
        ]

    wish = f"another key pair of spec {spec} for your signatures" if pair else "new key material for a symmetric key"
    return Asked(
        f"Every {months} months you want {wish}. What gives you that with the fewest calls?",
        {
            f"`EnableKeyRotation`, with a period of {months * 30} days": "It is called once, for a symmetric key. An "
            "asymmetric key keeps its pair for life.",
            "`RotateKeyOnDemand`, by a timer": "It is one call each time, for a symmetric key. An asymmetric key keeps "
            "its pair for life.",
            "`CreateKey` and `UpdateAlias`, by a timer": "These are two calls each time. They are the way for a key "
            "pair: keep the old one for old signatures, and give the new public key to all who check.",
        },
        run,
    )


NAMED = {  # what an alias names today: its spec and usage
    "a symmetric multi-Region key": ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"),
    "an HMAC_512 key": ("HMAC_512", "GENERATE_VERIFY_MAC"),
    "an ECC_NIST_P384 key for signatures": ("ECC_NIST_P384", "SIGN_VERIFY"),
    "an ECC_NIST_P384 key for shared secrets": ("ECC_NIST_P384", "KEY_AGREEMENT"),
}


@one("same-alias-another-kind", subject="aliases", exams=DEVELOPER)
def same_alias_another_kind(draw: Random) -> Asked:
    name, now = draw.choice(("alias/app", "alias/orders", "alias/tokens")), draw.choice(tuple(NAMED))
    spec, usage = NAMED[now]
    others = {
        "a single-Region SYMMETRIC_DEFAULT key": ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"),
        "an HMAC_256 key, made for `GENERATE_VERIFY_MAC`": ("HMAC_256", "GENERATE_VERIFY_MAC"),
        "an ECC_NIST_P256 key, made for `SIGN_VERIFY`": ("ECC_NIST_P256", "SIGN_VERIFY"),
        "an ECC_NIST_P256 key, made for `KEY_AGREEMENT`": ("ECC_NIST_P256", "KEY_AGREEMENT"),
    }

    def run() -> list[Tried]:
        _, kms, key = scratch(KeySpec=spec, KeyUsage=usage, MultiRegion="multi-Region" in now)
        kms.create_alias(AliasName=name, TargetKeyId=key)
        codes = []
        for other, use in others.values():
            made = kms.create_key(KeySpec=other, KeyUsage=use)["KeyMetadata"]["KeyId"]
            codes.append(error(kms.update_alias, AliasName=name, TargetKeyId=made))
        return [Tried(not code, told(kms.update_alias, code)) for code in codes]

    why = "Type and usage must stay; spec, and how many Regions, may change."
    return Asked(f"`{name}` names {now}. Which key can `UpdateAlias` point it at?", dict.fromkeys(others, why), run)
