"""Digests made before, and the two numbers of an ECDSA signature: DER SEQUENCE of two INTEGERs."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import HashAlgorithm


@dataclass(frozen=True)
class Prehashed:
    algorithm: HashAlgorithm


def encode_dss_signature(r: int, s: int) -> bytes:
    body = b"".join(_tagged(2, number.to_bytes(number.bit_length() // 8 + 1)) for number in (r, s))
    return _tagged(0x30, body)


def decode_dss_signature(signature: bytes) -> tuple[int, int]:
    at = 3 if signature[1] == 0x81 else 2
    first = signature[at + 2 : at + 2 + signature[at + 1]]
    second = signature[at + 4 + len(first) :]
    return int.from_bytes(first), int.from_bytes(second)


def _tagged(tag: int, body: bytes) -> bytes:
    return bytes([tag, *([0x81] if len(body) > 127 else []), len(body)]) + body
