"""The table of chapters, and the only place that loads a part of a chapter by its name.

Why by name: the map, recall and the exam look into every chapter, and no chapter may be imported by what it stands on.
"""

import importlib
import sys
from types import ModuleType
from typing import Literal

from msgspec import Struct

Part = Literal["claims", "predictions", "questions", "tasks"]


class Chapter(Struct, frozen=True):
    """A chapter. `number` begins its notebook's name; `room` is its package in `kms_teach.chapters`."""

    number: str
    room: str
    name: str
    question: str


CHAPTERS = (
    Chapter("00", "start", "Start here", "What is this pretend AWS?"),
    Chapter("01", "key", "What a KMS key is", "Where is the key, if I never see it?"),
    Chapter("02", "encrypt", "Encrypt, and the 4 KB limit", "Why can't I encrypt my photo?"),
    Chapter("03", "envelope", "Envelope encryption", "How is a gigabyte encrypted with 4 KB?"),
    Chapter("04", "objects", "S3, a key for every object", "Who opened the envelope when I downloaded the file?"),
    Chapter("05", "rotation", "Rotation", "We rotated. Can I still read last year?"),
    Chapter("06", "aliases", "Aliases and Regions", "One name, how many keys?"),
    Chapter("07", "policies", "Key policies and IAM", "Why am I denied?"),
    Chapter("08", "grants", "Grants", "How does a service get to use my key, just for now?"),
    Chapter("09", "accounts", "Conditions, accounts, organizations", "Both said yes. Why is it still no?"),
    Chapter("10", "signing", "Signing, MACs, agreement, post-quantum", "What can I check without asking KMS?"),
    Chapter("11", "lifecycle", "Life and death of a key", "I deleted it. Is there anything to be done?"),
    Chapter("12", "watching", "Watching, counting, paying", "Who used this key, and what does it cost?"),
    Chapter("13", "notes", "What the notes say, and what is true", "Which sentence on my cram sheet is wrong today?"),
)


# room: its package; the repairs mix what the chapters teach, and have tasks alone
PLACES = {
    **{chapter.room: f"kms_teach.chapters.{chapter.room}" for chapter in CHAPTERS},
    "repairs": "kms_teach.repairs",
}


def chapter(room: str) -> Chapter:
    """The chapter that lives in a room. Raises KeyError, with the rooms there are, for none."""
    rooms = {chapter.room: chapter for chapter in CHAPTERS}
    if room not in rooms:
        raise KeyError(f"no chapter is called `{room}`: choose from {', '.join(rooms)}")
    return rooms[room]


def load(room: str, part: Part) -> ModuleType:
    """A part of a chapter, or of the repairs, as its module. Raises ModuleNotFoundError for one to come."""
    return importlib.import_module(f"{PLACES[room if room in PLACES else chapter(room).room]}.{part}")


def every(part: Part) -> tuple[ModuleType, ...]:
    """This part of each chapter that has it, in the order of the chapters; then that of the repairs."""
    modules = []
    for place in PLACES.values():
        try:
            modules.append(importlib.import_module(f"{place}.{part}"))
        except ModuleNotFoundError as missing:
            if not (missing.name or "").startswith(place):
                raise
    return tuple(modules)


def named(part: Part, thing: object) -> tuple[str, str] | None:
    """The room and the name of what stands in a part of a chapter, such as a task; None for one of somebody else's.

    It looks into what is loaded, since whoever has the thing has loaded its chapter.
    """
    for room, place in PLACES.items():
        module = sys.modules.get(f"{place}.{part}")
        for name, value in vars(module).items() if module else ():
            if value is thing:
                return room, name
    return None
