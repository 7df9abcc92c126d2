"""Question families about a partner outside AWS: which public key it needs, and what it can do with one."""

from collections.abc import Callable
from random import Random
from typing import Any

from kms_teach.chapters.signing.signature_questions import DEVELOPER
from kms_teach.client_side import partner
from kms_teach.client_side.partner import Pair
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, error, scratch, shared, told

PARTNERS: dict[str, tuple[str, str]] = {  # what a partner outside AWS does -> the spec and usage of the key it needs
    "check that a message comes from you": ("ECC_NIST_P256", "SIGN_VERIFY"),
    "send you a short message that only you can open": ("RSA_2048", "ENCRYPT_DECRYPT"),
    "come to a secret that it shares with you, by a key pair of its own": ("ECC_NIST_P256", "KEY_AGREEMENT"),
}


@one("partner-checks", subject="asymmetric keys", exams=DEVELOPER)
def partner_checks(draw: Random) -> Asked:
    who = draw.choice(("A bank", "A device in the field", "A customer", "An auditor"))
    wish, days = draw.choice(tuple(PARTNERS)), draw.randrange(2, 60)

    def does(given: bytes, kms: Any, key: str) -> bool:
        """Whether the partner does what it wants with a public key, and your key does the rest."""
        usage = kms.get_public_key(KeyId=key)["KeyUsage"]
        if usage != PARTNERS[wish][1]:
            return False
        if usage == "SIGN_VERIFY":
            signed = kms.sign(KeyId=key, Message=NOTE, SigningAlgorithm="ECDSA_SHA_256")["Signature"]
            return partner.verifies(given, "ECDSA_SHA_256", NOTE, signed)
        if usage == "ENCRYPT_DECRYPT":
            how = {"KeyId": key, "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
            opened: bytes = kms.decrypt(CiphertextBlob=partner.encrypt(given, NOTE), **how)["Plaintext"]
            return opened == NOTE
        pair = Pair()
        ours = kms.derive_shared_secret(KeyId=key, KeyAgreementAlgorithm="ECDH", PublicKey=pair.public_key)
        return bool(ours["SharedSecret"] == pair.agree(given))

    def run() -> list[Tried]:
        tried = []
        for spec, usage in PARTNERS.values():
            kms, key = shared(spec, usage)
            done = does(kms.get_public_key(KeyId=key)["PublicKey"], kms, key)
            tried.append(Tried(done, "It did, without a call." if done else "That key does not do it, for anybody."))
        kms, key = shared(*PARTNERS[wish])
        stranger = scratch()[0].user("them", account="444455556666").client("kms")
        code = error(stranger.get_public_key, KeyId=key)
        return [*tried, Tried(not code, told(stranger.get_public_key, code))]

    return Asked(
        f"{who} without an AWS account, and without a network for {days} days, must {wish}. Which do you hand over?",
        {
            "the public key of a key for `SIGN_VERIFY`": "It checks what the private half signed.",
            "the public key of an RSA key for `ENCRYPT_DECRYPT`": "It encrypts what the private half opens.",
            "the public key of a key for `KEY_AGREEMENT`": "With a pair of its own, it derives the secret.",
            "the ARN of such a key, and a grant token": "A call needs AWS credentials, and a network.",
        },
        run,
    )


@several("without-kms", subject="asymmetric keys", exams=DEVELOPER)
def without_kms(draw: Random) -> Asked:
    who = draw.choice(("A phone", "A partner's server", "A device in the field", "A browser"))
    names, right = list(WITHOUT), draw.choice((2, 3))
    chosen = [*draw.sample(names[:3], right), *draw.sample(names[3:], 5 - right)]
    return Asked(
        f"{who} has the public halves of your asymmetric keys, and no way to call KMS. What can it do?",
        {name: WITHOUT[name][0] for name in chosen},
        lambda: [WITHOUT[name][1]() for name in chosen],
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


def _open_outside() -> Tried:
    kms, key = shared("RSA_2048", "ENCRYPT_DECRYPT")
    given = kms.get_public_key(KeyId=key)
    return Tried("PrivateKey" in given, f"`GetPublicKey` gives {', '.join(sorted(set(given) - {'ResponseMetadata'}))}.")


WITHOUT: dict[str, tuple[str, Callable[[], Tried]]] = {
    "check a signature of yours": ("The public half checks what the private half signed.", _check_outside),
    "encrypt for you, under RSA": ("The public half encrypts; `Decrypt` opens.", _encrypt_outside),
    "agree on a secret, by ECDH": (
        "It brings a pair of its own, and sends you its public key.",
        _agree_outside,
    ),
    "open what was encrypted for you, under RSA": ("That takes the private half.", _open_outside),
    "check whether a MAC is one of yours": ("An HMAC key has one half, and that stays in KMS.", _mac_outside),
    "sign an answer in your name": ("That takes the private half.", _sign_outside),
}
