"""The IAM User Guide's library of example policies, and its pages on tags."""

from tests.access.guides.example import Example, allowed, denied, role, silent, user
from tests.access.guides.iam import CARLOS, EVERYTHING, HOME, OUTSIDE_EU, region
from tests.access.people import allow, deny

THIRD = "111111111111"  # a third party's account
PEGASUS = role(
    "access-peg-engineering", HOME, tags=(("access-project", "peg"), ("access-team", "eng"), ("cost-center", "987654"))
)
SAME = {
    f"aws:ResourceTag/{name}": f"${{aws:PrincipalTag/{name}}}"
    for name in ("access-project", "access-team", "cost-center")
}
ABAC = (
    allow(action="secretsmanager:*", Condition={
        "StringEquals": SAME, "ForAllValues:StringEquals": {"aws:TagKeys": ["access-project", "access-team", "cost-center", "Name", "OwnedBy"]},
        "StringEqualsIfExists": {key.replace("Resource", "Request"): value for key, value in SAME.items()}}),
    allow(action=["secretsmanager:GetRandomPassword", "secretsmanager:ListSecrets"]),
    allow(action=["secretsmanager:Describe*", "secretsmanager:Get*", "secretsmanager:List*"], Condition={"StringEquals": {"aws:ResourceTag/access-team": "${aws:PrincipalTag/access-team}"}}),
    deny(action="secretsmanager:UntagResource", Condition={"ForAnyValue:StringLike": {"aws:TagKeys": "access-*"}}), deny(action="secretsmanager:*Policy"),
)  # fmt: skip


def resource(**tags: str) -> dict[str, str]:
    return {f"aws:ResourceTag/{name.replace('_', '-')}": value for name, value in tags.items()}


PEG = resource(access_project="peg", access_team="eng", cost_center="987654")
UNI = resource(access_project="uni", access_team="eng", cost_center="123456")
QAS = resource(access_project="peg", access_team="qas", cost_center="987654")


