"""The same over HTTP, with boto3 as it comes, and with requests that no client of AWS's would send."""

import base64
import http.client
import io
import socket
import threading
import time
import urllib.error
import urllib.request
import zlib
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import boto3
import botocore.exceptions
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from kms_teach import Simulator
from kms_teach.buckets.records import Object
from tests.s3.conftest import BUCKET, HOME, allow

BODY = bytes(range(256)) * 2000  # bytes, several of HTTP's pieces


@pytest.fixture(scope="module")
def served():
    with Simulator(start="2026-06-01T00:00:00Z") as sim, sim.serve() as at:
        sim.client("s3").create_bucket(Bucket=BUCKET)
        yield sim, at


@pytest.fixture
def at(served):
    return served[1]


@pytest.fixture
def sim(served):
    return served[0]


def client(at, key=("test", "test"), **config):
    return boto3.client(
        "s3", endpoint_url=at.url, region_name="us-east-1", aws_access_key_id=key[0], aws_secret_access_key=key[1],
        config=Config(retries={"total_max_attempts": 1}, **config),
    )  # fmt: skip


@pytest.fixture
def s3(at):
    return client(at)


class Signer(S3SigV4Auth):
    """Signs what the header says of the body, be it true or not."""

    claimed = None

    def payload(self, request):
        return self.claimed or super().payload(request)


def send(at, method, path, body=b"", headers=None, *, signed=True, secret="test", host=None, when=None):
    """A request as it is written here; gives status, headers and body of the answer."""
    address = urlsplit(at.url)
    host = host or address.netloc
    given = {"Host": host, **(headers or {})}
    if signed:
        request, signer = (
            AWSRequest(method, f"http://{host}{path}", given, body),
            Signer(Credentials("test", secret), "s3", "us-east-1"),
        )
        signer.claimed = given.get("X-Amz-Content-SHA256")
        signer.add_auth(request)
        given = dict(request.headers)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in given.items():
        connection.putheader(name, value)
    if "Content-Length" not in given and "Transfer-Encoding" not in given:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    try:
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("key", ["note", "a b/c+d", "ü/😀", "a//b/", "%2F", "x?y=z&w", "~._-", "(a)*'!"])
def test_what_is_put_is_got_back_under_whatever_key(s3, key):
    s3.put_object(Bucket=BUCKET, Key=key, Body=BODY, Metadata={"who": "alice"})
    answer = s3.get_object(Bucket=BUCKET, Key=key)
    assert answer["Body"].read() == BODY
    assert answer["Metadata"] == {"who": "alice"}
    s3.delete_object(Bucket=BUCKET, Key=key)


def test_the_client_is_told_at_once_to_send_its_body(s3):
    begun = time.perf_counter()
    for _ in range(3):
        s3.put_object(Bucket=BUCKET, Key="note", Body=b"x")
    assert time.perf_counter() - begun < 2.5  # botocore sends after a second without the word


def test_a_file_of_17_mebibytes_goes_up_and_down(s3, tmp_path):
    there, back = tmp_path / "there", tmp_path / "back"
    there.write_bytes(BODY * 35)
    s3.upload_file(str(there), BUCKET, "big")
    s3.download_file(BUCKET, "big", str(back))
    assert back.read_bytes() == there.read_bytes()


def test_a_connection_goes_on_after_a_refusal(s3, sim, refused):
    for _ in range(3):
        assert refused(s3.put_object, Bucket="no-such-bucket", Key="x", Body=BODY * 20).code == "NoSuchBucket"
        assert refused(s3.get_object, Bucket=BUCKET, Key="absent").code == "NoSuchKey"
        assert refused(s3.head_object, Bucket=BUCKET, Key="absent") == ("404", "Not Found")
        s3.put_object(Bucket=BUCKET, Key="note", Body=b"x")


# --- bodies -------------------------------------------------------------------------------------------------------


def chunked(body, size, trailer):
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n" + trailer + b"\r\n"


def crc(body):
    return base64.b64encode(zlib.crc32(body).to_bytes(4))


def put_chunks(at, data, length=512_000):
    headers = {
        "X-Amz-Content-SHA256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "Content-Encoding": "aws-chunked",
        "X-Amz-Decoded-Content-Length": str(length), "X-Amz-Trailer": "x-amz-checksum-crc32",
    }  # fmt: skip
    return send(at, "PUT", f"/{BUCKET}/chunks", data, headers)


