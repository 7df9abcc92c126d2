"""Controls: each with a visible label, in one look.

Not here, because a keyboard or a screen reader cannot use them in JupyterLab: Play, Accordion, Image.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ipywidgets as W  # noqa: N812 (as its own documentation abbreviates it)

FEW, SHORT = 4, 44  # so many options, of so many characters together, stand side by side; more go into a list
UPLOAD_MAX = "9 MB"  # JupyterLab loses a larger file without a word: it comes in one message, and 10 MiB is the most
LABELLED = {"description_width": "initial"}  # px by default, which would cut the label

Options = Sequence[str] | Sequence[tuple[str, Any]] | Mapping[str, Any]


def button(words: str) -> Any:
    """A button; `lab.on(button, function)` says what it does."""
    return W.Button(description=words, layout=W.Layout(width="auto"))


def slider(words: str, low: int, high: int, value: int, step: int = 1) -> Any:
    """A slider over whole numbers, with its value beside it; its `value` is the number."""
    return W.IntSlider(
        value, low, high, step, description=words, readout_format=",d", style=LABELLED, layout=W.Layout(width="auto")
    )


def stops(words: str, options: Options, value: Any = None) -> Any:
    """A slider that stops at these options only, such as 1 KB, 4 KB, 1 MB; its `value` is the option's value."""
    pairs = _pairs(options)
    control = W.SelectionSlider(
        options=pairs, value=pairs[0][1] if value is None else value, description=words, style=LABELLED,
        layout=W.Layout(width="auto"),
    )  # fmt: skip
    control.add_class("kms-stops")
    return control


def choice(words: str, options: Options, value: Any = None, *, listed: bool = False) -> Any:
    """One of several: buttons side by side when there are few short ones, else (or when `listed`) a list to open.

    `options` are words, or pairs of words and value, or a mapping from words to value.
    """
    pairs = _pairs(options)
    chosen = pairs[0][1] if value is None and pairs else value
    if not listed and len(pairs) <= FEW and sum(len(label) for label, _ in pairs) <= SHORT:
        return W.ToggleButtons(
            options=pairs, value=chosen, description=words, style={**LABELLED, "button_width": "auto"},
        )  # fmt: skip
    return W.Dropdown(options=pairs, value=chosen, description=words, style=LABELLED, layout=W.Layout(width="auto"))


def radios(words: str, options: Iterable[str]) -> Any:
    """One of several sentences, one below the other, none chosen yet; what stands in `backticks` is shown without."""
    return W.RadioButtons(
        options=plain(options), value=None, description=words, style=LABELLED, layout=W.Layout(width="auto")
    )


def beside(*controls: Any) -> list[Any]:
    """Two or three controls, or four ticks, that stand beside each other in a lab."""
    for control in controls:
        control.add_class("kms-third" if len(controls) == 3 else "kms-half")
    return list(controls)


def inline(control: Any) -> Any:
    """A list whose label, a short one, stands before it in a lab, not above."""
    control.add_class("kms-inline")
    return control


def plain(options: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of what is shown and what it stands for: a control shows no code."""
    return [(option.replace("`", ""), option) for option in options]


def tick(words: str, value: bool = False) -> Any:
    """A box to tick; its `value` is true or false."""
    return W.Checkbox(value, description=words, indent=False, style=LABELLED, layout=W.Layout(width="auto"))


def number(words: str, low: int, high: int, value: int, step: int = 1) -> Any:
    """A whole number to type; what lies outside low … high becomes the nearer of both."""
    return W.BoundedIntText(
        value, min=low, max=high, step=step, description=words, style=LABELLED, layout=W.Layout(width="auto")
    )


def text(words: str, value: str = "", rows: int = 1) -> Any:
    """Words to type, in one line or several; the value changes when the learner leaves the field or presses Enter."""
    given = {"value": value, "description": words, "style": LABELLED, "continuous_update": False}
    if rows == 1:
        return W.Text(**given, layout=W.Layout(width="auto", min_width="260px"))
    return W.Textarea(**given, rows=rows, layout=W.Layout(width="100%"))


def upload(words: str, accept: str = "") -> Any:
    """A file of the learner's own: `uploaded(control)` gives its name and bytes. `accept` as in HTML: ".txt"."""
    # no icon: it is a letter of an icon font, and would be part of the name that is read aloud
    return W.FileUpload(description=words, accept=accept, multiple=False, icon="", layout=W.Layout(width="auto"))


def uploaded(control: Any) -> tuple[str, bytes] | None:
    """Give the name and the bytes of the file in an `upload` control, or None."""
    if not control.value:
        return None
    file = control.value[0]
    return str(file["name"]), bytes(file["content"])


def _pairs(options: Options) -> list[tuple[str, Any]]:
    if isinstance(options, Mapping):
        return list(options.items())
    return [(option, option) if isinstance(option, str) else (option[0], option[1]) for option in options]
