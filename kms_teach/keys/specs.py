"""The table of key specs: what a key of each may do, with which algorithms, on how much data.

KMS API Reference, CreateKey and Encrypt; the order of algorithms is the one AWS lists them in.
"""

from msgspec import Struct

SYMMETRIC = "SYMMETRIC_DEFAULT"
MESSAGE_MAX = 4096  # bytes, for Encrypt with a symmetric key, Sign RAW and GenerateMac
DATA_KEY_SIZES = {"AES_128": 16, "AES_256": 32}  # bytes

OAEP = ("RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256")
NO_ML_KEM_512 = "this simulator makes no ML_KEM_512 keys, for its cryptographic library has none: use ML_KEM_768"
NOT_HERE = "KeySpec {spec} is not available here, for the installed `cryptography` cannot make it: install a newer one"
NO_SM2 = "KeySpec SM2 is available only in China Regions"
RSA_SIGN = tuple(f"RSASSA_{padding}_SHA_{n}" for padding in ("PKCS1_V1_5", "PSS") for n in (256, 384, 512))


class Spec(Struct, frozen=True):
    """One KeySpec: for each KeyUsage it allows, its algorithms. `missing` says why such keys are not made here."""

    name: str
    algorithms: dict[str, tuple[str, ...]]
    missing: str = ""

    @property
    def available(self) -> bool:
        return not self.missing

    @property
    def key_pair(self) -> bool:
        """Whether it has a public half."""
        return self.name != SYMMETRIC and not self.name.startswith("HMAC")


def _rsa(bits: int) -> Spec:
    return Spec(f"RSA_{bits}", {"ENCRYPT_DECRYPT": OAEP, "SIGN_VERIFY": RSA_SIGN})


def _curve(name: str, algorithm: str) -> Spec:
    return Spec(name, {"SIGN_VERIFY": (algorithm,), "KEY_AGREEMENT": ("ECDH",)})


SPECS = {
    spec.name: spec
    for spec in (
        Spec(SYMMETRIC, {"ENCRYPT_DECRYPT": (SYMMETRIC,)}),
        *(Spec(f"HMAC_{n}", {"GENERATE_VERIFY_MAC": (f"HMAC_SHA_{n}",)}) for n in (224, 256, 384, 512)),
        *(_rsa(bits) for bits in (2048, 3072, 4096)),
        _curve("ECC_NIST_P256", "ECDSA_SHA_256"),
        _curve("ECC_NIST_P384", "ECDSA_SHA_384"),
        _curve("ECC_NIST_P521", "ECDSA_SHA_512"),
        Spec("ECC_SECG_P256K1", {"SIGN_VERIFY": ("ECDSA_SHA_256",)}),
        Spec("ECC_NIST_EDWARDS25519", {"SIGN_VERIFY": ("ED25519_SHA_512", "ED25519_PH_SHA_512")}),
        *(Spec(f"ML_DSA_{n}", {"SIGN_VERIFY": ("ML_DSA_SHAKE_256",)}) for n in (44, 65, 87)),
        Spec("ML_KEM_512", {"ENCAPSULATE_DECAPSULATE": ("ML_KEM",)}, missing=NO_ML_KEM_512),
        *(Spec(f"ML_KEM_{n}", {"ENCAPSULATE_DECAPSULATE": ("ML_KEM",)}) for n in (768, 1024)),
        Spec("SM2", {"ENCRYPT_DECRYPT": ("SM2PKE",), "SIGN_VERIFY": ("SM2DSA",), "KEY_AGREEMENT": ("ECDH",)}, NO_SM2),
    )
}

# SigningAlgorithm -> the MessageTypes it takes, and how many bytes such a Message has (None: 1 to MESSAGE_MAX).
MESSAGE_TYPES: dict[str, dict[str, int | None]] = {
    **{
        algorithm: {"RAW": None, "DIGEST": int(algorithm[-3:]) // 8}
        for algorithm in (*RSA_SIGN, "ECDSA_SHA_256", "ECDSA_SHA_384", "ECDSA_SHA_512")
    },
    "ED25519_SHA_512": {"RAW": None},
    "ED25519_PH_SHA_512": {"DIGEST": 64},
    "ML_DSA_SHAKE_256": {"RAW": None, "EXTERNAL_MU": 64},
}

# Algorithms that AWS lists for a key and that nothing here computes, with the reason.
MISSING_ALGORITHMS = {
    "ED25519_PH_SHA_512": "this simulator has no Ed25519ph, for its cryptographic library has none: use ED25519_SHA_512"
}

# Under which name KeyMetadata lists the algorithms of a usage.
ALGORITHM_LISTS = {
    "ENCRYPT_DECRYPT": "EncryptionAlgorithms",
    "SIGN_VERIFY": "SigningAlgorithms",
    "GENERATE_VERIFY_MAC": "MacAlgorithms",
    "KEY_AGREEMENT": "KeyAgreementAlgorithms",
    "ENCAPSULATE_DECAPSULATE": "EncapsulationAlgorithms",
}

# The most bytes that Encrypt takes: (spec, algorithm) -> bytes.
# OAEP leaves the modulus less two hashes and two bytes (RFC 8017, 7.1.1).
ENCRYPT_MAX = {(SYMMETRIC, SYMMETRIC): MESSAGE_MAX} | {
    (f"RSA_{bits}", f"RSAES_OAEP_SHA_{name}"): bits // 8 - 2 * hash_size - 2
    for bits in (2048, 3072, 4096)
    for name, hash_size in (("1", 20), ("256", 32))
}
