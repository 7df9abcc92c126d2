"""The frame of everything a learner pushes on: a picture, its controls, one line of status.

class Limit(Lab):
    def __init__(self, kms, key_id):
        self.size = slider("Bytes to encrypt", 1, 8192, 4096)
        super().__init__([self.size], "Encrypt, and its limit")
        self.kms, self.key_id = kms, key_id
        self.on(self.size, self.draw)
        self.draw()

    def draw(self):
        self.kms.encrypt(KeyId=self.key_id, Plaintext=bytes(self.size.value))
        self.show(limit_picture(...), "4,096 bytes: encrypted")
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any

import ipywidgets as W  # noqa: N812 (as its own documentation abbreviates it)
from botocore.exceptions import BotoCoreError, ClientError

from kms_teach.arguments import checked
from kms_teach.drawing.lettering import clean
from kms_teach.drawing.look import ALLOWED, DENIED
from kms_teach.drawing.marks import OCTAGON
from kms_teach.drawing.picture import Picture
from kms_teach.errors import KmsError, StoreError
from kms_teach.teaching import place
from kms_teach.teaching.cell import remember
from kms_teach.teaching.keyboard import Keyboard
from kms_teach.teaching.live import live

ADVICE = {  # code: what a learner does next
    "AccessDeniedException": "Ask someone who may to allow it in a policy, or call as someone else.",
    "AlreadyExistsException": "Choose another name.",
    "DisabledException": "Enable the key, then call again.",
    "DryRunOperationException": "That was a dry run: call without DryRun to do it.",
    "IncorrectKeyException": "Name the key that encrypted it, or name none.",
    "InvalidCiphertextException": "Send the bytes unchanged, with the encryption context they were encrypted with.",
    "InvalidKeyUsageException": "Use a key that is made for this operation.",
    "KMSInvalidStateException": "Look at the key's state: this operation needs another one.",
    "LimitExceededException": "Remove one that you no longer need, then call again.",
    "MalformedPolicyDocumentException": "Correct the policy, then put it again.",
    "NotFoundException": "Check the name, and that Region and account are the right ones.",
    "ValidationException": "Change the value that the message names.",
}
OTHERWISE = "Nothing was changed; the message says what to do differently."
_MARK = '<svg aria-hidden="true" width="18" height="18" viewBox="-10 -10 20 20" style="vertical-align:-4px">{}</svg> '
_STROKE = 'fill="none" stroke="#FFFFFF" stroke-width="2.4" stroke-linecap="round"'
CROSS = _MARK.format(  # the marks of the pictures, without ids
    f'<path d="{OCTAGON}" fill="{DENIED.mark}"/><path d="M-3.4-3.4L3.4 3.4M3.4-3.4L-3.4 3.4" {_STROKE}/>'
)
TICK = _MARK.format(f'<circle r="9" fill="{ALLOWED.mark}"/><path d="M-4.2.4L-1.2 3.6L4.4-3.4" {_STROKE}/>')

COPY = "Copy the hint from here into a cell of your own."
PUT = "It stands in the next cell, and so does the cursor: Shift+Enter runs it."
ANSWER = "kms-answer"  # the class of an answer that is folded away: printed, it goes to the chapter's end

Act = Callable[[], object]


class Panel(W.VBox):
    """Controls with a status line under them, and no picture; `Lab` adds one.

    `label` names the panel. `body` stands above the controls. `status` is what the line says, as plain words.
    """

    def __init_subclass__(cls, **more: Any) -> None:
        """Let each panel refuse, before it makes a widget, what is no simulator or no task, with an example."""
        super().__init_subclass__(**more)
        if "__init__" in vars(cls):
            setattr(cls, "__init__", checked(cls.__init__))  # noqa: B010 (mypy takes no assignment to a method)

    def __init__(self, controls: Sequence[Any], label: str, body: Sequence[Any] = ()) -> None:
        self.label, self.status = label, ""
        self._filling = False
        self.controls = list(controls)
        self._row, self._line = W.Box(self.controls), W.HTML()
        self._row.add_class("kms-controls")
        self._line.add_class("kms-status").add_class("kms-spoken")
        self._keyboard = Keyboard()
        self._keyboard.observe(lambda change: self._written(*change.new[:1]), "written")
        super().__init__(
            [*body, self._row, self._line, self._keyboard], layout=W.Layout(width="100%", max_width="760px")
        )
        self.add_class("kms-teach")
        remember(self)

    def close(self) -> None:
        """Close it with all its controls, and what it made for itself; then it shows nothing any more."""
        if self.comm is None:
            return
        self.let_go()
        for widget in _inside(self):
            widget.close()
        super().close()

    def let_go(self) -> None:
        """Close what the panel made for itself: nothing here; a lab with a simulator of its own closes that."""

    def say(self, sentence: str, mistake: bool = False, word: str = "") -> None:
        """Write the status line; what stands in `backticks` becomes code.

        A mistake gets a cross and a word before it ("Not done", if you give none); a word without a mistake, a tick.
        """
        word = word or ("Not done" if mistake else "")
        self.status = f"{word}. {sentence}" if word else sentence
        before = f"{CROSS if mistake else TICK}<strong>{word}.</strong> " if word else ""
        self._line.value = before + marked(sentence)

    def write_below(self, code: str) -> None:
        """Put code into the learner's next cell; where no page can do that, say to copy it."""
        self.say(COPY)
        self._keyboard.write(code)

    def _written(self, done: bool) -> None:
        """The page has put the code that was to be written into a cell, or found none."""
        self.say(PUT if done else COPY)

    def act(self, function: Act, meanwhile: str = "") -> Callable[..., None]:
        """Wrap `function` as a handler that answers every error in the status line, with what to do.

        `meanwhile` is said first, for what takes longer than a second.
        """

        def handler(*_: object) -> None:
            if meanwhile:
                self.say(meanwhile)
            try:
                function()
            except ClientError as error:
                self.refused(error.response["Error"]["Code"], error.response["Error"].get("Message", ""))
            except KmsError as error:
                self.refused(error.code, str(error))
            except (ValueError, StoreError, BotoCoreError) as error:
                words = _sentence(str(error) or type(error).__name__)
                self.say(words[0].upper() + words[1:], mistake=True)

        return handler

    def on(self, control: Any, function: Act, meanwhile: str = "") -> None:
        """Do `function` when a button is pressed or a learner changes another control's value; errors as in `act`."""
        handler = self.act(function, meanwhile)
        if isinstance(control, W.Button):
            control.on_click(handler)
        else:
            control.observe(lambda _: None if self._filling else handler(), "value")

    @contextmanager
    def filling(self) -> Iterator[None]:
        """Set controls inside: what the panel itself sets does not act, for nobody asked for it."""
        before, self._filling = self._filling, True
        try:
            yield
        finally:
            self._filling = before

    def refill(self, control: Any, options: Sequence[tuple[str, Any]]) -> None:
        """Give a list other options; what was chosen stays chosen while it is one of them, else it is the first."""
        chosen = control.value
        with self.filling():
            control.options = options
            values = [value for _, value in options]
            control.value = chosen if chosen in values else values[0]

    def refused(self, code: str, message: str) -> None:
        """Say what AWS refused, in its words, and what to do."""
        words = f"`{code}`: {_sentence(message)}" if message else f"`{code}`."
        self.say(
            f"{words} {ADVICE.get(code, OTHERWISE)}", mistake=True, word="Denied" if "Denied" in code else "Refused"
        )

    @property
    def called(self) -> list[str]:
        """What its controls are called, for a reader in whose notebook nothing runs."""
        return [control.description for control in self.controls if getattr(control, "description", "")]

    @property
    def facts(self) -> str:
        """What the panel shows, in one line that is the same in every run."""
        return self.label

    def static(self) -> str:
        """HTML for a reader in whose notebook nothing runs."""
        return f"<p>{escape(clean(self.label))}</p>"

    def _ipython_display_(self) -> None:
        place.show(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super()._repr_mimebundle_(**kwargs) or {}
        return shown | self.stored()

    def stored(self, now: bool = False) -> dict[str, str]:
        """What a notebook stores for a reader in whose notebook nothing runs; `now` with the status line of now."""
        names = ", ".join(escape(clean(name)) for name in self.called)
        note = f"<p><em>Run the notebook to use the controls: {names}.</em></p>" if names else ""
        said = f"<p>{self._line.value}</p>" if now and self.status else ""
        return {"text/plain": " ".join(clean(self.facts).split()), "text/html": self.static() + said + note}


class Lab(Panel):
    """A picture with its controls and one line of status beside it, all in sight at once on a laptop.

    `show` changes picture and line, `say` the line alone. `picture` is the one shown now, None before the first. It is
    drawn on a canvas of look.LAB, always as high. `lines` of 300 px is what the longest status takes: as much room is
    kept, so that no control moves.
    """

    def __init__(self, controls: Sequence[Any], label: str, lines: int = 4) -> None:
        self.picture: Picture | None = None
        self._view = W.HTML()
        self._view.add_class("kms-view")
        super().__init__(controls, label)
        self._line.add_class(f"kms-lines-{lines}")
        self._side = W.VBox([self._line, self._row])
        self._side.add_class("kms-side")
        bench = W.Box([self._side, self._view])  # controls first: where there is one column, they stand above
        bench.add_class("kms-bench")
        self.set_trait("children", (bench, self._keyboard))
        self._keyboard.observe(lambda change: self.pointed(*change.new[:2]), "pointed")
        self.layout.max_width = "915px"
        self.add_class("kms-lab")

    def pointed(self, name: str, value: int) -> None:
        """Set the control of this name, as far as it goes: it was pointed at in the picture, see `Drawing.points`."""
        control = next((control for control in self.controls if control.description == name), None)
        if control is None or control.disabled:
            return
        if hasattr(control, "options"):
            control.index = min(max(value, 0), len(control.options) - 1)
        else:
            control.value = min(max(value, control.min), control.max)

    def show(self, picture: Picture, status: str = "") -> None:
        """Show a picture, and say what changed in one short sentence."""
        if self.picture is None or picture.svg != self.picture.svg:
            self._view.value = live(picture, self.model_id)
        self.picture = picture
        self.say(status)

    @property
    def facts(self) -> str:
        return f"{self.label}: {self.picture!r}" if self.picture else self.label

    def static(self) -> str:
        return self.picture.html() if self.picture else super().static()


def marked(words: str) -> str:
    """Words as HTML; what stands in `backticks` becomes code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(clean(words)))


def _inside(panel: Any) -> list[Any]:
    """The widgets it is made of; a widget's layout and style are widgets too."""
    inside: list[Any] = []
    for name in panel.keys:
        value = getattr(panel, name)
        for part in value if isinstance(value, list | tuple) else (value,):
            if isinstance(part, W.Widget):
                inside += [*_inside(part), part]
    return inside


def _sentence(words: str) -> str:
    words = " ".join(clean(words).split())
    return words if words.endswith((".", "?", "!")) else f"{words}."
