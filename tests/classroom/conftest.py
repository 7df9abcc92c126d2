import contextlib
import itertools
import re
import threading
from dataclasses import dataclass
from typing import Any

import pytest

from kms_teach import Simulator
from kms_teach.classroom.opening import Opened, opened
from kms_teach.directory.access_keys import AccessKey
from kms_teach.teaching.class_account import ClassAccount
from kms_teach.wire import http

NAMES = ("Alice", "Zoë Müller")
STRIP = re.compile(r"\n(.+), account (\d{12})\n(?:.*\n)*?.*access key id +(\S+)\n +secret access key +(\S+)\n")


@dataclass(frozen=True)
class Class:
    """A class's server, and what was handed out."""

    sim: Simulator
    ready: Opened
    url: str
    store: Any
    keys: dict[str, tuple[str, AccessKey]]

    def account(self, name):
        """The account of a learner, as their notebook has it."""
        return ClassAccount(self.url, self.keys[name][1], self.sim)


def strips(sheet):
    """What a sheet hands out: name -> account and key."""
    return {
        name: (account, AccessKey(id=key, secret=secret))
        for name, account, key, secret in STRIP.findall(sheet.read_text())
    }


@contextlib.contextmanager
def teaching(store, names=NAMES, start="2026-01-01T00:00:00Z"):
    """A class's server while inside."""
    with Simulator(store, start=start) as sim, http.listen("127.0.0.1", 0) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        ready = opened(sim.service, store, url, names)
        ready.pages.work.timer = itertools.count(0, 3600).__next__  # an hour from one look at it to the next
        here = http.server(sim.service, pages=ready.pages)
        thread = threading.Thread(target=here.run, args=[[listening]])
        thread.start()
        try:
            keys = strips(store.with_name(f"{store.stem}.handout.txt"))
            yield Class(sim, ready, url, store, keys)
        finally:
            here.should_exit = True
            thread.join(10)


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A class of two, on a server that a module's tests share."""
    with teaching(tmp_path_factory.mktemp("class") / "names.db") as room:
        yield room
