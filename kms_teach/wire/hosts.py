"""Who may call a server whose secret is public: programs that use a name of its own, and no page of another site.

A page anywhere can make a browser send requests to this machine; when its own name points here (DNS rebinding) it can
read the answers too, and it can sign, for everybody knows the secret `test`. The browser tells in Host and Origin whom
the page means and whose it is, and no page can change that.
"""

import functools
import ipaddress
import re
from collections.abc import Mapping

ADDRESS = re.compile(r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::[0-9]{1,5})?", re.ASCII)


def bare(address: str) -> str:
    """The host of `host:port`, lower-case, an IPv6 address without its brackets; "" for what is no such thing."""
    parts = ADDRESS.fullmatch(address.lower())
    return (parts["six"] or parts["name"]) if parts else ""


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_every_address(host: str) -> bool:
    """Whether a server at `host` listens on all addresses of the machine, and so has no name of its own."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return host == ""


def reachable(host: str) -> str:
    """The address at which this machine reaches its own server that listens at `host`."""
    if is_every_address(host):
        return "::1" if ":" in host else "127.0.0.1"
    return host


def url(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def of_url(address: str, *schemes: str) -> str:
    """The host of `SCHEME://host:port`, bare, if the scheme is one of these; "" for what is no such thing."""
    scheme, _, rest = address.rstrip("/").partition("://")
    return bare(rest) if scheme in schemes else ""


def objection(headers: Mapping[str, str], names: frozenset[str]) -> str:
    """Why a request is not taken, as a sentence; "" if it is. names: by which the server may be called, bare."""
    host, origin = headers.get("host", ""), headers.get("origin")
    if not _own(host, names):
        return f"this server is not called `{host}`: call it by its own name, or start it with --name and that one"
    if origin is not None and not _own(origin.partition("://")[2], names):
        return f"a page of `{origin}` may not call this server: only programs and pages of this machine may"
    return ""


@functools.lru_cache(maxsize=64)
def in_front(address: str) -> str:
    """What stands in front of `localhost` in a Host header: with S3, a bucket; "" for nothing."""
    host = bare(address)
    return host.removesuffix(".localhost") if host.endswith(".localhost") else ""


@functools.lru_cache(maxsize=64)
def _own(address: str, names: frozenset[str]) -> bool:
    """A name below `localhost` is this machine's too (RFC 6761, section 6.3), and no page of another site has one."""
    host = bare(address)
    return bool(host) and (is_loopback(host) or host in names or bool(in_front(address)))
