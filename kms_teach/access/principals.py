"""This is who calls: accounts' root users, IAM users and roles, each with an access key of its own."""

import base64
import os
import re
from dataclasses import dataclass

PATH = re.compile(r"/([!-~]+/)?")
NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
SECRET_OF_ROOT = "test"  # what emulators and their users have long agreed on
ROOT_ACCOUNT = "111122223333"  # the account in AWS's own examples


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A caller. `policies` are the texts of its IAM policies, by name; the root user needs none."""

    account: str
    kind: str  # root, user or role
    name: str = ""
    path: str = "/"
    policies: tuple[tuple[str, str], ...] = ()
    id: str = ""
    access_key: str = ""
    secret: str = ""
    session: str = "kms-teach"  # of a role

    @property
    def arn(self) -> str:
        """The principal as a policy names it."""
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


def root(account: str) -> Principal:
    access_key = "test" if account == ROOT_ACCOUNT else account
    return Principal(account=account, kind="root", id=account, access_key=access_key, secret=SECRET_OF_ROOT)


def new(kind: str, account: str, name: str, path: str, policies: tuple[tuple[str, str], ...]) -> Principal:
    """A user or role with fresh credentials."""
    prefix, key = {"user": ("AIDA", "AKIA"), "role": ("AROA", "ASIA")}[kind]
    secret = base64.b64encode(os.urandom(30)).decode()
    return Principal(
        account=account, kind=kind, name=name, path=path, policies=policies, id=prefix + _letters(), access_key=key + _letters(), secret=secret
    )  # fmt: skip


def _letters() -> str:
    return base64.b32encode(os.urandom(10)).decode()  # 16 of A-Z2-7, as AWS's ids have
