"""A seat: one account of a shared server, seen as a simulator of its own, in which tasks are set and checked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self
from weakref import WeakKeyDictionary

from kms_teach.access.principals import ROOT_ACCOUNT, Principal, root
from kms_teach.directory.access_keys import AccessKey
from kms_teach.operations.request import Origin
from kms_teach.people import Person
from kms_teach.service import Service
from kms_teach.simulator import Simulator
from kms_teach.teaching.class_account import trail_of
from kms_teach.trail import Trail
from kms_teach.wire.inprocess import Clients


class NotHereError(ValueError):
    """What a seat has not: another account, and a time of its own."""


class Seat(Simulator):
    """What `Simulator` gives, with this account in the place of 111122223333, and no other.

    A task is written for a learner who is alone; here its situation and its judge find the account of one among many.
    Time passes when told to only in a rehearsal.
    """

    def __init__(self, service: Service, own: str, before: Sequence[bytes] = ()) -> None:
        """before: the account's records of which the service's trail no longer has any, as text."""
        self.own, self._before = own, before
        self._begin(service)
        self._clients = self._known = KnownClients(service)

    def rehearsal(self) -> Self:
        return type(self)(self.service.copied(), self.own, self._before)

    def advance(self, *without_unit: object, until: str | datetime | None = None, **duration: float) -> datetime:
        if self.service.original is None:
            raise NotHereError("the time of a class is the real one")
        return super().advance(*without_unit, until=until, **duration)

    def described(self, value: Any) -> dict[str, Any] | None:
        """A client or a person of this account, for a notebook that is to call as they do; None for anything else."""
        if isinstance(value, Person):
            return {"person": self._as_known(value.arn, value.name, value.access_key)}
        if (principal := self._known.whose(value)) is None:
            return None
        key = AccessKey(id=principal.access_key, secret=principal.secret)
        who = self._as_known(principal.arn, principal.name, key)
        return {"client": {"service": value.meta.service_model.service_name, "region": value.meta.region_name, **who}}

    def _as_known(self, arn: str, name: str, key: AccessKey) -> dict[str, str]:
        """The learner has a key of the root user, and needs no other."""
        has_it = arn == root(self.own).arn
        return {"arn": arn, "name": name, "key": "" if has_it else key.id, "secret": "" if has_it else key.secret}

    @property
    def trail(self) -> Trail:
        """The trail of this account, as it stands now."""
        return trail_of([*self._before, *of_account(self.service.trail, self.own)])

    def _account(self, account: str) -> str:
        if account not in (ROOT_ACCOUNT, self.own):
            raise NotHereError(f"a class has no account {account} to play with")
        return self.own


class KnownClients(Clients):
    """Clients of one service, which remembers as whom each of them calls."""

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self._callers: WeakKeyDictionary[Any, Principal] = WeakKeyDictionary()

    def client(
        self, name: str, principal: Principal, region: str, origin: Origin, retries: Mapping[str, Any] | None = None
    ) -> Any:
        made = super().client(name, principal, region, origin, retries)
        self._callers[made] = principal
        return made

    def whose(self, client: Any) -> Principal | None:
        try:
            return self._callers.get(client)
        except TypeError:  # no client, nor anything that can be asked for
            return None


def of_account(trail: Trail, account: str) -> list[bytes]:
    """The text of the records that stand in the trail of an account, oldest first."""
    mark = f'"recipientAccountId":"{account}"'.encode()
    # the mark may stand in what a caller wrote, too
    found = [text for _, text in trail.backwards() if mark in text]
    return [text for text in reversed(found) if trail.decoded(text).event.get("recipientAccountId") == account]
