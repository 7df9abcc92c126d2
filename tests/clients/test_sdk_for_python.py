"""AWS's new SDK for Python. It needs Python 3.12, and these tests run on 3.11, too: it is run in Pyodide, on Node.

Beside it stand its requests, for what the SDK does not tell. Read in the source of aws-sdk-sts 0.12.0, smithy-aws-core 0.12.0 and aws-sdk-signers 0.4.0: what the serializer of the
Query protocol writes, and what the signer signs. Unlike botocore it signs Content-Length, and names headers in its own case.
"""

import hashlib
import hmac
import http.client
import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

import pytest

pytestmark = pytest.mark.slow  # Pyodide takes 4 s to begin

JS = Path(__file__).with_name("js")

UNSIGNED = ("accept", "accept-encoding", "user-agent")  # of those it sends, smithy's signer leaves these out
STS = "{https://sts.amazonaws.com/doc/2011-06-15/}"


def keyed(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signed(host, fields, body, key, secret, now):
    """The Authorization field of smithy's SigV4 signer."""
    scope = f"{now:%Y%m%d}/us-east-1/sts/aws4_request"
    signable = dict(
        sorted({n.lower(): v for n, v in {**fields, "host": host}.items() if n.lower() not in UNSIGNED}.items())
    )
    names = ";".join(signable)
    lines = "".join(f"{name}:{' '.join(value.split())}\n" for name, value in signable.items())
    canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    text = f"AWS4-HMAC-SHA256\n{fields['X-Amz-Date']}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signing = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        signing = keyed(signing, part)
    return f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={keyed(signing, text).hex()}"


@pytest.fixture
def call(address):
    """Send an action as the SDK does; gives (status, the document)."""

    def send(action, secret="test", **parameters):
        host, now = urlsplit(address).netloc, datetime.now(UTC)
        body = "&".join(
            f"{quote(name, safe='')}={quote(value, safe='')}"
            for name, value in {"Action": action, "Version": "2011-06-15", **parameters}.items()
        ).encode()
        fields = {
            "content-type": "application/x-www-form-urlencoded",
            "content-length": str(len(body)),
            "User-Agent": "aws-sdk-python/0.12.0 md/python#3.12",
            "Accept": "*/*",
            "Accept-Encoding": "gzip, deflate",
            "X-Amz-Date": f"{now:%Y%m%dT%H%M%SZ}",
        }
        fields["Authorization"] = signed(host, fields, body, "test", secret, now)
        connection = http.client.HTTPConnection(host, timeout=10)
        connection.request("POST", "/", body, fields)
        answer = connection.getresponse()
        document = ET.fromstring(answer.read())
        connection.close()
        return answer.status, document

    return send


def test_it_asks_who_calls_and_reads_a_refusal(shell, installed, address):
    told = json.loads(shell("node", "python.js", address, installed.parent / "python", cwd=JS))
    assert told["who"] == "arn:aws:iam::111122223333:root"
    assert "status: 403, code: AccessDenied" in told["refused"]  # a root user assumes no role


def test_it_is_told_who_calls_with_an_id_of_the_request_in_the_body(call):
    status, document = call("GetCallerIdentity")
    assert (status, document.tag) == (200, f"{STS}GetCallerIdentityResponse")
    assert document.findtext(f"{STS}GetCallerIdentityResult/{STS}Arn") == "arn:aws:iam::111122223333:root"
    assert document.findtext(f"{STS}ResponseMetadata/{STS}RequestId")


def test_a_refusal_is_wrapped_as_it_reads_it(call):
    """ErrorResponse, in it Error, in it Code: its reader looks nowhere else."""
    status, document = call("GetCallerIdentity", secret="wrong")
    assert (status, document.tag) == (403, f"{STS}ErrorResponse")
    assert document.findtext(f"{STS}Error/{STS}Code") == "SignatureDoesNotMatch"
    assert document.findtext(f"{STS}RequestId")
