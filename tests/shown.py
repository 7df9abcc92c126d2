"""What a cell shows, as words. It needs IPython alone, so that it is the same on Pyodide."""

from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from kms_teach import kernel


def shell() -> InteractiveShell:
    """IPython without a kernel, as a notebook finds it."""
    quiet = Config({"HistoryManager": {"enabled": False}})
    made = InteractiveShell.instance(config=quiet)
    made.displayhook.write_output_prompt = lambda: None
    made.run_line_magic("load_ext", kernel.__name__)
    return made


def run(shell: Any, source: str, html: list[str] | None = None) -> dict[str, str]:
    """Run one cell: what it `shows`, and what is seen of the `error` it ends in ("" without). html: gets its pages."""
    error: list[str] = []
    last: list[dict[str, str]] = []  # what the cell ends in
    shell._showtraceback = lambda _, __, lines: error.extend(lines)
    shell.displayhook.write_format_data = lambda data, _: last.append(data)
    with capture_output() as captured:
        shell.run_cell(source, store_history=True)
    data = [*(output.data for output in captured.outputs), *last]
    if html is not None:
        html += [page for each in data if (page := each.get("text/html"))]
    shown = [each.get("text/plain", "") for each in data]
    return {"shows": joined([captured.stdout, *shown]), "error": "\n".join(error)}


def joined(parts: Any) -> str:
    """The parts that say something, one below the other."""
    return "\n".join(filter(None, (part.strip() for part in parts)))
