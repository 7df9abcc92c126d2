"""Work is in proportion to what a caller sends: twice as much takes twice the steps, whatever it is."""

import contextlib
import importlib
import json
import pkgutil
import re

import pytest
from botocore.exceptions import ClientError

import kms_teach
from kms_teach.access.lines import TOKEN
from kms_teach.access.patterns import VARIABLE, matcher
from kms_teach.access.policy import read
from kms_teach.errors import KmsError
from kms_teach.hsm.blob import additional_data
from kms_teach.wire import signature
from kms_teach.wire.exchange import FORM, Exchange
from kms_teach.wire.model import _compiled, service_model, violations
from kms_teach.wire.protocols import form
from kms_teach.wire.protocols import json as aws_json
from kms_teach.wire.protocols.xml import NO_XML
from kms_teach.wire.services import APIS
from tests.backtracking import Matcher, TooManySteps, hostile
from tests.steps import steps

ROOT = {"AWS": "arn:aws:iam::111122223333:root"}
EVERYWHERE = {VARIABLE, TOKEN, NO_XML}  # what a text is gone through with; the others begin at its beginning
SHOWS = ("chapters", "repairs", "teaching", "drawing", "__main__")  # what reads no request


def allow(**more):
    return {"Effect": "Allow", "Principal": ROOT, "Action": "kms:*", "Resource": "*", **more}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


POLICIES = {
    "statements": lambda n: policy(*(allow(Sid=f"a{i}") for i in range(n))),
    "actions": lambda n: policy(allow(Action=[f"kms:Get{i}*" for i in range(n)])),
    "resources with stars": lambda n: policy(allow(Resource=[f"arn:aws:kms:*:*:*{i}*" for i in range(n)])),
    "principals": lambda n: policy(allow(Principal={"AWS": [f"{i:012}" for i in range(n)]})),
    "condition keys": lambda n: policy(allow(Condition={"StringLike": {f"kms:EncryptionContext:{i}": "*" for i in range(n)}})),
    "condition values": lambda n: policy(allow(Condition={"StringEquals": {"aws:PrincipalTag/a": [str(i) for i in range(n)]}})),
    "a value with stars": lambda n: policy(allow(Condition={"StringLike": {"aws:PrincipalTag/a": "*a" * n}})),
    "variables": lambda n: policy(allow(Condition={"StringLike": {"aws:PrincipalTag/a": "${aws:username}" * n}})),
    "a variable of blanks": lambda n: policy(allow(Condition={"StringLike": {"aws:PrincipalTag/a": "${" + " " * n}})),
    "beginnings of variables": lambda n: policy(allow(Condition={"StringLike": {"aws:PrincipalTag/a": "${" * n}})),
    "members that stand twice": lambda n: '{"Version": "2012-10-17",' + '"a": 1,' * n + '"Statement": []}',
    "objects within": lambda n: '{"a":' * n + "1" + "}" * n,
    "lists within": lambda n: "[" * n,
    "lines": lambda n: policy(allow()) + "\n" * n,
    "quotes": lambda n: '"' * n,
    "backslashes": lambda n: '{"' + "\\\\" * n,
}  # fmt: skip


def twice(act, small=150):
    """Steps for twice as much, over those for once; what is always the same does not count."""
    act(small)  # what is made once
    none, once, double = (steps(lambda n=n: act(n)) for n in (1, small + 1, 2 * small + 1))
    return (double - none) / max(once - none, 200)


@pytest.mark.parametrize("kind", ["key policy", "IAM policy", "service control policy", "trust policy"])
@pytest.mark.parametrize("shape", POLICIES)
def test_a_policy_is_read_in_proportion_to_its_length(shape, kind):
    def act(n):
        with contextlib.suppress(KmsError):
            read(POLICIES[shape](n), kind)

    assert twice(act) < 2.4


@pytest.mark.parametrize("shape", POLICIES)
def test_a_request_is_decided_in_proportion_to_the_policy(sim, kms, key, shape):
    def act(n):
        with contextlib.suppress(ClientError):
            kms.put_key_policy(KeyId=key, Policy=POLICIES[shape](n))
        with contextlib.suppress(ClientError):
            sim.client("kms").describe_key(KeyId=key)

    assert twice(act, 60) < 2.4


def patterns():
    """Each regular expression that something of a request may meet: ours, and those of the models."""
    for module in pkgutil.walk_packages(kms_teach.__path__, "kms_teach."):
        if module.name.split(".")[1] in SHOWS:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            values = (
                value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else [value]
            )
            yield from ((f"{module.name}.{name}", each) for each in values if isinstance(each, re.Pattern))
    for api in APIS:
        shapes = map(service_model(api).shape_for, service_model(api).shape_names)
        told = ((shape.name, shape.metadata["pattern"]) for shape in shapes if "pattern" in shape.metadata)
        yield from ((f"{api} {name}", _compiled(text)) for name, text in told)


