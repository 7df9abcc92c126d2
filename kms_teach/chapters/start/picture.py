"""The pictures of this chapter."""

from kms_teach.chapters.start.legend import legend
from kms_teach.inspect.opened import opened

__all__ = [
    "legend",
    "opened",
]
