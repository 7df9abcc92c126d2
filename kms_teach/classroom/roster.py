"""Who is in the class: an account for each learner, and an access key of its root user that nobody can guess."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from kms_teach.access.principals import Principal, letters, new_secret
from kms_teach.classroom.names import ListError, same
from kms_teach.service import Service

FIRST = 700_000_000_001  # the account of who is entered first; no chapter plays with one of these
KEPT = "class"  # the setting of the store that has the roster


class Learner(Struct, frozen=True):
    """A learner, the account that is theirs, and the id of its access key."""

    name: str
    account: str
    key: str


class Issued(Struct, frozen=True):
    """An access key that was made just now; its secret is nowhere to be seen again."""

    learner: Learner
    secret: str

    def __repr__(self) -> str:
        return f"Issued({self.learner.name})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("learner", self.learner.name)]


def enrolled(service: Service) -> tuple[Learner, ...]:
    """Everybody who was ever entered in this store, in that order."""
    return msgspec.json.decode(service.store.setting(KEPT) or "[]", type=tuple[Learner, ...])


def enrol(
    service: Service, names: Sequence[str], anew: Sequence[str], hand_out: Callable[[list[Issued]], None]
) -> list[Issued]:
    """Give an account and a key to each name that has none yet, and another key to those of `anew`.

    hand_out: writes the keys down. Where that fails, nobody got one. Raises ListError for a name of `anew` that is
    not in the class.
    """
    learners = {same(each.name): each for each in enrolled(service)}
    for name in anew:
        if same(name) not in learners:
            raise ListError(f"`{name}` has no key yet: --new-keys is for who is in the class already")
    issued, gone = [], []
    for name in names:
        if same(name) not in learners:
            fresh = Learner(name, str(FIRST + len(learners)), f"AKIA{letters()}")
            learners[same(name)] = fresh
            issued.append(Issued(fresh, new_secret()))
    for name in dict.fromkeys(map(same, anew)):
        gone.append(learners[name].key)
        learners[name] = replace(learners[name], key=f"AKIA{letters()}")
        issued.append(Issued(learners[name], new_secret()))
    if issued:
        with service.store.transaction():
            for key in gone:
                service.store.delete(_principal(Learner("", "", key), ""))
            for each in issued:
                service.store.put(_principal(each.learner, each.secret))
            service.store.set(KEPT, msgspec.json.encode(list(learners.values())).decode())
            hand_out(issued)
    return issued


def _principal(learner: Learner, secret: str) -> Principal:
    return Principal(account=learner.account, kind="root", id=learner.account, access_key=learner.key, secret=secret)
