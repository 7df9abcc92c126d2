"""The teacher's board in a browser: by keyboard, light and dark, on a phone, and brought up to date where it stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.jupyter import Lab, axe_source
from tests.classroom.conftest import Class, teaching

NAMES = ("Alice", "Bartholomew Featherstonehaugh-Cholmondeley")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Class]:
    with teaching(tmp_path / "names.db", NAMES) as room:
        yield room


def faults(page: Page) -> list[str]:
    found = page.evaluate("axe.run()")["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def test_the_board_is_opened_by_keyboard_reads_well_and_is_brought_up_to_date_under_the_focus(
    lab: Lab, room: Class
) -> None:
    alice, asked, seconds = room.account("Alice"), set(), [0]
    room.ready.pages.work.timer = lambda: seconds[0]
    for width, scheme in ((1366, "light"), (400, "dark")):
        context = lab.browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        page.on("request", lambda sent: asked.add(sent.url.partition("/_board")[0]))
        page.goto(f"{room.url}/_board")
        page.evaluate(axe_source())
        assert faults(page) == []
        page.keyboard.type("not this one")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("That is not the token.")
        page.keyboard.type(room.ready.pages.token)
        page.keyboard.press("Enter")
        row = page.get_by_role("row", name="Alice")
        expect(row).to_be_visible()
        assert room.ready.pages.token not in page.url
        page.evaluate(axe_source())
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        pause = page.get_by_role("button", name="Pause")
        page.keyboard.press("Tab")
        expect(pause).to_be_focused()

        alice.begin("key", "A_KEY_FOR_THE_PARTNER")
        page.evaluate("refresh()")
        expect(row).to_contain_text("not yet")
        key = alice.client("kms").create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
        alice.client("kms").get_public_key(KeyId=key)
        seconds[0] += 60
        page.evaluate("refresh()")  # nobody has pressed “Check”: the server looks by itself
        expect(row).to_contain_text("done")
        expect(row).to_contain_text("GetPublicKey")
        expect(pause).to_be_focused()

        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("Paused: the board stays as it is.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Token")).to_be_focused()
        context.close()
    assert asked == {room.url}