@pytest.mark.parametrize("size", [1, 1000, 65536, 1 << 20])
def test_aws_chunks_are_taken_apart_and_their_trailer_is_verified(at, s3, size):
    body = BODY if size > 1 else BODY[:500]
    trailer = b"x-amz-checksum-crc32:" + crc(body) + b"\r\n"
    status, headers, _ = put_chunks(at, chunked(body, size, trailer), len(body))
    assert (status, headers["x-amz-checksum-crc32"]) == (200, crc(body).decode())
    answer = s3.get_object(Bucket=BUCKET, Key="chunks")
    assert answer["Body"].read() == body
    assert "ContentEncoding" not in answer


@pytest.mark.parametrize(("data", "code"), [
    (chunked(BODY, 65536, b"x-amz-checksum-crc32:" + crc(b"other") + b"\r\n"), b"BadDigest"),
    (chunked(BODY, 65536, b""), b"InvalidRequest"), (chunked(BODY[:-1], 65536, b""), b"IncompleteBody"),
    (b"zz\r\n", b"InvalidRequest"), (b"5\r\nabc", b"IncompleteBody"), (b"", b"IncompleteBody"),
    (b"3\r\nabcdef\r\n0\r\n\r\n", b"InvalidRequest"), (b"9" * 5000, b"InvalidRequest"),
])  # fmt: skip
def test_chunks_that_are_wrong_are_refused_and_nothing_is_kept(at, sim, data, code):
    before = sim.service.store.page(Object, f"object {BUCKET}")
    status, _, answer = put_chunks(at, data)
    assert status == 400
    assert b"<Code>%s</Code>" % code in answer
    assert sim.service.store.page(Object, f"object {BUCKET}") == before


def test_a_body_that_is_not_what_its_hash_says_is_refused(at):
    headers = {"X-Amz-Content-SHA256": "0" * 64}
    status, _, answer = send(at, "PUT", f"/{BUCKET}/note", b"x", headers)
    assert (status, b"XAmzContentSHA256Mismatch" in answer) == (400, True)


