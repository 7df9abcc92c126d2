"""The pictures of this chapter, with the facts that each is drawn from."""

from kms_teach.chapters.encrypt.blob import blob
from kms_teach.chapters.encrypt.blob_facts import BlobFacts
from kms_teach.chapters.encrypt.limit import LimitFacts, limit
from kms_teach.chapters.encrypt.limits import limits
from kms_teach.chapters.encrypt.page import EncryptFacts, encrypt_page

__all__ = [
    "BlobFacts",
    "EncryptFacts",
    "LimitFacts",
    "blob",
    "encrypt_page",
    "limit",
    "limits",
]
