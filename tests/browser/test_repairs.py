"""The lab of repairs: a hint goes into the learner's cell, and a repair is finished in JupyterLab's terminal."""

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.jupyter import PATIENCE, Book, Lab

LAB = """from kms_teach import Simulator
from kms_teach.repairs.lab import RepairsLab
sim = Simulator(start="2026-01-01T00:00:00Z")
lab = RepairsLab(sim)
lab"""
OWN = "# Your cell"
IN_TERMINAL = """
key=$(aws kms describe-key --key-id alias/payroll --query KeyMetadata.KeyId --output text)
aws kms cancel-key-deletion --key-id $key; aws kms enable-key --key-id $key
aws iam put-user-policy --user-name trainee --policy-name none --policy-document '{"Version": "2012-10-17", \
"Statement": [{"Effect": "Deny", "Action": "kms:ScheduleKeyDeletion", "Resource": "*"}]}'
touch finished
"""
FINISHED = """async token => {  // the file that the last line makes is there, or a minute has gone
    const headers = {Authorization: `token ${token}`}, files = () => fetch("/api/contents/?content=1", {headers});
    for (const end = Date.now() + 60000; Date.now() < end; await new Promise(done => setTimeout(done, 200))) {
        if ((await (await files()).json()).content.some(file => file.name === "finished")) return true;
    }
    return false;
}"""
SOURCE = "n => window.jupyterapp.shell.currentWidget.content.widgets[n].model.sharedModel.getSource()"


@pytest.fixture
def book(lab: Lab) -> Iterator[Book]:
    with contextlib.closing(lab.scratch(LAB, OWN, width=1366, height=900, shell="lab")) as opened:
        opened.run_all()
        yield opened


def test_a_hint_is_put_into_the_next_cell_by_keyboard_and_run_there(book: Book) -> None:
    book.use("Put it into a cell")
    book.says("Not done. There is no hint yet")
    for number in (1, 2, 3):
        book.use("Show a hint")
        book.says(f"Hint {number} of 3")
    book.use("Put it into a cell")
    expect(book.page.locator(".jp-CodeCell").nth(1)).to_contain_text("cancel_key_deletion", timeout=PATIENCE)
    book.says("It stands in the next cell, and so does the cursor")
    source = book.page.evaluate(SOURCE, 1)
    assert source.splitlines()[:2] == [OWN, "import json"]
    assert source.endswith('Statement": [deny]}))')
    book.page.keyboard.press("Shift+Enter")
    book.settle()
    assert book.errors() == []
    book.use("Check")
    book.says("Done. Saved: payroll works")


def test_a_repair_is_finished_with_the_aws_command_in_the_terminal(book: Book) -> None:
    book.use("Work in the terminal")
    book.says("Paste a line from above the ticket")
    line = book.page.locator(".kms-teach pre code").first.inner_text()
    assert ':$PATH; eval "$(kms-teach env --url http://127.0.0.1:' in line
    notebook = book.page.evaluate("() => window.jupyterapp.shell.currentWidget.id")
    book.page.evaluate("() => window.jupyterapp.commands.execute('terminal:create-new').then(() => null)")
    typed = book.page.locator(".jp-Terminal textarea")
    typed.wait_for(state="attached")
    typed.focus()
    for each in [line, *IN_TERMINAL.strip().splitlines()]:
        book.page.keyboard.insert_text(each)
        book.page.keyboard.press("Enter")
    assert book.page.evaluate(FINISHED, book.lab.token)
    book.page.evaluate("id => window.jupyterapp.shell.activateById(id)", notebook)
    book.use("Check")
    book.says("Done. Saved: payroll works")
