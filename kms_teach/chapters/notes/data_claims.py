"""Claims about encrypting: how much, with which key, in which context, and who opens it again."""

import base64
from collections.abc import Sequence
from datetime import date

from kms_teach.client_side import envelope
from kms_teach.inspect.claim import Case, Claim
from kms_teach.inspect.wording import Words
from kms_teach.teaching.claim import called
from kms_teach.teaching.trial import NOTE, error, scratch, shared, simulator

TENANT = {"tenant": "Blue"}
BUCKET, KEYED = "notes-of-a-year", "notes-with-a-bucket-key"
NONCE = bytes(12)  # the key encrypts once
SDK_MESSAGE = base64.b64decode("AgV4") + bytes(80)  # how a message of the AWS Encryption SDK begins


def _four_kb() -> list[Case]:
    sim, kms, key = scratch()
    cases = [
        called(
            sim.trail,
            f"{size:,} bytes, symmetric: {'taken' if well else 'refused'}",
            well,
            kms.encrypt,
            KeyId=key,
            Plaintext=bytes(size),
        )
        for size, well in ((4096, True), (4097, False))
    ]
    rsa, pair = shared("RSA_2048", "ENCRYPT_DECRYPT")
    refused = error(rsa.encrypt, KeyId=pair, Plaintext=bytes(4096), EncryptionAlgorithm="RSAES_OAEP_SHA_256")
    return [
        *cases,
        Case("4,096 bytes, RSA: taken", not refused, f"`Encrypt` was refused: `{refused}`." if refused else ""),
    ]


def _big_data() -> list[Case]:
    sim, kms, key = scratch()
    call = kms.generate_data_key
    return [
        called(sim.trail, "GenerateDataKey with 5,000 bytes to encrypt", True, call, KeyId=key, KeySpec="AES_256",
               Plaintext=bytes(5000)),
        called(sim.trail, "Encrypt with 5,000 bytes", True, kms.encrypt, KeyId=key, Plaintext=bytes(5000)),
    ]  # fmt: skip


def _discarded() -> list[Case]:
    sim, kms, key = scratch()
    yours = envelope.generate(kms, key)
    record = sim.trail[-1]
    file = yours.cipher().encrypt(NONCE, NOTE, None)
    kms.decrypt(CiphertextBlob=yours.encrypted)
    still = yours.cipher().decrypt(NONCE, file, None) == NOTE
    return [Case("your copy, after its use", not still, "It still opens the file: erase it yourself.", record)]


def _each_object() -> list[Case]:
    cases = []
    sim = simulator()
    s3 = sim.client("s3")
    for words, bucket, bucket_key in (("without a bucket key", BUCKET, False), ("with a bucket key", KEYED, True)):
        before = len(sim.trail.named("GenerateDataKey"))
        s3.create_bucket(Bucket=bucket)
        for name in ("one", "two"):
            s3.put_object(Bucket=bucket, Key=name, Body=NOTE, ServerSideEncryption="aws:kms",
                          BucketKeyEnabled=bucket_key)  # fmt: skip
        calls = sim.trail.named("GenerateDataKey")[before:]
        cases.append(
            Case(
                words,
                len(calls) == 2,
                f"For 2 objects KMS was asked for {len(calls)} {'keys' if len(calls) > 1 else 'key'}.",
                calls[-1],
            )
        )
    return cases


def _plain_by_default() -> list[Case]:
    sim = simulator()
    s3 = sim.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    with_it = s3.put_object(Bucket=BUCKET, Key="note", Body=NOTE).get("ServerSideEncryption", "")
    return [
        Case(
            "an upload that asks for nothing",
            not with_it,
            f"S3 encrypts with {with_it or 'nothing'}.",
            sim.trail[-1],
        )
    ]


def _key_id_needed() -> list[Case]:
    sim, kms, key = scratch()
    blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
    case = called(
        sim.trail, "a symmetric ciphertext, without KeyId, is refused", False, kms.decrypt, CiphertextBlob=blob
    )
    rsa, pair = shared("RSA_2048", "ENCRYPT_DECRYPT")
    sealed = rsa.encrypt(KeyId=pair, Plaintext=NOTE, EncryptionAlgorithm="RSAES_OAEP_SHA_256")["CiphertextBlob"]
    code = error(rsa.decrypt, CiphertextBlob=sealed, EncryptionAlgorithm="RSAES_OAEP_SHA_256")
    return [case, Case("an asymmetric one is refused", bool(code), f"`Decrypt` was refused: `{code}`.")]


def _clear_error() -> list[Case]:
    sim, kms, key = scratch()
    blob = kms.encrypt(KeyId=key, Plaintext=NOTE, EncryptionContext=TENANT)["CiphertextBlob"]
    wrong = called(
        sim.trail, "a wrong value", False, kms.decrypt, CiphertextBlob=blob, EncryptionContext={"tenant": "blue"}
    )
    message = wrong.record.event.get("errorMessage", "") if wrong.record else ""
    return [Case(wrong.words, "context" in message.lower(), f"{wrong.shown} Its message: “{message}”.", wrong.record)]


def _secret_context() -> list[Case]:
    sim, kms, key = scratch()
    kms.encrypt(KeyId=key, Plaintext=NOTE, EncryptionContext=TENANT)
    told = sim.trail[-1].parameters.get("encryptionContext")
    return [Case("the event in CloudTrail", told != TENANT, f"It says encryptionContext: {told}.", sim.trail[-1])]


