"""Which tasks are set in a class's accounts, and why the others stay in the learner's notebook."""

from kms_teach.teaching import catalog
from kms_teach.teaching.task import Task

SET_HERE = {  # by room; their situations and their judges are calls of one account, at the time that it is
    "start": ("LET_ALICE_READ", "LET_BEN_READ_AGAIN"),
    "key": ("A_KEY_FOR_THE_PARTNER", "READ_IT_IN_EUROPE"),
    "encrypt": ("OPEN_BOBS_BACKUP", "OPEN_WHAT_WAS_PRINTED"),
    "envelope": ("MOVE", "BIND_TO_THE_FILE"),
    "rotation": ("RETIRE_THE_KEY", "ROTATE_TWICE_A_YEAR"),
    "policies": ("OPEN_THE_BACKUP", "NAME_THE_KEY"),
    "grants": ("LET_IT_UNPACK",),
    "lifecycle": ("BRING_MY_KEY",),
    "notes": ("REFUTE_THE_SHEET", "ROTATE_IN_PLACE"),
}
ACCOUNTS = "it needs a second account, and in the class that is somebody else's"
BUCKETS = "a bucket's name is taken once in all accounts, and each of the class would want it"
TIME = "it lets time pass, and the class has one clock for all"
SIMULATOR = "the cells after it go on with this notebook's own simulator"
REPAIRS = "a ticket needs a simulator of its own"
STAYS = {
    "aliases": SIMULATOR, "signing": SIMULATOR, "objects": BUCKETS, "accounts": ACCOUNTS, "grants": ACCOUNTS,
    "lifecycle": TIME, "watching": TIME, "repairs": REPAIRS,
}  # fmt: skip


def is_set_here(room: str, name: str) -> bool:
    return name in SET_HERE.get(room, ())


def task(room: str, name: str) -> Task:
    """A task that is set here. Raises KeyError for any other."""
    if not is_set_here(room, name):
        raise KeyError(f"{room}.{name}")
    found = getattr(catalog.load(room, "tasks"), name)
    assert isinstance(found, Task)
    return found


def why_not(room: str) -> str:
    """Why a task of this room stays in the notebook, in a sentence."""
    return f"This task stays in this notebook: {STAYS.get(room, SIMULATOR)}."
