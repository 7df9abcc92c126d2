"""JupyterLab in a real browser, seen as a learner sees it: open a notebook, run it, look, press keys.

Commands go through `window.jupyterapp` (JupyterLab's own command registry), not through menus: a command's promise ends
when the last cell has run, so nothing here sleeps and hopes.
"""

import contextlib
import dataclasses
import functools
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import nbformat
from playwright.sync_api import Browser, ElementHandle, Locator, Page, expect

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ".jp-OutputArea-output"
SPOKEN = ".kms-status [role=status][aria-live=polite]"
SHOWN = ".kms-teach svg[role=img]:visible > title"
Theme = Literal["light", "dark"]
PATIENCE = 30_000  # ms
TALL = 4000  # px; a viewport so tall that hardly anything needs scrolling
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},  # every cell is in the page, on screen or not
    "apputils-extension/themes": {"theme": "JupyterLab Light", "adaptive-theme": False},
    "docmanager-extension/plugin": {"autosave": False},
}
FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true], [role=slider]"
CONTROLS = """(outputs, focusable) => outputs.map(o => [...o.querySelectorAll(focusable)]
    .filter(e => (e.tabIndex >= 0 || e.isContentEditable) && !e.disabled && e.type !== "hidden")
    .filter(e => e.checkVisibility({visibilityProperty: true}))
    // of a group of radio buttons the keyboard reaches one; the arrows do the rest
    .filter(e => { const group = `input[type=radio][name="${e.name}"]`;
        return e.type !== "radio" || e === (o.querySelector(`${group}:checked`) ?? o.querySelector(group)); }))"""
PICTURES = """outputs => outputs.flatMap(o => [...o.querySelectorAll("img, svg")])
    .filter(e => !e.closest("[aria-hidden=true], button") && !e.parentElement.closest("svg"))
    .map(e => ({
        tag: e.tagName.toLowerCase(),
        shown: e.checkVisibility() && (e.tagName !== "IMG" || (e.complete && e.naturalWidth > 0)),
        name: (e.alt || e.getAttribute("aria-label")
            || (e.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean)
                .map(i => document.getElementById(i)?.textContent ?? "").join(" ")
            || e.querySelector(":scope > title")?.textContent || "").trim(),
        start: e.outerHTML.slice(0, 120),
    }))"""
EXPECTED = """o => {  // the cell is tagged: its failure is the lesson
    const cells = window.jupyterapp.shell.currentWidget.content.widgets;
    const cell = cells.find(c => c.node.contains(o));
    return (cell.model.getMetadata("tags") || []).includes("raises-exception");
}"""
ERRORS = f"""outputs => outputs.filter(o => !({EXPECTED})(o)).filter(o =>
    /vnd.jupyter.(error|stderr)/.test(o.dataset.mimeType || "")
    || o.querySelector("[data-mime-type*='jupyter.error'], [data-mime-type*='jupyter.stderr']")
    || /Traceback \\(most recent|Loading widget|Error displaying widget|Model not found/.test(o.innerText))
    .map(o => o.innerText.slice(-400))"""
OVERFLOWING = """outputs => outputs.filter(o => o.scrollWidth > o.clientWidth + 2)
    .map(o => `${o.scrollWidth} px in ${o.clientWidth} px: ${o.innerText.slice(0, 80)}`)"""
RUN_ALL = """async () => {
    window.ran = false;
    await window.jupyterapp.commands.execute("notebook:clear-all-cell-outputs");
    window.jupyterapp.commands.execute("notebook:run-all-cells").finally(() => { window.ran = true; });
}"""
CONNECTED = """() => {  // the indicator says idle even before there is a kernel
    const context = window.jupyterapp?.shell.currentWidget?.sessionContext, kernel = context?.session?.kernel;
    return context?.isReady && kernel?.connectionStatus === "connected" && kernel.status === "idle";
}"""
REPLACE = """sources => {
    const book = window.jupyterapp.shell.currentWidget.content, cells = book.model.sharedModel, before = cells.cells.length;
    const fresh = source => ({cell_type: "code", source, metadata: {}, outputs: [], execution_count: null});
    cells.insertCells(before, sources.map(fresh));  // first, for an emptied notebook gets a cell of its own
    cells.deleteCellRange(0, before);
    book.activeCellIndex = 0;
    book.mode = "command";
}"""
HAS_RUN = """() => {  // after an error the command may not end, so then the prompts must tell
    const dialog = document.querySelector(".jp-Dialog");
    if (dialog) throw new Error(`JupyterLab asks something: ${dialog.innerText}`);
    const busy = [...document.querySelectorAll(".jp-InputPrompt")].some(e => e.textContent.includes("*"));
    const failed = "[data-mime-type*='jupyter.stderr'], [data-mime-type*='jupyter.error']";
    return !busy && (window.ran || document.querySelector(failed) !== null);
}"""
SAVED = "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"
THERE = "e => e.isConnected && e.checkVisibility()"
FOCUS = f"e => ({THERE})(e) && (e.focus(), true)"
TAKEN = """output => {  // (command, key, start of the control) of what JupyterLab did because of a key in an output, ever since
    if (!window.taken) {
        window.taken = [];
        window.addEventListener("keydown", ({target}) => { window.pressed = target; }, true);
        window.jupyterapp.commands.commandExecuted.connect((_, {id, args}) => {
            const key = args._luminoEvent?.type === "keybinding" && args._luminoEvent.keys.join(" ");
            if (key && window.pressed?.closest?.(output)) window.taken.push([id, key, window.pressed.outerHTML.slice(0, 120)]);
        });
    }
    return window.taken;
}"""
HEIGHT = """() => (document.querySelector(".jp-WindowedPanel-outer")
    || document.querySelector(".jp-Notebook")).scrollHeight"""
