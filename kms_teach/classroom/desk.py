"""What a learner's notebook asks a class's server beside AWS's own calls, signed with the learner's own key.

The scope of the signature names no service of AWS: one that was made for KMS opens nothing here, nor the other way.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec
from botocore.exceptions import ClientError
from msgspec import Struct

from kms_teach.access.principals import Principal
from kms_teach.classroom import tasks
from kms_teach.classroom.roster import Learner
from kms_teach.classroom.seat import Seat
from kms_teach.classroom.work import Desks, TooSoonError
from kms_teach.directory.identities import SESSION_MAX
from kms_teach.errors import KmsError, UnrecognizedClientException
from kms_teach.service import Service
from kms_teach.teaching.class_account import PATH, SIGNED_FOR
from kms_teach.wire import signature
from kms_teach.wire.endpoint import UNKNOWN_CALLER
from kms_teach.wire.exchange import Exchange, Reply, reply

SKEW = 5  # minutes


class More(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What `Simulator.user` and `Simulator.role` take beside a name."""

    path: str = "/"
    policies: list[dict[str, Any] | str] = []
    boundary: dict[str, Any] | str | None = None
    tags: dict[str, str] | None = None
    trust: dict[str, Any] | str | None = None
    max_session_duration: int = SESSION_MAX


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a notebook asks: a task by its room and name, or somebody of a kind by name."""

    room: str = ""
    name: str = ""
    kind: Literal["user", "role", "person"] = "person"
    more: More = More()


Answer = Callable[[Learner, Asked], Any]


class Desk(Struct, frozen=True):
    """Answers the notebooks of these learners, by their account."""

    service: Service
    learners: Mapping[str, Learner]
    work: Desks

    def answer(self, exchange: Exchange) -> Reply:
        asked: dict[str, Answer] = {
            "me": self._me, "begin": self._begin, "check": self._check, "person": self._person, "trail": self._trail,
        }  # fmt: skip
        try:
            learner = self.learners.get(self._signer(exchange).account)
            if learner is None:
                return _json(403, {"message": "this key is nobody's of the class: take the one of your strip"})
            do = asked.get(exchange.path.removeprefix(PATH))
            if do is None or exchange.method != "POST":
                return _json(404, {"message": "this server has no such thing: update kms-teach"})
            return _json(200, do(learner, msgspec.json.decode(exchange.body, type=Asked)))
        except KmsError as error:
            return _json(error.status, {"code": error.code, "message": error.message})
        except ClientError as error:
            return _json(400, {"code": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]})
        except TooSoonError as error:
            return _json(429, {"message": str(error)})
        except KeyError as error:
            return _json(404, {"message": f"this server has no {error.args[0]}"})
        except (ValueError, TypeError, RecursionError) as error:  # msgspec's are of the first kind
            return _json(400, {"message": str(error)})

    def _signer(self, exchange: Exchange) -> Principal:
        """Who signed the request: the root user of a learner's account."""
        given = signature.credential(exchange.headers.get("authorization", ""))
        signature.check(given, exchange.headers, SIGNED_FOR, skew=SKEW, regional=True)
        principal = self.service.signer(given.access_key)
        if principal is None or principal.kind != "root" or principal.token:
            raise UnrecognizedClientException(UNKNOWN_CALLER)
        signature.verify(principal.secret, given, exchange.method, exchange.path, exchange.headers, exchange.body)
        return principal

    def _me(self, learner: Learner, _: Asked) -> Any:
        return {"learner": learner.name, "account": learner.account, "now": self.service.clock.now}

    def _begin(self, learner: Learner, asked: Asked) -> Any:
        if not tasks.is_set_here(asked.room, asked.name):
            return {"stays": tasks.why_not(asked.room)}
        return {"given": self.work.begin(learner.account, asked.room, asked.name)}

    def _check(self, learner: Learner, asked: Asked) -> Any:
        return self.work.check(learner.account, asked.room, asked.name)

    def _person(self, learner: Learner, asked: Asked) -> Any:
        """A user or a role, made as `Simulator.user` and `Simulator.role` do, or as it is."""
        seat, more = Seat(self.service, learner.account), msgspec.to_builtins(asked.more)
        make = {"user": seat.user, "role": seat.role, "person": seat.person}[asked.kind]
        return seat.described(make(asked.name, **more))

    def _trail(self, learner: Learner, _: Asked) -> Any:
        return [msgspec.Raw(text) for text in self.work.watch.records(learner.account)]


def _json(status: int, value: Any) -> Reply:
    return reply(status, "", msgspec.json.encode(value), "application/json", cache_control="no-store")
