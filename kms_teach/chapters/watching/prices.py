"""What AWS asks for KMS: prices as a table, each with where it was read; and what is free.

The same in most Regions; those of China and GovCloud have prices of their own.
"""

from decimal import Decimal

from msgspec import Struct

PRICING = "AWS KMS pricing, read in November 2026"
ROTATIONS = f"{PRICING}; the AWS Security Blog tells that later rotations are free since 2024"
PRICE_LIST = "AWS's price list for the usage type, as programs that read it quote it in 2026"

FREE_REQUESTS = 20_000  # a month, of an account, over all its Regions
PAID_ROTATIONS = 2  # of a key; each further one costs nothing
EACH = 10_000  # requests, for which a price is named


class Price(Struct, frozen=True):
    """US dollars for one key-month, or for 10,000 requests. `free`: whether the month's free requests count for it."""

    what: str
    dollars: Decimal
    source: str
    free: bool = False


KEY = Price("customer managed keys", Decimal(1), PRICING)
ROTATION = Price("rotations, the first two of a key", Decimal(1), ROTATIONS)

# fmt: off
SYMMETRIC  = Price("requests",                               Decimal("0.03"),  PRICING,    free=True)
RSA_2048   = Price("requests with RSA_2048 keys",            Decimal("0.03"),  PRICE_LIST)
ASYMMETRIC = Price("requests with other asymmetric keys",    Decimal("0.15"),  PRICE_LIST)
ECC_PAIR   = Price("data key pairs of curves",               Decimal("0.10"),  PRICE_LIST)
RSA_PAIR   = Price("data key pairs of RSA",                  Decimal("12.00"), PRICE_LIST)
# fmt: on
REQUESTS = (SYMMETRIC, RSA_2048, ASYMMETRIC, ECC_PAIR, RSA_PAIR)

PAIRS = ("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext")
WITH_ASYMMETRIC = (  # what has a price of its own when the key is asymmetric; the rest is a request like any other
    "Decapsulate", "Decrypt", "DeriveSharedSecret", "Encapsulate", "Encrypt", "GetPublicKey", "ReEncrypt", "Sign",
    "Verify",
)  # fmt: skip


def price(operation: str, spec: str, pair: str = "") -> Price:
    """The price of a request: by the operation, the spec of its key, and of the data key pair that it makes."""
    if operation in PAIRS:
        return RSA_PAIR if pair.startswith("RSA") else ECC_PAIR
    if operation not in WITH_ASYMMETRIC or spec.startswith(("SYMMETRIC", "HMAC")):
        return SYMMETRIC
    return RSA_2048 if spec == "RSA_2048" else ASYMMETRIC
