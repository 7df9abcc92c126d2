import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from kms_teach.drawing import look
from kms_teach.drawing.chart import INSTEAD, Plot, chart
from kms_teach.drawing.layout import Column, Text
from kms_teach.drawing.picture import table
from tests.drawing.drawn import quarrels, texts, words

SVG = "{http://www.w3.org/2000/svg}"
NAMES, COUNTS = ["<a> & b", "c"], [1, 2]
DATA = table(("name", "count"), [(name, str(count)) for name, count in zip(NAMES, COUNTS, strict=True)])


def laid(wide):
    return Column([Plot(200, lambda axes: axes.barh(NAMES, COUNTS)), Text("wide" if wide else "narrow")], gap=12)


def draw():
    return chart("bars", "Two is more than one", "Bars.", laid, DATA, second="Counted", facts="Bars: 1, 2")


@pytest.fixture(scope="module")
def elsewhere():
    """What another process draws, and what it knows of matplotlib before and after."""
    program = """
import json, sys
import matplotlib as mpl
from kms_teach.drawing.chart import STYLE
from tests.drawing.test_chart import draw

settings = lambda: [str(mpl.rcParams[name]) for name in (*STYLE, "svg.hashsalt")]
before, picture = settings(), draw()
told = {"svg": picture.svg, "narrow": picture.narrow, "before": before, "after": settings()}
print(json.dumps(told | {"pyplot": "matplotlib.pyplot" in sys.modules}))
"""
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return json.loads(run.stdout)


@pytest.fixture
def without_matplotlib(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)


@pytest.mark.parametrize("canvas", ["svg", "narrow"])
def test_a_chart_is_well_formed_leaks_no_style_and_keeps_its_ids_to_itself(canvas):
    svg, prefix = getattr(draw(), canvas), {"svg": "bars", "narrow": "bars-narrow"}[canvas]
    root = ET.fromstring(svg)
    assert not list(root.iter(f"{SVG}style"))
    assert not list(root.iter(f"{SVG}metadata"))
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert all(name.startswith(f"{prefix}-") for name in ids)
    assert len(set(ids)) == len(ids)
    used = re.findall(r"url\(#([^)]+)\)", svg) + re.findall(r'href="#([^"]+)"', svg)
    assert used
    assert set(used) <= set(ids)


@pytest.mark.slow
def test_a_chart_is_the_same_bytes_in_another_process(elsewhere):
    picture = draw()
    assert [elsewhere["svg"], elsewhere["narrow"]] == [picture.svg, picture.narrow]
    assert picture == draw()


def test_the_words_of_a_chart_are_text_in_the_reader_s_font():
    svg = draw().svg
    assert set(NAMES) <= set(texts(svg))
    assert "DejaVu Sans'" not in svg
    assert svg.count(look.SANS.split(",", 1)[0]) > len(NAMES)


@pytest.mark.parametrize("canvas", ["svg", "narrow"])
def test_a_chart_stands_between_title_and_words_and_nothing_overlaps(canvas):
    svg = getattr(draw(), canvas)
    tops = {line.text: line.top for line in words(svg)}
    assert tops["Counted"] < tops["c"] < tops["<a> & b"] < tops["wide" if canvas == "svg" else "narrow"]
    assert quarrels(svg) == []


def test_a_chart_says_the_same_where_matplotlib_cannot_be_imported(without_matplotlib):
    picture = draw()
    assert repr(picture) == "Bars: 1, 2"
    assert picture.table == DATA
    assert picture.spoken == "Two is more than one. Bars."
    for svg in (picture.svg, picture.narrow):
        said = texts(svg)
        assert " ".join(said).count(INSTEAD) == 1
        assert [word for word in said if word in {"name", "count", *NAMES, "1", "2"}] == [
            "name", "count", NAMES[0], "1", NAMES[1], "2",
        ]  # fmt: skip
        assert quarrels(svg) == []


def test_a_chart_takes_no_backend_and_leaves_the_settings_alone(elsewhere):
    assert not elsewhere["pyplot"]
    assert elsewhere["before"] == elsewhere["after"]


def test_the_pictures_bring_no_matplotlib_until_a_chart_is_made():
    program = (
        "import sys, kms_teach.chapters.start.legend, kms_teach.drawing.chart; sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
