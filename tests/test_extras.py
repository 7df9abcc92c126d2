"""Each extra, installed alone: the wheel of this tree in a fresh environment, with the pins as constraints.

Slow: 2 to 5 seconds for each environment, in which everything is imported for the first time; JupyterLab alone takes 3
to say its version.
"""

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # each extra is installed into an environment of its own; JupyterLab takes some 8 s

ROOT = Path(__file__).parents[1]
UV = [sys.executable, "-m", "uv"]
ALL = ("uvicorn", "httptools", "ipywidgets", "anywidget", "matplotlib", "jupyterlab")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture
def installed(wheel, tmp_path):
    """Make an environment with an extra; gives its folder of commands."""

    def install(extra):
        place = tmp_path / "venv"
        subprocess.run([*UV, "venv", "--quiet", "--python", sys.executable, place], check=True)
        command = [
            *UV, "pip", "install", "--quiet", "--python", place, "--constraints", ROOT / "requirements.txt",
            f"kms-teach{extra} @ {wheel.as_uri()}",
        ]  # fmt: skip
        cached = subprocess.run([*command, "--offline"], capture_output=True, check=False)  # as `make setup` left it
        if cached.returncode:
            subprocess.run(command, check=True)
        return place / "bin"

    return install


def told(bin_, code):
    """What a program prints there, away from this tree."""
    done = subprocess.run(
        [bin_ / "python", "-W", "error", "-c", code], cwd=bin_, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def there(bin_):
    return told(bin_, f"import importlib.util; print(*(m for m in {ALL} if importlib.util.find_spec(m)))").split()


ENCRYPT = """
from importlib.resources import files
from kms_teach import Simulator, __version__
from kms_teach.chapters.start import picture
with Simulator() as sim:
    kms = sim.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"hello")["CiphertextBlob"]
    sim.enclave(b"image").document()
    picture.opened(sim.trail[-1])
    print(kms.decrypt(CiphertextBlob=blob)["Plaintext"])
assert (files("kms_teach.chapters.envelope") / "lake.jpg").is_file() and (files("kms_teach") / "py.typed").is_file()
"""


def test_the_core_encrypts_and_a_command_that_needs_more_says_what_to_install(installed):
    core = installed("")
    assert there(core) == []
    assert told(core, ENCRYPT) == "b'hello'"
    for command in ([core / "kms-teach"], [core / "python", "-m", "kms_teach"]):
        serve = subprocess.run([*command, "serve"], cwd=core, capture_output=True, text=True, check=False)
        assert (serve.returncode, serve.stdout) == (2, "")
        assert serve.stderr == 'kms-teach: `serve` needs uvicorn: pip install "kms-teach[serve]"\n'
    lab = subprocess.run([core / "kms-teach", "lab", "here"], cwd=core, capture_output=True, text=True, check=False)
    assert (lab.returncode, lab.stderr) == (2, 'kms-teach: `lab` needs jupyterlab: pip install "kms-teach[lab]"\n')


def test_with_serve_it_answers_over_http(installed):
    bin_ = installed("[serve]")
    assert there(bin_) == ["uvicorn", "httptools"]
    with subprocess.Popen([bin_ / "kms-teach", "serve"], cwd=bin_, stdout=subprocess.PIPE, text=True) as server:
        address = server.stdout.readline().split()[-1]
        client = f"boto3.client('sts', 'us-east-1', endpoint_url={address!r}, aws_access_key_id='test', aws_secret_access_key='test')"
        assert told(bin_, f"import boto3; print({client}.get_caller_identity()['Account'])") == "111122223333"
        server.terminate()


def test_with_course_a_lab_is_made(installed):
    bin_ = installed("[course]")
    assert there(bin_) == ["ipywidgets", "anywidget", "matplotlib"]
    made = "from kms_teach import Simulator; from kms_teach.chapters.envelope import lab; print(lab.EnvelopeLab(Simulator()).at)"
    assert told(bin_, made) == "0"


def test_with_lab_the_course_is_copied_and_opened(installed, tmp_path):
    bin_ = installed("[lab]")
    assert set(there(bin_)) == set(ALL)
    folder = tmp_path / "my course"
    said = []
    with subprocess.Popen(
        [bin_ / "kms-teach", "lab", folder, "--port", "18888"], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as started:
        said = [started.stdout.readline()]
        while not said[-1].startswith("The course is at"):
            assert said[-1], said
            said.append(started.stdout.readline())
        address, _, token = said[-1].split()[-1].partition("?token=")
        request = urllib.request.Request(
            address.replace("/lab/tree/", "/api/contents/"), headers={"Authorization": f"token {token}"}
        )
        with urllib.request.urlopen(request) as answer:
            book = json.load(answer)
        started.send_signal(signal.SIGINT)
    assert started.returncode == 0
    assert f"copied to {folder}" in said[0]
    assert book["name"] == "00_start_here.ipynb" and book["content"]["cells"]
    assert {path.name for path in folder.glob("*.ipynb")} == {
        path.name for path in (ROOT / "notebooks").glob("*.ipynb")
    }
