"""How keys are named: ids, ARNs, aliases.

arn:aws:kms:REGION:ACCOUNT:key/ID     arn:aws:kms:REGION:ACCOUNT:alias/NAME
"""

import functools
import os
import re
from typing import NamedTuple

from kms_teach.errors import InvalidArnException, NotAuthorizedException, NotFoundException, ValidationException

KEY_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}")
ACCOUNT = re.compile(r"[0-9]{12}")
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")
ALIAS_NAME = re.compile(r"alias/[a-zA-Z0-9/_-]+")
PREFIX_TEXT = 'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html'


class Name(NamedTuple):
    """What a caller may call a key: `resource` is `key/ID` or `alias/NAME`, looked for in an account and Region."""

    region: str
    account: str
    resource: str

    @property
    def is_alias(self) -> bool:
        return self.resource.startswith("alias/")

    @property
    def arn(self) -> str:
        return arn(self.region, self.account, self.resource)

    @property
    def scope(self) -> str:
        return scope_of(self.account, self.region)

    @property
    def key_id(self) -> str:
        return self.resource.removeprefix("key/")


def arn(region: str, account: str, resource: str) -> str:
    return f"arn:aws:kms:{region}:{account}:{resource}"


def scope_of(account: str, region: str) -> str:
    return f"{region}:{account}"


def new_id() -> str:
    """A random UUID (RFC 9562, version 4), as requests, events and keys have: `uuid` takes three times as long."""
    digits = os.urandom(16).hex()
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def new_key_id(*, multi_region: bool = False) -> str:
    return f"mrk-{new_id().replace('-', '')}" if multi_region else new_id()


@functools.lru_cache(maxsize=4096)
def parse(text: str, region: str, account: str, *, aliases: bool) -> Name:
    """Read a KeyId parameter as `account` in `region` means it.

    Raises NotFoundException for a form that names nothing and for another Region's ARN, and, where `aliases` is
    false, InvalidArnException for an alias.
    """
    name = Name(region, account, text if text.startswith("alias/") else f"key/{text}")
    if text.startswith("arn:"):
        parts = text.split(":", 5)
        if len(parts) != 6 or parts[1] != "aws" or parts[2] != "kms" or not parts[5].startswith(("key/", "alias/")):
            raise NotFoundException(f"Invalid keyId '{text}'")  # AWS's words for a broken ARN are not on record
        name = Name(parts[3], parts[4], parts[5])
        if name.region != region:
            raise NotFoundException(f"Invalid arn {name.region}")
    if name.is_alias:
        if not aliases:
            raise InvalidArnException("Key Aliases are not supported for this operation.")
    elif not KEY_ID.fullmatch(name.key_id):
        raise NotFoundException(f"Invalid keyId '{name.key_id}'")
    return name


def alias_in(key_id: str) -> str:
    """The alias in a KeyId parameter that names a key by one, by itself or in an ARN; "" for any other."""
    name = key_id.split(":", 5)[-1]
    return name if name.startswith("alias/") else ""


def checked_alias(name: str) -> str:
    """`name`, if it can be a customer's alias.

    Raises ValidationException for what is no alias name (the model's pattern was checked before), and
    NotAuthorizedException for alias/aws/…, which is AWS's.
    """
    if not name.startswith("alias/") or name == "alias/":
        raise ValidationException(PREFIX_TEXT)
    if not ALIAS_NAME.fullmatch(name):
        raise ValidationException(f"{name} contains invalid characters for an alias")
    if name.startswith("alias/aws/"):
        raise NotAuthorizedException("The alias name for a customer managed CMK cannot begin with alias/aws/.")
    return name
