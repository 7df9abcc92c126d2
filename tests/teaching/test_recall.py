"""What comes back and when, cards for Anki, and what a learner sees of their progress."""

import io
import json
import sqlite3
import zipfile
from datetime import timedelta

import fsrs
import pytest

from kms_teach.chapters.rotation import tasks
from kms_teach.teaching import Cards, MyProgress, Recall, anki, exam, progress, recall
from kms_teach.teaching.choices import fill
from kms_teach.teaching.progress import Progress
from kms_teach.teaching.record import Answered
from kms_teach.teaching.record_page import record_page
from kms_teach.teaching.what_is_known import fading, what_is_known
from tests.teaching import sat

FAMILIES = (sat.one("a", "S3", "objects"), sat.one("b", "access", "policies"), sat.called(), sat.ordering())


@pytest.fixture
def clock():
    return sat.Clock()


@pytest.fixture(autouse=True)
def kept(monkeypatch, tmp_path, clock):
    monkeypatch.setattr(exam, "families", lambda: FAMILIES)
    progress_ = Progress(tmp_path, clock)
    monkeypatch.setattr(progress, "mine", lambda: progress_)
    return progress_


def days(clock, count):
    clock.wait(timedelta(days=count).total_seconds())


def answered(kept, name, right):
    family = next(family for family in FAMILIES if family.id == name)
    kept.answered(family.question(1), (0,), right, "practice")


def test_what_was_right_comes_back_later_and_later_and_what_was_wrong_soon(kept, clock):
    waits = []
    for _ in range(4):
        answered(kept, "a", right=True)
        [known] = recall.known(kept.of(Answered))
        waits.append((known.due - clock.at).days)
        days(clock, waits[-1])
    assert waits == sorted(waits) and waits[0] >= 1 and waits[-1] > 30
    answered(kept, "a", right=False)
    [known] = recall.known(kept.of(Answered))
    assert (known.due - clock.at).days < 10 < waits[-1]


def test_the_dates_are_those_of_the_library_asked_directly(kept, clock):
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card = fsrs.Card(card_id=7, due=clock.at)
    for right, wait in ((True, 3), (False, 2), (True, 9), (True, 30)):
        answered(kept, "a", right)
        card, _ = scheduler.review_card(card, fsrs.Rating.Good if right else fsrs.Rating.Again, clock.at)
        days(clock, wait)
    [known] = recall.known(kept.of(Answered))
    assert known.due == card.due
    assert known.remembered(clock.at) == scheduler.get_card_retrievability(card, clock.at)


def test_an_answer_a_minute_after_another_tells_of_no_memory(kept, clock):
    answered(kept, "a", right=False)
    due = recall.known(kept.of(Answered))[0].due
    clock.wait(60)
    answered(kept, "a", right=True)
    assert recall.known(kept.of(Answered))[0].due == due


def test_read_twice_or_brought_together_from_two_files_the_dates_are_the_same(kept, clock, tmp_path):
    for name, right in (("a", True), ("b", False), ("a", True)):
        answered(kept, name, right)
        days(clock, 4)
    other = Progress(tmp_path / "other", clock)
    other.merge(kept.export())
    dates = [[(each.family, each.due) for each in recall.known(p.of(Answered))] for p in (kept, kept, other)]
    assert dates[0] == dates[1] == dates[2]
    assert dates[0][0][0] == "b"


def test_recall_asks_what_is_due_and_says_how_much_that_is(kept, clock):
    answered(kept, "a", right=True)
    answered(kept, "b", right=False)
    days(clock, 60)
    panel = Recall()
    assert "2 questions are due today." in panel.status
    assert panel.question.family.id == "b"
    fill(panel.question, panel.choose, tuple(panel.question.answer()))
    panel.answer.click()
    assert kept.of(Answered)[-1].how == "recall"
    panel.next.click()
    assert panel.question.family.id == "a" and "1 question is due today." in panel.status


