"""Session policies: those passed with a request, as text or as ARNs of managed policies, and how large they are."""

import json
import zlib
from collections.abc import Mapping
from typing import Any

from kms_teach.access.policy import read
from kms_teach.access.principals import Texts
from kms_teach.directory import policies
from kms_teach.errors import (
    LimitExceededException,
    MalformedPolicyDocument,
    MalformedPolicyDocumentException,
    PackedPolicyTooLarge,
    ValidationException,
)
from kms_teach.store import Store

ARNS_MAX = 10
PLAIN_MAX = 2048  # characters of the policy and the ARNs together; STS API Reference, AssumeRole
PACKED_MAX = 2048  # bytes; ours, since AWS does not publish its packed format


def session_policies(store: Store, account: str, params: Mapping[str, Any]) -> Texts:
    """The policies by name. account: the one whose managed policies may be named, besides AWS's.

    Raises ValidationException for too many or too long ones, MalformedPolicyDocument for one that is none.
    """
    text, arns = params.get("Policy"), [each.get("arn", "") for each in params.get("PolicyArns") or ()]
    must = "failed to satisfy constraint: Member must have length less than or equal to"
    if len(arns) > ARNS_MAX:
        raise ValidationException(f"1 validation error detected: Value at 'policyArns' {must} {ARNS_MAX}")
    if len(text or "") + sum(map(len, arns)) > PLAIN_MAX:
        raise ValidationException(f"1 validation error detected: Value at 'policy' {must} {PLAIN_MAX}")
    own = (_inline(text),) if text is not None else ()
    return (*own, *(_managed(store, account, arn) for arn in arns))


def _inline(text: str) -> tuple[str, str]:
    try:
        read(text, "session policy")
    except (LimitExceededException, MalformedPolicyDocumentException) as error:
        raise MalformedPolicyDocument(error.message) from None
    return "session policy", json.dumps(json.loads(text), indent=2)


def _managed(store: Store, account: str, arn: str) -> tuple[str, str]:
    policy = policies.by_arn(store, arn)
    if policy is None or policy.account not in (account, "aws"):
        raise ValidationException(f"Policy {arn} does not exist or is not attachable.")
    return policy.name, policy.text


def packed_size(params: Mapping[str, Any]) -> dict[str, int]:
    """PackedPolicySize, in percent, of a request that has policies or tags. Raises PackedPolicyTooLarge beyond 100."""
    given = {name: params[name] for name in ("Policy", "PolicyArns", "Tags") if params.get(name)}
    if not given:
        return {}
    percent = -(-len(zlib.compress(json.dumps(given).encode())) * 100 // PACKED_MAX)
    if percent > 100:
        what = "session tags" if "Tags" in given else "session policy"
        raise PackedPolicyTooLarge(f"Packed size of {what} consumes {percent}% of allotted space.")
    return {"PackedPolicySize": percent}
