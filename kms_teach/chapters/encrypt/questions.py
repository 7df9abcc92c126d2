"""The questions of "Encrypt, and the 4 KB limit"."""

from kms_teach.client_side import envelope
from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Question
from kms_teach.teaching.trial import NOTE, error, only

PHOTO = Question(
    "The photo has 3,400,000 bytes. What does `Encrypt` answer?",
    {
        "a ciphertext, a little longer than the photo": "It would be, for a note of 16 bytes. There is a limit.",
        "a data key to encrypt it with": "That is what you need, but you must ask for it: `GenerateDataKey`.",
        "ValidationException": "The message names the limit, and the parameter that is over it.",
    },
)
NO_KEY_ID = Question(
    "You send `Decrypt` the blob and its context, and do not say which KMS key. What comes back?",
    {
        "the note": "The blob names its key material, so KMS knows which key to ask for.",
        "ValidationException": "With an RSA key you are right: its ciphertext names no key. See below.",
        "InvalidCiphertextException": "The blob is as it was, and so is its context: there is nothing to refuse.",
    },
)
CONTEXT = Question(
    'The note was encrypted with `{"tenant": "Blue", "purpose": "backup"}`. Which of these opens it?',
    {
        "the pairs in another order": "The order of the pairs does not count. Every letter of them does.",
        "tenant: blue, in small letters": "Host names forgive case. A context is compared byte by byte.",
        "both": "The order of the pairs does not count. Case does: other bytes, another context.",
    },
)


def _large_secret() -> str:
    kms, secret = Simulator().client("kms"), bytes(5000)
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    takes_data = not error(kms.generate_data_key, KeyId=key, KeySpec="AES_256", Plaintext=secret)
    stored = list(envelope.encrypt([secret], kms, key))
    opened = b"".join(envelope.decrypt(stored, kms)) == secret
    return only(LARGE_SECRET.options, (not error(kms.encrypt, KeyId=key, Plaintext=secret), takes_data, opened))


LARGE_SECRET = Question(
    "A secret has 5,000 bytes, and you have one symmetric KMS key. How do you store it, to read it again?",
    {
        "`Encrypt` the secret; later `Decrypt` it": "5,000 bytes are more than the 4,096 that `Encrypt` takes.",
        "`GenerateDataKey` with the secret; later `Decrypt` what comes back": "It has no parameter for data.",
        "encrypt with a data key yourself; later `Decrypt` the encrypted data key": "`GenerateDataKey` makes the key. "
        "Keep its encrypted copy beside the secret.",
    },
    _large_secret,
)


def _rsa_200() -> str:
    kms = Simulator().client("kms")
    key = kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
    takes = [
        not error(kms.encrypt, KeyId=key, Plaintext=bytes(200), EncryptionAlgorithm=f"RSAES_OAEP_{name}")
        for name in ("SHA_1", "SHA_256")
    ]
    return only(RSA_200.options, (takes == [True, False], takes == [False, True], all(takes), not any(takes)))


RSA_200 = Question(
    "You must encrypt 200 bytes under an RSA_2048 key. Which algorithm takes them?",
    {
        "`RSAES_OAEP_SHA_1` only": "It takes 214 bytes, `RSAES_OAEP_SHA_256` no more than 190.",
        "`RSAES_OAEP_SHA_256` only": "The longer hash leaves less room in the block: 190 bytes.",
        "either of them": "A block of 256 bytes has room for 200, but the padding takes two hashes of it.",
        "neither": "For the longer hash that is so.",
    },
    _rsa_200,
)


def _no_message() -> str:
    kms = Simulator().client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    pairs = {"tenant": "Blue", "purpose": "backup"}
    blob = kms.encrypt(KeyId=key, Plaintext=NOTE, EncryptionContext=pairs)["CiphertextBlob"]
    attempts = (
        (blob[:-1] + bytes([blob[-1] ^ 1]), pairs),
        (blob, {"tenant": "Blue"}),
        (blob, dict(reversed(pairs.items()))),
        (bytes(97), pairs),
    )
    code = "InvalidCiphertextException"
    causes = [error(kms.decrypt, CiphertextBlob=sent, EncryptionContext=brought) == code for sent, brought in attempts]
    return only(NO_MESSAGE.options, (not cause for cause in causes))


NO_MESSAGE = Question(
    "`Decrypt` answers `InvalidCiphertextException`, without a message. Which of these is not the cause?",
    {
        "the last bit of the blob was changed": "The tag no longer fits: that is a cause.",
        "a pair of the context is missing": "Another context, another tag: that is a cause.",
        "the pairs of the context come in another order": "KMS sorts them before it compares.",
        "no KMS key made these bytes": "They name no key material: that is a cause.",
    },
    _no_message,
)
