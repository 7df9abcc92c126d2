"""The HTTP server at its own limit, signatures verified, beside moto's server: raw requests over kept connections, no client in between."""

import json
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

CONNECTIONS, SECONDS = 8, 4
BIN = Path(sys.executable).parent


@contextmanager
def running(command, address):
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield address(process)
    finally:
        process.terminate()
        process.wait()


def ours(process):
    return re.search(r"http://\S+", process.stdout.readline())[0]


def theirs(port):
    def wait(_):
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return f"http://127.0.0.1:{port}"
            time.sleep(0.1)
        raise SystemExit("moto_server did not start")

    return wait


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def rate(address, operation, body):
    """Requests a second, answered with 200, over some kept connections at once."""
    where = urlsplit(address)
    request = AWSRequest("POST", f"{address}/", {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"TrentService.{operation}", "Host": where.netloc}, body)  # fmt: skip
    SigV4Auth(Credentials("test", "test"), "kms", "us-east-1").add_auth(request)
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    message = f"POST / HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    counts, stop = [0] * CONNECTIONS, time.perf_counter() + SECONDS

    def ask(number):
        connection = None
        while time.perf_counter() < stop:
            connection = connection or socket.create_connection((where.hostname, where.port), timeout=20)
            connection.sendall(message)
            status, keeps = read(connection)
            assert status == 200, status
            counts[number] += 1
            if not keeps:
                connection = connection.close()

    threads = [threading.Thread(target=ask, args=[n]) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def read(connection):
    """Read one reply; gives its status and whether the server keeps the connection. As little work as can be."""
    got = connection.recv(65536)
    while b"\r\n\r\n" not in got:
        got += connection.recv(65536)
    head, _, body = got.partition(b"\r\n\r\n")
    head = head.lower()
    missing = int(head.partition(b"content-length:")[2].partition(b"\r")[0]) - len(body)
    while missing > 0:
        missing -= len(connection.recv(65536))
    return int(head[9:12]), b"connection: close" not in head and head.startswith(b"http/1.1")


def server():
    port = free_port()
    with (
        running([BIN / "kms-teach", "serve"], ours) as mine,
        running([BIN / "moto_server", "-H", "127.0.0.1", "-p", str(port)], theirs(port)) as other,
    ):
        rates = {}
        for name, address in (("ours", mine), ("moto", other)):
            kms = boto3.session.Session().client("kms", region_name="us-east-1", endpoint_url=address, aws_access_key_id="test", aws_secret_access_key="test")  # fmt: skip
            key = kms.create_key()["KeyMetadata"]["KeyId"]
            for operation, body in (
                ("DescribeKey", {"KeyId": key}),
                ("Encrypt", {"KeyId": key, "Plaintext": "aGVsbG8="}),
            ):
                rates[name, operation] = rate(address, operation, json.dumps(body).encode())
    for operation in ("DescribeKey", "Encrypt"):
        mine, other = rates["ours", operation], rates["moto", operation]
        yield (
            f"HTTP: {operation}",
            f"{mine:,.0f} requests/s",
            f"{other:,.0f} requests/s (moto_server, no signatures)",
            mine / other,
        )
