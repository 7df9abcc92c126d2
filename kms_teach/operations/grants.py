"""Grants: made, listed, retired, revoked. What a grant allows is decided in `access.grants`."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from kms_teach.access.grants import Grant, Retirable, digest, pairs
from kms_teach.access.principals import NAMED, SERVICE
from kms_teach.errors import (
    AccessDeniedException,
    InvalidArnException,
    InvalidGrantIdException,
    InvalidGrantTokenException,
    LimitExceededException,
    NotFoundException,
    ValidationException,
)
from kms_teach.keys.key import Key
from kms_teach.keys.states import step
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import KeyParameter, operation, page, start_after
from kms_teach.operations.grant_terms import NO_PRINCIPAL, check_constraints, check_exists, check_operations, terms_of
from kms_teach.operations.grant_tokens import ID, grant_id_of, new_token
from kms_teach.operations.permission import authorize
from kms_teach.operations.repository import save

ANY_STATE = KeyParameter("KeyId", aliases=False)
GRANTS_PER_KEY = 50_000  # KMS Developer Guide, "Resource quotas"


@operation(ANY_STATE, changes=True, terms=terms_of)
def create_grant(
    call: Call, key: Key, operations: Sequence[str], grantee_principal: str = "", retiring_principal: str = "",
    constraints: Mapping[str, Any] | None = None, name: str = "", grantee_service_principal: str = "",
    retiring_service_principal: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Let a principal use a key, beside what policies say.

    KMS API Reference, "CreateGrant". Errors, in the order they are checked: InvalidGrantTokenException,
    InvalidArnException, NotFoundException, AccessDeniedException, DisabledException, KMSInvalidStateException,
    ValidationException, LimitExceededException, DryRunOperationException.
    """
    limits = constraints or {}
    grantee = _one("Grantee", grantee_principal, grantee_service_principal)
    retiring = _one("Retiring", retiring_principal, retiring_service_principal, needed=False)
    if grantee_service_principal and not (limits.get("SourceArn") and retiring):
        raise ValidationException("a grant to a service needs a SourceArn constraint and a retiring principal")
    for arn in (grantee_principal, retiring_principal):
        if arn:
            check_exists(call.store, arn)
    check_operations(key, operations)
    check_constraints(key, limits)
    new = Grant(
        id=secrets.token_hex(32), key_arn=key.arn, issuing_account=call.account, grantee=grantee,
        operations=tuple(dict.fromkeys(operations)), created=call.now,
        effective=call.now + call.takes("a new grant"), name=name, retiring=retiring,
        equals=pairs(limits.get("EncryptionContextEquals")), subset=pairs(limits.get("EncryptionContextSubset")),
        source_arn=limits.get("SourceArn", ""),
    )  # fmt: skip
    same = _same(call, new) if name else None
    if same is None and call.store.count(Grant, key.arn) >= GRANTS_PER_KEY:
        raise LimitExceededException(f"the key has {GRANTS_PER_KEY:,} grants, and no more are possible")
    grant = same or new
    token = new_token(grant.id)
    call.store.put(replace(grant, tokens=(*grant.tokens, digest(token))))
    if grant.retiring:
        call.store.put(grant.retirable)
    return {"GrantToken": token, "GrantId": grant.id}


@operation(ANY_STATE)
def list_grants(
    call: Call, key: Key, limit: int = 50, marker: str | None = None, grant_id: str = "", grantee_principal: str = "",
    grantee_service_principal: str = "",
) -> dict[str, Any]:  # fmt: skip
    """List the grants of a key, or some of them.

    KMS API Reference, "ListGrants". Errors, in the order they are checked: InvalidArnException, NotFoundException,
    AccessDeniedException, InvalidGrantIdException, InvalidMarkerException.
    """
    grantee = _one("Grantee", grantee_principal, grantee_service_principal, needed=False) or None
    _check_asks_for_itself(call, "ListGrants", grantee_service_principal)
    if grant_id:
        grant = _grant(call, key.arn, grant_id)
        return {"Grants": [_entry(grant)] if grantee in (None, grant.grantee) else [], "Truncated": False}
    grants, more = page(call.store.page(Grant, key.arn, grantee, start_after(marker), limit + 1), limit)
    return {"Grants": [_entry(grant) for grant in grants if grant.until is None], **more}


@operation(decides=True)
def list_retirable_grants(
    call: Call, limit: int = 50, marker: str | None = None, retiring_principal: str = "",
    retiring_service_principal: str = "",
) -> dict[str, Any]:  # fmt: skip
    """List the grants that a principal may retire.

    KMS API Reference, "ListRetirableGrants": the permission is about the principal, and a service that asks for its own
    needs none. Errors, in the order they are checked: ValidationException, AccessDeniedException,
    InvalidArnException, NotFoundException, InvalidMarkerException.
    """
    retiring = _one("Retiring", retiring_principal, retiring_service_principal)
    if retiring_service_principal:
        _check_asks_for_itself(call, "ListRetirableGrants", retiring_service_principal)
    else:
        authorize(call, "kms:ListRetirableGrants", retiring_principal)
        _check_at_home(call, retiring_principal)
    retirables, more = page(call.store.page(Retirable, call.region, retiring, start_after(marker), limit + 1), limit)
    return {"Grants": [_entry(_grant(call, r.key_arn, r.id)) for r in retirables], **more}


