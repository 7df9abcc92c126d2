"""Custom key stores: where key material lives when it does not live in KMS, and the backend that holds it.

The backend of a CloudHSM key store is a cluster of yours; that of an external key store, a key manager outside AWS,
reached through its proxy. Both are pretended here: this simulator's HSM makes and uses the material all the same.
"""

import secrets
from datetime import datetime

from msgspec import Struct

from kms_teach.errors import CustomKeyStoreInvalidStateException
from kms_teach.keys.names import scope_of

CLOUDHSM, EXTERNAL = "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"
VPC = "VPC_ENDPOINT_SERVICE"  # a connectivity
STORES_MAX = 10  # per account and Region; KMS Developer Guide, "Resource quotas"


class Backend(Struct, frozen=True, kw_only=True):
    """A CloudHSM cluster, or an external key manager behind its proxy.

    id: the cluster's, or the proxy's address (endpoint and path). secret: kmsuser's password, or the proxy's secret.
    keys: the ids of the keys in an external key manager.
    """

    kind: str
    id: str
    secret: str
    certificate: str = ""  # trust anchor of a cluster
    access_key: str = ""  # of a proxy
    reachable: bool = True
    keys: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[str, str, str]:
        return self.kind, self.id, ""


class KeyStore(Struct, frozen=True, kw_only=True):
    """A custom key store. `state` is its ConnectionState, `error` why it FAILED."""

    account: str
    region: str
    id: str
    name: str
    kind: str
    created: datetime
    backend: str  # its id
    secret: str
    certificate: str = ""
    access_key: str = ""
    connectivity: str = ""  # PUBLIC_ENDPOINT or VPC_ENDPOINT_SERVICE
    vpc_service: str = ""
    vpc_owner: str = ""
    state: str = "DISCONNECTED"
    error: str = ""
    connecting_since: datetime | None = None  # while it is CONNECTING

    @property
    def place(self) -> tuple[str, str, str]:
        return scope_of(self.account, self.region), self.id, self.name


# Operation x ConnectionState: "." it stays, a state it leads to, "" CustomKeyStoreInvalidStateException.
# KMS API Reference, CustomKeyStoreInvalidStateException. While connected, a store's name can be changed, and a proxy's
# path and credential (UpdateCustomKeyStore).
# fmt: off
CONNECTION = {
    #                    DISCONNECTED    CONNECTING      CONNECTED       FAILED          DISCONNECTING
    "ConnectCustomKeyStore":    ("CONNECTED",    ".",            ".",            "",             ""),
    "DisconnectCustomKeyStore": ("",             "DISCONNECTED", "DISCONNECTED", "DISCONNECTED", ""),
    "DeleteCustomKeyStore":     (".",            "",             "",             "",             ""),
    "UpdateCustomKeyStore":     (".",            "",             "",             "",             ""),
    "UpdateWhileConnected":     (".",            "",             ".",            "",             ""),
    "CreateKey":                ("",             "",             ".",            "",             ""),
    "GenerateRandom":           ("",             "",             ".",            "",             ""),
}
# fmt: on
CONNECTION_STATES = ("DISCONNECTED", "CONNECTING", "CONNECTED", "FAILED", "DISCONNECTING")


def connection(operation: str, store: KeyStore) -> str:
    """The ConnectionState that an operation leads to. CustomKeyStoreInvalidStateException where it may not happen."""
    cell = CONNECTION[operation][CONNECTION_STATES.index(store.state)]
    if not cell:
        raise CustomKeyStoreInvalidStateException(f"the custom key store {store.id} is {store.state}")
    return store.state if cell == "." else cell


def new_store_id() -> str:
    return f"cks-{secrets.token_hex(9)[:17]}"


def new_backend(kind: str, keys: tuple[str, ...] = ()) -> Backend:
    """A cluster or a key manager that works, with everything CreateCustomKeyStore will ask for."""
    number = "".join(secrets.choice("234567abcdefghijklmnopqrstuvwxyz") for _ in range(11))
    if kind == CLOUDHSM:
        certificate = f"-----BEGIN CERTIFICATE-----\n{secrets.token_hex(24)}\n-----END CERTIFICATE-----"
        return Backend(kind=kind, id=f"cluster-{number}", secret=secrets.token_hex(12), certificate=certificate)
    address = f"https://{number}.xks.example/kms/xks/v1"
    access_key = "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(20))
    return Backend(kind=kind, id=address, secret=secrets.token_hex(32), access_key=access_key, keys=keys)
