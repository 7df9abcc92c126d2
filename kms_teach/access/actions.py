"""The permissions of AWS KMS, as a table: what each is asked on, and whether it reaches another account's key.

KMS Developer Guide, "AWS KMS permissions"; the list of operations is botocore's (a test compares).
"""

from msgspec import Struct

CRYPTOGRAPHIC = (
    "Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext",
    "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "Sign", "Verify", "GenerateMac", "VerifyMac",
    "DeriveSharedSecret", "Encapsulate", "Decapsulate",
)  # fmt: skip

# Key-policy permissions that work on a key of another account, in a grant, or only at home.
ACROSS = (
    *CRYPTOGRAPHIC,
    "GetPublicKey",
    "DescribeKey",
    "CreateGrant",
    "RetireGrant",
    "RevokeGrant",
    "ListGrants",
    "GetKeyRotationStatus",
)
IN_GRANTS = (*CRYPTOGRAPHIC, "GetPublicKey", "DescribeKey", "CreateGrant", "RetireGrant")
AT_HOME = (
    "CancelKeyDeletion", "DeleteImportedKeyMaterial", "DisableKey", "DisableKeyRotation", "EnableKey",
    "EnableKeyRotation", "GetKeyLastUsage", "GetKeyPolicy", "GetParametersForImport", "ImportKeyMaterial",
    "ListKeyPolicies", "ListKeyRotations", "ListResourceTags", "PutKeyPolicy", "ReplicateKey", "RotateKeyOnDemand",
    "ScheduleKeyDeletion", "TagResource", "UntagResource", "UpdateKeyDescription", "UpdatePrimaryRegion",
)  # fmt: skip
ON_ALIASES = ("CreateAlias", "DeleteAlias", "UpdateAlias")  # asked on the alias, and on the key it names
ON_NOTHING = (
    "ConnectCustomKeyStore", "CreateCustomKeyStore", "CreateKey", "DeleteCustomKeyStore", "DescribeCustomKeyStores",
    "DisconnectCustomKeyStore", "GenerateRandom", "ListAliases", "ListKeys", "ListRetirableGrants",
    "UpdateCustomKeyStore",
)  # fmt: skip


class Action(Struct, frozen=True):
    """One permission. on: key, alias (and key) or * (nothing: IAM policies alone decide)."""

    name: str
    on: str
    across: bool  # works on a key of another account
    in_grants: bool

    @property
    def permission(self) -> str:
        return f"kms:{self.name}"


ACTIONS: dict[str, Action] = {
    name: Action(name, on, name in ACROSS, name in IN_GRANTS)
    for on, names in (("key", (*ACROSS, *AT_HOME)), ("alias", ON_ALIASES), ("*", ON_NOTHING))
    for name in names
}
ON_KEY = tuple(name for name in (*ACROSS, *AT_HOME) if name != "RetireGrant")  # which is asked on a grant


def crosses(permission: str) -> bool:
    """Whether it reaches another account's key, its role or its bucket. What is no permission does not."""
    action = ACTIONS.get(permission.removeprefix("kms:"))
    return permission.startswith(("sts:", "s3:")) or (action is not None and action.across)
