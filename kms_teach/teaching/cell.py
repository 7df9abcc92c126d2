"""The cell that runs: what it made in an earlier run is closed when it runs again.

ipywidgets keeps every widget until it is closed, and IPython every output: a cell run twenty times would leave twenty
labs, each with its simulator. A cell is known by the id that its notebook sends or, where the client sends none
(nbclient), by its text. The table of panels hangs on IPython's shell, and ends with it.
Why not IPython's event `pre_run_cell`: the cell with the first lab has begun before anybody could listen.
"""

from collections.abc import Callable
from typing import Any, Protocol

from IPython import get_ipython
from msgspec import Struct, field

from kms_teach.kernel import load_ipython_extension

TABLE = "_kms_teach_cells"  # the shell's attribute
LAST = ("_", "__", "___")


class Closable(Protocol):
    def close(self) -> None: ...


class Run(Struct):
    """One run of a cell, by IPython's count, and the panels that were made in it."""

    number: int
    panels: list[Closable] = field(default_factory=list)


def remember(new: Closable, shell_of: Callable[[], Any] = get_ipython) -> None:
    """Note what the cell that runs has made, and close what its earlier run made; without IPython, do nothing."""
    shell = shell_of()
    if shell is None:
        return
    if TABLE not in shell.__dict__:
        load_ipython_extension(shell)
    cells: dict[str, Run] = shell.__dict__.setdefault(TABLE, {})
    cell, number = _running(shell), shell.execution_count
    run = cells.get(cell)
    if run is None or run.number != number:
        cells[cell] = Run(number)
        for old in run.panels if run else ():
            old.close()
            _forget(shell, old)
    cells[cell].panels.append(new)


def cell_id(shell: Any) -> str:
    """The id of the running cell, as the notebook has sent it with its text; "" if it sends none."""
    knows = next((one for one in (shell, getattr(shell, "kernel", None)) if hasattr(one, "get_parent")), None)
    request = knows.get_parent() if knows else None  # JupyterLite: its kernel knows
    return str((request or {}).get("metadata", {}).get("cellId") or "")


def _running(shell: Any) -> str:
    """What tells the running cell from others."""
    return cell_id(shell) or str(shell.user_ns["In"][-1])


def _forget(shell: Any, old: Closable) -> None:
    """Take it out of the outputs that IPython keeps: Out[7], _7 and the last three; a learner's own variable stays."""
    outputs, hook = shell.user_ns["Out"], shell.displayhook
    for number in [number for number, output in outputs.items() if output is old]:
        del outputs[number]
        for names in (shell.user_ns, shell.user_ns_hidden):
            names.pop(f"_{number}", None)
    for name in LAST:
        if getattr(hook, name) is old:
            setattr(hook, name, "")  # as IPython begins
        for names in (shell.user_ns, shell.user_ns_hidden):
            if names.get(name) is old:
                names[name] = ""
