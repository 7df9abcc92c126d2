"""This is the one path every call takes: `perform`."""

import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kms_teach.access.policy import read
from kms_teach.access.principals import ROOT_ACCOUNT, Principal, root
from kms_teach.clock import Clock
from kms_teach.errors import (
    DryRunOperationException,
    IncorrectKeyException,
    InvalidKeyUsageException,
    KmsError,
    UnsupportedOperationException,
)
from kms_teach.hsm.blob import parse
from kms_teach.hsm.boundary import Hsm
from kms_teach.keys.calendar import due
from kms_teach.keys.key import Key, Usage
from kms_teach.keys.names import ACCOUNT, arn, checked_alias
from kms_teach.keys.specs import SYMMETRIC
from kms_teach.keys.states import step
from kms_teach.operations.catalog import CATALOG, Call, Operation, Role
from kms_teach.operations.lifecycle import delete_key
from kms_teach.operations.rotation import rotate_on_schedule
from kms_teach.store import Store
from kms_teach.trail import Record, Trail, call_event, own_event, response_elements

FALLS_DUE: Mapping[str, Callable[[Call, Key], None]] = {"delete": delete_key, "rotate": rotate_on_schedule}
AWS = Principal(account="", kind="service", name="AWS Internal")
INCORRECT_KEY = "The key ID in the request does not identify a CMK that can perform this operation."


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a call comes from, as the trail tells it."""

    source_ip: str = "127.0.0.1"
    user_agent: str = ""
    request_id: str = ""


HERE = Origin()


class Service:
    """KMS. `check(name, params)` raises ValidationException for parameters that the model does not allow."""

    def __init__(self, store: Store, hsm: Hsm, clock: Clock, check: Callable[[str, Mapping[str, Any]], None]) -> None:
        self.store, self.hsm, self.clock, self.trail = store, hsm, clock, Trail(store)
        self._check = check
        self._one = threading.RLock()

    def perform(
        self, principal: Principal, region: str, name: str, params: Mapping[str, Any], origin: Origin = HERE
    ) -> Mapping[str, Any] | None:
        """Answer one call, or raise its KmsError. A call that fails changes nothing but the trail."""
        call = Call(self.store, self.hsm, self.clock.now, region, principal)
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
                    self._settle(call)
                    if params.get("DryRun"):
                        raise DryRunOperationException(
                            "The request would have succeeded, but the DryRun option is set."
                        )
                self._record(call, operation.changes, name, params, origin, result, None)
                return result
        except KmsError as error:
            with self._one:
                self._record(call, operation is not None and operation.changes, name, params, origin, None, error)
            raise

    def principal(self, access_key: str) -> Principal | None:
        """Whose access key this is."""
        if access_key == "test":
            return root(ROOT_ACCOUNT)
        if ACCOUNT.fullmatch(access_key):
            return root(access_key)
        return self.store.get(Principal, "principal", access_key)

    def advance(self, to: datetime) -> None:
        """Move the clock; what falls due until then happens in order, each at its own time."""
        with self._one:
            while key := self.store.first_due(Key, to):
                with self._at(next(due(key)).at) as call, self.store.transaction():
                    self._settle_one(call, key)
            self.clock.move_to(to)
            self.store.set("now", to.isoformat())

    def _settle(self, call: Call) -> None:
        """Do at once what is overdue, as for a key that was disabled on its day and is enabled now."""
        while key := self.store.first_due(Key, call.now):
            self._settle_one(call, key)

    def _settle_one(self, call: Call, key: Key) -> None:
        FALLS_DUE[next(due(key)).what](call, key)

    @contextmanager
    def _at(self, at: datetime) -> Iterator[Call]:
        self.clock.move_to(max(at, self.clock.now))
        call = Call(self.store, self.hsm, self.clock.now, "", AWS)
        yield call
        self._record_own(call)

    def _record(
        self, call: Call, changes: bool, name: str, params: Mapping[str, Any], origin: Origin,
        result: Mapping[str, Any] | None, error: KmsError | None,
    ) -> None:  # fmt: skip
        event = call_event(
            call.principal, name, call.region, call.now, origin.request_id or str(uuid.uuid4()), {**params, **call.notes},
            not changes, call.keys, origin.source_ip, origin.user_agent,
        )  # fmt: skip
        if error:
            event |= {"errorCode": error.code} | ({"errorMessage": error.message} if error.message else {})
        else:
            event["responseElements"] = response_elements(result, call.keys) if changes else None
            if call.used:
                event["additionalEventData"] = {"keyMaterialId": call.used[0].material_id}
        sent = {k: len(v) for k, v in params.items() if isinstance(v, bytes)}
        returned = {k: len(v) for k, v in (result or {}).items() if isinstance(v, bytes)}
        self.trail.add(Record(event, tuple(call.decisions), sent, returned, tuple(call.used), call.principal.label))
        if not error:
            self._record_own(call)
            for key in call.used_keys:
                self.trail.used(Usage(key.scope, key.id, name, call.now, event["eventID"], event["requestID"]))

    def _record_own(self, call: Call) -> None:
        for key, name, details in call.own:
            self.trail.add(Record(own_event(key, name, call.now, details)))

    def close(self) -> None:
        with self._one:
            self.store.set("now", self.clock.now.isoformat())
            self.trail.write()
            self.store.close()


def _perform(operation: Operation, call: Call, params: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Find the keys, decide, check what they are for, step their state, do it."""
    alias = checked_alias(params[operation.alias]) if operation.alias else ""
    found = [_key(call, role, params) for role in operation.on]
    call.keys.extend(dict.fromkeys(found))
    if alias:
        call.require(f"kms:{operation.name}", arn(call.region, call.account, alias), call.account, None)
    elif not operation.on:
        call.require(f"kms:{operation.name}", "*", call.account, None)
    for role, key in zip(operation.on, found, strict=True):
        call.require(role.permission or f"kms:{operation.name}", key.arn, key.account, read(key.policy, "key policy"))
    stepped = [_ready(operation, role, key, params) for role, key in zip(operation.on, found, strict=True)]
    for before, after in zip(found, stepped, strict=True):
        if after is not before:
            call.save(after)
    arguments = {operation.parameters[k]: v for k, v in params.items() if k in operation.parameters}
    return operation.function(call, *stepped, **arguments)


def _key(call: Call, role: Role, params: Mapping[str, Any]) -> Key:
    named = params.get(role.parameter)
    if named is not None:
        return call.find(named, aliases=role.aliases or role.via_alias)
    return call.find_by_blob(params.get(role.blob) or b"")


def _ready(operation: Operation, role: Role, key: Key, params: Mapping[str, Any]) -> Key:
    """The key in its next state, if it may be used so: the right one, of the right kind, in a state that allows it."""
    blob = parse(params.get(role.blob) or b"") if role.blob else None
    if blob and key.number(blob.material_id) is None:
        raise IncorrectKeyException(INCORRECT_KEY)
    if operation.usage and key.usage != operation.usage:
        raise InvalidKeyUsageException(f"{key.arn} key usage is {key.usage} which is not valid for {operation.name}.")
    if operation.symmetric and key.spec != SYMMETRIC:
        raise UnsupportedOperationException
    if operation.own_material and key.origin != "AWS_KMS":
        raise UnsupportedOperationException(f"{key.arn} origin is {key.origin} which is not valid for this operation.")
    return step(operation.name, key)
