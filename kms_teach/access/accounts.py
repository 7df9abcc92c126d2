"""What surrounds a caller besides its own policies: the organization of its account, and VPC endpoints."""

from dataclasses import dataclass

from kms_teach.access.principals import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account in an organization. scps: policies by name for each level, from the root of the organization down."""

    id: str
    organization: str = ""
    scps: tuple[Texts, ...] = ()
    rcps: Texts = ()

    @property
    def place(self) -> tuple[str, str, str]:
        return "account", self.id, ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A VPC endpoint for KMS: calls that come through it are under its policy too, if it has one."""

    id: str  # vpce-…
    vpc: str  # vpc-…
    policy: str = ""
