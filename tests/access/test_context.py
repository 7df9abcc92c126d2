from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.session import get_session
from msgspec.structs import replace

from kms_teach.access.actions import ACTIONS, IN_GRANTS, ON_ALIASES, ON_NOTHING, crosses
from kms_teach.access.condition_keys import FAMILIES, KMS_KEYS, ON_KEYS, Facts, KeyFacts
from kms_teach.access.context import context, lowered
from kms_teach.access.grants import Grant
from tests.access.people import ALICE, APP, AWAY, BOB, FED, HOME, ROOT, S3

MODEL = get_session().get_service_model("kms")
ON_A_KEY = sorted(set(ACTIONS) - set(ON_NOTHING))
SYMMETRIC = [n for n in ACTIONS if n.startswith(("Encrypt", "Decrypt", "ReEncrypt", "GenerateDataKey"))]
CRYPTO = {*SYMMETRIC, "Sign", "Verify", "GenerateMac", "VerifyMac", "DeriveSharedSecret", "Encapsulate", "Decapsulate"}
PAIRS = {"GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"}
STORES = {n for n in ACTIONS if "CustomKeyStore" in n}
EQUALS = {"Constraints": {"EncryptionContextEquals": {"App": "blue"}}}
ENCRYPTION = {
    "EncryptionContext": {"App": "blue"},
    "SourceEncryptionContext": {"App": "blue"},
    "DestinationEncryptionContext": {"App": "blue"},
}
NOW = datetime(2026, 1, 1, tzinfo=UTC)
GRANT = Grant(
    id="0" * 64, key_arn="k", issuing_account=HOME, grantee=ALICE.arn, operations=("Decrypt",), created=NOW, effective=NOW,
    equals=(("App", "blue"),),
)  # fmt: skip

