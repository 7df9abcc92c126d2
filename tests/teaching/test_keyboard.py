from importlib.resources import files

from kms_teach.teaching.keyboard import Keyboard


def test_script_and_style_are_files_of_the_package():
    folder = files("kms_teach.teaching")
    keyboard = Keyboard()
    assert keyboard._esm == (folder / "keyboard.js").read_text(encoding="utf-8")
    assert keyboard._css == (folder / "keyboard.css").read_text(encoding="utf-8")


def test_it_shows_nothing():
    assert Keyboard().layout.display == "none"


def test_every_rule_stays_inside_our_own_widgets():
    css = Keyboard()._css
    selectors = [line.partition("{")[0].strip() for line in css.splitlines() if "{" in line]
    assert len(selectors) > 10
    prose = ".jp-Notebook:has(.kms-teach) .jp-MarkdownOutput"  # beside one of ours, and nowhere else
    for selector in selectors:
        if selector != prose and not selector.startswith("@"):
            assert all(part.strip().startswith(".kms-teach") for part in selector.split(",")), selector
