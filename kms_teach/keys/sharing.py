"""Keys shared through AWS RAM: which key with which account, and the key policy that RAM keeps for it.

KMS API Reference, "GetKeyPolicy" and "ListKeys" (SDK of 16 November 2026). What RAM's managed permission for KMS keys
lists is not on record: here the cryptographic operations, and to look at the key.
"""

import json
from collections.abc import Sequence

from msgspec import Struct

from kms_teach.access.actions import CRYPTOGRAPHIC
from kms_teach.access.principals import account_arn

AWS_RAM = "AWS_RAM"  # the name of that key policy
SHARED_OPERATIONS = (*CRYPTOGRAPHIC, "DescribeKey", "GetPublicKey")


class Share(Struct, frozen=True):
    """One key, shared with one account."""

    region: str
    key_arn: str
    account: str

    @property
    def place(self) -> tuple[str, str, str]:
        return self.region, f"{self.account}/{self.key_arn}", self.account


def ram_policy(accounts: Sequence[str]) -> str:
    """The key policy of a key that is shared with these accounts."""
    statement = {
        "Sid": "Shared through AWS RAM",
        "Effect": "Allow",
        "Principal": {"AWS": [account_arn(account) for account in sorted(accounts)]},
        "Action": [f"kms:{name}" for name in SHARED_OPERATIONS],
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Id": AWS_RAM, "Statement": [statement]}, indent=2)
