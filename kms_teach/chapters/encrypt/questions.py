"""The question families of "Encrypt, and the 4 KB limit"."""

from collections.abc import Mapping
from random import Random
from typing import Any

from kms_teach.chapters.encrypt.context_questions import ciphertext_alone, read_in_the_trail, swapped_cells
from kms_teach.chapters.encrypt.mending_questions import what_mends_it, written_before_it_is_sent
from kms_teach.client_side import envelope
from kms_teach.teaching.question import Asked, Tried, matching, one, several
from kms_teach.teaching.trial import NOTE, error, policy, scratch, shared, told

__all__ = [
    "ciphertext_alone", "error_of_a_call", "large_secret", "no_message", "read_in_the_trail", "rsa_limit",
    "same_context", "swapped_cells", "what_mends_it", "writer_cannot_read", "written_before_it_is_sent",
]  # fmt: skip

DEVELOPER = ("DVA-C02", "DVA-C03", "SCS-C03")
PAIRS = (
    {"tenant": "Blue", "purpose": "backup"},
    {"app": "shop", "stage": "test"},
    {"table": "Orders", "column": "Card"},
    {"Year": "2026", "Owner": "Payroll"},
)
OAEP = ("RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256")


@one("large-secret", subject="limits", exams=("SAA-C03", *DEVELOPER), difficulty=1)
def large_secret(draw: Random) -> Asked:
    size = draw.choice((draw.randrange(1_000, 4_097), draw.randrange(4_097, 9_999)))
    thing = draw.choice(("A secret", "A private key", "A configuration", "A letter"))

    def run() -> list[Tried]:
        _, kms, key = scratch()
        secret = bytes(size)
        whole = error(kms.encrypt, KeyId=key, Plaintext=secret)
        handed = error(kms.generate_data_key, KeyId=key, KeySpec="AES_256", Plaintext=secret)
        opened = b"".join(envelope.decrypt(list(envelope.encrypt([secret], kms, key)), kms)) == secret
        shown = "It was stored and read again, and your program had to encrypt and decrypt."
        return [
            Tried(not whole, told(kms.encrypt, whole)),
            Tried(not handed, told(kms.generate_data_key, handed)),
            Tried(opened and bool(whole), shown),
        ]

    return Asked(
        f"{thing} has {size:,} bytes, and you have one symmetric KMS key. Your program is to encrypt and decrypt as "
        "little as possible itself. How do you store it, to read it again?",
        {
            "`Encrypt` it under the KMS key, and later `Decrypt` that": "One call takes 4,096 bytes at most, and up to "
            "there KMS does it all.",
            "call `GenerateDataKey` with it, and later `Decrypt` what came back": "`GenerateDataKey` makes a key and "
            "takes no data.",
            "encrypt it with a data key, and later `Decrypt` the encrypted data key": "`GenerateDataKey` makes the "
            "key, and your program encrypts: it is for what is larger than 4,096 bytes.",
        },
        run,
    )


@one("rsa-limit", subject="limits", exams=DEVELOPER)
def rsa_limit(draw: Random) -> Asked:
    spec, block = draw.choice((("RSA_2048", 256), ("RSA_3072", 384)))
    longer, shorter = block - 66, block - 42  # bytes, with SHA-256 and with SHA-1, by AWS's page of Encrypt
    size = draw.choice(
        (draw.randrange(shorter + 1, block), draw.randrange(longer + 1, shorter), draw.randrange(100, longer))
    )

    def run() -> list[Tried]:
        kms, key = shared(spec, "ENCRYPT_DECRYPT")
        codes = [error(kms.encrypt, KeyId=key, Plaintext=bytes(size), EncryptionAlgorithm=name) for name in OAEP]
        takes = [not code for code in codes]
        shown = " ".join(told(kms.encrypt, code, f"With `{name}`:") for name, code in zip(OAEP, codes, strict=True))
        proved = (takes == [True, False], takes == [False, True], all(takes), not any(takes))
        return [Tried(right, shown) for right in proved]

    room = f"A block of {block} bytes loses two hashes and two bytes to the padding: 42 with SHA-1, 66 with SHA-256."
    return Asked(
        f"You must encrypt {size} bytes under an {spec} key. Which algorithm takes them?",
        dict.fromkeys((f"`{OAEP[0]}` only", f"`{OAEP[1]}` only", "either of them", "neither of them"), room),
        run,
    )


