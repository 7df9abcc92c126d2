"""The key policy: read, and replaced after AWS's checks."""

from typing import Any

from msgspec.structs import replace

from kms_teach.access.policy import people, read
from kms_teach.access.refusals import INVALID_PRINCIPALS
from kms_teach.directory.identities import exists
from kms_teach.errors import MalformedPolicyDocumentException, NotFoundException, ValidationException
from kms_teach.keys.key import Key
from kms_teach.keys.sharing import AWS_RAM, ram_policy
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import KeyParameter, cut, operation
from kms_teach.operations.permission import ask
from kms_teach.operations.sharing import shared_with

POLICY_NAME = "default"  # the one that its owner writes


@operation(KeyParameter("KeyId", aliases=False))
def get_key_policy(call: Call, key: Key, policy_name: str = POLICY_NAME) -> dict[str, Any]:
    """Give the key policy as it was put.

    KMS API Reference, "GetKeyPolicy". Errors, in the order they are checked: InvalidArnException, NotFoundException,
    AccessDeniedException.
    """
    accounts = shared_with(call.store, key) if policy_name == AWS_RAM else ()
    if policy_name != POLICY_NAME and not accounts:
        raise NotFoundException("No such policy exists")
    return {"Policy": ram_policy(accounts) if accounts else key.policy, "PolicyName": policy_name}


@operation(KeyParameter("KeyId", aliases=False), changes=True)
def put_key_policy(
    call: Call, key: Key, policy: str, policy_name: str = POLICY_NAME, bypass_policy_lockout_safety_check: bool = False
) -> None:
    """Replace the key policy.

    KMS API Reference, "PutKeyPolicy". Errors, in the order they are checked: InvalidArnException, NotFoundException,
    AccessDeniedException, ValidationException, LimitExceededException, MalformedPolicyDocumentException.
    """
    if policy_name == AWS_RAM:
        raise ValidationException("The AWS_RAM policy can only be managed by the RAM service")
    if policy_name != POLICY_NAME:
        raise ValidationException(f"a key has one policy to put, named `{POLICY_NAME}`: give that name, or none")
    accept(call, key, policy, bypass_policy_lockout_safety_check)
    call.keys.save(replace(key, policy=policy))


@operation(KeyParameter("KeyId", aliases=False))
def list_key_policies(call: Call, key: Key, limit: int = 100, marker: str | None = None) -> dict[str, Any]:
    """List the names of a key's policies: `default`, and `AWS_RAM` while the key is shared.

    KMS API Reference, "ListKeyPolicies". Errors, in the order they are checked: InvalidArnException, NotFoundException,
    AccessDeniedException, InvalidMarkerException.
    """
    both = [POLICY_NAME, AWS_RAM] if shared_with(call.store, key) else [POLICY_NAME]
    names, more = cut(both, limit, marker)
    return {"PolicyNames": names, **more}


def accept(call: Call, key: Key, policy: str, bypass: bool) -> None:
    """Check a policy that is to be a key's: that it can be read, names who exists, and does not lock its caller out."""
    document = read(policy, "key policy")
    if not all(exists(call.store, arn) for arn in people(document)):
        raise MalformedPolicyDocumentException(INVALID_PRINCIPALS)
    if not bypass and not ask(call, "kms:PutKeyPolicy", key.arn, key, policy=policy).decision.allowed:
        raise MalformedPolicyDocumentException(
            "The new key policy will not allow you to update the key policy in the future."
        )
