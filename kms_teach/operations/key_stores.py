"""Custom key stores: made, connected, cut off, described; and the keys whose material lives in one."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from kms_teach.errors import (
    CustomKeyStoreHasCMKsException,
    CustomKeyStoreNameInUseException,
    CustomKeyStoreNotFoundException,
    LimitExceededException,
    ValidationException,
    XksProxyUriEndpointInUseException,
)
from kms_teach.keys.key import Key
from kms_teach.keys.names import scope_of
from kms_teach.keys.stores import CLOUDHSM, EXTERNAL, STORES_MAX, KeyStore, connection, new_store_id
from kms_teach.operations.backends import IN_USE, check_settings, connection_error
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import cut, operation
from kms_teach.operations.repository import save

Credential = Mapping[str, str]


@operation(changes=True)
def create_custom_key_store(
    call: Call, custom_key_store_name: str, cloud_hsm_cluster_id: str = "", trust_anchor_certificate: str = "",
    key_store_password: str = "", custom_key_store_type: str = CLOUDHSM, xks_proxy_uri_endpoint: str = "",
    xks_proxy_uri_path: str = "", xks_proxy_vpc_endpoint_service_name: str = "",
    xks_proxy_vpc_endpoint_service_owner: str = "", xks_proxy_authentication_credential: Credential | None = None,
    xks_proxy_connectivity: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Make a custom key store, over a cluster or a key manager that is there.

    KMS API Reference, "CreateCustomKeyStore". Errors, in the order they are checked: AccessDeniedException,
    ValidationException, LimitExceededException, CustomKeyStoreNameInUseException, CloudHsmClusterNotFoundException,
    IncorrectTrustAnchorException, CloudHsmClusterInUseException, XksProxyUriEndpointInUseException,
    XksProxyUriUnreachableException, XksProxyIncorrectAuthenticationCredentialException, XksProxyUriInUseException.
    """
    credential = xks_proxy_authentication_credential or {}
    settings = {
        CLOUDHSM: (cloud_hsm_cluster_id, trust_anchor_certificate, key_store_password),
        EXTERNAL: (xks_proxy_uri_endpoint, xks_proxy_uri_path, credential, xks_proxy_connectivity),
    }
    if not all(settings[custom_key_store_type]):
        raise ValidationException(
            f"a custom key store of type {custom_key_store_type} needs {NEEDS[custom_key_store_type]}"
        )
    store = KeyStore(
        account=call.account, region=call.region, id=new_store_id(), name=custom_key_store_name,
        kind=custom_key_store_type, created=call.now,
        backend=cloud_hsm_cluster_id or xks_proxy_uri_endpoint + xks_proxy_uri_path,
        secret=key_store_password or credential["RawSecretAccessKey"], certificate=trust_anchor_certificate,
        access_key=credential.get("AccessKeyId", ""), connectivity=xks_proxy_connectivity,
        vpc_service=xks_proxy_vpc_endpoint_service_name, vpc_owner=xks_proxy_vpc_endpoint_service_owner,
    )  # fmt: skip
    _check_new(call, store)
    call.store.put(store)
    return {"CustomKeyStoreId": store.id}


NEEDS = {
    CLOUDHSM: "CloudHsmClusterId, TrustAnchorCertificate and KeyStorePassword",
    EXTERNAL: "XksProxyUriEndpoint, XksProxyUriPath, XksProxyAuthenticationCredential and XksProxyConnectivity",
}


@operation(changes=True)
def connect_custom_key_store(call: Call, custom_key_store_id: str) -> dict[str, Any]:
    """Connect a custom key store to its backend. That it cannot be connected is told by its state.

    KMS API Reference, "ConnectCustomKeyStore". Errors, in the order they are checked: AccessDeniedException,
    CustomKeyStoreNotFoundException, CustomKeyStoreInvalidStateException.
    """
    store = find_store(call, custom_key_store_id)
    if connection("ConnectCustomKeyStore", store) == store.state:
        return {}
    if call.takes("connecting a custom key store"):
        save(call.store, replace(store, state="CONNECTING", error="", connecting_since=call.now))
    else:
        connect(call, store)
    return {}


