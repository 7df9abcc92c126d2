import re

import pytest
from botocore.exceptions import ClientError

from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.errors import MalformedPolicyDocumentException, StoreError
from kms_teach.teaching import Lab, button, choice, slider, stops
from kms_teach.teaching.keyboard import Keyboard
from kms_teach.teaching.lab import ADVICE, OTHERWISE


def picture(title="A picture", narrow=False):
    wide = Drawing("p", title, "What it shows.", height=100).svg()
    small = Drawing("p-narrow", title, "What it shows.", height=100, width=380).svg() if narrow else None
    return Picture(title, "What it shows.", wide, small, table(["a"], [["b"]]))


@pytest.fixture
def press():
    return button("Do it")


@pytest.fixture
def lab(press):
    return Lab([press], "A lab")


def test_the_status_stands_above_the_controls_and_both_before_the_picture(lab, press):
    bench, keyboard = lab.children
    side, view = bench.children
    line, row = side.children
    assert (view, row.children, line) == (lab._view, (press,), lab._line)
    assert isinstance(keyboard, Keyboard)
    assert keyboard.layout.display == "none"


def test_show_changes_picture_and_status_and_say_the_status_alone(lab):
    lab.show(picture("First"), "One.")
    assert ("First" in lab._view.value, lab.status) == (True, "One.")
    lab.say("Two.")
    assert ("First" in lab._view.value, lab.status) == (True, "Two.")
    lab.show(picture("Second"), "Three.")
    assert ("Second" in lab._view.value, lab.status) == (True, "Three.")


def test_a_mistake_is_told_by_a_word_and_a_mark_and_success_by_others(lab):
    lab.say("Give a smaller number.", mistake=True)
    assert lab.status == "Not done. Give a smaller number."
    assert "<svg" in lab._line.value
    cross = lab._line.value.partition("<strong>")[0]
    lab.say("It is.", word="Done")
    assert lab.status == "Done. It is."
    assert lab._line.value.partition("<strong>")[0] not in ("", cross)
    lab.say("Plain.")
    assert lab._line.value == "Plain."


def test_what_is_said_is_words_never_markup_but_for_code_in_backticks(lab):
    lab.say("`<b>` & <i>this</i>\x00")
    assert lab._line.value == "<code>&lt;b&gt;</code> &amp; &lt;i&gt;this&lt;/i&gt;\ufffd"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ValueError("give a smaller number"), "Not done. Give a smaller number."),
        (ValueError(""), "Not done. ValueError."),
        (StoreError("the file is in use: close the other"), "Not done. The file is in use: close the other."),
        (MalformedPolicyDocumentException("No."),
         f"Refused. `MalformedPolicyDocumentException`: No. {ADVICE['MalformedPolicyDocumentException']}"),
        (ClientError({"Error": {"Code": "OddException", "Message": ""}}, "Encrypt"),
         f"Refused. `OddException`. {OTHERWISE}"),
    ],
)  # fmt: skip
def test_an_error_is_answered_in_the_status_line_in_a_sentence(lab, press, error, status):
    def fail():
        raise error

    lab.on(press, fail)
    press.click()
    assert lab.status == status


def test_a_denial_is_told_in_the_words_of_aws_with_what_to_do(lab, press, sim, key):
    stranger = sim.user("alice").client("kms")
    lab.on(press, lambda: stranger.describe_key(KeyId=key))
    press.click()
    assert lab.status.startswith("Denied. `AccessDeniedException`: User: arn:aws:iam::111122223333:user/alice is not")
    assert lab.status.endswith(ADVICE["AccessDeniedException"])


def test_what_the_client_itself_refuses_is_a_sentence_too(lab, press, kms):
    lab.on(press, lambda: kms.encrypt(KeyId=5, Plaintext=b"x"))
    press.click()
    assert lab.status.startswith("Not done. Parameter validation failed: Invalid type for parameter KeyId")


