from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from kms_teach.errors import IncompleteSignatureException, InvalidSignatureException
from kms_teach.wire.signature import check, credential, service, verify

WORDS = st.text("abc ,;=/", max_size=12)


def signed(method, target, headers, body):
    """The headers of a request as botocore signs it, lower-case, and the target as it stands on the wire."""
    request = AWSRequest(method, f"http://127.0.0.1:8080{target}", headers, body)
    SigV4Auth(Credentials("test", "secret"), "kms", "eu-west-1").add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()} | {"host": "127.0.0.1:8080"}


@given(
    st.sampled_from(["POST", "GET", "PUT"]),
    st.lists(st.text("abz019-_~%", min_size=1, max_size=5), max_size=3),
    st.lists(st.tuples(st.text("ab1-_.", min_size=1, max_size=4), st.text("ab1-_.", max_size=4)), max_size=4),
    st.dictionaries(st.sampled_from(["X-Amz-Target", "Content-Type", "X-Other"]), WORDS),
    st.binary(max_size=100),
)
def test_what_botocore_signs_is_found_signed(method, path, query, headers, body):
    target = "/" + "/".join(path) + ("?" + "&".join(f"{name}={value}" for name, value in query) if query else "")
    assert urlsplit(f"http://h{target}").path  # a path and a query, nothing else
    sent = signed(method, target, headers, body)
    given_ = credential(sent["authorization"])
    verify("secret", given_, method, target, sent, body)
    for other in (
        ("another", given_, method, target, sent, body),
        ("secret", given_._replace(region="us-east-1"), method, target, sent, body),
        ("secret", given_._replace(service="sts"), method, target, sent, body),
        ("secret", given_, "PATCH", target, sent, body),
        ("secret", given_, method, target + "x", sent, body),
        ("secret", given_, method, target, sent | {"x-other": "another"}, body)
        if "x-other" in given_.signed
        else ("secret", given_, method, target, sent | {"host": "another"}, body),
        ("secret", given_, method, target, sent, body + b"x"),
    ):
        with pytest.raises(InvalidSignatureException):
            verify(*other)


AT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
HEADERS = {"host": "h", "x-amz-date": "20150830T123600Z", "x-amz-target": "TrentService.ListKeys"}


def header(scope="20150830/us-east-1/kms/aws4_request", signed="host;x-amz-date;x-amz-target"):
    return f"AWS4-HMAC-SHA256 Credential=AKID/{scope}, SignedHeaders={signed}, Signature=abc"


def refusal(authorization, name="kms", skew=5, regional=True, now=AT, headers=HEADERS):
    try:
        check(credential(authorization), headers, name, skew=skew, regional=regional, now=now)
    except (IncompleteSignatureException, InvalidSignatureException) as error:
        return error.code.removesuffix("SignatureException"), error.message
    return None


def test_a_scope_that_fits_is_taken():
    assert refusal(header()) is None
    assert refusal(header("20150830/aws-global/iam/aws4_request"), "iam", regional=False) is None


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ("20150830/US-EAST-1/kms/aws4_request", "Credential should be scoped to a valid region, not 'US-EAST-1'."),
        ("20150830//kms/aws4_request", "Credential should be scoped to a valid region, not ''."),
        ("20150830/us-east-1/s3/aws4_request", "Credential should be scoped to correct service: 'kms'."),
        ("20150830/us-east-1/kms/aws5_request", "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'."),
        ("20150829/us-east-1/kms/aws4_request", "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150829' != '20150830', from '20150830T123600Z'."),
        ("20150830/x/s3/aws4_request", "Credential should be scoped to a valid region, not 'x'. Credential should be scoped to correct service: 'kms'."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_scope_is_said_at_once(scope, words):
    assert refusal(header(scope)) == ("Invalid", words)


@pytest.mark.parametrize(
    ("seconds", "skew", "words"),
    [
        (300, 5, None), (-300, 5, None), (900, 15, None), (-900, 15, None),
        (301, 5, "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)"),
        (-301, 5, "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)"),
        (901, 15, "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T125101Z - 15 min.)"),
    ],
)  # fmt: skip
def test_a_clock_that_is_wrong_is_told_so_in_awss_words(seconds, skew, words):
    assert refusal(header(), skew=skew, now=AT + timedelta(seconds=seconds)) == (words and ("Invalid", words))


def test_a_header_that_is_not_sent_need_not_be_signed():
    unsigned = header(signed="host;x-amz-date")
    assert refusal(unsigned) == ("Invalid", "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.")
    assert refusal(unsigned, headers={k: v for k, v in HEADERS.items() if k != "x-amz-target"}) is None
    assert refusal(header(signed="x-amz-date")) == (
        "Invalid",
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    )


NEEDED = [f"Authorization header requires '{name}' parameter." for name in ("Credential", "Signature", "SignedHeaders")]


@pytest.mark.parametrize(
    ("authorization", "words"),
    [
        ("Bearer abc", " ".join(NEEDED)),
        ("AWS4-HMAC-SHA256 Signature=a", f"{NEEDED[0]} {NEEDED[2]}"),
        ("AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=a", "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b'"),
    ],
)  # fmt: skip
def test_a_header_that_is_not_whole_says_what_it_lacks(authorization, words):
    code, message = refusal(authorization)
    assert (code, message.split(" (Hashed")[0]) == ("Incomplete", words)
    assert "abc" not in message  # what may be a secret of another service is not repeated


def test_the_order_of_a_header_does_not_matter():
    first, *rest = header().removeprefix("AWS4-HMAC-SHA256 ").split(", ")
    turned = f"AWS4-HMAC-SHA256   {','.join([*rest, first])}"
    assert credential(turned) == credential(header())


@pytest.mark.parametrize("stamp", ["", "yesterday", "20151332T000000Z", "2015-08-30T12:36:00Z"])
def test_a_time_must_be_given(stamp):
    code, message = refusal(header(), headers=HEADERS | {"x-amz-date": stamp})
    assert code == "Incomplete"
    assert message.startswith("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")


@pytest.mark.parametrize(
    ("authorization", "name"), [(header(), "kms"), ("", ""), ("Basic dGVzdA==", ""), (header("1/2/../x"), "")]
)
def test_the_service_that_is_signed_for_can_be_seen_before_anything_is_checked(authorization, name):
    assert service(authorization) == name
