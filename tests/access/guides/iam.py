"""Who the IAM User Guide's examples are about."""

from typing import Any

from kms_teach.access.principals import Principal
from tests.access.guides.example import ACCOUNT, KEY, user
from tests.access.people import allow

HOME = "123456789012"
HOME_KEY = KEY.replace(ACCOUNT, HOME)
USERS = f"arn:aws:iam::{HOME}:user/"
JOHN, ADA = user("john", HOME), user("Ada", HOME, tags=(("job-category", "iamuser-admin"),))
CARLOS = user("carlossalazar", HOME)
CAROL = Principal(account=HOME, kind="federated", name="Carol", id="AIDAEXAMPLE")
EVERYTHING = allow(action="*")
OUTSIDE_EU = {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}


def when(operator: str, key: str, value: Any) -> dict[str, Any]:
    return {"Condition": {operator: {key: value}}}


def region(name: str) -> dict[str, Any]:
    return {"keys": {"aws:RequestedRegion": name}}
