"""The KMS Developer Guide's examples of access by alias and by tag, and of access to them."""

from tests.access.guides.example import ACCOUNT, DELEGATING, KEY, Example, allowed, denied, role, silent, user
from tests.access.guides.kms import (
    ADMIN,
    ALIAS,
    ALL_REGIONS,
    AWAY,
    EXTERNAL,
    FULL,
    IN_WEST,
    ON_ALIASES,
    OTHER_KEY,
    SOMEBODY,
    USER,
    named,
    tagged,
    when,
)
from tests.access.people import allow, deny

EXAMPLES = (
    Example(
        page="alias-authorization", title="kms:RequestAlias, aliases that include alpha",
        key_policy=allow(role("alpha-developer").arn, ["kms:Decrypt", "kms:GenerateDataKey*", "kms:DescribeKey"], **when("StringLike", kms__RequestAlias="alias/*alpha*")),
        asks=(
            allowed(role("alpha-developer"), "DescribeKey", alias="alias/project-alpha"), silent(role("alpha-developer"), "DescribeKey"),
            silent(role("alpha-developer"), "DescribeKey", alias="alias/project-beta"),
        ),
    ),
    Example(
        page="alias-authorization", title="kms:ResourceAliases, aliases that begin with restricted",
        identity=allow(action=["kms:EnableKeyRotation", "kms:DisableKeyRotation", "kms:GetKeyRotationStatus"], resource=[ALL_REGIONS, ALL_REGIONS.replace(ACCOUNT, AWAY)],
                       Condition={"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/restricted*"}}),
        asks=(
            allowed(USER, "EnableKeyRotation", alias="alias/restricted-project", key=named("alias/restricted-project")),
            allowed(USER, "EnableKeyRotation", key=named("alias/restricted-project")), silent(USER, "EnableKeyRotation", key=named("alias/other")),
        ),
    ),
    Example(
        page="alias-access", title="create an alias: on the alias by an IAM policy, on the key by the key policy",
        key_policy=allow(ADMIN.arn, ["kms:CreateAlias", "kms:DescribeKey"]), identity=allow(action=ON_ALIASES, resource=f"{ALIAS}test-key"),
        asks=(
            allowed(ADMIN, "CreateAlias", f"{ALIAS}test-key"), allowed(ADMIN, "CreateAlias"), silent(ADMIN, "CreateAlias", f"{ALIAS}other"),
            silent(USER, "CreateAlias"), silent(ADMIN, "CreateAlias", f"{ALIAS}test-key", without=("identity",)),
        ),
    ),
    Example(
        page="alias-access", title="list keys and aliases", identity=allow(action=["kms:ListKeys", "kms:ListAliases"]),
        asks=(allowed(USER, "ListAliases", "*"), silent(USER, "CreateAlias", f"{ALIAS}a")),
    ),
    Example(
        page="alias-access", title="update an alias: on the alias, and on both keys",
        key_policy=allow(ADMIN.arn, ["kms:UpdateAlias", "kms:DescribeKey"]), identity=allow(action=["kms:UpdateAlias", "kms:ListAliases", "kms:ListKeys"], resource=f"{ALIAS}test-key"),
        asks=(
            allowed(ADMIN, "UpdateAlias", f"{ALIAS}test-key"), allowed(ADMIN, "UpdateAlias"), allowed(ADMIN, "UpdateAlias", OTHER_KEY), silent(ADMIN, "UpdateAlias", f"{ALIAS}x"),
            silent(ADMIN, "ListAliases", "*"),
        ),
        note="the guide's statement lists kms:ListAliases and kms:ListKeys beside one alias; they need Resource *, as the same page says",
    ),
    Example(
        page="alias-access", title="delete an alias: on the alias, and on its key",
        key_policy=allow(ADMIN.arn, [*ON_ALIASES, "kms:DescribeKey"]), identity=allow(action=ON_ALIASES, resource=f"{ALIAS}test-key"),
        asks=(allowed(ADMIN, "DeleteAlias", f"{ALIAS}test-key"), allowed(ADMIN, "DeleteAlias"), silent(USER, "DeleteAlias")),
    ),
    Example(
        page="alias-access", title="alias permissions limited by the keys' origin", identity=allow(action=ON_ALIASES, resource=IN_WEST, **when("StringEquals", kms__KeyOrigin="AWS_KMS")),
        asks=(allowed(USER, "CreateAlias"), silent(USER, "CreateAlias", key=EXTERNAL)),
    ),
    Example(
        page="alias-access", title="all aliases but those that begin with Restricted",
        identity=(allow(action=ON_ALIASES, resource=f"{ALIAS}*"), deny(action=ON_ALIASES, resource=f"{ALIAS}Restricted*")),
        asks=(allowed(USER, "CreateAlias", f"{ALIAS}test"), denied(USER, "CreateAlias", f"{ALIAS}Restricted-1"), allowed(USER, "DeleteAlias", f"{ALIAS}restricted")),
    ),
    Example(
        page="abac", title="keys with the tag Purpose=Test", identity=allow(
            action=["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:DescribeKey"], resource=ALL_REGIONS, Condition={"StringEquals": {"aws:ResourceTag/Purpose": "Test"}}),
        asks=(allowed(USER, "Decrypt", key=tagged(Purpose="Test")), silent(USER, "Decrypt", key=tagged(Purpose="Production")), silent(USER, "Decrypt")),
    ),
    Example(
        page="abac", title="keys with one of three aliases", identity=allow(action=["kms:List*", "kms:Describe*", "kms:Decrypt"], resource=ALL_REGIONS, Condition={
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": ["alias/ProjectAlpha", "alias/ProjectAlpha_Test", "alias/ProjectAlpha_Dev"]}}),
        asks=(allowed(USER, "Decrypt", key=named("alias/ProjectAlpha_Dev")), silent(USER, "Decrypt", key=named("alias/ProjectBeta")), silent(USER, "Decrypt")),
    ),
    Example(
        page="abac", title="aws:TagKeys: never tag or untag with Restricted",
        identity=(FULL, deny(action=["kms:TagResource", "kms:UntagResource"], Condition={"ForAnyValue:StringEquals": {"aws:TagKeys": "Restricted"}})),
        asks=(
            denied(USER, "UntagResource", TagKeys=["Project", "Restricted"]), denied(USER, "TagResource", Tags=[{"TagKey": "Restricted", "TagValue": "x"}]),
            allowed(USER, "UntagResource", TagKeys=["Project"]),
        ),
        note="the guide tells of this policy without writing it out",
    ),
    Example(
        page="tag-authorization", title="the project's keys in one Region", identity=allow(
            action=["kms:GenerateDataKeyWithoutPlaintext", "kms:Decrypt"], resource=f"arn:aws:kms:ap-southeast-1:{ACCOUNT}:key/*", Condition={"StringEquals": {"aws:ResourceTag/Project": "Alpha"}}),
        asks=(
            allowed(role("alpha"), "Decrypt", KEY.replace("us-west-2", "ap-southeast-1"), key=tagged(Project="Alpha")),
            silent(role("alpha"), "Decrypt", KEY.replace("us-west-2", "ap-southeast-1"), key=tagged(Project="Beta")), silent(role("alpha"), "Decrypt", key=tagged(Project="Alpha")),
        ),
    ),
    Example(
        page="tag-authorization", title="no key with Type=Reserved, and none without a Type",
        identity=(
            allow(action=["kms:Encrypt", "kms:GenerateDataKey*", "kms:Decrypt", "kms:ReEncrypt*"], resource=ALL_REGIONS),
            deny(resource=ALL_REGIONS, Condition={"StringEquals": {"aws:ResourceTag/Type": "Reserved"}}), deny(resource=ALL_REGIONS, Condition={"Null": {"aws:ResourceTag/Type": "true"}}),
        ),
        asks=(allowed(USER, "Encrypt", key=tagged(Type="Open")), denied(USER, "Encrypt", key=tagged(Type="Reserved")), denied(USER, "Encrypt")),
    ),
    Example(
        page="tag-authorization", title="aws:ResourceTag has no effect in a key policy", identity=FULL,
        key_policy=(allow(USER.arn, Condition={"StringEquals": {"aws:ResourceTag/Project": "Alpha"}}), allow(SOMEBODY.arn)),
        asks=(silent(USER, "Decrypt", key=tagged(Project="Alpha")), allowed(SOMEBODY, "Decrypt", key=tagged(Project="Alpha"))),
        note="the guide says that the key is not supported in key policies; here, as with kms:ResourceAliases, a request shows it to IAM policies alone",
    ),
    Example(
        page="tag-permissions", title="who may tag, and who may only look",
        key_policy=(
            DELEGATING, allow([user("LeadAdmin").arn, user("SupportLead").arn], ["kms:TagResource", "kms:ListResourceTags", "kms:UntagResource"]),
            allow([role("Administrator").arn, role("Developer").arn], "kms:ListResourceTags"),
        ),
        asks=(allowed(user("LeadAdmin"), "TagResource"), allowed(role("Developer"), "ListResourceTags"), silent(role("Developer"), "TagResource"), silent(SOMEBODY, "ListResourceTags")),
    ),
    Example(
        page="tag-permissions", title="create keys and manage all tags",
        identity=(allow(action="kms:CreateKey"), allow(action=["kms:TagResource", "kms:UntagResource", "kms:ListResourceTags"], resource=ALL_REGIONS)),
        asks=(allowed(USER, "CreateKey", "*"), allowed(USER, "UntagResource", TagKeys=["a"]), silent(USER, "DescribeKey")),
    ),
    Example(
        page="tag-permissions", title="tags with the name Project alone",
        identity=(
            allow(action="kms:CreateKey"), allow(action="kms:ListResourceTags", resource=ALL_REGIONS),
            allow(action=["kms:TagResource", "kms:UntagResource"], resource=ALL_REGIONS, Condition={"ForAllValues:StringEquals": {"aws:TagKeys": "Project"}}),
        ),
        asks=(
            allowed(USER, "TagResource", Tags=[{"TagKey": "Project", "TagValue": "any"}]), silent(USER, "UntagResource", TagKeys=["Project", "Purpose"]),
            silent(USER, "TagResource", Tags=[{"TagKey": "Purpose", "TagValue": "any"}]),
        ),
    ),
)  # fmt: skip
