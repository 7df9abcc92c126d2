"""The hand-out sheet: for each learner a strip of paper with what to paste. It is the only place a secret stands in."""

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path

from kms_teach.classroom.roster import Issued
from kms_teach.drawing.look import day
from kms_teach.people import DEFAULT_REGION

HEAD = """\
Keys for a class, made on {day}, for the server {url}
Cut it into strips: who has a strip is that learner. These secrets are written nowhere else.
Is a strip lost? Start the server again with --new-keys "NAME": the old key then opens nothing.
"""
STRIP = """
- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -
{name}, account {account}

  The course:        kms-teach lab --class {url}
  It asks for your   access key id      {key}
                     secret access key  {secret}

  The aws command, in a shell:
export AWS_ENDPOINT_URL={url} AWS_DEFAULT_REGION={region} AWS_REGION={region}
export AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY={secret}
unset AWS_PROFILE AWS_SESSION_TOKEN
"""


def write(store: Path, url: str, at: datetime, issued: Sequence[Issued]) -> Path:
    """Write a sheet beside the store, for its owner's eyes alone, in the place of no other; gives where."""
    strips = (
        STRIP.format(
            name=each.learner.name, account=each.learner.account, key=each.learner.key, secret=each.secret, url=url,
            region=DEFAULT_REGION,
        )
        for each in issued
    )  # fmt: skip
    text = HEAD.format(day=day(at), url=url) + "".join(strips)
    for path in _names(store):
        try:
            sheet = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(sheet, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        return path
    raise AssertionError("there is always another name")


def _names(store: Path) -> Iterator[Path]:
    yield store.with_name(f"{store.stem}.handout.txt")
    for number in count(2):
        yield store.with_name(f"{store.stem}.handout-{number}.txt")