def test_chunks_that_are_signed_one_by_one_are_refused_by_name(at):
    headers = {"X-Amz-Content-SHA256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "X-Amz-Decoded-Content-Length": "1"}
    status, _, answer = send(at, "PUT", f"/{BUCKET}/note", b"x", headers)
    assert (status, b"STREAMING-AWS4-HMAC-SHA256-PAYLOAD is not simulated" in answer) == (501, True)


def test_an_upload_that_is_cut_off_leaves_no_object_and_no_file(at, sim):
    folder = sim.service.beside("s3", None).files._folder
    before = set(folder.iterdir())
    address = urlsplit(at.url)
    headers = {"Host": address.netloc, "Content-Length": "1000000", "X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}
    request, signer = (
        AWSRequest("PUT", f"{at.url}/{BUCKET}/cut", headers, b""),
        Signer(Credentials("test", "test"), "s3", "us-east-1"),
    )
    signer.claimed = "UNSIGNED-PAYLOAD"
    signer.add_auth(request)
    connection = socket.create_connection((address.hostname, address.port))
    head = f"PUT /{BUCKET}/cut HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in request.headers.items())
    connection.sendall(head.encode() + b"\r\n" + bytes(300_000))
    deadline = time.monotonic() + 10
    while set(folder.iterdir()) == before and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    connection.close()
    while set(folder.iterdir()) != before and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert set(folder.iterdir()) == before
    assert "RequestTimeout" in {record.error for record in sim.trail.named("PutObject")}


@pytest.mark.slow  # stopping leaves what is under way five seconds
def test_a_server_stops_though_an_upload_never_ends(capfd):
    with Simulator() as sim:
        sim.client("s3").create_bucket(Bucket=BUCKET)
        sim.client("s3").put_object(Bucket=BUCKET, Key="there", Body=b"x")
        at = sim.serve()
        url = client(at, signature_version="s3v4").generate_presigned_url(
            "put_object", Params={"Bucket": BUCKET, "Key": "x"}
        )
        address, target = urlsplit(at.url), url.removeprefix(at.url)
        connection = socket.create_connection((address.hostname, address.port))
        head = f"PUT {target} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 1000000\r\n\r\n"
        connection.sendall(head.encode() + bytes(300_000))
        folder, deadline = sim.service.beside("s3", None).files._folder, time.monotonic() + 10
        while len(list(folder.iterdir())) < 2 and time.monotonic() < deadline:
            threading.Event().wait(0.01)
        sim.close()
        connection.close()
        assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("body", [b"<x", b"<!DOCTYPE a [<!ENTITY b 'c'>]><Delete>&b;</Delete>", b"<a>" * 100 + b"</a>" * 100,
                                  b"<Delete><Object><Key>", b"\xff\xfe", b"<Delete><Quiet>maybe</Quiet></Delete>"])  # fmt: skip
def test_a_document_that_is_none_is_malformed(at, body):
    status, _, answer = send(at, "POST", f"/{BUCKET}?delete", body)
    assert (status, b"<Code>MalformedXML</Code>" in answer) == (400, True)


def test_a_document_is_checked_against_the_checksum_it_brings(at):
    body = b"<Delete><Object><Key>x</Key></Object></Delete>"
    assert send(at, "POST", f"/{BUCKET}?delete", body, {"x-amz-checksum-crc32": crc(body).decode()})[0] == 200
    status, _, answer = send(at, "POST", f"/{BUCKET}?delete", body, {"x-amz-checksum-crc32": crc(b"").decode()})
    assert (status, b"<Code>BadDigest</Code>" in answer) == (400, True)


def test_an_object_that_is_damaged_in_the_middle_ends_before_its_length(at, s3, sim):
    s3.put_object(Bucket=BUCKET, Key="damaged", Body=BODY)
    record = sim.service.store.get(Object, f"object {BUCKET}", "damaged")
    path = sim.service.beside("s3", None).files._folder / record.files[0].name
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    with pytest.raises((botocore.exceptions.IncompleteReadError, botocore.exceptions.ResponseStreamingError)):
        s3.get_object(Bucket=BUCKET, Key="damaged")["Body"].read()
    s3.delete_object(Bucket=BUCKET, Key="damaged")


# --- addresses ----------------------------------------------------------------------------------------------------


def test_a_bucket_may_stand_in_front_of_localhost(at, s3):
    s3.put_object(Bucket=BUCKET, Key="in front", Body=b"x")
    port = urlsplit(at.url).port
    status, _, body = send(at, "GET", "/in%20front", host=f"{BUCKET}.localhost:{port}")
    assert (status, body) == (200, b"x")
    status, _, body = send(at, "GET", "/?list-type=2", host=f"{BUCKET}.localhost:{port}")
    assert (status, b"<Key>in front</Key>" in body) == (200, True)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/%ff/x"), ("POST", f"/{BUCKET}/x?nonsense"), ("PATCH", f"/{BUCKET}/x"), ("DELETE", "/")],
)
def test_what_is_no_request_of_s3s_gets_an_error_of_s3s(at, method, path):
    status, _, body = send(at, method, path)
    assert 400 <= status < 500
    assert b"<Error><Code>" in body


def test_an_error_is_written_as_s3_writes_it(at):
    status, headers, body = send(at, "GET", f"/{BUCKET}/absent")
    assert (status, headers["Content-Type"]) == (404, "application/xml")
    request_id = headers["x-amz-request-id"]
    assert body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code>'
        "<Message>The specified key does not exist.</Message><Key>absent</Key>"
        f"<RequestId>{request_id}</RequestId><HostId>kms-teach</HostId></Error>"
    )


# --- signatures ---------------------------------------------------------------------------------------------------


def test_who_has_not_signed_or_not_right_is_refused(at, refused):
    assert send(at, "GET", f"/{BUCKET}/note", signed=False)[0] == 403
    assert b"<Message>Access Denied</Message>" in send(at, "GET", f"/{BUCKET}/note", signed=False)[2]
    assert refused(client(at, ("test", "wrong")).list_buckets).code == "SignatureDoesNotMatch"
    assert refused(client(at, ("AKIANOBODY", "test")).list_buckets) == (
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
    )


def test_a_signature_of_yesterday_is_too_old(at, monkeypatch):
    import botocore.auth

    yesterday = datetime.now(UTC) - timedelta(days=1)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: yesterday.replace(tzinfo=None))
    status, _, body = send(at, "GET", f"/{BUCKET}")
    assert (status, b"<Code>RequestTimeTooSkewed</Code>" in body) == (403, True)


