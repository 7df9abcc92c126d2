"""What surrounds a caller besides its own policies: the organization of its account, and VPC endpoints."""

from msgspec import Struct

from kms_teach.access.principals import Texts


class Account(Struct, frozen=True, kw_only=True):
    """An account in an organization. scps: policies by name for each level, from the root of the organization down."""

    id: str
    organization: str = ""
    scps: tuple[Texts, ...] = ()
    rcps: Texts = ()

    @property
    def place(self) -> tuple[str, str, str]:
        return "account", self.id, ""


class Endpoint(Struct, frozen=True, kw_only=True):
    """A VPC endpoint for KMS: calls that come through it are under its policy too, if it has one."""

    id: str  # vpce-…
    vpc: str  # vpc-…
    policy: str = ""
