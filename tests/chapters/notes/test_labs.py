"""The labs of the notes, control by control."""

import pytest

from kms_teach.chapters.notes.lab import NoteLab, SheetLab
from kms_teach.chapters.notes.note import NEWER, NOTE
from kms_teach.chapters.notes.note_lab import ROW, THE_CALL
from kms_teach.chapters.notes.pasted import LONGEST, claims
from kms_teach.drawing.look import LAB
from kms_teach.inspect.claim import Finding
from kms_teach.inspect.opened import opened
from kms_teach.inspect.opened_drawing import CALL
from tests.chapters.notes.test_claims import EXPECTED
from tests.drawing.drawn import quarrels

MANY = len(NOTE) + len(NEWER)


def fate(name):
    verdict = EXPECTED[name]
    return "true once" if verdict.startswith("true until") else verdict.split(" since")[0]


@pytest.fixture
def note():
    return NoteLab()


def at(lab, name):
    lab.line.value = next(claim for claim in lab.claims if claim.id == name)


def test_a_line_is_covered_until_it_has_been_judged(note):
    assert note.picture.title == "True, true once, or never true?"
    assert note.score == f"{MANY} lines to go."
    assert not note.findings


@pytest.mark.parametrize("name", ["told-to-trust", "managed-three-years", "four-kb", "big-data"])
def test_a_judgement_is_answered_by_the_run(note, name):
    at(note, name)
    note.say_so.value = fate(name)
    note.run.click()
    assert note.status.startswith(f"Right. {EXPECTED[name][:1].upper()}{EXPECTED[name][1:]}.")
    assert note.score == f"1 of 1 right at the first try, {MANY - 1} left."


@pytest.mark.parametrize("said", ["true once", "depends"])
def test_of_a_line_that_ended_and_depends_today_both_may_be_said(note, said):
    at(note, "one-region")
    note.say_so.value = said
    note.run.click()
    assert note.status.startswith("Right. True until Jun 2021, today it depends.")


def test_only_the_first_judgement_counts(note):
    at(note, "big-data")
    note.say_so.value = "true"
    note.run.click()
    assert note.status.startswith("Not so. Never true. It takes no data.")
    note.say_so.value = "never true"
    note.run.click()
    assert note.status.startswith("Right. Never true.")
    assert note.score == f"0 of 1 right at the first try, {MANY - 1} left."


def test_a_call_is_opened_when_there_has_been_one(note):
    note.look.value = THE_CALL
    assert note.status.startswith("Not done. Judge the line")
    assert note.look.value == ROW
    note.run.click()
    note.look.value = THE_CALL
    assert note.status.startswith("The call that judged it.")
    assert repr(note.picture).startswith("The root user of 111122223333 calls CreateKey")
    at(note, "fips-level-2")
    assert note.look.value == ROW
    note.run.click()
    note.look.value = THE_CALL
    assert note.status.startswith("Not done. No call tells this line")


def test_next_line_goes_on_to_what_was_not_tried_yet_and_round(note):
    note.next.click()
    assert note.now.id == NOTE[1]
    at(note, NEWER[-1])
    note.next.click()
    assert note.now.id == NOTE[0]
    for _ in range(MANY):
        note.run.click()
        note.next.click()
    assert note.score.endswith("none left.")
    was = note.now
    note.next.click()
    assert note.now is not was


def test_a_sheet_is_looked_up_line_by_line():
    lab = SheetLab("- AWS managed keys rotate every 3 years\n- Cats are grey")
    assert lab.status == "2 sentences: 1 true once, 1 not known here."
    assert [words for words, _ in lab.sentence.options] == [
        "1: AWS managed keys rotate every 3 years (true once)", "2: Cats are grey (not known here)",
    ]  # fmt: skip
    assert lab.picture.title == "This line was true once"
    lab.sentence.value = 1
    assert (lab.status, lab.picture.title) == ("Not known here.", "Not known here")
    lab.look.value = THE_CALL
    assert lab.status.startswith("Not done. This sentence is not known here")
    lab.sentence.value = 0
    lab.look.value = THE_CALL
    assert lab.status.startswith("The call that judged it.")


def test_another_sheet_takes_the_place_of_the_first():
    lab = SheetLab()
    lab.sheet.value = "Grants take effect immediately"
    assert lab.status == "1 sentence: 1 depends."
    assert lab.picture.title == "This line holds in some cases, and not in all"


@pytest.mark.parametrize("sheet", ["", "x" * (LONGEST + 1), "\n".join(str(line) for line in range(300))])
def test_a_sheet_that_cannot_be_read_is_answered_in_a_sentence_and_the_last_one_stays(sheet):
    lab = SheetLab("Grants take effect immediately")
    before = lab.lines
    lab.sheet.value = sheet
    assert lab.status.startswith(("Not done. Paste a sentence", "Not done. That is too much"))
    assert lab.lines is before


def test_a_very_long_sentence_is_cut_in_the_picture():
    lab = SheetLab("Keys " + "and keys " * 300)
    assert 'height="498"' in lab.picture.svg


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.id)
def test_the_call_of_every_claim_can_be_opened(claim):
    call = Finding.of(claim).call
    if call is not None:
        assert quarrels(opened(call, canvas=LAB, part=CALL).svg) == []
