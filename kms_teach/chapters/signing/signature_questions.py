"""Question families about signatures: who checks them, what is signed, and what the public half can do."""

import hashlib
from collections.abc import Callable
from random import Random

from kms_teach.client_side import partner
from kms_teach.client_side.partner import Pair
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, error, scratch, shared, told

DEVELOPER = ("DVA-C02", "DVA-C03", "SCS-C03")
CURVES = {"ECC_NIST_P256": "ECDSA_SHA_256", "ECC_NIST_P384": "ECDSA_SHA_384", "ECC_NIST_P521": "ECDSA_SHA_512"}
THINGS = ("A contract", "A release of your program", "A firmware image", "A video")


@one("partner-checks", subject="asymmetric keys", exams=DEVELOPER)
def partner_checks(draw: Random) -> Asked:
    who, spec = draw.choice(("A bank", "A device in the field", "A customer", "An auditor")), draw.choice(tuple(CURVES))

    def run() -> list[Tried]:
        sim, kms, key = scratch(KeySpec=spec, KeyUsage="SIGN_VERIFY")
        signed = kms.sign(KeyId=key, Message=NOTE, SigningAlgorithm=CURVES[spec])["Signature"]
        given = kms.get_public_key(KeyId=key)["PublicKey"]
        fits = partner.verifies(given, CURVES[spec], NOTE, signed)
        stranger = sim.user("them", account="444455556666").client("kms")
        asked = {"KeyId": key, "Message": NOTE, "Signature": signed, "SigningAlgorithm": CURVES[spec]}
        by_arn = error(stranger.verify, **asked)
        hmac = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
        no_public = error(kms.get_public_key, KeyId=hmac)
        return [
            Tried(fits, f"The check {'went well' if fits else 'failed'}, without a call."),
            Tried(not by_arn, told(stranger.verify, by_arn)),
            Tried(not no_public, told(kms.get_public_key, no_public)),
        ]

    return Asked(
        f"{who} without an AWS account must check that a message comes from you. What do you give them, beside the "
        "message and what proves it?",
        {
            "the public key of your signing key": "`GetPublicKey` gives it, and it is no secret.",
            "the ARN of your signing key": "Only callers with an AWS account and permission can use an ARN.",
            "the key of an HMAC, with which you make a MAC instead": "An HMAC key has no public half, and never leaves "
            "KMS.",
        },
        run,
    )


@one("sign-what-is-large", subject="asymmetric keys", exams=DEVELOPER, difficulty=1)
def sign_what_is_large(draw: Random) -> Asked:
    thing, size = draw.choice(THINGS), draw.randrange(5, 60)
    spec, hash_ = draw.choice((("ECC_NIST_P256", "sha256"), ("ECC_NIST_P384", "sha384")))

    def run() -> list[Tried]:
        _, kms, key = scratch(KeySpec=spec, KeyUsage="SIGN_VERIFY")
        whole = bytes(size * 1_000)  # as refused as all of it
        public, how = kms.get_public_key(KeyId=key)["PublicKey"], {"KeyId": key, "SigningAlgorithm": CURVES[spec]}
        raw = error(kms.sign, Message=whole, **how)
        first = kms.sign(Message=whole[:4096], **how)["Signature"]
        digest = hashlib.new(hash_, whole).digest()
        signed = kms.sign(Message=digest, MessageType="DIGEST", **how)["Signature"]
        results = [partner.verifies(public, CURVES[spec], whole, each) for each in (first, signed)]
        shown = [f"Checked against all of it, the signature {'fits' if fits else 'does not fit'}." for fits in results]
        return [Tried(not raw, told(kms.sign, raw)), Tried(results[0], shown[0]), Tried(results[1], shown[1])]

    return Asked(
        f"{thing} has {size} MB. How do you sign it with a key of spec {spec}?",
        {
            "`Sign` with `MessageType` `RAW`, and all of it": "A raw message has 4,096 bytes at most.",
            "`Sign` with `MessageType` `RAW`, and its first 4,096 bytes": "That signs the beginning, and nothing else.",
            "hash it yourself, and `Sign` the hash with `MessageType` `DIGEST`": "It is the same signature as of the "
            "whole, and the whole stays with you.",
        },
        run,
    )


