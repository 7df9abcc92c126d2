"""The KMS Developer Guide's examples of grants."""

from kms_teach.access.grants import digest
from kms_teach.access.principals import root, service
from tests.access.guides.example import ACCOUNT, LATER, NOW, Example, allowed, denied, role, silent, user
from tests.access.guides.kms import ADMIN, AWAY, GRANTEE, SOMEBODY, STRANGER, grant, sent
from tests.access.people import allow, deny

FINANCE = {"Department": "Finance", "Classification": "Public"}
CLOSED = allow("arn:aws:iam::999999999999:root")  # a key policy that leaves everything to grants


EXAMPLES = (
    Example(
        page="create-grant-overview", title="a grant for Decrypt with a constraint", key_policy=CLOSED, grants=(grant(subset=(("Department", "IT"),)),),
        asks=(
            allowed(GRANTEE, "Decrypt", **sent(Department="IT")), silent(GRANTEE, "Decrypt", **sent(Department="HR")), silent(GRANTEE, "Encrypt", **sent(Department="IT")),
            silent(SOMEBODY, "Decrypt", **sent(Department="IT")),
        ),
    ),
    Example(
        page="create-grant-overview", title="EncryptionContextEquals: this context exactly", key_policy=CLOSED, grants=(grant(equals=(("Department", "IT"),)),),
        asks=(allowed(GRANTEE, "Decrypt", **sent(Department="IT")), silent(GRANTEE, "Decrypt", **sent(Department="IT", Purpose="Test")), silent(GRANTEE, "Decrypt")),
    ),
    Example(
        page="create-grant-overview", title="EncryptionContextSubset: at least this context", key_policy=CLOSED, grants=(grant(subset=(("Department", "IT"),)),),
        asks=(allowed(GRANTEE, "Decrypt", **sent(Department="IT")), allowed(GRANTEE, "Decrypt", **sent(Department="IT", Purpose="Test")), silent(GRANTEE, "Decrypt", **sent(Purpose="Test"))),
    ),
    Example(
        page="grants", title="contexts that satisfy EncryptionContextSubset, and that do not", key_policy=CLOSED,
        grants=(grant(operations=("GenerateDataKey", "Decrypt"), subset=tuple(sorted(FINANCE.items()))),),
        asks=(
            allowed(GRANTEE, "Decrypt", EncryptionContext=FINANCE), allowed(GRANTEE, "Decrypt", EncryptionContext=dict(reversed(FINANCE.items()))),
            allowed(GRANTEE, "GenerateDataKey", EncryptionContext={"Customer": "12345", **FINANCE, "Purpose": "Test"}), silent(GRANTEE, "Decrypt", **sent(Department="Finance")),
            silent(GRANTEE, "Decrypt", **sent(department="finance", classification="public")), silent(GRANTEE, "Decrypt", **sent(Classification="Public", Customer="12345")),
        ),
    ),
    Example(
        page="create-grant-overview", title="DynamoDB's grant for one table", key_policy=CLOSED,
        grants=(grant(grantee="dynamodb.amazonaws.com", retiring="dynamodb.amazonaws.com",
                      operations=("Decrypt", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo", "RetireGrant", "DescribeKey"),
                      subset=(("aws:dynamodb:subscriberId", ACCOUNT), ("aws:dynamodb:tableName", "Services"))),),
        asks=(
            allowed(service("dynamodb.amazonaws.com"), "Decrypt", EncryptionContext={"aws:dynamodb:tableName": "Services", "aws:dynamodb:subscriberId": ACCOUNT}),
            silent(service("dynamodb.amazonaws.com"), "Decrypt", EncryptionContext={"aws:dynamodb:tableName": "Other", "aws:dynamodb:subscriberId": ACCOUNT}),
            allowed(service("dynamodb.amazonaws.com"), "DescribeKey"), allowed(service("dynamodb.amazonaws.com"), "RetireGrant"),
        ),
        note="the guide's principal is dynamodb.us-west-2.amazonaws.com",
    ),
    Example(
        page="create-grant-overview", title="a grant with CreateGrant gives on no more than it has", key_policy=CLOSED,
        grants=(grant(operations=("GenerateDataKey", "Decrypt", "CreateGrant"), subset=(("Department", "IT"),)),),
        asks=(
            allowed(GRANTEE, "CreateGrant", Operations=["CreateGrant", "Decrypt"], Constraints={"EncryptionContextEquals": {"Department": "IT"}}),
            allowed(GRANTEE, "CreateGrant", Operations=["Decrypt"], Constraints={"EncryptionContextSubset": {"Department": "IT", "Purpose": "Test"}}),
            silent(GRANTEE, "CreateGrant", Operations=["Decrypt", "ReEncryptFrom"], Constraints={"EncryptionContextEquals": {"Department": "IT"}}),
            silent(GRANTEE, "CreateGrant", Operations=["Decrypt"], Constraints={"EncryptionContextSubset": {"Purpose": "Test"}}), silent(GRANTEE, "CreateGrant", Operations=["Decrypt"]),
        ),
    ),
    Example(
        page="create-grant-overview", title="the child grant cannot go back from Equals to Subset", key_policy=CLOSED,
        grants=(grant(grantee=user("anotherUser").arn, operations=("CreateGrant", "Decrypt"), equals=(("Department", "IT"),)),),
        asks=(
            allowed(user("anotherUser"), "CreateGrant", Operations=["Decrypt"], Constraints={"EncryptionContextEquals": {"Department": "IT"}}),
            silent(user("anotherUser"), "CreateGrant", Operations=["Decrypt"], Constraints={"EncryptionContextSubset": {"Department": "IT"}}),
        ),
    ),
    Example(
        page="create-grant-overview", title="who has CreateGrant from a policy is not limited so", key_policy=allow(GRANTEE.arn, "kms:CreateGrant"),
        grants=(grant(operations=("Decrypt", "CreateGrant"), subset=(("Department", "IT"),)),),
        asks=(allowed(GRANTEE, "CreateGrant", Operations=["Encrypt", "Decrypt"]), silent(SOMEBODY, "CreateGrant", Operations=["Decrypt"])),
    ),
    Example(
        page="grant-manage", title="a new grant counts at once for who shows its token", key_policy=CLOSED,
        grants=(grant(grantee=user("appUser").arn, operations=("GenerateDataKey", "Decrypt"), effective=LATER, tokens=(digest("token"),)),),
        asks=(
            allowed(user("appUser"), "GenerateDataKey", now=NOW, tokens=frozenset({digest("token")})), silent(user("appUser"), "GenerateDataKey", now=NOW),
            allowed(user("appUser"), "GenerateDataKey", now=LATER),
        ),
    ),
    Example(
        page="grant-manage", title="who may retire a grant, and that kms:RetireGrant alone does not do", key_policy=allow(SOMEBODY.arn), identity=(),
        grants=(grant(),),
        asks=(allowed(role("adminRole"), "RetireGrant"), allowed(root(ACCOUNT), "RetireGrant"), silent(GRANTEE, "RetireGrant"), silent(SOMEBODY, "RetireGrant")),
    ),
    Example(
        page="grant-manage", title="a grantee whose grant lists RetireGrant may retire it", key_policy=CLOSED, grants=(grant(operations=("Decrypt", "RetireGrant")),),
        asks=(allowed(GRANTEE, "RetireGrant"), silent(SOMEBODY, "RetireGrant")),
    ),
    Example(
        page="grant-manage", title="a Deny on kms:RetireGrant in an IAM policy", key_policy=CLOSED, grants=(grant(),), identity=deny(action="kms:RetireGrant"),
        asks=(denied(role("adminRole"), "RetireGrant"), allowed(role("adminRole"), "RetireGrant", without=("identity",))),
    ),
    Example(
        page="grant-manage", title="the account delegates retiring to a user by an IAM policy", key_policy=CLOSED, grants=(grant(),), identity=allow(action="kms:RetireGrant"),
        asks=(allowed(SOMEBODY, "RetireGrant"), silent(SOMEBODY, "RetireGrant", without=("identity",)), silent(STRANGER, "RetireGrant")),
    ),
    Example(
        page="grant-manage", title="another account that is the retiring principal delegates it to its user", key_policy=CLOSED, grants=(grant(retiring=f"arn:aws:iam::{AWAY}:root"),),
        identity=allow(action="kms:RetireGrant"), asks=(allowed(STRANGER, "RetireGrant"), silent(STRANGER, "RetireGrant", without=("identity",))),
    ),
    Example(
        page="grant-manage", title="RevokeGrant is for who has the permission", key_policy=allow(ADMIN.arn, "kms:RevokeGrant"), grants=(grant(),),
        asks=(allowed(ADMIN, "RevokeGrant"), silent(GRANTEE, "RevokeGrant"), silent(role("adminRole"), "RevokeGrant")),
    ),
    Example(
        page="grant-manage", title="a grant never gives ListGrants or RevokeGrant", key_policy=CLOSED, grants=(grant(operations=("Decrypt", "CreateGrant")),),
        asks=(allowed(GRANTEE, "Decrypt"), silent(GRANTEE, "ListGrants"), silent(GRANTEE, "RevokeGrant")),
    ),
)  # fmt: skip
