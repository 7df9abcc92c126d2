"""Who and what the KMS Developer Guide's examples are about: its people, keys and lists of actions."""

from typing import Any

from kms_teach.access.condition_keys import KeyFacts
from kms_teach.access.grants import Grant
from tests.access.guides.example import ACCOUNT, KEY, NOW, role, user
from tests.access.people import allow

AWAY = "444455556666"
USER, ADMIN, ADMIN_ROLE = user("ExampleUser"), user("KMSAdminUser"), role("KMSAdminRole")
ALICE, BOB, SOMEBODY, GRANTEE = user("Alice"), user("bob"), user("Somebody"), user("exampleUser")
STRANGER = user("Stranger", AWAY)
APP = role("RoleForExampleApp")

OTHER_KEY = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/0987dcba-09fe-87dc-65ba-ab0987654321"
IN_WEST, ALL_REGIONS = (f"arn:aws:kms:{region}:{ACCOUNT}:key/*" for region in ("us-west-2", "*"))
ALIAS = f"arn:aws:kms:us-west-2:{ACCOUNT}:alias/"
RSA = KeyFacts(account=ACCOUNT, spec="RSA_2048")
SIGNING = KeyFacts(account=ACCOUNT, spec="RSA_2048", usage="SIGN_VERIFY")
HMAC = KeyFacts(account=ACCOUNT, spec="HMAC_512", usage="GENERATE_VERIFY_MAC")
EXTERNAL = KeyFacts(account=ACCOUNT, origin="EXTERNAL")
IN_HSM = KeyFacts(account=ACCOUNT, origin="AWS_CLOUDHSM")

FULL = allow()  # an IAM policy that allows all of KMS: what a Deny takes away
USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
ADMINISTER = [
    "kms:Create*", "kms:Describe*", "kms:Enable*", "kms:List*", "kms:Put*", "kms:Update*", "kms:Revoke*", "kms:Disable*",
    "kms:Get*", "kms:Delete*", "kms:TagResource", "kms:UntagResource", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion",
]  # fmt: skip
FOR_SERVICES = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"]
ON_ALIASES = ["kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias"]
VIA_EC2 = {"via_service": "ec2.us-west-2.amazonaws.com"}


def when(operator: str, **keys: Any) -> dict[str, Any]:
    """A Condition of one operator; `__` stands for the colon."""
    return {"Condition": {operator: {name.replace("__", ":"): value for name, value in keys.items()}}}


def context(**pairs: str) -> dict[str, Any]:
    """An encryption context, as conditions ask for it."""
    return {f"kms:EncryptionContext:{name}": value for name, value in pairs.items()}


def sent(**pairs: str) -> dict[str, Any]:
    """The same, as a request sends it."""
    return {"EncryptionContext": pairs}


def tagged(**tags: str) -> KeyFacts:
    return KeyFacts(account=ACCOUNT, tags=tuple(tags.items()))


def named(*aliases: str) -> KeyFacts:
    return KeyFacts(account=ACCOUNT, aliases=aliases)


def grant(**more: Any) -> Grant:
    given = {"grantee": GRANTEE.arn, "operations": ("Decrypt",), "retiring": role("adminRole").arn, "effective": NOW}
    return Grant(id="8c94d1f1" * 8, key_arn=KEY, issuing_account=ACCOUNT, created=NOW, **{**given, **more})
