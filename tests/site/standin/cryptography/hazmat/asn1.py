"""ASN.1 by classes: declared here, and neither written nor read. Enclaves alone need it, and no chapter makes one."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cryptography.exceptions import UnsupportedAlgorithm

T = TypeVar("T")


def sequence(cls: type) -> type:
    return dataclass(cls)


class Null:
    pass


class SetOf(Generic[T]):
    def __init__(self, members: list[Any]) -> None:
        self.members = members


@dataclass(frozen=True)
class Explicit:
    tag: int


@dataclass(frozen=True)
class Implicit:
    tag: int


def encode_der(_: Any) -> bytes:
    raise UnsupportedAlgorithm("this stand-in writes no ASN.1")


def decode_der(_: Any, __: bytes) -> Any:
    raise UnsupportedAlgorithm("this stand-in reads no ASN.1")
