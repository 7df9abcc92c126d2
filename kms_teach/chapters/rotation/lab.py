"""The labs of this chapter, and a key's rotation as KMS tells it now."""

from kms_teach.chapters.rotation.table_lab import RotationTableLab
from kms_teach.chapters.rotation.timeline_lab import RotationLab
from kms_teach.chapters.rotation.world import rotation_of

__all__ = [
    "RotationLab",
    "RotationTableLab",
    "rotation_of",
]