def _context_with_rsa() -> list[Case]:
    rsa, pair = shared("RSA_2048", "ENCRYPT_DECRYPT")
    code = error(
        rsa.encrypt, KeyId=pair, Plaintext=NOTE, EncryptionAlgorithm="RSAES_OAEP_SHA_256", EncryptionContext=TENANT
    )
    return [
        Case(
            "Encrypt with RSA, and a context",
            not code,
            f"`Encrypt` was refused: `{code}`." if code else "It went well.",
        )
    ]


def _reads_the_sdk() -> list[Case]:
    sim, kms, _ = scratch()
    return [called(sim.trail, "a message that begins `AgV4`", True, kms.decrypt, CiphertextBlob=SDK_MESSAGE)]


DECRYPT, CONTEXT = r"\bdecrypt(s|ion)?\b", r"\bencryption contexts?\b"
GUIDE = "KMS Developer Guide, “Encryption context”"

CLAIMS: Sequence[Claim] = (
    Claim(
        "four-kb",
        ("Encrypt takes up to 4 KB of data.", "KMS can encrypt data up to 4 KB directly."),
        Words(
            (r"\bencrypt", r"\b4096 bytes\b", r"\b(up to|max(imum)?|limit|at most|≤)\b"),
            ("generatedatakey", "data key", "secrets manager", "parameter"),
            (4096,),
        ),
        "4,096 bytes under a symmetric key; 190 to 470 under RSA, by key and algorithm.",
        "KMS API Reference, Encrypt",
        _four_kb,
    ),
    Claim(
        "big-data",
        ("GenerateDataKey encrypts data larger than 4 KB.", "For more than 4 KB KMS encrypts by GenerateDataKey"),
        Words(
            (
                r"\b(generatedatakey|data key)\b",
                r"\bencrypt",
                r"\b4096 bytes\b",
                r"\b(more|larger|bigger|over|above|greater|>)",
            ),
            ("client", "locally", "your (own )?(program|code|side)"),
            (4096,),
        ),
        "It takes no data. It returns a key, plain and wrapped; your program encrypts.",
        "KMS API Reference, GenerateDataKey",
        _big_data,
    ),
    Claim(
        "discards",
        ("KMS discards the data key once you have used it.",),
        Words(
            ("data key", r"\bkms\b", r"\b(discards?|deletes?|erases?|destroys?|throws?)\b", r"\b(used?|after|once)\b")
        ),
        "KMS keeps none from the start, and knows nothing of your use: to erase the plain copy is your duty.",
        "KMS API Reference, GenerateDataKey",
        _discarded,
    ),
    Claim(
        "key-per-object",
        ("S3 uses a data key of its own for every object.", "S3: one DEK per object"),
        Words((r"\bs3\b", "data key", r"\b(each|every|per)\b.{0,10}\bobject"), ("bucket key",)),
        "Without a bucket key. With one, KMS makes a key for the bucket, and S3 derives the rest.",
        "Amazon S3 User Guide, “S3 Bucket Keys”",
        _each_object,
        until=date(2020, 12, 1),
        dated="Dec 2020",
    ),
    Claim(
        "plain-by-default",
        ("S3 objects are not encrypted by default.", "By default, S3 does not encrypt new objects."),
        Words((r"\bs3\b", r"\bencrypt", r"\bdefault\b"), ("kms",), negated=True),
        "With SSE-S3, unless the bucket or the upload says otherwise.",
        "Amazon S3 User Guide, “Default encryption”",
        _plain_by_default,
        until=date(2023, 1, 5),
    ),
    Claim(
        "key-id-needed",
        ("Decrypt needs the key id.", "Decrypt always needs the key id."),
        Words(
            (DECRYPT, r"\b(needs?|requires?|must|required)\b", r"\bkey ?id\b|\bid of the key\b"),
            ("asymmetric", "(?<!a)symmetric", "rsa"),
        ),
        "A symmetric ciphertext names its key. For an asymmetric one you must say it.",
        "KMS API Reference, Decrypt",
        _key_id_needed,
    ),
    Claim(
        "clear-error",
        ("A wrong encryption context gives a clear error message.",),
        Words(
            (
                CONTEXT,
                r"\b(wrong|bad|mismatch\w*|different)\b",
                r"\b(clear|helpful|plain|tells?|says?)\b",
                r"\b(error|message|exception)",
            ),
            negated=True,
        ),
        "`InvalidCiphertextException`, and an empty message.",
        "KMS API Reference, Decrypt",
        _clear_error,
    ),
    Claim(
        "secret-context",
        ("The encryption context is secret.", "Put secrets in the encryption context: it is encrypted."),
        Words((CONTEXT, r"\b(secret|encrypted|confidential|hidden)\b")),
        "It is bound to the ciphertext, and stands in clear in CloudTrail.",
        GUIDE,
        _secret_context,
    ),
    Claim(
        "context-with-rsa",
        ("An encryption context works with RSA keys too.",),
        Words((CONTEXT, r"\b(rsa|hmac|asymmetric|every kind|all kinds|any key|all keys)\b")),
        "With symmetric encryption keys, and no others.",
        GUIDE,
        _context_with_rsa,
    ),
    Claim(
        "reads-the-sdk",
        ("KMS can decrypt what the AWS Encryption SDK wrote.",),
        Words((r"\bkms\b", DECRYPT, r"\bencryption sdk\b")),
        "It opens the wrapped data key in the message; the message is for the SDK.",
        "KMS API Reference, Decrypt",
        _reads_the_sdk,
    ),
)
