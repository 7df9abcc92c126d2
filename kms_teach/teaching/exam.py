"""All question families of the course, and a question of one of them by its seed."""

import difflib
from functools import cache

from kms_teach.teaching import catalog
from kms_teach.teaching.question import Family, Question

NEAR = 3  # ids that are named for one that is not known


@cache
def families() -> tuple[Family, ...]:
    """Every family, in the order of the chapters and of each chapter's page.

    Raises ValueError where two have one id.
    """
    modules = catalog.every("questions")
    found = tuple(value for module in modules for value in vars(module).values() if isinstance(value, Family))
    if len({family.id for family in found}) < len(found):
        raise ValueError("two families have the same id")
    return found


def family(name: str) -> Family:
    """A family by its id. Raises KeyError, naming near ids, for an unknown one."""
    known = {each.id: each for each in families()}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=NEAR, cutoff=0.3) or sorted(known)[:NEAR]
        raise KeyError(f"no question family is called `{name}`: near it are {', '.join(near)}")
    return known[name]


def question(name: str, seed: int) -> Question:
    """The question of a family for a seed: equal words for equal id and seed, in every process."""
    return family(name).question(seed)