def connect(call: Call, store: KeyStore) -> None:
    """What happens when a custom key store is connected, or cannot be."""
    error = connection_error(call, store)
    call.store.put(replace(store, state="FAILED" if error else "CONNECTED", error=error, connecting_since=None))
    if not error:
        for key in _keys(call, store):
            if key.state == "Unavailable":
                call.keys.save(replace(key, state=key.next_state, next_state=""))


@operation(changes=True)
def disconnect_custom_key_store(call: Call, custom_key_store_id: str) -> dict[str, Any]:
    """Cut a custom key store off; its keys are Unavailable.

    KMS API Reference, "DisconnectCustomKeyStore". Errors, in the order they are checked: AccessDeniedException,
    CustomKeyStoreNotFoundException, CustomKeyStoreInvalidStateException.
    """
    store = find_store(call, custom_key_store_id)
    state = connection("DisconnectCustomKeyStore", store)
    call.store.put(replace(store, state=state, error="", connecting_since=None))
    for key in _keys(call, store):
        if key.state in ("Enabled", "Disabled"):
            call.keys.save(replace(key, state="Unavailable", next_state=key.state))
    return {}


@operation(changes=True)
def delete_custom_key_store(call: Call, custom_key_store_id: str) -> dict[str, Any]:
    """Delete a custom key store that has no keys. Its backend stays.

    KMS API Reference, "DeleteCustomKeyStore". Errors, in the order they are checked: AccessDeniedException,
    CustomKeyStoreNotFoundException, CustomKeyStoreHasCMKsException, CustomKeyStoreInvalidStateException.
    """
    store = find_store(call, custom_key_store_id)
    if _keys(call, store):
        raise CustomKeyStoreHasCMKsException
    connection("DeleteCustomKeyStore", store)
    call.store.delete(store)
    return {}


