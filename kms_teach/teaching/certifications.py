"""The certifications whose exams ask about KMS.

A code without a first day was there before this course; without a last day, it is still given. What is not known stands
as such in `unknown`. Sources: the exam guides at docs.aws.amazon.com/aws-certification, and AWS's announcement of
September 2026.

AWS publishes how much each domain of an exam counts, but not how many questions are about KMS, nor about what of it.
So the length of a mock exam and its weights by subject are ours.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from kms_teach.drawing.look import day

READ = date(2026, 11, 23)  # when AWS's pages about them were read

Format = Literal["one", "several", "ordering", "matching"]
MOCK = 20  # questions of a mock exam, ours
CHOICES: tuple[Format, ...] = ("one", "several")  # what AWS calls multiple choice and multiple response
EVERY: tuple[Format, ...] = (*CHOICES, "ordering", "matching")


class Certification(Struct, frozen=True):
    """An exam by its code, the days it begins and ends, and how its real paper looks.

    `domain` is where KMS sits in its guide. `weights`: of a mock exam, how many questions are of each subject; ours.
    """

    code: str
    name: str
    questions: int
    minutes: int
    domain: str
    weights: Mapping[str, int]
    formats: tuple[Format, ...] = CHOICES
    first: date | None = None
    last: date | None = None
    unknown: str = ""

    def __hash__(self) -> int:
        return hash(self.code)

    def over(self, today: date) -> bool:
        """Whether it can no longer be taken on that day."""
        return self.last is not None and today > self.last

    def standing(self, today: date) -> str:
        """In a sentence what one must know of it on that day, "" when there is nothing."""
        known = f"Not known for certain: {self.unknown}." if self.unknown else ""
        if self.last is None:
            return known
        if self.over(today):
            return f"{self.code} is over: its last day was {day(self.last)}. {known}".strip()
        return f"The last day of {self.code} is {day(self.last)}. {known}".strip()


PRACTITIONER = {
    "S3": 4, "access": 3, "rotation": 3, "pricing": 3, "deletion": 2, "trail": 2, "asymmetric keys": 1,
    "multi-Region": 1, "key stores": 1,
}  # fmt: skip
ARCHITECT = {
    "S3": 5, "access": 3, "rotation": 3, "multi-Region": 2, "accounts": 2, "pricing": 1, "envelope": 1, "deletion": 1,
    "aliases": 1, "import": 1,
}  # fmt: skip
DEVELOPER = {
    "envelope": 4, "limits": 3, "access": 3, "context": 2, "aliases": 2, "asymmetric keys": 2, "grants": 1,
    "rotation": 1, "S3": 1, "accounts": 1,
}  # fmt: skip
OPERATIONS = {
    "access": 3, "trail": 3, "rotation": 3, "deletion": 3, "import": 2, "S3": 2, "aliases": 1, "limits": 1,
    "pricing": 1, "multi-Region": 1,
}  # fmt: skip
SECURITY = {
    "access": 4, "accounts": 2, "context": 2, "grants": 2, "import": 2, "S3": 2, "multi-Region": 1, "key stores": 1,
    "rotation": 1, "asymmetric keys": 1, "trail": 1, "deletion": 1,
}  # fmt: skip
PROFESSIONAL = {
    "accounts": 4, "multi-Region": 3, "S3": 3, "access": 3, "rotation": 1, "key stores": 1, "grants": 1,
    "envelope": 1, "import": 1, "deletion": 1, "pricing": 1,
}  # fmt: skip

CERTIFICATIONS = (
    Certification(
        "CLF-C02", "Cloud Practitioner", 65, 90, "domain 2, Security and Compliance, 30 %", PRACTITIONER,
    ),
    Certification(
        "SAA-C03", "Solutions Architect, Associate", 65, 130, "domain 1, Design Secure Architectures, 30 %", ARCHITECT,
    ),
    Certification(
        "DVA-C02", "Developer, Associate", 65, 130, "domain 2, Security, 26 %", DEVELOPER, last=date(2026, 11, 30),
        unknown="that day, since AWS has also given 1 Dec",
    ),
    Certification(
        "DVA-C03", "Developer, Associate", 65, 130, "domain 2, Security, 26 %", DEVELOPER,
        unknown="its first day (registration is open since 27 Oct 2026), its length and minutes, here those of DVA-C02",
    ),
    Certification(
        "SOA-C03", "CloudOps Engineer, Associate", 65, 130, "domain 4, Security and Compliance, 16 %", OPERATIONS,
        first=date(2025, 9, 30),
    ),
    Certification(
        "SCS-C03", "Security, Specialty", 65, 170, "domain 5, Data Protection, 18 %", SECURITY, EVERY,
        first=date(2025, 12, 2),
    ),
    Certification(
        "SAP-C02", "Solutions Architect, Professional", 75, 180, "domains 1 to 3, where security is one of the tasks",
        PROFESSIONAL, last=date(2026, 11, 17),
    ),
    Certification(
        "SAP-C03", "Solutions Architect, Professional", 75, 180, "not known", PROFESSIONAL,
        unknown="all of it, as its guide was not found; length and minutes are here those of SAP-C02",
    ),
)  # fmt: skip
CODES = tuple(exam.code for exam in CERTIFICATIONS)


def certification(code: str) -> Certification:
    """The certification of a code, in whatever letters. Raises KeyError, naming all codes, for an unknown one."""
    for known in CERTIFICATIONS:
        if known.code == code.upper():
            return known
    raise KeyError(f"no exam is called {code}: choose from {', '.join(CODES)}")
