"""Where the material of a KMS key is, how far a call came on its way there, and what it was answered."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from kms_teach.keys.stores import CLOUDHSM, EXTERNAL
from kms_teach.trail import Record

KMS = "AWS_KMS"
KINDS = {  # CustomKeyStoreType -> the stations of a call, each with what it is
    KMS: (("your program", "calls KMS"), ("KMS", "checks who may"), ("HSMs of AWS", "hold the key material")),
    CLOUDHSM: (
        ("your program", "calls KMS"), ("KMS", "checks who may"), ("key store", "a connection"),
        ("CloudHSM cluster", "yours, in your VPC: holds the key material"),
    ),
    EXTERNAL: (
        ("your program", "calls KMS"), ("KMS", "checks who may, encrypts a first time"), ("key store", "a connection"),
        ("proxy", "yours: passes it on"), ("key manager", "outside AWS: holds the external key"),
    ),
}  # fmt: skip
NAMES = {KMS: "KMS itself", CLOUDHSM: "a CloudHSM key store", EXTERNAL: "an external key store"}
CONNECTION = 2  # the station behind KMS


class Chain(Struct, frozen=True):
    """One call, and how far it came: `reached` of the stations. `state` is the key's, `connection` its key store's."""

    kind: str
    state: str
    connection: str
    failure: str  # ConnectionErrorCode, "" for none
    operation: str
    who: str
    code: str
    message: str
    reached: int

    @property
    def stations(self) -> tuple[tuple[str, str], ...]:
        return KINDS[self.kind]

    @property
    def broken(self) -> str:
        """The first station that the call did not come to; "" when it came to the end, or was not to go there."""
        return self.stations[self.reached][0] if self.code and self.reached < len(self.stations) else ""

    @classmethod
    def of(cls, record: Record, metadata: Mapping[str, Any], stores: Mapping[str, Any]) -> "Chain":
        """Read a call, with what DescribeKey tells of its key, and DescribeCustomKeyStores of the key stores."""
        mine = metadata.get("CustomKeyStoreId")
        store: Mapping[str, Any] = next(
            (each for each in stores["CustomKeyStores"] if each["CustomKeyStoreId"] == mine), {}
        )
        kind, reached = store.get("CustomKeyStoreType", KMS), _reached(record, metadata["KeyState"], store)
        behind = reached > CONNECTION  # where AWS's words are not on record
        message = "" if behind else str(record.event.get("errorMessage", "")).replace(metadata["Arn"], "ARN")
        who = "root" if record.event["userIdentity"]["type"] == "Root" else record.caller
        return cls(
            kind, metadata["KeyState"], store.get("ConnectionState", ""), store.get("ConnectionErrorCode", ""),
            record.operation, who, record.error, message, len(KINDS[kind]) if record.used else reached,
        )  # fmt: skip


def _reached(record: Record, state: str, store: Mapping[str, Any]) -> int:
    """How many stations a refused call came to; what needs no key material goes no further than KMS."""
    silent = record.error == "KMSInvalidStateException" and state in ("Enabled", "Disabled")
    return CONNECTION + 1 if silent and store else CONNECTION