PATTERNS = {pattern: name for name, pattern in patterns()}


@pytest.mark.parametrize("pattern", PATTERNS, ids=PATTERNS.values())
def test_a_pattern_is_tried_in_proportion_to_the_text(pattern):
    assert grows(pattern, everywhere=pattern in EVERYWHERE) < 2.6


def grows(pattern, *, everywhere=False):
    """Steps for twice the text over those for once, at worst."""
    worst = 0.0
    for text in hostile(pattern):
        try:
            once, double = (
                Matcher(pattern).run(text(n), whole=not everywhere, everywhere=everywhere) for n in (200, 400)
            )
            worst = max(worst, double / once)
        except TooManySteps:
            return float("inf")
    return worst


@pytest.mark.parametrize(
    ("pattern", "everywhere"),
    [(r"(a+)+b", False), (r"a*a*a*b", False), (r"\$\{\s*[^}]*\s*\}", True), (r"x=[^/]*/", True), (r"(a|a)*b", False)],
)
def test_what_counts_the_steps_sees_a_bad_pattern(pattern, everywhere):
    assert grows(re.compile(pattern), everywhere=everywhere) > 2.6


@pytest.mark.parametrize("shape", ["*a" * 100, "*" * 100 + "b", "a*?" * 50, "?*" * 60 + "c"])
def test_a_pattern_of_a_policy_is_tried_in_proportion_to_the_value(shape):
    pattern = matcher((shape,))
    once, double = (Matcher(pattern).run("a" * n + "\x00", whole=True, everywhere=False) for n in (300, 600))
    assert double / once < 2.6


def test_an_encryption_context_is_sealed_in_proportion_to_its_pairs():
    assert twice(lambda n: additional_data({str(i): "" for i in range(n)})) < 2.4


BODIES = {
    "fields": lambda n: "&".join(f"Tags.member.{i}.Key=a&Tags.member.{i}.Value=b" for i in range(1, n + 1)),
    "numbers far apart": lambda n: "&".join(f"Tags.member.{i * 1000}.Key=a" for i in range(1, n + 1)),
    "one field again and again": lambda n: "&".join("RoleArn=a" for _ in range(n)),
    "dots": lambda n: "Tags" + ".member.1" * n + "=a",
}


@pytest.mark.parametrize("shape", BODIES)
def test_a_form_is_read_in_proportion_to_its_length(shape):
    model = service_model("sts").operation_model("AssumeRole").input_shape

    def act(n):
        with contextlib.suppress(ValueError, KmsError):
            form.decode(model, form.parse(f"Action=AssumeRole&{BODIES[shape](n)}"))

    assert twice(act) < 2.4


def test_a_body_is_read_and_checked_in_proportion_to_its_length():
    shape = service_model("kms").operation_model("Encrypt").input_shape

    def act(n):
        body = {"KeyId": "a" * n, "GrantTokens": ["b"] * n, "EncryptionContext": {str(i): "" for i in range(n)}}
        list(violations(shape, aws_json.decode(shape, json.dumps(body).encode())))

    assert twice(act) < 2.4


HEADERS = {
    "credentials": lambda n: "Credential=" * n,
    "slashes": lambda n: "AWS4-HMAC-SHA256 Credential=" + "a/" * n,
    "signed headers": lambda n: (
        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kms/aws4_request, SignedHeaders="
        + ";".join(f"h{i}" for i in range(n)) + ", Signature=" + "0" * 64
    ),
    "commas": lambda n: "AWS4-HMAC-SHA256 " + "a=b," * n,
}  # fmt: skip


@pytest.mark.parametrize("shape", HEADERS)
def test_a_signature_is_checked_in_proportion_to_its_header(shape):
    def act(n):
        header = HEADERS[shape](n)
        signature.service(header)
        with contextlib.suppress(KmsError):
            given = signature.credential(header)
            signature.verify("test", given, "POST", "/?" + "a=b&" * n, {"authorization": header}, b"")

    assert twice(act) < 2.4


def test_a_header_of_64_kilobytes_names_its_service_in_proportion():
    """`Credential=` once more at each place where it might begin: search would try each to the end."""
    assert grows(signature.SERVICE) < 2.6
    assert signature.service("AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, …") == "iam"
    assert Exchange("POST", "/", {"content-type": FORM}, b"").is_form


def test_keys_are_listed_in_proportion_to_the_page(kms):
    for _ in range(60):
        kms.create_key()
    few = steps(lambda: kms.list_keys(Limit=10))
    for _ in range(60):
        kms.create_key()
    assert steps(lambda: kms.list_keys(Limit=10)) < 1.1 * few
