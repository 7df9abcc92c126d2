"""Access keys: what a user signs with, and what is seen of its use."""

from datetime import datetime
from typing import Any

from msgspec import Struct

PER_USER = 2  # IAM User Guide, "IAM and AWS STS quotas"


class AccessKey(Struct, frozen=True, kw_only=True):
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

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """What the library rich shows, which asks a Struct for every field otherwise."""
        return [("id", self.id)]
