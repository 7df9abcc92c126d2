"""Chapter 00 as a learner goes through it, by keyboard alone."""

import re

import pytest

from tests.browser.jupyter import Book

ALLOW = """policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}]}
sim.user("alice", policies=[policy]).client("kms").decrypt(CiphertextBlob=blob)["Plaintext"]"""


@pytest.fixture(scope="module")
def book(lab):
    """One visit for all: opening and running takes longer than all that is done in it."""
    opened = lab.open("00_start_here.ipynb")
    opened.run_all()
    yield opened
    opened.close()


def output(book: Book, words: str):
    """The output that holds these words."""
    return book.outputs.filter(has_text=words)


def focus(book: Book, area, role: str, name: str):
    """Move the focus to a control by Tab, from where the area begins."""
    control = area.get_by_role(role, name=name, exact=True)
    wanted = control.element_handle()
    book.page.evaluate("e => { const first = e.querySelector('button, input, select, summary'); first.focus(); }",
                       area.element_handle())  # fmt: skip
    for _ in range(20):
        if book.page.evaluate("e => document.activeElement === e", wanted):
            return control
        book.page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {role} `{name}`")


def status(area) -> str:
    """What the status line says, and announces."""
    return area.locator(".kms-status [role=status][aria-live=polite]").inner_text().strip()


def run_cell_again(book: Book, words: str) -> None:
    """Run the cell whose source holds these words once more, without the mouse."""
    cell = book.page.locator(".jp-CodeCell", has_text=words).first
    cell.locator(".cm-content").focus()
    book.page.keyboard.press("Control+Enter")
    book.page.wait_for_function(
        """() => ![...document.querySelectorAll(".jp-InputPrompt")].some(e => e.textContent.includes("*"))"""
    )
    book.settle()


def test_a_prediction_is_made_by_arrows_and_space_and_then_answered(book):
    area = output(book, "What does she get?")
    focus(book, area, "button", "Commit")
    before = book.cells()
    book.press("Enter")
    assert status(area) == "Not done. Choose one of the options first."
    area.get_by_role("radio", name="the plaintext").focus()
    book.press("Space")
    book.press("ArrowDown")
    book.press("ArrowDown")
    assert area.get_by_role("radio", name="InvalidCiphertextException").is_checked()
    book.press("ArrowUp")
    focus(book, area, "button", "Commit")
    book.press("Enter")
    assert status(area) == "You predict “AccessDeniedException”. Run the next cell to see what happens."
    assert area.get_by_role("radio", name="the plaintext").is_disabled()
    assert area.get_by_role("button", name="Commit").evaluate("e => document.activeElement === e")
    assert book.cells() == before
    run_cell_again(book, "guess.compare")
    assert "✓ Right. You predicted it: AccessDeniedException." in book.text()


def test_a_wrong_prediction_is_told_why_it_tempts(book):
    run_cell_again(book, "guess = Predict")
    area = output(book, "What does she get?")
    area.get_by_role("radio", name="the plaintext").focus()
    book.press("Space")
    focus(book, area, "button", "Commit")
    book.press("Space")
    run_cell_again(book, "guess.compare")
    answer = output(book, "Not this time").inner_text()
    assert "You predicted “the plaintext”; the answer is: AccessDeniedException." in answer
    assert "asks first who is calling" in answer
    assert "bytes were changed" not in answer


def test_the_calls_are_looked_through_with_the_arrow_keys(book):
    area = output(book, "Look again").first
    assert re.fullmatch(r"Call 5 of \d+\. Denied: no IAM policy of alice allows kms:Decrypt here\.", status(area))
    focus(book, area, "combobox", "Call")
    before = book.cells()
    book.press("ArrowUp")
    assert re.fullmatch(r"Call 4 of \d+\. Allowed: only ciphertext came back\.", status(area))
    drawing = area.get_by_role("img", name="Allowed: only ciphertext came back")
    assert "key material 1 of 1 encrypts" in drawing.locator(":scope:visible").text_content()
    book.press("Home")
    assert "CreateKey" in status(area)
    assert book.cells() == before


def test_ids_are_shown_when_ticked_and_the_table_stays_unfolded(book):
    area = output(book, "Look again").first
    shown = area.locator("table").text_content
    focus(book, area, "checkbox", "Show ids whole")
    area.locator("summary").focus()
    book.press("Enter")
    assert area.locator("table").is_visible()
    assert "key/…" in shown()
    focus(book, area, "checkbox", "Show ids whole")
    book.press("Space")
    assert "key/…" not in shown()
    assert area.locator("table").is_visible()


def test_the_task_gives_hints_one_by_one_and_sees_when_it_is_done(book):
    area = output(book, "Your task.")
    focus(book, area, "button", "Check")
    book.press("Enter")
    assert status(area).startswith("Not yet. The last Decrypt by alice was denied")
    for number in (1, 2, 3):
        area.get_by_role("button", name="hint").focus()
        book.press("Enter")
        assert f"Hint {number}." in area.inner_text()
        assert f"Hint {number + 1}." not in area.inner_text()
    cell = book.page.locator(".jp-CodeCell", has_text="# Your cell.").first
    cell.locator(".cm-content").focus()
    book.page.keyboard.press("Control+End")
    book.page.keyboard.insert_text("\n" + ALLOW)
    book.page.keyboard.press("Control+Enter")
    book.page.wait_for_function("""() => document.body.innerText.includes("b'Meet me at noon.'")""")
    focus(book, area, "button", "Check")
    book.press("Enter")
    assert status(area).startswith("Done. alice read what you had encrypted.")
    again = output(book, "Look again").first
    focus(book, again, "button", "Look again")
    book.press("Enter")
    assert re.fullmatch(r"Call (\d+) of \1\. Allowed: key material 1 of 1 opened it\.", status(again))


def test_the_map_shows_the_way_and_its_table_opens_by_keyboard(book):
    area = output(book, "The same as a table").last
    assert area.get_by_role("img", name="One question a chapter").is_visible()
    area.locator("summary").focus()
    book.press("Enter")
    assert "Where is the key, if I never see it?" in area.locator("table").inner_text()
