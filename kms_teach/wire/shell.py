"""A shell of the learner's own: where a running server is, and exports that point a shell there, away from any AWS.

A running server has a file in the user's state folder with its address in it, so that nobody has to type a port.
"""

import contextlib
import os
import re
import shlex
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

NAME = re.compile(r"[A-Z_][A-Z0-9_]*", re.ASCII)
LOCAL = ("127.0.0.1", "localhost", "::1")
# What would lead past AWS_ENDPOINT_URL, or sign as somebody else, in one of the AWS clients
AWAY = (
    "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_CA_BUNDLE",
)  # fmt: skip
TASTE = ("AWS_PAGER", "AWS_DEFAULT_OUTPUT", "AWS_CLI_")  # how a learner likes to read; these stay
PROFILES = "# Profiles of your own for kms-teach. `kms-teach env` points a shell here, away from ~/.aws.\n"


def state() -> Path:
    """The folder for what lasts between two commands."""
    return platformdirs.user_state_path("kms-teach", appauthor=False)


@contextlib.contextmanager
def noted(url: str) -> Iterator[None]:
    """While inside, other commands find the server at this address. OSError where nothing can be written."""
    for _ in servers():  # forget those that ended without a word
        pass
    file = state() / "serving" / str(os.getpid())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(url, encoding="utf-8")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def servers() -> list[str]:
    """The addresses of the servers that listen, the one started last first."""
    found: list[tuple[float, str]] = []
    for file in (state() / "serving").glob("*"):
        with contextlib.suppress(FileNotFoundError):  # it ended while we looked
            url = file.read_text(encoding="utf-8")
            if _listens(url):
                found.append((file.stat().st_mtime, url))
            else:
                file.unlink()
    return [url for _, url in sorted(found, reverse=True)]


def _listens(url: str) -> bool:
    try:
        place = urlsplit(url)
        socket.create_connection((place.hostname or "", place.port or 80), timeout=2).close()
    except (OSError, ValueError):
        return False
    return True


def profiles() -> tuple[Path, Path]:
    """Configuration and credentials for AWS clients, made when they are not there; what stands in them is left."""
    folder = state() / "aws"
    folder.mkdir(parents=True, exist_ok=True)
    files = folder / "config", folder / "credentials"
    for file in files:
        with contextlib.suppress(FileExistsError), file.open("x", encoding="utf-8") as new:
            new.write(PROFILES)
    return files


def exports(url: str, access_key: str, secret: str, region: str, environment: Mapping[str, str]) -> str:
    """Lines for a POSIX shell. environment: what is set there now, of which nothing of AWS's is left."""
    config, credentials = profiles()
    given = {  # STS by its own name: AWS's SDK for Go does not see the other when it assumes the role of a profile
        "AWS_ENDPOINT_URL": url, "AWS_ENDPOINT_URL_STS": url,
        "AWS_ACCESS_KEY_ID": access_key, "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_DEFAULT_REGION": region, "AWS_REGION": region, "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(credentials), "AWS_EC2_METADATA_DISABLED": "true",
        **{name: _past_proxies(url, environment.get(name, "")) for name in ("NO_PROXY", "no_proxy")},
    }  # fmt: skip
    here = (name for name in environment if name.startswith("AWS_") and not name.startswith(TASTE))
    away = [name for name in dict.fromkeys((*AWAY, *sorted(here))) if name not in given and NAME.fullmatch(name)]
    return (
        "".join(f"export {name}={shlex.quote(value)}\n" for name, value in given.items()) + f"unset {' '.join(away)}\n"
    )


def _past_proxies(url: str, before: str) -> str:
    own = (*LOCAL, urlsplit(url).hostname or "")
    return ",".join(dict.fromkeys((*own, *filter(None, before.split(",")))))
