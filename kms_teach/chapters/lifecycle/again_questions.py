"""The question families of "Life and death of a key" about bytes that are imported again, elsewhere, or too late."""

import os
from functools import cache
from random import Random
from typing import Any

from botocore.exceptions import ClientError

from kms_teach.client_side import imports
from kms_teach.client_side.partner import Pair
from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, awaiting, error, rehearsed, scratch, simulator, told

EXAMS = ("SCS-C03", "SOA-C03")
ECDSA, MAC = {"SigningAlgorithm": "ECDSA_SHA_256"}, {"MacAlgorithm": "HMAC_SHA_256"}
REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1")

SAME: dict[str, str] = {
    "`VerifyMac` of a code that the old key made": "A code depends on the bytes of the key, and on nothing else.",
    "`Verify` of a signature that the old key made": "A signature depends on the key pair, and on nothing else.",
    "`DeriveSharedSecret`, for the same secret as then": "The secret depends on the two key pairs alone.",
    "`Decrypt` of what the old symmetric key encrypted": "A symmetric ciphertext names its KMS key, and that is gone.",
    "`ReEncrypt` of what the old symmetric key encrypted": "It opens the ciphertext first, which names the old key.",
    "`Encrypt` by the old key's ARN": "The new key has an id and an ARN of its own.",
}


@several("same-bytes-new-key", subject="import", exams=(*EXAMS, "SAP-C03"), difficulty=3)
def same_bytes_new_key(draw: Random) -> Asked:
    names, right, months = list(SAME), draw.choice((2, 3)), draw.randrange(2, 20)
    chosen = [*draw.sample(names[:3], right), *draw.sample(names[3:], 5 - right)]
    return Asked(
        f"{months} months ago KMS keys with imported material were deleted: a symmetric one, one for HMAC, one for "
        "signatures and one for key agreement. You have the bytes of all four, and import each into a new key of the "
        "same kind. What works now? No other key is there.",
        {name: SAME[name] for name in chosen},
        lambda: [_twice()[name] for name in chosen],
    )


@cache
def _twice() -> dict[str, Tried]:
    """What works with new keys of the old bytes: tried once in a process, as each wrapping key is slow to make."""
    sim, kms, _ = scratch()
    private, secret, peer = imports.new_private_key(), os.urandom(32), Pair()
    kinds: tuple[tuple[dict[str, Any], bytes], ...] = (
        ({"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"}, secret),
        ({"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"}, private),
        ({"KeySpec": "ECC_NIST_P256", "KeyUsage": "KEY_AGREEMENT"}, private),
        ({}, secret),
    )  # fmt: skip
    old: list[str] = []
    new: list[str] = []
    for keys in (old, new):
        for kind, material in kinds:
            keys.append(kms.create_key(Origin="EXTERNAL", **kind)["KeyMetadata"]["Arn"])
            imports.bring(kms, keys[-1], material)
    code = kms.generate_mac(KeyId=old[0], Message=NOTE, **MAC)["Mac"]
    signature = kms.sign(KeyId=old[1], Message=NOTE, **ECDSA)["Signature"]
    agreement = {"KeyAgreementAlgorithm": "ECDH", "PublicKey": peer.public_key}
    then = kms.derive_shared_secret(KeyId=old[2], **agreement)["SharedSecret"]
    blob = kms.encrypt(KeyId=old[3], Plaintext=NOTE)["CiphertextBlob"]
    for key in old:
        kms.schedule_key_deletion(KeyId=key)
    sim.advance(days=31)
    codes = (
        (kms.verify_mac, error(kms.verify_mac, KeyId=new[0], Message=NOTE, Mac=code, **MAC)),
        (kms.verify, error(kms.verify, KeyId=new[1], Message=NOTE, Signature=signature, **ECDSA)),
        (kms.derive_shared_secret, ""),
        (kms.decrypt, error(kms.decrypt, KeyId=new[3], CiphertextBlob=blob)),
        (kms.re_encrypt, error(kms.re_encrypt, CiphertextBlob=blob, DestinationKeyId=new[3])),
        (kms.encrypt, error(kms.encrypt, KeyId=old[3], Plaintext=NOTE)),
    )
    tried = {name: Tried(not code, told(call, code)) for name, (call, code) in zip(SAME, codes, strict=True)}
    now = kms.derive_shared_secret(KeyId=new[2], **agreement)["SharedSecret"]
    return {**tried, list(SAME)[2]: Tried(now == then, f"The secret is {'the same' if now == then else 'another'}.")}


