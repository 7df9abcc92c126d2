"""Every lab on a laptop: cause and effect in one view, and a control that keeps its place.

JupyterLab with its file browser on a screen of 1366 x 768, less the bars of a browser.
"""

import contextlib
from collections.abc import Iterator

import pytest

from tests.browser.jupyter import Book, Lab

SIM = "from kms_teach import Simulator\nsim = Simulator(start='2026-01-01T00:00:00Z')\n"
MADE = "kms = sim.client('kms')\n[kms.create_key() for _ in range(3)]\n"
LABS = {
    "limit": SIM + "from kms_teach.chapters.encrypt.lab import LimitLab\nLimitLab(sim)",
    "blob": SIM + "from kms_teach.chapters.encrypt.lab import BlobLab\nBlobLab(sim)",
    "call opened": SIM + MADE + "from kms_teach.teaching import CallOpened\nCallOpened(sim)",
    "envelope": SIM + "from kms_teach.chapters.envelope.lab import EnvelopeLab\nEnvelopeLab(sim)",
    "rotation": "from kms_teach.chapters.rotation.lab import RotationLab\nRotationLab()",
    "rotation table": "from kms_teach.chapters.rotation.lab import RotationTableLab\nRotationTableLab()",
    "policy": "from kms_teach.chapters.policies.lab import PolicyLab\nPolicyLab()",
    "who may": "from kms_teach.chapters.policies.lab import WhoMayLab\nWhoMayLab()",
    "grant": "from kms_teach.chapters.grants.lab import GrantLab\nGrantLab()",
    "conditions": SIM + "from kms_teach.chapters.accounts.lab import ConditionLab\nConditionLab(sim)",
    "two keys": SIM + "from kms_teach.chapters.accounts.lab import TwoKeysLab\nTwoKeysLab(sim)",
}
TO_THE_TOP = "() => document.querySelector('.kms-lab').scrollIntoView({block: 'start'})"
PLACES = """([control]) => {  // where a control (of a slider not its handle) and picture are, and what is in sight
    const sight = document.querySelector(".jp-WindowedPanel-outer").getBoundingClientRect();
    const place = e => { const {left, top, right, bottom} = e.getBoundingClientRect(); return [left, top, right, bottom]; };
    const picture = [...document.querySelectorAll(".kms-view svg[role=img]")].find(e => e.checkVisibility());
    return {control: place(control.closest(".widget-slider") ?? control), picture: place(picture), sight: [sight.top, sight.bottom]};
}"""
KEYS = {"slider": "ArrowRight", "combobox": "ArrowDown", "checkbox": "Space", "button": "Enter"}


@pytest.fixture(scope="module")
def page(lab: Lab) -> Iterator[Book]:
    with contextlib.closing(lab.scratch(width=1366, height=657, shell="lab")) as book:
        yield book


@pytest.mark.parametrize("name", LABS)
def test_control_and_picture_are_in_sight_together_and_the_control_keeps_its_place(page: Book, name: str) -> None:
    page.replace(LABS[name])
    page.page.evaluate(TO_THE_TOP)
    page.settle()
    (controls,) = page.controls()
    pressed = [c for c in controls if c.role in KEYS and not c.name.startswith("Your own file")]
    assert len(pressed) >= 2
    for control in pressed:
        if not page.there(control):
            continue
        before = page.page.evaluate(PLACES, [control.element])
        page.focus(control)
        page.press(KEYS[control.role])
        after = page.page.evaluate(PLACES, [control.element]) if page.there(control) else before
        assert after["control"] == pytest.approx(before["control"], abs=1), f"{control} has moved"
        top, foot = after["sight"]
        for what in ("control", "picture"):
            assert top - 1 <= after[what][1], f"after {control} the {what} begins above what is in sight"
            assert after[what][3] <= foot + 1, f"after {control} the {what} ends below what is in sight"
    assert page.overflow() == []
