"""The pictures of this chapter, with the facts that each is drawn from."""

from kms_teach.chapters.accounts.gate_facts import Gates
from kms_teach.chapters.accounts.gates import gates
from kms_teach.chapters.accounts.page import AccountsFacts, accounts_page
from kms_teach.chapters.accounts.two_keys import two_keys
from kms_teach.inspect.condition import Held, condition
from kms_teach.inspect.cross_account import read
from kms_teach.inspect.decision import decision

__all__ = [
    "AccountsFacts",
    "Gates",
    "Held",
    "accounts_page",
    "condition",
    "decision",
    "gates",
    "read",
    "two_keys",
]
