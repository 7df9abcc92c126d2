import json
import os
import subprocess
import sys

import boto3
import botocore.utils
import pytest

from kms_teach import Simulator
from kms_teach.wire.loader import loader
from kms_teach.wire.maker import isolated_session
from kms_teach.wire.services import APIS


def refuse(*_, **__):
    raise AssertionError("it was read once more")


@pytest.mark.parametrize("name", list(APIS))
def test_the_models_are_read_once_for_all_simulators(name, monkeypatch):
    with Simulator() as first:
        first.client(name)
    monkeypatch.setattr(loader().file_loader, "load_file", refuse)
    with Simulator() as second:
        assert second.client(name)


def test_a_model_of_the_learners_own_is_not_read():
    assert loader().search_paths == [loader().BUILTIN_DATA_PATH]


def test_proxies_of_the_environment_are_not_read(sim, monkeypatch):
    monkeypatch.setattr(botocore.utils, "getproxies", refuse)
    assert sim.client("kms")


@pytest.mark.parametrize("region", ["us-east-1", "cn-north-1", "us-mars-1"])
@pytest.mark.parametrize("name", list(APIS))
def test_a_client_is_what_boto3_makes(sim, name, region):
    ours = sim.client(name, region=region)
    theirs = boto3.session.Session().client(
        name, region_name=region, aws_access_key_id="test", aws_secret_access_key="test",
        endpoint_url="http://elsewhere.invalid",  # without one, a client of IAM calls its Region aws-global
    )  # fmt: skip
    assert set(dir(ours)) == set(dir(theirs))
    for fact in ("region_name", "partition", "method_to_api_mapping"):
        assert getattr(ours.meta, fact) == getattr(theirs.meta, fact)
    assert {n: ours.can_paginate(n) for n in ours.meta.method_to_api_mapping} == {
        n: theirs.can_paginate(n) for n in theirs.meta.method_to_api_mapping
    }
    assert ours.waiter_names == theirs.waiter_names


def test_what_is_hooked_into_one_client_is_seen_by_no_other(sim):
    seen = []
    one = sim.client("kms")
    one.meta.events.register("before-call.kms", lambda **_: seen.append("one"))
    with Simulator() as other:
        for client in (sim.client("kms"), other.client("kms")):
            client.list_keys()
    assert seen == []
    one.list_keys()
    assert seen == ["one"]


# What a client is and answers, told by a process of its own
TOLD = """
import json
from kms_teach import Simulator
told = {}
with Simulator(start="2026-01-01T00:00:00Z") as sim:
    trust = {"Effect": "Allow", "Principal": {"AWS": sim.user("alice").arn}, "Action": "sts:AssumeRole"}
    role = sim.role("app", trust={"Version": "2012-10-17", "Statement": [trust]})
    for name in ("kms", "sts"):
        client = sim.client(name)
        config = {k: repr(v) for k, v in vars(client.meta.config).items() if "object at" not in repr(v)}
        told[name] = [client.meta.endpoint_url, client.meta.region_name, config, sorted(dir(client))]
    told["who"] = sim.client("sts").get_caller_identity()["Arn"]
    told["session"] = sim.user("alice").client("sts").assume_role(RoleArn=role.arn, RoleSessionName="me")["AssumedRoleUser"]["Arn"]
    told["keys"] = len(sim.client("kms").list_keys(Limit=5)["Keys"])
    told["agent"] = sim.trail[-1].event["userAgent"]
    told["from"] = sim.trail[-1].event["sourceIPAddress"]
print(json.dumps(told))
"""
NOWHERE = "http://127.0.0.1:1"
HOSTILE = {
    "AWS_ACCESS_KEY_ID": "AKIAREAL", "AWS_SECRET_ACCESS_KEY": "real", "AWS_SESSION_TOKEN": "real", "AWS_PROFILE": "of-nobody",
    "AWS_DEFAULT_PROFILE": "of-nobody", "AWS_REGION": "mars", "AWS_DEFAULT_REGION": "mars", "AWS_ENDPOINT_URL": NOWHERE,
    "AWS_ENDPOINT_URL_KMS": NOWHERE, "AWS_ENDPOINT_URL_STS": NOWHERE, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "maybe",
    "AWS_CA_BUNDLE": "/none.pem", "REQUESTS_CA_BUNDLE": "/none.pem", "SSL_CERT_FILE": "/none.pem", "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true", "AWS_STS_REGIONAL_ENDPOINTS": "legacy", "AWS_RETRY_MODE": "nonsense", "AWS_MAX_ATTEMPTS": "many",
    "AWS_DEFAULTS_MODE": "nonsense", "AWS_SDK_UA_APP_ID": "x" * 200, "AWS_EXECUTION_ENV": "AWS_Lambda_python3.11",
    "AWS_LAMBDA_FUNCTION_NAME": "f", "_X_AMZN_TRACE_ID": "trace", "AWS_ENDPOINT_DISCOVERY_ENABLED": "true", "AWS_CSM_ENABLED": "true",
    "AWS_CSM_PORT": "many", "AWS_REQUEST_CHECKSUM_CALCULATION": "nonsense", "AWS_RESPONSE_CHECKSUM_VALIDATION": "nonsense",
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": "-1", "AWS_ACCOUNT_ID_ENDPOINT_MODE": "required", "AWS_AUTH_SCHEME_PREFERENCE": "nonsense",
    "AWS_METADATA_SERVICE_TIMEOUT": "long", "AWS_ROLE_ARN": "arn:aws:iam::1:role/x", "AWS_WEB_IDENTITY_TOKEN_FILE": "/none",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": NOWHERE, "BOTO_CONFIG": "/none", "HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE,
    "http_proxy": NOWHERE, "https_proxy": NOWHERE, "ALL_PROXY": NOWHERE, "NO_PROXY": "",
}  # fmt: skip