def test_where_nothing_is_due_it_says_when_and_where_nothing_was_answered_that_it_is_new(kept, clock):
    assert "Nothing was answered yet" in Recall().status
    answered(kept, "a", right=True)
    panel = Recall()
    assert panel.question.family.id == "a"
    assert panel.status.startswith("Nothing is due before ") and "2026" in panel.status


def opened(package):
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        media = json.loads(file.read("media"))
        pictures = {name: file.read(number).decode() for number, name in media.items()}
        database = sqlite3.connect(":memory:")
        database.deserialize(file.read("collection.anki2"))
    notes = database.execute("select guid, flds, tags from notes order by id").fetchall()
    cards = database.execute("select count(*) from cards").fetchone()[0]
    database.close()
    return notes, cards, pictures


def test_each_question_is_a_card_with_its_answer_and_its_picture():
    notes, cards, pictures = opened(anki.package(FAMILIES))
    assert len(notes) == cards == 4
    fields = dict(zip([family.id for family in FAMILIES], [flds.split("\x1f") for _, flds, _ in notes], strict=True))
    front, back = fields["a"]
    assert "a?" in front and "right" in front and "Because." not in front
    assert "<li>right</li>" in back and "Tried wrong." in back
    assert list(pictures) == ["kms-teach-called-1.svg"]
    assert (
        pictures["kms-teach-called-1.svg"].startswith("<svg")
        and "DisabledException" in pictures["kms-teach-called-1.svg"]
    )
    assert 'src="kms-teach-called-1.svg"' in fields["called"][1]
    assert notes[0][2].split() == ["S3", "objects", "SCS-C03"]


def test_a_mended_answer_keeps_the_guid_and_so_the_learners_history(monkeypatch):
    before = [guid for guid, *_ in opened(anki.package(FAMILIES))[0]]
    monkeypatch.setattr(anki, "_back", lambda *_: "another answer")
    after = [guid for guid, *_ in opened(anki.package(FAMILIES))[0]]
    assert before == after and len(set(before)) == 4


def test_the_same_cards_are_the_same_notes_each_time():
    assert opened(anki.package(FAMILIES)) == opened(anki.package(FAMILIES))


def test_the_panel_offers_a_file_that_can_be_opened():
    panel = Cards()
    panel.topic.value = "S3"
    panel.make.click()
    assert "1 card." in panel.status
    assert 'download="kms-teach.apkg"' in panel.take.value
    panel.topic.value = ""
    assert panel.take.value == ""


def test_what_fades_first_stands_first_and_is_told_in_words(kept, clock):
    answered(kept, "a", right=True)
    answered(kept, "b", right=False)
    days(clock, 3)
    rows = fading(kept.of(Answered), clock.at)
    assert [row.chapter for row in rows] == ["policies", "objects"]
    assert all(0 < row.in_a_week < row.now <= 1 for row in rows)
    picture = what_is_known(rows)
    assert picture.title == "07 Key policies and IAM fades first"
    assert [row[0] for row in picture.table.rows] == ["07 Key policies and IAM", "04 S3, a key for every object"]
    assert picture.table.rows[0][2] in picture.alt
    with pytest.raises(ValueError, match="nothing was answered yet"):
        what_is_known([])


def test_a_page_to_show_says_what_was_done_and_when_and_what_it_does_not_prove(kept, clock):
    with pytest.raises(ValueError, match="nothing was done yet"):
        record_page(kept)
    answered(kept, "a", right=True)
    days(clock, 1)
    kept.done(tasks.RETIRE_THE_KEY)
    page = record_page(kept)
    assert "04 S3, a key for every object" in page and "1 of 1" in page
    assert "Retire the key (2 Mar 2026)" in page
    assert "proves nothing to a third person" in page
    assert "http" not in page


def test_progress_shows_the_chart_and_the_page_once_there_is_something_to_show(kept):
    empty = MyProgress()
    assert (empty.known.value, empty.show_to.value) == ("", "")
    answered(kept, "a", right=True)
    panel = MyProgress()
    assert "fades first" in panel.known.value
    assert 'download="kms-teach.html"' in panel.show_to.value
