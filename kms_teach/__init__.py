"""kms_teach: a small AWS KMS made of glass, that answers the real clients, to learn from."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kms_teach.client_side.enclave import Enclave
    from kms_teach.face import (
        AccessKey,
        Authorization,
        Decision,
        Endpoint,
        Finding,
        KeyStoreBackend,
        LastUsage,
        Matrix,
        Person,
        Record,
        Serving,
        Simulator,
        Stage,
        Step,
        StoreError,
        Trail,
        Used,
    )

    __version__: str

__all__ = [
    "AccessKey",
    "Authorization",
    "Decision",
    "Enclave",
    "Endpoint",
    "Finding",
    "KeyStoreBackend",
    "LastUsage",
    "Matrix",
    "Person",
    "Record",
    "Serving",
    "Simulator",
    "Stage",
    "Step",
    "StoreError",
    "Trail",
    "Used",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import the simulator when it is first asked for: a picture is imported from here too, and needs no AWS client."""
    if name == "Enclave":
        from kms_teach.client_side.enclave import Enclave

        return Enclave
    if name in __all__:
        from kms_teach import face

        return getattr(face, name)
    if name == "__version__":
        from importlib.metadata import version

        return version("kms-teach")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
