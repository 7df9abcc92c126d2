import contextlib
import json
import re
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from kms_teach.directory.access_keys import AccessKey
from kms_teach.teaching.class_account import ClassAccount, ClassError, client

pytestmark = pytest.mark.slow

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def sent(room, method, path, body=None, **headers):
    """A request as it is: status, headers, text."""
    with contextlib.closing(HTTPConnection(urlsplit(room.url).netloc, timeout=10)) as connection:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        reply = connection.getresponse()
        return reply.status, dict(reply.getheaders()), reply.read().decode()


def let_in(room, token=None, **headers):
    """Type the token into the form; gives the answer."""
    body = urlencode({"token": token if token is not None else room.ready.pages.token})
    return sent(room, "POST", "/_board", body, **{**FORM, **headers})


@pytest.fixture(scope="module")
def cookie(room):
    """What a browser sends once the token was typed."""
    return let_in(room)[1]["set-cookie"].partition(";")[0]


def aws(room, key, service="kms"):
    return client(room.url, key, service, "us-east-1")


# --- who is let in to AWS's services ------------------------------------------------------------------------------


@pytest.mark.parametrize("access_key", ["test", "111122223333", "444455556666", "700000000001"])
@pytest.mark.parametrize(
    ("service", "call", "code"),
    [
        ("kms", "list_keys", "UnrecognizedClientException"), ("sts", "get_caller_identity", "InvalidClientTokenId"),
        ("iam", "list_users", "InvalidClientTokenId"), ("s3", "list_buckets", "InvalidAccessKeyId"),
        ("cloudtrail", "lookup_events", "UnrecognizedClientException"),
    ],
)  # fmt: skip
def test_the_keys_that_everybody_knows_open_nothing(room, access_key, service, call, code):
    with pytest.raises(ClientError) as refused:
        getattr(aws(room, AccessKey(id=access_key, secret="test"), service), call)()
    assert refused.value.response["Error"]["Code"] == code


def test_a_presigned_address_of_the_known_key_opens_nothing_either(room):
    url = urlsplit(aws(room, AccessKey(id="test", secret="test"), "s3").generate_presigned_url("list_buckets"))
    status, _, body = sent(room, "GET", f"{url.path}?{url.query}")
    assert (status, "InvalidAccessKeyId" in body) == (403, True)


def test_a_learners_key_is_the_root_user_of_their_account_and_of_no_other(room):
    (mine, key), (_, others) = room.keys.values()
    assert aws(room, key, "sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{mine}:root"
    made = aws(room, key).create_key()["KeyMetadata"]["Arn"]
    with pytest.raises(ClientError) as refused:
        aws(room, others).describe_key(KeyId=made)
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"


def test_a_wrong_secret_is_told_so(room):
    key = next(iter(room.keys.values()))[1]
    with pytest.raises(ClientError) as refused:
        aws(room, AccessKey(id=key.id, secret="test")).list_keys()
    assert refused.value.response["Error"]["Code"] == "InvalidSignatureException"
    with pytest.raises(ClassError, match="signature"):
        ClassAccount(room.url, AccessKey(id=key.id, secret="test")).ask("me", {})


# --- the desk -----------------------------------------------------------------------------------------------------


def signed(room, path, service, *, body=b"{}", key=None, headers=None):
    """A request to a path, signed for a service."""
    key = key or next(iter(room.keys.values()))[1]
    request = AWSRequest("POST", f"{room.url}{path}", {"Content-Type": "application/json", **(headers or {})}, body)
    SigV4Auth(Credentials(key.id, key.secret), service, "us-east-1").add_auth(request)
    return dict(request.headers.items())


@pytest.mark.parametrize("service", ["kms", "sts", "iam", "cloudtrail", "s3"])
def test_a_signature_for_a_service_of_awss_opens_nothing_of_the_classs(room, service):
    status, _, body = sent(room, "POST", "/_class/me", b"{}", **signed(room, "/_class/me", service))
    assert status == 400
    assert "Credential should be scoped to correct service: 'kms-teach'." in json.loads(body)["message"]


def test_a_signature_for_the_class_opens_nothing_of_awss(room):
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "TrentService.ListKeys"}
    status, _, body = sent(room, "POST", "/", b"{}", **signed(room, "/", "kms-teach", headers=headers))
    assert (status, json.loads(body)["__type"]) == (400, "InvalidSignatureException")


