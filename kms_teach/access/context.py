"""The request context: exactly the condition keys that a request carries.

IAM User Guide, "AWS global condition context keys". The keys of AWS KMS are a table of their own, `condition_keys`.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping

from kms_teach.access.condition_keys import (
    ATTESTED,
    FAMILIES,
    KMS_KEYS,
    ON_KEYS,
    Facts,
    Values,
    as_values,
    encryption_context,
    row_of,
)
from kms_teach.access.principals import Principal

Context = dict[str, tuple[str, ...]]  # condition key as AWS writes it -> its values

PRINCIPAL_TYPES = {"root": "Account", "user": "User", "role": "AssumedRole", "federated": "FederatedUser"}


def about_caller(caller: Principal) -> Context:
    """The keys that tell who calls: "Properties of the principal" on that page."""
    if caller.kind == "service":
        return {"aws:PrincipalIsAWSService": ("true",), "aws:PrincipalServiceName": (caller.name,)}
    suffix = {"role": f":{caller.session}", "federated": f":{caller.name}"}.get(caller.kind, "")
    about: dict[str, Values] = {
        "aws:PrincipalArn": caller.arn,
        "aws:PrincipalAccount": caller.account,
        "aws:PrincipalType": PRINCIPAL_TYPES[caller.kind],
        "aws:PrincipalOrgID": caller.organization or None,
        "aws:PrincipalIsAWSService": "false",
        "aws:userid": (caller.account if caller.kind == "federated" else caller.id) + suffix,
        "aws:username": caller.name if caller.kind == "user" else None,
        # only temporary credentials tell; a user's own access key does not
        "aws:MultiFactorAuthPresent": as_values(caller.mfa)
        if caller.mfa or caller.token or caller.kind in ("role", "federated")
        else None,
        "aws:SourceIdentity": caller.source_identity or None,
        **{f"aws:PrincipalTag/{name}": value for name, value in caller.tags},
    }
    return _kept(about.items())


def context(facts: Facts) -> Context:
    """Exactly the condition keys that the request carries, under the names AWS writes."""
    return {**about_caller(facts.caller), **about_call(facts)}


def about_call(facts: Facts) -> Context:
    """The other keys: those that callers of one account and kind have in common."""
    kms = ((name, row.value(facts)) for name, row in KMS_KEYS.items() if facts.action in row.on)
    return {**_kept(_surroundings(facts)), **_kept(kms), **_kept(_families(facts)), **_kept(facts.others.items())}


# how the names of `about_caller` begin, and of the two others that differ from caller to caller
OF_CALLER = (
    "aws:principal", "aws:sourceidentity", "aws:userid", "aws:username", "aws:multifactorauth", "aws:tokenissuetime",
    "kms:caller",
)  # fmt: skip


def same_way(keys: Mapping[str, tuple[str, ...]]) -> Callable[[Principal, str], Context]:
    """What requests carry that are made in the same way as one with these keys, by caller and action.

    Parameters of the other action are not known. The keys about the caller are left to be filled in.
    """

    @functools.cache
    def shared(action: str) -> Context:
        return {
            name: values
            for name, values in keys.items()
            if not name.lower().startswith(OF_CALLER) and ((row := row_of(name)) is None or action in row.on)
        }

    def carried(caller: Principal, action: str) -> Context:
        account = caller.account if action in KMS_KEYS["kms:CallerAccount"].on else ""
        return {**shared(action), "kms:CallerAccount": (account,)} if account else shared(action)

    return carried


def _surroundings(facts: Facts) -> Iterator[tuple[str, Values]]:
    direct = not facts.via_service and facts.caller.kind != "service"
    if facts.now:
        yield "aws:CurrentTime", f"{facts.now:%Y-%m-%dT%H:%M:%SZ}"
        yield "aws:EpochTime", str(int(facts.now.timestamp()))
    temporary = facts.caller.token or facts.caller.kind in ("role", "federated")
    if temporary and (issued := facts.caller.issued or facts.now):
        yield "aws:TokenIssueTime", f"{issued:%Y-%m-%dT%H:%M:%SZ}"  # of temporary credentials
    yield "aws:SecureTransport", "true"
    yield "aws:RequestedRegion", facts.region
    yield "aws:UserAgent", facts.user_agent or None
    # through an endpoint the address is a private one, under a name of its own; a service's address is the service's
    if direct and facts.source_ip:
        yield ("aws:VpcSourceIp" if facts.vpce else "aws:SourceIp"), facts.source_ip
    yield "aws:SourceVpce", facts.vpce or None
    yield "aws:SourceVpc", facts.vpc or None
    yield "aws:ViaAWSService", as_values(bool(facts.via_service))
    yield "aws:CalledVia", facts.called_via
    yield "aws:CalledViaFirst", facts.called_via[0] if facts.called_via else None
    yield "aws:CalledViaLast", facts.called_via[-1] if facts.called_via else None
    yield "aws:SourceArn", facts.source_arn or None
    yield "aws:SourceAccount", facts.source_account or None
    yield "aws:SourceOrgID", facts.source_organization or None
    yield "aws:ResourceAccount", facts.key.account if facts.key else None


def _families(facts: Facts) -> Iterator[tuple[str, Values]]:
    if facts.action in FAMILIES["kms:EncryptionContext:"].on:
        yield from ((f"kms:EncryptionContext:{name}", value) for name, value in encryption_context(facts).items())
    if facts.action in ATTESTED:
        yield from ((f"kms:RecipientAttestation:{name}", value) for name, value in facts.attested.items())
    if facts.key and facts.action in ON_KEYS:
        yield from ((f"aws:ResourceTag/{name}", value) for name, value in facts.key.tags)
    tags = dict(_tag(tag) for tag in facts.params.get("Tags") or ())
    yield from ((f"aws:RequestTag/{name}", value) for name, value in tags.items())
    yield "aws:TagKeys", (*tags, *(facts.params.get("TagKeys") or ()))


def _tag(tag: Mapping[str, str]) -> tuple[str, str]:
    """A tag of a request: KMS spells its members in another way than other services."""
    return (tag["TagKey"], tag["TagValue"]) if "TagKey" in tag else (tag["Key"], tag["Value"])


def _kept(keys: Iterable[tuple[str, Values]]) -> Context:
    """Those that have a value, each as a tuple."""
    return {
        name: (value,) if isinstance(value, str) else value for name, value in keys if value is not None and value != ()
    }


def lowered(keys: Mapping[str, tuple[str, ...]]) -> Context:
    """By name in lower case, as names are compared; names that differ in case alone are one key."""
    merged: Context = {}
    for name, values in keys.items():
        low = name.lower()
        merged[low] = merged[low] + values if low in merged else values
    return merged
