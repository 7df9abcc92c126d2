"""This is the pretend AWS as a learner meets it: accounts, people, Regions, clients, and time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from kms_teach.access.policy import read
from kms_teach.access.principals import NAME, PATH, ROOT_ACCOUNT, Principal, new, root
from kms_teach.clock import Clock, parse
from kms_teach.hsm.boundary import Hsm
from kms_teach.keys.names import ACCOUNT, REGION
from kms_teach.keys.stores import CLOUDHSM, EXTERNAL, Outside, new_outside
from kms_teach.operations.catalog import KINDS, Origin
from kms_teach.service import Service
from kms_teach.store import Store
from kms_teach.trail import Trail
from kms_teach.wire import model
from kms_teach.wire.inprocess import Clients

DEFAULT_REGION = "us-east-1"
LOOPBACK = "127.0.0.1"

Policy = Mapping[str, Any] | str


class Person:
    """An IAM user or role: `arn`, and clients that call with its credentials."""

    def __init__(self, clients: Clients, principal: Principal) -> None:
        self._clients, self._principal = clients, principal

    @property
    def arn(self) -> str:
        """The ARN that policies name."""
        return self._principal.arn

    @property
    def name(self) -> str:
        return self._principal.name

    def client(self, name: str, region: str = DEFAULT_REGION, source_ip: str = LOOPBACK) -> Any:
        """A boto3 client that calls as this user or role."""
        return self._clients.client(name, self._principal, _region(region), Origin(source_ip=source_ip))

    def __repr__(self) -> str:
        return f"<{self._principal.kind} {self.arn}>"


class Behind:
    """What stands behind a custom key store: a CloudHSM cluster of yours, or a key manager outside AWS."""

    def __init__(self, records: Store, outside: Outside) -> None:
        self._records, self._kind, self._id = records, outside.kind, outside.id

    @property
    def parameters(self) -> dict[str, Any]:
        """What CreateCustomKeyStore asks: `kms.create_custom_key_store(CustomKeyStoreName="mine", **parameters)`."""
        outside = self._outside
        if outside.kind == CLOUDHSM:
            return {
                "CustomKeyStoreType": CLOUDHSM, "CloudHsmClusterId": outside.id,
                "TrustAnchorCertificate": outside.certificate, "KeyStorePassword": outside.secret,
            }  # fmt: skip
        credential = {"AccessKeyId": outside.access_key, "RawSecretAccessKey": outside.secret}
        endpoint, path = outside.id[: outside.id.index("/", 8)], outside.id[outside.id.index("/", 8) :]
        return {
            "CustomKeyStoreType": EXTERNAL, "XksProxyUriEndpoint": endpoint, "XksProxyUriPath": path,
            "XksProxyConnectivity": "PUBLIC_ENDPOINT", "XksProxyAuthenticationCredential": credential,
        }  # fmt: skip

    def cut_off(self) -> None:
        """From now on KMS cannot reach it."""
        self._change(reachable=False)

    def restore(self) -> None:
        """KMS reaches it again."""
        self._change(reachable=True)

    def add_key(self, key_id: str) -> str:
        """An external key manager makes a key of this id; gives the id, for XksKeyId."""
        self._change(keys=(*self._outside.keys, key_id))
        return key_id

    def remove_key(self, key_id: str) -> None:
        """An external key manager loses a key: what was encrypted with it cannot be decrypted."""
        self._change(keys=tuple(key for key in self._outside.keys if key != key_id))

    @property
    def _outside(self) -> Outside:
        found = self._records.get(Outside, self._kind, self._id)
        assert found is not None
        return found

    def _change(self, **changes: Any) -> None:
        with self._records.transaction():
            self._records.put(replace(self._outside, **changes))

    def __repr__(self) -> str:
        return f"<{self._kind} {self._id}: {'reachable' if self._outside.reachable else 'cut off'}>"


class Simulator:
    """A small AWS with a complete KMS, in memory or in a file.

    store: a file that keeps everything, made when it is not there; beside it `<store>.hsm`, which opens its keys.
    start: where time begins, ISO 8601; a stored simulator goes on from where it was. Without it, the real time.
    slow: show the states that last seconds at AWS, Creating and Updating, until ten seconds later on this clock.
    Raises StoreError, with what to do, for a file that cannot be used.
    """

    def __init__(self, store: str | Path | None = None, start: str | None = None, slow: bool = False) -> None:
        path = Path(store) if store is not None else None
        records = Store(path, KINDS)
        try:
            hsm = Hsm(path.with_name(path.name + ".hsm") if path else None)
            stopped = records.setting("now")
            begin = (
                datetime.fromisoformat(stopped)
                if stopped
                else parse(start)
                if start
                else datetime.now(UTC).replace(microsecond=0)
            )
        except BaseException:
            records.close()
            raise
        self.service = Service(records, hsm, Clock(begin), model.check, slow=slow)
        self._clients = Clients(self.service)

    def client(
        self, name: str, region: str = DEFAULT_REGION, account: str = ROOT_ACCOUNT, source_ip: str = LOOPBACK
    ) -> Any:
        """A boto3 client, `kms` or `sts`, that calls as the root user of an account."""
        return self._clients.client(name, root(_account(account)), _region(region), Origin(source_ip=source_ip))

    def user(self, name: str, account: str = ROOT_ACCOUNT, path: str = "/", policies: Sequence[Policy] = ()) -> Person:
        """An IAM user with these IAM policies. The same name again gives the same user with the new policies.

        Raises MalformedPolicyDocumentException for a policy that cannot be read, ValueError for a name IAM refuses.
        """
        return self._person("user", name, account, path, policies)

    def role(self, name: str, account: str = ROOT_ACCOUNT, path: str = "/", policies: Sequence[Policy] = ()) -> Person:
        """An IAM role, as `user`; its clients call in a session of the role."""
        return self._person("role", name, account, path, policies)

    def key_store(self, kind: str = CLOUDHSM) -> Behind:
        """What a custom key store needs behind it: `AWS_CLOUDHSM`, a cluster; `EXTERNAL_KEY_STORE`, a key manager."""
        if kind not in (CLOUDHSM, EXTERNAL):
            raise ValueError(f"`{kind}` is no type of custom key store: say {CLOUDHSM} or {EXTERNAL}")
        outside = new_outside(kind)
        with self.service.store.transaction():
            self.service.store.put(outside)
        return Behind(self.service.store, outside)

    def advance(self, **duration: float) -> datetime:
        """Let time pass, `days=365` or as `timedelta` takes it. What falls due happens, in order, at its own time."""
        self.service.advance(self.service.clock.after(**duration))
        return self.now

    @property
    def now(self) -> datetime:
        return self.service.clock.now

    @property
    def trail(self) -> Trail:
        """What happened, newest last. Each record has `.event`, shaped like CloudTrail's, and `.decision`."""
        return self.service.trail

    def close(self) -> None:
        """Write what is held back and let go of the file."""
        self.service.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Simulator at {self.now:%Y-%m-%d %H:%M} UTC>"

    def _person(self, kind: str, name: str, account: str, path: str, policies: Sequence[Policy]) -> Person:
        if not NAME.fullmatch(name):
            raise ValueError(f"`{name}` is no name for a {kind}: use letters, digits and + = , . @ _ -, at most 64")
        if not PATH.fullmatch(path):
            raise ValueError(f"`{path}` is no path: begin and end it with a slash, as /team/")
        documents = tuple((f"policy {n}", _document(policy)) for n, policy in enumerate(policies, 1))
        for label, text in documents:
            read(text, "IAM policy", label)
        person = new(kind, _account(account), name, path, documents)
        with self.service.store.transaction():
            known = self.service.store.page(Principal, "principal", parent=person.arn, limit=1)
            person = replace(known[0], policies=documents) if known else person
            self.service.store.put(person)
        return Person(self._clients, person)


def _document(policy: Policy) -> str:
    return policy if isinstance(policy, str) else msgspec.json.format(msgspec.json.encode(policy)).decode()


def _region(region: str) -> str:
    if not REGION.fullmatch(region):
        raise ValueError(f"`{region}` is no Region: give one such as {DEFAULT_REGION}")
    return region


def _account(account: str) -> str:
    if not ACCOUNT.fullmatch(account):
        raise ValueError(f"`{account}` is no account: give twelve digits, such as {ROOT_ACCOUNT}")
    return account
