import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


CLIENTS = Path(__file__).parents[2] / ".venv" / "clients" / "bin"


@pytest.fixture(scope="session")
def address():
    """A `kms-teach serve` of its own, as another program meets it."""
    process = subprocess.Popen([BIN / "kms-teach", "serve"], stdout=subprocess.PIPE, text=True)
    yield re.search(r"http://\S+", process.stdout.readline())[0]
    process.terminate()
    assert process.wait(10) == 0
    process.stdout.close()


@pytest.fixture(scope="session")
def installed():
    """The folder of other people's programs; without it, a test fails and says what to type."""
    if not (CLIENTS.parent / "installed-from").exists():
        pytest.fail("the clients are not installed. Type: make clients", pytrace=False)
    return CLIENTS


@pytest.fixture
def shell(address, installed, tmp_path):
    """Run a command as in a shell that knows nothing but where the server is; gives what it prints. more: variables, an empty one is taken away."""

    def run(*command, more=None, well=True, cwd=tmp_path):
        environment = {
            "PATH": f"{installed}:{BIN}:{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "LANG": "C.UTF-8",
            "AWS_ENDPOINT_URL": address,
            "AWS_ENDPOINT_URL_STS": address,  # as `kms-teach env` says it
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        given = environment | (more or {})
        ran = subprocess.run(
            [*map(str, command)],
            cwd=cwd,
            env={name: value for name, value in given.items() if value},
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert (ran.returncode == 0) == well, ran.stdout[-2000:] + ran.stderr[-2000:]
        return ran.stdout if well else ran.stdout + ran.stderr

    return run


@pytest.fixture
def role(shell, tmp_path):
    """The ARN of a role that alice may assume; `alice` and `app` are profiles."""
    name, app = (f"{word}-{tmp_path.name[-20:]}" for word in ("alice", "app"))
    user = json.loads(shell("aws", "iam", "create-user", "--user-name", name))["User"]["Arn"]
    trusted = {"Effect": "Allow", "Principal": {"AWS": user}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [trusted]})
    create = ("aws", "iam", "create-role", "--role-name", app, "--assume-role-policy-document", trust)
    arn = json.loads(shell(*create))["Role"]["Arn"]
    key = json.loads(shell("aws", "iam", "create-access-key", "--user-name", name))["AccessKey"]
    folder = tmp_path / ".aws"
    folder.mkdir()
    (folder / "config").write_text(f"[profile app]\nrole_arn = {arn}\nsource_profile = alice\n")
    (folder / "credentials").write_text(
        f"[alice]\naws_access_key_id = {key['AccessKeyId']}\naws_secret_access_key = {key['SecretAccessKey']}\n"
    )
    return arn
