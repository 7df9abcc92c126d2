import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts import clients, site
from tests.site import pyodide

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="session")
def pyodide_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pyodide, the kernel's packages and the stand-in."""
    if not clients.STAMP.exists():
        pytest.fail("the clients are not installed. Type: make clients", pytrace=False)
    return pyodide.folder(tmp_path_factory.mktemp("browser") / "pyodide")


@pytest.fixture(scope="session")
def packages(pyodide_folder: Path) -> Path:
    """What the site brings beside Pyodide, unpacked."""
    site.prepare()
    to, wheels = pyodide_folder.with_name("packages"), pyodide_folder.with_name("wheels")
    site.bring(wheels)
    brought = pyodide.needed(pyodide.lock()["packages"])
    kernel = site.PLACE.glob("share/jupyter/labextensions/@jupyterlite/**/pyodide_kernel-*.whl")
    for path in (*kernel, *wheels.glob("*.whl")):
        if path.name.split("-")[0].replace("_", "-").lower() not in brought:
            zipfile.ZipFile(path).extractall(to)
    return to


@pytest.fixture
def python(pyodide_folder: Path, packages: Path) -> Callable[..., Any]:
    """`python(module, *arguments)`: what the module's main gives, on Pyodide in Node."""

    def run(module: str, *given: str) -> Any:
        node = clients.PLACE / "bin" / "node"
        command = [node, HERE / "run.mjs", pyodide_folder, ROOT, packages, module, *given]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
        assert ran.returncode == 0, ran.stderr[-4000:]
        return json.loads(ran.stdout)

    return run
