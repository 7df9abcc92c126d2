"""What a notebook says when a cell is run before those that it needs: one sentence, where IPython has a traceback.

`%load_ext kms_teach.kernel` does it. JupyterLab as this course starts it loads it into every kernel
(`binder/jupyter/kernels`), because after a restart nothing of the course has been imported yet; elsewhere the first
panel of a notebook does.
"""

from difflib import get_close_matches
from types import TracebackType
from typing import Any

ABOVE = "Run the cells above first (in the menu: Run, Run All Above Selected Cell)."


def load_ipython_extension(shell: Any) -> None:
    """Answer unknown names from now on, unless somebody else answers errors in this shell."""
    if not shell.custom_exceptions:
        shell.set_custom_exc((NameError,), _answer)


def sentence(name: str, known: list[str]) -> str:
    """What is said of a name that is not among those `known`."""
    near = get_close_matches(name, [each for each in known if not each.startswith("_")], n=1)
    return f"`{name}` is not known here yet. {ABOVE}" + (f" Or did you mean `{near[0]}`?" if near else "")


def _answer(shell: Any, kind: type[NameError], error: NameError, trace: TracebackType, tb_offset: int | None) -> None:
    """Show the sentence if the cell itself says the name; deeper down it is a bug, which keeps its traceback."""
    while trace.tb_next:
        trace = trace.tb_next
    frame = trace.tb_frame
    if kind is NameError and error.name and frame.f_globals is shell.user_ns and frame.f_code.co_name.startswith("<"):
        words = sentence(error.name, list(shell.user_ns))
        error._render_traceback_ = lambda: [words]  # type: ignore[attr-defined]  # IPython asks an error for it
    shell.showtraceback((kind, error, error.__traceback__), tb_offset=tb_offset)
