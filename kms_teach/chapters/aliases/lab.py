"""The labs of this chapter, names and Regions as KMS tells of them now, and a key of imported bytes."""

from kms_teach.chapters.aliases.alias_lab import AliasLab
from kms_teach.chapters.aliases.region_lab import RegionLab
from kms_teach.chapters.aliases.world import board_of, key_with, regions_of

__all__ = [
    "AliasLab",
    "RegionLab",
    "board_of",
    "key_with",
    "regions_of",
]
