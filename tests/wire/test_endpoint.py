import json
from datetime import UTC, datetime, timedelta

import botocore.auth
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kms_teach import Simulator
from kms_teach.wire.endpoint import UNKNOWN_CALLER, answer
from kms_teach.wire.exchange import Exchange
from kms_teach.wire.model import service_model

URL = "http://kms.us-east-1.amazonaws.com/"


def signed(
    target,
    body,
    access_key="test",
    secret="test",
    region="us-east-1",
    service="kms",
    type_="application/x-amz-json-1.1",
    token=None,
    signer=SigV4Auth,
):
    """A request as botocore signs it, without anything of ours."""
    headers = {"Content-Type": type_, "Host": "kms.us-east-1.amazonaws.com"} | (
        {"X-Amz-Target": target} if target else {}
    )
    request = AWSRequest("POST", URL, headers, body)
    signer(Credentials(access_key, secret, token), service, region).add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()}


def ask(sim, target, body, headers=None, **how):
    reply = answer(sim.service, Exchange("POST", "/", headers or signed(target, body, **how), body))
    return reply, json.loads(reply.body or b"null")


def test_a_signed_request_is_answered(sim):
    reply, said = ask(sim, "TrentService.ListKeys", b"{}")
    assert (reply.status, said) == (200, {"Keys": [], "Truncated": False})
    assert reply.headers["content-type"] == "application/x-amz-json-1.1"
    assert len(reply.headers["x-amzn-RequestId"]) == 36
    assert sim.trail[-1].event["requestID"] == reply.headers["x-amzn-RequestId"]


def test_twelve_digits_are_the_root_of_that_account(sim):
    _, said = ask(sim, "TrentService.CreateKey", b"{}", access_key="444455556666")
    assert said["KeyMetadata"]["AWSAccountId"] == "444455556666"


@pytest.mark.parametrize(
    ("how", "code", "words"),
    [
        (
            {"access_key": "AKIANOBODY"},
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
        ),
        ({"secret": "wrong"}, "InvalidSignatureException", "The request signature we calculated does not match"),
        ({"service": "s3"}, "InvalidSignatureException", "Credential should be scoped to correct service: 'kms'."),
    ],
)
def test_a_stranger_is_refused(sim, how, code, words):
    reply, said = ask(sim, "TrentService.CreateKey", b"{}", **how)
    assert (reply.status, said["__type"]) == (400, code)
    assert words in said["message"]
    assert sim.client("kms").list_keys()["Keys"] == []


def test_without_a_signature_nothing_is_answered(sim):
    reply, said = ask(sim, "", b"{}", headers={"x-amz-target": "TrentService.ListKeys"})
    assert (reply.status, said["__type"]) == (400, "MissingAuthenticationTokenException")


def test_a_changed_body_is_noticed(sim):
    headers = signed("TrentService.CreateKey", b"{}")
    _, said = ask(sim, "", b'{"Description":"mine"}', headers=headers)
    assert said["__type"] == "InvalidSignatureException"


@pytest.mark.parametrize("header", ["x-amz-target", "host", "x-amz-date"])
def test_a_changed_header_is_noticed(sim, header):
    headers = signed("TrentService.ListKeys", b"{}")
    headers[header] = {
        "x-amz-target": "TrentService.CreateKey",
        "host": "evil",
        "x-amz-date": headers["x-amz-date"][:-2] + ("0Z" if headers["x-amz-date"].endswith("9Z") else "9Z"),
    }[header]
    _, said = ask(sim, "", b"{}", headers=headers)
    assert said["__type"] == "InvalidSignatureException"


def test_a_claimed_hash_of_the_body_must_be_true(sim):
    headers = signed("TrentService.ListKeys", b"{}") | {"x-amz-content-sha256": "0" * 64}
    _, said = ask(sim, "", b"{}", headers=headers)
    assert said["__type"] == "InvalidSignatureException"


def test_an_old_signature_has_expired(sim):
    headers = signed("TrentService.ListKeys", b"{}") | {"x-amz-date": "20200101T000000Z"}
    _, said = ask(sim, "", b"{}", headers=headers)
    assert (said["__type"], said["message"][:17]) == ("InvalidSignatureException", "Signature expired")


@pytest.mark.parametrize(("minutes", "status"), [(-6, 400), (-4, 200), (4, 200), (6, 400)])
def test_a_signature_is_good_for_five_minutes(sim, monkeypatch, minutes, status):
    then = datetime.now(UTC) + timedelta(minutes=minutes)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: then.replace(tzinfo=None))
    reply, said = ask(sim, "TrentService.ListKeys", b"{}")
    assert reply.status == status
    assert said.get("__type") == (None if status == 200 else "InvalidSignatureException")


class Forgetful(SigV4Auth):
    """Signs all but one header, and says so."""

    forgets = ""

    def headers_to_sign(self, request):
        headers = super().headers_to_sign(request)
        del headers[self.forgets]
        return headers