def fetch(url, method="GET", body=None, **headers):
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_presigned_url_is_good_without_any_secret(at, version):
    signer = client(at, signature_version=version)
    params = {"Bucket": BUCKET, "Key": "pre signed/ü"}
    assert (
        fetch(signer.generate_presigned_url("put_object", Params=params), "PUT", b"a note", **{"Content-Type": ""})[0]
        == 200
    )
    url = signer.generate_presigned_url("get_object", Params={**params, "ResponseContentType": "text/plain"})
    assert fetch(url) == (200, b"a note")
    assert fetch(url.replace("Signature=", "Signature=0"))[0] == 403
    assert fetch(url.replace("pre%20signed", "note"))[0] == 403


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_presigned_url_ends(at, version, monkeypatch):
    import botocore.auth

    signer, before = client(at, signature_version=version), datetime.now(UTC) - timedelta(hours=2)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: before.replace(tzinfo=None))
    monkeypatch.setattr(botocore.auth.time, "time", before.timestamp)
    url = signer.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "note"})
    status, body = fetch(url)
    assert (status, b"<Message>Request has expired</Message>" in body) == (403, True)


def test_the_default_presigned_url_of_boto3_does_not_open_what_kms_encrypted(s3, at, sim):
    s3.put_object(Bucket=BUCKET, Key="by kms", Body=b"x", ServerSideEncryption="aws:kms")
    params = {"Bucket": BUCKET, "Key": "by kms"}
    status, body = fetch(s3.generate_presigned_url("get_object", Params=params))
    words = b"Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4."
    assert (status, words in body) == (400, True)
    assert fetch(client(at, signature_version="s3v4").generate_presigned_url("get_object", Params=params)) == (
        200,
        b"x",
    )


def test_settings_of_encryption_in_a_presigned_url_are_headers_that_must_be_sent(at):
    params = {"Bucket": BUCKET, "Key": "x", "ServerSideEncryption": "aws:kms"}
    url = client(at, signature_version="s3v4").generate_presigned_url("put_object", Params=params)
    assert fetch(url, "PUT", b"x")[0] == 403
    assert fetch(url, "PUT", b"x", **{"x-amz-server-side-encryption": "aws:kms"})[0] == 200
    status, body = fetch(url, "PUT", b"x", **{"x-amz-server-side-encryption": "aws:kms", "x-amz-acl": "private"})
    assert (status, b"There were headers present in the request which were not signed" in body) == (403, True)


def test_a_user_and_a_session_call_with_their_own_keys(at, sim, refused):
    alice = sim.user("alice", policies=[allow("s3:GetObject"), allow("sts:*")])
    theirs = client(at, (alice.access_key.id, alice.access_key.secret))
    assert refused(theirs.list_buckets).message == (
        f'User: arn:aws:iam::{HOME}:user/alice is not authorized to perform: s3:ListAllMyBuckets on resource: "*" because '
        "no identity-based policy allows the s3:ListAllMyBuckets action"
    )
    given = alice.client("sts").get_session_token()["Credentials"]
    session = boto3.client(
        "s3", endpoint_url=at.url, region_name="us-east-1", aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"], aws_session_token=given["SessionToken"],
    )  # fmt: skip
    client(at).put_object(Bucket=BUCKET, Key="note", Body=b"x")
    assert session.get_object(Bucket=BUCKET, Key="note")["Body"].read() == b"x"
    url = session.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "note"})
    assert fetch(url) == (200, b"x")


def test_others_are_answered_while_a_slow_client_sends(at, s3):
    class Slow(io.BytesIO):
        waiting = threading.Event()
        go_on = threading.Event()

        def read(self, size=-1):
            if size > 0 and self.tell() > 50_000:
                self.waiting.set()
                self.go_on.wait(10)
            return super().read(size)

    slow = Slow(BODY)
    signer = client(at, signature_version="s3v4", s3={"payload_signing_enabled": False})
    url = signer.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": "slow"})
    request = urllib.request.Request(url, slow, {"Content-Length": str(len(BODY)), "Content-Type": ""}, method="PUT")
    thread = threading.Thread(target=lambda: urllib.request.urlopen(request).read())
    thread.start()
    assert slow.waiting.wait(10)
    s3.put_object(Bucket=BUCKET, Key="quick", Body=b"x")
    boto3.client(
        "kms", endpoint_url=at.url, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    ).list_keys()
    slow.go_on.set()
    thread.join(20)
    assert s3.get_object(Bucket=BUCKET, Key="slow")["Body"].read() == BODY
