"""Certificates: their names, and none of them. Enclaves alone need them, and no chapter makes one."""

from types import SimpleNamespace
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm


class ObjectIdentifier(str):
    __slots__ = ()


class BasicConstraints:
    pass


class KeyUsage:
    pass


class Certificate:
    pass


class CertificateBuilder:
    def __init__(self, *_: Any) -> None:
        raise UnsupportedAlgorithm("this stand-in makes no certificates")


def load_der_x509_certificate(_: bytes) -> Certificate:
    raise UnsupportedAlgorithm("this stand-in reads no certificates")


load_pem_x509_certificate = load_der_x509_certificate
oid = SimpleNamespace()