@cache
def _asked_thrice() -> tuple[Simulator, str, list[Any]]:
    """A simulator with a key, and what was answered for it twice, and for another key: made once in the process."""
    sim, kms, key, first = awaiting()
    other = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["Arn"]
    return sim, key, [first, imports.ask(kms, key), imports.ask(kms, other)]


@several("token-and-wrapping", subject="import", exams=EXAMS)
def token_and_wrapping(draw: Random) -> Asked:
    before, after = draw.randrange(2, 24), draw.randrange(25, 60)
    options = {
        f"the token and the public key of one answer, {before} hours old": "Both are good for 24 hours.",
        "the same once more, when it went well before": "The token may be used again, with the same bytes.",
        f"the token and the public key of one answer, {after} hours old": "After 24 hours the token has expired.",
        "the token of one answer, the public key of a second one": "KMS made the two for each other.",
        "the token and the public key of an answer for another key": "The token names the key that it was made for.",
    }

    def run() -> list[Tried]:
        prepared, key, (first, second, foreign) = _asked_thrice()
        sim = prepared.rehearsal()
        kms = sim.client("kms")
        mixed = {**imports.parameters(second, bytes(32)), "ImportToken": first["ImportToken"]}
        strange = {**imports.parameters(foreign, bytes(32)), "KeyId": key}
        late = imports.parameters(first, bytes(32))
        call = kms.import_key_material
        codes = [error(call, **mixed), error(call, **strange)]
        sim.advance(hours=before)
        fine = [error(call, **late) for _ in range(2)]
        sim.advance(hours=after - before)
        codes = [*fine, error(call, **late), *codes]
        return [Tried(not code, told(call, code)) for code in codes]

    return Asked(
        "You have called `GetParametersForImport` for a KMS key, and have wrapped your material under a public key. "
        "With which of these does `ImportKeyMaterial` for that key go well?",
        options,
        run,
    )


@one("what-the-replica-needs", subject="multi-Region", exams=(*EXAMS, "SAP-C03"), difficulty=3)
def what_the_replica_needs(draw: Random) -> Asked:
    (first, second), own = draw.sample(REGIONS, 2), draw.choice((True, False))

    def run() -> list[Tried]:
        tried = []
        begun = simulator()
        home = begun.client("kms", region=first)
        key = home.create_key(MultiRegion=True, **({"Origin": "EXTERNAL"} if own else {}))["KeyMetadata"]["KeyId"]
        mine = os.urandom(32)
        asked = {first: _asked(home, key)}
        if own:
            home.import_key_material(**imports.parameters(asked[first], mine))
        home.replicate_key(KeyId=key, ReplicaRegion=second)
        blob = home.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        asked[second] = _asked(begun.client("kms", region=second), key)
        for region, material in (("", b""), (second, mine), (second, os.urandom(32)), (first, mine)):
            sim = rehearsed(begun)
            shown = _brought(sim.client("kms", region=region), asked[region], material) if region else ""
            abroad = sim.client("kms", region=second)
            code = error(abroad.decrypt, CiphertextBlob=blob)
            tried.append(Tried(not code and not shown, f"{shown}{told(abroad.decrypt, code)}"))
        return tried

    whose = "that the company imported" if own else "that KMS made"
    return Asked(
        f"A multi-Region key in {first} has key material {whose}, and was just replicated to {second}. What must be "
        f"imported before `Decrypt` in {second} opens what was encrypted in {first}?",
        {
            "nothing at all": "A replica gets material that KMS made, and none that was imported.",
            f"the same bytes, in {second}": "Each Region takes its own import, of the same bytes.",
            f"fresh bytes, in {second}": "Primary and replica have one material, or they do not work together.",
            f"the same bytes, in {first} again": "An import is for the key of one Region.",
        },
        run,
    )


def _asked(kms: Any, key: str) -> Any:
    """What a key answers who wants to import, or in a sentence that it refuses."""
    try:
        return imports.ask(kms, key)
    except ClientError as refused:
        return f"{told(kms.get_parameters_for_import, refused.response['Error']['Code'])} "


def _brought(kms: Any, given: Any, material: bytes) -> str:
    """Import in one of the two Regions; gives what KMS refused, in a sentence, or nothing."""
    if isinstance(given, str):
        return given
    code = error(kms.import_key_material, **imports.parameters(given, material))
    return f"{told(kms.import_key_material, code)} " if code else ""
