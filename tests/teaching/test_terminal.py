import contextlib
import random
import re

import pytest

from kms_teach.teaching import as_of, exam
from kms_teach.teaching.lettered import read_answer
from kms_teach.teaching.progress import Progress
from kms_teach.teaching.record import Answered
from kms_teach.teaching.sitting import Sheet, sittings
from kms_teach.teaching.terminal import Terminal
from tests.teaching import sat

FAMILIES = (
    sat.one("a", "S3", "objects"), sat.one("b", "access", "policies"), sat.called(), sat.several(), sat.ordering(),
    sat.matching(),
)  # fmt: skip


@pytest.fixture(autouse=True)
def families(monkeypatch):
    monkeypatch.setattr(exam, "families", lambda: FAMILIES)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def kept(tmp_path):
    return Progress(tmp_path, sat.Clock())


class Console:
    """What is typed, and what is said; at the end of what is typed stands the end of input."""

    def __init__(self, kept, *typed, **options):
        self.typed, self.said = list(typed), []
        self.terminal = Terminal(kept, self.read, self.said.append, **options)

    def read(self, prompt):
        self.said.append(prompt)
        if not self.typed:
            raise EOFError
        typed = self.typed.pop(0)
        return typed(self) if callable(typed) else typed

    def sit(self, code="SCS-C03", length=6):
        with contextlib.suppress(EOFError):
            self.terminal.sit(code, length)
        return self.text

    @property
    def text(self):
        return "\n".join(self.said)


def letters(question, given):
    if question.family.format == "matching":
        return " ".join(f"{'ABCDEF'[at]}{match + 1}" for at, match in enumerate(given))
    return " ".join("abcdef"[at] for at in given)


def typed(how):
    """Types an answer to the question in front of the learner."""

    def answer(console):
        sheet = Sheet.unfinished(console.terminal.kept)
        sheet.go(int(re.findall(r"Question (\d+) of", console.text)[-1]))
        return letters(sheet.question, how(sheet.question))

    return answer


def test_a_mock_exam_is_sat_by_letters_and_judged_by_runs(kept):
    console = Console(kept, *[typed(sat.right)] * 5, typed(sat.wrong), "end")
    text = console.sit()
    assert f"A mock exam for SCS-C03, {as_of.WORDS}: 6 questions. 16 minutes." in text
    assert "Question 1 of 6, 16 minutes left" in text
    assert "5 of 6 are right, which points to somewhere between 44 % and 97 %." in text
    assert "  access: " in text and "is no share of right answers" in text.replace("\n", " ")
    assert sum(record.right for record in kept.of(Answered)) == 5
    assert Sheet.unfinished(kept) is None


def test_after_the_end_what_was_wrong_is_shown_one_by_one_with_the_call_and_the_right_answer(kept):
    text = Console(kept, *[typed(sat.wrong)] * 6, "end", *[""] * 6).sit()
    after = text.partition("of 6 are right")[2]
    assert after.count("Right is: ") == 6
    assert "Encrypt was refused: DisabledException. It is disabled." in after
    assert "The call that shows it:" in after and "who called" in after
    assert "Read it again: 11 Life and death of a key" in after
    assert "`" not in after


def test_what_was_answered_is_kept_when_the_input_ends(kept):
    Console(kept, typed(sat.right), typed(sat.right), "flag").sit()
    text = Console(kept, "list").sit(code="")
    assert "Your mock exam for SCS-C03: 2 of 6 are answered." in text
    assert "Question 3 of 6, 16 minutes left, flagged" in text
    assert "  1. answered" in text and "  3. open, flagged" in text


def test_one_may_go_back_and_forth_and_change_an_answer(kept):
    console = Console(kept, typed(sat.wrong), "back", typed(sat.right), "go 5", "", "", "help")
    text = console.sit()
    assert text.count("Question 1 of 6") == 4 and "Question 5 of 6" in text and "You answered: " in text
    (sitting,) = sittings(kept.records())
    assert sitting.marks[0].given == sat.right(sitting.questions[0])
    assert "back, go 7, flag" in text.replace("\n", " ")


def test_what_is_no_answer_is_said_and_the_question_asked_again(kept):
    text = Console(kept, "Z", "1", "A A A A A A A", "go x").sit()
    assert text.count("is no answer here: give") == 4
    assert sittings(kept.records())[0].answered == 0


def test_to_hand_in_with_open_questions_is_asked_about(kept):
    text = Console(kept, typed(sat.right), "end", "no", "end", "yes").sit()
    assert text.count("5 questions are open, and what is open is wrong.") == 2
    assert "1 of 6 are right" in text


def test_another_exam_begins_when_the_one_that_is_not_finished_is_given_up(kept):
    Console(kept).sit()
    Console(kept, "no").sit(code="SAA-C03")
    assert not sittings(kept.records())[-1].over
    with pytest.raises(ValueError, match="no questions for SAA-C03"):
        Console(kept, "yes").sit(code="SAA-C03")
    assert sittings(kept.records())[-1].given_up


def test_without_a_code_and_nothing_to_go_on_with_it_says_which_there_are(kept):
    with pytest.raises(ValueError, match=r"CLF-C02 \(Cloud Practitioner\)"):
        Console(kept).sit(code="")
    with pytest.raises(KeyError, match="choose from"):
        Console(kept).sit(code="XYZ")


def test_the_clock_can_be_left_out_and_time_over_is_said(kept):
    assert "minutes" not in Console(kept, clock=False).sit()
    console = Console(kept, lambda _: kept.now.wait(3600) or "", "")
    assert "Question 2 of 6, 44 minutes over time" in console.sit()


def test_practice_answers_at_once_and_goes_on_until_quit(kept):
    console = Console(kept, "Z", "a", "quit")
    console.terminal.practise("S3", random.Random(1))
    assert "is no answer here: give a letter, from A to C" in console.text
    assert "Right. Tried" in console.text or "Not this time. Tried" in console.text
    assert [record.how for record in kept.of(Answered)] == ["practice"]
    with pytest.raises(ValueError, match="no question about that"):
        console.terminal.practise("pricing")


def test_no_line_is_wider_than_the_terminal(kept, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    console = Console(kept, typed(sat.right))
    console.sit()
    prompts = console.terminal.width
    assert prompts == 39
    assert all(len(line) <= 39 for said in console.said for line in said.splitlines() if not said.endswith(": "))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
def test_answers_are_read_in_many_spellings(family):
    question = family.question(1)
    for given in (sat.right(question), sat.wrong(question)):
        words = letters(question, given)
        for spelled in (words, words.upper(), words.replace(" ", ""), words.replace(" ", ", "), f" {words.lower()} "):
            assert read_answer(question, spelled) == given


@pytest.mark.parametrize(("family", "words"), [
    (FAMILIES[0], "AB"), (FAMILIES[0], ""), (FAMILIES[0], "D"), (FAMILIES[3], "AA"), (FAMILIES[3], "F"), (FAMILIES[4], "AB"),
    (FAMILIES[4], "ABA"), (FAMILIES[5], "A1 B2"), (FAMILIES[5], "A1 B2 C4"), (FAMILIES[5], "A1 A2 B3"), (FAMILIES[5], "ABC"),
    (FAMILIES[5], "A0 B1 C2"),
])  # fmt: skip
def test_what_is_no_answer_is_refused(family, words):
    with pytest.raises(ValueError, match="is no answer here: give "):
        read_answer(family.question(1), words)
