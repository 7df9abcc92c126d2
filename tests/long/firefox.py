"""The course in Firefox: every notebook in JupyterLab, a lab by keyboard, the site's pages, and a chapter run on the site.

    python -m tests.long.firefox [FOLDER]       screenshots go there

It needs firefox-esr, and what `make test` installs. It is driven over WebDriver BiDi, spoken here in a few lines. Why not
by Playwright, which drives the other browser: it begins with a command that this Firefox does not know
(emulation.setMediaFeaturesOverride).
"""

import base64
import contextlib
import itertools
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import websocket

from scripts import site
from tests.browser import jupyter
from tests.site import pyodide
from tests.site.static import served

PATIENCE = 240  # seconds
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "End": "\ue010", "ArrowRight": "\ue014", "Space": " "}
OUTPUTS = f"[...document.querySelectorAll({json.dumps(jupyter.OUTPUT)})]"
CHAPTER = "08_grants.ipynb"
GRANTS = [  # what is used by keyboard, and what must then be read
    ("Use", None),
    ("Call KMS", "Denied. No IAM policy of worker"),
    ("Give", None),
    ("CreateGrant", "worker may Decrypt, and no policy was changed"),
]
IN_LAB = """e => e.matches("button, input") && [...e.closest(".kms-teach")?.querySelectorAll("button") ?? []]
    .some(each => each.textContent.trim() === "Let 5 minutes pass")"""
SHOW_LAB = """() => {  // a cell far away is not in the page's layout
    const book = window.jupyterapp.shell.currentWidget.content;
    const at = book.widgets.findIndex(cell => cell.model.sharedModel.source.includes("GrantLab"));
    return book.scrollToItem(at, "start").then(() => null);
}"""
OPEN = """() => document.querySelector(".jp-Notebook .jp-Cell") && window.jupyterapp?.shell.currentWidget?.context.isReady"""
SAVE = "() => window.jupyterapp.commands.execute('docmanager:save').then(() => null)"
KEPT = "() => JSON.stringify(window.jupyterapp.shell.currentWidget.content.model.toJSON())"
PAGES = ["index", *(path.stem for path in site.notebooks()), "glossary"]


