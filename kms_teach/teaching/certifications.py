"""The certifications whose exams ask about KMS, as of 23 November 2026.

A code without a first day was there before this course; without a last day, it is still given. What is not known stands
as such in `unknown`. Sources: the exam guides at docs.aws.amazon.com/aws-certification, and AWS's announcement of
September 2026.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Certification:
    """An exam by its code, and the days it begins and ends."""

    code: str
    name: str
    first: date | None = None
    last: date | None = None
    unknown: str = ""


CERTIFICATIONS = (
    Certification("CLF-C02", "Cloud Practitioner"),
    Certification("SAA-C03", "Solutions Architect, Associate"),
    Certification("DVA-C02", "Developer, Associate", last=date(2026, 12, 1), unknown="other sources say 30 November"),
    Certification(
        "DVA-C03", "Developer, Associate", unknown="its first day; registration is open since 27 October 2026"
    ),
    Certification("SOA-C03", "CloudOps Engineer, Associate", first=date(2025, 9, 30)),
    Certification("SCS-C03", "Security, Specialty", first=date(2025, 12, 2)),
    Certification("SAP-C02", "Solutions Architect, Professional", last=date(2026, 11, 17)),
    Certification("SAP-C03", "Solutions Architect, Professional", unknown="its guide was not found"),
)
CODES = tuple(exam.code for exam in CERTIFICATIONS)