@operation(changes=True)
def update_custom_key_store(
    call: Call, custom_key_store_id: str, new_custom_key_store_name: str = "", key_store_password: str = "",
    cloud_hsm_cluster_id: str = "", xks_proxy_uri_endpoint: str = "", xks_proxy_uri_path: str = "",
    xks_proxy_vpc_endpoint_service_name: str = "", xks_proxy_vpc_endpoint_service_owner: str = "",
    xks_proxy_authentication_credential: Credential | None = None, xks_proxy_connectivity: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Rename a custom key store, or change how its backend is reached.

    KMS API Reference, "UpdateCustomKeyStore". Errors, in the order they are checked: AccessDeniedException,
    CustomKeyStoreNotFoundException, CustomKeyStoreInvalidStateException, CustomKeyStoreNameInUseException,
    CloudHsmClusterNotFoundException, CloudHsmClusterNotRelatedException, XksProxyUriUnreachableException,
    XksProxyIncorrectAuthenticationCredentialException.
    """
    store = find_store(call, custom_key_store_id)
    credential = xks_proxy_authentication_credential or {}
    endpoint, path = _address(store)
    proxy = (xks_proxy_uri_endpoint or endpoint) + (xks_proxy_uri_path or path) if store.kind == EXTERNAL else ""
    changes: dict[str, Any] = {
        "secret": key_store_password or credential.get("RawSecretAccessKey", ""),
        "backend": cloud_hsm_cluster_id or (proxy if proxy != store.backend else ""),
        "access_key": credential.get("AccessKeyId", ""),
        "connectivity": xks_proxy_connectivity,
        "vpc_service": xks_proxy_vpc_endpoint_service_name,
        "vpc_owner": xks_proxy_vpc_endpoint_service_owner,
    }
    settings = {name: value for name, value in changes.items() if value}
    moved = cloud_hsm_cluster_id or key_store_password or xks_proxy_uri_endpoint or xks_proxy_connectivity
    moved = moved or xks_proxy_vpc_endpoint_service_name or xks_proxy_vpc_endpoint_service_owner
    connection("UpdateCustomKeyStore" if moved else "UpdateWhileConnected", store)
    updated = replace(store, name=new_custom_key_store_name or store.name, **settings)
    _name_is_free([s for s in call.store.page(KeyStore, call.scope) if s.id != store.id], updated)
    if settings:
        check_settings(call, updated)
    call.store.put(updated)
    return {}


@operation()
def describe_custom_key_stores(
    call: Call,
    custom_key_store_id: str = "",
    custom_key_store_name: str = "",
    limit: int = 100,
    marker: str | None = None,
) -> dict[str, Any]:
    """Describe the custom key stores of an account and Region, or one of them.

    KMS API Reference, "DescribeCustomKeyStores". Errors, in the order they are checked: AccessDeniedException,
    ValidationException, CustomKeyStoreNotFoundException, InvalidMarkerException.
    """
    if custom_key_store_id and custom_key_store_name:
        raise ValidationException("give CustomKeyStoreId or CustomKeyStoreName, not both")
    stores = call.store.page(KeyStore, call.scope)
    matching = [s for s in stores if custom_key_store_id in ("", s.id) and custom_key_store_name in ("", s.name)]
    if not matching and (custom_key_store_id or custom_key_store_name):
        raise CustomKeyStoreNotFoundException
    entries, more = cut(matching, limit, marker)
    return {"CustomKeyStores": [_entry(store) for store in entries], **more}


def find_store(call: Call, store_id: str) -> KeyStore:
    """The custom key store of this id. CustomKeyStoreNotFoundException."""
    store = call.store.get(KeyStore, call.scope, store_id)
    if store is None:
        raise CustomKeyStoreNotFoundException
    return store


def _keys(call: Call, store: KeyStore) -> list[Key]:
    return [key for key in call.store.page(Key, scope_of(store.account, store.region)) if key.key_store == store.id]


def _check_new(call: Call, new: KeyStore) -> None:
    stores = call.store.page(KeyStore, call.scope)
    if len(stores) >= STORES_MAX:
        raise LimitExceededException(
            f"an account has at most {STORES_MAX} custom key stores in a Region: delete one first"
        )
    _name_is_free(stores, new)
    if any(_address(other)[0] == _address(new)[0] and other.connectivity != new.connectivity for other in stores):
        raise XksProxyUriEndpointInUseException  # of a cluster the addresses differ anyway
    check_settings(call, new)
    if any(store.backend == new.backend for store in stores):
        raise IN_USE[new.kind]


def _name_is_free(others: list[KeyStore], store: KeyStore) -> None:
    if any(other.name == store.name for other in others):
        raise CustomKeyStoreNameInUseException


def _address(store: KeyStore) -> tuple[str, str]:
    """Endpoint and path of a proxy."""
    scheme, _, rest = store.backend.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host}", slash + path


def _entry(store: KeyStore) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "CustomKeyStoreId": store.id,
        "CustomKeyStoreName": store.name,
        "ConnectionState": store.state,
        "CreationDate": store.created,
        "CustomKeyStoreType": store.kind,
    }
    if store.error:
        entry["ConnectionErrorCode"] = store.error
    if store.kind == CLOUDHSM:
        return entry | {"CloudHsmClusterId": store.backend, "TrustAnchorCertificate": store.certificate}
    endpoint, path = _address(store)
    proxy = {
        "Connectivity": store.connectivity,
        "AccessKeyId": store.access_key,
        "UriEndpoint": endpoint,
        "UriPath": path,
    }
    vpc = {"VpcEndpointServiceName": store.vpc_service, "VpcEndpointServiceOwner": store.vpc_owner}
    return entry | {"XksProxyConfiguration": proxy | {k: v for k, v in vpc.items() if v}}
