"""The labs of this chapter, and the runs that they and its pictures are drawn from."""

from kms_teach.chapters.notes.note import NEWER, NOTE
from kms_teach.chapters.notes.note_lab import NoteLab
from kms_teach.chapters.notes.pasted import tried
from kms_teach.chapters.notes.sheet_lab import SheetLab

__all__ = ["NEWER", "NOTE", "NoteLab", "SheetLab", "tried"]
