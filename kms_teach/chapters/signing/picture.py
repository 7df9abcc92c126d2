"""The pictures of this chapter, with the facts that each is drawn from."""

from kms_teach.chapters.signing.facts import Halves, Handshake, Secret, Sizes
from kms_teach.chapters.signing.halves import halves
from kms_teach.chapters.signing.hybrid import hybrid
from kms_teach.chapters.signing.page import SigningFacts, signing_page
from kms_teach.chapters.signing.secret import secret
from kms_teach.chapters.signing.sizes import sizes

__all__ = [
    "Halves",
    "Handshake",
    "Secret",
    "SigningFacts",
    "Sizes",
    "halves",
    "hybrid",
    "secret",
    "signing_page",
    "sizes",
]