EXAMPLES = (
    Example(
        page="reference_policies_examples_aws_deny-ip", title="nothing from outside the company's addresses", identity=(EVERYTHING, deny(action="*", Condition={"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24"]}})),
        asks=(allowed(CARLOS, "CreateKey", "*", source_ip="203.0.113.9"), denied(CARLOS, "CreateKey", "*", source_ip="198.51.100.9"), denied(CARLOS, "ListKeys", "*", source_ip="203.0.113.9", via_service="cloudformation.amazonaws.com")),
    ),
    Example(
        page="reference_policies_examples_ec2_terminate-ip", title="terminate from a range of addresses alone",
        identity=(allow(action=["ec2:TerminateInstances"]), deny(action=["ec2:TerminateInstances"], Condition={"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24"]}})),
        asks=(allowed(CARLOS, "ec2:TerminateInstances", keys={"aws:SourceIp": "192.0.2.1"}), denied(CARLOS, "ec2:TerminateInstances", keys={"aws:SourceIp": "8.8.8.8"})),
    ),
    Example(
        page="reference_policies_examples_aws-dates", title="between two dates", identity=allow(action="kms:GenerateRandom", Condition={
            "DateGreaterThan": {"aws:CurrentTime": "2017-07-01T00:00:00Z"}, "DateLessThan": {"aws:CurrentTime": "2017-12-31T23:59:59Z"}}),
        asks=tuple(verdict(CARLOS, "GenerateRandom", "*", keys={"aws:CurrentTime": at}) for verdict, at in (
            (allowed, "2017-09-01T00:00:00Z"), (silent, "2017-06-30T23:59:59Z"), (silent, "2018-01-01T00:00:00Z"), (silent, "2017-07-01T00:00:00Z"))),
        note="the guide says inclusive; DateGreaterThan leaves out the first second itself, by the page of operators",
    ),
    Example(
        page="reference_policies_examples_aws_mfa-dates", title="with MFA, between two dates", identity=allow(action=["kms:GenerateRandom", "kms:ListKeys"], Condition={
            "Bool": {"aws:MultiFactorAuthPresent": True}, "DateGreaterThan": {"aws:CurrentTime": "2017-07-01T00:00:00Z"}, "DateLessThan": {"aws:CurrentTime": "2017-12-31T23:59:59Z"}}),
        asks=tuple(verdict(user("a", HOME, mfa=mfa), "ListKeys", "*", keys={"aws:CurrentTime": at}) for verdict, mfa, at in (
            (allowed, True, "2017-09-01T00:00:00Z"), (silent, False, "2017-09-01T00:00:00Z"), (silent, True, "2018-09-01T00:00:00Z"))),
    ),
    Example(
        page="reference_policies_examples_aws_deny-requested-region", title="two Regions, and global services",
        identity=(EVERYTHING, {"Effect": "Deny", "NotAction": ["cloudfront:*", "iam:*", "route53:*", "support:*"], "Resource": "*", "Condition": OUTSIDE_EU}),
        asks=(allowed(CARLOS, "s3:CreateBucket", **region("eu-west-1")), denied(CARLOS, "s3:CreateBucket", **region("us-east-1")), allowed(CARLOS, "iam:CreateUser", **region("us-east-1"))),
    ),
    Example(
        page="reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only", title="one's own MFA device, and nothing else without MFA",
        identity=(
            allow(action="iam:ListVirtualMFADevices"), allow(action=["iam:CreateVirtualMFADevice", "iam:DeleteVirtualMFADevice"], resource="arn:aws:iam::*:mfa/${aws:username}"),
            allow(action=["iam:DeactivateMFADevice", "iam:EnableMFADevice", "iam:GetUser"], resource="arn:aws:iam::*:user/${aws:username}"), allow(action="s3:*"),
            {"Effect": "Deny", "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser", "iam:ListVirtualMFADevices", "sts:GetSessionToken"], "Resource": "*",
             "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
        ),
        asks=(
            allowed(CARLOS, "iam:EnableMFADevice", f"arn:aws:iam::{HOME}:user/carlossalazar"), denied(CARLOS, "iam:DeactivateMFADevice", f"arn:aws:iam::{HOME}:user/carlossalazar"),
            denied(CARLOS, "s3:ListAllMyBuckets"), allowed(user("m", HOME, mfa=True), "s3:ListAllMyBuckets"), silent(CARLOS, "iam:EnableMFADevice", f"arn:aws:iam::{HOME}:user/Other"),
        ),
        note="s3:* is the other policy that the guide speaks of",
    ),
    Example(
        page="reference_policies_examples_dynamodb_columns", title="these columns alone", identity=allow(action=["dynamodb:GetItem", "dynamodb:Query"], resource=["arn:aws:dynamodb:*:*:table/table-name"], Condition={
            "ForAllValues:StringEquals": {"dynamodb:Attributes": ["column-name-1", "column-name-2"]}, "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}}),
        asks=tuple(verdict(CARLOS, "dynamodb:Query", f"arn:aws:dynamodb:us-east-1:{HOME}:table/table-name", keys={"dynamodb:Attributes": names, **more}) for verdict, names, more in (
            (allowed, ["column-name-1"], {}), (silent, ["column-name-1", "secret"], {}), (silent, ["column-name-1"], {"dynamodb:Select": "ALL_ATTRIBUTES"}),
            (allowed, ["column-name-2"], {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}))),
    ),
    Example(
        page="reference_policies_examples_dynamodb_rows", title="one's own rows", identity=allow(action=["dynamodb:GetItem"], resource=["arn:aws:dynamodb:*:*:table/MyTable"], Condition={
            "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${cognito-identity.amazonaws.com:sub}"]}}),
        asks=tuple(verdict(role("web", HOME), "dynamodb:GetItem", f"arn:aws:dynamodb:us-east-1:{HOME}:table/MyTable", keys={"dynamodb:LeadingKeys": key, "cognito-identity.amazonaws.com:sub": "me"})
                   for verdict, key in ((allowed, "me"), (silent, "you"))),
    ),
    Example(
        page="reference_policies_examples_ec2-start-stop-tags", title="a tag of the instance and one of the principal", identity=allow(action=["ec2:StartInstances", "ec2:StopInstances"], resource="arn:aws:ec2:*:*:instance/*", Condition={
            "StringEquals": {"ec2:ResourceTag/Project": "DataAnalytics", "aws:PrincipalTag/Department": "Data"}}),
        asks=tuple(verdict(user("a", HOME, tags=tags), "ec2:StartInstances", f"arn:aws:ec2:us-east-1:{HOME}:instance/i-1", keys={"ec2:ResourceTag/Project": project}) for verdict, tags, project in (
            (allowed, (("Department", "Data"),), "DataAnalytics"), (silent, (), "DataAnalytics"), (silent, (("Department", "Data"),), "Other"))),
    ),
    Example(
        page="reference_policies_examples_iam-add-tag", title="a department for a manager", identity=allow(action="iam:TagUser", Condition={
            "StringEquals": {"iam:ResourceTag/JobFunction": "Manager", "aws:RequestTag/Department": ["Marketing", "Development", "QualityAssurance"]}, "ForAllValues:StringEquals": {"aws:TagKeys": "Department"}}),
        asks=tuple(verdict(CARLOS, "iam:TagUser", keys={"iam:ResourceTag/JobFunction": job, "aws:RequestTag/Department": "Marketing", "aws:TagKeys": names}) for verdict, job, names in (
            (allowed, "Manager", ["Department"]), (silent, "Clerk", ["Department"]), (silent, "Manager", ["Department", "Other"]))),
    ),
    Example(
        page="reference_policies_examples_iam-manage-tags", title="one tag alone", identity=allow(action=["iam:TagUser", "iam:UntagUser"], Condition={"ForAllValues:StringEquals": {"aws:TagKeys": "Department"}}),
        asks=(allowed(CARLOS, "iam:UntagUser", keys={"aws:TagKeys": "Department"}), silent(CARLOS, "iam:UntagUser", keys={"aws:TagKeys": ["Department", "Other"]})),
    ),
    Example(
        page="reference_policies_examples_iam-new-user-tag", title="new users with these tags alone, or without", identity=allow(action=["iam:CreateUser", "iam:TagUser"], Condition={
            "StringEqualsIfExists": {"aws:RequestTag/Department": ["Development", "QualityAssurance"], "aws:RequestTag/JobFunction": "Employee"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["Department", "JobFunction"]}}),
        asks=(
            allowed(CARLOS, "iam:CreateUser", keys={"aws:RequestTag/Department": "QualityAssurance", "aws:TagKeys": "Department"}), allowed(CARLOS, "iam:CreateUser"),
            silent(CARLOS, "iam:CreateUser", keys={"aws:RequestTag/JobFunction": "Employee", "aws:TagKeys": ["JobFunction", "Project"]}),
            silent(CARLOS, "iam:CreateUser", keys={"aws:RequestTag/Department": "Sales", "aws:TagKeys": "Department"}),
        ),
    ),
    Example(
        page="reference_policies_examples_iam_limit-managed", title="these managed policies alone", identity=allow(action=["iam:AttachUserPolicy", "iam:DetachUserPolicy"], Condition={
            "ArnEquals": {"iam:PolicyArn": [f"arn:aws:iam::{HOME}:policy/MANAGED-POLICY-NAME", "arn:aws:iam::aws:policy/AWS-MANAGED-POLICY-NAME"]}}),
        asks=(allowed(CARLOS, "iam:AttachUserPolicy", keys={"iam:PolicyArn": "arn:aws:iam::aws:policy/AWS-MANAGED-POLICY-NAME"}), silent(CARLOS, "iam:AttachUserPolicy", keys={"iam:PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})),
    ),
    Example(
        page="reference_policies_examples_s3_deny-except-bucket", title="one bucket, and no other service",
        identity=(allow(action="s3:*", resource=["arn:aws:s3:::bucket-name", "arn:aws:s3:::bucket-name/*"]), EVERYTHING,
                  {"Effect": "Deny", "NotAction": "s3:*", "NotResource": ["arn:aws:s3:::bucket-name", "arn:aws:s3:::bucket-name/*"]}),
        asks=(allowed(CARLOS, "s3:PutObject", "arn:aws:s3:::bucket-name/a"), denied(CARLOS, "ec2:StartInstances"), denied(CARLOS, "CreateKey", "*")),
        note="EVERYTHING is the other policy that the guide speaks of",
    ),
    Example(
        page="reference_policies_examples_s3_home-directory-console", title="one's own home directory in the console",
        identity=(allow(action="s3:ListBucket", resource="arn:aws:s3:::bucket-name", Condition={"StringLike": {"s3:prefix": ["", "home/", "home/${aws:username}/*"]}}),
                  allow(action="s3:*", resource=["arn:aws:s3:::bucket-name/home/${aws:username}", "arn:aws:s3:::bucket-name/home/${aws:username}/*"])),
        asks=(
            allowed(CARLOS, "s3:PutObject", "arn:aws:s3:::bucket-name/home/carlossalazar/a"), silent(CARLOS, "s3:PutObject", "arn:aws:s3:::bucket-name/home/other/a"),
            allowed(CARLOS, "s3:ListBucket", "arn:aws:s3:::bucket-name", keys={"s3:prefix": "home/carlossalazar/x"}), silent(CARLOS, "s3:ListBucket", "arn:aws:s3:::bucket-name", keys={"s3:prefix": "home/other/"}),
        ),
    ),
    Example(
        page="reference_policies_examples_s3_federated-home-directory-console", title="a session's home directory by aws:userid",
        identity=allow(action="s3:*", resource=["arn:aws:s3:::bucket-name/home/${aws:userid}", "arn:aws:s3:::bucket-name/home/${aws:userid}/*"]),
        asks=(
            allowed(role("web", HOME, session="John"), "s3:PutObject", "arn:aws:s3:::bucket-name/home/AROAEXAMPLE:John/a"), silent(role("web", HOME, session="Jane"), "s3:PutObject", "arn:aws:s3:::bucket-name/home/AROAEXAMPLE:John/a"),
        ),
    ),
    Example(
        page="access_tags", title="instances with the user's name as Owner", identity=allow(action=["ec2:StartInstances"], resource="arn:aws:ec2:*:*:instance/*", Condition={"StringEquals": {"ec2:ResourceTag/Owner": "${aws:username}"}}),
        asks=tuple(verdict(user("richard-roe", HOME), "ec2:StartInstances", f"arn:aws:ec2:us-east-1:{HOME}:instance/i-1", keys={key: owner}) for verdict, key, owner in (
            (allowed, "ec2:ResourceTag/Owner", "richard-roe"), (allowed, "ec2:ResourceTag/owner", "richard-roe"), (silent, "ec2:ResourceTag/Owner", "jane"))),
    ),
    Example(
        page="access_tags", title="these tags alone, with these values", identity=allow(action="ec2:CreateTags", Condition={
            "StringEquals": {"aws:RequestTag/environment": ["preprod", "production"]}, "ForAllValues:StringEquals": {"aws:TagKeys": "environment"}}),
        asks=tuple(verdict(CARLOS, "ec2:CreateTags", keys={"aws:RequestTag/environment": value, "aws:TagKeys": names}) for verdict, value, names in (
            (allowed, "preprod", ["environment"]), (silent, "test", ["environment"]), (silent, "preprod", ["Environment"]), (silent, "preprod", ["environment", "other"]))),
    ),
    Example(
        page="access_tags", title="these names of tags alone", identity=allow(action=["secretsmanager:CreateSecret"], Condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["environment", "cost-center"]}}),
        asks=(allowed(CARLOS, "secretsmanager:CreateSecret", keys={"aws:TagKeys": ["cost-center"]}), silent(CARLOS, "secretsmanager:CreateSecret", keys={"aws:TagKeys": ["cost-center", "x"]})),
    ),
    Example(
        page="tutorial_attribute-based-access-control", title="assume a role with the same tags", identity=allow(action="sts:AssumeRole", resource=f"arn:aws:iam::{HOME}:role/access-*", Condition={
            "StringEquals": {key.replace("aws:Resource", "iam:Resource"): value for key, value in SAME.items()}}),
        asks=tuple(verdict(user("access-Arnav-peg-eng", HOME, tags=PEGASUS.tags), "sts:AssumeRole", PEGASUS.arn, keys={key.replace("aws:Resource", "iam:Resource"): value for key, value in tags.items()})
                   for verdict, tags in ((allowed, PEG), (silent, UNI), (silent, {}))),
    ),
    Example(
        page="tutorial_attribute-based-access-control", title="secrets of one's own project and team", identity=ABAC,
        asks=(
            allowed(PEGASUS, "secretsmanager:PutSecretValue", keys=PEG), silent(PEGASUS, "secretsmanager:PutSecretValue", keys=UNI), allowed(PEGASUS, "secretsmanager:GetSecretValue", keys=UNI),
            silent(PEGASUS, "secretsmanager:GetSecretValue", keys=QAS), allowed(PEGASUS, "secretsmanager:ListSecrets"), denied(PEGASUS, "secretsmanager:PutResourcePolicy", keys=PEG),
            denied(PEGASUS, "secretsmanager:UntagResource", keys={**PEG, "aws:TagKeys": ["access-team"]}), silent(PEGASUS, "secretsmanager:TagResource", keys={**PEG, "aws:TagKeys": ["Other"]}),
            silent(PEGASUS, "secretsmanager:TagResource", keys={**PEG, "aws:RequestTag/access-project": "uni", "aws:TagKeys": ["access-project"]}),
        ),
        note="the older page compares aws:TagKeys without a set operator; ForAnyValue is written here, as the pages on sets ask for",
    ),
    Example(
        page="confused-deputy", title="an external id for a role of a third party", key_policy=allow(THIRD, "kms:Decrypt", Condition={"StringEquals": {"sts:ExternalId": "12345"}}), identity=allow(),
        asks=(allowed(user("deputy", THIRD), "Decrypt", keys={"sts:ExternalId": "12345"}), silent(user("deputy", THIRD), "Decrypt", keys={"sts:ExternalId": "67890"}), silent(user("deputy", THIRD), "Decrypt")),
        note="a key policy stands for the role's trust policy",
    ),
)  # fmt: skip
