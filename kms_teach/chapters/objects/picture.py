"""The pictures of this chapter."""

from kms_teach.chapters.objects.counting import WITH, WITHOUT, Count, Counts, counts
from kms_teach.chapters.objects.facts import Get
from kms_teach.chapters.objects.page import ObjectsPage, objects_page
from kms_teach.chapters.objects.refusals import refusals
from kms_teach.chapters.objects.two_yeses import two_yeses

__all__ = [
    "WITH",
    "WITHOUT",
    "Count",
    "Counts",
    "Get",
    "ObjectsPage",
    "counts",
    "objects_page",
    "refusals",
    "two_yeses",
]
