"""Question families about proofs: how large they are, who checks them and how, and who could forge them."""

import hashlib
import hmac
from collections.abc import Callable
from random import Random
from typing import Any

from msgspec import Struct

from kms_teach.chapters.signing.signature_questions import CURVES, DEVELOPER
from kms_teach.client_side import partner
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, attempted, error, policy, scratch, shared

ARCHITECT = ("SCS-C03", "SAP-C02", "SAP-C03")
ECDSA, MAC = {"SigningAlgorithm": "ECDSA_SHA_256"}, {"MacAlgorithm": "HMAC_SHA_256"}


@one("room-for-a-signature", subject="asymmetric keys", exams=(*DEVELOPER, "SAP-C03"))
def room_for_a_signature(draw: Random) -> Asked:
    room = draw.choice((range(40, 60), range(78, 98), range(112, 130), range(150, 200)))[draw.randrange(18)]
    what = draw.choice(("A ticket", "A label", "A receipt", "A badge"))

    def run() -> list[Tried]:
        sizes = []
        for curve, algorithm in CURVES.items():
            kms, key = shared(curve, "SIGN_VERIFY")
            sizes.append(len(kms.sign(KeyId=key, Message=NOTE, SigningAlgorithm=algorithm)["Signature"]))
        most = max((size for size in sizes if size <= room), default=0)
        shown = [Tried(size == most, f"Its signature had {size} bytes.") for size in sizes]
        return [*shown, Tried(not most, f"The signatures had {', '.join(map(str, sizes))} bytes.")]

    why = (
        "Two numbers of 32 bytes, in DER: 72 bytes at most.",
        "Two numbers of 48 bytes, in DER: 104 bytes at most.",
        "Two numbers of 66 bytes, in DER: 139 bytes at most.",
        "Even the shortest of the three needs some 72.",
    )
    return Asked(
        f"{what} has room for {room} bytes of a signature, just as `Sign` gives it. Which is the largest curve to use?",
        dict(zip((*CURVES, "none of the three"), why, strict=True)),
        run,
    )


@several("one-signature", subject="asymmetric keys", exams=DEVELOPER)
def one_signature(draw: Random) -> Asked:
    spec, hash_ = draw.choice((("ECC_NIST_P256", "sha256"), ("ECC_NIST_P384", "sha384")))
    by_digest = draw.choice((True, False))  # how the signature was made
    size = draw.randrange(200, 4_000)

    def sent(message: bytes, kind: str) -> dict[str, Any]:
        return {"Message": message, "MessageType": kind, "SigningAlgorithm": CURVES[spec]}

    ways: dict[str, tuple[Callable[[bytes, bytes], tuple[bytes, str]], str]] = {
        "`Verify` of the message, as `RAW`": (
            lambda message, _: (message, "RAW"), "KMS hashes a raw message, and checks the hash."),
        "`Verify` of the message's hash, as `DIGEST`": (
            lambda _, digest: (digest, "DIGEST"), "A signature is one of the hash, whoever made that."),
        "`Verify` of the message's hash, as `RAW`": (
            lambda _, digest: (digest, "RAW"), "KMS would hash the hash."),
        "`Verify` of the message, as `DIGEST`": (
            lambda message, _: (message, "DIGEST"), "A digest has the size of the hash, and this is none."),
    }  # fmt: skip
    outside = "a program that has the message and the public key"

    def run() -> list[Tried]:
        kms, key = shared(spec, "SIGN_VERIFY")
        message = bytes(size)
        digest = hashlib.new(hash_, message).digest()
        made = sent(digest, "DIGEST") if by_digest else sent(message, "RAW")
        signature = kms.sign(KeyId=key, **made)["Signature"]
        tried = [attempted(kms.verify, KeyId=key, Signature=signature, **sent(*choose(message, digest)))
                 for choose, _ in ways.values()]  # fmt: skip
        fits = partner.verifies(kms.get_public_key(KeyId=key)["PublicKey"], CURVES[spec], message, signature)
        return [*tried, Tried(fits, f"There the signature {'fits' if fits else 'does not fit'}.")]

    how = f"the {hash_.upper()} hash of a message, as `DIGEST`" if by_digest else "a message, as `RAW`"
    return Asked(
        f"`Sign` with an {spec} key was given {how}. The message has {size:,} bytes. Which of these find that the "
        "signature fits?",
        {**{name: why for name, (_, why) in ways.items()}, outside: "It hashes the message itself, and asks nobody."},
        run,
    )


