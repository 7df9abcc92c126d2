import base64
import errno
import json
import os
import re
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from importlib.metadata import entry_points
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

import kms_teach.wire
from kms_teach import __main__, cli

pytestmark = pytest.mark.slow

BIN = Path(sys.executable).parent
LINE = re.compile(r"kms-teach listening on (http://127\.0\.0\.1:\d+)")


@pytest.fixture
def serve(tmp_path):
    """Starts `kms-teach serve …`; gives the process and its address, read from its first line."""
    started = []

    def start(*arguments):
        process = subprocess.Popen(
            [BIN / "kms-teach", "serve", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
        started.append(process)
        found = LINE.fullmatch(process.stdout.readline().strip())
        return process, found[1] if found else process.stderr.read()

    yield start
    for process in started:
        process.kill()
        process.communicate()


def aws(address, *arguments, access_key="test", secret="test"):
    environment = {
        "PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": access_key, "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1",
    }  # fmt: skip
    return subprocess.run(
        [BIN / "aws", *arguments, "--endpoint-url", address],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_aws_command_encrypts_and_decrypts(serve, tmp_path):
    _, address = serve()
    made = aws(address, "kms", "create-key", "--description", "from the shell")
    key = json.loads(made.stdout)["KeyMetadata"]["KeyId"]
    (tmp_path / "plain.txt").write_bytes(b"attack at dawn")
    sealed = aws(address, "kms", "encrypt", "--key-id", key, "--plaintext", f"fileb://{tmp_path}/plain.txt", "--query", "CiphertextBlob", "--output", "text")  # fmt: skip
    (tmp_path / "sealed").write_bytes(base64.b64decode(sealed.stdout))
    opened = aws(
        address,
        "kms",
        "decrypt",
        "--ciphertext-blob",
        f"fileb://{tmp_path}/sealed",
        "--query",
        "Plaintext",
        "--output",
        "text",
    )
    assert opened.stdout.strip() == base64.b64encode(b"attack at dawn").decode()


def test_the_aws_command_is_told_who_it_is_and_who_it_is_not(serve):
    _, address = serve()
    assert (
        json.loads(aws(address, "sts", "get-caller-identity", access_key="999988887777").stdout)["Account"]
        == "999988887777"
    )
    assert "InvalidSignatureException" in aws(address, "kms", "list-keys", secret="wrong").stderr
    assert "UnrecognizedClientException" in aws(address, "kms", "list-keys", access_key="AKIANOBODY").stderr


def test_with_slow_a_grant_takes_its_time_and_its_token_none(serve):
    """Five minutes, which no machine is slow enough to spend here."""
    _, address = serve("--slow")
    key = json.loads(aws(address, "kms", "create-key").stdout)["KeyMetadata"]["Arn"]
    other = ["--grantee-principal", "arn:aws:iam::444455556666:root", "--operations", "DescribeKey"]
    made = aws(address, "kms", "create-grant", "--key-id", key, *other)
    look = ["kms", "describe-key", "--key-id", key]
    assert "AccessDeniedException" in aws(address, *look, access_key="444455556666").stderr
    token = json.loads(made.stdout)["GrantToken"]
    assert aws(address, *look, "--grant-tokens", token, access_key="444455556666").returncode == 0


def test_with_a_quota_a_client_over_http_is_throttled(serve, refused):
    _, address = serve("--quota", "1")
    kms = boto3.client(
        "kms", "us-east-1", endpoint_url=address, aws_access_key_id="test", aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )  # fmt: skip

    def twenty():
        for _ in range(20):
            kms.generate_random(NumberOfBytes=1)

    assert refused(twenty).code == "ThrottlingException"
    process, said = serve("--quota", "0")
    assert (process.wait(10), said) == (2, "kms-teach: --quota is a number of requests a second, 1 or more\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_and_keeps_what_it_was_told(serve, number):
    process, address = serve("--store", "class.db")
    assert aws(address, "kms", "create-key").returncode == 0
    process.send_signal(number)
    assert process.wait(10) == 0
    assert process.stderr.read() == ""
    _, address = serve("--store", "class.db")
    assert len(json.loads(aws(address, "kms", "list-keys").stdout)["Keys"]) == 1


def test_a_taken_port_and_a_bad_store_are_answered_in_a_sentence(serve):
    _, address = serve("--store", "class.db")
    port = address.rsplit(":", 1)[1]
    process, said = serve("--port", port)
    assert (process.wait(10), said) == (
        2,
        f"kms-teach: cannot listen on 127.0.0.1:{port} (Address already in use): choose another --port, or 0\n",
    )
    process, said = serve("--store", "class.db")
    assert (process.wait(10), said) == (
        2,
        "kms-teach: `class.db` is open in another process: close it there first, or use another file\n",
    )
    process, said = serve("--port", "99999")
    assert (process.wait(10), said) == (2, "kms-teach: a port is a number from 0 to 65535\n")


@pytest.mark.parametrize(
    ("typed", "package"),
    [
        (["serve", "--port", "99999"], "uvicorn"),  # a port that is none, so that it cannot serve with what is there
        (["serve", "--port", "99999"], "httptools"),
        (["serve", "--port", "99999"], "platformdirs"),
        (["env"], "platformdirs"),
    ],
)
def test_without_a_package_it_says_which_extra_brings_it(monkeypatch, capsys, typed, package):
    ours = ("kms_teach.wire.connection", "kms_teach.wire.http", "kms_teach.wire.shell")
    for module in [m for m in sys.modules if m.startswith((*ours, "uvicorn", "httptools", "platformdirs"))]:
        monkeypatch.delitem(sys.modules, module)
    for module in ("connection", "http", "shell"):
        monkeypatch.delattr(kms_teach.wire, module, raising=False)
    monkeypatch.setitem(sys.modules, package, None)  # as if it were not installed
    assert cli.main(typed) == 2
    assert capsys.readouterr() == ("", f'kms-teach: `{typed[0]}` needs {package}: pip install "kms-teach[serve]"\n')


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_without_a_name_it_does_not_listen_on_every_address(serve, host):
    process, said = serve("--host", host)
    assert (process.wait(10), said) == (
        2, f"kms-teach: say by which name others will call it: kms-teach serve --host {host} --name my-laptop.local\n",
    )  # fmt: skip


def test_a_name_is_a_name(serve):
    process, said = serve("--name", "http://kms.example.com/")
    assert process.wait(10) == 2
    assert said.startswith("kms-teach: a --name is the name or address of a machine")


def test_it_may_be_called_by_the_names_it_was_told(serve):
    _, address = serve("--name", "KMS.example.com", "--name", "kms.test")
    port = int(address.rsplit(":", 1)[1])
    for host, answered in ("kms.example.com", True), (f"kms.test:{port}", True), ("kms.example.org", False):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/", b"{}", {"Host": host})
        assert (b"MissingAuthenticationToken" in connection.getresponse().read()) is answered
        connection.close()


@pytest.mark.parametrize("command", ["serve --store", "check"])
@pytest.mark.parametrize("path", ["/", ""])
def test_what_has_no_name_is_no_store(capsys, command, path):
    assert cli.main([*command.split(), path]) == 2
    assert capsys.readouterr().err.endswith("is a folder: name a file in it, such as class.db\n")


@pytest.mark.parametrize("number", [errno.EADDRNOTAVAIL, socket.EAI_NONAME])
def test_a_host_that_is_not_here_is_said_to_be_so(capsys, monkeypatch, number):
    def listen(*_):
        raise OSError(number, "")

    monkeypatch.setattr("kms_teach.wire.http.listen", listen)
    assert cli.main(["serve", "--host", "192.0.2.1"]) == 2
    said = "kms-teach: `192.0.2.1` is no address of this machine: choose another --host, or leave it out"
    assert capsys.readouterr().err.splitlines()[-1] == said


@pytest.mark.parametrize("when", ["while it is loaded", "while it works"])
def test_who_interrupts_it_is_shown_no_traceback(monkeypatch, when):
    def interrupted(*_):
        raise KeyboardInterrupt

    if when == "while it works":
        monkeypatch.setattr(cli, "main", interrupted)
    else:
        monkeypatch.delitem(sys.modules, "kms_teach.cli")
        monkeypatch.setattr("builtins.__import__", _interrupting(__import__))
    assert __main__.main() == 130


def _interrupting(real):
    def load(name, *more):
        if name == "kms_teach.cli":
            raise KeyboardInterrupt
        return real(name, *more)

    return load


def test_the_command_and_the_module_are_the_same():
    (script,) = entry_points(group="console_scripts", name="kms-teach")
    assert script.value == "kms_teach.__main__:main"
