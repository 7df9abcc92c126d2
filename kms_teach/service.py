"""This is the one path every call takes: `perform`."""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from kms_teach import events
from kms_teach.access.authorization import Authorization
from kms_teach.access.principals import ROOT_ACCOUNT, Principal, root
from kms_teach.clock import Clock
from kms_teach.errors import (
    DryRunOperationException,
    IncorrectKeyException,
    InvalidCiphertextException,
    InvalidKeyUsageException,
    KmsError,
    UnsupportedOperationException,
    ValidationException,
)
from kms_teach.hsm.blob import parse
from kms_teach.hsm.boundary import Hsm
from kms_teach.keys.calendar import CALENDAR, due
from kms_teach.keys.key import Key, Usage
from kms_teach.keys.names import ACCOUNT, arn, checked_alias
from kms_teach.keys.specs import SPECS, SYMMETRIC
from kms_teach.keys.states import step
from kms_teach.operations.call import HERE, Call, Origin
from kms_teach.operations.catalog import CATALOG, Operation, Role
from kms_teach.operations.grants import check_tokens
from kms_teach.operations.imports import expire_material
from kms_teach.operations.key_stores import connect
from kms_teach.operations.recipients import check_recipient
from kms_teach.operations.regions import delete_from_family, settle
from kms_teach.operations.rotation import finish_on_demand, rotate_on_schedule
from kms_teach.operations.sessions import assume_role, get_caller_identity
from kms_teach.store import Store
from kms_teach.trail import Trail

FALLS_DUE: Mapping[str, Callable[[Call, Any], None]] = {
    "connect": connect,
    "delete": delete_from_family,
    "expire": expire_material,
    "finish": finish_on_demand,
    "forget": lambda call, record: call.store.delete(record),
    "rotate": rotate_on_schedule,
    "settle": settle,
}
AWS = Principal(account="", kind="service", name="AWS Internal")
CIPHERTEXT_NEEDED = (
    "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null"
)
QUESTIONS_KEPT = 1000  # calls whose questions are remembered whole, in this process only
INCORRECT_KEY = "The key ID in the request does not identify a CMK that can perform this operation."


class Service:
    """KMS. `check(name, params)` raises ValidationException for parameters that the model does not allow.

    slow: what takes its time at AWS takes it here too (`keys.delays`).
    """

    def __init__(
        self, store: Store, hsm: Hsm, clock: Clock, check: Callable[[str, Mapping[str, Any]], None],
        slow: bool = False,
    ) -> None:  # fmt: skip
        self.store, self.hsm, self.clock, self.trail = store, hsm, clock, Trail(store)
        self._check, self.slow = check, slow
        self._one = threading.RLock()
        self.asked: deque[tuple[str, tuple[Authorization, ...]]] = deque(maxlen=QUESTIONS_KEPT)  # with the event's id

    def perform(
        self, principal: Principal, region: str, name: str, params: Mapping[str, Any], origin: Origin = HERE
    ) -> Mapping[str, Any] | None:
        """Answer one call, or raise its KmsError. A call that fails changes nothing but the trail."""
        call = Call(
            self.store, self.hsm, self.clock.now, region, principal, params, origin,
            last_usage=self.trail.last_usage, slow=self.slow,
        )  # fmt: skip
        operation = CATALOG.get(name)
        try:
            self._check(name, params)
            if operation is None:
                raise UnsupportedOperationException(
                    f"this simulator does not answer {name} yet: see its list of operations"
                )
            if operation.before:
                call.prepared = operation.before(self.hsm, params)
            with self._one:
                call.now = self.clock.now
                with self.store.transaction():
                    result = _perform(operation, call, params)
                    if operation.changes:  # time stands still, so only a change can make something overdue
                        self._settle(call)
                    if params.get("DryRun"):
                        raise DryRunOperationException(
                            "The request would have succeeded, but the DryRun option is set."
                        )
                self._record(call, name, operation.changes, result, None)
                return result
        except KmsError as error:
            with self._one:
                self._record(call, name, operation is not None and operation.changes, None, error)
            raise

    def principal(self, access_key: str) -> Principal | None:
        """Whose access key this is."""
        if access_key == "test":
            return root(ROOT_ACCOUNT)
        if ACCOUNT.fullmatch(access_key):
            return root(access_key)
        return self.store.get(Principal, "principal", access_key)

    def sts(self, caller: Principal, action: str, params: Mapping[str, str]) -> Mapping[str, Any] | None:
        """Answer a call to STS; None for one that is not answered here."""
        match action:
            case "GetCallerIdentity":
                return get_caller_identity(caller)
            case "AssumeRole":
                return assume_role(self.store, self.clock.now, caller, params)
            case _:
                return None

    def advance(self, to: datetime) -> None:
        """Move the clock; what falls due until then happens in order, each at its own time."""
        with self._one:
            while record := self._first_due(to):
                with self._at(next(due(record)).at) as call, self.store.transaction():
                    self._settle_one(call, record)
            self.clock.move_to(to)
            self.store.set("now", to.isoformat())

    def _settle(self, call: Call) -> None:
        """Do at once what is overdue, as for a key that was disabled on its day and is enabled now."""
        while key := self.store.first_due(Key, call.now):
            self._settle_one(call, key)

    def _settle_one(self, call: Call, record: Any) -> None:
        FALLS_DUE[next(due(record)).what](call, record)

    def _first_due(self, to: datetime) -> Any:
        """What falls due first, if that is not after `to`."""
        found: list[Any] = [record for kind in CALENDAR if (record := self.store.first_due(kind, to))]
        return min(found, key=lambda record: next(due(record)).at, default=None)

    @contextmanager
    def _at(self, at: datetime) -> Iterator[Call]:
        self.clock.move_to(max(at, self.clock.now))
        call = Call(self.store, self.hsm, self.clock.now, "", AWS)
        yield call
        for record in events.own(call):
            self.trail.add(record)

    def _record(
        self, call: Call, name: str, changes: bool, result: Mapping[str, Any] | None, error: KmsError | None
    ) -> None:
        others, record, followed = events.answered(call, name, changes, result, error)
        for each in (*others, record, *followed):
            self.trail.add(each)
        event = record.event
        self.asked.append((event["eventID"], tuple(call.questions)))
        for key in () if error else call.used_keys:
            self.trail.used(Usage(key.scope, key.id, name, call.now, event["eventID"], event["requestID"]))

    def close(self) -> None:
        with self._one:
            self.store.set("now", self.clock.now.isoformat())
            self.trail.write()
            self.store.close()


