"""The labs of this chapter."""

from kms_teach.chapters.accounts.conditions_lab import ConditionLab
from kms_teach.chapters.accounts.gates_lab import GatesLab
from kms_teach.chapters.accounts.two_keys_lab import TwoKeysLab

__all__ = [
    "ConditionLab",
    "GatesLab",
    "TwoKeysLab",
]
