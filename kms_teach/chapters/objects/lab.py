"""The lab of this chapter."""

from kms_teach.chapters.objects.objects_lab import ObjectsLab

__all__ = ["ObjectsLab"]
