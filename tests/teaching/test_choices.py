import pytest

from kms_teach.teaching.choices import controls, fill, given, so_far
from kms_teach.teaching.question import OPEN
from tests.teaching import sat

FAMILIES = [sat.one("one", "S3"), sat.several(), sat.ordering(), sat.matching()]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.format)
def test_what_was_chosen_can_be_chosen_again_and_taken_away(family):
    question = family.question(1)
    chosen = controls(question)
    assert so_far(question, chosen) is None
    for answer in (sat.right(question), sat.wrong(question)):
        fill(question, chosen, answer)
        assert so_far(question, chosen) == given(question, chosen) == answer
    fill(question, chosen, None)
    assert so_far(question, chosen) is None
    with pytest.raises(ValueError, match=r"first$"):
        given(question, chosen)


@pytest.mark.parametrize("family", FAMILIES[2:], ids=lambda family: family.format)
def test_half_an_answer_is_known_as_such(family):
    question = family.question(1)
    chosen = controls(question)
    fill(question, chosen, (2, OPEN, OPEN))
    assert so_far(question, chosen) == (2, OPEN, OPEN)
    with pytest.raises(ValueError, match="choose"):
        given(question, chosen)
