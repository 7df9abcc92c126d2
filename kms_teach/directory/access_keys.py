"""Access keys: what a user signs with, and what is seen of its use."""

from dataclasses import dataclass
from datetime import datetime

PER_USER = 2  # IAM User Guide, "IAM and AWS STS quotas"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessKey:
    """An access key. Its repr hides the secret."""

    id: str
    secret: str
    account: str = ""
    user: str = ""  # its unique id
    created: datetime | None = None
    status: str = "Active"

    @property
    def place(self) -> tuple[str, str, str]:
        return "access key", self.id, self.user

    def __repr__(self) -> str:
        return f"AccessKey({self.id})"
