"""The labs of this chapter."""

from kms_teach.chapters.encrypt.blob_lab import BlobLab
from kms_teach.chapters.encrypt.limit_lab import LimitLab

__all__ = [
    "BlobLab",
    "LimitLab",
]
