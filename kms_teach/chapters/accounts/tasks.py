"""The tasks of "Conditions, accounts, organizations"."""

from kms_teach.chapters.accounts.boundary_task import OPEN_ONE_GATE
from kms_teach.chapters.accounts.snapshot_task import SHARE_THE_SNAPSHOT

__all__ = [
    "OPEN_ONE_GATE",
    "SHARE_THE_SNAPSHOT",
]
