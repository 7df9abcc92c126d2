import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]


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


def test_it_copies_the_repository_before_it_installs_the_pins(dockerfile: str) -> None:
    copied = dockerfile.index("COPY --chown=0:0 src/ ${REPO_DIR}/")
    installed = dockerfile.index('pip install --no-cache-dir -r "binder/requirements.txt"')
    assert copied < installed < dockerfile.index("RUN ./binder/postBuild")


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


def test_the_pins_are_hashed_and_name_no_server() -> None:
    pins = (ROOT / "requirements.txt").read_text()
    assert "://" not in pins
    assert not re.search(r"^-", pins, re.MULTILINE)
    blocks = re.split(r"\n(?=\S)", pins.strip())
    assert [block.split()[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []
