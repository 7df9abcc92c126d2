from datetime import timedelta

import pytest

from kms_teach import Simulator
from kms_teach.classroom.board import ago, now, page, sign_in
from kms_teach.classroom.overview import Board, Line, Often, Task, overview
from kms_teach.classroom.roster import Learner
from kms_teach.classroom.seat import Seat
from kms_teach.classroom.watch import Seen, Watch
from kms_teach.classroom.work import Desks, Work
from kms_teach.operations.request import Origin
from kms_teach.wire.endpoint import answer
from kms_teach.wire.exchange import Exchange

ALICE, BEN = Learner("Alice", "700000000001", "AKIA1"), Learner("Ben", "700000000002", "AKIA2")


@pytest.fixture
def sim():
    with Simulator(start="2026-01-01T10:00:00Z") as sim:
        yield sim


def calls(sim, learner, operation, body=b"{}"):
    """A call as it comes over a wire."""
    principal = Seat(sim.service, learner.account).root()._principal
    headers = {"x-amz-target": f"TrentService.{operation}", "user-agent": "aws-cli/2"}
    answer(sim.service, Exchange("POST", "/", headers, body, Origin(), principal, "us-east-1", "kms"))


def line(board, learner):
    return next(line for line in board.lines if line.name == learner.name)


def test_the_board_has_who_called_what_last_how_often_and_how_often_in_vain(sim):
    watch = Watch(sim.service, (ALICE, BEN))
    work = Desks(watch)
    calls(sim, ALICE, "CreateKey")
    sim.advance(minutes=3)
    calls(sim, ALICE, "DescribeKey", b'{"KeyId":"alias/none"}')
    sim.advance(minutes=1)
    board = overview(watch, work)
    seen = line(board, ALICE)
    assert (seen.calls, seen.refused, seen.last) == (
        2,
        1,
        Seen("DescribeKey", board.now - timedelta(minutes=1), "NotFoundException"),
    )
    assert (line(board, BEN).calls, line(board, BEN).last) == (0, None)
    assert board.errors == (Often("NotFoundException", 1, 1),)


def test_what_is_read_once_is_counted_once(sim):
    watch = Watch(sim.service, (ALICE, BEN))
    work = Desks(watch)
    for _ in range(3):
        calls(sim, BEN, "ListKeys")
        overview(watch, work)
    assert line(overview(watch, work), BEN).calls == 3


def test_the_commonest_errors_stand_first_with_how_many_learners_had_them(sim):
    watch = Watch(sim.service, (ALICE, BEN))
    for learner in (ALICE, BEN, ALICE):
        calls(sim, learner, "DescribeKey", b'{"KeyId":"alias/none"}')
    calls(sim, BEN, "Encrypt")
    assert overview(watch, Desks(watch)).errors == (
        Often("NotFoundException", 3, 2),
        Often("ValidationException", 1, 1),
    )


def test_what_the_server_does_itself_is_nobodys_call(sim):
    """A situation and a check call as the learner; and others than learners may have accounts."""
    watch = Watch(sim.service, (ALICE,))
    work = Desks(watch)
    work.begin(ALICE.account, "start", "LET_ALICE_READ")
    work.check(ALICE.account, "start", "LET_ALICE_READ")
    sim.client("kms").create_key()
    assert line(overview(watch, work), ALICE).calls == 0


def test_a_server_started_again_knows_what_was(sim):
    Desks(Watch(sim.service, (ALICE,))).begin(ALICE.account, "start", "LET_ALICE_READ")
    calls(sim, ALICE, "ListKeys")
    again = Watch(sim.service, (ALICE,))
    seen = line(overview(again, Desks(again)), ALICE)
    assert (seen.calls, seen.tasks, seen.chapter) == (1, (Task("LET_ALICE_READ"),), "00 Start here")


# --- whose check passes -------------------------------------------------------------------------------------------


PARTNER = "key.A_KEY_FOR_THE_PARTNER"


class Timer:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def desks(sim):
    work = Desks(Watch(sim.service, (ALICE, BEN)), Timer())
    work.given = work.begin(ALICE.account, "key", "A_KEY_FOR_THE_PARTNER")
    return work


def solve(sim, learner):
    calls(sim, learner, "CreateKey", b'{"KeySpec":"RSA_2048","KeyUsage":"ENCRYPT_DECRYPT"}')
    key = sim.trail[-1].event["responseElements"]["keyMetadata"]["keyId"]
    calls(sim, learner, "GetPublicKey", b'{"KeyId":"%s"}' % key.encode())


def test_a_look_finds_whose_check_passes_and_leaves_no_trace(sim, desks):
    solve(sim, ALICE)
    before = len(sim.trail)
    desks.look()
    assert PARTNER in desks.of(ALICE.account).done
    assert len(sim.trail) == before


def test_between_two_looks_is_time_and_the_more_the_longer_they_take(sim, desks):
    desks.look()
    solve(sim, ALICE)
    desks._took = 2.0
    desks.timer.now = 39.0
    desks.look()
    assert PARTNER not in desks.of(ALICE.account).done
    desks.timer.now = 41.0
    desks.look()
    assert PARTNER in desks.of(ALICE.account).done


def test_who_has_not_called_since_is_not_looked_at_again(sim, desks, monkeypatch):
    calls(sim, ALICE, "ListKeys")
    desks.look()
    desks.timer.now = 100.0
    monkeypatch.setattr(sim.service, "copied", lambda **_: pytest.fail("the store was copied"))
    desks.look()
    assert PARTNER not in desks.of(ALICE.account).done


def test_what_was_done_stays_done_until_it_is_begun_again(sim, desks):
    solve(sim, ALICE)
    assert desks.check(ALICE.account, "key", "A_KEY_FOR_THE_PARTNER").done
    desks.begin(ALICE.account, "start", "LET_ALICE_READ")
    assert list(desks.of(ALICE.account).done) == ["key.A_KEY_FOR_THE_PARTNER"]
    desks.begin(ALICE.account, "key", "A_KEY_FOR_THE_PARTNER")
    assert not desks.of(ALICE.account).done


def test_a_task_of_another_edition_is_not_looked_at(sim, desks):
    desks.work[ALICE.account] = Work({"key.GONE": sim.now})
    desks.look()
    assert desks.of(ALICE.account).done == {}


def test_all_tasks_of_the_chapter_that_were_begun_are_looked_at(sim, desks):
    """A notebook that is run whole begins two."""
    desks.begin(ALICE.account, "key", "READ_IT_IN_EUROPE")
    solve(sim, ALICE)
    seen = line(overview(desks.watch, desks), ALICE)
    assert (seen.tasks, seen.is_done) == ((Task("A_KEY_FOR_THE_PARTNER"), Task("READ_IT_IN_EUROPE")), False)
    desks.look()
    seen = line(overview(desks.watch, desks), ALICE)
    assert [bool(task.done_at) for task in seen.tasks] == [True, False]
    desks.begin(ALICE.account, "start", "LET_ALICE_READ")
    seen = line(overview(desks.watch, desks), ALICE)
    assert (seen.chapter, seen.tasks, seen.before) == ("00 Start here", (Task("LET_ALICE_READ"),), 1)


# --- its page -----------------------------------------------------------------------------------------------------


def board(**changes):
    at = Simulator(start="2026-01-01T10:00:00Z").now
    facts = {"name": "<Zoë>", "account": "700000000001", "calls": 1234, "refused": 5, "last": Seen("Decrypt", at - timedelta(seconds=75), "Ac<cess"), "chapter": "00 Start here", "tasks": (Task("LET_ALICE_READ"),), "before": 0}  # fmt: skip
    return Board(at, (Line(**(facts | changes)),), (Often("A<b>", 7, 1),))


def test_a_learner_is_a_row_in_words():
    words = now(board())
    for each in (
        "&lt;Zoë&gt;",
        "1,234",
        "1 minute ago",
        "Ac&lt;cess",
        "not yet",
        "LET_ALICE_READ",
        "00 Start here",
        "A&lt;b&gt;",
    ):
        assert each in words
    assert "1 of 1 called in the last five minutes; 0 of 1 have done what they are at" in words


def test_who_has_done_it_is_told_by_a_word_and_a_mark_and_not_by_colour_alone():
    words = now(board(tasks=(Task("LET_ALICE_READ", board().now),), before=2))
    assert "</svg> <code>LET_ALICE_READ</code> <strong class='ok'>done 10:00</strong>" in words
    assert "2 done in other chapters" in words


def test_who_has_not_begun_is_there_too():
    words = now(board(last=None, tasks=(), chapter="", calls=0))
    assert "none yet" in words
    assert "0 of 1 called" in words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (9, "just now"),
        (10, "10 seconds ago"),
        (59, "50 seconds ago"),
        (60, "1 minute ago"),
        (7_199, "1 hour ago"),
        (200_000, "2 days ago"),
        (-5, "just now"),
    ],
)
def test_how_long_ago_is_said_in_one_unit(seconds, words):
    assert ago(timedelta(seconds=seconds)) == words


def test_pages_have_one_heading_a_language_and_a_title():
    for html in (page(board()), sign_in(), sign_in("No.")):
        assert html.count("<h1>") == 1
        assert '<html lang="en">' in html
        assert "<title>" in html
        assert "style=" not in html
