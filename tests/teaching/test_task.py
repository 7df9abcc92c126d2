import pytest

from kms_teach.teaching import Do, Outcome, Task


def task(check=lambda _: Outcome(False, "Nothing was called.")):
    return Task("Call `ListKeys`.", ("A nudge.", "A place.", "A `call`."), check)


def test_a_task_has_three_hints():
    with pytest.raises(ValueError, match="3 hints"):
        Task("Goal.", ("one", "two"), lambda _: Outcome(True, ""))
    with pytest.raises(ValueError, match="3 hints"):
        Task("Goal.", ("one", "", "three"), lambda _: Outcome(True, ""))


def test_hints_come_one_by_one(sim):
    do = Do(task(), sim)
    seen = []
    for _ in range(4):
        seen.append(do._hints.value.count("<p>"))
        do.hint.click()
    assert seen == [0, 1, 2, 3]
    assert do._hints.value.count("<p>") == 3
    assert "<code>call</code>" in do._hints.value
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


def test_an_error_in_a_check_is_a_sentence(sim):
    do = Do(task(lambda sim: sim.client("kms").describe_key(KeyId="alias/none")), sim)
    do.check.click()
    assert do.status.startswith("Refused. `NotFoundException`")


def test_a_reader_who_runs_nothing_sees_the_goal_and_no_hint(sim):
    bundle = Do(task(), sim)._repr_mimebundle_()
    assert bundle["text/plain"] == "Task: Call `ListKeys`."
    assert "Call <code>ListKeys</code>." in bundle["text/html"]
    assert "nudge" not in bundle["text/html"]
