"""Chapter 00 as a learner goes through it, by keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.jupyter import PATIENCE, Book

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
    book.go("Commit", area=area)
    before = book.cells()
    book.press("Enter")
    book.says("Not done. Choose one of the options first.", area)
    area.get_by_role("radio", name="the plaintext").focus()
    book.press("Space")
    book.press("ArrowDown")
    book.press("ArrowDown")
    assert area.get_by_role("radio", name="InvalidCiphertextException").is_checked()
    book.press("ArrowUp")
    book.use("Commit", "Enter", area=area)
    book.says("You predict “AccessDeniedException”. What happened stands below.", area)
    assert area.get_by_role("radio", name="the plaintext").is_disabled()
    assert area.get_by_role("button", name="Commit").evaluate("e => document.activeElement === e")
    assert book.cells() == before
    expect(output(book, "✓ Right. You predicted it: AccessDeniedException.")).to_be_visible(timeout=PATIENCE)


def test_run_before_a_prediction_the_answer_is_closed_and_asked_for_it_opens(book):
    run_cell_again(book, "guess = Predict")
    run_cell_again(book, "guess.compare")
    area = output(book, "Your prediction is still open.")
    assert "AccessDeniedException" not in area.inner_text()
    book.use("Show it without a prediction", "Enter", area=area)
    shown = output(book, "You made no prediction. The answer is: AccessDeniedException.")
    expect(shown).to_be_visible(timeout=PATIENCE)
    book.use("Fold it away", "Enter", area=shown)
    expect(output(book, "Your prediction is still open.")).to_be_visible(timeout=PATIENCE)


def test_a_wrong_prediction_is_told_why_it_tempts(book):
    run_cell_again(book, "guess = Predict")
    area = output(book, "What does she get?")
    area.get_by_role("radio", name="the plaintext").focus()
    book.press("Space")
    book.use("Commit", area=area)
    run_cell_again(book, "guess.compare")
    answer = output(book, "Not this time").inner_text()
    assert "You predicted “the plaintext”; the answer is: AccessDeniedException." in answer
    assert "asks first who is calling" in answer
    assert "bytes were changed" not in answer


def test_the_calls_are_looked_through_with_the_arrow_keys(book):
    area = output(book, "Look again").first
    book.says("Denied: no IAM policy of alice allows kms:Decrypt here.", area)
    book.go("Call", area=area)
    before = book.cells()
    book.press("ArrowUp")
    book.says("Allowed: only ciphertext came back.", area)
    drawing = area.get_by_role("img", name="Allowed: only ciphertext came back")
    assert "key material 1 of 1 encrypts" in drawing.locator(":scope:visible").text_content()
    book.press("Home")
    book.says("CreateKey", area)
    assert book.cells() == before


def test_ids_are_shown_when_ticked_and_the_table_stays_unfolded(book):
    area = output(book, "Look again").first
    shown = area.locator("table").text_content
    area.locator("summary").focus()
    book.press("Enter")
    assert area.locator("table").is_visible()
    assert "key/…" in shown()
    book.use("Show ids whole", area=area)
    assert "key/…" not in shown()
    expect(area.locator("table")).to_be_visible(timeout=PATIENCE)


def test_the_task_gives_hints_one_by_one_and_sees_when_it_is_done(book):
    area = output(book, "Your task.").first
    book.use("Check", "Enter", area=area)
    book.says("Not yet. The last Decrypt by alice was denied", area)
    for number in (1, 2, 3):
        area.get_by_role("button", name="hint").focus()
        book.press("Enter")
        expect(area).to_contain_text(f"Hint {number}.")
        assert f"Hint {number + 1}." not in area.inner_text()
    cell = book.page.locator(".jp-CodeCell", has_text="# Your cell.").first
    cell.locator(".cm-content").focus()
    book.page.keyboard.press("Control+End")
    book.page.keyboard.insert_text("\n" + ALLOW)
    book.page.keyboard.press("Control+Enter")
    book.page.wait_for_function("""() => document.body.innerText.includes("b'Meet me at noon.'")""")
    book.use("Check", "Enter", area=area)
    book.says("Done. alice read what you had encrypted.", area)
    again = output(book, "Look again").first
    book.use("Look again", "Enter", area=again)
    book.says("Allowed: key material 1 of 1 opened it.", again)


def test_the_map_shows_the_way_and_its_table_opens_by_keyboard(book):
    area = output(book, "The same as a table").last
    assert area.get_by_role("img", name="One question a chapter").is_visible()
    area.locator("summary").focus()
    book.press("Enter")
    assert "Where is the key, if I never see it?" in area.locator("table").inner_text()
