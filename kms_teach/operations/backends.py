"""Whether the backend of a custom key store is there, answers, and takes the store's settings."""

from kms_teach.errors import (
    CloudHsmClusterInUseException,
    CloudHsmClusterNotFoundException,
    CloudHsmClusterNotRelatedException,
    IncorrectTrustAnchorException,
    KmsError,
    XksProxyIncorrectAuthenticationCredentialException,
    XksProxyUriInUseException,
    XksProxyUriUnreachableException,
)
from kms_teach.keys.stores import CLOUDHSM, EXTERNAL, VPC, Backend, KeyStore
from kms_teach.operations.call import Call

IN_USE: dict[str, type[KmsError]] = {CLOUDHSM: CloudHsmClusterInUseException, EXTERNAL: XksProxyUriInUseException}
# ConnectionErrorCode when the backend is gone, does not answer, or does not know the credential.
TROUBLE = {
    CLOUDHSM: ("CLUSTER_NOT_FOUND", "INSUFFICIENT_CLOUDHSM_HSMS", "INVALID_CREDENTIALS"),
    EXTERNAL: ("XKS_PROXY_NOT_REACHABLE", "XKS_PROXY_NOT_REACHABLE", "XKS_PROXY_ACCESS_DENIED"),
}


def check_settings(call: Call, store: KeyStore) -> None:
    """AWS looks at the backend before it takes the settings of a store.

    Raises CloudHsmClusterNotFoundException, then CloudHsmClusterNotRelatedException for a store that there is already
    and IncorrectTrustAnchorException for a new one; XksProxyUriUnreachableException, then
    XksProxyIncorrectAuthenticationCredentialException.
    """
    backend = call.store.get(Backend, store.kind, store.backend)
    if store.kind == CLOUDHSM:
        if backend is None:
            raise CloudHsmClusterNotFoundException
        if backend.certificate != store.certificate:
            created = call.store.get(KeyStore, call.scope, store.id)
            raise CloudHsmClusterNotRelatedException if created else IncorrectTrustAnchorException
    elif store.connectivity == VPC:
        return  # KMS connects to it, and learns whether it is there, at ConnectCustomKeyStore
    elif backend is None or not backend.reachable:
        raise XksProxyUriUnreachableException
    elif (backend.access_key, backend.secret) != (store.access_key, store.secret):
        raise XksProxyIncorrectAuthenticationCredentialException


def connection_error(call: Call, store: KeyStore) -> str:
    """The ConnectionErrorCode that connecting ends in, "" when it works."""
    backend = call.store.get(Backend, store.kind, store.backend)
    missing, silent, refused = TROUBLE[store.kind]
    if backend is None:
        return missing
    if not backend.reachable:
        return silent
    return "" if backend.secret == store.secret else refused