@one("checked-when-disabled", subject="asymmetric keys", exams=DEVELOPER)
def checked_when_disabled(draw: Random) -> Asked:
    act, words = draw.choice((("disable_key", "disable the key"), ("schedule_key_deletion", "schedule its deletion")))
    when = draw.choice(("last week", "last month", "yesterday"))

    def run() -> list[Tried]:
        _, kms, key = scratch(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        how = {"KeyId": key, "SigningAlgorithm": "ECDSA_SHA_256"}
        signed, public = kms.sign(Message=NOTE, **how)["Signature"], kms.get_public_key(KeyId=key)["PublicKey"]
        getattr(kms, act)(KeyId=key)
        fits = partner.verifies(public, "ECDSA_SHA_256", NOTE, signed)
        code = error(kms.verify, Message=NOTE, Signature=signed, **how)
        both = f"Outside it {'fits' if fits else 'does not fit'}. {told(kms.verify, code)}"
        return [
            Tried(fits and bool(code), both),
            Tried(fits and not code, both),
            Tried(not fits and bool(code), both),
        ]

    return Asked(
        f"You signed a message {when}, and others have your public key. Now you {words}. Who can still check the "
        "signature?",
        {
            "whoever has the public key, but not `Verify`": "A signature cannot be taken back by a switch in KMS: "
            "publish that the key is no longer to be trusted.",
            "whoever has the public key, and `Verify` too": "`Verify` uses the key, and its state forbids that.",
            "nobody": "Checking needs the message, the signature and the public key. None of them is in KMS.",
        },
        run,
    )


@several("without-kms", subject="asymmetric keys", exams=DEVELOPER)
def without_kms(draw: Random) -> Asked:
    who = draw.choice(("A phone", "A partner's server", "A device in the field", "A browser"))
    return Asked(
        f"{who} has the public halves of your asymmetric keys, and no way to call KMS. What can it do?",
        {name: why for name, (why, _) in WITHOUT.items()},
        lambda: [act() for _, act in WITHOUT.values()],
    )


def _check_outside() -> Tried:
    _, kms, key = scratch(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    signed = kms.sign(KeyId=key, Message=NOTE, SigningAlgorithm="ECDSA_SHA_256")["Signature"]
    fits = partner.verifies(kms.get_public_key(KeyId=key)["PublicKey"], "ECDSA_SHA_256", NOTE, signed)
    return Tried(fits, "It was checked, without a call.")


def _encrypt_outside() -> Tried:
    kms, key = shared("RSA_2048", "ENCRYPT_DECRYPT")
    blob = partner.encrypt(kms.get_public_key(KeyId=key)["PublicKey"], NOTE)
    opened = kms.decrypt(KeyId=key, CiphertextBlob=blob, EncryptionAlgorithm="RSAES_OAEP_SHA_256")["Plaintext"]
    return Tried(opened == NOTE, "It was encrypted outside, and `Decrypt` opened it.")


def _agree_outside() -> Tried:
    _, kms, key = scratch(KeySpec="ECC_NIST_P256", KeyUsage="KEY_AGREEMENT")
    pair, public = Pair(), kms.get_public_key(KeyId=key)["PublicKey"]
    answer = kms.derive_shared_secret(KeyId=key, KeyAgreementAlgorithm="ECDH", PublicKey=pair.public_key)
    same = answer["SharedSecret"] == pair.agree(public)
    return Tried(same, "With a pair of its own it came to the secret that `DeriveSharedSecret` gives.")


def _mac_outside() -> Tried:
    _, kms, key = scratch(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    code = error(kms.get_public_key, KeyId=key)
    return Tried(not code, told(kms.get_public_key, code))


def _sign_outside() -> Tried:
    _, kms, key = scratch(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    given = kms.get_public_key(KeyId=key)["PublicKey"]
    theirs = Pair()  # the only private key that it has is its own
    return Tried(
        theirs.public_key == given, "It has a pair of its own alone, and what that signs does not fit your public key."
    )


WITHOUT: dict[str, tuple[str, Callable[[], Tried]]] = {
    "check a signature of yours": ("The public half checks what the private half signed.", _check_outside),
    "encrypt something for you, under RSA": ("The public half encrypts; `Decrypt` opens.", _encrypt_outside),
    "agree on a secret with you, by ECDH": (
        "It brings a pair of its own, and sends you its public key.",
        _agree_outside,
    ),
    "check a MAC": ("An HMAC key has one half, and that stays in KMS.", _mac_outside),
    "sign an answer in your name": ("That takes the private half.", _sign_outside),
}


@one("new-key-pair-every-year", subject="rotation", exams=("SOA-C03", *DEVELOPER))
def new_key_pair_every_year(draw: Random) -> Asked:
    months = draw.choice((6, 12, 24))
    spec = draw.choice(("ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_EDWARDS25519"))

    def run() -> list[Tried]:
        _, kms, key = scratch(KeySpec=spec, KeyUsage="SIGN_VERIFY")
        kms.create_alias(AliasName="alias/sign", TargetKeyId=key)
        before = kms.get_public_key(KeyId="alias/sign")["PublicKey"]
        codes = [
            error(kms.enable_key_rotation, KeyId=key, RotationPeriodInDays=months * 30),
            error(kms.rotate_key_on_demand, KeyId=key),
        ]
        second = kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        kms.update_alias(AliasName="alias/sign", TargetKeyId=second)
        new = kms.get_public_key(KeyId="alias/sign")["PublicKey"] != before
        return [
            Tried(not codes[0], told(kms.enable_key_rotation, codes[0])),
            Tried(not codes[1], told(kms.rotate_key_on_demand, codes[1])),
            Tried(new, f"`GetPublicKey` by the alias gave {'another' if new else 'the same'} public key."),
        ]

    return Asked(
        f"Every {months} months you want another key pair of spec {spec} for your signatures. What gives you that?",
        {
            "automatic rotation": "An asymmetric key keeps its pair for life.",
            "`RotateKeyOnDemand`, by a schedule of your own": "An asymmetric key keeps its pair for life.",
            "a new KMS key, and the alias pointed at it": "Give the new public key to all who check, and keep the old "
            "one for old signatures.",
        },
        run,
    )


@one("same-alias-another-kind", subject="aliases", exams=DEVELOPER)
def same_alias_another_kind(draw: Random) -> Asked:
    name = draw.choice(("alias/app", "alias/orders", "alias/tokens"))
    kind, usage, spec = draw.choice(
        (
            ("a symmetric key", "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT"),
            ("an HMAC_256 key", "GENERATE_VERIFY_MAC", "HMAC_256"),
            ("an ECC_NIST_P256 key for signatures", "SIGN_VERIFY", "ECC_NIST_P256"),
        )
    )
    others = {
        f"another key of that kind, made for `{usage}`": (spec, usage),
        "an RSA_2048 key, made for `ENCRYPT_DECRYPT`": ("RSA_2048", "ENCRYPT_DECRYPT"),
        "an ECC_NIST_P256 key, made for `KEY_AGREEMENT`": ("ECC_NIST_P256", "KEY_AGREEMENT"),
    }

    def run() -> list[Tried]:
        _, kms, key = scratch(KeySpec=spec, KeyUsage=usage)
        kms.create_alias(AliasName=name, TargetKeyId=key)
        codes = []
        for other, use in others.values():
            made = kms.create_key(KeySpec=other, KeyUsage=use)["KeyMetadata"]["KeyId"]
            codes.append(error(kms.update_alias, AliasName=name, TargetKeyId=made))
        return [Tried(not code, told(kms.update_alias, code)) for code in codes]

    why = (
        "Then every call by the alias still makes sense.",
        "Symmetric and asymmetric are two types, whatever the usage: the calls of the program would no longer fit.",
        "Another usage: the calls of the program would no longer fit.",
    )
    return Asked(
        f"`{name}` names {kind}. Which key can `UpdateAlias` point it at?", dict(zip(others, why, strict=True)), run
    )
