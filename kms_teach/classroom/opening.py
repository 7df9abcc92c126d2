"""A class's server made ready: everybody has a key, nobody else is let in, and the board has a token."""

import secrets
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from kms_teach.classroom import handout, roster
from kms_teach.classroom.desk import Desk
from kms_teach.classroom.names import same
from kms_teach.classroom.pages import BOARD, Pages, new_token
from kms_teach.classroom.roster import Issued
from kms_teach.classroom.watch import Watch
from kms_teach.classroom.work import Desks
from kms_teach.service import Service


class Opened(Struct, frozen=True):
    """A class that can begin: its pages, and what the teacher is told."""

    pages: Pages
    told: tuple[str, ...]


def opened(service: Service, store: Path, url: str, names: Sequence[str], anew: Sequence[str] = ()) -> Opened:
    """Enrol who is new, give new keys to those of `anew`, and close the server to the keys that everybody knows.

    Raises ListError for a name of `anew` that has no key yet, OSError where the sheet cannot be written.
    """
    sheets: list[Path] = []

    def hand_out(issued: list[Issued]) -> None:
        sheets.append(handout.write(store, url, service.clock.now, issued))

    issued = roster.enrol(service, names, anew, hand_out)
    service.closed = True
    learners, token = roster.enrolled(service), new_token()
    watch = Watch(service, learners)
    work = Desks(watch)
    desk = Desk(service, {each.account: each for each in learners}, work)
    pages = Pages(desk, watch, work, token, secrets.token_hex(16))
    return Opened(pages, tuple(_told(url, token, len(learners), issued, sheets, _missing(learners, names))))


def _missing(learners: Sequence[roster.Learner], names: Sequence[str]) -> list[str]:
    listed = set(map(same, names))
    return [each.name for each in learners if same(each.name) not in listed]


def _told(
    url: str, token: str, learners: int, issued: Sequence[Issued], sheets: Sequence[Path], missing: Sequence[str]
) -> list[str]:
    told = [f"the board is at {url}{BOARD}, and its token is {token}"]
    who = "1 learner" if learners == 1 else f"{learners} learners"
    if sheets:
        told.append(f"{who}; keys were made for {len(issued)}, and stand in {sheets[0]}: hand each their strip")
    else:
        told.append(f'{who}, all with the keys they have; for a lost strip start again with --new-keys "NAME"')
    if missing:
        told.append(f"no longer in the list, with account and key as before: {', '.join(missing)}")
    return told
