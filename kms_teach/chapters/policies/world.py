"""The small account of the policy labs: one key, four people, and examples of policies to begin with."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError
from msgspec import Struct

from kms_teach.access.lines import principal_place
from kms_teach.access.policy import people, read
from kms_teach.access.principals import ROOT_ACCOUNT, account_arn
from kms_teach.access.statement import Kind
from kms_teach.errors import KmsError
from kms_teach.people import Person
from kms_teach.simulator import Simulator

START = "2026-01-01T00:00:00Z"
ALIAS = "alias/lab"
ROOT = "the root user"
NAMES = ("alice", "bob", "admin", ROOT)  # admin is a role
NONE = ""  # somebody without an IAM policy


def policy(*statements: Mapping[str, Any]) -> str:
    """The text of a policy, a line for each thing."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=2)


def statement(who: str | None, action: str | list[str], resource: str = "*", **more: Any) -> dict[str, Any]:
    """An Allow; who: a principal's ARN, None in an IAM policy. more: Sid, Effect, Condition."""
    sid = {"Sid": more.pop("Sid")} if "Sid" in more else {}
    principal = {"Principal": {"AWS": who}} if who else {}
    return {**sid, "Effect": "Allow", **principal, "Action": action, "Resource": resource, **more}


def arn(name: str) -> str:
    """The ARN of one of the people, as a policy names it."""
    kind = "role" if name == "admin" else "user"
    return account_arn(ROOT_ACCOUNT) if name == ROOT else f"arn:aws:iam::{ROOT_ACCOUNT}:{kind}/{name}"


THE_ACCOUNT = statement(account_arn(ROOT_ACCOUNT), "kms:*", Sid="Enable IAM User Permissions")
USE = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"]
EVERYTHING = policy(statement(None, "kms:*"))


class Example(Struct, frozen=True):
    """Policies to begin with, and the call to begin with."""

    words: str
    key_policy: str
    alice: str  # her IAM policy
    caller: str = "alice"
    operation: str = "Encrypt"


EXAMPLES = (
    Example("A new key, and alice has no IAM policy", policy(THE_ACCOUNT), NONE),
    Example("A new key, and alice has an IAM policy", policy(THE_ACCOUNT), policy(statement(None, USE))),
    Example("The key policy names alice", policy(THE_ACCOUNT, statement(arn("alice"), USE, Sid="Alice")), NONE),
    Example(
        "The key policy names the role admin only",
        policy(statement(arn("admin"), "kms:*", Sid="Admins")), EVERYTHING,
    ),
    Example(
        "The same, and the root user calls",
        policy(statement(arn("admin"), "kms:*", Sid="Admins")), EVERYTHING, ROOT,
    ),
    Example(
        "A Deny meets two Allows",
        policy(
            THE_ACCOUNT, statement(arn("alice"), USE, Sid="Alice"),
            statement(arn("alice"), "kms:Decrypt", Sid="Write only", Effect="Deny"),
        ),
        EVERYTHING, operation="Decrypt",
    ),
    Example(
        "alice's IAM policy names the alias",
        policy(THE_ACCOUNT), policy(statement(None, USE, f"arn:aws:kms:us-east-1:{ROOT_ACCOUNT}:{ALIAS}")),
    ),
)  # fmt: skip


class World:
    """An account of its own with a key named `alias/lab`. Everything in it is done by calls."""

    def __init__(self, example: Example) -> None:
        self.example = example
        self.sim = Simulator(start=START)
        self.iam: dict[str, str] = {}  # name -> text of the one IAM policy, or NONE
        self.persons: dict[str, Person] = {}
        self.grants: list[str] = []
        self.persons[ROOT] = self.sim.root()
        for name, text in (("alice", self.example.alice), ("bob", EVERYTHING), ("admin", EVERYTHING)):
            self.give(name, text)
        kms = self.client(ROOT)
        self.key: str = kms.create_key()["KeyMetadata"]["Arn"]
        kms.create_alias(AliasName=ALIAS, TargetKeyId=self.key)
        self._blob = kms.encrypt(KeyId=ALIAS, Plaintext=b"Meet me at noon.")["CiphertextBlob"]
        self.key_policy = kms.get_key_policy(KeyId=self.key)["Policy"]
        self.put(self.example.key_policy, bypass=True)

    def close(self) -> None:
        """Close its simulator."""
        self.sim.close()

    def client(self, name: str) -> Any:
        """The KMS client of one of the people."""
        return self.persons[name].client("kms")

    def put(self, text: str, *, bypass: bool = False) -> None:
        """Put the key policy."""
        self._owner("put_key_policy", Policy=text, BypassPolicyLockoutSafetyCheck=bypass)
        self.key_policy = text

    def give(self, name: str, text: str) -> None:
        """Give somebody this IAM policy instead of the old one. Raises MalformedPolicyDocumentException."""
        make = self.sim.role if name == "admin" else self.sim.user
        self.persons[name] = make(name, policies=[text] if text.strip() else [])
        self.iam[name] = text

    def grant(self, name: str, operations: list[str]) -> None:
        """Give somebody a grant."""
        answer = self._owner("create_grant", GranteePrincipal=self.persons[name].arn, Operations=operations)
        self.grants.append(answer["GrantId"])

    def revoke(self, grant_id: str) -> None:
        """Take a grant back."""
        self._owner("revoke_grant", GrantId=grant_id)
        self.grants.remove(grant_id)

    def _owner(self, method: str, **parameters: Any) -> Any:
        """Call about the key as the root user or, where root may not, as admin. Raises what AWS answers the last."""
        try:
            return getattr(self.client(ROOT), method)(KeyId=self.key, **parameters)
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDeniedException":
                raise
        return getattr(self.client("admin"), method)(KeyId=self.key, **parameters)

    def call(self, name: str, operation: str) -> Any:
        """Make the call as somebody; gives the answer. Raises what AWS answers."""
        parameters: dict[str, Any] = {
            "Encrypt": {"KeyId": ALIAS, "Plaintext": b"Meet me at noon."},
            "Decrypt": {"KeyId": ALIAS, "CiphertextBlob": self._blob},
            "GenerateDataKey": {"KeyId": ALIAS, "KeySpec": "AES_256"},
            "DescribeKey": {"KeyId": ALIAS},
            "GetKeyPolicy": {"KeyId": self.key},
        }[operation]
        kms = self.client(name)
        method = {"Encrypt": kms.encrypt, "Decrypt": kms.decrypt, "GenerateDataKey": kms.generate_data_key,
                  "DescribeKey": kms.describe_key, "GetKeyPolicy": kms.get_key_policy}[operation]  # fmt: skip
        return method(**parameters)

    def fault(self, text: str, kind: Kind) -> int | None:
        """The line on which a policy that is refused is wrong; None when it is about the text as a whole."""
        try:
            document = read(text, kind)
        except KmsError as error:
            return error.place.line(text) if error.place else None
        known = {person.arn for person in self.persons.values()}
        strangers = sorted(people(document) - known) if kind == "key policy" else []
        place = principal_place(text, strangers[0]) if strangers else None
        return place.line(text) if place else None
