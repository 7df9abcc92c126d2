"""Roles assumed as programs do it over HTTP: a profile with a source profile, and STS's answers as JSON."""

import json
import urllib.parse
import urllib.request

import boto3
import botocore.session
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from kms_teach import Simulator

from .conftest import doc, trusts


@pytest.fixture
def sim():
    """One that is ahead of the clients' clocks: credentials that ended long ago by theirs would not be used."""
    with Simulator(start="2126-01-01T00:00:00Z") as sim:
        yield sim


@pytest.fixture
def at(sim):
    with sim.serve() as at:
        yield at


def test_a_profile_assumes_a_role_with_its_external_id(sim, alice, at, tmp_path, monkeypatch):
    role = sim.role("app", trust=doc(trusts(alice.arn, StringEquals={"sts:ExternalId": "12345"})))
    key = sim.root().client("iam").create_access_key(UserName="alice")["AccessKey"]
    config = tmp_path / "config"
    config.write_text(
        f"""[profile alice]
aws_access_key_id = {key["AccessKeyId"]}
aws_secret_access_key = {key["SecretAccessKey"]}
[profile app]
role_arn = {role.arn}
source_profile = alice
external_id = 12345
role_session_name = monday
region = us-east-1
"""
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_ENDPOINT_URL", at.url)
    session = boto3.session.Session(botocore_session=botocore.session.Session(profile="app"))
    arn = session.client("sts").get_caller_identity()["Arn"]
    assert arn == "arn:aws:sts::111122223333:assumed-role/app/monday"
    assert [record.operation for record in sim.trail[-2:]] == ["AssumeRole", "GetCallerIdentity"]


def test_an_answer_is_json_where_a_program_asks_for_it(at):
    body = urllib.parse.urlencode({"Action": "GetCallerIdentity", "Version": "2011-06-15"}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    request = AWSRequest("POST", at.url + "/", headers, body)
    SigV4Auth(Credentials("test", "test"), "sts", "us-east-1").add_auth(request)
    sent = urllib.request.Request(at.url + "/", body, dict(request.headers.items()))
    with urllib.request.urlopen(sent) as answer:
        told = json.load(answer)
    assert told["GetCallerIdentityResponse"]["GetCallerIdentityResult"]["Account"] == "111122223333"
