"""The question families of "What a KMS key is"."""

from random import Random
from typing import Any

from botocore.exceptions import ClientError

from kms_teach.chapters.key.design_questions import how_many_keys, spec_for_the_job, to_the_other_account
from kms_teach.chapters.key.owner_questions import names_from_afar, off_switch, share_a_managed_key, which_are_listed
from kms_teach.teaching.question import Asked, Tried, matching, one, ordering, several
from kms_teach.teaching.trial import NOTE, error, scratch, shared, told

__all__ = [
    "first_letter", "how_many_keys", "key_in_another_region", "keys_in_plaintext", "made_for_another_use",
    "names_from_afar", "off_switch", "share_a_managed_key", "spec_for_the_job", "to_the_other_account",
    "usage_to_choose", "which_are_listed",
]  # fmt: skip

DEVELOPER = ("DVA-C02", "DVA-C03", "SCS-C03")
REGIONS = ("eu-west-1", "eu-central-1", "ap-south-1", "us-west-2", "sa-east-1")
THINGS = ("A letter", "A report", "A password", "A token", "A list of names")
ORIGIN = {"WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048"}


@one("key-in-another-region", subject="multi-Region", exams=("SAA-C03", *DEVELOPER))
def key_in_another_region(draw: Random) -> Asked:
    region, thing = draw.choice(REGIONS), draw.choice(THINGS)
    replica = draw.choice((True, False))

    def run() -> list[Tried]:
        sim, kms, key = scratch(MultiRegion=replica)
        there = sim.client("kms", region=region)
        kms.create_alias(AliasName="alias/app", TargetKeyId=key)
        blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        if replica:
            kms.replicate_key(KeyId=key, ReplicaRegion=region)
            kms.disable_key(KeyId=key)  # as little as of a Region that does not answer is to be had of it
        alone = error(there.decrypt, CiphertextBlob=blob)
        there.create_alias(AliasName="alias/app", TargetKeyId=there.create_key()["KeyMetadata"]["KeyId"])
        by_alias = error(there.decrypt, CiphertextBlob=blob, KeyId="alias/app")
        at_home = error(kms.decrypt, CiphertextBlob=blob)
        return [Tried(not code, told(there.decrypt, code)) for code in (alone, by_alias, at_home)]

    kind = f"a multi-Region KMS key, which has a replica in {region}" if replica else "a single-Region KMS key"
    fails = " Today us-east-1 does not answer." if replica else ""
    return Asked(
        f"{thing} was encrypted in us-east-1 under {kind}. A program in {region} has the ciphertext.{fails} "
        "How does it get the plaintext?",
        {
            f"it calls `Decrypt` in {region}, with the ciphertext and no `KeyId`": "The key must be there: a replica "
            "is, and a single-Region key of another Region is not.",
            f"somebody makes a key in {region} with the alias of the first one, and it calls `Decrypt` by that": "One "
            "name, two keys, and each has material of its own.",
            "it calls `Decrypt` in us-east-1, by a client for that Region, with the ciphertext and no `KeyId`": "A "
            "client can call any Region, as long as it answers.",
        },
        run,
    )


USES: dict[str, tuple[str, str, dict[str, Any]]] = {  # what is to be done: the usage it needs, the call
    "a program encrypts a token, and later decrypts it": ("ENCRYPT_DECRYPT", "encrypt", {"Plaintext": NOTE}),
    "customers check that a file comes from you": (
        "SIGN_VERIFY", "sign", {"Message": NOTE, "SigningAlgorithm": "ECDSA_SHA_256"}),
    "a web server checks tokens that it made itself": (
        "GENERATE_VERIFY_MAC", "generate_mac", {"Message": NOTE, "MacAlgorithm": "HMAC_SHA_256"}),
    "two partners come to the same secret, with a curve": ("KEY_AGREEMENT", "derive_shared_secret", {}),
}  # fmt: skip
SPEC_OF = {
    "ENCRYPT_DECRYPT": "SYMMETRIC_DEFAULT", "SIGN_VERIFY": "ECC_NIST_P256", "GENERATE_VERIFY_MAC": "HMAC_256",
    "KEY_AGREEMENT": "ECC_NIST_P256",
}  # fmt: skip