@one("no-message", subject="context", exams=(*DEVELOPER, "SOA-C03"))
def no_message(draw: Random) -> Asked:
    pairs = draw.choice(PAIRS)
    first = next(iter(pairs))
    bit, cause = draw.randrange(8 * 16), draw.choice((True, False))
    harmful = {
        "one bit of the blob, near its end, was changed": "The tag no longer fits.",
        f"the context of the call is {_written({first: pairs[first]})}": "Another context needs another tag.",
        "no KMS key made the bytes that were sent": "They name no key material.",
    }
    others = {
        "the pairs of the call come in another order": "KMS sorts them before it compares.",
        "the key has been rotated since then": "A key opens old ciphertexts with the old material.",
        "the key has been disabled since then": "A disabled key is refused by an error of its own.",
        "the call names another key of the account": "A key that did not make the blob is an error of its own.",
    }
    few, many = (harmful, others) if cause else (others, harmful)
    drawn = [draw.choice(list(few)), *draw.sample(list(many), 3)]

    def run() -> list[Tried]:
        tried = []
        for option in drawn:
            _, kms, key = scratch()
            blob = kms.encrypt(KeyId=key, Plaintext=NOTE, EncryptionContext=pairs)["CiphertextBlob"]
            changed = bytearray(blob)
            changed[-1 - bit // 8] ^= 1 << bit % 8
            sent: dict[str, dict[str, Any]] = {
                "one bit": {"CiphertextBlob": bytes(changed)}, "no KMS key": {"CiphertextBlob": bytes(97)},
                "the context of": {"EncryptionContext": {first: pairs[first]}},
                "another order": {"EncryptionContext": dict(reversed(pairs.items()))},
                "another key": {"KeyId": kms.create_key()["KeyMetadata"]["KeyId"]},
            }  # fmt: skip
            for words, act in (("rotated", kms.rotate_key_on_demand), ("disabled", kms.disable_key)):
                if words in option:
                    act(KeyId=key)
            more = next((each for words, each in sent.items() if words in option), {})
            code = error(kms.decrypt, **{"CiphertextBlob": blob, "EncryptionContext": pairs, **more})
            tried.append(Tried((code == "InvalidCiphertextException") == cause, told(kms.decrypt, code)))
        return tried

    return Asked(
        f"A blob was encrypted with the encryption context {_written(pairs)}. `Decrypt` answers "
        f"`InvalidCiphertextException`, without a message. Which of these {'can' if cause else 'cannot'} be the cause?",
        {option: {**harmful, **others}[option] for option in drawn},
        run,
    )


@several("same-context", subject="context", exams=DEVELOPER, difficulty=1)
def same_context(draw: Random) -> Asked:
    pairs = draw.choice(PAIRS)
    first, second = pairs
    attempts: dict[str, tuple[dict[str, str], str]] = {
        f"{_written(dict(reversed(pairs.items())))}, and no `KeyId`": (dict(reversed(pairs.items())), ""),
        f"{_written(pairs)}, and the key by an alias": (dict(pairs), "alias"),
        f"{_written({first: pairs[first]})}, and the key's ARN": ({first: pairs[first]}, "arn"),
        f"{_written({first: pairs[first], second: pairs[second].swapcase()})}, and no `KeyId`": (
            {first: pairs[first], second: pairs[second].swapcase()}, ""
        ),
        f"{_written({**pairs, 'copy': '2'})}, and the key's ARN": ({**pairs, "copy": "2"}, "arn"),
    }  # fmt: skip

    def run() -> list[Tried]:
        _, kms, key = scratch()
        kms.create_alias(AliasName="alias/notes", TargetKeyId=key)
        names = {"": {}, "alias": {"KeyId": "alias/notes"}, "arn": {"KeyId": key}}
        blob = kms.encrypt(KeyId=key, Plaintext=NOTE, EncryptionContext=pairs)["CiphertextBlob"]
        tried = []
        for brought, name in attempts.values():
            code = error(kms.decrypt, CiphertextBlob=blob, EncryptionContext=brought, **names[name])
            tried.append(Tried(not code, told(kms.decrypt, code)))
        return tried

    why = (
        "The order of the pairs does not count, and the blob names its key itself.",
        "A name of the right key may be given, an alias too.",
        "A pair is missing: KMS wants all of them.",
        "KMS compares every letter, large or small.",
        "A pair too many is another context.",
    )
    return Asked(
        f"A note was encrypted with the encryption context {_written(pairs)}. With which of these does "
        "`Decrypt` open it?",
        dict(zip(attempts, why, strict=True)),
        run,
    )


@matching("error-of-a-call", subject="limits", exams=(*DEVELOPER, "SOA-C03"))
def error_of_a_call(draw: Random) -> Asked:
    size = draw.randrange(4_097, 6_000)
    acts = {
        f"`Encrypt` of {size:,} bytes under a symmetric key": "The limit is a matter of the request, before any key.",
        "`Decrypt`, with another encryption context than at `Encrypt`": "The tag does not fit, and KMS says no more.",
        "`Decrypt`, with the `KeyId` of another key than the one that encrypted": "You said which key, and it "
        "is not that.",
        "`Encrypt` under a key that was disabled": "The key is there, and may not be used for now.",
        "`Sign` with a key that was made to encrypt": "A key has one usage for all its life.",
    }

    def run() -> list[Tried]:
        _, kms, key = scratch()
        other, off = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
        kms.disable_key(KeyId=off)
        blob = kms.encrypt(KeyId=key, Plaintext=NOTE, EncryptionContext={"a": "b"})["CiphertextBlob"]
        calls: tuple[tuple[Any, dict[str, Any]], ...] = (
            (kms.encrypt, {"KeyId": key, "Plaintext": bytes(size)}),
            (kms.decrypt, {"CiphertextBlob": blob, "EncryptionContext": {"a": "c"}}),
            (kms.decrypt, {"CiphertextBlob": blob, "EncryptionContext": {"a": "b"}, "KeyId": other}),
            (kms.encrypt, {"KeyId": off, "Plaintext": NOTE}),
            (kms.sign, {"KeyId": key, "Message": NOTE, "SigningAlgorithm": "ECDSA_SHA_256"}),
        )
        codes = [(call, error(call, **parameters)) for call, parameters in calls]
        return [Tried(f"`{code}`", told(call, code)) for call, code in codes]

    chosen = set(draw.sample(sorted(acts), 4))
    return Asked(
        "Which error does each of these calls end in? One of the errors is left over.",
        {name: why for name, why in acts.items() if name in chosen},
        lambda: [tried for name, tried in zip(acts, run(), strict=True) if name in chosen],
        (
            "`DisabledException`", "`IncorrectKeyException`", "`InvalidCiphertextException`",
            "`InvalidKeyUsageException`", "`ValidationException`",
        ),
    )  # fmt: skip


DATA_KEYS: dict[str, tuple[str, dict[str, str], str]] = {
    "`kms:GenerateDataKey`": ("generate_data_key", {"KeySpec": "AES_256"}, "A data key, in both copies."),
    "`kms:GenerateDataKeyWithoutPlaintext`": (
        "generate_data_key_without_plaintext", {"KeySpec": "AES_256"}, "The encrypted copy of a data key alone."),
    "`kms:GenerateDataKeyPair`": (
        "generate_data_key_pair", {"KeyPairSpec": "ECC_NIST_P256"}, "A key pair, its private half in both copies."),
    "`kms:GenerateDataKeyPairWithoutPlaintext`": (
        "generate_data_key_pair_without_plaintext", {"KeyPairSpec": "ECC_NIST_P256"},
        "A key pair, its private half encrypted alone."),
}  # fmt: skip


@one("writer-cannot-read", subject="envelope", exams=DEVELOPER)
def writer_cannot_read(draw: Random) -> Asked:
    writer = draw.choice(("A sensor", "A collector of logs", "An importer", "A kiosk"))
    spec, sees = draw.choice(("AES_128", "AES_256", "ECC_NIST_P256", "RSA_2048")), draw.choice((True, False))
    pair = not spec.startswith("AES")

    def run() -> list[Tried]:
        sim, _, key = scratch()
        tried = []
        for action in DATA_KEYS:
            kms = sim.user("writer", policies=[policy(action.strip("`"))]).client("kms")
            made: dict[str, bool] = {}  # what was made, and whether it was seen in plaintext
            for act, more, _ in DATA_KEYS.values():
                if not error(getattr(kms, act), KeyId=key, **more):
                    made[act] = bool({"Plaintext", "PrivateKeyPlaintext"} & set(sim.trail[-1].returned))
            fits = any(("pair" in act) == pair and seen == sees for act, seen in made.items())
            shown = f"It makes a data key{' pair' * any('pair' in act for act in made)}"
            tried.append(Tried(fits, f"{shown}, {'in plaintext too' if any(made.values()) else 'encrypted alone'}."))
        return tried

    what = f"an `{spec}` key pair whose private half" if pair else f"an `{spec}` key that"
    need = "it uses once itself before others do" if sees else "it hands on to others and may never see"
    return Asked(
        f"{writer} asks KMS for {what} {need}; it is stored encrypted under a KMS key. Which action do you allow?",
        {action: why for action, (_, _, why) in DATA_KEYS.items()},
        run,
    )


def _written(pairs: Mapping[str, str]) -> str:
    return ", ".join(f"`{name}` = `{value}`" for name, value in pairs.items())
