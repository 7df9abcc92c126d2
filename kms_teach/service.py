"""The one path every call takes: `perform`."""

import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from msgspec.structs import replace

from kms_teach import events
from kms_teach.access.principals import ROOT_ACCOUNT, SECRET_OF_ROOT, Principal, root
from kms_teach.clock import Clock
from kms_teach.errors import (
    DryRunOperationException,
    InvalidAction,
    KmsError,
    KMSInternalException,
    StoreError,
    UnsupportedOperationException,
)
from kms_teach.hsm.boundary import Hsm
from kms_teach.keys.calendar import due
from kms_teach.keys.key import LastUsage
from kms_teach.keys.names import ACCOUNT
from kms_teach.operations.asked import Asked
from kms_teach.operations.audit import Audit
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import CATALOG
from kms_teach.operations.deadlines import do, do_overdue, first_due
from kms_teach.operations.procedure import ahead, answer
from kms_teach.operations.quotas import WORDS, Charge, Left, charges
from kms_teach.operations.repository import KeyRepository
from kms_teach.operations.request import HERE, ApiRequest, Origin
from kms_teach.store import Store
from kms_teach.trail import Trail
from kms_teach.turns import Turns

DRY_RUN = "The request would have succeeded, but the DryRun option is set."
AWS = Principal(account="", kind="service", name="AWS Internal")


class Closes(Protocol):
    def close(self) -> None: ...


R = TypeVar("R", bound=Closes)


