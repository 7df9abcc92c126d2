import functools

import pytest

from kms_teach import Simulator
from kms_teach.teaching import Task


@functools.cache
def begun(task: Task):
    """A simulator in which the situation of a task was made, and what it names: made once, and then rehearsed."""
    sim = Simulator(start="2026-01-01T00:00:00Z")
    return sim, dict(task.situation(sim))


@pytest.fixture
def works():
    """`works(task, way)`: what the check says once a way was gone; a way is a function of the names, or code."""

    def act(task, way):
        made, given = begun(task)
        with made.rehearsal() as sim:
            names = {"sim": sim, **given}
            way(names) if callable(way) else exec(way, names)
            return task.check(sim)

    return act
