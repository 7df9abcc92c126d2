"""This is the same endpoint behind a loopback server, so that the `aws` command and other languages reach it.

Why tornado: JupyterLab brings it, and limits, time-outs and chunks are its business. Calls run in a thread pool.
"""

import asyncio
import functools
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import tornado.httpserver
import tornado.netutil
import tornado.web

from kms_teach.operations.catalog import Origin
from kms_teach.service import Service
from kms_teach.wire.endpoint import Exchange, answer

BODY_MAX = 1_048_576  # bytes; no KMS request comes near
HEADERS_MAX = 65_536  # bytes
IDLE = 60  # seconds that a connection may stay silent
WORKERS = 8


class Handler(tornado.web.RequestHandler):
    def initialize(self, service: Service, pool: ThreadPoolExecutor) -> None:
        self.service, self.pool = service, pool

    async def prepare(self) -> None:
        headers = {name.lower(): ",".join(self.request.headers.get_list(name)) for name in self.request.headers}
        origin = Origin(source_ip=self.request.remote_ip or "")
        exchange = Exchange(self.request.method or "", self.request.uri or "/", headers, self.request.body, origin)
        reply = await asyncio.get_running_loop().run_in_executor(
            self.pool, functools.partial(answer, self.service, exchange)
        )
        self.clear()
        self.set_status(reply.status)
        for name, value in reply.headers.items():
            self.set_header(name, value)
        self.finish(reply.body)

    def log_exception(self, *_: Any) -> None:
        """Nothing of a request is written to a log."""


def listen(service: Service, host: str, port: int) -> tuple[tornado.httpserver.HTTPServer, int]:
    """Accept calls on host:port (0 takes a free one); gives the server and its port. OSError when the port is taken."""
    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="kms-teach")
    application = tornado.web.Application(
        [(".*", Handler, {"service": service, "pool": pool})], log_function=lambda _: None
    )
    server = tornado.httpserver.HTTPServer(
        application,
        max_body_size=BODY_MAX,
        max_header_size=HEADERS_MAX,
        body_timeout=IDLE,
        idle_connection_timeout=IDLE,
    )
    sockets = tornado.netutil.bind_sockets(port, host, family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    server.add_sockets(sockets)
    return server, sockets[0].getsockname()[1]


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
