"""What `teaching/keyboard.js` does for every control of every lab on a page."""

import pytest
from playwright.sync_api import expect

from tests.browser.jupyter import PATIENCE

LABS = """
from kms_teach.chapters.start.legend import legend
from kms_teach.teaching import Lab, button, choice, number, slider, stops, text, tick, upload

def make(label):
    size, stop = slider(f"{label} size", 1, 9, 5), stops(f"{label} stops", ["1 KB", "4 KB"])
    who, long = choice(f"{label} who", ["alice", "bob"]), choice(f"{label} list", list("abcdef"))
    others = [number(f"{label} days", 7, 30, 7), text(f"{label} words"), text(f"{label} policy", rows=2)]
    lab = Lab([size, stop, who, long, *others, tick(f"{label} tick"), upload(f"{label} file"), button(f"{label} go")], label)
    lab.on(size, lambda: lab.show(legend(), f"{size.value} bytes."))
    lab.on(lab.controls[-1], lambda: int("x"))
    lab.show(legend(), "Ready.")
    return lab
first = make("First")
first
"""


@pytest.fixture(scope="module")
def book(lab):
    opened = lab.scratch(LABS, "make('Second')", "first")
    opened.run_all()
    yield opened
    opened.close()


def test_two_labs_and_a_second_view_of_one_are_all_named(book):
    areas = book.controls()
    assert len(areas) == 3
    for area, label in zip(areas, ["First", "Second", "First"], strict=True):
        names = [control.name for control in area]
        assert all(names)
        assert f"{label} size" in names
        assert f"{label} stops" in names
        assert f"{label} size, typed" in names


def test_axe_finds_nothing_wrong_in_either_theme(book):
    found = book.axe()
    book.theme("dark")
    found += book.axe()
    book.theme("light")
    assert found == []


def test_a_slider_tells_its_value_in_words(book):
    stop = book.page.get_by_role("slider", name="First stops").first
    stop.focus()
    book.press("End")
    expect(stop).to_have_attribute("aria-valuetext", "4 KB", timeout=PATIENCE)


def test_letters_and_arrows_stay_with_the_control(book):
    area = book.outputs.nth(1)
    go = area.get_by_role("button", name="Second go")
    go.focus()
    before = book.cells()
    for key in ("a", "b", "x", "ArrowDown"):
        book.press(key)
    assert book.cells() == before
    chosen = area.get_by_role("combobox", name="Second list")
    chosen.focus()
    book.press("ArrowDown")
    assert chosen.evaluate("e => e.selectedOptions[0].text") == "b"
    assert book.cells() == before


def test_the_pressed_button_of_a_group_says_so(book):
    group = book.outputs.nth(1).get_by_role("group", name="Second who")
    group.get_by_role("button", name="bob").focus()
    book.press("Space")
    pressed = {b.inner_text(): b.get_attribute("aria-pressed") for b in group.get_by_role("button").all()}
    assert pressed == {"alice": "false", "bob": "true"}


def test_status_is_announced_and_a_mistake_says_so_in_words(book):
    area = book.outputs.nth(1)
    said = area.locator(".kms-status [role=status][aria-live=polite]")
    assert said.count() == 1
    line = said.element_handle()
    area.get_by_role("button", name="Second go").focus()
    book.press("Enter")
    assert said.inner_text().strip().startswith("Not done. Invalid literal for int()")
    assert line.evaluate("e => e.isConnected"), "a live region that is replaced is not announced"


def test_a_table_stays_unfolded_when_the_picture_is_drawn_again(book):
    area = book.outputs.nth(1)
    area.locator("summary").focus()
    book.press("Enter")
    area.get_by_role("slider", name="Second size").focus()
    book.press("ArrowRight")
    assert "6 bytes." in area.inner_text()
    assert area.locator("table").is_visible()


def test_a_narrow_place_gets_the_narrow_drawing(book):
    area = book.outputs.nth(1)

    def shown():
        return [area.locator(f".kms-{size} > svg").evaluate("e => e.checkVisibility()") for size in ("wide", "narrow")]

    assert shown() == [True, False]
    book.width(520)
    narrow = shown()
    book.width(1280)
    assert narrow == [False, True]


def test_the_last_lab_to_go_takes_the_observer_with_it(book):
    assert book.page.evaluate("() => window.kmsTeach.views") == 3
    book._command("notebook:clear-all-cell-outputs")
    book.page.wait_for_function("() => window.kmsTeach.views === 0")


ASK = """from kms_teach.teaching import Predict, Prediction, Quiz
first, second = (Prediction(words, {"one": "No.", "two": ""}) for words in ("Which?", "And now?"))
"""


def test_the_arrows_stay_within_one_question(scratch):
    book = scratch(f"{ASK}Predict(first)", "Predict(first)")
    book.outputs.nth(0).get_by_label("one").focus()
    chosen = []
    for _ in range(3):
        book.press("ArrowDown")
        chosen += [radio.is_checked() for radio in book.page.get_by_role("radio").all()]
    assert chosen == [False, True, False, False, True, False, False, False, False, True, False, False]
    assert book.cells() == (2, 0)


def test_a_quiz_is_answered_and_goes_on_without_a_mouse(scratch):
    book = scratch(f'{ASK}Quiz("stolen-disk", "both-sides", "who-ends-a-grant", "envelope-steps")')
    book.page.get_by_label("credentials, and the ARN of the KMS key").focus()
    book.press("Space")
    book.use("Answer", "Enter")
    book.says("Not this time. Decrypt was refused: AccessDeniedException. An ARN is a name and no secret.")
    book.use("Next question", "Enter")
    expect(book.page.locator(".kms-words")).to_contain_text("2 of 4. A role of account")
    for words in ("a statement of the key policy", "an IAM policy of the role"):
        book.page.get_by_label(words).focus()
        book.press("Space")
    book.use("Answer", "Enter")
    book.says("Right. “an IAM policy of the role in account 444455556666”: Without it: Decrypt was refused")
    book.use("Next question", "Enter")
    for words, match in (("the retiring", "RetireGrant"), ("a user whose", "RevokeGrant"), ("the grantee", "neither")):
        book.page.get_by_label(words).focus()
        book.page.keyboard.type(match)
    book.use("Answer", "Enter")
    book.says("Right.")
    book.use("Next question", "Enter")
    assert book.axe() == []
    for place, step in (("First", "read"), ("Second", "call"), ("Third", "decrypt"), ("Fourth", "discard")):
        book.page.get_by_label(place).focus()
        book.page.keyboard.type(step)
    book.use("Answer", "Enter")
    book.says("Right. It works")
    assert book.axe() == []


def test_two_boxes_that_scroll_may_have_the_same_name(scratch):
    picture = "from kms_teach.drawing.picture import Picture, table\n"
    picture += 'svg = \'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 90"/>\'\n'
    picture += "Picture('A title', 'And what is drawn.', svg, table=table(['a'], [['b']]))"
    book = scratch(picture, picture.splitlines()[-1])
    for details in book.page.locator("details").all():
        details.locator("summary").click()
    assert book.axe() == []
