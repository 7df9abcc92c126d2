"""What every operation goes through: its keys are found, it is decided, its use and state are checked, it is done."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from kms_teach.access.policy import read
from kms_teach.errors import (
    IncorrectKeyException,
    InvalidCiphertextException,
    InvalidKeyUsageException,
    KmsError,
    UnsupportedOperationException,
    ValidationException,
)
from kms_teach.hsm.blob import parse
from kms_teach.keys.key import Key
from kms_teach.keys.names import alias_in, arn, checked_alias
from kms_teach.keys.specs import SPECS, SYMMETRIC
from kms_teach.keys.states import step
from kms_teach.operations.audit import Audit
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import Answer, KeyParameter, Operation
from kms_teach.operations.grant_tokens import check_tokens
from kms_teach.operations.permission import authorize
from kms_teach.operations.recipients import recipient
from kms_teach.operations.regions import primary_only
from kms_teach.operations.repository import KeyRepository
from kms_teach.operations.request import ApiRequest, Recipient
from kms_teach.store import Store

CIPHERTEXT_NEEDED = (
    "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null"
)
INCORRECT_KEY = "The key ID in the request does not identify a CMK that can perform this operation."


def ahead(request: ApiRequest, store: Store) -> Recipient | None:
    """What may take its time and needs no key, done before the store is the call's own; gives whom an answer is for.

    A policy is only read, so that it need not be read later: what is wrong with it is told in its turn.
    """
    check_tokens(request)
    if policy := request.params.get("Policy"):
        with suppress(KmsError):
            read(policy, "key policy")
    return recipient(request, store)


def answer(
    operation: Operation, request: ApiRequest, keys: KeyRepository, audit: Audit, prepared: Any,
    sealed_for: Recipient | None,
) -> Answer:  # fmt: skip
    """Find the keys, decide, check what they are for, step their state, do it."""
    if sealed_for:
        audit.event_data["recipient"] = sealed_for.event_data
    params = request.params
    own_alias = checked_alias(params[operation.alias]) if operation.alias else ""
    only_authorize = params.get("DryRun") and "IGNORE_CIPHERTEXT" in params.get("DryRunModifiers", ())
    if only_authorize:
        params = {k: v for k, v in params.items() if k not in operation.ciphertexts}
    elif operation.ciphertexts and not operation.ciphertexts <= params.keys():
        raise ValidationException(CIPHERTEXT_NEEDED)
    named = targets(operation, keys, params)
    audit.resources.extend(dict.fromkeys(named) if len(named) > 1 else named)
    texts = (params.get(each.parameter) for each in operation.on)
    aliases = [alias for text in texts if text and "alias/" in text and (alias := alias_in(text))]
    call = Call(request, keys, audit, named, aliases[-1] if aliases else "", sealed_for, prepared)
    _decide(operation, call, own_alias)
    stepped = [_ready(keys, operation, each, key, params) for each, key in zip(operation.on, named, strict=True)]
    for before, after in zip(named, stepped, strict=True):
        if after is not before:
            keys.save(after)
    if only_authorize:
        return None
    arguments = {operation.parameters[k]: v for k, v in params.items() if k in operation.parameters}
    return operation.function(call, *stepped, **arguments)


def targets(operation: Operation, keys: KeyRepository, params: Mapping[str, Any]) -> tuple[Key, ...]:
    """The keys that the request names, in the order of its parameters. NotFoundException and others of its kind."""
    return tuple(_key(keys, parameter, params) for parameter in operation.on)


def _decide(operation: Operation, call: Call, own_alias: str) -> None:
    """Ask for every permission that the operation needs. One that decides for itself asks later."""
    if own_alias:
        authorize(call, f"kms:{operation.name}", arn(call.region, call.account, own_alias))
    elif not operation.on and not operation.decides:
        authorize(call, f"kms:{operation.name}", "*")
    terms = operation.terms(call.request.params) if operation.terms else None
    for parameter, key in zip(operation.on, call.targets, strict=True):
        authorize(call, parameter.permission or f"kms:{operation.name}", key.arn, key, terms=terms)


def _key(keys: KeyRepository, parameter: KeyParameter, params: Mapping[str, Any]) -> Key:
    key_id = params.get(parameter.parameter)
    if key_id is not None:
        named = _named_by_blob(keys, parameter, key_id, params)
        return named or keys.find(key_id, aliases=parameter.aliases or parameter.via_alias, newest=parameter.via_alias)
    if parameter.blob not in params or params.get(parameter.algorithm, SYMMETRIC) != SYMMETRIC:
        raise ValidationException(f"{parameter.parameter} must not be null")
    return keys.find_by_blob(params[parameter.blob])


def _named_by_blob(keys: KeyRepository, parameter: KeyParameter, key_id: str, params: Mapping[str, Any]) -> Key | None:
    """The key of another account whose bare id is given beside a symmetric ciphertext of its own (since 27 Apr 2026).

    KMS API Reference, "Decrypt" and "ReEncrypt": everywhere else a bare id is that of a key of the caller's account.
    """
    blob = parse(params[parameter.blob]) if parameter.blob in params else None
    if blob is None or params.get(parameter.algorithm, SYMMETRIC) != SYMMETRIC:
        return None
    owner = keys.owner(blob.material_id)
    return keys.find_by_blob(params[parameter.blob]) if owner and owner.key_id == key_id else None


def _ready(
    keys: KeyRepository, operation: Operation, parameter: KeyParameter, key: Key, params: Mapping[str, Any]
) -> Key:
    """The key in its next state, if it may be used so: the right one, of the right kind, in a state that allows it."""
    if parameter.via_alias:  # KMS Developer Guide, "Key states": of an alias that moves or ends, its key may be in any
        return key
    algorithm = params.get(parameter.algorithm, SYMMETRIC)
    if parameter.blob in params and algorithm == SYMMETRIC:  # AWS reads the blob before it looks at the key
        blob = parse(params[parameter.blob])
        if blob is None:
            raise InvalidCiphertextException
        if keys.material(key, blob.material_id) is None:
            raise IncorrectKeyException(INCORRECT_KEY)
    if operation.usage and key.usage != operation.usage:
        raise InvalidKeyUsageException(f"{key.arn} key usage is {key.usage} which is not valid for {operation.name}.")
    if operation.primary:
        primary_only(key)
    after = step(operation.name, key)  # recorded: a disabled key of the wrong spec is disabled
    if operation.symmetric and key.spec != SYMMETRIC:
        raise UnsupportedOperationException
    if operation.origins and key.origin not in operation.origins:
        raise UnsupportedOperationException(f"{key.arn} origin is {key.origin} which is not valid for this operation.")
    if parameter.algorithm and algorithm not in SPECS[key.spec].algorithms[key.usage]:
        raise InvalidKeyUsageException(f"Algorithm {algorithm} is incompatible with key spec {key.spec}.")
    return after
