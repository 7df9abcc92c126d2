"""The labs of this chapter."""

from kms_teach.chapters.key.key_lab import KeyLab
from kms_teach.chapters.key.places_lab import PlacesLab

__all__ = [
    "KeyLab",
    "PlacesLab",
]
