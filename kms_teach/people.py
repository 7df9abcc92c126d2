"""Who a learner plays: users, roles and services with clients; and the backend of a key store."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from kms_teach.access.accounts import Endpoint
from kms_teach.access.principals import Principal
from kms_teach.arguments import checked
from kms_teach.directory.access_keys import AccessKey
from kms_teach.errors import cut
from kms_teach.keys.names import REGION
from kms_teach.keys.stores import CLOUDHSM, EXTERNAL, Backend
from kms_teach.operations.request import Origin
from kms_teach.store import Store
from kms_teach.wire.inprocess import Clients

DEFAULT_REGION = "us-east-1"
LOOPBACK = "127.0.0.1"
# by the names of IANA's registry "TLS Supported Groups"; the first two are hybrid
KEY_EXCHANGES = ("X25519MLKEM768", "SecP256r1MLKEM768", "x25519", "secp256r1")


def checked_region(region: str) -> str:
    """`region`, if it can be the name of one; ValueError."""
    if not REGION.fullmatch(region):
        raise ValueError(f"`{cut(region)}` is no Region: give one such as {DEFAULT_REGION}")
    return region


def _check_address(source_ip: str) -> None:
    try:
        ipaddress.ip_address(source_ip)
    except ValueError:
        raise ValueError(f"`{cut(source_ip)}` is no IP address: give one such as 192.0.2.44") from None


class Person:
    """An IAM user or role, an account's root user or an AWS service: `arn`, and clients that call as it."""

    def __init__(self, clients: Clients, principal: Principal) -> None:
        self._clients, self._principal = clients, principal

    @property
    def arn(self) -> str:
        """The ARN that policies name; of a service, its name."""
        return self._principal.arn

    @property
    def access_key(self) -> AccessKey:
        """An access key for a client of your own, in any language; its repr hides the secret."""
        return AccessKey(id=self._principal.access_key, secret=self._principal.secret)

    @property
    def name(self) -> str:
        return self._principal.name

    @checked
    def client(
        self, name: str, region: str = DEFAULT_REGION, source_ip: str = LOOPBACK, *, endpoint: Endpoint | None = None,
        via: str = "", source_arn: str = "", source_account: str = "", key_exchange: str = "",
        retries: Mapping[str, Any] | None = None,
    ) -> Any:  # fmt: skip
        """A boto3 client that calls as this principal.

        endpoint: the VPC endpoint that its calls come through (`sim.vpc_endpoint`). via: a service that calls with the
        principal's credentials, as `s3`. source_arn, source_account: for whom a service calls. key_exchange: the
        group of a TLS 1.3 handshake, such as X25519MLKEM768, that the trail is to show; no TLS is spoken here.
        retries: as botocore's Config takes them, `{"total_max_attempts": 1}` for none.
        """
        if key_exchange and key_exchange not in KEY_EXCHANGES:
            raise ValueError(f"`{cut(key_exchange)}` is no group of TLS here: choose from {', '.join(KEY_EXCHANGES)}")
        checked_region(region)
        _check_address(source_ip)
        origin = Origin(
            source_ip=source_ip, endpoint=endpoint, via_service=f"{via}.{region}.amazonaws.com" if via else "",
            source_arn=source_arn, source_account=source_account, key_exchange=key_exchange,
        )  # fmt: skip
        return self._clients.client(name, self._principal, region, origin, retries)

    def __repr__(self) -> str:
        return f"<{self._principal.kind} {self.arn}>"


class KeyStoreBackend:
    """The backend of a custom key store: a CloudHSM cluster of yours, or a key manager outside AWS."""

    def __init__(self, records: Store, backend: Backend) -> None:
        self._records, self._kind, self._id = records, backend.kind, backend.id

    @property
    def parameters(self) -> dict[str, Any]:
        """What CreateCustomKeyStore asks: `kms.create_custom_key_store(CustomKeyStoreName="mine", **parameters)`."""
        backend = self._backend
        if backend.kind == CLOUDHSM:
            return {
                "CustomKeyStoreType": CLOUDHSM, "CloudHsmClusterId": backend.id,
                "TrustAnchorCertificate": backend.certificate, "KeyStorePassword": backend.secret,
            }  # fmt: skip
        credential = {"AccessKeyId": backend.access_key, "RawSecretAccessKey": backend.secret}
        path = backend.id.index("/", len("https://"))
        return {
            "CustomKeyStoreType": EXTERNAL,
            "XksProxyUriEndpoint": backend.id[:path], "XksProxyUriPath": backend.id[path:],
            "XksProxyConnectivity": "PUBLIC_ENDPOINT", "XksProxyAuthenticationCredential": credential,
        }  # fmt: skip

    def cut_off(self) -> None:
        """From now on KMS cannot reach it."""
        self._change(reachable=False)

    def restore(self) -> None:
        """KMS reaches it again."""
        self._change(reachable=True)

    @checked
    def add_key(self, key_id: str) -> str:
        """An external key manager makes a key of this id; gives the id, for XksKeyId."""
        self._change(keys=(*self._backend.keys, key_id))
        return key_id

    @checked
    def remove_key(self, key_id: str) -> None:
        """An external key manager loses a key: what was encrypted with it cannot be decrypted."""
        self._change(keys=tuple(key for key in self._backend.keys if key != key_id))

    @property
    def _backend(self) -> Backend:
        backend = self._records.get(Backend, self._kind, self._id)
        assert backend is not None
        return backend

    def _change(self, **changes: Any) -> None:
        with self._records.transaction():
            self._records.put(replace(self._backend, **changes))

    def __repr__(self) -> str:
        return f"<{self._kind} {self._id}: {'reachable' if self._backend.reachable else 'cut off'}>"
