"""What a bucket policy may say: S3 reads more strictly than IAM, and refuses what could never apply to the bucket."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kms_teach.access.policy import people, read
from kms_teach.access.statement import Document
from kms_teach.buckets.records import Bucket
from kms_teach.directory.identities import exists
from kms_teach.errors import KmsError
from kms_teach.s3.call import S3Call
from kms_teach.s3.catalog import CATALOG
from kms_teach.s3.errors import S3Error

MAX = 20_480  # bytes: S3 User Guide, "Bucket policies"
PREFIX = "arn:aws:s3:::"
NO_RESOURCE = "Action does not apply to any resource(s) in statement"
FAULTS = {  # an element of a policy document -> S3's words when it is wrong
    "Principal": "Invalid principal in policy",
    "NotPrincipal": "Invalid principal in policy",
    "Resource": "Policy has invalid resource",
    "NotResource": "Policy has invalid resource",
    "Action": "Policy has invalid action",
    "NotAction": "Policy has invalid action",
    "Condition": "Policy has an invalid condition key",
}


def checked(call: S3Call, bucket: Bucket, text: str) -> Document:
    """Read the policy that is to be this bucket's. MalformedPolicy; Detail says what S3's words leave open."""
    if not text.lstrip().startswith("{"):
        raise S3Error("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
    if len(text.encode()) > MAX:
        raise S3Error("MalformedPolicy", f"the policy has {len(text.encode()):,} bytes, more than {MAX:,}")
    try:
        document = read(text, "bucket policy")
    except KmsError as error:
        path = error.place.path if error.place else ()
        words = next((FAULTS[each] for each in path if each in FAULTS), "")
        raise S3Error("MalformedPolicy", words or error.message, Detail=error.message or "") from None
    with call.step() as step:
        if not all(exists(step.store, name) for name in people(document)):
            raise S3Error("MalformedPolicy", FAULTS["Principal"])
    statements = json.loads(text)["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        _check(bucket, statement)
    return document


def _check(bucket: Bucket, statement: Mapping[str, Any]) -> None:
    """Refuse a statement about another bucket, with an action that is none of S3's, or with one that never applies."""
    for action in _listed(statement, "Action", "NotAction"):
        if reason := _no_action(action):
            raise S3Error("MalformedPolicy", FAULTS["Action"], Detail=reason)
    resources = [*_listed(statement, "Resource", "NotResource")]
    for resource in resources:
        if not _of(bucket, resource):
            raise S3Error("MalformedPolicy", FAULTS["Resource"], Detail=f"`{resource}` is not in {bucket.name}")
    if "Resource" in statement:
        there = {kind for resource in resources for kind in _kinds(resource)}
        for action in _listed(statement, "Action"):
            on = _about(action)
            if on and not on & there:
                form = f"{bucket.arn}/*" if on == {"object"} else bucket.arn
                raise S3Error("MalformedPolicy", NO_RESOURCE, Detail=f"`{action}` needs a resource such as {form}")


def _listed(statement: Mapping[str, Any], *elements: str) -> Iterator[str]:
    for element in elements:
        named = statement.get(element, [])
        yield from [named] if isinstance(named, str) else named


def _no_action(action: str) -> str:
    """Why an action, or a pattern, is none of S3's; "" when it may be one.

    The operations that are simulated tell which names are of an operation alone; other names are not looked up.
    """
    if action.partition(":")[0].lower() not in ("s3", "*"):
        return f"`{action}` is of another service"
    if _about(action) != set():
        return ""
    asks = next((each.permission for each in CATALOG.values() if f"s3:{each.name}".lower() == action.lower()), "")
    return f"`{action}` is an operation, not an action" + (f": it needs s3:{asks}" if asks else "")


def _about(action: str) -> set[str] | None:
    """What an action is about, as `bucket` or `object`; nothing for an operation's name, None for what is not known."""
    name = action.lower().removeprefix("s3:")
    if name not in {word.lower() for each in CATALOG.values() for word in (each.name, each.permission) if word}:
        return None
    return {each.on for each in CATALOG.values() if each.permission.lower() == name}


def _of(bucket: Bucket, resource: str) -> bool:
    """Whether a resource of a bucket policy is that bucket, or in it."""
    begin = re.split(r"[*?$/]", resource, maxsplit=1)[0]
    open_ended = begin != resource and not resource[len(begin) :].startswith("/")
    return resource.startswith(PREFIX) and (begin == bucket.arn or (open_ended and bucket.arn.startswith(begin)))


def _kinds(resource: str) -> Iterator[str]:
    """What it can be: a bucket, an object in one, or either."""
    named = resource.removeprefix(PREFIX)
    if "/" not in named:
        yield "bucket"
    if re.search(r"[/*?$]", named):
        yield "object"
