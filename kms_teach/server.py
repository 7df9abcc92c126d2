"""The command `kms-teach serve`: a simulator behind an address, for one learner's programs or for a class."""

import argparse
import asyncio
import contextlib
import errno
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kms_teach.classroom import names, roster
from kms_teach.errors import KMSInternalException
from kms_teach.simulator import Simulator
from kms_teach.wire import hosts

if TYPE_CHECKING:
    from kms_teach.classroom.opening import Opened

QUOTA = "requests a second of all symmetric cryptographic operations, as a quota (default: nothing is throttled)"
KEEP = "how much of the trail stays, some 4 KiB a record (default: the newest 10,000 in memory, all in a file)"
CLASS = "an account and a key for each name of this file, one a line; nobody else is let in"
NEW_KEYS = "with --class: another key for who lost theirs, once for each"
CLASS_PORT = 8765  # it stands on the hand-outs, and so is the same on another day
NOT_HERE = {errno.EADDRNOTAVAIL, socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME), socket.EAI_AGAIN}
OPEN = "this store is a class's, and without --class it is open to all who know the key `test`"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What a learner or a teacher types."""
    serve = commands.add_parser("serve", help="answer KMS over HTTP until interrupted")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    serve.add_argument("--name", action="append", default=[], help="a name by which others may call it, with --host")
    serve.add_argument("--port", type=int, help=f"port, 0 for a free one (default: 0, and {CLASS_PORT} for a class)")
    serve.add_argument("--store", metavar="PATH", type=Path, help="file that keeps everything (default: memory)")
    serve.add_argument("--keep", metavar="RECORDS", type=int, help=KEEP)
    serve.add_argument("--quota", metavar="REQUESTS", type=int, help=QUOTA)
    serve.add_argument("--slow", action="store_true", help="let what takes its time at AWS take it here too")
    serve.add_argument("--class", dest="names", metavar="NAMES.csv", type=Path, help=CLASS)
    serve.add_argument("--new-keys", metavar="NAME", action="append", default=[], help=NEW_KEYS)
    serve.set_defaults(run=run)


class Refused(Exception):
    """What was typed cannot be done; the message says what to type."""


def run(given: argparse.Namespace) -> int:
    """Serve until a signal comes; gives the exit code."""
    try:
        _serve(given)
    except (Refused, names.ListError) as error:
        print(f"kms-teach: {error}", file=sys.stderr)
        return 2
    return 0


def _serve(given: argparse.Namespace) -> None:
    from kms_teach.wire import http, shell

    called = _checked(given)
    learners = names.read(given.names) if given.names else ()
    port = given.port if given.port is not None else CLASS_PORT if learners else 0
    store = given.store or (given.names.with_suffix(".db") if learners else None)
    if not hosts.is_loopback(given.host):
        print(f"kms-teach: {given.host} is open to other machines: without --host it is not", file=sys.stderr)
    with contextlib.ExitStack() as kept:
        sim = kept.enter_context(Simulator(store, slow=given.slow, keep=given.keep, quota=given.quota))
        try:
            listening = kept.enter_context(http.listen(given.host, port))
        except OSError as error:
            if error.errno in NOT_HERE:
                here = "is no address of this machine: choose another --host, or leave it out"
                raise Refused(f"`{given.host}` {here}") from None
            why = os.strerror(error.errno or 0)
            raise Refused(f"cannot listen on {given.host}:{port} ({why}): choose another --port, or 0") from None
        if store and learners:
            url = hosts.url(called[0] if given.name else hosts.reachable(given.host), listening.getsockname()[1])
            ready = _opened(sim, store, url, learners, given.new_keys)
        else:
            ready = None
            if roster.enrolled(sim.service):
                print(f"kms-teach: {OPEN}", file=sys.stderr)
        address = hosts.url(hosts.reachable(given.host), listening.getsockname()[1])
        _answer(sim, listening, given.host, called, shell.noted(address), ready)


def _opened(sim: Simulator, store: Path, url: str, learners: Sequence[str], anew: Sequence[str]) -> "Opened":
    """A class that can begin."""
    from kms_teach.classroom.opening import opened

    try:
        return opened(sim.service, store, url, learners, anew)
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise Refused(f"the hand-out sheet cannot be written beside {store} ({why}): no key was made") from None


def _checked(given: argparse.Namespace) -> list[str]:
    """The names by which the server may be called. Raises Refused for what makes no sense."""
    if given.port is not None and not 0 <= given.port <= 65535:
        raise Refused("a port is a number from 0 to 65535")
    if given.keep is not None and given.keep < 1:
        raise Refused("--keep is a number of records, 1 or more")
    if given.quota is not None and given.quota < 1:
        raise Refused("--quota is a number of requests a second, 1 or more")
    if given.new_keys and not given.names:
        raise Refused("--new-keys is for a class: say --class NAMES.csv too")
    called = [hosts.bare(name) for name in given.name]
    if not all(called):
        raise Refused("a --name is the name or address of a machine, such as kms.example.com, without http://")
    if not hosts.is_every_address(given.host):
        called.append(given.host.lower())
    elif not called:
        raise Refused(
            f"say by which name others will call it: kms-teach serve --host {given.host} --name my-laptop.local"
        )
    return called


def _answer(
    simulator: Simulator, listening: socket.socket, host: str, called: list[str],
    note: contextlib.AbstractContextManager[None], ready: "Opened | None" = None,
) -> None:  # fmt: skip
    """Answer until a signal says to stop. note: by which `kms-teach env` finds the server."""
    from kms_teach.wire import http

    def stop(*_: object) -> None:
        server.should_exit = True

    server = http.server(simulator.service, _follow(simulator), called, ready.pages if ready else None)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    port = listening.getsockname()[1]
    print(f"kms-teach listening on {hosts.url(host, port)}", flush=True)
    for line in ready.told if ready else ():
        print(line, flush=True)
    with contextlib.ExitStack() as noted:
        try:
            noted.enter_context(note)
        except OSError as error:
            print(f"kms-teach: `kms-teach env` will not find this server: {error}", file=sys.stderr)
        server.run([listening])


def _follow(simulator: Simulator) -> Callable[[], Coroutine[Any, Any, None]]:
    """What is to be done each second, so that a server's time is the real one."""
    said: list[str | None] = []

    async def follow() -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        try:
            if now > simulator.now:
                # in a thread, since a store that was closed for years has much to make up for
                await asyncio.to_thread(simulator.advance, seconds=(now - simulator.now).total_seconds())
        except KMSInternalException as error:  # a full disk: time stands still until there is room, reads go on
            if error.message not in said:
                said.append(error.message)
                print(f"kms-teach: {error.message}", file=sys.stderr, flush=True)

    return follow
