import pytest
from IPython.core.interactiveshell import InteractiveShell

from kms_teach import Simulator
from kms_teach.teaching import Do, Outcome, Task, catalog
from kms_teach.teaching.lab import COPY, PUT


def task(check=lambda _: Outcome(False, "Nothing was called.")):
    return Task("Call `ListKeys`.", lambda _: {}, ("A nudge.", "A `place`.", "answer = 1 < 2"), check)


def test_a_task_has_three_hints():
    with pytest.raises(ValueError, match="3 hints"):
        Task("Goal.", dict, ("one", "two"), lambda _: Outcome(True, ""))
    with pytest.raises(ValueError, match="3 hints"):
        Task("Goal.", dict, ("one", "", "three"), lambda _: Outcome(True, ""))


def test_hints_come_one_by_one(sim):
    do = Do(task(), sim)
    seen = []
    for _ in range(4):
        seen.append(do._hints.value.count("<p>"))
        do.hint.click()
    assert seen == [0, 1, 2, 3]
    assert do._hints.value.count("<p>") == 3
    assert "<code>place</code>" in do._hints.value
    assert "three" in do.status


def test_check_tells_what_was_found_and_that_it_is_not_yet(sim):
    do = Do(task(), sim)
    do.check.click()
    assert (do.done, do.status) == (False, "Not yet. Nothing was called.")


def test_check_looks_at_the_simulator_as_it_is_now(sim):
    do = Do(task(lambda sim: Outcome(bool(sim.trail.named("ListKeys")), "Looked.")), sim)
    do.check.click()
    assert not do.done
    sim.client("kms").list_keys()
    do.check.click()
    assert (do.done, do.status) == (True, "Done. Looked.")


def test_what_is_done_stays_done(sim):
    answers = iter([Outcome(True, "Yes."), Outcome(False, "No longer.")])
    do = Do(task(lambda _: next(answers)), sim)
    do.check.click()
    do.check.click()
    assert do.done
    assert do.status == "Not yet. No longer."


def test_a_check_may_call_what_it_likes_and_nothing_of_it_stays(sim):
    def judge(sim):
        sim.client("kms").create_key()
        sim.advance(days=400)
        return Outcome(len(sim.trail) == 1, "Tried.")

    assert [task(judge).check(sim).done for _ in range(2)] == [True, True]
    assert (len(sim.trail), sim.now.year) == (0, 2026)


def test_an_error_in_a_check_is_a_sentence(sim):
    do = Do(task(lambda sim: sim.client("kms").describe_key(KeyId="alias/none")), sim)
    do.check.click()
    assert do.status.startswith("Refused. `NotFoundException`")


def test_a_reader_who_runs_nothing_sees_the_goal_and_no_hint(sim):
    bundle = Do(task(), sim)._repr_mimebundle_()
    assert bundle["text/plain"] == "Task: Call `ListKeys`."
    assert "Call <code>ListKeys</code>." in bundle["text/html"]
    assert "nudge" not in bundle["text/html"]


TASKS = [
    (module.__name__.split(".")[-2], name, value)
    for module in catalog.every("tasks")
    for name, value in vars(module).items()
    if isinstance(value, Task)
]


def kept(sim):
    """All that a simulator remembers: its store, the trail in it, and where its clock stands."""
    sim.trail.write()
    return [*sim.service.store._db.iterdump(), sim.now]


@pytest.mark.parametrize(("room", "name", "task"), TASKS, ids=[f"{room}.{name}" for room, name, _ in TASKS])
def test_the_third_hint_of_a_task_pasted_into_a_cell_reaches_its_goal_also_after_a_new_start(room, name, task, capfd):
    sim = Simulator(start="2026-01-01T00:00:00Z")
    assert not task.check(sim).done
    assert "Start again" in task.check(sim).feedback or not sim.trail
    do = Do(task, sim)
    for _ in range(2):
        assert not task.check(sim).done
        exec(task.solution, {"sim": sim, **do.given})
        capfd.readouterr()
        before = kept(sim)
        do.check.click()
        assert do.done, do.status
        assert task.check(sim).done, "a second look finds something else"
        assert kept(sim) == before, "a check has left something behind"
        assert capfd.readouterr() == ("", ""), "a grading tool gives no point for a check that writes"
        do.again.click()
        assert not do.done
        assert do.status.startswith("All is as it was at the beginning")


def test_a_third_hint_that_is_no_python_is_refused():
    with pytest.raises(SyntaxError):
        Task("Goal.", dict, ("one", "two", "call `this`"), lambda _: Outcome(True, ""))


def test_the_third_hint_is_shown_as_it_is_to_be_pasted(sim):
    do = Do(task(), sim)
    for _ in range(3):
        do.hint.click()
    assert "<pre><code>answer = 1 &lt; 2</code></pre>" in do._hints.value


def test_the_third_hint_can_be_put_into_a_cell_once_it_is_shown(sim):
    do, written = Do(task(), sim), []
    do._keyboard.observe(lambda change: written.append(change.new[0]), "writing")
    for _ in range(3):
        assert do.put.layout.display == "none"
        do.hint.click()
    assert do.put.layout.display is None
    do.put.click()
    assert (written, do.status) == ([do.task.solution], COPY)
    do._keyboard.written = [True, do._keyboard.writing[1]]
    assert do.status == PUT


def test_the_names_of_a_situation_are_known_in_the_notebook():
    shell = InteractiveShell.instance()
    shell.run_cell("from kms_teach import Simulator\nfrom kms_teach.chapters.encrypt import tasks\n"
                   "from kms_teach.teaching import Do\nsim = Simulator()\ndo = Do(tasks.OPEN_BOBS_BACKUP, sim)")  # fmt: skip
    try:
        assert shell.user_ns["backup"] == shell.user_ns["do"].given["backup"]
    finally:
        InteractiveShell.clear_instance()
