"""A chapter that is saved, closed and opened again, with and without the kernel it had."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.jupyter import PATIENCE

LOST = "Error displaying widget"


@pytest.fixture(scope="module")
def name():
    return "02_encrypt_4kb.ipynb"


def test_reproduce(lab, name):
    book = lab.open(name)
    book.page.on("console", lambda m: print("console", m.text[:300]))
    book.run_all()
    book.page.wait_for_timeout(1500)
    print(
        book.page.evaluate(
            "()=>[...document.querySelectorAll('.kms-place')].map(e=>[e.className, e.closest('.jp-OutputArea-child').children.length, e.checkVisibility()])"
        )
    )
    book.screenshot("/tmp/reopen/live.png")
    print(book.text()[:2000])
    book._command("docmanager:save")
    book.close()
    book = lab.open(name)
    book.page.on("console", lambda m: print("console", m.text[:300]))
    book.settle()
    print(book.text()[:3000])
    print(book.errors())
    book.screenshot("/tmp/reopen/static.png")
    book.close()
    assert 0
