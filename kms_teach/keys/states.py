"""The states of a key as one table: operation x state gives the next state, or the error AWS names.

KMS Developer Guide, "Key states of AWS KMS keys". Firing is a look-up; the picture of the states reads this table too.
"""

from msgspec.structs import replace

from kms_teach.errors import DisabledException, KmsError, KMSInvalidStateException
from kms_teach.keys.key import Key

STATES = (
    "Enabled", "Disabled", "PendingDeletion", "PendingReplicaDeletion", "PendingImport", "Unavailable", "Creating", "Updating",
)  # fmt: skip

ERRORS: dict[str, tuple[type[KmsError], str]] = {
    "disabled": (DisabledException, "{arn} is disabled."),
    "deletion": (KMSInvalidStateException, "{arn} is pending deletion."),
    "kept": (KMSInvalidStateException, "{arn} is not pending deletion."),
    "import": (KMSInvalidStateException, "{arn} is pending import."),
    "unavailable": (KMSInvalidStateException, "{arn} is unavailable."),
    "creating": (KMSInvalidStateException, "{arn} is creating."),
    "updating": (KMSInvalidStateException, "{arn} is updating."),
}

# A cell: "." the state stays; the name of a state, the next one; else a row of ERRORS.
# fmt: off
_ROWS = (
    # operations                                            Enabled            Disabled           PendingDeletion  PendingReplica…  PendingImport      Unavailable        Creating           Updating
    ("Encrypt Decrypt ReEncrypt GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext",
                                                            ".",               "disabled",        "deletion",      "deletion",      "import",          "unavailable",     "creating",        "."),
    ("Sign Verify GenerateMac VerifyMac GetPublicKey DeriveSharedSecret Encapsulate Decapsulate",
                                                            ".",               "disabled",        "deletion",      "deletion",      "import",          "unavailable",     "creating",        "."),
    ("CreateGrant",                                         ".",               "disabled",        "deletion",      "deletion",      "import",          ".",               "creating",        "."),
    ("CancelKeyDeletion",                                   "kept",            "kept",            "Disabled",      "Disabled",      "kept",            "kept",            "kept",            "kept"),
    ("ScheduleKeyDeletion",                                 "PendingDeletion", "PendingDeletion", "deletion",      "deletion",      "PendingDeletion", "PendingDeletion", "PendingDeletion", "updating"),
    ("EnableKey",                                           "Enabled",         "Enabled",         "deletion",      "deletion",      "import",          ".",               "creating",        "updating"),
    ("DisableKey",                                          "Disabled",        "Disabled",        "deletion",      "deletion",      "import",          ".",               "creating",        "updating"),
    ("CreateAlias UpdateAlias TagResource UntagResource UpdateKeyDescription",
                                                            ".",               ".",               "deletion",      "deletion",      ".",               ".",               ".",               "."),
    ("DeleteAlias DescribeKey GetKeyPolicy PutKeyPolicy ListGrants ListKeyPolicies ListResourceTags ListKeyRotations RetireGrant RevokeGrant GetKeyLastUsage",
                                                            ".",               ".",               ".",             ".",             ".",               ".",               ".",               "."),
    ("EnableKeyRotation DisableKeyRotation RotateKeyOnDemand",
                                                            ".",               "disabled",        "deletion",      "deletion",      "import",          "unavailable",     "creating",        "."),
    ("GetKeyRotationStatus",                                ".",               ".",               ".",             ".",             ".",               "unavailable",     ".",               "."),
    ("GetParametersForImport",                              ".",               ".",               "deletion",      "deletion",      ".",               "unavailable",     "creating",        "updating"),
    ("ImportKeyMaterial",                                   "Enabled",         ".",               "deletion",      "deletion",      "Enabled",         "unavailable",     "creating",        "."),
    ("DeleteImportedKeyMaterial",                           ".",               ".",               ".",             ".",             ".",               "unavailable",     "creating",        "updating"),
    ("ReplicateKey",                                        ".",               "disabled",        "deletion",      "deletion",      "import",          "unavailable",     "creating",        "updating"),
    ("UpdatePrimaryRegion",                                 ".",               "disabled",        "deletion",      "deletion",      "import",          "unavailable",     "creating",        "."),
)
# fmt: on

LIFECYCLE: dict[str, dict[str, str]] = {
    operation: dict(zip(STATES, cells, strict=True)) for operations, *cells in _ROWS for operation in operations.split()
}


def follow_material(key: Key) -> Key:
    """The key in the state its material leads to: PendingImport while some is missing, Enabled when all is back.

    A key that waits for its deletion stays in its state (API Reference, DeleteImportedKeyMaterial).
    """
    if not key.complete and key.state in ("Enabled", "Disabled"):
        return replace(key, state="PendingImport")
    if key.complete and key.state == "PendingImport":
        return replace(key, state="Enabled")
    return key


def step(operation: str, key: Key) -> Key:
    """The key in the state that the operation leads to; the error of the table when it may not happen now."""
    cell = LIFECYCLE[operation][key.state]
    if cell in ERRORS:
        error, text = ERRORS[cell]
        raise error(text.format(arn=key.arn))
    return key if cell in (".", key.state) else replace(key, state=cell)
