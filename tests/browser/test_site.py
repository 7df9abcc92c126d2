"""The course as a site: nothing leads nowhere, no answer stands open, it reads on a phone, and nothing is fetched elsewhere."""

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page, expect

from kms_teach.teaching.catalog import CHAPTERS
from kms_teach.teaching.lab import ANSWER
from kms_teach.wire.services import APIS
from scripts import site
from tests.browser.jupyter import CONNECTED, PATIENCE, SAVED, TALL, Book, Lab, axe_source
from tests.site import pyodide
from tests.site.static import served

NOTEBOOKS = site.notebooks()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with a Pyodide of its own, so that it runs without any other server."""
    folder = tmp_path_factory.mktemp("pyodide")
    tarball = pyodide.tarball(folder / "pyodide.tar.bz2", pyodide.folder(folder / "pyodide"))
    site.main(["--pyodide", str(tarball)])
    return site.BUILD / "html"


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    with served(built) as address:
        yield address


@pytest.fixture
def opened(lab: Lab, address: str) -> Iterator:
    """`opened(page, width, scheme)`: a page of the site, and the addresses elsewhere that it asked for."""
    contexts = []

    def open_(name: str, width: int = 1366, scheme: str = "light") -> tuple[Page, list[str]]:
        contexts.append(lab.browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme))
        page, elsewhere = contexts[-1].new_page(), []
        page.on(
            "request", lambda sent: elsewhere.append(sent.url) if not sent.url.startswith((address, "data:")) else None
        )
        page.goto(address + name, wait_until="networkidle")
        return page, elsewhere

    yield open_
    for context in contexts:
        context.close()


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_no_link_and_no_picture_leads_nowhere(built: Path) -> None:
    dead, seen = [], 0
    for path in sorted(built.glob("*.html")):
        for tag in soup(path).find_all(["a", "img", "link", "script", "source"]):
            link = urlsplit(tag.get("href") or tag.get("src") or tag.get("srcset") or "")
            if link.scheme or link.netloc or not link.path:
                continue
            seen += 1
            to = (path.parent / unquote(link.path)).resolve()
            notebook = parse_qs(link.query).get("path", [])
            if not to.exists() or any(not (built / "run" / "files" / name).exists() for name in notebook):
                dead.append(f"{path.name}: {link.geturl()}")
    assert dead == []
    assert seen > 500


def test_every_chapter_can_be_read_and_every_answer_is_closed(built: Path) -> None:
    for path in NOTEBOOKS:
        page = soup(built / f"{path.stem}.html")
        answers = page.select(f"details.{ANSWER}")
        stored = sum("".join(output.get("data", {}).get("text/html", "")).count(f'<details class="{ANSWER}')
                     for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", []))  # fmt: skip
        assert len(answers) == stored
        assert not any(details.has_attr("open") for details in answers)
        assert page.select_one(f'a[href="run/lab/index.html?path={path.name}"]')
    assert sum(len(soup(built / f"{path.stem}.html").select(f"details.{ANSWER}")) for path in NOTEBOOKS) > 50


def test_what_runs_in_the_browser_is_the_chapter_after_a_cell_that_installs(built: Path) -> None:
    for path in NOTEBOOKS:
        here = nbformat.read(path, as_version=4)
        there = nbformat.read(built / "run" / "files" / path.name, as_version=4)
        assert [cell.source for cell in there.cells if cell.id != "install"] == [cell.source for cell in here.cells]
        first = next(cell for cell in there.cells if cell.cell_type == "code")
        assert (first.source, first.metadata.jupyter.source_hidden) == (site.INSTALL, True)
    assert not any("%pip" in path.read_text(encoding="utf-8") for path in NOTEBOOKS)


def test_the_browser_gets_every_package_from_the_site(built: Path) -> None:
    configured = json.loads((built / "run" / "jupyter-lite.json").read_text())["jupyter-config-data"]
    kernel = configured["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"]
    assert kernel["disablePyPIFallback"] is True
    wheels = {re.sub(r"[-_.]+", "-", path.name.split("-")[0]).lower() for path in built.glob("run/pypi/*.whl")}
    pinned = set(re.findall(r"^([\w-]+)==", site.WHEELS.read_text(), re.MULTILINE))
    assert wheels == {*pinned, "kms-teach"}


def test_of_botocore_the_browser_gets_the_services_that_the_simulator_has(built: Path) -> None:
    (path,) = built.glob("run/pypi/botocore-*.whl")
    with zipfile.ZipFile(path) as wheel:
        files = wheel.namelist()
        (record,) = (name for name in files if name.endswith("/RECORD"))
        listed = [row[0] for row in csv.reader(wheel.read(record).decode().splitlines())]
    assert {parts[2] for name in files if len(parts := name.split("/")) > 3 and parts[:2] == ["botocore", "data"]} == {
        *APIS
    }
    assert sorted(listed) == sorted(files)
    assert path.stat().st_size < 2_000_000


@pytest.mark.parametrize("name", ["index", "05_rotation", "glossary"])
@pytest.mark.parametrize(("width", "scheme"), [(1366, "light"), (1366, "dark"), (400, "light")])
def test_a_page_reads_well_and_fetches_nothing_elsewhere(opened, name: str, width: int, scheme: str) -> None:
    page, elsewhere = opened(f"{name}.html", width, scheme)
    assert elsewhere == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(axe_source())
    found = page.evaluate("axe.run({include: [['article']]})")["violations"]
    assert [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]] == []


def test_every_column_of_a_table_has_a_name(built: Path) -> None:
    headed = {path.name: soup(path).select("article th.head") for path in built.glob("*.html")}
    assert [name for name, heads in headed.items() for head in heads if not head.get_text(strip=True)] == []
    assert sum(map(len, headed.values())) >= 10


def test_the_chapters_stand_in_their_order(opened) -> None:
    page, _ = opened("index.html")
    names = page.locator("nav.bd-links li.toctree-l1").all_inner_texts()
    numbers = [name[:2] for name in names if name[:2].isdigit()]
    assert numbers == [path.name[:2] for path in NOTEBOOKS if path.name[:2].isdigit()]
    assert len(numbers) <= len(CHAPTERS)


def test_a_chapter_runs_in_the_browser_by_keyboard_and_is_still_there_after_a_reload(lab: Lab, address: str) -> None:
    name, mine = "08_grants.ipynb", "print('a cell of mine')"  # 20 s: Pyodide and boto3 begin, and a chapter runs
    with lab.browser.new_context(viewport={"width": 1280, "height": TALL}) as context:
        elsewhere: list[str] = []
        context.on(
            "request",
            lambda sent: None if sent.url.startswith((address, "data:", "blob:")) else elsewhere.append(sent.url),
        )
        page = context.new_page()
        page.set_default_timeout(180_000)
        page.goto(f"{address}run/lab/index.html?path={name}")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_function(CONNECTED)
        book = Book(page, lab, name)
        book.run_all()
        assert book.errors() == []
        grants = book.outputs.filter(has=page.get_by_role("button", name="Let 5 minutes pass"))
        book.use("Use", area=grants)
        expect(grants.get_by_role("button", name="Call KMS")).to_be_visible(timeout=PATIENCE)
        book.use("Call KMS", area=grants)
        book.says("Denied. No IAM policy of worker", grants)
        book.use("Give", area=grants)
        expect(grants.get_by_role("button", name="CreateGrant")).to_be_visible(timeout=PATIENCE)
        book.use("CreateGrant", nth=1, area=grants)
        book.shows("worker may Decrypt, and no policy was changed", grants)
        page.evaluate("""source => window.jupyterapp.shell.currentWidget.content.widgets
            .findLast(cell => cell.model.type === "code").model.sharedModel.setSource(source)""", mine)  # fmt: skip
        page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
        page.wait_for_function(SAVED)
        page.reload()
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_function("() => window.jupyterapp.shell.currentWidget.context.isReady")
        kept = page.evaluate("() => JSON.stringify(window.jupyterapp.shell.currentWidget.content.model.toJSON())")
        assert mine in kept
        assert "worker may Decrypt, and no policy was changed" in kept
        assert elsewhere == []
