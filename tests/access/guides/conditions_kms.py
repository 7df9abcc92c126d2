"""This is the KMS Developer Guide's page of KMS condition keys: an example for each, as named cases."""

from datetime import UTC, datetime
from typing import Any

from kms_teach.access.condition_keys import KeyFacts
from tests.access.guides.example import ACCOUNT, KEY, Example, allowed, denied, role, silent, user
from tests.access.people import allow, deny

PAGE = "conditions-kms"
USER, APP, BOB = user("ExampleUser"), role("RoleForExampleApp"), user("bob")
ALICE = user("alice", "712816755609")
IN_WEST = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/*"
ALL_REGIONS = f"arn:aws:kms:*:{ACCOUNT}:key/*"
ALICES_KEY = KEY.replace(ACCOUNT, "712816755609")
SIGNING = KeyFacts(account=ACCOUNT, spec="RSA_2048", usage="SIGN_VERIFY")
HMAC = KeyFacts(account=ACCOUNT, spec="HMAC_512", usage="GENERATE_VERIFY_MAC")
RSA = KeyFacts(account=ACCOUNT, spec="RSA_2048")
EXTERNAL = KeyFacts(account=ACCOUNT, origin="EXTERNAL")
IN_HSM = KeyFacts(account=ACCOUNT, origin="AWS_CLOUDHSM")
FULL = allow()  # an IAM policy that allows all of KMS: what a Deny takes away


def when(operator: str, **keys: Any) -> dict[str, Any]:
    """A Condition of one operator; `__` stands for the colon."""
    return {"Condition": {operator: {name.replace("__", ":"): value for name, value in keys.items()}}}


def context(**pairs: str) -> dict[str, Any]:
    return {f"kms:EncryptionContext:{name}": value for name, value in pairs.items()}


def sent(**pairs: str) -> dict[str, Any]:
    return {"EncryptionContext": pairs}


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
        page=PAGE, title="kms:CallerAccount, the key policy of the AWS managed key for EBS",
        key_policy=allow("*", ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"],
                         **when("StringEquals", kms__CallerAccount=ACCOUNT, kms__ViaService="ec2.us-west-2.amazonaws.com")),
        asks=(
            allowed(USER, "Decrypt", via_service="ec2.us-west-2.amazonaws.com"), silent(USER, "Decrypt"),
            silent(USER, "Decrypt", via_service="s3.us-west-2.amazonaws.com"),
            silent(user("ExampleUser", "444455556666"), "Decrypt", via_service="ec2.us-west-2.amazonaws.com"),
        ),
    ),
    Example(
        page=PAGE, title="kms:CustomerMasterKeySpec, the older name of kms:KeySpec",
        identity=allow(action="kms:CreateKey", **when("StringLike", kms__CustomerMasterKeySpec="RSA_*")),
        asks=(allowed(USER, "CreateKey", "*", KeySpec="RSA_4096"), silent(USER, "CreateKey", "*")),
    ),
    Example(
        page=PAGE, title="kms:CustomerMasterKeyUsage, the older name of kms:KeyUsage",
        identity=allow(action="kms:DescribeKey", resource=IN_WEST, **when("StringEquals", kms__CustomerMasterKeyUsage="SIGN_VERIFY")),
        asks=(allowed(USER, "DescribeKey", key=SIGNING), silent(USER, "DescribeKey")),
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
        page=PAGE, title="kms:EncryptionContext, one pair required",
        key_policy=allow(APP.arn, "kms:GenerateDataKey", Condition={"StringEquals": context(AppName="ExampleApp")}),
        asks=(
            allowed(APP, "GenerateDataKey", **sent(AppName="ExampleApp")), allowed(APP, "GenerateDataKey", **sent(AppName="ExampleApp", Stage="Test")),
            allowed(APP, "GenerateDataKey", **sent(appname="ExampleApp")),
            silent(APP, "GenerateDataKey", **sent(AppName="exampleapp")), silent(APP, "GenerateDataKey"),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext, one pair required and no other",
        key_policy=allow(ALICE.arn, "kms:GenerateDataKey", Condition={
            "StringEquals": context(AppName="ExampleApp"), "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["AppName"]}}),
        asks=(
            allowed(ALICE, "GenerateDataKey", ALICES_KEY, **sent(AppName="ExampleApp")),
            silent(ALICE, "GenerateDataKey", ALICES_KEY, **sent(AppName="ExampleApp", Stage="Test")),
            silent(ALICE, "GenerateDataKey", ALICES_KEY),
        ),
        note="the guide gives alice's account and no key; the key is of her account here",
    ),
    Example(
        page=PAGE, title="kms:EncryptionContextKeys with ForAllValues alone lets a request without a context through",
        key_policy=allow(APP.arn, "kms:GenerateDataKey", **{"Condition": {"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["AppName"]}}}),
        asks=(allowed(APP, "GenerateDataKey"), allowed(APP, "GenerateDataKey", **sent(AppName="any")), silent(APP, "GenerateDataKey", **sent(Stage="any"))),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext, one pair forbidden",
        key_policy=(allow(APP.arn), deny(APP.arn, "kms:GenerateDataKey", Condition={"StringEquals": context(Stage="Restricted")})),
        asks=(
            denied(APP, "GenerateDataKey", **sent(Stage="Restricted")), denied(APP, "GenerateDataKey", **sent(Stage="Restricted", AppName="x")),
            allowed(APP, "GenerateDataKey", **sent(Stage="Test")), allowed(APP, "GenerateDataKey"),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext, two pairs required",
        key_policy=allow(APP.arn, "kms:Decrypt", Condition={"StringEquals": context(Department="IT", Project="Alpha")}),
        asks=(
            allowed(APP, "Decrypt", **sent(Department="IT", Project="Alpha")), allowed(APP, "Decrypt", **sent(Department="IT", Project="Alpha", Stage="x")),
            silent(APP, "Decrypt", **sent(Department="IT")), silent(APP, "Decrypt", **sent(Project="Alpha")),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext, one pair or another, or both",
        key_policy=tuple(allow(APP.arn, "kms:GenerateDataKey", Condition={"StringEquals": pair}) for pair in (context(Department="IT"), context(Project="Alpha"))),
        asks=(
            allowed(APP, "GenerateDataKey", **sent(Department="IT")), allowed(APP, "GenerateDataKey", **sent(Project="Alpha")),
            allowed(APP, "GenerateDataKey", **sent(Department="IT", Project="Alpha")), silent(APP, "GenerateDataKey", **sent(Department="HR")),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext, two pairs required and no other",
        key_policy=allow(ALICE.arn, "kms:GenerateDataKey", Condition={
            "StringEquals": context(Department="IT", Project="Alpha"),
            "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["Department", "Project"]}}),
        asks=(
            allowed(ALICE, "GenerateDataKey", ALICES_KEY, **sent(Department="IT", Project="Alpha")),
            silent(ALICE, "GenerateDataKey", ALICES_KEY, **sent(Department="IT", Project="Alpha", Stage="x")),
            silent(ALICE, "GenerateDataKey", ALICES_KEY, **sent(Department="IT")), silent(ALICE, "GenerateDataKey", ALICES_KEY),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext, two values forbidden",
        key_policy=(allow(APP.arn), deny(APP.arn, "kms:GenerateDataKey", Condition={"StringEquals": {"kms:EncryptionContext:Stage": ["Restricted", "Production"]}})),
        asks=(
            denied(APP, "GenerateDataKey", **sent(Stage="Restricted")), denied(APP, "GenerateDataKey", **sent(Stage="Production")),
            allowed(APP, "GenerateDataKey", **sent(Stage="Test")),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext, a name in any case, a value in its own",
        key_policy=allow(APP.arn, "kms:Decrypt", Condition={"StringEquals": context(Appname="ExampleApp")}),
        asks=(
            allowed(APP, "Decrypt", **sent(appName="ExampleApp")), allowed(APP, "Decrypt", **sent(APPNAME="ExampleApp")),
            silent(APP, "Decrypt", **sent(Appname="exampleapp")),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContextKeys, a name in its own case",
        key_policy=allow(APP.arn, "kms:GenerateDataKey", Condition={"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "AppName"}}),
        asks=(allowed(APP, "GenerateDataKey", **sent(AppName="any")), silent(APP, "GenerateDataKey", **sent(appname="any"))),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext and kms:EncryptionContextKeys, name and value in their own case",
        key_policy=allow(APP.arn, "kms:GenerateDataKey", Condition={
            "ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "AppName"}, "StringEquals": context(AppName="ExampleApp")}),
        asks=(
            allowed(APP, "GenerateDataKey", **sent(AppName="ExampleApp")), silent(APP, "GenerateDataKey", **sent(appname="ExampleApp")),
            silent(APP, "GenerateDataKey", **sent(AppName="exampleapp")),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext with ${aws:username}",
        key_policy=allow([role("TestTeam").arn, BOB.arn], ["kms:Decrypt", "kms:Encrypt"], Condition={"StringEquals": context(user="${aws:username}")}),
        asks=(
            allowed(BOB, "Encrypt", **sent(user="bob")), silent(BOB, "Decrypt", **sent(user="alice")), silent(BOB, "Decrypt"),
            silent(role("TestTeam", session="bob"), "Encrypt", **sent(user="bob")),
        ),
        note="the guide names the role TestTeam alone; a role's session carries no aws:username (IAM User Guide, principal key values), so the "
        "variable has no value for it and nothing is allowed. bob, who has one, is added",
    ),
    Example(
        page=PAGE, title="kms:EncryptionContext with ${cognito-identity.amazonaws.com:sub}",
        key_policy=allow(role("TestTeam").arn, ["kms:Decrypt", "kms:Encrypt"], Condition={"StringEquals": context(sub="${cognito-identity.amazonaws.com:sub}")}),
        asks=(
            allowed(role("TestTeam"), "Decrypt", keys={"cognito-identity.amazonaws.com:sub": "us-east-1:1234"}, **sent(sub="us-east-1:1234")),
            silent(role("TestTeam"), "Decrypt", keys={"cognito-identity.amazonaws.com:sub": "us-east-1:1234"}, **sent(sub="us-east-1:9999")),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContextKeys with ForAnyValue",
        key_policy=allow(APP.arn, ["kms:Encrypt", "kms:GenerateDataKey*"], Condition={"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "AppName"}}),
        asks=(
            allowed(APP, "GenerateDataKey", **sent(AppName="Helper", Project="Alpha")), silent(APP, "GenerateDataKey", **sent(Project="Alpha")),
            silent(APP, "GenerateDataKey"),
        ),
    ),
    Example(
        page=PAGE, title="kms:EncryptionContextKeys with Null: any context will do, but one there must be",
        key_policy=allow(APP.arn, ["kms:Encrypt", "kms:GenerateDataKey*"], **when("Null", kms__EncryptionContextKeys=False)),
        asks=(allowed(APP, "Encrypt", **sent(any="thing")), silent(APP, "Encrypt")),
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
        key_policy=allow(USER.arn, "kms:CreateGrant", **{"Condition": {"ForAllValues:StringEquals": {"kms:GrantOperations": ["Encrypt", "ReEncryptTo"]}}}),
        asks=(
            allowed(USER, "CreateGrant", Operations=["Encrypt"]), allowed(USER, "CreateGrant", Operations=["Encrypt", "ReEncryptTo"]),
            silent(USER, "CreateGrant", Operations=["Encrypt", "Decrypt"]),
        ),
    ),
    Example(
        page=PAGE, title="kms:GrantOperations with ForAnyValue",
        key_policy=allow(USER.arn, "kms:CreateGrant", **{"Condition": {"ForAnyValue:StringEquals": {"kms:GrantOperations": ["Encrypt", "ReEncryptTo"]}}}),
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
        page=PAGE, title="kms:KeyOrigin, of a key to be made and of one that is used",
        identity=(
            allow(action="kms:CreateKey", **when("StringEquals", kms__KeyOrigin="AWS_KMS")),
            allow(action=["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"], resource=IN_WEST, **when("StringEquals", kms__KeyOrigin="AWS_CLOUDHSM")),
        ),
        asks=(
            allowed(USER, "CreateKey", "*"), silent(USER, "CreateKey", "*", Origin="EXTERNAL"), allowed(USER, "Decrypt", key=IN_HSM), silent(USER, "Decrypt"),
        ),
        note="the guide shows it as a key policy; kms:CreateKey, and a Resource of many keys, work in IAM policies only",
    ),
    Example(
        page=PAGE, title="kms:KeyOrigin, an IAM policy for keys of a custom key store",
        identity=allow(action=["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"], resource=IN_WEST, **when("StringEquals", kms__KeyOrigin="AWS_CLOUDHSM")),
        asks=(allowed(USER, "Encrypt", key=IN_HSM), silent(USER, "Encrypt"), silent(USER, "Encrypt", key=EXTERNAL), silent(USER, "DescribeKey", key=IN_HSM)),
    ),
    Example(
        page=PAGE, title="kms:KeySpec, of a key to be made",
        identity=allow(action="kms:CreateKey", **when("StringLike", kms__KeySpec="RSA_*")),
        asks=(allowed(USER, "CreateKey", "*", KeySpec="RSA_4096"), silent(USER, "CreateKey", "*", KeySpec="HMAC_256"), silent(USER, "CreateKey", "*")),
    ),
    Example(
        page=PAGE, title="kms:KeySpec, of a key that is used",
        identity=allow(action=["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:DescribeKey"], resource=IN_WEST, **when("StringEquals", kms__KeySpec="SYMMETRIC_DEFAULT")),
        asks=(allowed(USER, "Decrypt"), silent(USER, "Decrypt", key=RSA)),
    ),
    Example(
        page=PAGE, title="kms:KeySpec, where the request leaves the default out",
        identity=allow(action="kms:CreateKey", **when("StringEquals", kms__KeySpec="SYMMETRIC_DEFAULT")),
        asks=(
            allowed(USER, "CreateKey", "*"), allowed(USER, "CreateKey", "*", KeySpec="SYMMETRIC_DEFAULT"), silent(USER, "CreateKey", "*", KeySpec="RSA_2048"),
        ),
    ),
    Example(
        page=PAGE, title="a property of a key never holds where no key is used (ListKeys)",
        identity=allow(action=["kms:ListKeys", "kms:DescribeKey"], **when("StringEquals", kms__KeySpec="SYMMETRIC_DEFAULT")),
        asks=(allowed(USER, "DescribeKey"), silent(USER, "ListKeys", "*")),
    ),
    Example(
        page=PAGE, title="kms:KeyUsage, of a key to be made",
        identity=allow(action="kms:CreateKey", **when("StringEquals", kms__KeyUsage="ENCRYPT_DECRYPT")),
        asks=(allowed(USER, "CreateKey", "*"), silent(USER, "CreateKey", "*", KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")),
    ),
    Example(
        page=PAGE, title="kms:KeyUsage, of a key that is used",
        identity=allow(action=["kms:CreateGrant", "kms:DescribeKey", "kms:GetPublicKey", "kms:ScheduleKeyDeletion"], resource=IN_WEST,
                       **when("StringEquals", kms__KeyUsage="SIGN_VERIFY")),
        asks=(allowed(USER, "GetPublicKey", key=SIGNING), silent(USER, "GetPublicKey", key=RSA), silent(USER, "ScheduleKeyDeletion")),
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
        page=PAGE, title="kms:MultiRegion",
        identity=allow(action="kms:CreateKey", **when("Bool", kms__MultiRegion=False)),
        asks=(allowed(USER, "CreateKey", "*"), silent(USER, "CreateKey", "*", MultiRegion=True)),
    ),
    Example(
        page=PAGE, title="kms:MultiRegionKeyType",
        identity=allow(action=["kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"], resource=ALL_REGIONS, **when("StringEquals", kms__MultiRegionKeyType="REPLICA")),
        asks=(
            allowed(USER, "ScheduleKeyDeletion", key=KeyFacts(account=ACCOUNT, multi_region="REPLICA")),
            silent(USER, "ScheduleKeyDeletion", key=KeyFacts(account=ACCOUNT, multi_region="PRIMARY")), silent(USER, "ScheduleKeyDeletion"),
        ),
    ),
    Example(
        page=PAGE, title="kms:PrimaryRegion",
        key_policy=allow(role("Developer").arn, "kms:UpdatePrimaryRegion",
                         **when("StringEquals", kms__PrimaryRegion=["us-east-1", "us-west-2", "eu-west-3", "ap-southeast-2"])),
        asks=(
            allowed(role("Developer"), "UpdatePrimaryRegion", PrimaryRegion="eu-west-3"), silent(role("Developer"), "UpdatePrimaryRegion", PrimaryRegion="eu-west-1"),
        ),
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
        page=PAGE, title="kms:RequestAlias",
        key_policy=allow(role("developer").arn, "kms:GenerateDataKey", **when("StringEquals", kms__RequestAlias="alias/finance-key")),
        asks=(
            allowed(role("developer"), "GenerateDataKey", alias="alias/finance-key"), silent(role("developer"), "GenerateDataKey", alias="alias/another"),
            silent(role("developer"), "GenerateDataKey"),
        ),
    ),
    Example(
        page=PAGE, title="kms:ResourceAliases with ForAnyValue",
        identity=allow(action="kms:GenerateDataKey", resource=[ALL_REGIONS, ALL_REGIONS.replace(ACCOUNT, "444455556666")],
                       **{"Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/finance-key"}}}),
        asks=(
            allowed(USER, "GenerateDataKey", key=KeyFacts(account=ACCOUNT, aliases=("alias/finance-key", "alias/x"))),
            silent(USER, "GenerateDataKey", key=KeyFacts(account=ACCOUNT, aliases=("alias/x",))), silent(USER, "GenerateDataKey"),
        ),
    ),
    Example(
        page=PAGE, title="kms:ResourceAliases with ForAllValues and ForAnyValue",
        identity=allow(action=["kms:EnableKey", "kms:DisableKey"], resource=ALL_REGIONS, Condition={
            "ForAllValues:StringLike": {"kms:ResourceAliases": ["alias/*Test*"]}, "ForAnyValue:StringLike": {"kms:ResourceAliases": ["alias/*Test*"]}}),
        asks=(
            allowed(USER, "DisableKey", key=KeyFacts(account=ACCOUNT, aliases=("alias/Test", "alias/myTests"))),
            silent(USER, "DisableKey", key=KeyFacts(account=ACCOUNT, aliases=("alias/Test", "alias/prod"))), silent(USER, "DisableKey"),
        ),
    ),
    Example(
        page=PAGE, title="kms:ResourceAliases, a key with more aliases than its quota",
        identity=allow(action="kms:Decrypt", **{"Condition": {"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/*"}}}),
        asks=(
            allowed(USER, "Decrypt", key=KeyFacts(account=ACCOUNT, aliases=tuple(f"alias/{n}" for n in range(50)))),
            silent(USER, "Decrypt", key=KeyFacts(account=ACCOUNT, aliases=tuple(f"alias/{n}" for n in range(51)))),
        ),
    ),
    Example(
        page=PAGE, title="kms:ReplicaRegion",
        key_policy=allow(role("Administrator").arn, "kms:ReplicateKey", **when("StringEquals", kms__ReplicaRegion=["us-east-1", "eu-west-3", "ap-southeast-2"])),
        asks=(
            allowed(role("Administrator"), "ReplicateKey", ReplicaRegion="eu-west-3"), silent(role("Administrator"), "ReplicateKey", ReplicaRegion="eu-west-1"),
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
        page=PAGE, title="kms:ViaService, required",
        key_policy=allow(USER.arn, ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:ListGrants", "kms:DescribeKey"],
                         **when("StringEquals", kms__ViaService=["ec2.us-west-2.amazonaws.com", "rds.us-west-2.amazonaws.com"])),
        asks=(
            allowed(USER, "Decrypt", via_service="rds.us-west-2.amazonaws.com"), silent(USER, "Decrypt", via_service="ec2.us-east-1.amazonaws.com"),
            silent(USER, "Decrypt"),
        ),
    ),
    Example(
        page=PAGE, title="kms:ViaService, forbidden",
        key_policy=(allow(USER.arn), deny(USER.arn, ["kms:Encrypt"], **when("StringEquals", kms__ViaService=["lambda.us-west-2.amazonaws.com"]))),
        asks=(
            denied(USER, "Encrypt", via_service="lambda.us-west-2.amazonaws.com"), allowed(USER, "Decrypt", via_service="lambda.us-west-2.amazonaws.com"),
            allowed(USER, "Encrypt"),
        ),
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
    Example(
        page="conditions-nitro-enclaves", title="kms:RecipientAttestation:ImageSha384",
        key_policy=allow(role("data-processing").arn, ["kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateRandom"],
                         Condition={"StringEqualsIgnoreCase": {"kms:RecipientAttestation:ImageSha384": "9fedcba8abcdef7a"}}),
        asks=(
            allowed(role("data-processing"), "Decrypt", attested={"ImageSha384": "9FEDCBA8ABCDEF7A"}),
            silent(role("data-processing"), "Decrypt", attested={"ImageSha384": "0000"}), silent(role("data-processing"), "Decrypt"),
            silent(role("data-processing"), "GenerateRandom", "*", attested={"ImageSha384": "9fedcba8abcdef7a"}),
        ),
        note="the guide lists kms:GenerateRandom in the key policy too; no key policy is asked about it (page kms-api-permissions-reference). The hash is cut",
    ),
    Example(
        page="conditions-nitro-enclaves", title="kms:RecipientAttestation:PCR1",
        key_policy=allow(role("data-processing").arn, "kms:Decrypt", Condition={"StringEqualsIgnoreCase": {"kms:RecipientAttestation:PCR1": "0x1de4f2dcf774f6e3"}}),
        asks=(
            allowed(role("data-processing"), "Decrypt", attested={"PCR0": "00", "PCR1": "0x1DE4F2DCF774F6E3"}),
            silent(role("data-processing"), "Decrypt", attested={"PCR0": "0x1de4f2dcf774f6e3"}), silent(role("data-processing"), "Decrypt"),
        ),
        note="the value is cut",
    ),
)  # fmt: skip
