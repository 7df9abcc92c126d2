"""The pictures of this chapter, with the facts that each is drawn from."""

from kms_teach.chapters.accounts.two_keys import two_keys
from kms_teach.inspect.condition import Held, condition
from kms_teach.inspect.cross_account import read

__all__ = [
    "Held",
    "condition",
    "read",
    "two_keys",
]
