"""The key policy: read, and replaced after AWS's checks."""

from dataclasses import replace
from typing import Any

from kms_teach.access.policy import people, read
from kms_teach.directory.identities import exists
from kms_teach.errors import MalformedPolicyDocumentException, NotFoundException, ValidationException
from kms_teach.keys.key import Key
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import KeyParameter, cut, operation
from kms_teach.operations.permission import ask

POLICY_NAME = "default"  # the only one a key has


@operation(KeyParameter("KeyId", aliases=False))
def get_key_policy(call: Call, key: Key, policy_name: str = POLICY_NAME) -> dict[str, Any]:
    """Give the key policy as it was put.

    KMS API Reference, "GetKeyPolicy". Errors, in the order they are checked: InvalidArnException, NotFoundException,
    AccessDeniedException.
    """
    if policy_name != POLICY_NAME:
        raise NotFoundException("No such policy exists")
    return {"Policy": key.policy, "PolicyName": POLICY_NAME}


@operation(KeyParameter("KeyId", aliases=False), changes=True)
def put_key_policy(
    call: Call, key: Key, policy: str, policy_name: str = POLICY_NAME, bypass_policy_lockout_safety_check: bool = False
) -> None:
    """Replace the key policy.

    KMS API Reference, "PutKeyPolicy". Errors, in the order they are checked: InvalidArnException, NotFoundException,
    AccessDeniedException, ValidationException, LimitExceededException, MalformedPolicyDocumentException.
    """
    if policy_name != POLICY_NAME:
        raise ValidationException(f"a key has one policy, named `{POLICY_NAME}`: give that name, or none")
    accept(call, key, policy, bypass_policy_lockout_safety_check)
    call.keys.save(replace(key, policy=policy))


@operation(KeyParameter("KeyId", aliases=False))
def list_key_policies(call: Call, key: Key, limit: int = 100, marker: str | None = None) -> dict[str, Any]:
    """List the names of a key's policies: `default`, the only one.

    KMS API Reference, "ListKeyPolicies". Errors, in the order they are checked: InvalidArnException, NotFoundException,
    AccessDeniedException, InvalidMarkerException.
    """
    names, more = cut([POLICY_NAME], limit, marker)
    return {"PolicyNames": names, **more}


def accept(call: Call, key: Key, policy: str, bypass: bool) -> None:
    """Check a policy that is to be a key's: that it can be read, names who exists, and does not lock its caller out."""
    document = read(policy, "key policy")
    for arn in people(document):
        if not exists(call.store, arn):
            raise MalformedPolicyDocumentException("Policy contains a statement with one or more invalid principals.")
    if not bypass and not ask(call, "kms:PutKeyPolicy", key.arn, key, policy=policy).decision.allowed:
        raise MalformedPolicyDocumentException(
            "The new key policy will not allow you to update the key policy in the future."
        )