# As the KMS Developer Guide lists them: which operations carry the key, with what in the request, and what it then is.
GUIDE: dict[str, tuple[set[str], dict[str, Any], tuple[str, ...]]] = {
    "kms:CallerAccount": ({*ON_A_KEY, *STORES}, {}, (HOME,)),
    "kms:ViaService": ({*ON_A_KEY}, {"via_service": "s3.us-east-1.amazonaws.com"}, ("s3.us-east-1.amazonaws.com",)),
    "kms:KeySpec": ({*ON_A_KEY, "CreateKey"}, {}, ("SYMMETRIC_DEFAULT",)),
    "kms:KeyUsage": ({*ON_A_KEY, "CreateKey"}, {}, ("ENCRYPT_DECRYPT",)),
    "kms:CustomerMasterKeySpec": ({*ON_A_KEY, "CreateKey"}, {}, ("SYMMETRIC_DEFAULT",)),
    "kms:CustomerMasterKeyUsage": ({*ON_A_KEY, "CreateKey"}, {}, ("ENCRYPT_DECRYPT",)),
    "kms:KeyOrigin": ({*ON_A_KEY, "CreateKey"}, {}, ("AWS_KMS",)),
    "kms:MultiRegion": ({*ON_A_KEY, "CreateKey"}, {"multi_region": "PRIMARY", "MultiRegion": True}, ("true",)),
    "kms:MultiRegionKeyType": ({*ON_A_KEY, "CreateKey"}, {"multi_region": "PRIMARY", "MultiRegion": True}, ("PRIMARY",)),
    "kms:ResourceAliases": ({*ON_A_KEY}, {}, ("alias/a", "alias/b")),
    "kms:RequestAlias": ({*CRYPTO, "DescribeKey", "GetPublicKey"}, {"alias": "alias/a"}, ("alias/a",)),
    "kms:EncryptionAlgorithm": ({*SYMMETRIC}, {}, ("SYMMETRIC_DEFAULT",)),
    "kms:EncryptionContextKeys": ({*SYMMETRIC, "CreateGrant", "RetireGrant"}, {**ENCRYPTION, **EQUALS, "grant": GRANT}, ("App",)),
    "kms:SigningAlgorithm": ({"Sign", "Verify"}, {"SigningAlgorithm": "ECDSA_SHA_256"}, ("ECDSA_SHA_256",)),
    "kms:MessageType": ({"Sign", "Verify"}, {}, ("RAW",)),
    "kms:MacAlgorithm": ({"GenerateMac", "VerifyMac"}, {"MacAlgorithm": "HMAC_SHA_256"}, ("HMAC_SHA_256",)),
    "kms:KeyAgreementAlgorithm": ({"DeriveSharedSecret"}, {"KeyAgreementAlgorithm": "ECDH"}, ("ECDH",)),
    "kms:DataKeyPairSpec": (PAIRS, {"KeyPairSpec": "RSA_2048"}, ("RSA_2048",)),
    "kms:ReEncryptOnSameKey": ({"ReEncryptFrom", "ReEncryptTo"}, {"SourceKeyArn": "a", "DestinationKeyArn": "a"}, ("true",)),
    "kms:GranteePrincipal": ({"CreateGrant"}, {"GranteePrincipal": "p"}, ("p",)),
    "kms:RetiringPrincipal": ({"CreateGrant"}, {"RetiringPrincipal": "p"}, ("p",)),
    "kms:GranteeServicePrincipal": ({"CreateGrant"}, {"GranteeServicePrincipal": "p"}, ("p",)),
    "kms:RetiringServicePrincipal": ({"CreateGrant"}, {"RetiringServicePrincipal": "p"}, ("p",)),
    "kms:GrantConstraintSourceArn": ({"CreateGrant"}, {"Constraints": {"SourceArn": "arn"}}, ("arn",)),
    "kms:GrantConstraintType": ({"CreateGrant", "RetireGrant"}, {**EQUALS, "grant": GRANT}, ("EncryptionContextEquals",)),
    "kms:GrantOperations": ({"CreateGrant"}, {"Operations": ["Decrypt", "Encrypt"]}, ("Decrypt", "Encrypt")),
    "kms:GrantIsForAWSResource": ({"CreateGrant", "ListGrants", "RevokeGrant"}, {"via_service": "ec2.x"}, ("true",)),
    "kms:BypassPolicyLockoutSafetyCheck": ({"CreateKey", "PutKeyPolicy"}, {"BypassPolicyLockoutSafetyCheck": True}, ("true",)),
    "kms:PolicyName": ({"GetKeyPolicy", "PutKeyPolicy"}, {}, ("default",)),
    "kms:ScheduleKeyDeletionPendingWindowInDays": ({"ScheduleKeyDeletion"}, {"PendingWindowInDays": 7}, ("7",)),
    "kms:TrailingDaysWithoutKeyUsage": ({"DisableKey", "ScheduleKeyDeletion"}, {"days_unused": 90}, ("90",)),
    "kms:RotationPeriodInDays": ({"EnableKeyRotation"}, {}, ("365",)),
    "kms:ExpirationModel": ({"ImportKeyMaterial"}, {"ExpirationModel": "KEY_MATERIAL_EXPIRES"}, ("KEY_MATERIAL_EXPIRES",)),
    "kms:ValidTo": ({"ImportKeyMaterial"}, {"ValidTo": NOW}, ("1767225600",)),
    "kms:WrappingAlgorithm": ({"GetParametersForImport"}, {"WrappingAlgorithm": "w"}, ("w",)),
    "kms:WrappingKeySpec": ({"GetParametersForImport"}, {"WrappingKeySpec": "w"}, ("w",)),
    "kms:PrimaryRegion": ({"UpdatePrimaryRegion"}, {"PrimaryRegion": "eu-west-1"}, ("eu-west-1",)),
    "kms:ReplicaRegion": ({"ReplicateKey"}, {"ReplicaRegion": "eu-west-1"}, ("eu-west-1",)),
    "kms:EncryptionContext:App": ({*SYMMETRIC, "CreateGrant", "RetireGrant"}, {**ENCRYPTION, **EQUALS, "grant": GRANT}, ("blue",)),
    "kms:RecipientAttestation:PCR0": (
        {"Decrypt", "DeriveSharedSecret", "GenerateDataKey", "GenerateDataKeyPair", "GenerateRandom"}, {"attested": {"PCR0": "ff"}}, ("ff",),
    ),
    "aws:ResourceTag/Team": ({*ON_A_KEY}, {}, ("red",)),
    "aws:TagKeys": ({*ACTIONS}, {"Tags": [{"TagKey": "Team", "TagValue": "red"}]}, ("Team",)),
    "aws:RequestTag/Team": ({*ACTIONS}, {"Tags": [{"TagKey": "Team", "TagValue": "red"}]}, ("red",)),
}  # fmt: skip
OWN = ("via_service", "alias", "days_unused", "attested", "grant")


def facts(action: str, given: dict[str, Any], caller: Any = ALICE) -> Facts:
    own = {name: given[name] for name in OWN if name in given}
    key = KeyFacts(
        account=HOME,
        aliases=("alias/a", "alias/b"),
        tags=(("Team", "red"),),
        multi_region=given.get("multi_region", ""),
    )
    grant = {"grant": GRANT} if action == "RetireGrant" and "grant" in own else {}
    params = {name: value for name, value in given.items() if name[0].isupper()}
    return Facts(
        action=action,
        caller=caller,
        key=None if ACTIONS[action].on == "*" else key,
        params=params,
        **{**own, "grant": None, **grant},
    )


