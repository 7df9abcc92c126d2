"""The KMS Developer Guide's examples of key policies, for one account and for others."""

from kms_teach.access.actions import AT_HOME, CRYPTOGRAPHIC
from kms_teach.access.principals import root, service
from tests.access.guides.example import ACCOUNT, DELEGATING, KEY, Example, allowed, denied, role, silent, user
from tests.access.guides.kms import (
    ADMIN,
    ADMIN_ROLE,
    ADMINISTER,
    ALICE,
    AWAY,
    FOR_SERVICES,
    FULL,
    HMAC,
    OTHER_KEY,
    RSA,
    SIGNING,
    SOMEBODY,
    STRANGER,
    USE,
    USER,
    VIA_EC2,
    sent,
    when,
)
from tests.access.people import allow, deny

TRAIL = "arn:aws:cloudtrail:us-west-2:111122223333:trail/finance"
KEY_USERS = [USER.arn, role("ExampleRole").arn, f"arn:aws:iam::{AWAY}:root"]
CONSOLE = (
    allow(f"arn:aws:iam::{ACCOUNT}:root", Sid="Enable IAM policies"),
    allow([ADMIN.arn, ADMIN_ROLE.arn], ADMINISTER, Sid="Allow access for Key Administrators"),
    allow(KEY_USERS, USE, Sid="Allow use of the key"),
    allow(KEY_USERS, FOR_SERVICES, Sid="Allow attachment of persistent resources", **when("Bool", kms__GrantIsForAWSResource="true")),
)  # fmt: skip


