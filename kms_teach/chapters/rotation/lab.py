"""The labs of this chapter, and what a lab or a cell saw of a key's rotation."""

from kms_teach.chapters.rotation.table_lab import RotationTableLab
from kms_teach.chapters.rotation.timeline_lab import RotationLab
from kms_teach.chapters.rotation.world import seen

__all__ = [
    "RotationLab",
    "RotationTableLab",
    "seen",
]
