"""One place holds the repository's address, and one command writes it everywhere."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from scripts import links

ROOT = Path(__file__).parents[1]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for page in links.PAGES:
        for path in filter(Path.is_file, ROOT.glob(page)):
            (tmp_path / path.relative_to(ROOT)).parent.mkdir(exist_ok=True, parents=True)
            shutil.copy(path, tmp_path / path.relative_to(ROOT))
    return tmp_path


def test_every_link_is_moved_and_moved_again(copy: Path) -> None:
    was = links.address(copy)
    before = {path: path.read_text() for path in copy.rglob("*") if path.is_file()}
    assert copy / "README.md" in links.move("harbour/kms", copy)
    assert links.address(copy) == "harbour/kms"
    left = [path for path in before if re.search(rf"/{re.escape(was)}(?![\w-])", path.read_text())]
    assert left == []
    hub = (copy / "deploy" / "jupyterhub" / "README.md").read_text()
    assert "repo=https%3A%2F%2Fgithub.com%2Fharbour%2Fkms&urlpath=lab%2Ftree%2Fkms%2Fnotebooks" in hub
    assert "mybinder.org/v2/gh/harbour/kms/HEAD" in (copy / "README.md").read_text()
    assert links.move("harbour/kms", copy) == []
    links.move(was, copy)
    assert {path: path.read_text() for path in before} == before


def test_no_other_file_links_to_the_repository() -> None:
    """A link that `make links` does not know would stay a placeholder for ever."""
    known = {path for page in links.PAGES for path in ROOT.glob(page)}
    link = f"github.com/{links.address()}"
    looked = [
        *ROOT.glob("*.md"),
        *ROOT.glob("*.toml"),
        *(ROOT / "notebooks").iterdir(),
        *(ROOT / "kms_teach").rglob("*.py"),
    ]
    assert [path for path in looked if path not in known and path.is_file() and link in path.read_text()] == []


@pytest.mark.parametrize("typed", [[], ["kms"], ["a b/c"], ["https://github.com/a/b"], ["OWNER/REPO"], ["a/b", "c/d"]])
def test_what_is_no_name_of_a_repository_gets_a_sentence_and_changes_nothing(typed: list[str]) -> None:
    assert links.main(typed) == "say whose repository it is, as on GitHub: make links OWNER/REPO"


def test_the_page_of_the_package_has_no_link_that_leads_nowhere() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        hook = tomllib.load(file)["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]
    page = (ROOT / "README.md").read_text()
    for substitution in hook["substitutions"]:
        page = re.sub(substitution["pattern"], substitution["replacement"], page)
    addresses = re.findall(r"\]\(([^)]+)\)", page)
    assert len(addresses) > 15
    assert [address for address in addresses if not address.startswith("https://")] == []
    assert f"https://github.com/{links.address()}/raw/HEAD/docs/picture.svg" in addresses
