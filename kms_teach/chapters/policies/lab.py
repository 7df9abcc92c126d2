"""The labs of this chapter."""

from kms_teach.chapters.policies.policy_lab import PolicyLab
from kms_teach.chapters.policies.who_may_lab import WhoMayLab

__all__ = [
    "PolicyLab",
    "WhoMayLab",
]
