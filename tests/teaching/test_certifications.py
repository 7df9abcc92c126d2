from datetime import date

import pytest

from kms_teach.teaching.certifications import CERTIFICATIONS, EVERY, MOCK, certification
from kms_teach.teaching.question import SUBJECTS


@pytest.mark.parametrize("exam", CERTIFICATIONS, ids=lambda exam: exam.code)
def test_the_weights_make_one_mock_exam_of_known_subjects(exam):
    assert sum(exam.weights.values()) == MOCK
    assert set(exam.weights) <= set(SUBJECTS)
    assert all(weight > 0 for weight in exam.weights.values())


def test_ordering_and_matching_are_asked_where_aws_asks_them():
    assert {exam.code for exam in CERTIFICATIONS if exam.formats == EVERY} == {"SCS-C03"}


@pytest.mark.parametrize(("code", "day", "over"), [
    ("SAP-C02", date(2026, 11, 17), False), ("SAP-C02", date(2026, 11, 18), True), ("SAP-C03", date(2030, 1, 1), False),
    ("DVA-C02", date(2026, 11, 30), False), ("DVA-C02", date(2026, 12, 1), True),
])  # fmt: skip
def test_an_exam_is_over_after_its_last_day(code, day, over):
    assert certification(code).over(day) is over
    assert certification(code).standing(day).startswith(f"{code} is over: its last day was ") is over


def test_what_is_not_known_is_said():
    standing = certification("DVA-C02").standing(date(2026, 11, 1))
    assert standing == (
        "The last day of DVA-C02 is 30 Nov 2026. Not known for certain: that day, since AWS has also given 1 Dec."
    )
    assert "its first day" in certification("DVA-C03").standing(date(2026, 11, 1))
    assert certification("SCS-C03").standing(date(2026, 11, 1)) == ""


def test_a_code_is_known_in_small_letters_and_an_unknown_one_is_told_which_there_are():
    assert certification("scs-c03").code == "SCS-C03"
    with pytest.raises(KeyError, match="choose from CLF-C02, SAA-C03"):
        certification("SCS-C99")