class Page:
    """The one tab of a Firefox."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self.socket, self.numbers = socket, itertools.count(1)
        self._send("session.new", capabilities={})
        self.tab = self._send("browsingContext.create", type="tab")["context"]  # the first one is the browser's own

    def _send(self, method: str, **given: Any) -> Any:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": given}))
        while True:
            told = json.loads(self.socket.recv())
            if told.get("id") == number:
                assert told["type"] == "success", f"{method}: {told}"
                return told["result"]

    def size(self, width: int, height: int = 900) -> None:
        self._send("browsingContext.setViewport", context=self.tab, viewport={"width": width, "height": height})

    def goto(self, address: str) -> None:
        self._send("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def reload(self) -> None:
        self._send("browsingContext.reload", context=self.tab, wait="complete")

    def ask(self, function: str, *given: Any) -> Any:
        """What a function gives in the page, of values that are JSON."""
        code = f"async given => JSON.stringify(await ({function})(...JSON.parse(given))) ?? 'null'"
        arguments = [{"type": "string", "value": json.dumps(given)}]
        called = self._send(
            "script.callFunction",
            functionDeclaration=code,
            arguments=arguments,
            awaitPromise=True,
            target={"context": self.tab},
        )
        assert called["type"] == "success", called["exceptionDetails"]["text"]
        return json.loads(called["result"]["value"])

    def run(self, source: str) -> None:
        """Load a script into the page."""
        target = {"context": self.tab}
        self._send("script.evaluate", expression=f"{source};0", target=target, awaitPromise=False)

    def until(self, function: str, *given: Any) -> None:
        """Wait for it to be so."""
        end = time.monotonic() + PATIENCE
        while not self.ask(function, *given):
            assert time.monotonic() < end, (
                f"never so: {function}\n{self.ask('() => document.body.innerText.slice(-800)')}"
            )
            time.sleep(0.1)

    def press(self, key: str) -> None:
        each = [{"type": kind, "value": KEYS[key]} for kind in ("keyDown", "keyUp")]
        self._send(
            "input.performActions", context=self.tab, actions=[{"type": "key", "id": "keyboard", "actions": each}]
        )

    def named(self, name: str) -> list[dict[str, Any]]:
        """The elements that a screen reader would call so."""
        locator = {"type": "accessibility", "value": {"name": name}}
        return self._send("browsingContext.locateNodes", context=self.tab, locator=locator)["nodes"]

    def holds(self, function: str, node: dict[str, Any]) -> bool:
        """Whether a function says yes to an element."""
        told = self._send(
            "script.callFunction",
            functionDeclaration=f"e => Boolean(({function})(e))",
            arguments=[{"sharedId": node["sharedId"]}],
            awaitPromise=False,
            target={"context": self.tab},
        )
        return told["result"]["value"]

    def picture(self, path: Path) -> None:
        told = self._send("browsingContext.captureScreenshot", context=self.tab)
        path.write_bytes(base64.b64decode(told["data"]))


@contextlib.contextmanager
def firefox(dark: bool = False) -> Iterator[Page]:
    """A Firefox that knows nothing of this machine's user."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, tempfile.TemporaryFile("w+") as log:
        wished = {"layout.css.prefers-color-scheme.content-override": 0 if dark else 1, "focusmanager.testmode": True}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in wished.items()]
        Path(profile, "user.js").write_text("".join(lines), encoding="utf-8")
        command = ["firefox-esr", "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            end, found = time.monotonic() + 60, None
            while not found:
                assert process.poll() is None
                assert time.monotonic() < end
                time.sleep(0.2)
                log.seek(0)
                found = re.search(r"WebDriver BiDi listening on (ws://\S+)", log.read())
            socket = websocket.create_connection(f"{found[1]}/session", timeout=PATIENCE, suppress_origin=True)
            yield Page(socket)
            socket.close()
        finally:
            process.terminate()
            process.wait(30)


def of_outputs(function: str) -> str:
    """A function of all outputs, as one that is given none."""
    return f"() => ({function})({OUTPUTS})"


def open_book(page: Page, address: str) -> None:
    page.goto(address)
    page.until(OPEN)
    page.until(jupyter.CONNECTED)


def run_all(page: Page) -> float:
    """Run the notebook that is open; seconds until the outputs are at rest."""
    start = time.perf_counter()
    page.ask(jupyter.RUN_ALL)
    page.until(jupyter.HAS_RUN)
    page.ask(jupyter.SETTLED)
    return time.perf_counter() - start


def axe(page: Page, where: str) -> list[str]:
    page.run(jupyter.axe_source())
    found = page.ask("where => axe.run({include: [[where]]}).then(told => told.violations)", where)
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def use(page: Page, name: str) -> None:
    """Tab to the control of this name in the lab, the last of those that share it, and press Space."""
    end, here = time.monotonic() + PATIENCE, []
    while not here:
        here = [node for node in page.named(name) if page.holds(IN_LAB, node)]
        assert time.monotonic() < end, f"nothing is called {name}"
    page.ask(f"() => [...document.querySelectorAll('.kms-teach button, .kms-teach input')].find({IN_LAB}).focus()")
    for _ in range(40):
        if page.holds("e => document.activeElement === e", here[-1]):
            page.press("Space")
            page.ask(jupyter.SETTLED)
            return
        page.press("Tab")
    raise AssertionError(f"Tab does not reach {name}")


def grants_by_keyboard(page: Page) -> None:
    """Chapter 08's lab, run already: a grant is refused and given."""
    page.ask(SHOW_LAB)
    for name, said in GRANTS:
        use(page, name)
        if said:
            page.until("said => document.body.textContent.includes(said)", said)


def laboratory(page: Page, pictures: Path) -> Iterator[str]:
    """JupyterLab: every notebook, and one lab by keyboard, saved, reloaded and there."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(jupyter.ROOT / "notebooks", Path(folder, "work"))
        with jupyter.server(Path(folder)) as (url, token):
            page.size(1280, jupyter.TALL)
            for path in site.notebooks():
                open_book(page, f"{url}/doc/tree/{path.name}?token={token}&reset")
                taken = run_all(page)
                wrong = page.ask(of_outputs(jupyter.ERRORS)) + page.ask(of_outputs(jupyter.OVERFLOWING))
                drawn = page.ask(of_outputs(jupyter.PICTURES))
                wrong += [each["start"] for each in drawn if not each["name"]]
                wrong += axe(page, jupyter.OUTPUT)
                if path.name == CHAPTER:
                    grants_by_keyboard(page)
                    page.ask(SAVE)
                    page.until(jupyter.SAVED)
                    page.reload()
                    page.until(OPEN)
                    assert GRANTS[-1][1] in page.ask(KEPT)
                page.picture(pictures / f"lab-{path.stem}.png")
                assert wrong == [], (path.name, wrong)
                yield f"JupyterLab: {path.name} ran in {taken:.1f} s, {sum(each['shown'] for each in drawn)} pictures"


def reading(page: Page, address: str, pictures: Path, scheme: str, widths: list[int]) -> Iterator[str]:
    """The site's pages: nothing is cut off, axe finds nothing, nothing is fetched elsewhere."""
    for width in widths:
        page.size(width)
        for name in PAGES:
            page.goto(f"{address}{name}.html")
            asked = page.ask("() => performance.getEntriesByType('resource').map(each => each.name)")
            assert [each for each in asked if not each.startswith((address, "data:"))] == [], name
            assert page.ask("() => document.documentElement.scrollWidth") <= width, name
            assert (found := axe(page, "article")) == [], (name, found)
            page.picture(pictures / f"{name}-{width}-{scheme}.png")
        yield f"the site: {len(PAGES)} pages, {width} px, {scheme}"


def running(page: Page, address: str, pictures: Path) -> Iterator[str]:
    """JupyterLite: a chapter run whole, its lab by keyboard, saved, reloaded and there."""
    page.size(1280, jupyter.TALL)
    start = time.perf_counter()
    open_book(page, f"{address}run/lab/index.html?path={CHAPTER}")
    begun = time.perf_counter() - start
    taken = run_all(page)
    assert (wrong := page.ask(of_outputs(jupyter.ERRORS))) == [], wrong
    grants_by_keyboard(page)
    page.picture(pictures / "lite.png")
    page.ask(SAVE)
    page.until(jupyter.SAVED)
    page.reload()
    page.until(OPEN)
    assert GRANTS[-1][1] in page.ask(KEPT)
    yield f"JupyterLite: Python was there after {begun:.1f} s, {CHAPTER} ran in {taken:.1f} s"


def main(pictures: Path) -> None:
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        made = pyodide.folder(Path(folder, "pyodide"))
        site.main(["--pyodide", str(pyodide.tarball(Path(folder, "pyodide.tar.bz2"), made))])
    parts: list[tuple[bool, Callable[[Page, str], Iterator[str]]]] = [
        (False, lambda page, _: laboratory(page, pictures)),
        (False, lambda page, at: reading(page, at, pictures, "light", [1366, 400])),
        (True, lambda page, at: reading(page, at, pictures, "dark", [1366])),
        (False, lambda page, at: running(page, at, pictures)),
    ]
    with served(site.BUILD / "html") as address:
        for dark, part in parts:
            with firefox(dark) as page:
                for line in part(page, address):
                    print(line, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp()))