@pytest.mark.parametrize("key", sorted(GUIDE))
def test_each_key_is_carried_by_the_operations_that_the_guide_lists(key: str) -> None:
    operations, given, value = GUIDE[key]
    found = {action: context(facts(action, given)).get(key) for action in ACTIONS}
    assert found == {action: value if action in operations else None for action in ACTIONS}


def test_every_key_of_the_table_is_tested_above() -> None:
    families = {family for family in FAMILIES if any(key.startswith(family) for key in GUIDE)}
    assert {key for key in GUIDE if key in KMS_KEYS} == set(KMS_KEYS)
    assert families | {"aws:PrincipalTag/"} == set(FAMILIES)
    assert {key for key, row in KMS_KEYS.items() if row.many} == {
        "kms:EncryptionContextKeys",
        "kms:GrantOperations",
        "kms:ResourceAliases",
    }
    assert {key for key, row in KMS_KEYS.items() if row.type == "Numeric"} == {key for key in KMS_KEYS if key.endswith(("InDays", "WithoutKeyUsage"))}  # fmt: skip


def test_a_key_with_more_than_fifty_aliases_has_none_to_ask_about() -> None:
    asked = facts("Decrypt", {})
    assert asked.key
    for number, there in ((50, True), (51, False)):
        key = replace(asked.key, aliases=tuple(f"alias/{n}" for n in range(number)))
        assert ("kms:ResourceAliases" in context(replace(asked, key=key))) is there


@pytest.mark.parametrize("parameter", ["KeySpec", "CustomerMasterKeySpec"])
def test_the_spec_of_a_key_to_be_made_may_be_asked_for_under_its_older_name(parameter: str) -> None:
    found = context(facts("CreateKey", {parameter: "RSA_2048"}))
    assert found["kms:KeySpec"] == found["kms:CustomerMasterKeySpec"] == ("RSA_2048",)


@pytest.mark.parametrize(
    ("action", "key"),
    [("PutKeyPolicy", "kms:BypassPolicyLockoutSafetyCheck"), ("ImportKeyMaterial", "kms:ExpirationModel")],
)
def test_two_keys_are_missing_where_their_parameter_is(action: str, key: str) -> None:
    assert key not in context(facts(action, {}))  # the guide's examples ask with Null


def test_an_asymmetric_key_has_no_encryption_context() -> None:
    asked = facts("Decrypt", ENCRYPTION)
    assert asked.key
    assert "kms:EncryptionContext:App" not in context(replace(asked, key=replace(asked.key, spec="RSA_2048")))


def test_each_side_of_re_encrypt_carries_its_own_context_and_algorithm() -> None:
    params = {"SourceEncryptionContext": {"a": "1"}, "DestinationEncryptionContext": {"b": "2"}, "DestinationEncryptionAlgorithm": "RSAES_OAEP_SHA_256"}  # fmt: skip
    source, destination = context(facts("ReEncryptFrom", params)), context(facts("ReEncryptTo", params))
    assert (source["kms:EncryptionContextKeys"], destination["kms:EncryptionContextKeys"]) == (("a",), ("b",))
    assert (source["kms:EncryptionAlgorithm"], destination["kms:EncryptionAlgorithm"]) == (
        ("SYMMETRIC_DEFAULT",),
        ("RSAES_OAEP_SHA_256",),
    )


CALLERS: list[tuple[Any, dict[str, tuple[str, ...] | None]]] = [
    (ROOT, {"aws:PrincipalArn": (ROOT.arn,), "aws:PrincipalType": ("Account",), "aws:userid": (HOME,), "aws:username": None}),
    (ALICE, {"aws:PrincipalArn": (ALICE.arn,), "aws:PrincipalType": ("User",), "aws:userid": ("AIDAALICE",), "aws:username": ("alice",), "aws:MultiFactorAuthPresent": None}),
    (replace(ALICE, tags=(("Team", "red"),), organization="o-1"), {"aws:PrincipalTag/Team": ("red",), "aws:PrincipalOrgID": ("o-1",)}),
    (APP, {"aws:PrincipalArn": (APP.arn,), "aws:PrincipalType": ("AssumedRole",), "aws:userid": ("AROAAPP:run",), "aws:username": None, "aws:MultiFactorAuthPresent": ("false",)}),
    (FED, {"aws:PrincipalArn": (FED.arn,), "aws:PrincipalType": ("FederatedUser",), "aws:userid": (f"{HOME}:alice",)}),
    (S3, {"aws:PrincipalIsAWSService": ("true",), "aws:PrincipalServiceName": ("s3.amazonaws.com",), "aws:PrincipalArn": None}),
    (BOB, {"aws:PrincipalAccount": (AWAY,), "aws:PrincipalIsAWSService": ("false",)}),
]  # fmt: skip