EXAMPLES = (
    Example(
        page="key-policy-overview", title="one statement for Alice, with a condition",
        key_policy=allow(ALICE.arn, "kms:DescribeKey", **when("StringEquals", kms__KeySpec="SYMMETRIC_DEFAULT")),
        asks=(allowed(ALICE, "DescribeKey"), silent(ALICE, "DescribeKey", key=RSA), silent(ALICE, "Encrypt"), silent(USER, "DescribeKey")),
    ),
    Example(
        page="key-policy-overview", title="a statement without a Resource is taken and has no effect",
        key_policy=({name: value for name, value in allow(ALICE.arn).items() if name != "Resource"}, allow(USER.arn)),
        asks=(silent(ALICE, "Decrypt"), allowed(USER, "Decrypt")),
    ),
    Example(
        page="key-policy-overview", title="the complete example key policy", key_policy=CONSOLE,
        asks=(
            allowed(root(ACCOUNT), "PutKeyPolicy"), silent(SOMEBODY, "Decrypt"), allowed(USER, "Decrypt"), silent(USER, "PutKeyPolicy"),
            allowed(ADMIN, "PutKeyPolicy"), silent(ADMIN, "Decrypt"), allowed(role("ExampleRole"), "GenerateDataKeyWithoutPlaintext"),
            allowed(USER, "CreateGrant", **VIA_EC2), silent(USER, "CreateGrant"), silent(STRANGER, "Decrypt"), allowed(root(AWAY), "Decrypt"),
        ),
    ),
    Example(
        page="key-policy-overview", title="an asterisk as the Principal admits users of other accounts who have an IAM policy",
        key_policy=allow("*", "kms:Decrypt"), identity=allow(action="kms:Decrypt", resource=KEY),
        asks=(allowed(USER, "Decrypt"), allowed(STRANGER, "Decrypt"), silent(STRANGER, "Decrypt", without=("identity",))),
    ),
    Example(
        page="key-policy-default", title="the default key policy leaves the key to the account's IAM policies", identity=FULL,
        asks=(
            allowed(root(ACCOUNT), "ScheduleKeyDeletion", without=("identity",)), silent(SOMEBODY, "Decrypt", without=("identity",)), allowed(SOMEBODY, "Decrypt"),
        ),
    ),
    Example(
        page="key-policy-default", title="without that statement an IAM policy that allows is ineffective, one that denies is not",
        key_policy=allow(USER.arn), identity=(allow(action="kms:Encrypt"), deny(action="kms:Decrypt")),
        asks=(silent(SOMEBODY, "Encrypt"), allowed(USER, "Encrypt"), denied(USER, "Decrypt"), silent(root(ACCOUNT), "Encrypt")),
    ),
    Example(
        page="key-policy-default", title="key administrators manage the key and do not use it", key_policy=allow([ADMIN.arn, ADMIN_ROLE.arn], ADMINISTER),
        asks=(
            *(allowed(ADMIN, name) for name in ("CreateAlias", "CreateGrant", "DescribeKey", "EnableKeyRotation", "ListGrants", "ListResourceTags", "PutKeyPolicy",
                                                "UpdateKeyDescription", "UpdatePrimaryRegion", "RevokeGrant", "DisableKey", "GetKeyPolicy", "GetPublicKey", "DeleteAlias",
                                                "DeleteImportedKeyMaterial", "ScheduleKeyDeletion", "CancelKeyDeletion", "TagResource")),
            *(silent(ADMIN_ROLE, name) for name in (*CRYPTOGRAPHIC, "ImportKeyMaterial", "ReplicateKey")),
            silent(ADMIN, "CreateKey", "*"), silent(ADMIN, "ListKeys", "*"), silent(ADMIN, "ListAliases", "*"),
        ),
    ),
    Example(
        page="key-policy-default", title="kms:Delete* does not allow ScheduleKeyDeletion", key_policy=allow(ADMIN.arn, "kms:Delete*"),
        asks=(allowed(ADMIN, "DeleteAlias"), silent(ADMIN, "ScheduleKeyDeletion")),
    ),
    Example(
        page="key-policy-default", title="key users of a symmetric encryption key",
        key_policy=allow(USER.arn, USE),
        asks=(
            *(allowed(USER, name) for name in ("Decrypt", "Encrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKeyPairWithoutPlaintext", "DescribeKey")),
            silent(USER, "GenerateMac"), silent(USER, "CreateGrant"),
        ),
    ),
    Example(
        page="key-policy-default", title="key users of an HMAC key", key=HMAC, key_policy=allow(USER.arn, ["kms:DescribeKey", "kms:GenerateMac", "kms:VerifyMac"]),
        asks=(allowed(USER, "GenerateMac", MacAlgorithm="HMAC_SHA_512"), allowed(USER, "VerifyMac", MacAlgorithm="HMAC_SHA_512"), silent(USER, "Encrypt")),
    ),
    Example(
        page="key-policy-default", title="key users of a key for public key encryption", key=RSA,
        key_policy=allow(USER.arn, ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:DescribeKey", "kms:GetPublicKey"]),
        asks=(allowed(USER, "GetPublicKey"), allowed(USER, "Decrypt"), silent(USER, "Sign")),
    ),
    Example(
        page="key-policy-default", title="key users of a key for signing", key=SIGNING, key_policy=allow(USER.arn, ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign", "kms:Verify"]),
        asks=(allowed(USER, "Sign"), allowed(USER, "Verify"), silent(USER, "Encrypt")),
    ),
    Example(
        page="key-policy-default", title="key users let services make grants for them",
        key_policy=allow(USER.arn, FOR_SERVICES, **when("Bool", kms__GrantIsForAWSResource=True)),
        asks=(
            allowed(USER, "CreateGrant", **VIA_EC2), allowed(USER, "ListGrants", **VIA_EC2), allowed(USER, "RevokeGrant", **VIA_EC2),
            silent(USER, "CreateGrant"), silent(USER, "ListGrants"),
        ),
    ),
    Example(
        page="key-policy-services", title="Amazon Location makes grants for one tracker",
        key_policy=allow(role("LocationTeam").arn, "kms:CreateGrant", Condition={"StringEquals": {
            "kms:ViaService": "geo.us-west-2.amazonaws.com", "kms:CallerAccount": ACCOUNT,
            "kms:EncryptionContext:aws:geo:arn": "arn:aws:geo:us-west-2:111122223333:tracker/SAMPLE-Tracker"}}),
        asks=tuple(
            verdict(role("LocationTeam"), "CreateGrant", via_service=via, Operations=["Decrypt"], Constraints={"EncryptionContextEquals": {
                "aws:geo:arn": f"arn:aws:geo:us-west-2:111122223333:tracker/{tracker}"}})
            for verdict, via, tracker in (
                (allowed, "geo.us-west-2.amazonaws.com", "SAMPLE-Tracker"), (silent, "geo.us-west-2.amazonaws.com", "Other"), (silent, "", "SAMPLE-Tracker"))
        ),
    ),
    Example(
        page="key-policy-services", title="an encryption context condition denies what has no encryption context",
        key_policy=allow(USER.arn, ["kms:Decrypt", "kms:DescribeKey"], Condition={"StringEquals": {"kms:EncryptionContext:AppName": "ExampleApp"}}),
        asks=(allowed(USER, "Decrypt", **sent(AppName="ExampleApp")), silent(USER, "DescribeKey")),
    ),
    Example(
        page="key-policy-services", title="CloudTrail for one trail, with aws:SourceArn and an encryption context",
        key_policy={**allow(action="kms:GenerateDataKey", Condition={
            "ArnEquals": {"aws:SourceArn": [TRAIL]},
            "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": [f"arn:aws:cloudtrail:*:{ACCOUNT}:trail/*"]}}), "Principal": {"Service": "cloudtrail.amazonaws.com"}},
        asks=(
            allowed(service("cloudtrail.amazonaws.com"), "GenerateDataKey", source_arn=TRAIL, EncryptionContext={"aws:cloudtrail:arn": TRAIL}),
            silent(service("cloudtrail.amazonaws.com"), "GenerateDataKey", source_arn=TRAIL.replace("finance", "other"), EncryptionContext={"aws:cloudtrail:arn": TRAIL}),
            silent(service("cloudtrail.amazonaws.com"), "GenerateDataKey", source_arn=TRAIL),
            silent(service("cloudtrail.amazonaws.com"), "GenerateDataKey", EncryptionContext={"aws:cloudtrail:arn": TRAIL}),
            silent(service("s3.amazonaws.com"), "GenerateDataKey", source_arn=TRAIL, EncryptionContext={"aws:cloudtrail:arn": TRAIL}),
        ),
    ),
    Example(
        page="determining-access-key-policy", title="who has access by the statements of a key policy",
        key_policy=(
            DELEGATING, allow(user("KMSKeyAdmin").arn, [name for name in ADMINISTER if "agResource" not in name]), allow(role("EncryptionApp").arn, USE),
            allow(role("EncryptionApp").arn, FOR_SERVICES, **when("Bool", kms__GrantIsForAWSResource=True)),
        ),
        asks=(
            allowed(user("KMSKeyAdmin"), "DisableKey"), silent(user("KMSKeyAdmin"), "TagResource"), silent(user("KMSKeyAdmin"), "Encrypt"),
            allowed(role("EncryptionApp"), "Encrypt"), allowed(role("EncryptionApp"), "CreateGrant", **VIA_EC2), silent(role("EncryptionApp"), "CreateGrant"),
        ),
    ),
    Example(
        page="deleting-keys-adding-permission", title="key administrators schedule and cancel deletion",
        key_policy=allow(user("KMSKeyAdmin").arn, ["kms:Create*", "kms:Delete*", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"]),
        asks=(allowed(user("KMSKeyAdmin"), "ScheduleKeyDeletion"), allowed(user("KMSKeyAdmin"), "CancelKeyDeletion"), silent(USER, "ScheduleKeyDeletion")),
    ),
    Example(
        page="key-policy-modifying-external-accounts", title="a key policy that admits an account, and an IAM policy there",
        key_policy=allow([f"arn:aws:iam::{AWAY}:root"], USE), identity=allow(action=[*USE, "kms:CreateGrant"], resource=KEY),
        asks=(
            allowed(STRANGER, "Decrypt"), silent(STRANGER, "Decrypt", without=("identity",)), silent(STRANGER, "CreateGrant"),
            silent(user("Other", "777788889999"), "Decrypt"), silent(STRANGER, "Decrypt", OTHER_KEY),
        ),
    ),
    Example(
        page="key-policy-modifying-external-accounts", title="a key policy that admits one role and one user of an account, and IAM policies there",
        key_policy=allow([role("ExampleRole", AWAY).arn, user("ExampleUser", AWAY).arn], USE), identity=allow(action=USE, resource=KEY),
        asks=(
            allowed(role("ExampleRole", AWAY), "Encrypt"), allowed(user("ExampleUser", AWAY), "Encrypt"), silent(STRANGER, "Encrypt"),
            silent(user("ExampleUser", AWAY), "Encrypt", without=("identity",)),
        ),
    ),
    Example(
        page="key-policy-modifying-external-accounts", title="another account's users let services make grants",
        key_policy=allow(f"arn:aws:iam::{AWAY}:root", FOR_SERVICES, **when("Bool", kms__GrantIsForAWSResource="true")), identity=FULL,
        asks=(allowed(STRANGER, "CreateGrant", **VIA_EC2), silent(STRANGER, "CreateGrant")),
    ),
    Example(
        page="iam-policies-best-practices", title="Resource * of an IAM policy reaches the keys of an account that gives permission",
        key_policy=allow(AWAY, "kms:Decrypt"), identity=allow(action="kms:Decrypt"),
        asks=(allowed(role("Any", AWAY), "Decrypt"), silent(role("Any", AWAY), "Decrypt", without=("identity",))),
    ),
    Example(
        page="iam-policies-best-practices", title="which operations can be called on keys of other accounts", key_policy=allow(AWAY), identity=FULL,
        asks=(
            *(allowed(STRANGER, name) for name in ("DescribeKey", "GetKeyRotationStatus", "Encrypt", "Decrypt", "GenerateDataKeyPair", "GetPublicKey", "ReEncryptTo", "Sign",
                                                   "CreateGrant", "ListGrants", "RevokeGrant")),
            *(silent(STRANGER, name) for name in AT_HOME),
        ),
    ),
    Example(
        page="policy-evaluation", title="example 1: Alice is denied, since no IAM policy and no grant gives her permission",
        asks=(silent(ALICE, "Decrypt"), allowed(root(ACCOUNT), "Decrypt")),
    ),
    Example(
        page="policy-evaluation", title="example 2: Bob's role uses a key of another account",
        key_policy=(allow("arn:aws:iam::444455556666:root"), allow("arn:aws:iam::111122223333:root", [
            "kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"])),
        identity=allow(action=["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant"], resource=KEY.replace(ACCOUNT, AWAY)),
        asks=(
            allowed(role("Engineering", session="bob"), "Encrypt", KEY.replace(ACCOUNT, AWAY)),
            silent(role("Engineering", session="bob"), "Encrypt", KEY.replace(ACCOUNT, AWAY), without=("identity",)),
            silent(role("Engineering", session="bob"), "CreateGrant", KEY.replace(ACCOUNT, AWAY)),
        ),
    ),
)  # fmt: skip
