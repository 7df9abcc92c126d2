"""Every condition key of AWS KMS, as a table: its type, what carries it, and where its value comes from.

KMS Developer Guide, "AWS KMS condition keys" and "Condition keys for attested platforms". Where a parameter has a
default, the key carries the default, but for the two of which the guide asks with Null whether they were given.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from kms_teach.access.actions import ACROSS, ACTIONS, AT_HOME, CRYPTOGRAPHIC, ON_ALIASES
from kms_teach.access.principals import Principal

ALIASES_MAX = 50  # a key with more has no kms:ResourceAliases: KMS Developer Guide, "kms:ResourceAliases"

Values = str | tuple[str, ...] | None


class KeyFacts(Struct, frozen=True, kw_only=True):
    """What conditions can ask about a KMS key."""

    account: str
    spec: str = "SYMMETRIC_DEFAULT"
    usage: str = "ENCRYPT_DECRYPT"
    origin: str = "AWS_KMS"
    multi_region: str = ""  # PRIMARY, REPLICA, or "" for a key of one Region
    aliases: tuple[str, ...] = ()  # alias/…
    tags: tuple[tuple[str, str], ...] = ()


class Facts(Struct, frozen=True, kw_only=True):
    """One request, as plain data. `action` is the permission without its prefix; `params` by wire name."""

    action: str
    caller: Principal
    params: Mapping[str, Any] = field(default_factory=dict)
    key: KeyFacts | None = None
    alias: str = ""  # alias/…, when the request named the key by it
    region: str = "us-east-1"
    now: datetime | None = None
    source_ip: str = ""
    vpce: str = ""
    vpc: str = ""
    user_agent: str = ""
    via_service: str = ""  # s3.us-east-1.amazonaws.com, when a service calls with the caller's credentials
    called_via: tuple[str, ...] = ()  # the services of that chain, first caller first
    source_arn: str = ""  # for whom an AWS service calls
    source_account: str = ""
    source_organization: str = ""  # that this account is in
    days_unused: int | None = None
    attested: Mapping[str, str] = field(default_factory=dict)  # ImageSha384, PCR0 … of a verified attestation
    others: Mapping[str, Values] = field(default_factory=dict)  # keys of another service than KMS, as they are
    grant: Any = None  # the grant that RetireGrant is about


def _param(name: str, default: str | None = None) -> Callable[[Facts], Values]:
    return lambda facts: as_values(facts.params.get(name, default))


def as_values(value: Any) -> Values:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return str(int(value.timestamp()))  # KMS Developer Guide, "kms:ValidTo": in Unix time
    if isinstance(value, list | tuple):
        return tuple(str(v) for v in value)
    return None if value is None else str(value)


def _of_key(attribute: str, parameter: str, default: str) -> Callable[[Facts], Values]:
    """A property of the key: of the one that exists, or of the one that CreateKey is asked for."""

    def value(facts: Facts) -> Values:
        if facts.key:
            return str(getattr(facts.key, attribute))
        return as_values(facts.params.get(parameter, facts.params.get(f"CustomerMaster{parameter}", default)))

    return value


def _multi_region(facts: Facts) -> Values:
    return as_values(bool(facts.key.multi_region) if facts.key else bool(facts.params.get("MultiRegion", False)))


def _multi_region_type(facts: Facts) -> Values:
    if facts.key:
        return facts.key.multi_region or None
    return "PRIMARY" if facts.params.get("MultiRegion") else None


SIDE = {"ReEncryptFrom": "Source", "ReEncryptTo": "Destination"}  # how ReEncrypt's parameters begin


def _algorithm(facts: Facts) -> Values:
    return str(facts.params.get(SIDE.get(facts.action, "") + "EncryptionAlgorithm", "SYMMETRIC_DEFAULT"))


def constraints(facts: Facts) -> Mapping[str, Any]:
    """The constraints of the grant that is made or retired."""
    if facts.grant is not None:
        named = {"EncryptionContextEquals": facts.grant.equals, "EncryptionContextSubset": facts.grant.subset}
        return {name: dict(pairs) for name, pairs in named.items() if pairs}
    return facts.params.get("Constraints") or {}


def encryption_context(facts: Facts) -> Mapping[str, str]:
    """The encryption context that a request speaks of; none with an asymmetric key."""
    if facts.key and facts.key.spec != "SYMMETRIC_DEFAULT":
        return {}
    if facts.action in ("CreateGrant", "RetireGrant"):
        named = constraints(facts)
        return {**named.get("EncryptionContextSubset", {}), **named.get("EncryptionContextEquals", {})}
    return facts.params.get(SIDE.get(facts.action, "") + "EncryptionContext") or {}


def _constraint_types(facts: Facts) -> Values:
    return (
        tuple(name for name in ("EncryptionContextEquals", "EncryptionContextSubset") if constraints(facts).get(name))
        or None
    )


def _same_key(facts: Facts) -> Values:
    source, destination = (facts.params.get(name) for name in ("SourceKeyArn", "DestinationKeyArn"))
    return None if source is None or destination is None else as_values(source == destination)


def _aliases(facts: Facts) -> Values:
    return facts.key.aliases if facts.key and len(facts.key.aliases) <= ALIASES_MAX else None


ON_KEYS = (*ACROSS, *AT_HOME, *ON_ALIASES)
SYMMETRIC = tuple(
    name for name in CRYPTOGRAPHIC if name.startswith(("Encrypt", "Decrypt", "ReEncrypt", "GenerateDataKey"))
)
ATTESTED = ("Decrypt", "DeriveSharedSecret", "GenerateDataKey", "GenerateDataKeyPair", "GenerateRandom")
KEY_STORES = tuple(name for name in ACTIONS if "CustomKeyStore" in name)


MADE = ("CreateKey", *ON_KEYS)
BY_ALIAS = (*CRYPTOGRAPHIC, "DescribeKey", "GetPublicKey")
WITH_CONTEXT = (*SYMMETRIC, "CreateGrant", "RetireGrant")
GRANTING = ("CreateGrant",)
SIGNING = ("Sign", "Verify")
MACS = ("GenerateMac", "VerifyMac")
PAIRS = ("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext")
RE_ENCRYPT = ("ReEncryptFrom", "ReEncryptTo")


def _nothing(facts: Facts) -> Values:
    """A family's values are many: `context` takes them from the request one by one."""