@pytest.mark.parametrize(
    ("header", "named"),
    [("host", "'Host' or ':authority'"), ("x-amz-date", "'X-Amz-Date'"), ("x-amz-target", "'X-Amz-Target'")],
)
def test_a_header_that_must_be_signed(sim, monkeypatch, header, named):
    monkeypatch.setattr(Forgetful, "forgets", header)
    _, said = ask(sim, "TrentService.ListKeys", b"{}", signer=Forgetful)
    assert (said["__type"], said["message"]) == (
        "InvalidSignatureException", f"{named} must be a 'SignedHeader' in the AWS Authorization.",
    )  # fmt: skip


def test_temporary_credentials_are_three_and_permanent_ones_two(sim):
    alice = sim.user("alice")
    trust = {"Effect": "Allow", "Principal": {"AWS": alice.arn}, "Action": "sts:AssumeRole"}
    role = sim.role("app", trust={"Version": "2012-10-17", "Statement": [trust]})
    given = alice.client("sts").assume_role(RoleArn=role.arn, RoleSessionName="monday")["Credentials"]
    how = {"access_key": given["AccessKeyId"], "secret": given["SecretAccessKey"]}
    for token in (None, "another", given["SessionToken"][:-1]):
        _, said = ask(sim, "TrentService.ListKeys", b"{}", token=token, **how)
        assert (said["__type"], said["message"]) == ("UnrecognizedClientException", UNKNOWN_CALLER)
    _, said = ask(sim, "TrentService.ListKeys", b"{}", token=given["SessionToken"], **how)
    assert said["__type"] == "AccessDeniedException"  # it is somebody, who may nothing
    _, said = ask(sim, "TrentService.ListKeys", b"{}", token=given["SessionToken"])
    assert said["__type"] == "UnrecognizedClientException"


@pytest.mark.parametrize("target", ["TrentService.Nonsense", "DynamoDB_20120810.ListTables", "TrentService.", "x"])
def test_an_unknown_operation_is_named_as_such(sim, target):
    reply, said = ask(sim, target, b"{}")
    assert (reply.status, said["__type"]) == (400, "UnknownOperationException")


def test_an_access_denied_spells_its_message_with_a_capital(sim, key):
    alice = sim.user("alice")._principal
    how = {"access_key": alice.access_key, "secret": alice.secret}
    _, said = ask(sim, "TrentService.DescribeKey", json.dumps({"KeyId": key}).encode(), **how)
    assert said["__type"] == "AccessDeniedException"
    assert said["Message"].startswith(
        f"User: {alice.arn} is not authorized to perform: kms:DescribeKey on resource: arn:"
    )


def test_an_error_without_words_has_no_message(sim, kms, key, refused):
    blob = kms.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"a": "b"})["CiphertextBlob"]
    assert refused(kms.decrypt, CiphertextBlob=blob) == ("InvalidCiphertextException", "")


def test_sts_refuses_what_it_does_not_know(sim, refused):
    sts = sim.client("sts")
    said = refused(sts.get_federation_token, Name="bob")
    assert said.code == "InvalidAction"


# Any request at all is answered, by an error where it must be, and an error changes nothing.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = sorted(
    {m for name in service_model().operation_names for m in service_model().operation_model(name).input_shape.members}
)
BODIES = st.binary(max_size=80) | JSON.map(lambda v: json.dumps(v).encode()) | st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=5).map(lambda v: json.dumps(v).encode())  # fmt: skip
HEADERS = st.dictionaries(st.sampled_from(["authorization", "x-amz-target", "x-amz-date", "host", "content-type", "x-amz-content-sha256"]), st.text(max_size=60), max_size=5)  # fmt: skip


@pytest.fixture(scope="module")
def fuzzed():
    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        key = sim.client("kms").create_key()["KeyMetadata"]["KeyId"]
        yield sim, key


def state(sim):
    return [
        row
        for table in ("key", "alias", "principal")
        for row in sim.service.store._db.execute(f'SELECT * FROM "{table}"')
    ]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(service_model().operation_names)), body=BODIES, use_key=st.booleans())
def test_any_body_is_answered_and_an_error_changes_nothing(fuzzed, name, body, use_key):
    sim, key = fuzzed
    if use_key and body.startswith(b"{") and len(body) > 2:
        body = f'{{"KeyId":"{key}",'.encode() + body[1:]
    before = state(sim)
    reply, said = ask(sim, f"TrentService.{name}", body)
    assert reply.status in (200, 400)
    if reply.status == 400:
        assert said["__type"].endswith("Exception")
        assert state(sim) == before


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(headers=HEADERS, body=BODIES)
def test_any_headers_are_answered(fuzzed, headers, body):
    sim, _ = fuzzed
    reply, said = ask(sim, "", body, headers=headers or {"x": "y"})
    assert reply.status == 400
    assert said["__type"].endswith("Exception")
