import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
PINS = "binder/requirements.txt"


@pytest.fixture(scope="module")
def dockerfile(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What repo2docker would build from this repository; needs no Docker."""
    copy = tmp_path_factory.mktemp("repository")
    shutil.copytree(ROOT / "binder", copy / "binder")
    for name in ("requirements.txt", "pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, copy)
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(copy)]
    done = subprocess.run(command, cwd=copy.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_it_uses_the_python_of_runtime_txt(dockerfile: str) -> None:
    assert "python=3.12" in dockerfile or "python-2d3-2e12" in dockerfile or "py-2d3-2e12" in dockerfile


def test_the_pins_are_installed_before_the_repository_is_copied_so_that_a_commit_does_not_install_them_anew(
    dockerfile: str,
) -> None:
    installed = dockerfile.index('pip install --no-cache-dir -r "binder/requirements.txt"')
    copied = dockerfile.index("COPY --chown=0:0 src/ ${REPO_DIR}/")
    assert installed < copied < dockerfile.index("RUN ./binder/postBuild")


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


def test_it_installs_what_the_course_and_a_terminal_need_at_the_versions_that_are_tested() -> None:
    here, tested = pins(PINS), pins("requirements.txt")
    assert here.items() <= tested.items()
    assert {"boto3", "ipywidgets", "matplotlib", "jupyterlab", "uvicorn", "awscli", "hatchling"} <= set(here)
    assert not {"pytest", "playwright", "moto", "mypy", "ruff", "jupyter-repo2docker", "nbval"} & set(here)


def test_it_stays_under_500_mb() -> None:
    """The files of the packages, without the bytecode that pip makes of them, as they are installed here."""
    wanted = pins(PINS)
    here = [each for each in distributions() if re.sub(r"[-_.]+", "-", each.metadata["Name"]).lower() in wanted]
    assert len(here) > 100
    files = {str(file): file.size or 0 for each in here for file in each.files or () if file.suffix != ".pyc"}
    assert 300_000_000 < sum(files.values()) < 500_000_000


def test_each_session_begins_with_start(dockerfile: str) -> None:
    assert 'R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in dockerfile


@pytest.mark.parametrize("name", ["postBuild", "start"])
def test_its_scripts_can_run(name: str) -> None:
    script = ROOT / "binder" / name
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)


def test_start_hands_over_to_jupyter_and_silences_the_news() -> None:
    done = subprocess.run(
        [ROOT / "binder/start", "sh", "-c", 'cat "$JUPYTER_CONFIG_PATH/labconfig/page_config.json"'],
        env={**os.environ, "REPO_DIR": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "announcements" in done.stdout


def test_start_gives_jupyter_the_kernel_that_answers_unknown_names() -> None:
    done = subprocess.run(
        [ROOT / "binder/start", "sh", "-c", 'cat "$JUPYTER_PATH/kernels/python3/kernel.json"'],
        env={**os.environ, "REPO_DIR": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "--ext=kms_teach.kernel" in done.stdout


@pytest.mark.parametrize("name", ["requirements.txt", "binder/requirements.txt"])
def test_the_pins_are_hashed_and_name_no_server(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE)
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert [block.split()[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []
