from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from kms_teach.errors import InvalidSignatureException
from kms_teach.wire.signature import credential, verify

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
