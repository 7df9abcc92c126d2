"""The question families of "Rotation" about what opens with which key material, and how your own material rotates."""

import os
from functools import cache
from random import Random
from typing import Any

from kms_teach.client_side import imports
from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Order, Tried, matching, ordering, several
from kms_teach.teaching.trial import NOTE, START, attempted, awaiting, error, scratch, told

OPERATIONS = ("SAA-C03", "SOA-C03", "SCS-C03")
MONTHS = ("January", "February", "March", "April", "May", "June", "July")
REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2")
MATERIALS = ("the first key material", "the second key material", "the third key material", "none: it does not open")


@matching("material-of-a-letter", subject="rotation", exams=OPERATIONS)
def material_of_a_letter(draw: Random) -> Asked:
    """Letters and rotations, each in a month of its own."""
    rotations = sorted(draw.sample(range(1, 6), 2))
    letters = draw.sample([month for month in range(7) if month not in rotations], 3)
    moved = draw.choice(letters)

    def run() -> list[Tried]:
        _, kms, key = scratch()
        blobs, materials = {}, [kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"]]
        for month in range(len(MONTHS)):
            if month in rotations:
                kms.rotate_key_on_demand(KeyId=key)
                materials.append(kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"])
            if month in letters:
                blobs[month] = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        blobs[moved] = kms.re_encrypt(CiphertextBlob=blobs[moved], DestinationKeyId=key)["CiphertextBlob"]
        tried = []
        for month in letters:
            opened = kms.decrypt(CiphertextBlob=blobs[month])
            which = materials.index(opened["KeyMaterialId"])
            tried.append(Tried(MATERIALS[which], "`Decrypt` names the key material that it used."))
        return tried

    first, second = (MONTHS[month] for month in rotations)
    return Asked(
        f"A KMS key made in January is rotated in {first} and in {second}. At the year's end somebody calls "
        "`ReEncrypt` for one of three letters, with the same key as destination. Which key material opens each?",
        {
            f"a letter of {MONTHS[month]}" + (", re-encrypted" if month == moved else ""): "A ciphertext is opened by "
            "the material that made it; `ReEncrypt` takes the newest."
            for month in letters
        },
        run,
        MATERIALS,
    )


@several("rotation-from-two-regions", subject="rotation", exams=(*OPERATIONS, "SAP-C03"))
def rotation_from_two_regions(draw: Random) -> Asked:
    home, abroad = draw.sample(REGIONS, 2)
    turned = draw.choice((True, False))  # whether the primary has moved
    primary, replica = (abroad, home) if turned else (home, abroad)
    calls = {
        f"`{operation}` in {region}": (operation, region)
        for operation in ("EnableKeyRotation", "RotateKeyOnDemand", "GetKeyRotationStatus")
        for region in (home, abroad)
    }
    left_out = draw.choice([name for name, (operation, _) in calls.items() if operation == "GetKeyRotationStatus"])
    chosen = [name for name in calls if name != left_out]

    def run() -> list[Tried]:
        sim = Simulator(start=START)
        clients = {region: sim.client("kms", region=region) for region in (home, abroad)}
        key = clients[home].create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
        clients[home].replicate_key(KeyId=key, ReplicaRegion=abroad)
        if turned:
            clients[home].update_primary_region(KeyId=key, PrimaryRegion=abroad)
        tried = []
        for name in chosen:
            operation, region = calls[name]
            method = {"EnableKeyRotation": "enable_key_rotation", "RotateKeyOnDemand": "rotate_key_on_demand",
                      "GetKeyRotationStatus": "get_key_rotation_status"}[operation]  # fmt: skip
            tried.append(attempted(getattr(clients[region], method), KeyId=key))
        return tried

    told_so = f"Last year the primary was moved to {abroad}. " if turned else ""
    return Asked(
        f"A multi-Region key was made in {home} and replicated to {abroad}. {told_so}Which of these calls with it go "
        "well?",
        {
            name: "Anybody may look, in any Region."
            if calls[name][0].startswith("Get")
            else f"Rotation is a matter of the primary, in {primary}; {replica} has a replica, which follows."
            for name in chosen
        },
        run,
    )


ASK, WRAP, SEND, TURN = (
    "`GetParametersForImport`", "wrap new bytes under the public key", "`ImportKeyMaterial` as `NEW_KEY_MATERIAL`",
    "`RotateKeyOnDemand`",
)  # fmt: skip


@ordering("turn-your-own", subject="rotation", exams=("SOA-C03", "SCS-C03"))
def turn_your_own(draw: Random) -> Asked:
    since, thing = draw.randrange(2, 6), draw.choice(("an HSM of your own", "a safe", "your data centre"))

    def run(order: Order) -> Tried:
        kms, key, given = _with_material() if order[:3] == (ASK, WRAP, SEND) else _kept()
        wrapped, asked = b"", False
        for step in order:
            if step == ASK:
                asked = True
            elif step == WRAP:
                if not asked:
                    return Tried(False, "There is no public key yet to wrap under.")
                wrapped = imports.wrap(given["PublicKey"], os.urandom(32))
            elif step == SEND:
                if not wrapped:
                    return Tried(False, "There is nothing wrapped yet to send.")
                kms.import_key_material(
                    KeyId=key, ImportToken=given["ImportToken"], EncryptedKeyMaterial=wrapped,
                    ImportType="NEW_KEY_MATERIAL", **imports.FOR_GOOD,
                )  # fmt: skip
            elif code := error(kms.rotate_key_on_demand, KeyId=key):
                return Tried(False, told(kms.rotate_key_on_demand, code))
        return Tried(True, "The key has two key materials, and encrypts with the new one.")

    return Asked(
        f"A KMS key works with key material that you brought from {thing} {since} years ago. It is to encrypt with new "
        "material from there, under the same key id, and go on opening old ciphertexts. In which order?",
        {
            ASK: "It gives a public key and a token, as for the first import.",
            WRAP: "On your side; KMS has the private half.",
            SEND: "The material waits, `PENDING_ROTATION`.",
            TURN: "It makes the material that waits the current one.",
        },
        run,
    )


def _with_material() -> tuple[Any, str, Any]:
    """A client, a key with imported material, and what GetParametersForImport answers for it."""
    _, kms, key, given = awaiting()
    kms.import_key_material(**imports.parameters(given, bytes(32)))
    return kms, key, given


_kept = cache(_with_material)  # for orders that change nothing of the key

KINDS: dict[str, dict[str, Any]] = {  # what is kept, and the key that made it
    "a ciphertext": {},
    "a signature": {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"},
    "a MAC": {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"},
}
PROGRAMS = {
    "`Decrypt` of a ciphertext, with no `KeyId`": "The ciphertext names the old key, which is still there.",
    "`Verify` of a signature, with the old key's ARN": "The old key is still there, and was named.",
    "`VerifyMac` of a MAC, with the old key's ARN": "The old key is still there, and was named.",
    "`Decrypt` of a ciphertext, with `KeyId` the alias": "The alias names the new key, the ciphertext the old one.",
    "`Verify` of a signature, with `KeyId` the alias": "The alias names another pair now.",
    "`VerifyMac` of a MAC, with `KeyId` the alias": "The alias names another key now.",
}


@several("after-the-alias-moved", subject="rotation", exams=("DVA-C02", "DVA-C03", "SCS-C03", "SOA-C03"))
def after_the_alias_moved(draw: Random) -> Asked:
    names, right = list(PROGRAMS), draw.choice((2, 3))
    chosen = [*draw.sample(names[:3], right), *draw.sample(names[3:], 5 - right)]
    months = draw.randrange(2, 30)

    def run() -> list[Tried]:
        _, kms, _ = scratch()
        calls: dict[str, tuple[Any, dict[str, Any]]] = {}
        keys: dict[str, str] = {}
        for number, (what, how) in enumerate(KINDS.items()):
            old, new = (kms.create_key(**how)["KeyMetadata"]["Arn"] for _ in range(2))
            kms.create_alias(AliasName=f"alias/{number}", TargetKeyId=old)
            calls[what] = _again(kms, what, old)
            kms.update_alias(AliasName=f"alias/{number}", TargetKeyId=new)
            keys[what] = old
        tried = []
        for name in chosen:
            number, what = next((n, what) for n, what in enumerate(KINDS) if what in name)
            by = {} if name.endswith("no `KeyId`") else {"KeyId": f"alias/{number}"}
            by = {"KeyId": keys[what]} if name.endswith("ARN") else by
            call, sent = calls[what]
            tried.append(attempted(call, **sent, **by))
        return tried

    return Asked(
        f"A company replaces its KMS keys by hand: one of each kind, each with its alias. It made new ones and moved "
        f"the aliases {months} months ago; the old keys are still enabled. Which of these calls go well for what the "
        "old keys made?",
        {name: PROGRAMS[name] for name in chosen},
        run,
    )


def _again(kms: Any, what: str, key: str) -> tuple[Any, dict[str, Any]]:
    """Make it with the key, and give the call that opens or checks it, but for its KeyId."""
    if what == "a ciphertext":
        return kms.decrypt, {"CiphertextBlob": kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]}
    if what == "a MAC":
        mac = {"Message": NOTE, "MacAlgorithm": "HMAC_SHA_256"}
        return kms.verify_mac, {**mac, "Mac": kms.generate_mac(KeyId=key, **mac)["Mac"]}
    signed = {"Message": NOTE, "SigningAlgorithm": "ECDSA_SHA_256"}
    return kms.verify, {**signed, "Signature": kms.sign(KeyId=key, **signed)["Signature"]}
