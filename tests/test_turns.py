import threading

import pytest

from kms_teach.turns import Turns


def waiting(turns, count):
    """Wait until so many threads wait for their turn."""
    while len(turns._waiting) < count:
        threading.Event().wait(0.0001)


def test_it_is_handed_on_in_the_order_in_which_it_was_asked_for():
    turns, order = Turns(), []

    def ask(number):
        with turns:
            order.append(number)

    threads = [threading.Thread(target=ask, args=[number]) for number in range(8)]
    with turns:
        for number, thread in enumerate(threads):
            thread.start()
            waiting(turns, number + 1)
    with turns:  # who had it waits behind those that were there before
        order.append("again")
    for thread in threads:
        thread.join()
    assert order == [*range(8), "again"]


def test_one_thread_at_a_time_and_the_same_one_as_often_as_it_likes():
    turns, inside, most = Turns(), [], []

    def work():
        for _ in range(200):
            with turns, turns:
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (max(most), len(most)) == (1, 800)


def test_who_is_interrupted_while_it_waits_leaves_its_turn_to_the_next():
    turns, done = Turns(), []

    class InterruptedLock:
        """A turn whose thread gets Ctrl-C instead."""

        def acquire(self):
            if done:
                raise KeyboardInterrupt
            done.append("made")

        def release(self):
            done.append("handed on in vain")

    held = threading.Event()

    def hold():
        with turns:
            held.set()
            waiting(turns, 1)  # the one that comes after

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kms_teach.turns.threading.Lock", InterruptedLock)
        with pytest.raises(KeyboardInterrupt):
            turns.__enter__()
    with turns:
        holder.join()
    with turns:
        assert done == ["made"]


def test_a_turn_that_came_together_with_the_interruption_is_let_go():
    turns = Turns()

    class Late:
        made = False

        def acquire(self):
            if Late.made:
                turns.__exit__(None, None, None)  # the holder hands it on just now
                raise KeyboardInterrupt
            Late.made = True

        def release(self): ...

    with pytest.MonkeyPatch.context() as patch:
        turns._owner, turns._depth = -1, 1
        patch.setattr("kms_teach.turns.threading.Lock", Late)
        with pytest.raises(KeyboardInterrupt):
            turns.__enter__()
    with turns:
        assert turns._owner == threading.get_ident()
    assert turns._owner == 0
