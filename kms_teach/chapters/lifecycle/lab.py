"""The labs of this chapter, and what is asked of KMS for its pictures."""

from kms_teach.chapters.lifecycle.import_lab import ImportLab
from kms_teach.chapters.lifecycle.state_lab import StateLab, life_of

__all__ = ["ImportLab", "StateLab", "life_of"]