class ConditionKey(Struct, frozen=True):
    """One row: `many` keys have several values (a set operator is needed), `on` the permissions that carry it."""

    type: str
    on: tuple[str, ...]
    value: Callable[[Facts], Values] = _nothing
    many: bool = False


def row_of(key: str) -> ConditionKey | None:
    """The row of a condition key, by its name in any case."""
    lowered = key.lower()
    return _ROWS.get(lowered) or next((row for name, row in _FAMILIES.items() if lowered.startswith(name)), None)


K, S = ConditionKey, "String"

KMS_KEYS: dict[str, ConditionKey] = {
    "kms:CallerAccount": K(S, (*ON_KEYS, *KEY_STORES), lambda f: f.caller.account or None),
    "kms:ViaService": K(S, ON_KEYS, lambda f: f.via_service or None),
    "kms:KeySpec": K(S, MADE, _of_key("spec", "KeySpec", "SYMMETRIC_DEFAULT")),
    "kms:CustomerMasterKeySpec": K(S, MADE, _of_key("spec", "KeySpec", "SYMMETRIC_DEFAULT")),  # deprecated
    "kms:KeyUsage": K(S, MADE, _of_key("usage", "KeyUsage", "ENCRYPT_DECRYPT")),
    "kms:CustomerMasterKeyUsage": K(S, MADE, _of_key("usage", "KeyUsage", "ENCRYPT_DECRYPT")),  # deprecated
    "kms:KeyOrigin": K(S, MADE, _of_key("origin", "Origin", "AWS_KMS")),
    "kms:MultiRegion": K("Bool", MADE, _multi_region),
    "kms:MultiRegionKeyType": K(S, MADE, _multi_region_type),
    "kms:ResourceAliases": K(S, ON_KEYS, _aliases, many=True),
    "kms:RequestAlias": K(S, BY_ALIAS, lambda f: f.alias or None),
    "kms:EncryptionAlgorithm": K(S, SYMMETRIC, _algorithm),
    "kms:EncryptionContextKeys": K(S, WITH_CONTEXT, lambda f: tuple(encryption_context(f)), many=True),
    "kms:SigningAlgorithm": K(S, SIGNING, _param("SigningAlgorithm")),
    "kms:MessageType": K(S, SIGNING, _param("MessageType", "RAW")),
    "kms:MacAlgorithm": K(S, MACS, _param("MacAlgorithm")),
    "kms:KeyAgreementAlgorithm": K(S, ("DeriveSharedSecret",), _param("KeyAgreementAlgorithm")),
    "kms:DataKeyPairSpec": K(S, PAIRS, _param("KeyPairSpec")),
    "kms:ReEncryptOnSameKey": K("Bool", RE_ENCRYPT, _same_key),
    "kms:GranteePrincipal": K(S, GRANTING, _param("GranteePrincipal")),
    "kms:RetiringPrincipal": K(S, GRANTING, _param("RetiringPrincipal")),
    "kms:GranteeServicePrincipal": K(S, GRANTING, _param("GranteeServicePrincipal")),
    "kms:RetiringServicePrincipal": K(S, GRANTING, _param("RetiringServicePrincipal")),
    "kms:GrantConstraintSourceArn": K("ARN", GRANTING, lambda f: as_values(constraints(f).get("SourceArn"))),
    "kms:GrantConstraintType": K(S, ("CreateGrant", "RetireGrant"), _constraint_types),
    "kms:GrantOperations": K(S, GRANTING, _param("Operations"), many=True),
    "kms:GrantIsForAWSResource": K(
        "Bool", ("CreateGrant", "ListGrants", "RevokeGrant"), lambda f: as_values(bool(f.via_service))
    ),
    "kms:BypassPolicyLockoutSafetyCheck": K(
        "Bool", ("CreateKey", "PutKeyPolicy"), _param("BypassPolicyLockoutSafetyCheck")
    ),
    "kms:PolicyName": K(S, ("GetKeyPolicy", "PutKeyPolicy"), _param("PolicyName", "default")),
    "kms:ScheduleKeyDeletionPendingWindowInDays": K(
        "Numeric", ("ScheduleKeyDeletion",), _param("PendingWindowInDays", "30")
    ),
    "kms:TrailingDaysWithoutKeyUsage": K(
        "Numeric", ("DisableKey", "ScheduleKeyDeletion"), lambda f: as_values(f.days_unused)
    ),
    "kms:RotationPeriodInDays": K("Numeric", ("EnableKeyRotation",), _param("RotationPeriodInDays", "365")),
    "kms:ExpirationModel": K(S, ("ImportKeyMaterial",), _param("ExpirationModel")),
    "kms:ValidTo": K("Date", ("ImportKeyMaterial",), _param("ValidTo")),
    "kms:WrappingAlgorithm": K(S, ("GetParametersForImport",), _param("WrappingAlgorithm")),
    "kms:WrappingKeySpec": K(S, ("GetParametersForImport",), _param("WrappingKeySpec")),
    "kms:PrimaryRegion": K(S, ("UpdatePrimaryRegion",), _param("PrimaryRegion")),
    "kms:ReplicaRegion": K(S, ("ReplicateKey",), _param("ReplicaRegion")),
}

# Families: the rest of the name is the caller's to choose.
FAMILIES: dict[str, ConditionKey] = {
    "kms:EncryptionContext:": K(S, WITH_CONTEXT),
    "kms:RecipientAttestation:": K(S, ATTESTED),
    "aws:ResourceTag/": K(S, ON_KEYS),
    "aws:RequestTag/": K(S, ("CreateKey", "TagResource", "ReplicateKey")),
    "aws:PrincipalTag/": K(S, tuple(ACTIONS)),
}

_ROWS, _FAMILIES = ({name.lower(): row for name, row in table.items()} for table in (KMS_KEYS, FAMILIES))
