"""Facts and words of this chapter's pictures."""

from itertools import pairwise

import pytest

from kms_teach.chapters.notes.bar import spans
from kms_teach.chapters.notes.ledger import Ledger, ledger
from kms_teach.chapters.notes.note import NEWER, NOTE
from kms_teach.chapters.notes.page import NotesFacts, notes_page
from kms_teach.chapters.notes.pasted import claims, tried
from kms_teach.chapters.notes.row import HIGH, NOT_KNOWN, Opened, row
from kms_teach.drawing.look import LAB
from kms_teach.inspect.claim import DEPENDS, TRUE, VERDICTS, WRONG, Finding
from kms_teach.keys.ownership import LAUNCH, READ_ON
from tests.drawing.drawn import quarrels


@pytest.fixture(scope="module")
def lines():
    return tried(*NOTE)


def test_the_ledger_s_title_counts_what_was_right_then_and_is_today(lines):
    assert ledger(Ledger.of(lines, 2019)).title == "In 2019 this sheet had 13 of 19 lines right, today 7"
    assert ledger(Ledger.of(lines, 2026)).title == "In 2026 this sheet had 7 of 19 lines right, today 7"


def test_the_ledger_tells_every_line_in_words_and_in_a_table(lines):
    picture = ledger(Ledger.of(lines))
    assert picture.table.header == ("sentence", "right in 2019", "today", "what is so", "source")
    assert len(picture.table.rows) == len(NOTE)
    rotation = next(row for row in picture.table.rows if "1,095" in row[0])
    assert rotation[1:3] == ("yes", "true until May 2022")
    assert all(f"{finding.claim.sentence} {finding.words}." in picture.alt for finding in lines)


@pytest.mark.parametrize(("findings", "year"), [((), 2019), (None, 2013), (None, 2027)])
def test_a_ledger_without_lines_or_of_no_year_of_kms_is_none(lines, findings, year):
    with pytest.raises(ValueError, match=r"ledger|choose a year"):
        Ledger.of(lines if findings is None else findings, year)


def test_the_spans_of_a_line_are_the_years_of_kms_without_a_gap(lines):
    for finding in (*lines, *tried(*NEWER)):
        told = list(spans(finding))
        assert (told[0].since, told[-1].until) == (LAUNCH, READ_ON)
        assert all(before.until == after.since for before, after in pairwise(told))
    by_claim = {finding.claim.id: [span.state for span in spans(finding)] for finding in lines}
    assert by_claim["managed-three-years"] == [TRUE, WRONG]
    assert by_claim["two-kinds"] == [WRONG, TRUE]
    assert by_claim["one-region"] == [TRUE, DEPENDS]
    assert by_claim["big-data"] == [WRONG]


@pytest.fixture(scope="module")
def everything():
    return tuple(Finding.of(claim) for claim in claims())


def test_no_words_of_a_row_overlap_or_leave_the_card_and_all_rows_are_as_high(everything):
    for finding in everything:
        for said in ("", VERDICTS[2]):
            picture = row(Opened(finding.claim.sentence, finding, said), canvas=LAB, least=HIGH)
            for svg in (picture.svg, picture.narrow):
                assert quarrels(svg) == [], picture.title
            assert f'height="{HIGH}"' in picture.svg, finding.claim.id


def test_no_words_of_the_ledger_and_of_the_page_overlap_or_leave_the_card(lines):
    for picture in (ledger(Ledger.of(lines)), notes_page(NotesFacts.of(lines))):
        for svg in (picture.svg, picture.narrow):
            assert quarrels(svg) == [], picture.title


def test_a_row_tells_what_was_said_and_every_case(lines):
    finding = next(each for each in lines if each.claim.id == "four-kb")
    picture = row(Opened(finding.claim.sentence, finding, TRUE))
    assert picture.title == "This line holds in some cases, and not in all"
    assert "You said: true." in picture.alt
    assert [cells[1] for cells in picture.table.rows] == ["holds", "holds", "does not hold"]
    assert "right" in row(Opened(finding.claim.sentence, finding, DEPENDS)).svg
    assert "`" not in row(Opened.of(lines[0])).svg
    assert repr(picture) == "Encrypt takes up to 4 KB of data. depends"


def test_a_row_before_its_run_tells_nothing_and_one_that_is_unknown_says_so(lines):
    finding = lines[0]
    covered = row(Opened(finding.claim.sentence))
    assert finding.words not in covered.svg + covered.alt
    assert covered.table is None
    unknown = row(Opened("Cats are grey.", known=False))
    assert unknown.title == "Not known here"
    assert NOT_KNOWN in unknown.alt


def test_the_page_has_one_sentence_of_each_fate(lines):
    facts = NotesFacts.of(lines)
    assert {finding.verdict for finding in facts.findings} == set(VERDICTS)
    with pytest.raises(ValueError, match="none is `never true`"):
        NotesFacts.of([finding for finding in lines if finding.verdict != WRONG])
