"""The KMS Developer Guide's examples of conditions on what a request asks for."""

from datetime import UTC, datetime

from kms_teach.access.condition_keys import KeyFacts
from tests.access.guides.example import ACCOUNT, KEY, Example, allowed, denied, role, silent, user
from tests.access.guides.kms import EXTERNAL, FULL, HMAC, IN_WEST, RSA, SIGNING, USER, when
from tests.access.people import allow, deny

PAGE = "conditions-kms"


EXAMPLES = (
    Example(
        page=PAGE, title="kms:BypassPolicyLockoutSafetyCheck, an IAM policy that denies the bypass",
        identity=(FULL, deny(action=["kms:CreateKey", "kms:PutKeyPolicy"], **when("Bool", kms__BypassPolicyLockoutSafetyCheck=True))),
        asks=(
            allowed(USER, "CreateKey", "*"), allowed(USER, "CreateKey", "*", BypassPolicyLockoutSafetyCheck=False),
            denied(USER, "CreateKey", "*", BypassPolicyLockoutSafetyCheck=True),
            denied(USER, "PutKeyPolicy", BypassPolicyLockoutSafetyCheck=True),
        ),
    ),
    Example(
        page=PAGE, title="kms:BypassPolicyLockoutSafetyCheck, a key policy that allows without the parameter",
        key_policy=allow(USER.arn, "kms:PutKeyPolicy", **when("Null", kms__BypassPolicyLockoutSafetyCheck=True)),
        asks=(allowed(USER, "PutKeyPolicy"), silent(USER, "PutKeyPolicy", BypassPolicyLockoutSafetyCheck=True)),
        note="the guide's statement names no Principal, which a key policy needs",
    ),
    Example(
        page=PAGE, title="kms:DataKeyPairSpec",
        key_policy=allow(USER.arn, ["kms:GenerateDataKeyPair", "kms:GenerateDataKeyPairWithoutPlaintext"], **when("StringLike", kms__DataKeyPairSpec="RSA*")),
        asks=(
            allowed(USER, "GenerateDataKeyPair", KeyPairSpec="RSA_3072"),
            allowed(USER, "GenerateDataKeyPairWithoutPlaintext", KeyPairSpec="RSA_2048"),
            silent(USER, "GenerateDataKeyPair", KeyPairSpec="ECC_NIST_P256"),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionAlgorithm, in the request", key=RSA,
        key_policy=(
            allow(role("ExampleRole").arn),
            deny(role("ExampleRole").arn, ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*"], **when("StringNotEquals", kms__EncryptionAlgorithm="RSAES_OAEP_SHA_256")),
        ),
        asks=(
            allowed(role("ExampleRole"), "Encrypt", EncryptionAlgorithm="RSAES_OAEP_SHA_256"),
            denied(role("ExampleRole"), "Encrypt", EncryptionAlgorithm="RSAES_OAEP_SHA_1"),
            denied(role("ExampleRole"), "ReEncryptFrom", SourceEncryptionAlgorithm="RSAES_OAEP_SHA_1"),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionAlgorithm, used for the operation",
        identity=(FULL, deny(action=["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"], resource=IN_WEST,
                             **when("StringNotEquals", kms__EncryptionAlgorithm="SYMMETRIC_DEFAULT"))),
        asks=(
            allowed(USER, "Encrypt"), allowed(USER, "GenerateDataKeyPair", KeyPairSpec="RSA_2048"),
            denied(USER, "Decrypt", key=RSA, EncryptionAlgorithm="RSAES_OAEP_SHA_256"),
        ),
    ),
    Example(
        page=PAGE, title="kms:ExpirationModel, a value required", key=EXTERNAL,
        key_policy=allow(USER.arn, "kms:ImportKeyMaterial", **when("StringEquals", kms__ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE")),
        asks=(
            allowed(USER, "ImportKeyMaterial", ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE"),
            silent(USER, "ImportKeyMaterial", ExpirationModel="KEY_MATERIAL_EXPIRES"), silent(USER, "ImportKeyMaterial"),
        ),
    ),
    Example(
        page=PAGE, title="kms:ExpirationModel, only without the parameter", key=EXTERNAL,
        key_policy=allow(USER.arn, "kms:ImportKeyMaterial", **when("Null", kms__ExpirationModel=True)),
        asks=(allowed(USER, "ImportKeyMaterial"), silent(USER, "ImportKeyMaterial", ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE")),
    ),
    Example(
        page=PAGE, title="kms:GrantConstraintType",
        key_policy=allow(USER.arn, "kms:CreateGrant", **when("StringEquals", kms__GrantConstraintType="EncryptionContextEquals")),
        asks=(
            allowed(USER, "CreateGrant", Operations=["Decrypt"], Constraints={"EncryptionContextEquals": {"a": "b"}}),
            silent(USER, "CreateGrant", Operations=["Decrypt"], Constraints={"EncryptionContextSubset": {"a": "b"}}),
            silent(USER, "CreateGrant", Operations=["Decrypt"]),
        ),
    ),
    Example(
        page=PAGE, title="kms:GrantIsForAWSResource",
        key_policy=allow(USER.arn, "kms:CreateGrant", **when("Bool", kms__GrantIsForAWSResource=True)),
        asks=(allowed(USER, "CreateGrant", via_service="ec2.us-west-2.amazonaws.com"), silent(USER, "CreateGrant")),
    ),
    Example(
        page=PAGE, title="kms:GrantOperations with ForAllValues",
        key_policy=allow(USER.arn, "kms:CreateGrant", Condition={"ForAllValues:StringEquals": {"kms:GrantOperations": ["Encrypt", "ReEncryptTo"]}}),
        asks=(
            allowed(USER, "CreateGrant", Operations=["Encrypt"]), allowed(USER, "CreateGrant", Operations=["Encrypt", "ReEncryptTo"]),
            silent(USER, "CreateGrant", Operations=["Encrypt", "Decrypt"]),
        ),
    ),
    Example(
        page=PAGE, title="kms:GrantOperations with ForAnyValue",
        key_policy=allow(USER.arn, "kms:CreateGrant", Condition={"ForAnyValue:StringEquals": {"kms:GrantOperations": ["Encrypt", "ReEncryptTo"]}}),
        asks=(allowed(USER, "CreateGrant", Operations=["Encrypt", "Decrypt"]), silent(USER, "CreateGrant", Operations=["Decrypt", "ReEncryptFrom"])),
    ),
    Example(
        page=PAGE, title="kms:GranteePrincipal",
        key_policy=allow(USER.arn, "kms:CreateGrant", **when("StringEquals", kms__GranteePrincipal=role("LimitedAdminRole").arn)),
        asks=(
            allowed(USER, "CreateGrant", GranteePrincipal=role("LimitedAdminRole").arn), silent(USER, "CreateGrant", GranteePrincipal=USER.arn),
        ),
    ),
    Example(
        page=PAGE, title="kms:KeyAgreementAlgorithm", key=KeyFacts(account=ACCOUNT, spec="ECC_NIST_P256", usage="KEY_AGREEMENT"),
        key_policy=(allow(role("ExampleRole").arn), deny(role("ExampleRole").arn, "kms:DeriveSharedSecret", **when("StringNotEquals", kms__KeyAgreementAlgorithm="ECDH"))),
        asks=(
            allowed(role("ExampleRole"), "DeriveSharedSecret", KeyAgreementAlgorithm="ECDH"),
            denied(role("ExampleRole"), "DeriveSharedSecret", KeyAgreementAlgorithm="another"),
        ),
    ),
    Example(
        page=PAGE, title="kms:MacAlgorithm, one or another", key=HMAC,
        key_policy=tuple(
            allow(role("testers").arn, ["kms:GenerateMac", "kms:VerifyMac"], **when("StringEquals", kms__MacAlgorithm=name)) for name in ("HMAC_SHA_384", "HMAC_SHA_512")
        ),
        asks=(
            allowed(role("testers"), "GenerateMac", MacAlgorithm="HMAC_SHA_384"), allowed(role("testers"), "VerifyMac", MacAlgorithm="HMAC_SHA_512"),
            silent(role("testers"), "GenerateMac", MacAlgorithm="HMAC_SHA_256"),
        ),
    ),
    Example(
        page=PAGE, title="kms:MacAlgorithm, both in one condition", key=HMAC,
        key_policy=allow(role("testers").arn, ["kms:GenerateMac", "kms:VerifyMac"], **when("StringEquals", kms__MacAlgorithm=["HMAC_SHA_384", "HMAC_SHA_512"])),
        asks=(allowed(role("testers"), "GenerateMac", MacAlgorithm="HMAC_SHA_384"), silent(role("testers"), "GenerateMac", MacAlgorithm="HMAC_SHA_256")),
        note="the guide says that one condition would ask for both algorithms at once; IAM's evaluation (values of one key are joined by OR) and "
        "the guide's own kms:PrimaryRegion example say otherwise",
    ),
    Example(
        page=PAGE, title="kms:MessageType", key=SIGNING,
        key_policy=allow(USER.arn, "kms:Sign", **when("StringEquals", kms__MessageType="RAW")),
        asks=(allowed(USER, "Sign", MessageType="RAW"), allowed(USER, "Sign"), silent(USER, "Sign", MessageType="DIGEST")),
    ),
    Example(
        page=PAGE, title="kms:ReEncryptOnSameKey",
        key_policy=allow(USER.arn, "kms:ReEncrypt*", **when("Bool", kms__ReEncryptOnSameKey=True)),
        asks=(
            allowed(USER, "ReEncryptFrom", SourceKeyArn=KEY, DestinationKeyArn=KEY), allowed(USER, "ReEncryptTo", SourceKeyArn=KEY, DestinationKeyArn=KEY),
            silent(USER, "ReEncryptFrom", SourceKeyArn=KEY, DestinationKeyArn="another"),
        ),
    ),
    Example(
        page=PAGE, title="kms:RetiringPrincipal",
        key_policy=allow(USER.arn, "kms:CreateGrant", **when("StringEquals", kms__RetiringPrincipal=[role("LimitedAdminRole").arn, user("OpsAdmin").arn])),
        asks=(
            allowed(USER, "CreateGrant", RetiringPrincipal=role("LimitedAdminRole").arn), allowed(USER, "CreateGrant", RetiringPrincipal=user("OpsAdmin").arn),
            silent(USER, "CreateGrant", RetiringPrincipal=USER.arn), silent(USER, "CreateGrant"),
        ),
    ),
    Example(
        page=PAGE, title="kms:RotationPeriodInDays",
        identity=FULL, key_policy=(allow(ACCOUNT), deny("*", "kms:EnableKeyRotation", **when("NumericLessThanEquals", kms__RotationPeriodInDays="180"))),
        asks=(
            allowed(USER, "EnableKeyRotation", RotationPeriodInDays=181), allowed(USER, "EnableKeyRotation"),
            denied(USER, "EnableKeyRotation", RotationPeriodInDays=180), denied(USER, "EnableKeyRotation", RotationPeriodInDays=90),
        ),
    ),
    Example(
        page=PAGE, title="kms:ScheduleKeyDeletionPendingWindowInDays",
        identity=FULL, key_policy=(allow(ACCOUNT), deny("*", "kms:ScheduleKeyDeletion", **when("NumericLessThanEquals", kms__ScheduleKeyDeletionPendingWindowInDays="21"))),
        asks=(
            allowed(USER, "ScheduleKeyDeletion", PendingWindowInDays=22), allowed(USER, "ScheduleKeyDeletion"),
            denied(USER, "ScheduleKeyDeletion", PendingWindowInDays=21),
        ),
    ),
    Example(
        page=PAGE, title="kms:SigningAlgorithm", key=SIGNING,
        key_policy=allow(role("testers").arn, "kms:Sign", **when("StringLike", kms__SigningAlgorithm="RSASSA_PSS*")),
        asks=(
            allowed(role("testers"), "Sign", SigningAlgorithm="RSASSA_PSS_SHA_512"),
            silent(role("testers"), "Sign", SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_512"),
        ),
    ),
    Example(
        page=PAGE, title="kms:ValidTo, compared as a number", key=EXTERNAL,
        key_policy=allow(USER.arn, "kms:ImportKeyMaterial", **when("NumericLessThanEquals", kms__ValidTo="1546257599.0")),
        asks=(
            allowed(USER, "ImportKeyMaterial", ValidTo=datetime(2018, 12, 31, 11, 59, 59, tzinfo=UTC)),
            silent(USER, "ImportKeyMaterial", ValidTo=datetime(2019, 1, 1, tzinfo=UTC)),
            silent(USER, "ImportKeyMaterial", ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE"),
        ),
        note="the guide takes 1546257599 for the last second of 2018; it is noon of that day in UTC",
    ),
    Example(
        page=PAGE, title="kms:WrappingAlgorithm", key=EXTERNAL,
        key_policy=allow(USER.arn, "kms:GetParametersForImport", **when("StringNotEquals", kms__WrappingAlgorithm="RSAES_OAEP_SHA_1")),
        asks=(
            allowed(USER, "GetParametersForImport", WrappingAlgorithm="RSAES_OAEP_SHA_256"),
            silent(USER, "GetParametersForImport", WrappingAlgorithm="RSAES_OAEP_SHA_1"),
        ),
    ),
    Example(
        page=PAGE, title="kms:WrappingKeySpec", key=EXTERNAL,
        key_policy=allow(USER.arn, "kms:GetParametersForImport", **when("StringEquals", kms__WrappingKeySpec="RSA_2048")),
        asks=(allowed(USER, "GetParametersForImport", WrappingKeySpec="RSA_2048"), silent(USER, "GetParametersForImport", WrappingKeySpec="RSA_4096")),
    ),
)  # fmt: skip