class Service:
    """KMS, and the one path of the services beside it.

    check(name, params, service="kms"): raises ValidationException for what a model does not allow.
    slow: what takes its time at AWS takes it here too (`keys.delays`). quota: requests a second of the quota that the
    cryptographic operations of symmetric keys share; with 0 nothing is ever throttled.
    keep, size: how many records the trail keeps, and how many bytes of them; None keeps all. path: of the store's file,
    if it has one.
    """

    def __init__(
        self, store: Store, hsm: Hsm, clock: Clock, check: Callable[..., None],
        slow: bool = False, keep: int | None = None, size: int | None = None, path: Path | None = None,
        quota: int = 0,
    ) -> None:  # fmt: skip
        self.store, self.hsm, self.clock, self.trail = store, hsm, clock, Trail(store, keep, size)
        self.check, self.slow, self.path, self.quota = check, slow, path, quota
        self.closed = False  # to what is signed with the secret that everybody knows
        self._left = Left()
        self.original: Service | None = None  # of which this is a copy
        self._beside: dict[str, Any] = {}
        self._one = Turns()
        self.authorizations = Asked()
        weakref.finalize(self, _end, store, self.trail, clock)  # of a simulator that nobody closed

    def copied(self, *, trail: bool = True) -> "Service":
        """A service of its own in memory that goes on from what this one is now; nothing is counted against a quota.

        trail: whether it has the trail as well. Without it the copy is quick, however long the trail is.
        """
        with self._one:
            store = self.store.copied(trail=trail)
            copy = Service(store, self.hsm, Clock(self.clock.now), self.check, self.slow)
            copy.trail, copy.original = self.trail.copied(store, records=trail), self
            copy.authorizations = self.authorizations.copied()
        return copy

    def perform(
        self, principal: Principal, region: str, name: str, params: Mapping[str, Any], origin: Origin = HERE
    ) -> Mapping[str, Any] | None:
        """Answer one call, or raise its KmsError. A call that fails changes nothing but the trail."""
        self.store.check()  # before a turn that never comes, where another thread had it when the process forked
        request, audit = ApiRequest(principal, region, self.clock.now, params, origin), Audit()
        operation = CATALOG.get(name)
        changes = operation is not None and operation.changes
        try:
            self.check(name, params)
            if operation is None:
                raise UnsupportedOperationException(
                    f"this simulator does not answer {name} yet: see its list of operations"
                )
            if self.quota:
                self.spend(charges(operation, request, self._keys(request), self.quota), WORDS)
            sealed_for = ahead(request, self.store)
            prepared = operation.before(self.hsm, params) if operation.before else None
            with self._one:
                if request.now != self.clock.now:  # time was moved meanwhile
                    request = replace(request, now=self.clock.now)
                keys = self._keys(request)
                with self.store.transaction():
                    result = answer(operation, request, keys, audit, prepared, sealed_for)
                    if changes:  # time stands still, so only a change can make something overdue
                        do_overdue(Call(request, keys, audit))
                    if params.get("DryRun") and not callable(result):
                        raise DryRunOperationException(DRY_RUN)
                if not callable(result):
                    self._record(request, audit, name, changes, result, None)
                    return result
            result = result()  # work that takes its time, while others have their turn
            if params.get("DryRun"):  # above it takes back what was done; here the errors of that work come first
                raise DryRunOperationException(DRY_RUN)
            with self._one:
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
            self.check(name, request.params, service)
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

    @contextmanager
    def step(self, request: ApiRequest, audit: Audit) -> Iterator[Call]:
        """One transaction of a call to another service that needs several, with calls to KMS between them."""
        with self._one, self.store.transaction():
            yield Call(replace(request, now=self.clock.now), self._keys(request), audit)

    def record(
        self, request: ApiRequest, audit: Audit, name: str, service: str, *, changes: bool,
        result: Mapping[str, Any] | None = None, error: KmsError | None = None,
    ) -> None:  # fmt: skip
        """Note in the trail a call that was done step by step."""
        with self._one:
            self._record(request, audit, name, changes, result, error, service)

    def spend(self, charges: Iterable[Charge], words: str) -> None:
        """Take it from the quotas. ThrottlingException when one is used up; without quotas nothing is even counted."""
        if self.quota:
            with self._one:
                self._left.take(charges, self.clock.now, words)

    def beside(self, name: str, make: Callable[[], R]) -> R:
        """What another service keeps in this process; made when it is first asked for, closed with the simulator."""
        with self._one:
            if name not in self._beside:
                self._beside[name] = make()
            kept: R = self._beside[name]
        return kept

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

    def signer(self, access_key: str) -> Principal | None:
        """Whose access key signs a request that came over a wire."""
        found = self.principal(access_key)
        return None if found and self.closed and found.secret == SECRET_OF_ROOT else found

    def advance(self, to: datetime) -> None:
        """Move the clock; what falls due until then happens in order, each at its own time."""
        self.store.check()
        self.clock.check(to)
        while self._advance(to):
            """Between two events others have their turn: ten years take a while."""

    def _advance(self, to: datetime) -> bool:
        """Do what falls due next, or move the clock there if nothing does; whether there was something."""
        with self._one:
            record = first_due(self.store, to)
            if record is None:
                to = max(to, self.clock.now)  # somebody else may have moved it meanwhile
                self.store.set("now", to.isoformat())
                self.clock.move_to(to)
                return False
            with self._at(next(due(record)).at) as call, self.store.transaction():
                do(call, record)
                self.store.set("now", call.now.isoformat())
            return True

    def _keys(self, request: ApiRequest) -> KeyRepository:
        return KeyRepository(self.store, self.hsm, request, self.trail.last_usage, self.slow)

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
        if request.now != self.clock.now:  # it has waited: records stand in the order of time
            request = replace(request, now=self.clock.now)
        before, record, after = events.answered(request, audit, name, changes, result, error, service)
        for each in (*before, record, *after):
            self.trail.add(each)
        event_id = record.event["eventID"]
        self.authorizations.remember(event_id, tuple(audit.authorizations))
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
                while self._beside:
                    self._beside.popitem()[1].close()


def _end(store: Store, trail: Trail, clock: Clock) -> None:
    """Write what is held back, where that can still be done."""
    with suppress(StoreError, KMSInternalException):
        store.set("now", clock.now.isoformat())
        trail.write()
