"""A request to KMS as it came: who asks for what, where, when, and by which way."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from kms_teach.access.accounts import Endpoint
from kms_teach.access.principals import Principal
from kms_teach.keys.names import scope_of


class Origin(Struct, frozen=True, kw_only=True):
    """Where a call comes from, as conditions and the trail see it."""

    source_ip: str = "127.0.0.1"
    user_agent: str = ""
    request_id: str = ""
    endpoint: Endpoint | None = None  # the VPC endpoint it came through
    via_service: str = ""  # s3.us-east-1.amazonaws.com, when a service calls with the caller's credentials
    source_arn: str = ""  # for whom an AWS service calls
    source_account: str = ""
    key_exchange: str = ""  # the group that the TLS handshake is said to have used; nothing here speaks TLS
    signed: tuple[str, str] = ("SigV4", "AuthHeader")  # version of the signature, and where it stands
    invoked_by: str = ""  # fas.s3.amazonaws.com: the service that passes the caller's request on, as the trail names it


HERE = Origin()


class ApiRequest(Struct, frozen=True):
    """What is asked. Nothing that KMS finds out or does on the way is in it."""

    principal: Principal
    region: str
    now: datetime
    params: Mapping[str, Any] = field(default_factory=dict)
    origin: Origin = HERE

    @property
    def account(self) -> str:
        return self.principal.account

    @property
    def scope(self) -> str:
        return scope_of(self.account, self.region)


class Recipient(Struct, frozen=True):
    """For whom the secrets of an answer are sealed: an enclave, as its attestation document proves it to be."""

    public_key: bytes  # DER
    conditions: Mapping[str, str]  # kms:RecipientAttestation:…
    event_data: Mapping[str, str]  # what the event says of it
