"""The IAM User Guide's examples of the other policy elements, and of variables."""

from kms_teach.access.principals import root
from tests.access.guides.example import KEY, Example, allowed, denied, role, silent, user
from tests.access.guides.iam import EVERYTHING, HOME, HOME_KEY, JOHN, USERS, when
from tests.access.people import allow, deny

AWAY = "444455556666"
JOHN_DOE = user("John", HOME)
BOB, CAROL = user("Bob", AWAY), user("Carol", "777788889999")
AUDIT, OTHER_SESSION = (
    role("cross-account-read-only-role", AWAY, session=name) for name in ("cross-account-audit-app", "another")
)
VARIABLES = "reference_policies_variables"


EXAMPLES = (
    Example(
        page="reference_policies_elements_principal", title="an account by its number or its ARN",
        key_policy=allow(["arn:aws:iam::123456789012:root", "999999999999"]), identity=allow(),
        asks=tuple(verdict(user("a", account), "Decrypt", HOME_KEY) for verdict, account in ((allowed, HOME), (allowed, "999999999999"), (silent, "555555555555"))),
    ),
    Example(
        page="reference_policies_elements_principal", title="the user's name in its own case", key_policy=allow(JOHN.arn),
        asks=(allowed(JOHN, "Decrypt", HOME_KEY), silent(JOHN_DOE, "Decrypt", HOME_KEY)),
    ),
    Example(
        page="reference_policies_elements_principal", title="a role, and one session of a role",
        key_policy=(allow(role("read", HOME).arn, "kms:Decrypt"), allow(role("write", HOME, session="one").caller_arn, "kms:Encrypt")),
        asks=(
            allowed(role("read", HOME, session="any"), "Decrypt", HOME_KEY), allowed(role("write", HOME, session="one"), "Encrypt", HOME_KEY),
            silent(role("write", HOME, session="two"), "Encrypt", HOME_KEY),
        ),
    ),
    Example(
        page="reference_policies_elements_principal", title="a role by aws:PrincipalArn is not limited by boundary and session policy",
        key_policy=allow("*", **when("ArnEquals", "aws:PrincipalArn", role("app", HOME).arn)), session=allow(action="s3:*"), boundary=allow(action="s3:*"),
        asks=(allowed(role("app", HOME), "Decrypt", HOME_KEY), silent(role("other", HOME), "Decrypt", HOME_KEY)),
    ),
    Example(
        page="reference_policies_elements_notprincipal", title="everyone denied but one user of another account",
        key_policy=(allow("*"), {**deny(), "NotPrincipal": {"AWS": [BOB.arn, "arn:aws:iam::444455556666:root"]}}), identity=allow(),
        asks=(allowed(BOB, "Decrypt"), denied(user("Other", AWAY), "Decrypt"), denied(user("Ada"), "Decrypt"), denied(root("111122223333"), "Decrypt")),
        note="a key stands for the bucket",
    ),
    Example(
        page="reference_policies_elements_notprincipal", title="a user listed without the account's ARN may be denied too",
        key_policy=(allow("*"), {**deny(), "NotPrincipal": {"AWS": [BOB.arn, CAROL.arn, "arn:aws:iam::777788889999:root"]}}), identity=allow(),
        asks=(denied(BOB, "Decrypt"), allowed(CAROL, "Decrypt")),
        note="the guide leaves open which services do so (`might`); here the narrower reading holds",
    ),
    Example(
        page="reference_policies_elements_notprincipal", title="everyone denied but one session of a role of another account",
        key_policy=(allow("*"), {**deny(), "NotPrincipal": {"AWS": [AUDIT.caller_arn, AUDIT.arn, "arn:aws:iam::444455556666:root"]}}), identity=allow(),
        asks=(allowed(AUDIT, "Decrypt"), denied(OTHER_SESSION, "Decrypt"), denied(BOB, "Decrypt")),
        note="a key stands for the bucket",
    ),
    Example(
        page="reference_policies_elements_notprincipal", title="a session needs its role's ARN, its own and the account's in the list",
        key_policy=(allow("*"), {**deny(), "NotPrincipal": {"AWS": [AUDIT.arn, "arn:aws:iam::444455556666:root", BOB.arn]}}), identity=allow(),
        asks=(denied(AUDIT, "Decrypt"), allowed(BOB, "Decrypt")),
        note="the page advises to list role and account; AWS's knowledge center and security blog (How to restrict Amazon S3 bucket access to a specific IAM role) "
        "say that the session must be listed too",
    ),
    Example(
        page="access_policies_boundaries", title="a Deny with NotPrincipal always denies who has a permissions boundary",
        key_policy=(allow("*"), {**deny(), "NotPrincipal": {"AWS": [BOB.arn, "arn:aws:iam::444455556666:root"]}}), identity=allow(), boundary=allow(action="*"),
        asks=(denied(BOB, "Decrypt"), allowed(BOB, "Decrypt", without=("boundary",))),
    ),
    Example(
        page="reference_policies_elements_action", title="actions in any case, stars anywhere", identity=allow(action=["IAM:listaccesskeys", "iam:*SigningCertificate*", "s3:*"]),
        asks=(allowed(JOHN, "iam:ListAccessKeys"), allowed(JOHN, "iam:DeleteSigningCertificate"), allowed(JOHN, "s3:GetObject"), silent(JOHN, "iam:CreateAccessKey")),
    ),
    Example(
        page="reference_policies_elements_resource", title="stars and variables in an ARN",
        identity=(
            allow(action="iam:*", resource=f"{USERS}accounting/*"), allow(action="s3:GetObject", resource="arn:aws:s3:::my_corporate_bucket/*"),
            allow(action="dynamodb:*", resource="arn:aws:dynamodb:us-east-2:123456789012:table/${aws:username}"),
        ),
        asks=(
            allowed(JOHN, "iam:GetUser", f"{USERS}accounting/Ada"), silent(JOHN, "iam:GetUser", f"{USERS}Ada"), allowed(JOHN, "s3:GetObject", "arn:aws:s3:::my_corporate_bucket/a/b"),
            allowed(JOHN, "dynamodb:GetItem", "arn:aws:dynamodb:us-east-2:123456789012:table/john"), silent(JOHN, "dynamodb:GetItem", "arn:aws:dynamodb:us-east-2:123456789012:table/Ada"),
        ),
    ),
    Example(
        page="reference_policies_elements_notaction", title="NotAction with Allow, in the scope of a Resource", identity={"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::*"},
        asks=(allowed(JOHN, "s3:CreateBucket", "arn:aws:s3:::a"), silent(JOHN, "s3:DeleteBucket", "arn:aws:s3:::a"), silent(JOHN, "s3:ListAllMyBuckets"), silent(JOHN, "iam:ListUsers")),
    ),
    Example(
        page="reference_policies_elements_notaction", title="everything but IAM", identity={"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
        asks=(allowed(JOHN, "ec2:StartInstances"), allowed(JOHN, "CreateKey", "*"), silent(JOHN, "iam:ListUsers")),
    ),
    Example(
        page="reference_policies_elements_notaction", title="NotAction with Deny: without MFA only IAM",
        identity=(EVERYTHING, {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*", **when("BoolIfExists", "aws:MultiFactorAuthPresent", "false")}),
        asks=(allowed(user("m", HOME, mfa=True), "s3:GetObject"), denied(JOHN, "s3:GetObject"), allowed(JOHN, "iam:ListUsers"), denied(role("r", HOME), "s3:GetObject")),
    ),
    Example(
        page="reference_policies_elements_notresource", title="NotResource with Deny: nothing but one folder",
        identity=(EVERYTHING, {"Effect": "Deny", "Action": "s3:*", "NotResource": ["arn:aws:s3:::HRBucket/Payroll", "arn:aws:s3:::HRBucket/Payroll/*"]}),
        asks=(allowed(JOHN, "s3:GetObject", "arn:aws:s3:::HRBucket/Payroll/2026"), denied(JOHN, "s3:GetObject", "arn:aws:s3:::HRBucket/Other"), denied(JOHN, "s3:GetObject", "arn:aws:s3:::new/a")),
    ),
    Example(
        page=VARIABLES, title="a folder for David alone", identity=(allow(action=["s3:ListBucket"], resource=["arn:aws:s3:::mybucket"], **when("StringLike", "s3:prefix", ["David/*"])),
                                                                  allow(action=["s3:GetObject", "s3:PutObject"], resource=["arn:aws:s3:::mybucket/David/*"])),
        asks=(allowed(user("David", HOME), "s3:PutObject", "arn:aws:s3:::mybucket/David/a"), silent(user("David", HOME), "s3:PutObject", "arn:aws:s3:::mybucket/Ada/a")),
    ),
    Example(
        page=VARIABLES, title="a folder for each by ${aws:username}",
        identity=(allow(action=["s3:ListBucket"], resource=["arn:aws:s3:::mybucket"], **when("StringLike", "s3:prefix", ["${aws:username}/*"])),
                  allow(action=["s3:GetObject", "s3:PutObject"], resource=["arn:aws:s3:::mybucket/${aws:username}/*"])),
        asks=(
            allowed(JOHN, "s3:PutObject", "arn:aws:s3:::mybucket/john/a"), silent(JOHN, "s3:PutObject", "arn:aws:s3:::mybucket/David/a"),
            allowed(JOHN, "s3:ListBucket", "arn:aws:s3:::mybucket", keys={"s3:prefix": "john/"}), silent(JOHN, "s3:ListBucket", "arn:aws:s3:::mybucket", keys={"s3:prefix": "David/"}),
            silent(role("john", HOME), "s3:PutObject", "arn:aws:s3:::mybucket/john/a"),
        ),
    ),
    Example(
        page=VARIABLES, title="without the newer Version a variable is plain text", version="2008-10-17",
        identity=allow(action="s3:GetObject", resource=["arn:aws:s3:::mybucket/${aws:username}/*", "arn:aws:s3:::open/*"]),
        asks=(silent(JOHN, "s3:GetObject", "arn:aws:s3:::mybucket/john/a"), allowed(JOHN, "s3:GetObject", "arn:aws:s3:::mybucket/${aws:username}/a")),
    ),
    Example(
        page=VARIABLES, title="one's own access keys", identity=allow(action=["iam:*AccessKey*"], resource=["arn:aws:iam::123456789012:user/${aws:username}"]),
        asks=(allowed(JOHN, "iam:UpdateAccessKey", f"{USERS}john"), silent(JOHN, "iam:UpdateAccessKey", f"{USERS}David")),
    ),
    Example(
        page=VARIABLES, title="one's own queue in one Region", identity=(allow(action="sqs:ListQueues"), allow(action="sqs:*", resource="arn:aws:sqs:us-east-2:*:${aws:username}-queue")),
        asks=(allowed(JOHN, "sqs:SendMessage", "arn:aws:sqs:us-east-2:123456789012:john-queue"), silent(JOHN, "sqs:SendMessage", "arn:aws:sqs:us-west-2:123456789012:john-queue")),
    ),
    Example(
        page=VARIABLES, title="a tag of the principal in an ARN", identity=allow(action="s3:GetObject", resource=["arn:aws:s3:::bucket/${aws:PrincipalTag/department}"]),
        asks=(allowed(user("a", HOME, tags=(("department", "hr"),)), "s3:GetObject", "arn:aws:s3:::bucket/hr"), silent(JOHN, "s3:GetObject", "arn:aws:s3:::bucket/hr")),
    ),
    Example(
        page=VARIABLES, title="a variable in a resource-based policy's condition",
        key_policy=allow("999999999999", Condition={"StringLike": {"sns:endpoint": "https://example.com/${aws:username}/"}, "StringEquals": {"sns:Protocol": "https"}}), identity=allow(),
        asks=tuple(
            verdict(user("Ada", "999999999999"), "Decrypt", KEY.replace("111122223333", "999999999999"), keys={"sns:endpoint": f"https://example.com/{who}/", "sns:Protocol": "https"})
            for verdict, who in ((allowed, "Ada"), (silent, "John"))
        ),
        note="a key stands for the topic",
    ),
    Example(
        page=VARIABLES, title="a tag with one of two values", identity=allow(action=["iam:*user*"], **when("StringLike", "iam:ResourceTag/costCenter", ["12345", "67890"])),
        asks=(
            allowed(JOHN, "iam:GetUser", keys={"iam:ResourceTag/costCenter": "67890"}), silent(JOHN, "iam:GetUser", keys={"iam:ResourceTag/costCenter": "11111"}), silent(JOHN, "iam:GetUser"),
        ),
    ),
    Example(
        page=VARIABLES, title="characters that would be wildcards", identity=allow(action="s3:GetObject", resource="arn:aws:s3:::bucket/a${*}b${?}c${$}d"),
        asks=(allowed(JOHN, "s3:GetObject", "arn:aws:s3:::bucket/a*b?c$d"), silent(JOHN, "s3:GetObject", "arn:aws:s3:::bucket/axxbxc$d")),
    ),
    Example(
        page=VARIABLES, title="a variable with a default", identity=allow(action="s3:GetObject", **when("StringEquals", "aws:Resource", "arn:aws:s3:::/bucket/${aws:PrincipalTag/team, 'company-wide'}")),
        asks=(
            allowed(JOHN, "s3:GetObject", keys={"aws:Resource": "arn:aws:s3:::/bucket/company-wide"}), silent(JOHN, "s3:GetObject", keys={"aws:Resource": "arn:aws:s3:::/bucket/yellow"}),
            allowed(user("a", HOME, tags=(("team", "yellow"),)), "s3:GetObject", keys={"aws:Resource": "arn:aws:s3:::/bucket/yellow"}),
        ),
        note="the guide's variable is aws:userid, which is missing for nobody that KMS lets in",
    ),
)  # fmt: skip
