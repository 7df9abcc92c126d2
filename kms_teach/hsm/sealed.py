"""Sealed key material: the only form in which it leaves the HSM, as data that needs no cryptography to be read."""

from msgspec import Struct


class SealedKey(Struct, frozen=True):
    """Key material as it may leave the HSM.

    id: KeyMaterialId, 64 hex digits: HMAC-SHA-256 keyed with the material over the KMS key's id, so the same bytes in
    the same KMS key have the same id, and the id tells nothing about random bytes.
    sealed: nonce(12) ‖ AES-256-GCM(domain key, material, aad = id ‖ spec).
    """

    id: str
    spec: str
    sealed: bytes
