"""A mock exam of five questions by keyboard alone: the tab is closed in the middle, and the kernel restarted."""

import json
import re

from playwright.sync_api import expect

from tests.browser.jupyter import Book, Lab

SOURCE = """
import os
from datetime import UTC, datetime

os.environ["KMS_TEACH_PROGRESS"] = {folder!r}
from kms_teach.teaching import MockExam, progress

progress.mine().now = lambda: datetime(2026, 3, 1, tzinfo=UTC)  # however slow the machine is, no time passes
MockExam()"""
IN_SIGHT = """id => {
    const book = document.querySelector(".jp-NotebookPanel:not(.lm-mod-hidden)");
    const heading = id ? book?.querySelector(`[data-jupyter-id="${CSS.escape(id)}"]`) : book?.querySelector("h1");
    return heading && heading.getBoundingClientRect().top >= 0 && heading.getBoundingClientRect().top < 400;
}"""


def answer(book: Book) -> None:
    """Answer the question that is shown, whatever its format, by keys."""
    (controls,) = book.controls()
    names = [control.name for control in controls]
    for at, control in enumerate(controls[: names.index("Next question")], 1):
        if at > 1 and control.role == "checkbox":
            break
        book.focus(control)
        if control.role == "combobox":
            for _ in range(at):
                book.press("ArrowDown")
        else:
            book.press("Space")


def restart(lab: Lab, book: Book) -> None:
    """Close the tab, and let the kernel begin anew."""
    book.page.close()
    (kernel,) = [each["kernel"]["id"] for each in lab.api("sessions") if each["path"] == book.path]
    lab.api(f"kernels/{kernel}/restart", "POST")


def test_a_mock_exam_goes_on_after_a_closed_tab_and_a_restarted_kernel(lab: Lab, tmp_path) -> None:
    book = lab.scratch(SOURCE.format(folder=str(tmp_path)), width=1366, height=657, shell="lab")
    book.run_all()
    book.use("5")
    book.use("Begin")
    book.says("Question 1 of 5; 0 answered.")
    expect(book.page.get_by_role("timer", name="Time")).to_have_text(re.compile(r"^\d+:\d\d left$"))
    for number in (1, 2):
        answer(book)
        book.says(f"Question {number} of 5; {number} answered.")
        book.use("Next question")
        book.says(f"Question {number + 1} of 5")  # a question's controls are there when this is said
    book.use("Flag it, to come back")
    book.says("Question 3 of 5; 2 answered, 1 flagged.")
    assert book.axe() == []
    restart(lab, book)

    book = lab.open(book.path, width=1366, height=657, shell="lab")
    book.run_all()
    book.taken()
    book.says("Your mock exam for SCS-C03 is not finished: 2 of 5 questions are answered, and 13 minutes are left.")
    book.use("Go on")
    book.says("Question 3 of 5; 2 answered, 1 flagged.")
    for number in (3, 4):
        answer(book)
        book.says(f"{number} answered, 1 flagged.")
        book.use("Next question")
        book.says(f"Question {number + 1} of 5")
    book.use("Show the clock")
    expect(book.page.get_by_role("timer", name="Time")).to_have_text("")
    book.use("Hand in")
    book.says("1 question is open, and what is open is wrong.")
    book.use("Hand in")
    book.says("of 5 are right. The next pages have each question.")
    expect(book.page.locator(":focus")).to_have_text("Next question")  # “Hand in” is gone, and the focus stays here
    expect(book.page.locator(".kms-teach svg[role=img]:visible > title").first).to_contain_text("of 5 right")
    book.use("Previous question")
    book.says("Not right. Question 5 of 5.")
    assert book.errors() == book.overflow() == book.axe() == []
    assert book.taken() == []
    goes_to_its_section(book)
    book.close()


def goes_to_its_section(book: Book) -> None:
    """Follow the link to what should be read again: its notebook opens beside this one, at the section."""
    link = book.page.locator(".kms-teach a[data-commandlinker-args]").first
    to = json.loads(link.get_attribute("data-commandlinker-args"))
    link.focus()
    book.page.keyboard.press("Enter")
    book.page.wait_for_function(IN_SIGHT, arg=to["id"][1:])
    assert to["path"] in book.page.locator(".lm-TabBar-tab.jp-mod-current").inner_text()
    for session in book.lab.api("sessions"):
        if session["path"] == to["path"]:
            book.lab.api(f"sessions/{session['id']}", "DELETE")