def told(home, variables):
    own = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    ran = subprocess.run(
        [sys.executable, "-c", TOLD], env={**own, "HOME": str(home), **variables}, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.slow
def test_nothing_of_the_learners_own_aws_is_read(tmp_path):
    """Variables, configuration, credentials, models and proxies that each would break or turn aside a client of boto3."""
    files = {
        ".aws/config": "[default]\nregion = mars\nendpoint_url = http://127.0.0.1:1\nretry_mode = nonsense\n[profile",
        ".aws/credentials": "nonsense",
        "nonsense": "nonsense [",
        ".aws/models/kms/2099-01-01/service-2.json": "{",
        "data/sts/2099-01-01/service-2.json": "{",
        "data/endpoints.json": "{",
    }
    for name, text in files.items():
        file = tmp_path / "hostile" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    home = tmp_path / "hostile"
    at = {
        "AWS_CONFIG_FILE": home / "nonsense",
        "AWS_SHARED_CREDENTIALS_FILE": home / "nonsense",
        "AWS_DATA_PATH": home / "data",
    }
    clean = told(tmp_path, {})
    assert told(home, HOSTILE | {name: str(place) for name, place in at.items()}) == clean
    assert told(home, {}) == clean
    assert (clean["who"], clean["agent"]) == ("arn:aws:iam::111122223333:root", "boto3 kms-teach")


def test_a_client_of_s3_has_what_boto3_adds_also_where_boto3_has_added_it():
    fresh = isolated_session.__wrapped__()
    around = boto3.session.Session(botocore_session=fresh, region_name="us-east-1")
    assert hasattr(around.client("s3"), "upload_file")
    with Simulator() as sim:
        assert hasattr(sim.client("s3"), "upload_file")


@pytest.mark.parametrize(
    ("name", "operation"), [("kms", "encrypt"), ("iam", "get_policy_version"), ("s3", "get_object")]
)
def test_the_help_of_a_client_is_boto3s(sim, name, operation):
    """It is written by botocore's handlers, of which a service has some of its own."""
    theirs = boto3.session.Session().client(
        name, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    assert str(getattr(sim.client(name), operation).__doc__) == str(getattr(theirs, operation).__doc__)


@pytest.mark.parametrize("name", list(APIS))
def test_the_clients_of_a_service_have_one_class_and_one_model_and_each_its_own_handlers(sim, name):
    with Simulator() as other:
        one, another = sim.client(name), other.client(name, region="eu-west-1")
    assert type(one) is type(another)
    assert one.meta.service_model is another.meta.service_model
    assert one.meta.events is not another.meta.events
    assert (one.meta.region_name, another.meta.region_name) == ("us-east-1", "eu-west-1")
