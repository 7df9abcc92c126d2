"""Every notebook runs to its end in the browser's Python, here in Node, and shows what is stored."""

import base64
import re

import pytest

from kms_teach.drawing.chart import INSTEAD
from scripts import site
from tests.cells import code, stored

# (notebook, cell) -> what is shown there, and why it differs from what is stored.
DIFFERS = {
    ("10_signing.ipynb", "23a9f31c"): (
        "Hybrid handshake: not made here; trail: web X25519MLKEM768, till x25519, batch X25519MLKEM768",
        "Pyodide's pyca has no ML-KEM, and the second half of this handshake is the learner's own",
    ),
}
# (notebook, cell) -> the sentence by which it says what a browser lacks.
SAID = {
    ("02_encrypt_4kb.ipynb", "c02-07"): INSTEAD,
    ("12_watching.ipynb", "c12-03"): INSTEAD,
    ("10_signing.ipynb", "7640ccf3"): "Not tried here, but as FIPS 203 has it.",
    ("10_signing.ipynb", "ea9349bf"): INSTEAD,
    ("10_signing.ipynb", "23a9f31c"): "has no ML-KEM, so no handshake was made.",
}


def words(page: str) -> str:
    """What a reader sees of HTML, pictures too."""
    pictures = (base64.b64decode(data).decode() for data in re.findall(r"data:image/svg\+xml;base64,([\w+/=]+)", page))
    return " ".join(re.sub(r"<[^>]*>", " ", " ".join([page, *pictures])).split())


@pytest.mark.slow
def test_every_notebook_shows_on_pyodide_what_is_stored(python) -> None:
    paths = site.notebooks()  # one run for all, 25 s: Pyodide and boto3 take 7 s to begin
    told = python("tests.site.chapters", *(path.name for path in paths))
    shown, html, errors = {}, {}, {}  # by notebook and cell
    for name, cells in told.items():
        for cell in cells:
            at = (name, cell["id"])
            shown[at], html[at], errors[at] = cell["shows"], words(cell["html"]), cell["error"]
    assert {at: error for at, error in errors.items() if error} == {}
    expected = {(path.name, cell.id): stored(cell) for path in paths for cell in code(path)}
    assert shown == expected | {at: said for at, (said, _) in DIFFERS.items()}
    assert {at: sentence in html[at] + shown[at] for at, sentence in SAID.items()} == dict.fromkeys(SAID, True)
    assert {at for at, page in html.items() if INSTEAD in page} == {at for at in SAID if SAID[at] == INSTEAD}
