"""The KMS Developer Guide's examples of what surrounds a call: network, Regions, key stores, organization."""

from kms_teach.access.condition_keys import KeyFacts
from kms_teach.access.principals import service
from tests.access.guides.example import ACCOUNT, KEY, Example, allowed, denied, role, silent, user
from tests.access.guides.kms import (
    ALL_REGIONS,
    AWAY,
    EXTERNAL,
    FULL,
    IN_WEST,
    OTHER_KEY,
    SOMEBODY,
    STRANGER,
    USE,
    USER,
    VIA_EC2,
    grant,
    when,
)
from tests.access.people import allow, deny

EXAMPLES = (
    Example(
        page="conditions-aws", title="aws:SourceIp denies a service that calls for the user",
        identity=(FULL, {**deny(action="*", Condition={"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24"]}})}),
        asks=(allowed(USER, "Decrypt", source_ip="192.0.2.44"), denied(USER, "Decrypt", source_ip="198.51.100.7"), denied(USER, "Decrypt", source_ip="192.0.2.44", **VIA_EC2)),
    ),
    Example(
        page="conditions-aws", title="aws:SourceIp is not effective through a VPC endpoint", identity=allow(action="kms:*", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
        asks=(silent(USER, "Decrypt", source_ip="10.0.0.7", vpce="vpce-1", vpc="vpc-1"), allowed(USER, "Decrypt", source_ip="10.0.0.7")),
    ),
    Example(
        page="vpce-policy-condition", title="cryptographic operations only through one endpoint", identity=FULL,
        key_policy=(allow([ACCOUNT]), deny("*", USE[:4], Condition={"StringNotEquals": {"aws:sourceVpce": "vpce-1234abcdf5678c90a"}})),
        asks=(
            allowed(USER, "Encrypt", vpce="vpce-1234abcdf5678c90a"), denied(USER, "Encrypt", vpce="vpce-other"), denied(USER, "Encrypt"), allowed(USER, "DescribeKey"),
            denied(USER, "Decrypt", **VIA_EC2),
        ),
    ),
    Example(
        page="vpce-policy-condition", title="administration from one VPC, use from another, reading from everywhere", identity=FULL,
        key_policy=(
            allow(ACCOUNT, ["kms:Create*", "kms:Enable*", "kms:Put*", "kms:Update*", "kms:Revoke*", "kms:Disable*", "kms:Delete*", "kms:TagResource", "kms:UntagResource"],
                  Condition={"StringEquals": {"aws:sourceVpc": "vpc-12345678"}}),
            allow(ACCOUNT, ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"], Condition={"StringEquals": {"aws:sourceVpc": "vpc-2b2b2b2b"}}),
            allow(ACCOUNT, ["kms:Describe*", "kms:List*", "kms:Get*"]),
        ),
        asks=(
            allowed(USER, "DisableKey", vpc="vpc-12345678"), silent(USER, "DisableKey", vpc="vpc-2b2b2b2b"), allowed(USER, "Encrypt", vpc="vpc-2b2b2b2b"),
            silent(USER, "Encrypt", vpc="vpc-12345678"), silent(USER, "Encrypt"), allowed(USER, "DescribeKey"),
        ),
    ),
    Example(
        page="vpce-connect", title="permission is needed from the key policy and from the endpoint's policy",
        key_policy=allow(USER.arn, "kms:Decrypt"), endpoint=allow(USER.arn, ["kms:Decrypt", "kms:DisableKey"], KEY),
        asks=(
            allowed(USER, "Decrypt"), silent(USER, "DisableKey"), silent(user("Other"), "Decrypt"),
        ),
    ),
    Example(
        page="vpce-policy", title="one user, four operations, one key through the endpoint", identity=FULL,
        endpoint=allow(USER.arn, ["kms:Decrypt", "kms:DescribeKey", "kms:ListAliases", "kms:ListKeys"], KEY),
        asks=(allowed(USER, "Decrypt"), silent(USER, "Encrypt"), silent(USER, "Decrypt", OTHER_KEY), silent(SOMEBODY, "Decrypt"), allowed(USER, "Encrypt", without=("endpoint",))),
        note="as AWS Payment Cryptography's guide shows it on the page of the same name; KMS's own was not found by search",
    ),
    Example(
        page="multi-region-keys-auth", title="related multi-Region keys by one ARN with a star for the Region",
        identity=allow(action=["kms:Describe*", "kms:List*"], resource=f"arn:aws:kms:*:{ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab"),
        asks=(
            allowed(USER, "DescribeKey", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab"),
            allowed(USER, "DescribeKey", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab"), silent(USER, "DescribeKey"),
        ),
        note="the guide's ARN has a colon too many, and its Resource stands in braces",
    ),
    Example(
        page="multi-region-keys-auth", title="create any key", identity=allow(action=["kms:CreateKey", "iam:CreateServiceLinkedRole"]),
        asks=(allowed(USER, "CreateKey", "*"), allowed(USER, "CreateKey", "*", MultiRegion=True), allowed(USER, "iam:CreateServiceLinkedRole"), silent(USER, "ReplicateKey")),
    ),
    Example(
        page="multi-region-keys-auth", title="never create a multi-Region key", identity=(FULL, deny(action="kms:CreateKey", **when("Bool", kms__MultiRegion=True))),
        asks=(allowed(USER, "CreateKey", "*"), denied(USER, "CreateKey", "*", MultiRegion=True)),
    ),
    Example(
        page="multi-region-keys-auth", title="replicate into three Regions",
        key_policy=allow(role("Administrator").arn, "kms:ReplicateKey", **when("StringEquals", kms__ReplicaRegion=["us-east-1", "eu-west-3", "ap-southeast-2"])),
        asks=(allowed(role("Administrator"), "ReplicateKey", ReplicaRegion="us-east-1"), silent(role("Administrator"), "ReplicateKey", ReplicaRegion="us-east-2")),
    ),
    Example(
        page="multi-region-keys-auth", title="update the primary Region", key_policy=allow(role("Administrator").arn, "kms:UpdatePrimaryRegion"),
        asks=(allowed(role("Administrator"), "UpdatePrimaryRegion", PrimaryRegion="us-east-1"), silent(role("Other"), "UpdatePrimaryRegion", PrimaryRegion="us-east-1")),
    ),
    Example(
        page="multi-region-keys-auth", title="update the primary Region of any key, to three Regions",
        identity=allow(action="kms:UpdatePrimaryRegion", resource=ALL_REGIONS, **when("StringEquals", kms__PrimaryRegion=["us-west-2", "sa-east-1", "ap-southeast-1"])),
        asks=(allowed(USER, "UpdatePrimaryRegion", PrimaryRegion="sa-east-1"), silent(USER, "UpdatePrimaryRegion", PrimaryRegion="us-east-1")),
    ),
    Example(
        page="multi-region-keys-auth", title="never use or manage a multi-Region key", identity=(FULL, deny(**when("Bool", kms__MultiRegion=True))),
        asks=(allowed(USER, "Encrypt"), denied(USER, "Encrypt", key=KeyFacts(account=ACCOUNT, multi_region="PRIMARY"))),
    ),
    Example(
        page="multi-region-keys-auth", title="delete replicas alone",
        identity=allow(action=["kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"], resource=IN_WEST, **when("StringEquals", kms__MultiRegionKeyType="REPLICA")),
        asks=(
            allowed(USER, "ScheduleKeyDeletion", key=KeyFacts(account=ACCOUNT, multi_region="REPLICA")),
            silent(USER, "ScheduleKeyDeletion", key=KeyFacts(account=ACCOUNT, multi_region="PRIMARY")),
        ),
    ),
    Example(
        page="authorize-key-store", title="managers of a custom key store",
        identity=allow(action=[f"kms:{name}CustomKeyStore{'s' * (name == 'Describe')}" for name in ("Create", "Connect", "Disconnect", "Update", "Delete", "Describe")]),
        asks=(allowed(USER, "CreateCustomKeyStore", "*"), allowed(USER, "DescribeCustomKeyStores", "*"), silent(USER, "CreateKey", "*"), silent(SOMEBODY, "ConnectCustomKeyStore", "*", without=("identity",))),
    ),
    Example(
        page="authorize-xks-key-store", title="keys of external key stores alone", identity=allow(action=USE, resource=IN_WEST, **when("StringEquals", kms__KeyOrigin="EXTERNAL_KEY_STORE")),
        asks=(allowed(USER, "Encrypt", key=KeyFacts(account=ACCOUNT, origin="EXTERNAL_KEY_STORE")), silent(USER, "Encrypt"), silent(USER, "Encrypt", key=EXTERNAL)),
    ),
    Example(
        page="resource-control-policies", title="nobody from outside the organization", key_policy=allow("*"), identity=FULL,
        rcps=deny("*", Condition={"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "my-org-id"}, "Bool": {"aws:PrincipalIsAWSService": "false"}}),
        asks=(
            allowed(user("member", AWAY, organization="my-org-id"), "Decrypt"), denied(user("other", AWAY, organization="o-other"), "Decrypt"), denied(STRANGER, "Decrypt"),
            allowed(service("s3.amazonaws.com"), "Decrypt"),
        ),
    ),
    Example(
        page="resource-control-policies", title="services only for the organization's accounts", key_policy=allow("*"), identity=FULL,
        rcps=deny("*", Condition={
            "StringNotEqualsIfExists": {"aws:SourceOrgID": "my-org-id"}, "Bool": {"aws:PrincipalIsAWSService": "true"}, "Null": {"aws:SourceAccount": "false"}}),
        asks=(
            allowed(service("s3.amazonaws.com"), "Decrypt", source_account=ACCOUNT, keys={"aws:SourceOrgID": "my-org-id"}),
            denied(service("s3.amazonaws.com"), "Decrypt", source_account=AWAY, keys={"aws:SourceOrgID": "o-other"}), denied(service("s3.amazonaws.com"), "Decrypt", source_account=AWAY),
            allowed(service("s3.amazonaws.com"), "Decrypt"), allowed(USER, "Decrypt"),
        ),
    ),
    Example(
        page="resource-control-policies", title="kms:RetireGrant is not touched by a resource control policy", key_policy=allow("*"),
        rcps=deny("*"), grants=(grant(),), asks=(allowed(role("adminRole"), "RetireGrant"), denied(role("adminRole"), "Decrypt")),
    ),
)  # fmt: skip
