"""The pictures of this chapter."""

from kms_teach.chapters.key.anatomy import anatomy
from kms_teach.chapters.key.facts import KeyFacts
from kms_teach.chapters.key.kinds import KindsFacts, kinds
from kms_teach.chapters.key.page import KeyPage, key_page
from kms_teach.chapters.key.places import Places, places

__all__ = [
    "KeyFacts",
    "KeyPage",
    "KindsFacts",
    "Places",
    "anatomy",
    "key_page",
    "kinds",
    "places",
]
