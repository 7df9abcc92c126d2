"""The labs of this chapter."""

from kms_teach.chapters.accounts.conditions_lab import ConditionLab
from kms_teach.chapters.accounts.two_keys_lab import TwoKeysLab

__all__ = [
    "ConditionLab",
    "TwoKeysLab",
]
