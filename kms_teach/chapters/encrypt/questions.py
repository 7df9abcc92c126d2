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
    size, thing = (
        draw.randrange(4_097, 9_999),
        draw.choice(("A secret", "A private key", "A configuration", "A letter")),
    )

    def run() -> list[Tried]:
        _, kms, key = scratch()
        secret = bytes(size)
        whole = error(kms.encrypt, KeyId=key, Plaintext=secret)
        handed = error(kms.generate_data_key, KeyId=key, KeySpec="AES_256", Plaintext=secret)
        opened = b"".join(envelope.decrypt(list(envelope.encrypt([secret], kms, key)), kms)) == secret
        return [
            Tried(not whole, told(kms.encrypt, whole)),
            Tried(not handed, told(kms.generate_data_key, handed)),
            Tried(opened, "It was stored and read again, and no byte of it went to KMS."),
        ]

    return Asked(
        f"{thing} has {size:,} bytes, and you have one symmetric KMS key. How do you store it, to read it again?",
        {
            "`Encrypt` it; later `Decrypt` it": "One call takes 4,096 bytes at most.",
            "`GenerateDataKey` with it; later `Decrypt` what comes back": "`GenerateDataKey` makes a key and "
            "takes no data.",
            "encrypt it with a data key yourself; later `Decrypt` the encrypted data key": "`GenerateDataKey` "
            "makes the "
            "key. Keep its encrypted copy beside the data.",
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
        shown = " ".join(f"With `{name}`: {told(kms.encrypt, code)}" for name, code in zip(OAEP, codes, strict=True))
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
    bit = draw.randrange(8 * 16)

    def run() -> list[Tried]:
        _, kms, key = scratch()
        blob = kms.encrypt(KeyId=key, Plaintext=NOTE, EncryptionContext=pairs)["CiphertextBlob"]
        changed = bytearray(blob)
        changed[-1 - bit // 8] ^= 1 << bit % 8
        attempts = (
            (bytes(changed), pairs),
            (blob, {first: pairs[first]}),
            (blob, dict(reversed(pairs.items()))),
            (bytes(97), pairs),
        )
        codes = [error(kms.decrypt, CiphertextBlob=sent, EncryptionContext=brought) for sent, brought in attempts]
        return [Tried(code != "InvalidCiphertextException", told(kms.decrypt, code)) for code in codes]

    return Asked(
        f"A blob was encrypted with the encryption context {_written(pairs)}. `Decrypt` answers "
        "`InvalidCiphertextException`, without a message. Which of these is not the cause?",
        {
            "one bit near the end of the blob was changed": "The tag no longer fits: that is a cause.",
            f"the context of the call is {_written({first: pairs[first]})}": "Another context, another tag: "
            "that is a cause.",
            "the pairs of the context come in another order": "KMS sorts them before it compares.",
            "no KMS key made these bytes": "They name no key material: that is a cause.",
        },
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


@one("writer-cannot-read", subject="envelope", exams=DEVELOPER)
def writer_cannot_read(draw: Random) -> Asked:
    writer = draw.choice(("A sensor", "A collector of logs", "An importer", "A kiosk"))
    actions = ("kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:Decrypt")

    def run() -> list[Tried]:
        tried = []
        for action in actions:
            sim, _, key = scratch()
            kms = sim.user("writer", policies=[policy(action)]).client("kms")
            calls = (kms.generate_data_key_without_plaintext, kms.generate_data_key)
            codes = [error(call, KeyId=key, KeySpec="AES_256") for call in calls]
            seen = any("Plaintext" in record.returned for record in sim.trail)
            shown = (
                "It gets an encrypted data key, and sees no plaintext." if not codes[0] else told(calls[0], codes[0])
            )
            if seen:
                shown = "It gets the data key in plaintext as well."
            tried.append(Tried(not codes[0] and not seen, shown))
        return tried

    return Asked(
        f"{writer} must prepare encrypted data keys for others, and never see one in plaintext. Which action do "
        "you allow?",
        {
            "`kms:Encrypt`": "It would have to make the data key itself, and so would know it.",
            "`kms:GenerateDataKey`": "That operation answers with both copies.",
            "`kms:GenerateDataKeyWithoutPlaintext`": "It is made for this: the encrypted copy alone.",
            "`kms:Decrypt`": "That opens data keys, and makes none.",
        },
        run,
    )


def _written(pairs: Mapping[str, str]) -> str:
    return ", ".join(f"`{name}` = `{value}`" for name, value in pairs.items())
