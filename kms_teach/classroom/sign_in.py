"""A learner signs in to a class's server from a computer of their own: the key is asked for once, tried, and kept."""

import getpass
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from kms_teach.directory.access_keys import AccessKey
from kms_teach.teaching.class_account import KEY, SECRET, URL, ClassAccount, ClassError
from kms_teach.wire import hosts, shell

Ask = Callable[[str], str]


class SignedIn(Struct, frozen=True):
    """Who the learner is there, and what a notebook's environment says of it."""

    learner: str
    account: str
    environment: Mapping[str, str]


def sign_in(url: str, ask: Ask = input, ask_unseen: Ask = getpass.getpass) -> SignedIn:
    """Find the key for a server, or ask for it, and try it.

    Raises ClassError, with what to do, for no address of a class's server, and for a key that it does not take.
    """
    url = url.rstrip("/")
    if not hosts.of_url(url, "http", "https"):
        raise ClassError(f"`{url}` is no address of a server: it stands on your strip, such as http://127.0.0.1:8765")
    kept = _kept().get(url)
    key = AccessKey(id=kept[0], secret=kept[1]) if kept else _asked(ask, ask_unseen)
    try:
        me = ClassAccount(url, key).ask("me", {})
    except ClassError as error:
        if not kept or not error.refused:
            raise
        key = _asked(ask, ask_unseen)  # there is another by now
        me = ClassAccount(url, key).ask("me", {})
    _keep(url, key)
    return SignedIn(me["learner"], me["account"], {URL: url, KEY: key.id, SECRET: key.secret})


def _asked(ask: Ask, ask_unseen: Ask) -> AccessKey:
    try:
        return AccessKey(
            id=ask("Access key id: ").strip(), secret=ask_unseen("Secret access key (not shown): ").strip()
        )
    except EOFError:
        raise ClassError("the key of your strip is asked for: do this in a terminal") from None


def _file() -> Path:
    return shell.state() / "class-keys.json"


def _kept() -> dict[str, list[str]]:
    try:
        kept: Any = json.loads(_file().read_text(encoding="utf-8"))
        return {str(url): [str(key), str(secret)] for url, (key, secret) in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):  # never written, or half: it is asked for again
        return {}


def _keep(url: str, key: AccessKey) -> None:
    """Remember the key for a server, for its owner's eyes alone."""
    kept = {**_kept(), url: [key.id, key.secret]}
    _file().parent.mkdir(parents=True, exist_ok=True)
    file = os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as written:
        json.dump(kept, written)
