"""Request quotas: what each request counts as, and how much of each quota is left, by the simulator's clock.

KMS Developer Guide, "Request quotas": so many requests a second for each account and Region, read in Nov 2026. The
account of the caller pays, also where a service calls for it or the key is another account's.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from msgspec import Struct

from kms_teach.errors import KmsError, ThrottlingException
from kms_teach.keys.key import Key
from kms_teach.operations.catalog import Operation
from kms_teach.operations.procedure import targets
from kms_teach.operations.repository import KeyRepository
from kms_teach.operations.request import ApiRequest

WORDS = "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls."
SYMMETRIC = "cryptographic operations (symmetric)"
WITH_KEYS = {  # how the key's spec begins -> the quota that its cryptographic operations share, and requests a second
    "SYMMETRIC": (SYMMETRIC, 0),  # what the simulator was given
    "HMAC":      (SYMMETRIC, 0),
    "RSA":       ("cryptographic operations (RSA)", 1000),
    "ECC":       ("cryptographic operations (ECC, SM2)", 1000),
    "SM2":       ("cryptographic operations (ECC, SM2)", 1000),
    "ML_DSA":    ("cryptographic operations (ML-DSA)", 1000),
    "ML_KEM":    ("cryptographic operations (ML-KEM)", 1000),  # not on record
}  # fmt: skip
IN_KEY_STORE = 1800
CRYPTOGRAPHIC = (
    "Decapsulate", "Decrypt", "DeriveSharedSecret", "Encapsulate", "Encrypt", "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext", "GenerateMac", "GenerateRandom", "ReEncrypt", "Sign", "Verify", "VerifyMac",
)  # fmt: skip
PAIRS = ("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext")
OF_PAIRS = {"RSA_2048": 20, "RSA_3072": 4, "RSA_4096": 1}
OF_OTHER_PAIRS = 100  # of curves; those of ML-DSA and ML-KEM are not on record
OF_OPERATIONS = {
    name: rate
    for rate, names in {
        2000: ("DescribeKey", "GetPublicKey", "ListResourceTags"),
        1000: ("GetKeyPolicy", "GetKeyRotationStatus"),
        500: ("ListAliases", "ListKeys"),
        100: ("ListGrants", "ListKeyPolicies", "ListKeyRotations", "ListRetirableGrants"),
        50: ("CreateGrant", "RetireGrant", "RevokeGrant"),
        15: (
            "DeleteAlias", "DeleteImportedKeyMaterial", "EnableKeyRotation", "ImportKeyMaterial", "PutKeyPolicy",
            "ScheduleKeyDeletion",
        ),
        10: ("TagResource",),
        1: ("GetParametersForImport",),
    }.items()
    for name in names
}  # fmt: skip
OF_THE_OTHERS = 5
PART = timedelta.resolution  # a quota grows by as many parts of a request as it has requests a second, in this time
WHOLE = timedelta(seconds=1) // PART  # parts


class Charge(Struct, frozen=True):
    """What a request takes: so many requests of a quota, of which an account has `rate` a second in a Region."""

    quota: str
    rate: int
    account: str
    region: str
    requests: int = 1


class Left:
    """What is left of each quota. A second's worth may be used at once, and comes back evenly with time.

    Why in whole parts of a request: a tenth of a second brings exactly one of ten, however often.
    """

    def __init__(self) -> None:
        self._parts: dict[tuple[str, str, str], tuple[int, datetime]] = {}

    def take(self, charges: Iterable[Charge], now: datetime, words: str) -> None:
        """Take all of it, or ThrottlingException and nothing is taken."""
        taken = {}
        for charge in charges:
            place = (charge.quota, charge.account, charge.region)
            full = charge.rate * WHOLE
            parts, at = self._parts.get(place, (full, now))
            parts = min(parts + charge.rate * ((now - at) // PART), full) - charge.requests * WHOLE
            if parts < 0:
                raise ThrottlingException(words)
            taken[place] = parts, now
        self._parts |= taken


def charges(operation: Operation, request: ApiRequest, keys: KeyRepository, shared: int) -> Iterator[Charge]:
    """What a call to KMS takes. shared: requests a second of the quota of symmetric keys.

    An AWS service that calls for itself has no account here, and pays nothing.
    """
    if not request.account:
        return
    name, params = operation.name, request.params
    if name in CRYPTOGRAPHIC:
        for quota, rate in dict.fromkeys(_cryptographic(operation, request, keys)):
            yield Charge(quota, rate or shared, request.account, request.region)
        return
    quota, rate = name, OF_OPERATIONS.get(name, OF_THE_OTHERS)
    if name in PAIRS:
        spec = params["KeyPairSpec"]
        quota, rate = f"data key pairs ({spec})", OF_PAIRS.get(spec, OF_OTHER_PAIRS)
    yield Charge(quota, rate, request.account, request.region)
    if name == "ReplicateKey":  # AWS makes the replica with two calls
        yield Charge("CreateKey", OF_THE_OTHERS, request.account, params["ReplicaRegion"], 2)


def _cryptographic(operation: Operation, request: ApiRequest, keys: KeyRepository) -> Iterator[tuple[str, int]]:
    """The quotas of the keys that it names. A call that names none which is there takes nothing."""
    store = request.params.get("CustomKeyStoreId")
    if not operation.on:
        yield (f"custom key store {store}", IN_KEY_STORE) if store else WITH_KEYS["SYMMETRIC"]
        return
    named: tuple[Key, ...] = ()
    with suppress(KmsError):
        named = targets(operation, keys, request.params)
    for key in named:
        kind = next(quota for start, quota in WITH_KEYS.items() if key.spec.startswith(start))
        yield (f"custom key store {key.key_store}", IN_KEY_STORE) if key.key_store else kind