@pytest.mark.parametrize(("caller", "expected"), CALLERS)
def test_the_keys_about_the_caller(caller: Any, expected: dict[str, tuple[str, ...] | None]) -> None:
    found = context(facts("Decrypt", {}, caller))
    assert {key: found.get(key) for key in expected} == expected


CALLS: list[tuple[Callable[[Facts], Facts], dict[str, tuple[str, ...] | None]]] = [
    (lambda f: replace(f, now=NOW), {"aws:CurrentTime": ("2026-01-01T00:00:00Z",), "aws:EpochTime": ("1767225600",), "aws:TokenIssueTime": None}),
    (lambda f: replace(f, now=NOW, caller=APP), {"aws:TokenIssueTime": ("2026-01-01T00:00:00Z",)}),
    (lambda f: replace(f, now=NOW, caller=replace(APP, issued=NOW - timedelta(hours=1))), {"aws:TokenIssueTime": ("2025-12-31T23:00:00Z",)}),
    (lambda f: replace(f, source_organization="o-1"), {"aws:SourceOrgID": ("o-1",)}),
    (lambda f: replace(f, source_ip="192.0.2.7"), {"aws:SourceIp": ("192.0.2.7",), "aws:VpcSourceIp": None, "aws:SourceVpce": None}),
    (lambda f: replace(f, source_ip="10.0.0.7", vpce="vpce-1", vpc="vpc-1"), {"aws:SourceIp": None, "aws:VpcSourceIp": ("10.0.0.7",), "aws:SourceVpce": ("vpce-1",), "aws:SourceVpc": ("vpc-1",)}),
    (lambda f: replace(f, source_ip="192.0.2.7", via_service="s3.x"), {"aws:SourceIp": None, "aws:ViaAWSService": ("true",)}),
    (lambda f: replace(f, called_via=("athena.amazonaws.com", "s3.amazonaws.com")), {"aws:CalledViaFirst": ("athena.amazonaws.com",), "aws:CalledViaLast": ("s3.amazonaws.com",), "aws:CalledVia": ("athena.amazonaws.com", "s3.amazonaws.com")}),
    (lambda f: replace(f, source_arn="arn", source_account="1"), {"aws:SourceArn": ("arn",), "aws:SourceAccount": ("1",)}),
    (lambda f: f, {"aws:ViaAWSService": ("false",), "aws:SecureTransport": ("true",), "aws:RequestedRegion": ("us-east-1",), "aws:ResourceAccount": (HOME,), "aws:CalledVia": None, "aws:SourceArn": None}),
    (lambda f: replace(f, params={"TagKeys": ["Team"]}), {"aws:TagKeys": ("Team",), "aws:RequestTag/Team": None}),
]  # fmt: skip


@pytest.mark.parametrize(("how", "expected"), CALLS)
def test_the_keys_about_the_call(how: Callable[[Facts], Facts], expected: dict[str, tuple[str, ...] | None]) -> None:
    found = context(how(facts("Decrypt", {})))
    assert {key: found.get(key) for key in expected} == expected


def test_names_are_compared_in_lower_case_and_two_of_one_name_are_one() -> None:
    assert lowered({"kms:EncryptionContext:A": ("1",), "kms:encryptionContext:a": ("2",)}) == {
        "kms:encryptioncontext:a": ("1", "2")
    }


def test_the_permissions_are_those_of_botocores_operations() -> None:
    operations = {"ReEncrypt" if name.startswith("ReEncrypt") else name for name in ACTIONS}
    assert operations == set(MODEL.operation_names)
    assert set(IN_GRANTS) == set(MODEL.shape_for("GrantOperation").enum)
    assert set(ON_KEYS) == set(ON_A_KEY)


@pytest.mark.parametrize("name", sorted(set(MODEL.operation_names) - {"ListRetirableGrants", "ReEncrypt"}))
def test_an_operation_crosses_accounts_when_its_documentation_says_yes(name: str) -> None:
    documented = "Cross-account use</b>: Yes" in MODEL.operation_model(name).documentation
    assert crosses(f"kms:{name}") is documented or name in ON_ALIASES
    assert crosses("s3:GetObject")
    assert not crosses("ec2:RunInstances")