def test_a_bug_of_ours_is_not_hidden(lab):
    with pytest.raises(KeyError):
        lab.act(lambda: {}["missing"])()


def test_a_slow_act_says_first_what_it_does(lab, press):
    heard = []
    lab.on(press, lambda: heard.append(lab.status), meanwhile="Making a key …")
    press.click()
    assert heard == ["Making a key …"]


def test_another_control_acts_when_its_value_changes():
    size = slider("Size", 1, 10, 5)
    lab = Lab([size], "A lab")
    lab.on(size, lambda: lab.say(f"{size.value} bytes."))
    size.value = 7
    assert lab.status == "7 bytes."


def test_its_bundle_has_facts_the_picture_and_a_note_and_is_the_same_for_two_labs(press):
    bundles = []
    for _ in range(2):
        lab = Lab([press], "A lab")
        lab.show(picture(), "Shown.")
        bundles.append(lab._repr_mimebundle_())
    first, second = bundles
    assert first["text/plain"] == second["text/plain"] == "A lab: A picture"
    assert first["text/html"] == second["text/html"]
    assert first["text/html"].startswith(picture().html())
    assert "Run the notebook to use the controls: Do it." in first["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in first


def test_a_lab_without_a_picture_yet_still_says_what_it_is(lab):
    assert lab._repr_mimebundle_()["text/plain"] == "A lab"
    assert "<p>A lab</p>" in lab._repr_mimebundle_()["text/html"]


def test_the_live_picture_has_ids_of_its_own_and_keeps_its_data():
    labs = [Lab([], "A lab") for _ in range(2)]
    found = []
    for lab in labs:
        lab.show(picture(narrow=True))
        page = lab._view.value
        ids = re.findall(r'\bid="([^"]+)"', page)
        named = re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', page)
        assert len(ids) == len(set(ids)) > 3
        assert set(named) <= set(ids)
        assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', page)) <= set(ids)
        assert "The same as a table" in page
        found += ids
    assert len(found) == len(set(found))


def test_a_picture_without_a_narrow_form_stands_in_a_box_that_scrolls(lab):
    lab.show(picture())
    assert 'role="group" tabindex="0" aria-label="A picture"' in lab._view.value
    lab.show(picture("Another", narrow=True))
    assert 'class="kms-wide"' in lab._view.value
    assert 'class="kms-narrow"' in lab._view.value


def test_what_a_lab_sets_itself_does_not_act_and_what_a_learner_sets_does():
    size, heard = slider("Size", 1, 10, 5), []
    lab = Lab([size], "A lab")
    lab.on(size, lambda: heard.append(size.value))
    with lab.filling():
        size.value = 7
        with lab.filling():
            size.max = 6
        size.value = 3
    assert heard == []
    size.value = 4
    assert heard == [4]


@pytest.mark.parametrize(("options", "kept"), [(["c", "b"], "b"), (["c", "d"], "c")])
def test_a_list_that_is_refilled_keeps_what_was_chosen_while_it_is_there(options, kept):
    words, heard = choice("Word", ["a", "b"], "b", listed=True), []
    lab = Lab([words], "A lab")
    lab.on(words, lambda: heard.append(words.value))
    lab.refill(words, [(word, word) for word in options])
    assert (words.value, heard) == (kept, [])


def test_a_place_in_a_picture_sets_its_control_as_far_as_that_goes():
    size, word, heard = slider("Size", 1, 10, 5), stops("Word", ["a", "b", "c"]), []
    lab = Lab([size, word], "A lab")
    lab.on(size, lambda: heard.append(size.value))
    for count, (value, set_to) in enumerate([(7, 7), (99, 10), (-3, 1)]):
        lab._keyboard.pointed = ["Size", value, count]
        assert size.value == set_to
    lab._keyboard.pointed = ["Word", 2, 9]
    assert (word.value, heard) == ("c", [7, 10, 1])
