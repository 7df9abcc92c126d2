"""The notebook of this chapter on a machine, or in a browser, whose pyca makes no post-quantum keys."""

from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from kms_teach.client_side import partner
from kms_teach.hsm import algorithms
from tests import cells

BOOK = Path(__file__).parents[3] / "notebooks" / "10_signing.ipynb"
MISSING = ("ML_DSA_44", "ML_DSA_65", "ML_DSA_87", "ML_KEM_768", "ML_KEM_1024")


@pytest.mark.slow  # it makes RSA keys, as the notebook does
def test_without_post_quantum_keys_every_cell_runs_and_says_so(monkeypatch):
    for spec in MISSING:
        monkeypatch.delitem(algorithms.GENERATE, spec)
    monkeypatch.setattr(partner, "mlkem", None)
    shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    shown = {cell.source: cells.run(shell, cell.source) for cell in cells.code(BOOK)}
    assert [answer["error"] for answer in shown.values() if answer["error"]] == []
    (hybrid,) = (answer["shows"] for source, answer in shown.items() if "picture.hybrid(" in source)
    assert "not made here" in hybrid
    sizes = shell.user_ns["measured"]
    assert {row.spec for row in sizes.rows if not row.made} == set(MISSING)
    assert "is not available here" in shell.user_ns["shown"]
    assert shell.user_ns["answer"] == "32 bytes, but other ones"
