"""The pictures of this chapter."""

from kms_teach.chapters.watching.bill import Bill
from kms_teach.chapters.watching.bill_chart import bill
from kms_teach.chapters.watching.history import history
from kms_teach.chapters.watching.key_stores import Chain
from kms_teach.chapters.watching.looked_up import LookedUp
from kms_teach.chapters.watching.month import month
from kms_teach.chapters.watching.page import WatchingPage, watching_page
from kms_teach.chapters.watching.store_chain import store_chain
from kms_teach.chapters.watching.usage import Month

__all__ = [
    "Bill",
    "Chain",
    "LookedUp",
    "Month",
    "WatchingPage",
    "bill",
    "history",
    "month",
    "store_chain",
    "watching_page",
]
