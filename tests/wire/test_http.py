import contextlib
import http.client
import json
import socket
import threading

import boto3
import pytest
from botocore.config import Config

from kms_teach.wire.http import BODY_MAX, is_loopback, listen, server


@pytest.fixture
def port(sim):
    """The port of a server around `sim`."""
    running = server(sim.service)
    with listen("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=running.run, args=[[listening]])
        thread.start()
        yield listening.getsockname()[1]
        running.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture
def client(port):
    return boto3.session.Session().client(
        "kms", region_name="us-east-1", endpoint_url=f"http://127.0.0.1:{port}", aws_access_key_id="test",
        aws_secret_access_key="test", config=Config(retries={"total_max_attempts": 1}),
    )  # fmt: skip


def test_boto3_works_over_http(client, sim):
    key = client.create_key()["KeyMetadata"]["KeyId"]
    blob = client.encrypt(KeyId=key, Plaintext=b"hello")["CiphertextBlob"]
    assert client.decrypt(CiphertextBlob=blob)["Plaintext"] == b"hello"
    assert sim.trail[-1].event["sourceIPAddress"] == "127.0.0.1"
    assert sim.client("kms").decrypt(CiphertextBlob=blob)["Plaintext"] == b"hello"


def test_errors_come_over_http_with_their_words(client, refused):
    assert refused(client.describe_key, KeyId="alias/none").code == "NotFoundException"


def raw(port, method="POST", path="/", body=b"{}", headers=None):
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request(method, path, body, headers or {"X-Amz-Target": "TrentService.ListKeys"})
        reply = connection.getresponse()
        return reply.status, reply.read()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
def test_any_method_and_path_is_answered(port, method):
    status, _ = raw(port, method, "/some/path?and=query")
    assert status == 400


def test_a_request_without_a_signature_is_told_so(port):
    status, body = raw(port)
    assert (status, json.loads(body)["__type"]) == (400, "MissingAuthenticationTokenException")


def test_an_absurd_body_is_refused_without_reading_it_all(port, client):
    with contextlib.suppress(ConnectionError):  # it may hang up while we still send
        status, _ = raw(port, body=b"x" * (BODY_MAX + 1))
        assert 400 <= status < 500
    assert client.list_keys()["Keys"] == []


@pytest.mark.parametrize(
    "garbage", [b"\0\xff\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b"hello\r\n\r\n"]
)
def test_garbage_closes_the_connection_and_nothing_else(port, client, garbage):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(garbage)
        answer = connection.recv(4096)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4")
    assert client.list_keys()["Keys"] == []


def test_many_callers_at_once(client):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: client.create_key()["KeyMetadata"]["KeyId"], range(32)))
    assert len(set(ids)) == 32


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("example.com", False),
    ],
)
def test_what_is_loopback(host, loopback):
    assert is_loopback(host) is loopback
