"""The learner's account at a class's server, as far as a notebook needs it: clients, people, the trail, and tasks.

`kms-teach lab --class` sets the three variables; a notebook that was started in another way has them from its learner.
"""

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import botocore.config
import botocore.httpsession
import msgspec
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError
from msgspec import Struct

from kms_teach.directory.access_keys import AccessKey
from kms_teach.operations.records import SCHEMA
from kms_teach.people import DEFAULT_REGION
from kms_teach.store import Store
from kms_teach.teaching.handed_over import unpacked
from kms_teach.teaching.task import Outcome
from kms_teach.trail import Trail
from kms_teach.wire.maker import isolated_session

URL, KEY, SECRET = "KMS_TEACH_CLASS", "KMS_TEACH_CLASS_KEY", "KMS_TEACH_CLASS_SECRET"
PATH = "/_class/"
SIGNED_FOR = "kms-teach"  # the service in the scope of a signature
PATIENCE = 20  # seconds until a server that does not answer is given up
ALONE = "`sim` is your account in the class now, which has {what}: run the first cell to have a simulator of your own"


class ClassError(ValueError):
    """The class's server did not do it; the message is its own, or says what to do. refused: whether it answered."""

    def __init__(self, words: str, *, refused: bool = False) -> None:
        super().__init__(words)
        self.refused = refused


class Person(Struct, frozen=True):
    """A user or a role of the learner's account; its clients call the class's server."""

    url: str
    arn: str
    name: str
    access_key: AccessKey

    def client(self, name: str, region: str = DEFAULT_REGION) -> Any:
        return client(self.url, self.access_key, name, region)

    def __repr__(self) -> str:
        return f"<{self.arn} at {self.url}>"


class ClassAccount:
    """What stands in the place of `sim` for a task of the class: the same words, as far as there are any."""

    def __init__(self, url: str, key: AccessKey, notebooks: Any = None) -> None:
        self.url, self.key = url.rstrip("/"), key
        self.notebooks = notebooks  # the simulator whose place it takes

    @classmethod
    def here(cls, sim: Any = None, environment: Mapping[str, str] = os.environ) -> "ClassAccount | None":
        """The account that this notebook's environment names, if any. sim: the simulator whose place it takes."""
        if isinstance(sim, ClassAccount):
            return sim
        if not environment.get(URL):
            return None
        return cls(environment[URL], AccessKey(id=environment.get(KEY, ""), secret=environment.get(SECRET, "")), sim)

    def client(self, name: str, region: str = DEFAULT_REGION) -> Any:
        """A boto3 client of the learner's own."""
        return client(self.url, self.key, name, region)

    def user(self, name: str, **more: Any) -> Person:
        return self._person("user", name, more)

    def role(self, name: str, **more: Any) -> Person:
        return self._person("role", name, more)

    def person(self, name: str) -> Person:
        return self._person("person", name, {})

    @property
    def trail(self) -> Trail:
        """What the trail of the account has, as it is now."""
        return trail_of(map(bytes, msgspec.json.decode(self.ask("trail", {}, raw=True), type=list[msgspec.Raw])))

    @property
    def now(self) -> datetime:
        return msgspec.convert(self.ask("me", {})["now"], datetime).astimezone(UTC)

    def begin(self, room: str, name: str) -> tuple[dict[str, Any], str]:
        """Have a task set up in the account: what it names; or nothing, and why it stays in the notebook."""
        answer = self.ask("begin", {"room": room, "name": name})
        if "stays" in answer:
            return {}, answer["stays"]
        return {each: unpacked(value, self._made) for each, value in answer["given"].items()}, ""

    def check(self, room: str, name: str) -> Outcome:
        return msgspec.convert(self.ask("check", {"room": room, "name": name}), Outcome)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(ALONE.format(what=f"no `{name}`"))

    def ask(self, what: str, body: Mapping[str, Any], *, raw: bool = False) -> Any:
        """What the server answers beside AWS's own calls. Raises ClassError."""
        request = AWSRequest(
            "POST", f"{self.url}{PATH}{what}", {"Content-Type": "application/json"}, msgspec.json.encode(body)
        )
        SigV4Auth(Credentials(self.key.id, self.key.secret), SIGNED_FOR, DEFAULT_REGION).add_auth(request)
        session = botocore.httpsession.URLLib3Session(timeout=PATIENCE, proxies={})
        try:
            reply = session.send(request.prepare())
        except BotoCoreError:
            raise ClassError(f"nothing answers at {self.url}: ask whether the class's server runs") from None
        finally:
            session.close()
        if reply.status_code == 200 and raw:
            return reply.content
        try:
            answer = msgspec.json.decode(reply.content)
        except msgspec.DecodeError:
            answer = {}
        if reply.status_code != 200:
            words = answer.get("message") if isinstance(answer, dict) else None
            raise ClassError(words or f"what answers at {self.url} is no class's server", refused=True)
        return answer

    def _person(self, kind: str, name: str, more: Mapping[str, Any]) -> Person:
        made: Person = self._made(*next(iter(self.ask("person", {"kind": kind, "name": name, "more": more}).items())))
        return made

    def _made(self, kind: str, held: Mapping[str, str]) -> Any:
        """A person, or a client, that the server told of; without a key it is the learner's own."""
        key = AccessKey(id=held["key"], secret=held["secret"]) if held["key"] else self.key
        person = Person(self.url, held["arn"], held["name"], key)
        return person.client(held["service"], held["region"]) if kind == "client" else person

    def __repr__(self) -> str:
        return f"<your account in the class at {self.url}>"


def trail_of(records: Iterable[bytes]) -> Trail:
    """A trail of these records alone, each as its text, oldest first."""
    store = Store(None, SCHEMA)
    store.append(list(records), ())
    return Trail(store)


def client(url: str, key: AccessKey, name: str, region: str) -> Any:
    """A boto3 client of a server, past what is configured on this machine."""
    config = botocore.config.Config(
        proxies={}, connect_timeout=PATIENCE, read_timeout=PATIENCE, s3={"addressing_style": "path"}
    )
    return isolated_session().create_client(
        name, region_name=region, endpoint_url=url, config=config, aws_access_key_id=key.id,
        aws_secret_access_key=key.secret,
    )  # fmt: skip
