"""The pretend AWS as a learner meets it: accounts, people, Regions, clients, and time."""

import reprlib
import secrets
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from kms_teach.access.accounts import Account, Endpoint
from kms_teach.access.actions import ACTIONS
from kms_teach.access.authorization import Authorization
from kms_teach.access.findings import Finding
from kms_teach.access.matrix import Matrix
from kms_teach.access.principals import ROOT_ACCOUNT, SERVICE, root, service
from kms_teach.access.statement import Kind
from kms_teach.arguments import checked, fits
from kms_teach.clock import Clock, parse
from kms_teach.directory.given import Policy, Tags, made, text, texts
from kms_teach.directory.identities import SESSION_LONGEST, SESSION_MAX, named, standing
from kms_teach.errors import cut
from kms_teach.hsm.boundary import Hsm
from kms_teach.keys.key import Key
from kms_teach.keys.names import ACCOUNT
from kms_teach.keys.sharing import Share
from kms_teach.keys.stores import CLOUDHSM, EXTERNAL, new_backend
from kms_teach.operations.call import Call
from kms_teach.operations.permission import faults, who_may, with_others
from kms_teach.operations.records import SCHEMA
from kms_teach.operations.request import ApiRequest
from kms_teach.people import DEFAULT_REGION, LOOPBACK, KeyStoreBackend, Person, checked_region
from kms_teach.service import Service
from kms_teach.store import Store
from kms_teach.trail import BYTES_IN_MEMORY, KEPT_IN_MEMORY, Record, Trail
from kms_teach.wire import model
from kms_teach.wire.inprocess import Clients
from kms_teach.wire.serving import Serving

if TYPE_CHECKING:
    from kms_teach.client_side.enclave import Enclave

COMMON = (  # permissions: to use a key, to hand it on, to change it
    "Encrypt", "Decrypt", "GenerateDataKey", "DescribeKey", "CreateGrant", "PutKeyPolicy", "DisableKey",
    "ScheduleKeyDeletion",
)  # fmt: skip


