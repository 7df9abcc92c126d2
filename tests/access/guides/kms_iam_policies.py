"""The KMS Developer Guide's examples of IAM policies."""

from tests.access.guides.example import ACCOUNT, DELEGATING, KEY, Example, allowed, denied, silent
from tests.access.guides.kms import ALIAS, ALL_REGIONS, AWAY, FULL, IN_WEST, OTHER_KEY, USER, named
from tests.access.people import allow, deny

EXAMPLES = (
    Example(
        page="iam-policies-overview", title="an IAM policy to list keys and aliases", identity=allow(action=["kms:ListKeys", "kms:ListAliases"]),
        asks=(allowed(USER, "ListKeys", "*"), allowed(USER, "ListAliases", "*"), silent(USER, "DescribeKey")),
    ),
    Example(
        page="customer-managed-policies", title="read-only access to the console",
        identity=(
            allow(action=["kms:GetPublicKey", "kms:GetKeyRotationStatus", "kms:GetKeyPolicy", "kms:DescribeKey", "kms:ListKeyPolicies", "kms:ListResourceTags"], resource=ALL_REGIONS),
            allow(action=["kms:ListKeys", "kms:ListAliases", "iam:ListRoles", "iam:ListUsers"]),
        ),
        asks=(
            allowed(USER, "ListKeys", "*"), allowed(USER, "DescribeKey"), allowed(USER, "iam:ListUsers"), silent(USER, "CreateKey", "*"), silent(USER, "DisableKey"),
        ),
    ),
    Example(
        page="customer-managed-policies", title="create keys", identity=allow(action="kms:CreateKey"),
        asks=(allowed(USER, "CreateKey", "*"), silent(USER, "PutKeyPolicy"), silent(USER, "TagResource")),
    ),
    Example(
        page="customer-managed-policies", title="create keys, tag them and give them aliases",
        identity=(
            allow(action="kms:TagResource", resource=ALL_REGIONS), allow(action="kms:CreateAlias", resource=f"arn:aws:kms:*:{ACCOUNT}:alias/*"),
            allow(action=["kms:CreateKey", "kms:ListKeys", "kms:ListAliases"]),
        ),
        asks=(
            allowed(USER, "CreateKey", "*"), allowed(USER, "TagResource"), allowed(USER, "CreateAlias", f"{ALIAS}new"), silent(USER, "CreateAlias"), silent(USER, "PutKeyPolicy"),
        ),
        note="kms:CreateAlias on the key itself is for the key policy to give, as the guide says",
    ),
    Example(
        page="customer-managed-policies", title="encrypt and decrypt with any key of an account", identity=allow(action=["kms:Encrypt", "kms:Decrypt"], resource=ALL_REGIONS),
        asks=(allowed(USER, "Encrypt"), allowed(USER, "Encrypt", KEY.replace("us-west-2", "eu-west-1")), silent(USER, "Encrypt", KEY.replace(ACCOUNT, AWAY)), silent(USER, "Sign")),
    ),
    Example(
        page="customer-managed-policies", title="encrypt and decrypt with any key of an account and Region", identity=allow(action=["kms:Encrypt", "kms:Decrypt"], resource=[IN_WEST]),
        asks=(allowed(USER, "Encrypt"), silent(USER, "Encrypt", KEY.replace("us-west-2", "eu-west-1"))),
    ),
    Example(
        page="customer-managed-policies", title="encrypt and decrypt with two keys", identity=allow(action=["kms:Encrypt", "kms:Decrypt"], resource=[KEY, OTHER_KEY]),
        asks=(allowed(USER, "Decrypt"), allowed(USER, "Decrypt", OTHER_KEY), silent(USER, "Decrypt", f"{KEY[:-4]}0000")),
    ),
    Example(
        page="customer-managed-policies", title="prevent disabling and deleting, whatever else allows it", key_policy=allow(USER.arn),
        identity=(FULL, deny(action=["kms:DisableKey", "kms:ScheduleKeyDeletion"])),
        asks=(denied(USER, "DisableKey"), denied(USER, "ScheduleKeyDeletion"), allowed(USER, "EnableKey")),
    ),
    Example(
        page="cmks-in-iam-policies", title="keys by their ARNs", identity=allow(action=["kms:DescribeKey", "kms:GenerateDataKey", "kms:Decrypt"], resource=[KEY, OTHER_KEY]),
        asks=(allowed(USER, "GenerateDataKey"), silent(USER, "GenerateDataKey", f"{KEY[:-4]}0000"), silent(USER, "Encrypt")),
    ),
    Example(
        page="cmks-in-iam-policies", title="all keys of two trusted accounts", key_policy=(DELEGATING, allow(f"arn:aws:iam::{ACCOUNT}:root")),
        identity=allow(action=["kms:DescribeKey", "kms:GenerateDataKey", "kms:GenerateDataKeyPair"], resource=[ALL_REGIONS, ALL_REGIONS.replace(ACCOUNT, AWAY)]),
        asks=(
            allowed(USER, "GenerateDataKey"), allowed(USER, "GenerateDataKey", KEY.replace(ACCOUNT, AWAY)), silent(USER, "GenerateDataKey", KEY.replace(ACCOUNT, "777788889999")),
        ),
    ),
    Example(
        page="cmks-in-iam-policies", title="deny on all keys", identity=(FULL, deny(action=["kms:CreateKey", "kms:PutKeyPolicy", "kms:CreateGrant", "kms:ScheduleKeyDeletion"])),
        asks=(denied(USER, "CreateKey", "*"), denied(USER, "PutKeyPolicy"), allowed(USER, "Decrypt")),
    ),
    Example(
        page="cmks-in-iam-policies", title="Resource * for operations that use no key, and harmless ones",
        identity=allow(action=["kms:CreateKey", "kms:ListKeys", "kms:ListAliases", "kms:ListResourceTags"]),
        asks=(allowed(USER, "CreateKey", "*"), allowed(USER, "ListResourceTags"), silent(USER, "Decrypt")),
    ),
    Example(
        page="cmks-in-iam-policies", title="an alias as the Resource means the alias, never its key", identity=allow(resource=f"{ALIAS}prod"),
        asks=(silent(USER, "Decrypt", alias="alias/prod", key=named("alias/prod")), allowed(USER, "CreateAlias", f"{ALIAS}prod")),
    ),
)  # fmt: skip
