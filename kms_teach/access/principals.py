"""Principals, who call AWS: accounts' root users, IAM users, roles and AWS services, and how a policy names them."""

import base64
import functools
import os
import re
from datetime import datetime

from msgspec import Struct

PATH = re.compile(r"/([!-~]+/)?")
NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
SECRET_OF_ROOT = "test"  # noqa: S105 (no secret: it is what emulators and their users have long agreed on)
ROOT_ACCOUNT = "111122223333"  # the account in AWS's own examples

Texts = tuple[tuple[str, str], ...]  # policies, as (name, text)


class Principal(Struct, frozen=True, kw_only=True):
    """A caller. `policies` are the texts of its IAM policies, by name; the root user needs none.

    A `service` is named as in a policy (s3.amazonaws.com) and has no account. A `federated` user calls with
    credentials that the IAM user of the same name got from GetFederationToken.
    """

    account: str
    kind: str  # root, user, role, federated or service
    name: str = ""
    path: str = "/"
    policies: Texts = ()
    id: str = ""
    access_key: str = ""
    secret: str = ""
    session: str = "kms-teach"  # of a role
    tags: tuple[tuple[str, str], ...] = ()  # of the user or role, and of its session
    boundary: Texts = ()  # the permissions boundary: one policy, or none
    session_policies: Texts = ()  # passed when the session began
    organization: str = ""  # o-…; "" for an account that is in none
    mfa: bool = False
    service_linked: bool = False  # a role that SCPs and RCPs do not reach
    trust: Texts = ()  # of a role: who may assume it
    token: str = ""  # of credentials that AssumeRole gave out
    issued: datetime | None = None  # when it gave them out
    expires: datetime | None = None  # when they end
    transitive: tuple[str, ...] = ()  # keys of those tags that pass on to whatever role the session assumes
    source_identity: str = ""  # who is behind the session; set once, and passed on

    @property
    def arn(self) -> str:
        """The principal as a policy names it."""
        if self.kind == "service":
            return self.name
        if self.kind == "federated":
            return f"arn:aws:sts::{self.account}:federated-user/{self.name}"
        resource = "root" if self.kind == "root" else f"{self.kind}{self.path}{self.name}"
        return f"arn:aws:iam::{self.account}:{resource}"

    @property
    def caller_arn(self) -> str:
        """The principal as errors, the trail and GetCallerIdentity name it: for a role, its session."""
        if self.kind == "role":
            return f"arn:aws:sts::{self.account}:assumed-role/{self.name}/{self.session}"
        return self.arn

    @property
    def label(self) -> str:
        """For a person."""
        return f"the root user of {self.account}" if self.kind == "root" else self.name

    @property
    def place(self) -> tuple[str, str, str]:
        return "principal", self.access_key, self.arn

    def __repr__(self) -> str:
        return f"Principal({self.arn})"


@functools.lru_cache(maxsize=1024)
def root(account: str) -> Principal:
    access_key = "test" if account == ROOT_ACCOUNT else account
    return Principal(account=account, kind="root", id=account, access_key=access_key, secret=SECRET_OF_ROOT)


def service(name: str) -> Principal:
    """An AWS service that calls for itself, as `s3.amazonaws.com`."""
    return Principal(account="", kind="service", name=name, id=name)


def letters() -> str:
    return base64.b32encode(os.urandom(10)).decode()  # 16 of A-Z2-7, as AWS's ids have


def unique_id(prefix: str) -> str:
    """A unique id of IAM's: AIDA, AROA, AGPA or ANPA, and 17 letters."""
    return f"{prefix}{letters()}{letters()[:1]}"


def new_secret() -> str:
    """The secret of an access key: 40 characters, as AWS's have."""
    return base64.b64encode(os.urandom(30)).decode()


# --- as a policy names them ---------------------------------------------------------------------------------------

EVERYONE = "*"
IDS = ("user", "role")  # kinds that have a unique id

# The account as a whole (a bare number means the same), a user, a role, a role's session, a federated user.
# No part of it may be a wildcard: IAM User Guide, "Principal".
NAMED = re.compile(
    r"(?P<account>[0-9]{12})"
    r"|arn:aws:iam::[0-9]{12}:(root|(user|role)/[\w+=,.@/-]+)"
    r"|arn:aws:sts::[0-9]{12}:(assumed-role/[\w+=,.@-]+|federated-user)/[\w+=,.@-]+",
    re.ASCII,
)
ACCOUNT = re.compile(r"[0-9]{12}")
UNIQUE_ID = re.compile(r"A(ID|RO)A[A-Z2-7]{16,17}")  # of a user or a role: what a policy shows when it is gone
SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com")


def account_arn(account: str) -> str:
    """The account as a whole, as a policy names it."""
    return f"arn:aws:iam::{account}:root"


def known_as(caller: Principal) -> tuple[str, ...]:
    """The names that mean the caller itself, the account's not among them.

    For a federated user also the IAM user who got the credentials (IAM User Guide, "Policy evaluation logic").
    """
    if caller.kind == "federated":
        return caller.arn, f"arn:aws:iam::{caller.account}:user{caller.path}{caller.name}"
    return tuple(dict.fromkeys((caller.arn, caller.caller_arn, *((caller.id,) if caller.kind in IDS else ()))))


def unlimited(caller: Principal, name: str) -> bool:
    """Whether a key policy that allows this name allows past a boundary or session policy which is merely silent.

    IAM User Guide, "Policy evaluation logic": so it is for a user's ARN, a session's ARN and `*`; a role's ARN stands
    for each of its sessions, and a session's limits then count; likewise a federated user reached by the user's ARN.
    """
    return name in {EVERYONE, caller.caller_arn}
