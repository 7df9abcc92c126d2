import asyncio
import contextlib
import json
import os
import socket
import threading
from http.client import HTTPConnection

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from uvicorn.server import ServerState

from kms_teach.hsm.algorithms import GENERATE
from kms_teach.wire.connection import Connection
from kms_teach.wire.exchange import FORM, Reply
from kms_teach.wire.http import BODY_MAX, listen, server


@contextlib.contextmanager
def running(sim, **how):
    """The port of a server around `sim`."""
    here = server(sim.service, **how)
    with listen("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=here.run, args=[[listening]])
        thread.start()
        yield listening.getsockname()[1]
        here.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


pytestmark = pytest.mark.slow


@pytest.fixture
def port(sim):
    with running(sim) as port:
        yield port


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
    with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
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


HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: TrentService.ListKeys\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
UNSIGNED = b"MissingAuthenticationTokenException"


def spoken(port, sent, closes=True):
    """All that the server says to these bytes; when it does not hang up, until it has said the last word known."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent)
        heard = b""
        while not heard.endswith(b'Token"}') or closes:
            more = connection.recv(65536)
            if not more:
                break
            heard += more
        return heard


@pytest.mark.parametrize(
    ("sent", "status", "word", "closes"),
    [
        pytest.param(CHUNKED + b"2\r\n{}\r\n0\r\n\r\n", b"400", UNSIGNED, False, id="a body in chunks"),
        pytest.param(CHUNKED + b"zz\r\n", b"400", b"Invalid HTTP", True, id="a chunk without a size"),
        pytest.param(CHUNKED + b"100001\r\n" + b"x" * 0x100001, b"413", b"", True, id="chunks without an end"),
        pytest.param(HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", b"400", b"Invalid HTTP", True, id="two lengths"),
        pytest.param(HEAD + b"X-Long: " + b"x" * 60_000 + b"\r\nContent-Length: 2\r\n\r\n{}", b"400", UNSIGNED, False, id="a long header"),
        pytest.param(HEAD + b"X-Long: " + b"x" * 70_000, b"431", b"", True, id="a header without an end"),
        pytest.param(HEAD + b"X-A: b\r\n" * 9_000, b"431", b"", True, id="headers without an end"),
        pytest.param(b"POST /" + b"x" * 70_000, b"431", b"", True, id="a path without an end"),
        pytest.param(HEAD.replace(b"1.1", b"1.0") + b"Content-Length: 2\r\n\r\n{}", b"400", UNSIGNED, True, id="HTTP/1.0"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", b"400", UNSIGNED, False, id="a websocket"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"400", b"Invalid HTTP", True, id="HTTP/2"),
    ],
)  # fmt: skip
def test_odd_requests_are_answered_in_the_words_of_http(port, client, sent, status, word, closes):
    heard = spoken(port, sent, closes)
    assert heard[9:12] == status
    assert word in heard
    assert client.list_keys()["Keys"] == []


def test_a_body_that_never_comes_is_not_waited_for(port, monkeypatch):
    monkeypatch.setattr("kms_teach.wire.connection.IDLE", 0.2)
    assert spoken(port, HEAD + b"Content-Length: 20\r\n\r\n{}").startswith(b"HTTP/1.1 408")


class Heard:
    """A transport that hears what is said, and whether it is hung up."""

    def __init__(self):
        self.said, self.closed, self.writes = b"", False, 0

    def write(self, data):
        self.said += data
        self.writes += 1

    def close(self):
        self.closed = True

    def get_extra_info(self, name):
        return ("127.0.0.1", 50_000) if name == "peername" else None

    def is_closing(self):
        return self.closed

    def pause_reading(self): ...
    def resume_reading(self): ...


async def fed(sim, pieces, turns=0):
    """What a connection says to these pieces, after so many turns of the loop."""
    config = server(sim.service).config
    config.load()
    transport, connection = Heard(), Connection(config, ServerState(), {})
    connection.connection_made(transport)
    for piece in pieces:
        assert not transport.closed
        connection.data_received(piece)
    for _ in range(turns):
        await asyncio.sleep(0)
    connection.connection_lost(OSError())
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    return transport


@pytest.mark.parametrize(
    "pieces",
    [
        [CHUNKED, b"2;" + b"x" * 40_000, b"x" * 40_000],
        [CHUNKED, b"2\r\n{}\r\n0\r\n", *[b"X-A: b\r\n" * 5_000] * 2],
        [b"POST / HTTP/1.1\r\nX-A: ", *[b"x" * 1000] * 66],
    ],
    ids=["a chunk's extension", "trailers", "a header in pieces"],
)
def test_what_stands_around_a_body_has_an_end_however_it_comes(sim, pieces):
    heard = asyncio.run(fed(sim, pieces))
    assert heard.said.startswith(b"HTTP/1.1 431 ")
    assert heard.closed


WHOLE = HEAD + b"Content-Length: 2\r\n\r\n{}"


def test_a_request_that_comes_whole_is_answered_before_the_next_turn_and_as_one(sim):
    heard = asyncio.run(fed(sim, [WHOLE]))
    assert (heard.said[:12], heard.said[-2:], heard.writes) == (b"HTTP/1.1 400", b'"}', 1)


@pytest.mark.parametrize("cut", [20, len(HEAD) + 10, len(WHOLE) - 1])
def test_a_request_that_comes_in_pieces_is_answered_the_same(sim, cut):
    whole, pieces = (asyncio.run(fed(sim, sent, 20)).said for sent in ([WHOLE], [WHOLE[:cut], WHOLE[cut:]]))
    assert [_without_id(said) for said in (whole, pieces)] == [_without_id(whole)] * 2
    assert asyncio.run(fed(sim, [WHOLE[:cut]], 20)).said == b""


def _without_id(said):
    return [line for line in said.split(b"\r\n") if not line.startswith((b"x-amzn-requestid", b"date"))]


def test_of_many_requests_in_one_piece_all_are_answered_in_order_and_others_have_their_turn_between(sim):
    sent = b"".join(WHOLE.replace(b"ListKeys", name) for name in (b"ListKeys", b"Nothing", b"ListKeys"))
    assert asyncio.run(fed(sim, [sent])).said.count(b"HTTP/1.1 400") == 1
    heard = asyncio.run(fed(sim, [sent], 40)).said
    assert heard.count(b"HTTP/1.1 400") == 3


@pytest.mark.parametrize(
    "sent", [WHOLE, WHOLE.replace(b"1.1", b"1.0"), WHOLE.replace(b"Host", b"Connection: close\r\nHost")]
)
def test_a_fault_of_ours_is_answered_by_500_and_closes_the_connection(sim, monkeypatch, sent):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("kms_teach.wire.http.answer", fail)
    heard = asyncio.run(fed(sim, [sent], 10))
    assert (heard.said[:12], heard.closed) == (b"HTTP/1.1 500", True)


def test_a_reply_whose_header_would_be_two_lines_is_not_sent(sim, monkeypatch):
    split = Reply(200, {"content-length": "0", "x-note": "a\r\nset-cookie: b"}, b"")
    monkeypatch.setattr("kms_teach.wire.http.answer", lambda *_: split)
    heard = asyncio.run(fed(sim, [WHOLE], 10))
    assert (heard.said[:12], b"cookie" in heard.said) == (b"HTTP/1.1 500", False)


@pytest.mark.parametrize("sent", [WHOLE.replace(b"1.1", b"1.0"), WHOLE.replace(b"Host", b"Connection: close\r\nHost")])
def test_a_client_that_says_so_is_hung_up_on_after_its_answer(sim, sent):
    heard = asyncio.run(fed(sim, [sent]))
    assert (b"\r\nconnection: close\r\n" in heard.said, heard.closed) == (True, True)


def test_a_connection_that_says_nothing_for_long_is_hung_up_on_and_one_that_asks_now_and_then_is_not(sim):
    async def talk(pause):
        config = server(sim.service).config
        config.load()
        transport, connection = Heard(), Connection(config, ServerState(), {})
        connection.loop, connection.timeout_keep_alive = clock, 60
        connection.connection_made(transport)
        for _ in range(5):
            if not transport.closed:
                connection.data_received(WHOLE)
                clock.pass_(pause)
        connection.connection_lost(OSError())
        return transport.said.count(b"HTTP/1.1 400"), transport.closed, clock.timers

    clock = Clock()
    assert asyncio.run(talk(59)) == (5, False, [])
    assert asyncio.run(talk(61)) == (1, True, [])


class Clock:
    """The time of a loop, which passes when told to."""

    def __init__(self):
        self.now, self.timers = 0.0, []

    def time(self):
        return self.now

    def call_later(self, delay, what, *given):
        self.timers.append(Timer(self.now + delay, lambda: what(*given), self.timers))
        return self.timers[-1]

    def pass_(self, seconds):
        self.now += seconds
        for timer in [timer for timer in self.timers if timer.at <= self.now]:
            timer.cancel()
            timer.act()


class Timer:
    def __init__(self, at, act, others):
        self.at, self.act, self.others = at, act, others

    def cancel(self):
        if self in self.others:
            self.others.remove(self)


@pytest.mark.parametrize("sent", [b"", HEAD], ids=["nothing", "half a head"])
def test_a_head_that_never_comes_is_not_waited_for(port, monkeypatch, sent):
    monkeypatch.setattr("kms_teach.wire.connection.IDLE", 0.2)
    assert spoken(port, sent).startswith(b"HTTP/1.1 408")


def test_a_connection_that_is_kept_may_be_silent_between_two_requests(port, monkeypatch):
    monkeypatch.setattr("kms_teach.wire.connection.IDLE", 0.2)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for _ in range(2):
            connection.sendall(HEAD + b"Content-Length: 2\r\n\r\n{}")
            heard = b""
            while not heard.endswith(b'Token"}') and (more := connection.recv(65536)):
                heard += more
            assert UNSIGNED in heard
            threading.Event().wait(0.4)  # longer than a head may take


def test_a_slow_call_holds_up_nobody(port, client):
    """A key that takes long to make, and in the meantime others that do not."""
    done = []
    slow = threading.Thread(target=lambda: done.append(client.create_key(KeySpec="RSA_4096", KeyUsage="SIGN_VERIFY")))
    with making("RSA_4096") as (begun, go_on):
        slow.start()
        assert begun.wait(10)
        assert client.list_keys()["Keys"] == []
        assert not done
        go_on.set()
        slow.join(30)
    assert len(client.list_keys()["Keys"]) == 1


def test_who_makes_a_symmetric_key_or_puts_a_long_policy_does_not_queue_behind_rsa(port, client):
    key = client.create_key()["KeyMetadata"]["KeyId"]
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Id": "x" * 30_000, "Statement": statement})
    others = [
        threading.Thread(target=lambda: client.create_key(KeySpec="RSA_4096", KeyUsage="SIGN_VERIFY"))
        for _ in range(2 * (os.cpu_count() or 2) + 8)  # more than any pool of threads has
    ]
    with making("RSA_4096") as (begun, go_on):
        for other in others:
            other.start()
        assert begun.wait(10)
        client.create_key()
        client.put_key_policy(KeyId=key, Policy=policy)
        assert len(client.list_keys()["Keys"]) == 2
        GENERATE["RSA_4096"] = GENERATE["RSA_2048"]  # for those that come after
        go_on.set()
        for other in others:
            other.join(30)


@contextlib.contextmanager
def making(spec):
    """While inside, making such a key waits until it is told to go on."""
    begun, go_on = threading.Event(), threading.Event()
    make = GENERATE[spec]

    def wait():
        begun.set()
        assert go_on.wait(10)
        return make()

    GENERATE[spec] = wait
    try:
        yield begun, go_on
    finally:
        GENERATE[spec] = make
        go_on.set()


def test_many_callers_at_once(client):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: client.create_key()["KeyMetadata"]["KeyId"], range(32)))
    assert len(set(ids)) == 32


@pytest.mark.parametrize(
    ("target", "type_"),
    [("TrentService.CreateKey", b"x-amz-json"), ("", b"text/xml"), ("DynamoDB_20120810.ListTables", b"x-amz-json")],
    ids=["kms", "sts", "another service"],
)
def test_a_page_of_another_site_creates_no_key(port, client, target, type_):
    """It can sign, for it knows the secret; it cannot choose its Host and Origin."""
    for host, origin in (("evil.example", None), (f"127.0.0.1:{port}", "https://evil.example")):
        headers = {"Host": host, "X-Amz-Target": target} if target else {"Host": host, "Content-Type": FORM}
        request = AWSRequest("POST", f"http://{host}/", headers, b"{}")
        SigV4Auth(Credentials("test", "test"), "kms", "us-east-1").add_auth(request)
        sent = dict(request.headers.items()) | ({"Origin": origin} if origin else {})
        status, body = raw(port, headers=sent)
        assert (status // 100, b"evil.example" in body) == (4, True)
    assert client.list_keys()["Keys"] == []


def test_a_name_that_was_told_is_taken(sim):
    with running(sim, names=["kms.example.com"]) as port:
        for host, code in (("kms.example.com:80", "MissingAuthentication"), ("kms.example.org", "AccessDenied")):
            assert json.loads(raw(port, headers={"Host": host})[1])["__type"].startswith(code)
