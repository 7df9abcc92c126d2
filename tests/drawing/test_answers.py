import pytest

from kms_teach.drawing.answers import NO_MESSAGE, WHOSE, eye, outcome, refusal
from kms_teach.drawing.svg import Drawing
from tests.drawing.drawn import quarrels, words

MESSAGE = (
    "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: kms:Decrypt on this resource because no "
    "resource-based policy allows the kms:Decrypt action"
)


def drawn(part, width=704):
    d = Drawing("a", "t", "d", height=600)
    part.draw(d, 28, 100, width)
    return d.svg()


@pytest.mark.parametrize(("allowed", "mark", "word"), [(True, "allowed", "Allowed"), (False, "denied", "Denied")])
def test_an_outcome_is_a_mark_and_a_word(allowed, mark, word):
    svg = drawn(outcome(allowed))
    assert f"#a-{mark}" in svg
    assert words(svg)[-1].text == word
    assert words(drawn(outcome(allowed, "opened it")))[-1].text == "opened it"


@pytest.mark.parametrize(("can_read", "mark", "word"), [(True, "sees", "yes"), (False, "blind", "no")])
def test_an_eye_is_open_or_closed_and_says_which(can_read, mark, word):
    svg = drawn(eye(can_read))
    assert f"#a-{mark}" in svg
    assert words(svg)[-1].text == word


@pytest.mark.parametrize("code", ["AccessDeniedException", "KMSInvalidStateException" * 3])
@pytest.mark.parametrize("space", [704, 504, 340])
def test_an_error_is_shown_whole_in_awss_words_and_marked_so(space, code):
    part = refusal(code, MESSAGE, "Denied")
    svg = drawn(part, space)
    said = words(svg)[1:]
    assert "".join(f"Denied: {code}{MESSAGE}".split()) in "".join(w.text for w in said if w.text != WHOSE).replace(
        " ", ""
    )
    assert WHOSE in [w.text for w in said]
    assert quarrels(svg) == []
    assert all(w.left > 28 and w.right < 28 + space and w.top > 100 and w.foot < 100 + part.height(space) for w in said)


def test_an_error_without_a_message_says_so():
    assert NO_MESSAGE in [w.text for w in words(drawn(refusal("InvalidCiphertextException", "")))]


def test_the_place_of_an_answer_can_be_kept():
    assert refusal("DisabledException", "x", least=146).height(340) == 146
