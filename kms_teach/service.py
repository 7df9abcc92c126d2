"""The one path every call takes: `perform`."""

import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from kms_teach import events
from kms_teach.access.authorization import Authorization
from kms_teach.access.principals import ROOT_ACCOUNT, Principal, root
from kms_teach.clock import Clock
from kms_teach.errors import (
    DryRunOperationException,
    IncorrectKeyException,
    InvalidAction,
    InvalidCiphertextException,
    InvalidKeyUsageException,
    KmsError,
    KMSInternalException,
    StoreError,
    UnsupportedOperationException,
    ValidationException,
)
from kms_teach.hsm.blob import parse
from kms_teach.hsm.boundary import Hsm
from kms_teach.keys.calendar import CALENDAR, due
from kms_teach.keys.key import Key, LastUsage
from kms_teach.keys.names import ACCOUNT, alias_in, arn, checked_alias
from kms_teach.keys.specs import SPECS, SYMMETRIC
from kms_teach.keys.states import step
from kms_teach.operations.audit import Audit
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import CATALOG, KeyParameter, Operation
from kms_teach.operations.grant_tokens import check_tokens
from kms_teach.operations.imports import expire_material
from kms_teach.operations.key_stores import connect
from kms_teach.operations.permission import authorize
from kms_teach.operations.recipients import recipient
from kms_teach.operations.regions import become_ready, delete_as_scheduled, primary_only
from kms_teach.operations.repository import KeyRepository
from kms_teach.operations.request import HERE, ApiRequest, Origin
from kms_teach.operations.rotation import complete_on_demand, rotate_on_schedule
from kms_teach.store import Store
from kms_teach.trail import Trail

WHEN_DUE: Mapping[str, Callable[[Call, Any], None]] = {
    "become ready": become_ready,
    "complete": complete_on_demand,
    "connect": connect,
    "delete": delete_as_scheduled,
    "expire": expire_material,
    "forget": lambda call, record: call.store.delete(record),
    "rotate": rotate_on_schedule,
}
AWS = Principal(account="", kind="service", name="AWS Internal")
CIPHERTEXT_NEEDED = (
    "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null"
)
AUTHORIZATIONS_KEPT = 1000  # calls whose authorizations are remembered whole, in this process only
INCORRECT_KEY = "The key ID in the request does not identify a CMK that can perform this operation."


