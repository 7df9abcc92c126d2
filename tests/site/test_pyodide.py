"""What is put together for Pyodide is what its lock asks for."""

import re

from tests.site import pyodide


def test_the_pins_are_the_versions_of_pyodides_lock_and_all_that_a_chapter_loads() -> None:
    packages = pyodide.lock()["packages"]
    pinned = dict(re.findall(r"^([\w-]+)==([\w.]+)", pyodide.PINS.read_text(), re.MULTILINE))
    assert pinned == {name: packages[name]["version"] for name in pyodide.needed(packages)}
    assert {"ipython", "jedi", "prompt-toolkit", "wcwidth", "python-dateutil", "urllib3"} <= set(pinned)
    assert "msgspec" not in pinned  # compiled
