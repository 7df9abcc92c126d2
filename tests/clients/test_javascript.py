"""AWS's client for JavaScript over HTTP. It needs node and its packages, and says so when it does not run."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

JS = Path(__file__).with_name("js")
INSTALLED = shutil.which("node") and (JS / "node_modules" / "@aws-sdk" / "client-kms").exists()


@pytest.mark.skipif(not INSTALLED, reason="not installed: npm install --no-package-lock --prefix tests/clients/js")
def test_javascript_is_answered_as_python_is(address):
    talked = subprocess.run(
        ["node", "talk.js", address], cwd=JS, capture_output=True, text=True, check=False, timeout=120
    )
    assert talked.returncode == 0, talked.stderr[-2000:]
    assert {said["step"]: said["fact"] for said in map(json.loads, talked.stdout.splitlines())} == {
        "created": "Enabled",
        "opened": "hello",
        "data key": 32,
        "listed": True,
        "refused": "InvalidCiphertextException",
        "encryption sdk": "hello",
    }
