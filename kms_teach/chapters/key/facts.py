"""What is known of a KMS key, read off DescribeKey, and what came of asking for its secret."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from kms_teach.drawing.look import day, size
from kms_teach.inspect.opened_facts import MARKS, Bytes
from kms_teach.keys.specs import SPECS
from kms_teach.trail import Record

NAMELESS = "key/…"  # its id is random: the same run gives the same picture
PUBLIC_KEY, DATA_KEY = "PublicKey", "Plaintext"


class Request(Struct, frozen=True):
    """What a call for the key was answered: an error in AWS's words, or bytes."""

    operation: str
    code: str
    message: str
    returned: tuple[Bytes, ...]

    @classmethod
    def of(cls, record: Record, hidden: str = "") -> "Request":
        """Read a record of the trail; `hidden` is an ARN that the picture writes without its random id."""
        message = str(record.event.get("errorMessage") or "")
        if hidden:
            message = message.replace(hidden.rpartition("/")[2], "…")
        data_key = record.operation == "GenerateDataKey"
        marks = {**MARKS, "Plaintext": "key", "CiphertextBlob": "envelope"} if data_key else MARKS
        returned = tuple(Bytes(member, count, marks[member]) for member, count in sorted(record.returned.items()))
        return cls(record.operation, record.error, message, returned)

    @property
    def members(self) -> tuple[str, ...]:
        return tuple(item.member for item in self.returned)

    @property
    def told(self) -> str:
        """What came back, in a sentence."""
        if self.code:
            return f"{self.operation}: refused, {self.code}."
        if PUBLIC_KEY in self.members and not self.prepares:
            return f"{self.operation} gave the public half, {size(self.returned[-1].count)}: no secret."
        if DATA_KEY in self.members:
            return f"{self.operation} gave a new key, {size(self._count(DATA_KEY))}: not this one."
        return f"{self.operation} gave a wrapping key and a token, for a key that goes in."

    @property
    def prepares(self) -> bool:
        """Whether it came back from what prepares an import."""
        return "ImportToken" in self.members

    def _count(self, member: str) -> int:
        return next(item.count for item in self.returned if item.member == member)


class KeyFacts(Struct, frozen=True):
    """A logical key as DescribeKey tells it, how its material lies at rest, and the last call that asked for it.

    `sealed` is the size of the material as it is stored, in bytes; 0 where nobody looked. `opened`: whether the
    picture looks into the HSM.
    """

    name: str
    account: str
    region: str
    spec: str
    usage: str
    origin: str
    state: str
    manager: str
    created: datetime
    sealed: int = 0
    opened: bool = True
    asked: Request | None = None

    @classmethod
    def of(
        cls, described: Mapping[str, Any], name: str = NAMELESS, *, sealed: int = 0, opened: bool = True,
        asked: Record | None = None,
    ) -> "KeyFacts":  # fmt: skip
        """Read them off the KeyMetadata that CreateKey and DescribeKey answer, and a record of the trail."""
        arn = described["Arn"]
        return cls(
            name, described["AWSAccountId"], arn.split(":")[3], described["KeySpec"], described["KeyUsage"],
            described["Origin"], described["KeyState"], described["KeyManager"],
            described["CreationDate"].astimezone(UTC), sealed, opened,
            None if asked is None else Request.of(asked, arn),
        )  # fmt: skip

    @property
    def secret(self) -> str:
        """What lies in the HSM, by a word."""
        return "private key" if SPECS[self.spec].key_pair else "secret key"

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """What you can see of the key: names and values as AWS has them, the least telling one last."""
        return (
            ("KeySpec", self.spec),
            ("KeyUsage", self.usage),
            ("Origin", self.origin),
            ("KeyManager", self.manager),
            ("KeyState", self.state),
            ("CreationDate", day(self.created)),
        )

    @property
    def title(self) -> str:
        """The message of the picture."""
        asked = self.asked
        if asked is None:
            return "You hold a name; the key lies in the HSM"
        if asked.code:
            return f"Refused: the {self.secret} stays in the HSM"
        if asked.prepares:
            return "That is a way in; the key has none out"
        if PUBLIC_KEY in asked.members:
            return "Only the public half leaves the HSM"
        return "A new key came back; yours stays in the HSM"
