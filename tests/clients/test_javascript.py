"""AWS's clients for JavaScript, and its Encryption SDK, over HTTP."""

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

JS = Path(__file__).with_name("js")


def test_javascript_is_answered_as_python_is(shell, address):
    told = [json.loads(line) for line in shell("node", "talk.js", address, cwd=JS).splitlines()]
    assert {said["step"]: said["fact"] for said in told} == {
        "caller": "arn:aws:iam::111122223333:root",
        "user": "arn:aws:iam::111122223333:user/javascript",
        "taken": "EntityAlreadyExistsException",
        "created": "Enabled",
        "opened": "hello",
        "data key": 32,
        "listed": True,
        "refused": "InvalidCiphertextException",
        "encryption sdk": "hello",
    }