@pytest.mark.parametrize("changed", [{"path": "/_class/trail"}, {"body": b'{"room":"start"}'}])
def test_a_signature_holds_for_what_was_signed_alone(room, changed):
    sent_to = {"path": "/_class/me", "body": b"{}"} | changed
    status, _, _ = sent(room, "POST", sent_to["path"], sent_to["body"], **signed(room, "/_class/me", "kms-teach"))
    assert status == 400


def test_without_a_signature_or_with_a_users_key_the_desk_answers_nobody(room):
    assert sent(room, "POST", "/_class/me", b"{}")[0] == 400
    alice = room.account("Alice").user("carla").access_key
    status, _, body = sent(room, "POST", "/_class/me", b"{}", **signed(room, "/_class/me", "kms-teach", key=alice))
    assert (status, json.loads(body)["code"]) == (400, "UnrecognizedClientException")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("me", b"", 400), ("me", b"[]", 400), ("me", b"\xff", 400), ("me", b'{"no":1}', 400), ("none", b"{}", 404), ("", b"{}", 404),
        ("check", b"{}", 404), ("check", b'{"room":"start","name":"__doc__"}', 404), ("check", b'{"room":"os","name":"path"}', 404),
        ("person", b"{}", 400), ("person", b'{"kind":"root","name":"a"}', 400), ("person", b'{"kind":"user","name":"../x"}', 400),
        ("person", b'{"kind":"user","name":"a","more":{"tags":"b"}}', 400), ("person", b'{"kind":"user","name":"a","more":{"account":"1"}}', 400),
        ("person", b'{"kind":"user","name":"a","more":{"policies":[{"a":1}]}}', 400), ("me", b'{"more":' + b"[" * 100_000, 400),
        ("person", b'{"kind":"user","name":"a","more":{"trust":"x"}}', 400), ("person", b'{"kind":"role","name":"a","more":{"max_session_duration":1}}', 400),
        ("person", b'{"kind":"user","name":"a","more":{"policies":[' + b'{"a":' * 5_000, 400),
    ],
)  # fmt: skip
def test_what_a_notebook_never_asks_is_answered_in_a_sentence(room, path, body, status):
    path = f"/_class/{path}"
    got, _, words = sent(room, "POST", path, body, **signed(room, path, "kms-teach", body=body))
    assert got == status, words
    assert json.loads(words)["message"]


def test_a_learner_sees_the_trail_of_their_account_alone_whatever_others_write_into_theirs(room):
    (account, key), (other, others) = room.keys.values()
    kms = aws(room, others)
    made = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.encrypt(KeyId=made, Plaintext=b"mine", EncryptionContext={"recipientAccountId": account})
    aws(room, key).list_keys()
    trail = room.account("Alice").trail
    assert trail.named("ListKeys")
    assert {record.event["recipientAccountId"] for record in trail} == {account}
    assert other not in json.dumps([record.event for record in trail])


def test_two_checks_in_one_second_are_one_too_many(room):
    desk, work = room.account("Alice"), room.ready.pages.work
    desk.begin("start", "LET_ALICE_READ")
    timer, work.timer = work.timer, iter([100_000.0, 100_000.1, 100_000.5, 100_002.0, 100_002.1]).__next__
    try:
        assert not desk.check("start", "LET_ALICE_READ").done
        with pytest.raises(ClassError, match="one check a second"):
            desk.check("start", "LET_ALICE_READ")
        assert not desk.check("start", "LET_ALICE_READ").done
    finally:
        work.timer = timer


# --- the board ----------------------------------------------------------------------------------------------------


def test_the_board_is_shown_to_whoever_has_typed_the_token_and_to_nobody_else(room, cookie):
    for path in ("/_board", "/_board/now"):
        assert "Alice" not in sent(room, "GET", path)[2]
        assert "Alice" in sent(room, "GET", path, Cookie=cookie)[2]
        assert "Alice" not in sent(room, "GET", path, Cookie=f"{cookie}0")[2]
        assert "Alice" not in sent(room, "GET", path, Cookie=f"kms-teach-board={room.ready.pages.token}")[2]
    assert sent(room, "GET", "/_board/now")[0] == 401


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 2_000])
def test_another_token_is_refused_in_a_sentence(room, token):
    status, headers, body = let_in(room, token)
    assert (status, "set-cookie" in headers, "That is not the token." in body) == (403, False, True)


