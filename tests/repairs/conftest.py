import pytest


@pytest.fixture
def works(sim):
    """`works(task, way)`: the task's situation, made; what the way does in it; what the check then says."""

    def act(task, way, **more):
        given = task.situation(sim)
        way({"sim": sim, **given, **more}) if callable(way) else exec(way, {"sim": sim, **given, **more})
        return task.check(sim)

    return act
