"""The KMS Developer Guide's examples of conditions on which key it is, who calls, and through what."""

from kms_teach.access.condition_keys import KeyFacts
from tests.access.guides.example import ACCOUNT, Example, allowed, denied, role, silent, user
from tests.access.guides.kms import ALL_REGIONS, EXTERNAL, IN_HSM, IN_WEST, RSA, SIGNING, USER, when
from tests.access.people import allow, deny

PAGE = "conditions-kms"


EXAMPLES = (
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
                       Condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/finance-key"}}),
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
        identity=allow(action="kms:Decrypt", Condition={"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/*"}}),
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