def test_a_token_may_be_typed_in_small_letters(room):
    assert let_in(room, f" {room.ready.pages.token.lower()} ")[0] == 303


def test_the_token_stands_in_no_address_and_the_cookie_is_for_this_page_alone(room):
    status, headers, _ = let_in(room)
    assert (status, headers["location"]) == (303, "/_board")
    assert room.ready.pages.token not in str(headers)
    assert re.fullmatch(r"kms-teach-board=[0-9a-f]{32}; Path=/_board; HttpOnly; SameSite=Strict", headers["set-cookie"])
    assert "Alice" not in sent(room, "GET", f"/_board?token={room.ready.pages.token}")[2]
    assert "Alice" not in sent(room, "GET", "/_board", Authorization=f"Bearer {room.ready.pages.session}")[2]


def test_signing_out_takes_the_cookie_away(room, cookie):
    status, headers, _ = sent(room, "POST", "/_board/out", b"", Cookie=cookie, **FORM)
    assert (status, headers["set-cookie"].split(";")[:2]) == (303, ["kms-teach-board=", " Max-Age=0"])


@pytest.mark.parametrize("path", ["/_board", "/_board/now", "/_board/out", "/_class/me"])
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example"])
def test_under_a_name_that_is_not_its_own_it_answers_nothing(room, cookie, path, host):
    for method in ("GET", "POST"):
        status, headers, body = sent(room, method, path, b"", Host=host, Cookie=cookie)
        assert status in (400, 403)
        assert "set-cookie" not in headers
        assert "Alice" not in body


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "http://localhost:8888"])
def test_no_other_page_reads_the_board_or_types_into_its_form(room, cookie, origin):
    """Another page of this machine either: on a shared one it may be anybody's."""
    for method, path in (("GET", "/_board"), ("GET", "/_board/now"), ("POST", "/_board"), ("POST", "/_board/out")):
        body = urlencode({"token": room.ready.pages.token}) if method == "POST" else None
        status, headers, words = sent(room, method, path, body, Origin=origin, Cookie=cookie, **FORM)
        assert status in (400, 403)
        assert "set-cookie" not in headers
        assert "Alice" not in words


def test_its_own_page_may(room):
    assert let_in(room, Origin=room.url)[0] == 303
    assert let_in(room, Sec_Fetch_Site="same-origin")[0] == 303
    assert let_in(room, Sec_Fetch_Site="same-site")[0] == 403


def test_no_page_of_it_may_be_framed_kept_or_fetch_from_elsewhere(room, cookie):
    for path in ("/_board", "/_board/now", "/_board/board.css", "/_board/board.js", "/_board/none"):
        _, headers, body = sent(room, "GET", path, Cookie=cookie)
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
        assert not re.search(r"(?:src|href|action)=['\"](?!/_board)", body)


@pytest.mark.parametrize("path", ["/_board/none", "/_board/../names.db", "/_board/board.py", "/_board/"])
def test_what_is_not_there_is_not_there(room, cookie, path):
    assert sent(room, "GET", path, Cookie=cookie)[0] == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH"])
def test_another_method_gets_nothing(room, cookie, method):
    status, _, body = sent(room, method, "/_board", b"", Cookie=cookie)
    assert (status, "Alice" in body) == (404, False)


def test_names_and_errors_are_words_and_no_markup(room, cookie):
    key = next(iter(room.keys.values()))[1]
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "TrentService.<b>Nothing</b>"}
    sent(room, "POST", "/", b"{}", **signed(room, "/", "kms", key=key, headers=headers))
    assert "<b>" not in sent(room, "GET", "/_board", Cookie=cookie)[2]


def test_a_bucket_is_still_reached_by_its_name(room):
    key = next(iter(room.keys.values()))[1]
    s3 = aws(room, key, "s3")
    s3.create_bucket(Bucket="board")
    s3.put_object(Bucket="board", Key="now", Body=b"here")
    assert s3.get_object(Bucket="board", Key="now")["Body"].read() == b"here"