class Simulator:
    """A small AWS with a complete KMS, in memory or in a file.

    store: a file that keeps everything, made when it is not there; beside it `<store>.hsm`, which opens its keys.
    start: where time begins, ISO 8601 or a datetime; a stored simulator goes on from where it was. Otherwise, now.
    slow: what takes its time at AWS takes it here, on this clock: a new grant without its token, an alias that moved, a
    rotation on demand … (docs/time.md has them all). Otherwise such things are done at once.
    keep: how many records of the trail stay, some 4 KiB each. Otherwise 10,000 (64 MiB) in memory, all in a file.
    quota: requests a second that the cryptographic operations with symmetric keys of one account share in a Region; the
    other request quotas are then as at AWS (`operations.quotas`), all on this clock, and a client made here that is
    throttled waits on it, too. Otherwise nothing is throttled.
    Raises StoreError, with what to do, for a file that cannot be used.
    """

    @checked
    def __init__(
        self, store: str | Path | None = None, start: str | datetime | None = None, slow: bool = False, *,
        keep: int | None = None, quota: int | None = None,
    ) -> None:  # fmt: skip
        if keep is not None and keep < 1:
            raise ValueError("`keep` is a number of records, 1 or more: say keep=10_000, or leave it out")
        if quota is not None and quota < 1:
            raise ValueError("`quota` is a number of requests a second, 1 or more: say quota=10, or leave it out")
        path = Path(store) if store is not None else None
        records = Store(path, SCHEMA)
        try:
            hsm = Hsm(path.with_name(path.name + ".hsm") if path else None, sealed=records.holds(Key))
            stopped = records.setting("now") or (start.isoformat() if isinstance(start, datetime) else start)
            begin = parse(stopped) if stopped else datetime.now(UTC).replace(microsecond=0)
            records.set("now", begin.isoformat())
        except BaseException:
            records.close()
            raise
        keep, size = (keep, None) if path else (keep or KEPT_IN_MEMORY, BYTES_IN_MEMORY)
        self._begin(Service(records, hsm, Clock(begin), model.check, slow, keep, size, path, quota or 0))

    def _begin(self, service: Service) -> None:
        self.service, self._clients, self._serving = service, Clients(service), ExitStack()

    @checked
    def client(
        self, name: str, region: str = DEFAULT_REGION, account: str = ROOT_ACCOUNT, source_ip: str = LOOPBACK
    ) -> Any:
        """A boto3 client that calls as the root user of an account. ValueError for a service that is not here."""
        return self.root(account).client(name, region, source_ip)

    @checked
    def root(self, account: str = ROOT_ACCOUNT) -> Person:
        """The root user of an account."""
        return Person(self._clients, root(self._account(account)))

    @checked
    def user(
        self, name: str, account: str = ROOT_ACCOUNT, path: str = "/", policies: Sequence[Policy] = (), *,
        boundary: Policy | None = None, tags: Tags | None = None,
    ) -> Person:  # fmt: skip
        """An IAM user with these IAM policies. The same name again gives the same user with the new policies.

        Raises MalformedPolicyDocumentException for a policy that cannot be read, ValueError for a name IAM refuses.
        """
        store, own = self.service.store, self._account(account)
        return Person(self._clients, made(store, self.now, "user", name, own, path, policies, boundary, tags))

    @checked
    def role(
        self, name: str, account: str = ROOT_ACCOUNT, path: str = "/", policies: Sequence[Policy] = (), *,
        boundary: Policy | None = None, tags: Tags | None = None, trust: Policy | None = None,
        max_session_duration: int = SESSION_MAX,
    ) -> Person:  # fmt: skip
        """An IAM role, as `user`; its clients call in a session of the role.

        trust: who may assume it by STS AssumeRole; without it, nobody may.
        max_session_duration: in seconds, up to twelve hours.
        """
        if not SESSION_MAX <= max_session_duration <= SESSION_LONGEST:
            raise ValueError(f"a role's sessions may last {SESSION_MAX} to {SESSION_LONGEST} seconds at most")
        store, own = self.service.store, self._account(account)
        return Person(self._clients, made(
            store, self.now, "role", name, own, path, policies, boundary, tags, trust, max_session_duration
        ))  # fmt: skip

    @checked
    def person(self, name: str, account: str = ROOT_ACCOUNT) -> Person:
        """The user or the role of this name, as IAM has it now; nothing of it is changed, as `user` would.

        ValueError where there is none.
        """
        identities = (named(self.service.store, kind, self._account(account), name) for kind in ("user", "role"))
        identity = next(filter(None, identities), None)
        if identity is None:
            raise ValueError(
                f"there is no user and no role `{cut(name)}` in account {account}: make one with `sim.user`"
            )
        return Person(self._clients, standing(self.service.store, identity))

    @checked
    def session(self, credentials: Mapping[str, Any]) -> Person:
        """Who holds the `Credentials` that STS AssumeRole answered."""
        key, secret = (credentials.get(member) for member in ("AccessKeyId", "SecretAccessKey"))
        principal = self.service.principal(key) if key is not None and fits(key, str) else None
        if principal is None or principal.secret != secret:
            raise ValueError(
                "these are not credentials that this simulator gave out: take them from AssumeRole's answer"
            )
        return Person(self._clients, principal)

    @checked
    def aws_service(self, name: str) -> Person:
        """An AWS service that calls for itself, as `s3.amazonaws.com`."""
        if not SERVICE.fullmatch(name):
            raise ValueError(f"`{cut(name)}` is no service principal: give one such as s3.amazonaws.com")
        return Person(self._clients, service(name))

    @checked
    def account(
        self, account: str = ROOT_ACCOUNT, *, organization: str = "o-exampleorg",
        scps: Sequence[Policy | Sequence[Policy]] = (), rcps: Sequence[Policy] = (),
    ) -> None:  # fmt: skip
        """Put an account into an organization, under these service control and resource control policies.

        scps: one policy or several for each level, from the root of the organization down; every level must allow.
        """
        kind: Kind = "service control policy"
        if isinstance(scps, Mapping | str):
            raise ValueError("`scps` is a list of policies: put this one into brackets, scps=[…]")
        levels = ([level] if isinstance(level, Mapping | str) else level for level in scps)
        of_levels = tuple(texts(kind, level, f"level {n}, ") for n, level in enumerate(levels, 1))
        member = Account(
            id=self._account(account),
            organization=organization,
            scps=of_levels,
            rcps=texts("resource control policy", rcps),
        )
        with self.service.store.transaction():
            self.service.store.put(member)

    @checked
    def share(
        self, key_id: str, with_account: str, *, region: str = DEFAULT_REGION, account: str = ROOT_ACCOUNT
    ) -> None:  # fmt: skip
        """Share a key with another account: what AWS RAM does once a CreateResourceShare of it has been accepted.

        RAM then keeps the key's second policy, `AWS_RAM`; IAM policies of the other account say who there may use it.
        Raises ValueError for an AWS managed key, and for the account that the key belongs to.
        """
        call = self._looking(region, account)
        key = call.keys.find(key_id, aliases=True)
        if key.manager != "CUSTOMER" or self._account(with_account) == key.account:
            raise ValueError("share a customer managed key, and with another account than its own")
        with self.service.store.transaction():
            self.service.store.put(Share(key.region, key.arn, with_account))

    @checked
    def vpc_endpoint(self, policy: Policy | None = None) -> Endpoint:
        """A VPC endpoint for KMS, for clients to come through; under a policy if one is given."""
        under = text("VPC endpoint policy", policy)
        return Endpoint(id=f"vpce-{secrets.token_hex(8)}1", vpc=f"vpc-{secrets.token_hex(8)}1", policy=under)

    @checked
    def key_store(self, kind: str = CLOUDHSM) -> KeyStoreBackend:
        """The backend that a custom key store needs: `AWS_CLOUDHSM`, a cluster; `EXTERNAL_KEY_STORE`, a key manager."""
        if kind not in (CLOUDHSM, EXTERNAL):
            raise ValueError(f"`{cut(kind)}` is no type of custom key store: say {CLOUDHSM} or {EXTERNAL}")
        backend = new_backend(kind)
        with self.service.store.transaction():
            self.service.store.put(backend)
        return KeyStoreBackend(self.service.store, backend)

    @checked
    def enclave(self, image: bytes, *, role: Person | None = None, debug: bool = False) -> "Enclave":
        """A Nitro enclave that runs `image`, for `Recipient`: it has `.pcrs`, a `.document()`, and can `.open()`.

        role: of the instance it runs on, which PCR3 measures. debug: with a console, so that the image measures zero.
        """
        from kms_teach.client_side.enclave import Enclave

        return Enclave(self.service, image, role.arn if role else "", debug)

    def advance(self, *without_unit: object, until: str | datetime | None = None, **duration: float) -> datetime:
        """Let time pass, `days=365` or as `timedelta` takes it. What falls due happens, in order, at its own time.

        `until="2027-01-02"` waits until then; when that is past it does nothing, so that a cell may say it twice.
        """
        if without_unit:
            raise ValueError(
                f"of which unit? say `sim.advance(days={reprlib.repr(without_unit[0])})`, or hours, minutes, seconds"
            )
        if until is None:
            self.service.advance(self.service.clock.after(**duration))
            return self.now
        if duration:
            raise ValueError(f"say how long or until when, not both: `sim.advance(until={str(until)!r})`")
        self.service.advance(max(self.now, parse(until.isoformat() if isinstance(until, datetime) else str(until))))
        return self.now

    @property
    def now(self) -> datetime:
        return self.service.clock.now

    @property
    def trail(self) -> Trail:
        """What happened, newest last. Each record has `.event`, shaped like CloudTrail's, and `.decision`."""
        return self.service.trail

    @checked
    def authorization(self, record: Record) -> Authorization:
        """The request of a call of the trail, with all that was read to decide it: `sim.authorization(sim.trail[-1])`.

        Raises ValueError for a record in which nothing was asked, or which is too old.
        """
        authorizations = self.service.authorizations.get(record.event["eventID"])
        if not authorizations or record.decision is None:
            raise ValueError("nobody remembers what was asked in that call: choose a newer one, allowed or denied")
        return with_others(self.service.store, authorizations[record.decisions.index(record.decision)])

    @checked
    def who_may(
        self, key_id: str, actions: Sequence[str] = COMMON, *, region: str = DEFAULT_REGION,
        account: str = ROOT_ACCOUNT,
    ) -> Matrix:  # fmt: skip
        """Who may do what with a key, as policies and grants stand now; actions as in `access.actions`."""
        call, actions = self._looking(region, account), tuple(actions)
        unknown = next((action for action in actions if action not in ACTIONS), None)
        if unknown is not None:
            raise ValueError(f"`{cut(unknown)}` is no action on a KMS key: give one such as {COMMON[0]}")
        return who_may(call, call.keys.find(key_id, aliases=True), actions)

    @checked
    def faults(self, key_id: str, *, region: str = DEFAULT_REGION, account: str = ROOT_ACCOUNT) -> tuple[Finding, ...]:
        """What is wrong with a key's policy though it can be read: each fault with a request that it decides."""
        call = self._looking(region, account)
        return faults(call, call.keys.find(key_id, aliases=True))

    def rehearsal(self) -> "Simulator":
        """Another simulator, in memory, that is as this one is now: what is done in it, this one never hears of.

        It answers "what would happen if", also a year from now. Close it, or use it as a context manager.
        """
        other = object.__new__(Simulator)
        other._begin(self.service.copied())
        return other

    @checked
    def serve(self, port: int = 0) -> Serving:
        """Answer over HTTP too, at `.url`, until that is closed or served again; port 0 takes a free one."""
        self._serving.close()
        return self._serving.enter_context(Serving(self.service, port))

    def close(self) -> None:
        """Write what is held back and let go of the file; a second time is nothing."""
        self._serving.close()
        self.service.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Simulator at {self.now:%Y-%m-%d %H:%M} UTC>"

    def _looking(self, region: str, account: str) -> Call:
        """A call that leaves no trace, by the root user."""
        return self.service.call(ApiRequest(root(self._account(account)), checked_region(region), self.now))

    def _account(self, account: str) -> str:
        """The number of the account that is meant."""
        if not ACCOUNT.fullmatch(account):
            raise ValueError(f"`{cut(account)}` is no account: give twelve digits, such as {ROOT_ACCOUNT}")
        return account