@operation(ANY_STATE, changes=True)
def revoke_grant(call: Call, key: Key, grant_id: str) -> None:
    """End a grant, as whoever manages the key.

    KMS API Reference, "RevokeGrant". Errors, in the order they are checked: InvalidArnException, NotFoundException,
    AccessDeniedException, InvalidGrantIdException, DryRunOperationException.
    """
    _end(call, _grant(call, key.arn, grant_id))


@operation(changes=True, decides=True)
def retire_grant(call: Call, grant_token: str = "", key_id: str = "", grant_id: str = "") -> None:
    """End a grant, as whoever it names for that or whoever it serves.

    KMS API Reference, "RetireGrant". Errors, in the order they are checked: ValidationException,
    InvalidGrantTokenException, InvalidArnException, InvalidGrantIdException, NotFoundException, AccessDeniedException,
    DryRunOperationException.
    """
    if bool(grant_token) == bool(key_id and grant_id):
        raise ValidationException("name the grant by GrantToken, or by KeyId and GrantId")
    if grant_token:
        grant = _by_token(call, grant_token)
    else:
        grant = _grant(call, call.keys.find(key_id, aliases=False).arn, grant_id)
    key = call.keys.find(grant.key_arn, aliases=False)
    call.audit.resources.append(key)
    authorize(call, "kms:RetireGrant", key.arn, key, grant=grant)
    step("RetireGrant", key)
    call.audit.event_data["grantId"] = grant.id
    _end(call, grant)


def _end(call: Call, grant: Grant) -> None:
    """Delete a grant; one whose end takes its time still allows meanwhile, and can be seen no more."""
    remove(call, grant)
    if length := call.takes("the end of a grant"):
        save(call.store, replace(grant, until=call.now + length))


def remove(call: Call, grant: Grant) -> None:
    call.store.delete(grant)
    if grant.retiring:
        call.store.delete(grant.retirable)


def _one(which: str, principal: str, service: str, *, needed: bool = True) -> str:
    if (principal and service) or (needed and not (principal or service)):
        raise ValidationException(f"give {which}Principal or {which}ServicePrincipal, and only one of them")
    return principal or service


def _check_at_home(call: Call, principal: str) -> None:
    """InvalidArnException for what is no principal, NotFoundException for one of another account."""
    form = NAMED.fullmatch(principal)
    if form is None or form["account"]:
        raise InvalidArnException(NO_PRINCIPAL % principal)
    if principal.split(":")[4] != call.account:
        raise NotFoundException(f"`{principal}` is not a principal of account {call.account}")


def _check_asks_for_itself(call: Call, operation: str, service: str) -> None:
    """A filter by service answers only that service (KMS API Reference); with which error is not on record."""
    caller = call.request.principal
    if service and (caller.kind, caller.name) != ("service", service):
        raise AccessDeniedException(
            f"User: {caller.caller_arn} is not authorized to perform: kms:{operation} for the grants of {service}:"
            " only that service is"
        )


def _same(call: Call, new: Grant) -> Grant | None:
    """A grant of this name with the same parameters: asked for again, it is the same grant with a new token."""

    def parameters(grant: Grant) -> Grant:
        return replace(grant, id="", created=new.created, effective=new.created, tokens=())

    others = call.store.page(Grant, new.key_arn, new.grantee)
    return next((grant for grant in others if parameters(grant) == parameters(new)), None)


def _by_token(call: Call, token: str) -> Grant:
    grant = call.store.by_name(Grant, grant_id_of(token))
    if grant is None or grant.until or digest(token) not in grant.tokens:
        raise InvalidGrantTokenException
    return grant


def _grant(call: Call, key_arn: str, grant_id: str) -> Grant:
    if not ID.fullmatch(grant_id):
        raise InvalidGrantIdException
    grant = call.store.get(Grant, key_arn, grant_id)
    if grant is None or grant.until:
        raise NotFoundException(f"Grant ID {grant_id} not found")
    return grant


def _entry(grant: Grant) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "KeyId": grant.key_arn,
        "GrantId": grant.id,
        "Name": grant.name,
        "CreationDate": grant.created,
        "IssuingAccount": f"arn:aws:iam::{grant.issuing_account}:root",
        "Operations": list(grant.operations),
    }
    for kind, who in (("Grantee", grant.grantee), ("Retiring", grant.retiring)):
        if who:
            entry[f"{kind}ServicePrincipal" if SERVICE.fullmatch(who) else f"{kind}Principal"] = who
    constraints = {
        "EncryptionContextEquals": dict(grant.equals),
        "EncryptionContextSubset": dict(grant.subset),
        "SourceArn": grant.source_arn,
    }
    settings = {name: value for name, value in constraints.items() if value}
    return entry | ({"Constraints": settings} if settings else {})
