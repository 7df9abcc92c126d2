"""The pictures of this chapter, with the facts that each is drawn from."""

from kms_teach.chapters.rotation.page import RotatedFacts, rotation_page
from kms_teach.chapters.rotation.table import rotation_table
from kms_teach.chapters.rotation.timeline import rotation

__all__ = [
    "RotatedFacts",
    "rotation",
    "rotation_page",
    "rotation_table",
]