@matching("usage-to-choose", subject="asymmetric keys", exams=DEVELOPER, difficulty=1)
def usage_to_choose(draw: Random) -> Asked:
    jobs = draw.sample(sorted(USES), 3)

    def works(job: str, usage: str) -> bool:
        _, act, given = USES[job]
        more: dict[str, Any] = {**given}
        kms, key = shared(SPEC_OF[usage], usage)
        if act == "derive_shared_secret":
            peer, of_peer = shared(SPEC_OF["KEY_AGREEMENT"], "KEY_AGREEMENT")
            more = {"PublicKey": peer.get_public_key(KeyId=of_peer)["PublicKey"], "KeyAgreementAlgorithm": "ECDH"}
        return not error(getattr(kms, act), KeyId=key, **more)

    def run() -> list[Tried]:
        tried = []
        for job in jobs:
            (usage,) = [usage for usage in SPEC_OF if works(job, usage)]
            tried.append(Tried(f"`{usage}`", f"Of the four, a key for `{usage}` did it."))
        return tried

    return Asked(
        "Which `KeyUsage` does a key need for each of these? One of the four is left over.",
        dict.fromkeys(jobs, "A key has one usage, for all its life."),
        run,
        [f"`{usage}`" for usage in SPEC_OF],
    )


@several("keys-in-plaintext", subject="access", exams=("CLF-C02", *DEVELOPER), difficulty=1)
def keys_in_plaintext(draw: Random) -> Asked:
    public = draw.choice(("RSA_2048", "ECC_NIST_P256", "ECC_NIST_P384"))
    calls: dict[str, tuple[str, bool, dict[str, Any], str]] = {
        "`GenerateDataKey`": ("generate_data_key", False, {"KeySpec": "AES_256"},
                              "A new key for your data, in plaintext and encrypted."),
        "`GenerateDataKeyWithoutPlaintext`": ("generate_data_key_without_plaintext", False, {"KeySpec": "AES_256"},
                                              "The encrypted copy alone."),
        f"`GetPublicKey` of an {public} key": ("get_public_key", True, {}, "The half that everybody may have."),
        "`GetPublicKey` of a symmetric key": ("get_public_key", False, {}, "A symmetric key has no such half."),
        "`DescribeKey`": ("describe_key", False, {}, "Names and settings, and no key."),
        "`GetParametersForImport` of a key that KMS made": ("get_parameters_for_import", False, ORIGIN,
                                                            "It prepares a way in, for keys that wait for material."),
        "`GenerateDataKeyPair`": ("generate_data_key_pair", False, {"KeyPairSpec": "ECC_NIST_P256"},
                                  "A new key pair for your data, its private half in plaintext too."),
    }  # fmt: skip
    gives = [option for option in calls if option in ("`GenerateDataKey`", "`GenerateDataKeyPair`") or public in option]
    chosen = [*draw.sample(gives, 2), *draw.sample([option for option in calls if option not in gives], 3)]

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        pair = kms.create_key(KeySpec=public, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
        tried = []
        for option in chosen:
            act, of_pair, more, _ = calls[option]
            code = error(getattr(kms, act), KeyId=pair if of_pair else key, **more)
            given = set(sim.trail[-1].returned) & {"Plaintext", "PublicKey", "PrivateKeyPlaintext"}
            tried.append(Tried(bool(given), told(getattr(kms, act), code)))
        return tried

    return Asked(
        "Which of these calls give you a key, or half a key, that is not encrypted?",
        {option: calls[option][3] for option in chosen},
        run,
    )


WAYS: dict[str, tuple[dict[str, Any], tuple[str, dict[str, Any]], tuple[str, str]]] = {
    # how the key is made; the first call with it; the second, and what it needs of the first one's answer
    "encrypted, and read again": ({}, ("encrypt", {"Plaintext": NOTE}), ("decrypt", "CiphertextBlob")),
    "signed, and checked": (
        {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"},
        ("sign", {"Message": NOTE, "SigningAlgorithm": "ECDSA_SHA_256"}), ("verify", "Signature"),
    ),
    "given a MAC, and checked": (
        {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"},
        ("generate_mac", {"Message": NOTE, "MacAlgorithm": "HMAC_SHA_256"}), ("verify_mac", "Mac"),
    ),
}  # fmt: skip
CALLED = {"encrypt": "Encrypt", "decrypt": "Decrypt", "sign": "Sign", "verify": "Verify",
          "generate_mac": "GenerateMac", "verify_mac": "VerifyMac"}  # fmt: skip


@ordering("first-letter", subject="access", exams=("CLF-C02", *DEVELOPER), difficulty=1)
def first_letter(draw: Random) -> Asked:
    thing, alias = draw.choice(THINGS), f"alias/{draw.choice(('app', 'shop', 'letters', 'payroll'))}"
    way = draw.choice(tuple(WAYS))
    made, (act, sent), (again, needed) = WAYS[way]
    create, name, first, _ = steps = (
        "call `CreateKey`",
        f"call `CreateAlias`, for `{alias}`",
        f"call `{CALLED[act]}` with `{alias}` as `KeyId`",
        f"call `{CALLED[again]}` with the `{needed}`",
    )

    def run(order: tuple[str, ...]) -> Tried:
        if order[0] == create:
            _, kms, _ = scratch()
        else:  # it stops at once, and changes nothing
            kms, _ = shared("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
        key, given = "none-yet", b"?"
        for step in order:
            try:
                if step == create:
                    key = kms.create_key(**made)["KeyMetadata"]["KeyId"]
                elif step == name:
                    kms.create_alias(AliasName=alias, TargetKeyId=key)
                elif step == first:
                    given = getattr(kms, act)(KeyId=alias, **sent)[needed]
                else:
                    rest = sent if again != "decrypt" else {}
                    getattr(kms, again)(KeyId=alias, **rest, **{needed: given})
            except ClientError as refused:
                return Tried(False, f"{step[0].upper()}{step[1:]}: `{refused.response['Error']['Code']}`.")
        return Tried(True, "All four calls went well.")

    because = "Each call needs what the one before made."
    return Asked(
        f"{thing} is to be {way}, under a new key that programs call `{alias}`. In which order?",
        dict.fromkeys(steps, because),
        run,
    )


@one("made-for-another-use", subject="asymmetric keys", exams=DEVELOPER, difficulty=1)
def made_for_another_use(draw: Random) -> Asked:
    bits = draw.choice((2048, 3072))
    made, needed = draw.choice(("ENCRYPT_DECRYPT", "SIGN_VERIFY")), draw.choice(("ENCRYPT_DECRYPT", "SIGN_VERIFY"))
    acts: dict[str, tuple[str, str, dict[str, Any]]] = {  # the call, and the algorithm of today and that of now
        "SIGN_VERIFY": (
            "sign",
            "RSASSA_PSS_SHA_256",
            {"Message": NOTE, "SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_512"},
        ),
        "ENCRYPT_DECRYPT": (
            "encrypt",
            "RSAES_OAEP_SHA_1",
            {"Plaintext": NOTE, "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"},
        ),
    }
    today = acts[made][1]
    act, _, more = acts[needed]
    algorithm = next(value for name, value in more.items() if name.endswith("Algorithm"))

    def run() -> list[Tried]:
        kms, key = shared(f"RSA_{bits}", made)
        other, of_other = shared(f"RSA_{bits}", needed)
        straight = error(getattr(kms, act), KeyId=key, **more)
        changed = error(kms.update_key_description, KeyId=key, Description="", KeyUsage=needed)
        fresh = error(getattr(other, act), KeyId=of_other, **more)
        spared = "" if straight else "The first key does it too."
        return [
            Tried(not straight, told(getattr(kms, act), straight)),
            Tried(not changed, told(kms.update_key_description, changed)),
            Tried(bool(straight) and not fresh, f"{told(getattr(other, act), fresh)} {spared}".strip()),
        ]

    return Asked(
        f"An RSA_{bits} KMS key was made for `{made}`, and works with `{today}`. Now a program must {act} with "
        f"`{algorithm}`. What do you do, to get along with as few keys as possible?",
        {
            f"call `{act.title()}` with that key, and name `{algorithm}`": "A key takes every algorithm of its spec "
            "and its usage, and of no other usage.",
            f"call `UpdateKeyDescription` with `KeyUsage` `{needed}`": "No operation changes a key's spec or usage.",
            f"call `CreateKey` for another key, with `KeyUsage` `{needed}`": "Spec and usage are chosen once. Which "
            "algorithm of the usage it is, each call says.",
        },
        run,
    )
