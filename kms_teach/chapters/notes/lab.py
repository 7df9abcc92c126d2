"""The labs of this chapter."""

from kms_teach.chapters.notes.note_lab import NoteLab
from kms_teach.chapters.notes.sheet_lab import SheetLab

__all__ = ["NoteLab", "SheetLab"]