class Seen(Struct, frozen=True):
    """What is so of a proof that was checked a number of times."""

    recorded: bool  # each check is in the trail
    size: int  # bytes
    forged: bool  # whoever checks could have made it
    public: bool  # a public half checks it


WISHES: dict[str, Callable[[Seen], bool]] = {
    "Nobody who checks may be able to make one, and KMS is not to be called for a check":
        lambda seen: not seen.recorded and not seen.forged,
    "A proof has 32 bytes, and KMS is not to be called for a check": lambda seen: not seen.recorded and seen.size == 32,
    "A proof has 32 bytes, and each check must be in CloudTrail": lambda seen: seen.recorded and seen.size == 32,
    "Each check must be in CloudTrail, and other companies can check too": lambda seen: seen.recorded and seen.public,
}  # fmt: skip


@one("proof-of-many", subject="asymmetric keys", exams=(*ARCHITECT, "DVA-C02", "DVA-C03"), difficulty=3)
def proof_of_many(draw: Random) -> Asked:
    wish, times = draw.choice(tuple(WISHES)), draw.choice((20, 30, 40, 50, 60))
    what = draw.choice(("vouchers", "tickets", "invoices", "updates"))

    def run() -> list[Tried]:
        tried = []
        for seen in (_ecc(local=True), _ecc(local=False), _mac(), _data_key()):
            checks = "Each check is" if seen.recorded else "No check is"
            tried.append(Tried(WISHES[wish](seen), f"{checks} in the trail, and a proof has {seen.size} bytes."))
        return tried

    return Asked(
        f"A company proves that its {what} are genuine, and its servers check some {times},000 of them a day. {wish}. "
        "How are they proved and checked?",
        {
            "`Sign` with a curve, and a check by the public key": "`GetPublicKey` is called once.",
            "`Sign` with a curve, and a check by `Verify`": "A signature that KMS checks, or anybody else.",
            "`GenerateMac`, and a check by `VerifyMac`": "A MAC has the size of its hash, and only KMS checks it.",
            "HMAC by a data key, and a check by the same data key": "Who has the data key checks, and also makes.",
        },
        run,
    )


def _ecc(*, local: bool) -> Seen:
    sim, kms, key = scratch(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    checker = sim.role("server", policies=[policy(["kms:Verify", "kms:GetPublicKey"])]).client("kms")
    signature = kms.sign(KeyId=key, Message=NOTE, **ECDSA)["Signature"]
    public, before = checker.get_public_key(KeyId=key)["PublicKey"], len(sim.trail)
    fits = partner.verifies(public, "ECDSA_SHA_256", NOTE, signature)
    if not local:
        checker.verify(KeyId=key, Message=NOTE, Signature=signature, **ECDSA)
    recorded = len(sim.trail) > before
    return Seen(recorded, len(signature), not error(checker.sign, KeyId=key, Message=NOTE, **ECDSA), fits)


def _mac() -> Seen:
    sim, kms, key = scratch(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    checker = sim.role("server", policies=[policy(["kms:VerifyMac", "kms:GetPublicKey"])]).client("kms")
    mac, before = kms.generate_mac(KeyId=key, Message=NOTE, **MAC)["Mac"], len(sim.trail)
    checker.verify_mac(KeyId=key, Message=NOTE, Mac=mac, **MAC)
    recorded = len(sim.trail) > before
    forged = not error(checker.generate_mac, KeyId=key, Message=NOTE, **MAC)
    return Seen(recorded, len(mac), forged, not error(checker.get_public_key, KeyId=key))


def _data_key() -> Seen:
    sim, kms, key = scratch()
    shared_key, before = kms.generate_data_key(KeyId=key, KeySpec="AES_256")["Plaintext"], len(sim.trail)
    mac, made_by_the_checker = (hmac.digest(shared_key, NOTE, "sha256") for _ in range(2))
    return Seen(len(sim.trail) > before, len(mac), mac == made_by_the_checker, False)
