"""Whatever comes in, S3 has an answer: a result, or one of its errors."""

import random
from urllib.parse import quote

import pytest

from kms_teach.access.principals import root
from kms_teach.s3.service import CATALOG
from kms_teach.wire.endpoint import answer
from kms_teach.wire.exchange import Exchange
from kms_teach.wire.model import operation_model
from kms_teach.wire.protocols.routes import routes
from tests.s3.conftest import BUCKET, HOME

VALUES = [
    "", "0", "-1", "1", "2", "9" * 20, "\0", "ü", "true", "maybe", "bytes=0-", "bytes=5-1", "*", "AES256", "aws:kms", "aws:kms:dsse",
    "alias/x", "e30=", "bm90anNvbg==", "[]", "2026-01-01T00:00:00Z", "Thu, 01 Jan 2026 00:00:00 GMT", "Thu, 99 Foo 2026",
    "CRC32", "SHA256", "AAAAAA==", "a" * 3000, f"{BUCKET}/k", f"/{BUCKET}/k", "%00", "%ff", "url", "<x/>", "COMPOSITE",
    "FULL_OBJECT", "ENABLED", "REPLACE", "9223372036854775808", "1e5", "٣",
]  # fmt: skip
BODIES = [
    b"", b"x", b"<a/>", b"{}", b"\xff", b"<Delete><Object><Key>k</Key></Object></Delete>", b"<Delete/>", b"{ " * 2000,
    b"<ServerSideEncryptionConfiguration><Rule/></ServerSideEncryptionConfiguration>", b"<ServerSideEncryptionConfiguration/>",
    b"<CompleteMultipartUpload><Part/></CompleteMultipartUpload>", b"<ReplicationConfiguration/>", b"<ObjectEncryption/>",
    b"<CompleteMultipartUpload><Part><PartNumber>x</PartNumber></Part></CompleteMultipartUpload>", b'{"Statement": 5}',
    b"<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>",
    b"<ObjectEncryption><SSE-KMS><KMSKeyArn>arn:aws:kms:us-east-1:111122223333:key/x</KMSKeyArn></SSE-KMS></ObjectEncryption>",
    b"<PublicAccessBlockConfiguration/>", b'{"Statement": []}', b'{"Statement": [{}]}',
]  # fmt: skip
KEYS = ["k", "k", "%C3%BC", "a/b", "%00", "%ff", "", "x" * 1100]


def made(draw):
    """A request of some operation, with members that are there or not and say anything."""
    route = draw.choice([each for each in routes("s3") if each.name in CATALOG])
    path = "/".join(["", draw.choice([BUCKET, BUCKET, BUCKET, "x", ".."]), draw.choice(KEYS)][: route.level + 1]) or "/"
    query, headers = [f"{name}={value}" if value else name for name, value in route.fixed], {}
    shape = operation_model(route.name, "s3").input_shape
    for name, member in shape.members.items():
        place, wire, value = (
            member.serialization.get("location"),
            member.serialization.get("name", name),
            draw.choice(VALUES),
        )
        if name in shape.required_members or draw.random() < 0.15:
            if place == "header":
                headers[wire.lower()] = value.replace("\0", "").encode().decode("latin-1")
            elif place == "querystring":
                query.append(f"{wire}={quote(value)}")
    if draw.random() < 0.2:
        headers["content-encoding"] = "aws-chunked"
    target = f"{path}?{'&'.join(query)}" if query else path
    body = iter((draw.choice(BODIES),))
    return Exchange(route.method, target, headers, b"", caller=root(HOME), region="us-east-1", api="s3", pieces=body)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_comes_in_is_answered_or_refused(sim, s3, seed):
    draw, statuses = random.Random(seed), set()
    for _ in range(700):
        s3.create_bucket(Bucket=BUCKET)
        s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")
        reply = answer(sim.service, made(draw))
        if reply.pieces is not None:
            b"".join(reply.pieces)
        assert all(text.encode("latin-1") is not None for pair in reply.headers.items() for text in pair)
        statuses.add(reply.status)
    assert {200, 204, 400, 404, 405} <= statuses <= {200, 204, 206, 304, 400, 403, 404, 405, 409, 411, 412, 416, 501}
