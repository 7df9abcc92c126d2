"""The credentials of somebody at a running server, for a shell: a root user's are known, a user's are asked of IAM.

IAM shows a secret once, when the access key is made. So the key is kept in the user's state folder, and asked for anew
when the server no longer has it.
"""

import functools
import json
from pathlib import Path
from typing import Any

import botocore.config
from botocore.exceptions import BotoCoreError, ClientError

from kms_teach.access.principals import NAME, ROOT_ACCOUNT, root
from kms_teach.directory.access_keys import AccessKey
from kms_teach.keys.names import ACCOUNT
from kms_teach.wire import shell
from kms_teach.wire.maker import isolated_session

PATIENCE = 10  # seconds until a server that does not answer is given up
HINTS = {
    "InvalidClientTokenId": "the server at {url} is a class's, and keys are on the strips: paste the lines of yours",
    "NoSuchEntity": "there is no user `{name}` in account {account}: aws iam create-user --user-name {name}",
    "LimitExceeded": "`{name}` has two access keys already, and IAM shows no secret twice: "
    "aws iam delete-access-key --user-name {name} --access-key-id …",
}


def whose(person: str) -> tuple[str, str]:
    """The account and the name of a person, "" for its root user. ValueError, with what to say instead."""
    if ACCOUNT.fullmatch(person):
        return person, ""
    account, _, name = person.rpartition("/") if "/" in person else (ROOT_ACCOUNT, "", person)
    if not ACCOUNT.fullmatch(account) or not NAME.fullmatch(name):
        raise ValueError(
            f"`{person}` is nobody: say the name of an IAM user, such as alice, or of another account's, such as "
            f"444455556666/alice, or twelve digits for a root user"
        )
    return account, name


def credentials(url: str, account: str, name: str) -> AccessKey:
    """An access key that works at the server. ValueError, with what to do, where there is none."""
    of_root = AccessKey(id=root(account).access_key, secret=root(account).secret)
    config = botocore.config.Config(
        proxies={}, connect_timeout=PATIENCE, read_timeout=PATIENCE, retries={"total_max_attempts": 1}
    )
    make = functools.partial(
        isolated_session().create_client, region_name="us-east-1", endpoint_url=url, config=config,
        aws_access_key_id=of_root.id, aws_secret_access_key=of_root.secret,
    )  # fmt: skip
    try:
        if not name:
            make("sts").get_caller_identity()
            return of_root
        iam = make("iam")
        there = {key["AccessKeyId"] for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]}
        kept = _kept()
        known = next((AccessKey(id=key, secret=secret) for key, secret in kept.items() if key in there), None)
        if known:
            return known
        made = iam.create_access_key(UserName=name)["AccessKey"]
    except ClientError as error:
        hint = HINTS.get(error.response["Error"]["Code"], error.response["Error"]["Message"])
        raise ValueError(hint.format(name=name, account=account, url=url)) from None
    except BotoCoreError:
        raise ValueError(f"nothing answers at {url}: start `kms-teach serve` in another terminal") from None
    _keep({**kept, made["AccessKeyId"]: made["SecretAccessKey"]})
    return AccessKey(id=made["AccessKeyId"], secret=made["SecretAccessKey"])


def _file() -> Path:
    return shell.state() / "access-keys.json"


def _kept() -> dict[str, str]:
    try:
        kept: Any = json.loads(_file().read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # never written, or half: the keys are made anew
        return {}
    return kept if isinstance(kept, dict) else {}


def _keep(keys: dict[str, str]) -> None:
    _file().parent.mkdir(parents=True, exist_ok=True)
    _file().touch(mode=0o600)
    _file().write_text(json.dumps(keys), encoding="utf-8")
