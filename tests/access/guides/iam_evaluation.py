"""The IAM User Guide's examples of how policies of several kinds are evaluated together."""

from tests.access.guides.example import ACCOUNT, KEY, Example, allowed, denied, role, silent, user
from tests.access.guides.iam import CARLOS, CAROL, EVERYTHING, HOME, HOME_KEY
from tests.access.people import allow, deny

A, B = "111111111111", "222222222222"
LOGIC, BOUNDARIES = "reference_policies_evaluation-logic", "access_policies_boundaries"
B_KEY, CARLOS_A = KEY.replace(ACCOUNT, B), user("carlossalazar", A)
SHIRLEY, ZHANG, NIKHIL = (user(name, HOME) for name in ("ShirleyRodriguez", "Zhang", "Nikhil"))
BOUND = "arn:aws:iam::111122223333:policy/XCompanyBoundaries"
X_COMPANY = (
    allow(action=["s3:*", "cloudwatch:*", "ec2:*", "dynamodb:*"]), allow(action=["iam:ListUsers", "iam:GetAccountPasswordPolicy"]),
    allow(action=["iam:*AccessKey*", "iam:ChangePassword", "iam:GetUser", "iam:*ServiceSpecificCredential*", "iam:*SigningCertificate*"], resource=["arn:aws:iam::*:user/${aws:username}"]),
    deny(action="s3:*", resource=["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]), deny(action="ec2:*", resource="arn:aws:ec2:*:*:instance/i-1234567890abcdef0"),
)  # fmt: skip
DELEGATED = (
    allow(action=["iam:CreateUser", "iam:DeleteUserPolicy", "iam:AttachUserPolicy", "iam:DetachUserPolicy", "iam:PutUserPermissionsBoundary"],
          Condition={"StringEquals": {"iam:PermissionsBoundary": BOUND}}),
    allow(action=["cloudwatch:*", "iam:GetUser", "iam:ListUsers", "iam:CreatePolicy", "iam:DeletePolicy", "iam:*Group*"]),
    deny(action=["iam:CreatePolicyVersion", "iam:DeletePolicy"], resource=[f"arn:aws:iam::{HOME}:policy/XCompanyBoundaries", f"arn:aws:iam::{HOME}:policy/DelegatedUserBoundary"]),
    deny(action="iam:DeleteUserPermissionsBoundary"),
)  # fmt: skip
ZHANGS = (
    allow(action="iam:*"),
    allow(action=["cloudwatch:GetDashboard", "cloudwatch:ListMetrics"]),
    allow(action="s3:ListBucket", resource="arn:aws:s3:::ZhangBucket"),
)
PRODUCTION = "arn:aws:s3:::productionapp"
ON_BUCKET = (
    allow(action="s3:ListBucket", resource=PRODUCTION),
    allow(action=["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], resource=f"{PRODUCTION}/*"),
)
TOKEN_APP = tuple(
    allow(action=name)
    for name in (
        "sts:GetFederationToken",
        "dynamodb:ListTables",
        "sqs:ReceiveMessage",
        "s3:ListBucket",
        "sns:ListSubscriptions",
    )
)


EXAMPLES = (
    Example(
        page=LOGIC, title="identity-based policy: Carlos and the bucket of his name, and never a log",
        identity=(
            allow(action=["s3:GetBucketLocation", "s3:ListAllMyBuckets"], resource="arn:aws:s3:::*"), allow(action="s3:*", resource=["arn:aws:s3:::carlossalazar/*", "arn:aws:s3:::carlossalazar"]),
            deny(action="s3:*", resource="arn:aws:s3:::*log*"),
        ),
        asks=(
            denied(CARLOS, "s3:PutObject", "arn:aws:s3:::carlossalazar-logs/a"), allowed(CARLOS, "s3:PutObject", "arn:aws:s3:::carlossalazar/a"),
            allowed(CARLOS, "s3:GetBucketLocation", "arn:aws:s3:::any"), silent(CARLOS, "s3:PutObject", "arn:aws:s3:::any/a"),
        ),
    ),
    Example(
        page=LOGIC, title="resource-based policy: one of the two policies that allows is enough, one that denies is too much", key_policy=(allow(CARLOS.arn), allow(HOME)),
        identity=(allow(action="kms:Encrypt"), deny(action="kms:Decrypt")),
        asks=(
            allowed(CARLOS, "GenerateDataKey", HOME_KEY), allowed(CARLOS, "Encrypt", HOME_KEY), denied(CARLOS, "Decrypt", HOME_KEY), allowed(user("Other", HOME), "Encrypt", HOME_KEY),
            silent(user("Other", HOME), "GenerateDataKey", HOME_KEY),
        ),
        note="a key stands for the bucket; that IAM policies count for it at all is the second statement's doing, which S3 does not need",
    ),
    Example(
        page=LOGIC, title="explicit and implicit denies", identity=(allow(action=["iam:Get*", "iam:List*"]), deny(action="iam:*Report"), allow(action="iam:GenerateCredentialReport")),
        asks=(
            allowed(CARLOS, "iam:GetUser"), silent(CARLOS, "iam:CreatePolicy"), denied(CARLOS, "iam:GetOrganizationsAccessReport"), denied(CARLOS, "iam:GenerateCredentialReport"),
        ),
    ),
    Example(
        page=LOGIC, title="a key policy for a role's ARN is limited by a boundary and a session policy", key_policy=allow(role("examplerole", HOME).arn, "kms:Decrypt"), session=allow(action="s3:*"),
        asks=(silent(role("examplerole", HOME), "Decrypt", HOME_KEY), allowed(role("examplerole", HOME), "Decrypt", HOME_KEY, without=("session",))),
    ),
    Example(
        page=LOGIC, title="a key policy for a session's ARN is not", key_policy=allow(role("examplerole", HOME, session="examplerolesessionname").caller_arn),
        boundary=allow(action="s3:*"), session=allow(action="s3:*"),
        asks=(allowed(role("examplerole", HOME, session="examplerolesessionname"), "Decrypt", HOME_KEY), silent(role("examplerole", HOME, session="other"), "Decrypt", HOME_KEY)),
    ),
    Example(
        page=LOGIC, title="a key policy for a user's ARN is not limited by a boundary", key_policy=(allow(user("exampleuser", HOME).arn), allow(HOME)), identity=allow(), boundary=allow(action="s3:*"),
        asks=(allowed(user("exampleuser", HOME), "Decrypt", HOME_KEY), silent(user("other", HOME), "Decrypt", HOME_KEY)),
    ),
    Example(
        page=LOGIC, title="a key policy for a federated user session's ARN is not limited, one for its user's ARN is",
        key_policy=(allow(CAROL.arn, "kms:Decrypt"), allow(user("Carol", HOME).arn, "kms:Encrypt")), session=allow(action="s3:*"),
        asks=(allowed(CAROL, "Decrypt", HOME_KEY), silent(CAROL, "Encrypt", HOME_KEY)),
    ),
    Example(
        page=LOGIC, title="without a session policy a role session has the role's permissions, a federated user session has none", key_policy=allow(HOME), identity=EVERYTHING,
        asks=(allowed(role("examplerole", HOME), "Decrypt", HOME_KEY), silent(CAROL, "Decrypt", HOME_KEY), silent(CAROL, "s3:ListAllMyBuckets")),
    ),
    Example(
        page="reference_policies_evaluation-logic-cross-account", title="Carlos and another account's Production: both accounts must allow",
        key_policy=allow(CARLOS_A.arn, ["kms:Decrypt", "kms:GenerateDataKey*"]), identity=(allow(action=["kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant"], resource=B_KEY), deny(resource=f"{B_KEY}-logs")),
        asks=(
            allowed(CARLOS_A, "GenerateDataKey", B_KEY), denied(CARLOS_A, "GenerateDataKey", f"{B_KEY}-logs"), silent(CARLOS_A, "CreateGrant", B_KEY),
            silent(CARLOS_A, "GenerateDataKeyWithoutPlaintext", B_KEY), silent(CARLOS_A, "GenerateDataKey", B_KEY, without=("identity",)), silent(user("other", A), "GenerateDataKey", B_KEY),
        ),
        note="keys stand for the buckets",
    ),
    Example(
        page="access_policies_identity-vs-resource", title="John and Mary at resource X", key_policy=(allow(HOME), allow([user("JohnSmith", HOME).arn, user("MaryMajor", HOME).arn], ["kms:ListGrants", "kms:DescribeKey"])),
        identity=allow(action=["kms:ListGrants", "kms:DescribeKey"], resource=HOME_KEY),
        asks=(allowed(user("JohnSmith", HOME), "DescribeKey", HOME_KEY), silent(user("JohnSmith", HOME), "Encrypt", HOME_KEY), allowed(user("MaryMajor", HOME), "ListGrants", HOME_KEY, without=("identity",))),
        note="keys stand for the resources X, Y and Z in this example and the next two: list is ListGrants, read is DescribeKey, write is Encrypt",
    ),
    Example(
        page="access_policies_identity-vs-resource", title="Carlos at resources Y and Z", key_policy=(allow(HOME), allow(CARLOS.arn, "kms:Encrypt"), deny(CARLOS.arn, "kms:Decrypt")),
        identity=allow(action=["kms:ListGrants", "kms:DescribeKey", "kms:Decrypt"], resource=HOME_KEY),
        asks=(allowed(CARLOS, "ListGrants", HOME_KEY), allowed(CARLOS, "Encrypt", HOME_KEY), denied(CARLOS, "Decrypt", HOME_KEY), silent(CARLOS, "PutKeyPolicy", HOME_KEY)),
    ),
    Example(
        page="access_policies_identity-vs-resource", title="Zhang at resource Z, with a resource-based policy alone", key_policy=allow(user("ZhangWei", HOME).arn),
        asks=(allowed(user("ZhangWei", HOME), "Encrypt", HOME_KEY), silent(user("Other", HOME), "Encrypt", HOME_KEY)),
    ),
    Example(
        page=BOUNDARIES, title="Shirley: a boundary without IAM", boundary=allow(action=["s3:*", "cloudwatch:*", "ec2:*"]), identity=(allow(action="iam:CreateUser"), allow(action="s3:ListAllMyBuckets")),
        asks=(silent(SHIRLEY, "iam:CreateUser"), allowed(SHIRLEY, "iam:CreateUser", without=("boundary",)), allowed(SHIRLEY, "s3:ListAllMyBuckets"), silent(SHIRLEY, "ec2:StartInstances")),
    ),
    Example(
        page=BOUNDARIES, title="Zhang: identity-based policy and boundary", boundary=DELEGATED, identity=ZHANGS,
        asks=(
            silent(ZHANG, "iam:CreateUser"), allowed(ZHANG, "iam:CreateUser", keys={"iam:PermissionsBoundary": BOUND}), silent(ZHANG, "iam:CreateUser", keys={"iam:PermissionsBoundary": f"{BOUND}2"}),
            allowed(ZHANG, "cloudwatch:ListMetrics"), silent(ZHANG, "cloudwatch:PutMetricData"), silent(ZHANG, "s3:ListBucket", "arn:aws:s3:::ZhangBucket"),
            denied(ZHANG, "iam:DeletePolicy", f"arn:aws:iam::{HOME}:policy/XCompanyBoundaries"), denied(ZHANG, "iam:DeleteUserPermissionsBoundary"), allowed(ZHANG, "iam:DeletePolicy", f"arn:aws:iam::{HOME}:policy/o"),
        ),
        note="the lists of actions are cut",
    ),
    Example(
        page=BOUNDARIES, title="Nikhil: full IAM and read-only S3 under the company's boundary", boundary=X_COMPANY, identity=(allow(action="iam:*"), allow(action=["s3:Get*", "s3:List*"])),
        asks=(
            allowed(NIKHIL, "iam:ChangePassword", f"arn:aws:iam::{HOME}:user/Nikhil"), silent(NIKHIL, "iam:ChangePassword", f"arn:aws:iam::{HOME}:user/Zhang"), silent(NIKHIL, "iam:CreateUser"),
            allowed(NIKHIL, "s3:GetObject", "arn:aws:s3:::own/a"), silent(NIKHIL, "s3:PutObject", "arn:aws:s3:::own/a"), denied(NIKHIL, "s3:GetObject", "arn:aws:s3:::logs/a"),
        ),
    ),
    Example(
        page=BOUNDARIES, title="Nikhil: a resource-based policy passes a silent boundary and not a Deny in it", boundary=(*X_COMPANY, deny(action="kms:ScheduleKeyDeletion")), key_policy=allow(NIKHIL.arn),
        asks=(allowed(NIKHIL, "Decrypt", HOME_KEY), denied(NIKHIL, "ScheduleKeyDeletion", HOME_KEY)),
        note="a key stands for the secret; a Deny on it for the one on the instance",
    ),
    Example(
        page=BOUNDARIES, title="an SCP, a boundary and an identity-based policy must all allow",
        identity=allow(action=["s3:*", "ec2:*", "kms:*"]), boundary=allow(action=["s3:*", "ec2:*", "iam:*"]), scps=(allow(action=["s3:*", "kms:*", "iam:*"]),),
        asks=(allowed(SHIRLEY, "s3:ListAllMyBuckets"), silent(SHIRLEY, "ec2:StartInstances"), silent(SHIRLEY, "CreateKey", "*"), silent(SHIRLEY, "iam:ListUsers")),
    ),
    Example(
        page=BOUNDARIES, title="a session policy, a boundary and an identity-based policy must all allow",
        identity=allow(action=["s3:*", "ec2:*", "kms:*"]), boundary=allow(action=["s3:*", "ec2:*"]), session=allow(action=["s3:*", "kms:*"]),
        asks=(allowed(role("r", HOME), "s3:ListAllMyBuckets"), silent(role("r", HOME), "ec2:StartInstances"), silent(role("r", HOME), "CreateKey", "*")),
    ),
    Example(
        page="id_credentials_temp_control-access_assumerole", title="a session without a policy has what its role has", identity=ON_BUCKET,
        asks=(allowed(role("app", HOME), "s3:DeleteObject", f"{PRODUCTION}/a"), allowed(role("app", HOME), "s3:ListBucket", PRODUCTION), silent(role("app", HOME), "s3:CreateBucket", PRODUCTION)),
    ),
    Example(
        page="id_credentials_temp_control-access_assumerole", title="a session policy filters an action out", identity=ON_BUCKET,
        session=(allow(action="s3:ListBucket", resource=PRODUCTION), allow(action=["s3:GetObject", "s3:PutObject"], resource=f"{PRODUCTION}/*")),
        asks=(allowed(role("app", HOME), "s3:GetObject", f"{PRODUCTION}/a"), allowed(role("app", HOME), "s3:ListBucket", PRODUCTION), silent(role("app", HOME), "s3:DeleteObject", f"{PRODUCTION}/a")),
    ),
    Example(
        page="id_credentials_temp_control-access_assumerole", title="a resource-based Deny for everyone is one for sessions", key_policy=(allow(HOME), deny("*", "kms:Decrypt")), identity=allow(),
        asks=(denied(role("app", HOME), "Decrypt", HOME_KEY), allowed(role("app", HOME), "Encrypt", HOME_KEY)), note="a key stands for the bucket",
    ),
    Example(
        page="id_credentials_temp_control-access_getfederationtoken", title="without a session policy the federated user has no permissions", identity=TOKEN_APP,
        asks=(silent(CAROL, "s3:ListBucket", PRODUCTION), allowed(user("token-app", HOME), "s3:ListBucket", PRODUCTION)),
    ),
    Example(
        page="id_credentials_temp_control-access_getfederationtoken", title="with a session policy: what both allow", identity=TOKEN_APP, session=ON_BUCKET,
        asks=(
            allowed(CAROL, "s3:ListBucket", PRODUCTION), silent(CAROL, "s3:GetObject", f"{PRODUCTION}/a"), silent(CAROL, "sns:ListSubscriptions"), silent(CAROL, "s3:ListBucket", "arn:aws:s3:::other"),
        ),
    ),
    Example(
        page="id_credentials_temp_control-access_getfederationtoken", title="a resource-based policy that names the federated user needs no session policy",
        key_policy=allow(CAROL.arn, ["kms:Decrypt", "kms:Encrypt"]), asks=(allowed(CAROL, "Decrypt", HOME_KEY), silent(CAROL, "GenerateDataKey", HOME_KEY)), note="a key stands for the bucket",
    ),
)  # fmt: skip
