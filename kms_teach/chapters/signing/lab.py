"""The labs of this chapter."""

from kms_teach.chapters.signing.secret_lab import SecretLab
from kms_teach.chapters.signing.signing_lab import SigningLab
from kms_teach.chapters.signing.tls import handshake_of

__all__ = [
    "SecretLab",
    "SigningLab",
    "handshake_of",
]
