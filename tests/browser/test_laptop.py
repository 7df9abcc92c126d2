"""Every lab on a laptop: cause and effect in one view, and a control that keeps its place.

JupyterLab with its file browser on a screen of 1366 x 768, less the bars of a browser.
"""

import contextlib
import importlib
import re
from collections.abc import Iterator

import pytest

from tests.browser.jupyter import ROOT, Book, Lab

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
    "gates": SIM + "from kms_teach.chapters.accounts.lab import GatesLab\nGatesLab(sim)",
    "aliases": "from kms_teach.chapters.aliases.lab import AliasLab\nAliasLab()",
    "regions": "from kms_teach.chapters.aliases.lab import RegionLab\nRegionLab()",
    "signing": SIM + "from kms_teach.chapters.signing.lab import SigningLab\nSigningLab(sim)",
    "secret": SIM + "from kms_teach.chapters.signing.lab import SecretLab\nSecretLab(sim)",
    "states": "from kms_teach.chapters.lifecycle.lab import StateLab\nStateLab()",
    "import": "from kms_teach.chapters.lifecycle.lab import ImportLab\nImportLab()",
    "key": SIM + "from kms_teach.chapters.key.lab import KeyLab\nKeyLab(sim)",
    "places": SIM + "from kms_teach.chapters.key.lab import PlacesLab\nPlacesLab(sim)",
    "objects": SIM + "from kms_teach.chapters.objects.lab import ObjectsLab\nObjectsLab(sim)",
    "history": "from kms_teach.chapters.watching.lab import TrailLab\nTrailLab()",
    "bill": "from kms_teach.chapters.watching.lab import BillLab\nBillLab()",
    "stores": "from kms_teach.chapters.watching.lab import StoreLab\nStoreLab()",
    "note": "from kms_teach.chapters.notes.lab import NoteLab\nNoteLab()",
    "sheet": "from kms_teach.chapters.notes.lab import SheetLab\nSheetLab()",
    "two keys": SIM + "from kms_teach.chapters.accounts.lab import TwoKeysLab\nTwoKeysLab(sim)",
    "repairs": SIM + "from kms_teach.repairs.lab import RepairsLab\nRepairsLab(sim)",
}
TO_THE_TOP = "() => document.querySelector('.kms-lab').scrollIntoView({block: 'start'})"
PLACES = """([control]) => {  // where a control (of a slider not its handle) and picture are, and what is in sight
    const sight = document.querySelector(".jp-WindowedPanel-outer").getBoundingClientRect();
    const place = e => { const {left, top, right, bottom} = e.getBoundingClientRect(); return [left, top, right, bottom]; };
    const picture = [...document.querySelectorAll(".kms-view svg[role=img]")].find(e => e.checkVisibility());
    return {control: place(control.closest(".widget-slider") ?? control), picture: place(picture), sight: [sight.top, sight.bottom]};
}"""
SMALLEST = """() => {  // px of the smallest words as they are drawn, in the pictures and in the controls
    const seen = e => e.checkVisibility() && e.textContent.trim(), size = e => parseFloat(getComputedStyle(e).fontSize);
    const scale = svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const drawn = [...document.querySelectorAll(".kms-view svg[role=img] text")].filter(seen);
    const named = [...document.querySelectorAll(".kms-side :is(label, button, select, .widget-html-content)")].filter(seen);
    return Math.min(...drawn.map(e => size(e) * scale(e.closest("svg[role=img]"))), ...named.map(size));
}"""
RING = """e => {  // of what has the focus: the ring's width, its colour, the ground around it
    const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(e), clear = /, 0\\)$|transparent/;
    let around = (e.closest('.widget-slider') ?? e).parentElement;
    while (around && clear.test(getComputedStyle(around).backgroundColor)) around = around.parentElement;
    return [outlineStyle, parseFloat(outlineWidth), outlineColor, getComputedStyle(around).backgroundColor];
}"""
KEYS = {"slider": "ArrowRight", "combobox": "ArrowDown", "checkbox": "Space", "button": "Enter"}


@pytest.fixture(scope="module")
def page(lab: Lab) -> Iterator[Book]:
    with contextlib.closing(lab.scratch(width=1366, height=657, shell="lab")) as book:
        yield book


@pytest.fixture(scope="module", params=LABS)
def shown(page: Book, request: pytest.FixtureRequest) -> Book:
    """Each lab, run once for all its tests; those that change nothing come first."""
    page.replace(LABS[request.param])
    return page


def test_every_lab_of_every_chapter_is_tried() -> None:
    rooms = [path.parent.name for path in (ROOT / "kms_teach" / "chapters").glob("*/lab.py")]
    modules = [importlib.import_module(f"kms_teach.chapters.{room}.lab") for room in rooms]
    names = {name for module in modules for name in vars(module) if name.endswith("Lab") and name != "Lab"}
    tried = {line.partition("(")[0] for source in LABS.values() for line in source.splitlines()}
    assert names <= tried


def test_no_words_are_smaller_than_eleven_px(shown: Book) -> None:
    smallest = {}
    for width in (800, 1366):
        shown.page.set_viewport_size({"width": width, "height": 657})
        shown.settle()
        smallest[width] = shown.page.evaluate(SMALLEST)
    assert min(smallest.values()) >= 11, smallest


@pytest.mark.parametrize("shown", ["envelope", "policy", "grant"], indirect=True)
def test_every_control_has_a_ring_of_two_px_and_three_to_one_around_its_focus(shown: Book) -> None:
    (controls,) = shown.controls()
    for theme in ("dark", "light"):
        shown.theme(theme)
        shown.page.keyboard.press("Tab")  # a ring is drawn for those who use the keyboard
        for control in controls:
            shown.focus(control)
            style, width, ring, ground = control.element.evaluate(RING)
            assert (style, width >= 2) == ("solid", True), f"{theme}: {control}: {style} {width}"
            assert contrast(ring, ground) >= 3, f"{theme}: {control}: {ring} on {ground}"


def test_control_and_picture_are_in_sight_together_and_the_control_keeps_its_place(shown: Book) -> None:
    shown.page.evaluate(TO_THE_TOP)
    shown.settle()
    (controls,) = shown.controls()
    pressed = [c for c in controls if c.role in KEYS and not c.name.startswith("Your own file")]
    assert len(pressed) >= 2
    for control in pressed:
        if not shown.there(control):
            continue
        before = shown.page.evaluate(PLACES, [control.element])
        shown.focus(control)
        shown.press(KEYS[control.role])
        after = shown.page.evaluate(PLACES, [control.element]) if shown.there(control) else before
        assert after["control"] == pytest.approx(before["control"], abs=1), f"{control} has moved"
        top, foot = after["sight"]
        for what in ("control", "picture"):
            assert top - 1 <= after[what][1], f"after {control} the {what} begins above what is in sight"
            assert after[what][3] <= foot + 1, f"after {control} the {what} ends below what is in sight"
    assert shown.overflow() == []


def contrast(one: str, other: str) -> float:
    """WCAG's ratio of two colours as CSS computes them."""
    lighter, darker = sorted(map(luminance, (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    shares = [float(part) / 255 for part in re.findall(r"[\d.]+", colour)[:3]]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