SETTLED = """async () => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel;
    const frame = () => new Promise(done => {  // a page in the background has none
        requestAnimationFrame(done); setTimeout(done, 100);
    });
    const quiet = () => new Promise(done => {  // 50 ms without a change in any output, at most 10 s
        const end = Date.now() + 10000; let timer = 0;
        const again = () => { clearTimeout(timer); timer = setTimeout(stop, Date.now() > end ? 0 : 50); };
        const watch = new MutationObserver(again);
        const stop = () => { watch.disconnect(); done(); };
        const every = {subtree: true, childList: true, attributes: true, characterData: true};
        watch.observe(document.querySelector(".jp-Notebook"), every);
        again();
    });
    await frame();  // what a key, a width or a theme changes of itself
    // a kernel answers in turn: it has done what it was told before; twice, as ipywidgets holds a change back until then
    for (const turn of [1, 2]) await kernel?.requestKernelInfo();
    await quiet();
    await frame();  // keyboard.js puts its names right in the frame after a change
}"""


def chromium() -> str | None:
    """The browser's path, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@functools.cache
def axe_source() -> str:
    """axe-core, to be evaluated in a page."""
    folder = Path(axe_playwright_python.__file__).parent
    return next(folder.rglob("axe.min.js")).read_text(encoding="utf-8")


@dataclasses.dataclass(frozen=True)
class Control:
    """One thing the keyboard can reach in an output, as the browser describes it to a screen reader."""

    element: ElementHandle
    role: str
    name: str
    start: str  # the first characters of its HTML, to recognise it by

    def __str__(self) -> str:
        return f"{self.role} `{self.name}` {self.start}"


class Book:
    """One notebook, open in the browser."""

    def __init__(self, page: Page, lab: "Lab", path: str) -> None:
        self.page, self.lab, self.path = page, lab, path

    def _command(self, name: str, **arguments: Any) -> None:
        self.page.evaluate(
            "([name, arguments]) => window.jupyterapp.commands.execute(name, arguments).then(() => null)",
            [name, arguments],
        )

    def run_all(self) -> None:
        """Run every cell and wait until the last has run and the outputs have come to rest."""
        self.page.evaluate(RUN_ALL)
        self.page.wait_for_function(HAS_RUN, timeout=180_000)
        self.settle()

    def settle(self) -> None:
        """Wait until the kernel has done what it was told, and no output changes any more."""
        self.page.evaluate(SETTLED)

    def theme(self, theme: Theme) -> None:
        """Change JupyterLab's theme under the running notebook."""
        self._command("apputils:change-theme", theme=f"JupyterLab {theme.capitalize()}")
        self.page.wait_for_selector(
            f"body[data-jp-theme-light={'true' if theme == 'light' else 'false'}]", state="attached"
        )
        self.settle()

    def replace(self, *sources: str) -> None:
        """Put new code cells in the place of all cells, and run them."""
        self.page.evaluate(REPLACE, sources)
        self.run_all()

    def save(self) -> str:
        """Save the notebook, and give the text of the file."""
        self._command("docmanager:save")
        self.page.wait_for_function(SAVED)
        return (self.lab.folder / self.path).read_text(encoding="utf-8")

    def reload(self) -> None:
        """Load the page again, as the browser's button does; the kernel stays."""
        self.page.reload()
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")
        self.page.wait_for_function(CONNECTED)

    def width(self, width: int) -> None:
        """Make the window this wide, in px."""
        self.page.set_viewport_size({"width": width, "height": TALL})
        self.settle()

    @property
    def outputs(self) -> Locator:
        """All outputs; `.nth(i)`, `.filter(has_text=…)`, `.locator(…)` narrow it."""
        return self.page.locator(OUTPUT)

    def text(self) -> str:
        """What all outputs say."""
        return "\n".join(self.outputs.all_inner_texts())

    def errors(self) -> list[str]:
        """Ends of outputs that are a traceback, came by stderr, or are a widget that failed to appear.

        A cell tagged `raises-exception` is meant to fail.
        """
        return self.outputs.evaluate_all(ERRORS)

    def pictures(self) -> list[dict[str, Any]]:
        """Every `<img>` and `<svg>` in the outputs: tag, shown (drawn and visible), name (alt or aria), start."""
        return self.outputs.evaluate_all(PICTURES)

    def overflow(self) -> list[str]:
        """Outputs wider than the column they are in."""
        return self.outputs.evaluate_all(OVERFLOWING)

    def axe(self, *rules: str) -> list[str]:
        """What axe-core finds wrong in the outputs, by these of its rules or by all, one line for each element."""
        if not self.outputs.count():
            return []
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(axe_source())
        options = {"runOnly": rules} if rules else {}
        found = self.page.evaluate("([c, o]) => axe.run(c, o)", [{"include": [[OUTPUT]]}, options])["violations"]
        return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]

    def controls(self) -> list[list[Control]]:
        """The controls of each output that has any, in the order of the page."""
        areas = self.outputs.evaluate_all(
            "(o, f) => { window.found = (" + CONTROLS + ")(o, f); return window.found.map(a => a.length); }", FOCUSABLE
        )
        return [
            [self._control(f"window.found[{area}][{index}]") for index in range(count)]
            for area, count in enumerate(areas)
            if count
        ]

    def _control(self, expression: str) -> Control:
        devtools = self._devtools
        found = devtools.send("Runtime.evaluate", {"expression": expression})["result"]["objectId"]
        node = devtools.send("Accessibility.getPartialAXTree", {"objectId": found, "fetchRelatives": False})["nodes"][0]
        element = self.page.evaluate_handle(f"() => {expression}").as_element()
        role, name = (node.get(key, {}).get("value", "") for key in ("role", "name"))
        return Control(element, role, name.strip(), element.evaluate("e => e.outerHTML.slice(0, 120)"))

    @functools.cached_property
    def _devtools(self) -> Any:
        return self.page.context.new_cdp_session(self.page)

    def has_focus(self, control: Control) -> bool:
        """True if keys go to it now."""
        return control.element.evaluate("e => document.activeElement === e")

    def cells(self) -> tuple[int, int]:
        """(number of cells, index of the selected one): what a stolen key would change."""
        return tuple(
            self.page.evaluate(
                """() => { const all = [...document.querySelectorAll(".jp-Notebook .jp-Cell")];
                           return [all.length, all.findIndex(e => e.classList.contains("jp-mod-active"))]; }"""
            )
        )

    def there(self, control: Control) -> bool:
        """True if it can still be seen: what one control does may take away another."""
        return control.element.evaluate(THERE)

    def focus(self, control: Control) -> bool:
        """Give a control the focus, and say whether it is still there to take it."""
        return control.element.evaluate(FOCUS)

    def taken(self) -> list[str]:
        """Each command that JupyterLab took a key in an output for, since this was first asked."""
        taken = self.page.evaluate(TAKEN, OUTPUT)
        return [f"{key}: {command} on {control}" for command, key, control in taken]

    def press(self, key: str) -> None:
        """Press a key where the focus is, and wait until nothing changes any more."""
        self.page.keyboard.press(key)
        self.settle()

    def go(self, name: str, nth: int = 0, area: Locator | None = None) -> Locator:
        """Tab from the first control on (of `area`, an output) until the control of this name has the focus.

        `nth` counts those of the same name.
        """
        place = area.element_handle() if area else None
        inside = "([place, e]) => !place || place.contains(e)"
        controls = [c for each in self.controls() for c in each if self.page.evaluate(inside, [place, c.element])]
        same = [control for control in controls if control.name == name]
        if len(same) <= nth:
            raise AssertionError(f"there is no control `{name}`, only {[str(control) for control in controls]}")
        controls[0].element.focus()
        for _ in controls:
            if self.has_focus(same[nth]):
                return self.page.locator(":focus")
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach `{name}`, only {[str(control) for control in controls]}")

    def use(self, name: str, key: str = "Space", nth: int = 0, area: Locator | None = None) -> None:
        """Go to a control and press a key on it."""
        self.go(name, nth, area)
        self.press(key)

    def write(self, name: str, words: str, key: str = "Enter", area: Locator | None = None) -> None:
        """Go to a field, replace what stands in it, and leave it by a key."""
        self.go(name, area=area)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(words)
        self.press(key)

    def says(self, words: str, area: Locator | None = None) -> None:
        """Wait until a status line, as it is announced, has these words in it: the kernel may need its time."""
        expect((area or self.page).locator(SPOKEN)).to_contain_text(words, timeout=PATIENCE)

    def shows(self, title: str | re.Pattern[str], area: Locator | None = None) -> None:
        """Wait until the lab's picture, of the size that is shown, has this title."""
        expect((area or self.page).locator(SHOWN)).to_have_text(title, timeout=PATIENCE)

    def screenshot(self, path: Path | str) -> None:
        """Save the whole notebook as a picture."""
        height = self.page.evaluate(HEIGHT)
        width = self.page.viewport_size["width"]
        self.page.set_viewport_size({"width": width, "height": min(height + 200, 15000)})
        self.settle()
        self.page.locator(".jp-Notebook").first.screenshot(path=str(path))
        self.page.set_viewport_size({"width": width, "height": TALL})

    def leave(self) -> None:
        """Close the notebook, without saving it, and stop its kernel; the page is ready for another."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.dispose()")
        self._stop()

    def close(self) -> None:
        """Leave the page and stop its kernel."""
        self.page.close()
        self._stop()

    def _stop(self) -> None:
        for session in self.lab.api("sessions"):
            if session["path"] == self.path:
                self.lab.api(f"sessions/{session['id']}", "DELETE")


class Lab:
    """A JupyterLab server of the tests' own, and the browser looking at it."""

    def __init__(self, browser: Browser, url: str, token: str, folder: Path) -> None:
        self.browser, self.url, self.token, self.folder = browser, url, token, folder

    def api(self, path: str, method: str = "GET") -> Any:
        """One call to the server's REST interface."""
        request = urllib.request.Request(
            f"{self.url}/api/{path}", method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.loads(reply.read() or "null")

    def open(
        self, book: str, theme: Theme = "light", width: int = 1280, height: int = TALL, shell: str = "doc"
    ) -> Book:
        """Open a notebook (its path below the server's folder), not run, not trusted; close it when done.

        In the shell "lab" it stands beside the file browser.
        """
        page = self.browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(90_000)
        page.goto(f"{self.url}/{shell}/tree/{book}?token={self.token}&reset")
        opened = self._ready(page, book)
        opened.theme(theme)
        return opened

    def next(self, page: Page, book: str) -> Book:
        """Open a notebook in a page whose last one was left: to load JupyterLab takes longer than to open a notebook."""
        page.evaluate("path => window.jupyterapp.commands.execute('docmanager:open', {path}).then(() => null)", book)
        page.wait_for_function("path => window.jupyterapp.shell.currentWidget?.context?.path === path", arg=book)
        return self._ready(page, book)

    def _ready(self, page: Page, book: str) -> Book:
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_function(CONNECTED)
        return Book(page, self, book)

    def scratch(self, *sources: str, theme: Theme = "light", width: int = 1280, **more: Any) -> Book:
        """Open a new notebook of these code cells."""
        name = f"scratch_{secrets.token_hex(4)}.ipynb"
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), self.folder / name)
        return self.open(name, theme, width, **more)


@contextlib.contextmanager
def server(folder: Path) -> Iterator[tuple[str, str]]:
    """(address, token) of a JupyterLab on a free loopback port, knowing nothing of this machine's user.

    `folder/work` is what it shows; settings, configuration and data are beside it.
    """
    for name, value in SETTINGS.items():
        file = folder / "settings/@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(value), encoding="utf-8")
    page_config = folder / "config/labconfig/page_config.json"
    page_config.parent.mkdir(parents=True)
    page_config.write_text(json.dumps({"buildAvailable": False, "buildCheck": False}))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "IPYTHON"))}
    environment |= {
        "JUPYTER_TOKEN": token,
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_CONFIG_PATH": str(ROOT / "binder/jupyter"),
        "JUPYTER_PATH": str(ROOT / "binder/jupyter"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
        "XDG_DATA_HOME": str(folder / "home"),  # where a learner's progress would be kept
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser"]
    command += [
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={folder / 'work'}",
    ]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder / "work", env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/api/status?token={token}", process, folder / "server.log")
        yield url, token
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")