class Service:
    """KMS, and the one path of the services beside it.

    check(name, params, service="kms"): raises ValidationException for what a model does not allow.
    slow: what takes its time at AWS takes it here too (`keys.delays`).
    keep: how many records the trail keeps at least; None keeps all.
    """

    def __init__(
        self, store: Store, hsm: Hsm, clock: Clock, check: Callable[..., None],
        slow: bool = False, keep: int | None = None,
    ) -> None:  # fmt: skip
        self.store, self.hsm, self.clock, self.trail = store, hsm, clock, Trail(store, keep)
        self._check, self.slow = check, slow
        self._one = threading.RLock()
        # with the event's id
        self.authorizations: deque[tuple[str, tuple[Authorization, ...]]] = deque(maxlen=AUTHORIZATIONS_KEPT)
        weakref.finalize(self, _end, store, self.trail, clock)  # of a simulator that nobody closed

    def perform(
        self, principal: Principal, region: str, name: str, params: Mapping[str, Any], origin: Origin = HERE
    ) -> Mapping[str, Any] | None:
        """Answer one call, or raise its KmsError. A call that fails changes nothing but the trail."""
        request, audit = ApiRequest(principal, region, self.clock.now, params, origin), Audit()
        operation = CATALOG.get(name)
        changes = operation is not None and operation.changes
        try:
            self._check(name, params)
            if operation is None:
                raise UnsupportedOperationException(
                    f"this simulator does not answer {name} yet: see its list of operations"
                )
            prepared = operation.before(self.hsm, params) if operation.before else None
            with self._one:
                if request.now != self.clock.now:  # time was moved meanwhile
                    request = replace(request, now=self.clock.now)
                with self.store.transaction():
                    result = _answer(operation, request, self._keys(request), audit, prepared)
                    if changes:  # time stands still, so only a change can make something overdue
                        self._do_overdue(Call(request, self._keys(request), audit))
                    if params.get("DryRun"):
                        raise DryRunOperationException(
                            "The request would have succeeded, but the DryRun option is set."
                        )
                self._record(request, audit, name, changes, result, None)
                return result
        except OverflowError:
            error: KmsError = KMSInternalException("that would fall due after the year 9999, where time ends here")
            with self._one:
                self._record(request, audit, name, changes, None, error)
            raise error from None
        except KmsError as error:  # to record it
            with self._one:
                self._record(request, audit, name, changes, None, error)
            raise

    def elsewhere(
        self, service: str, request: ApiRequest, name: str, act: Callable[[Call], Any] | None, *, changes: bool,
        first: Callable[[], None] = lambda: None,
    ) -> Any:  # fmt: skip
        """Do a call to another service than KMS by the same path: in one transaction, and into the trail.

        act: None for an operation that it does not have. first: what that service checks before its model.
        """
        audit = Audit()
        try:
            first()
            self._check(name, request.params, service)
            if act is None:
                raise InvalidAction(f"this simulator does not answer {name}: see its list of operations")
            with self._one, self.store.transaction():
                result = act(Call(request, self._keys(request), audit))
        except KmsError as error:
            with self._one:
                self._record(request, audit, name, changes, None, error, service)
            raise
        with self._one:
            self._record(request, audit, name, changes, result, None, service)
        return result

    def call(self, request: ApiRequest) -> Call:
        """A call by which the simulator itself looks at keys or changes them: it is not asked whether it may."""
        return Call(request, self._keys(request), Audit())

    def principal(self, access_key: str) -> Principal | None:
        """Whose access key this is."""
        if access_key == "test":
            return root(ROOT_ACCOUNT)
        if ACCOUNT.fullmatch(access_key):
            return root(access_key)
        found = self.store.get(Principal, "principal", access_key)
        return found if found and found.secret else None

    def advance(self, to: datetime) -> None:
        """Move the clock; what falls due until then happens in order, each at its own time."""
        with self._one:
            while record := self._first_due(to):
                with self._at(next(due(record)).at) as call, self.store.transaction():
                    _do(call, record)
                    self.store.set("now", call.now.isoformat())
            self.store.set("now", to.isoformat())
            self.clock.move_to(to)

    def _keys(self, request: ApiRequest) -> KeyRepository:
        return KeyRepository(self.store, self.hsm, request, self.trail.last_usage, self.slow)

    def _do_overdue(self, call: Call) -> None:
        """Do at once what is overdue, as for a key that was disabled on its day and is enabled now."""
        while key := self.store.first_due(Key, call.now):
            _do(call, key)

    def _first_due(self, to: datetime) -> Any:
        """What falls due first, if that is not after `to`."""
        records: list[Any] = [record for kind in CALENDAR if (record := self.store.first_due(kind, to))]
        return min(records, key=lambda record: next(due(record)).at, default=None)

    @contextmanager
    def _at(self, at: datetime) -> Iterator[Call]:
        self.clock.move_to(max(at, self.clock.now))
        call = self.call(ApiRequest(AWS, "", self.clock.now))
        yield call
        for record in events.own(call.audit, call.now):
            self.trail.add(record)

    def _record(
        self, request: ApiRequest, audit: Audit, name: str, changes: bool, result: Mapping[str, Any] | None,
        error: KmsError | None, service: str = "kms",
    ) -> None:  # fmt: skip
        before, record, after = events.answered(request, audit, name, changes, result, error, service)
        for each in (*before, record, *after):
            self.trail.add(each)
        event_id = record.event["eventID"]
        self.authorizations.append((event_id, tuple(audit.authorizations)))
        for key, _ in () if error else audit.used:
            self.trail.used(LastUsage(key.scope, key.id, name, request.now, event_id, record.request_id))

    def close(self) -> None:
        """Write what is held back and let go of the store; a second time is nothing.

        KMSInternalException, and nothing is lost or closed, when a full disk does not take it.
        """
        with self._one:
            if not self.store.closed:
                self.trail.write()
                self.store.close()


def _end(store: Store, trail: Trail, clock: Clock) -> None:
    """Write what is held back, where that can still be done."""
    with suppress(StoreError, KMSInternalException):
        store.set("now", clock.now.isoformat())
        trail.write()


def _do(call: Call, record: Any) -> None:
    """What falls due next for a record."""
    WHEN_DUE[next(due(record)).what](call, record)


def _answer(
    operation: Operation, request: ApiRequest, keys: KeyRepository, audit: Audit, prepared: Any
) -> Mapping[str, Any] | None:
    """Find the keys, decide, check what they are for, step their state, do it."""
    check_tokens(request)
    sealed_for = recipient(request, keys.store)
    if sealed_for:
        audit.event_data["recipient"] = sealed_for.event_data
    params = request.params
    own_alias = checked_alias(params[operation.alias]) if operation.alias else ""
    ciphertexts = {parameter.blob for parameter in operation.on if parameter.blob}
    only_authorize = params.get("DryRun") and "IGNORE_CIPHERTEXT" in params.get("DryRunModifiers", ())
    if only_authorize:
        params = {k: v for k, v in params.items() if k not in ciphertexts}
    elif not ciphertexts <= params.keys():
        raise ValidationException(CIPHERTEXT_NEEDED)
    targets = tuple(_key(keys, parameter, params) for parameter in operation.on)
    audit.resources.extend(dict.fromkeys(targets))
    aliases = [alias for each in operation.on if (alias := alias_in(params.get(each.parameter) or ""))]
    call = Call(request, keys, audit, targets, aliases[-1] if aliases else "", sealed_for, prepared)
    _decide(operation, call, own_alias)
    stepped = [_ready(keys, operation, each, key, params) for each, key in zip(operation.on, targets, strict=True)]
    for before, after in zip(targets, stepped, strict=True):
        if after is not before:
            keys.save(after)
    if only_authorize:
        return None
    arguments = {operation.parameters[k]: v for k, v in params.items() if k in operation.parameters}
    return operation.function(call, *stepped, **arguments)


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