def _perform(operation: Operation, call: Call, params: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Find the keys, decide, check what they are for, step their state, do it."""
    check_tokens(call)
    check_recipient(call)
    alias = checked_alias(params[operation.alias]) if operation.alias else ""
    ciphertexts = {role.blob for role in operation.on if role.blob}
    only_authorize = params.get("DryRun") and "IGNORE_CIPHERTEXT" in params.get("DryRunModifiers", ())
    if only_authorize:
        params = {k: v for k, v in params.items() if k not in ciphertexts}
    elif not ciphertexts <= params.keys():
        raise ValidationException(CIPHERTEXT_NEEDED)
    found = [_key(call, role, params) for role in operation.on]
    call.keys.extend(dict.fromkeys(found))
    if alias:
        call.require(f"kms:{operation.name}", arn(call.region, call.account, alias))
    elif not operation.on and not operation.decides:
        call.require(f"kms:{operation.name}", "*")
    terms = operation.terms(params) if operation.terms else None
    for role, key in zip(operation.on, found, strict=True):
        call.require(role.permission or f"kms:{operation.name}", key.arn, key, terms=terms)
    stepped = [_ready(operation, role, key, params) for role, key in zip(operation.on, found, strict=True)]
    for before, after in zip(found, stepped, strict=True):
        if after is not before:
            call.save(after)
    if only_authorize:
        return None
    arguments = {operation.parameters[k]: v for k, v in params.items() if k in operation.parameters}
    return operation.function(call, *stepped, **arguments)


def _key(call: Call, role: Role, params: Mapping[str, Any]) -> Key:
    named = params.get(role.parameter)
    if named is not None:
        return call.find(named, aliases=role.aliases or role.via_alias, newest=role.via_alias)
    if role.blob not in params or params.get(role.algorithm, SYMMETRIC) != SYMMETRIC:
        raise ValidationException(f"{role.parameter} must not be null")
    return call.find_by_blob(params[role.blob])


def _ready(operation: Operation, role: Role, key: Key, params: Mapping[str, Any]) -> Key:
    """The key in its next state, if it may be used so: the right one, of the right kind, in a state that allows it."""
    algorithm = params.get(role.algorithm, SYMMETRIC)
    if role.blob in params and algorithm == SYMMETRIC:  # AWS reads the blob before it looks at the key
        blob = parse(params[role.blob])
        if blob is None:
            raise InvalidCiphertextException
        if key.number(blob.material_id) is None:
            raise IncorrectKeyException(INCORRECT_KEY)
    if operation.usage and key.usage != operation.usage:
        raise InvalidKeyUsageException(f"{key.arn} key usage is {key.usage} which is not valid for {operation.name}.")
    if operation.symmetric and key.spec != SYMMETRIC:
        raise UnsupportedOperationException
    if (operation.own_material and key.origin != "AWS_KMS") or (operation.imported and key.origin != "EXTERNAL"):
        raise UnsupportedOperationException(f"{key.arn} origin is {key.origin} which is not valid for this operation.")
    after = step(operation.name, key)
    if role.algorithm and algorithm not in SPECS[key.spec].algorithms[key.usage]:
        raise InvalidKeyUsageException(f"Algorithm {algorithm} is incompatible with key spec {key.spec}.")
    return after
