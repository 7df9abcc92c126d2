"""The labs of this chapter, and the month at the harbour that its notebook looks into."""

from kms_teach.chapters.watching.bill_lab import BillLab
from kms_teach.chapters.watching.store_lab import StoreLab
from kms_teach.chapters.watching.trail_lab import TrailLab
from kms_teach.chapters.watching.world import ELSEWHERE, LOGS, OFFICE, PAPERS, SINCE, UNTIL, harbour

__all__ = ["ELSEWHERE", "LOGS", "OFFICE", "PAPERS", "SINCE", "UNTIL", "BillLab", "StoreLab", "TrailLab", "harbour"]
