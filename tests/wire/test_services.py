"""Which service a request is for, and what the services call their errors; seen by botocore's own clients."""

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser

from kms_teach.errors import AccessDeniedException, LimitExceededException, NotFoundException
from kms_teach.wire.endpoint import PROTOCOLS, answer, asked, worded
from kms_teach.wire.exchange import FORM, Exchange
from kms_teach.wire.inprocess import _Raw
from kms_teach.wire.loader import metadata
from kms_teach.wire.model import service_model, violations
from kms_teach.wire.services import APIS

ASSUME = "Action=AssumeRole&Version=2011-06-15"


def test_every_service_speaks_a_protocol_that_is_here():
    for name in APIS:
        assert service_model(name).protocol in PROTOCOLS


def scope(service):
    return {"authorization": f"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, …"}


@pytest.mark.parametrize(
    ("headers", "body", "service"),
    [
        pytest.param({"x-amz-target": "TrentService.ListKeys"}, "{}", "kms", id="a target"),
        pytest.param({"x-amz-target": "TrentService.ListKeys"} | scope("s3"), "{}", "kms", id="a target, signed for another"),
        pytest.param({"x-amz-target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"}, "{}", "cloudtrail", id="a target with dots"),
        pytest.param({"content-type": FORM}, ASSUME, "sts", id="a version"),
        pytest.param({"content-type": f"{FORM}; charset=utf-8"} | scope("kms"), ASSUME, "sts", id="a version, signed for another"),
        pytest.param({"x-amz-target": "DynamoDB_20120810.ListTables"} | scope("dynamodb"), "{}", "dynamodb", id="a target that is not here"),
        pytest.param({"content-type": FORM} | scope("ec2"), "Action=DescribeInstances&Version=2016-11-15", "ec2", id="a version that is not here"),
        pytest.param({"content-type": FORM} | scope("sts"), "Action=GetCallerIdentity", "sts", id="no version"),
        pytest.param({"content-type": FORM} | scope("sts"), "%ff", "sts", id="no form"),
        pytest.param(scope("lambda"), "", "lambda", id="only a signature"),
        pytest.param({"x-amz-target": "TrentService"} | scope("kms"), "{}", "kms", id="half a target"),
        pytest.param({}, "", "kms", id="nothing"),
        pytest.param({"content-type": FORM}, "", "sts", id="an empty form"),
    ],
)  # fmt: skip
def test_how_a_request_finds_its_service(headers, body, service):
    assert asked(Exchange("POST", "/", headers, body.encode())) == service


# --- the words of Query services ----------------------------------------------------------------------------------


def form(sim, body, headers=None, access_key="test", secret="test", service="sts", token=None):
    """A form as botocore signs it; gives the status and the error that botocore reads."""
    request = AWSRequest("POST", "http://h/", {"Host": "h", "Content-Type": FORM}, body)
    SigV4Auth(Credentials(access_key, secret, token), service, "us-east-1").add_auth(request)
    sent = {name.lower(): value for name, value in request.headers.items()} if headers is None else headers
    reply = answer(sim.service, Exchange("POST", "/", sent, body.encode()))
    assert reply.headers["content-type"] == "text/xml"
    response = {"status_code": reply.status, "headers": reply.headers, "body": reply.body}
    parsed = create_parser("query").parse(response, service_model("sts").operation_model("AssumeRole").output_shape)
    return reply.status, parsed.get("Error", {}).get("Code"), parsed.get("Error", {}).get("Message")


ROLE = f"{ASSUME}&RoleArn=arn:aws:iam::111122223333:role/none&RoleSessionName=me"
V1 = "1 validation error detected: "
MUST = "failed to satisfy constraint: Member must"


@pytest.mark.parametrize(
    ("body", "how", "error"),
    [
        (ROLE, {"headers": {"content-type": FORM}}, (403, "MissingAuthenticationToken", "Request is missing Authentication Token")),
        (ROLE, {"access_key": "AKIANOBODY"}, (403, "InvalidClientTokenId", "The security token included in the request is invalid.")),
        (ROLE, {"service": "kms"}, (403, "SignatureDoesNotMatch", "Credential should be scoped to correct service: 'sts'.")),
        (ROLE, {}, (403, "AccessDenied", "Roles may not be assumed by root accounts.")),
        ("Action=Nonsense&Version=2011-06-15", {}, (400, "InvalidAction", "Could not find operation Nonsense for version 2011-06-15")),
        # recorded from AWS
        (ROLE.replace("=me", "=Session1:2"), {}, (400, "ValidationError", f"{V1}Value 'Session1:2' at 'roleSessionName' {MUST} satisfy regular expression pattern: [\\w+=,.@-]*")),
        (f"{ROLE}&DurationSeconds=600", {}, (400, "ValidationError", f"{V1}Value '600' at 'durationSeconds' {MUST} have value greater than or equal to 900")),
    ],
)  # fmt: skip
def test_sts_says_it_in_its_words(sim, body, how, error):
    assert form(sim, body, **how) == error


def test_a_wrong_secret_is_called_a_signature_that_does_not_match(sim):
    status, code, message = form(sim, ROLE, secret="wrong")
    assert (status, code, message[:21]) == (403, "SignatureDoesNotMatch", "The request signature")


def test_credentials_of_sts_that_have_ended_are_called_expired(sim):
    alice = sim.user("alice")
    trust = {"Effect": "Allow", "Principal": {"AWS": alice.arn}, "Action": "sts:AssumeRole"}
    role = sim.role("app", trust={"Version": "2012-10-17", "Statement": [trust]})
    given = alice.client("sts").assume_role(RoleArn=role.arn, RoleSessionName="monday")["Credentials"]
    sim.advance(hours=1)
    how = {"access_key": given["AccessKeyId"], "secret": given["SecretAccessKey"], "token": given["SessionToken"]}
    assert form(sim, ROLE, **how) == (403, "ExpiredToken", "The security token included in the request is expired")


@pytest.mark.parametrize(
    "body",
    [
        f"{ASSUME}&" + "&".join(f"a{n}=1" for n in range(300)), f"{ROLE}&DurationSeconds=\u00b2",
        f"{ROLE}&DurationSeconds={'9' * 5000}", f"{ROLE}&Tags.member.x.Key=1", f"{ASSUME}&RoleArn." + "x." * 50_000,
    ],
    ids=["300 fields", "a superscript", "5,000 digits", "a tag without a number", "a deep name"],
)  # fmt: skip
def test_a_form_that_cannot_be_is_aws_error(sim, body):
    assert form(sim, body)[:2] in {(400, "MalformedInput"), (400, "ValidationError")}


def test_errors_of_the_model_have_its_codes_and_status():
    api = APIS["sts"]
    for error, code, status in (
        (NotFoundException("x"), "NotFoundException", 400),
        (AccessDeniedException("x"), "AccessDenied", 403),
        (LimitExceededException("x"), "LimitExceededException", 400),
    ):
        assert (worded(api, error).code, worded(api, error).status) == (code, status)
    assert worded(APIS["kms"], AccessDeniedException("x")).code == "AccessDeniedException"


# Recorded from IAM, which does not repeat the value, and lists no enum
IAM = ServiceModel(Loader().load_service_model("iam", "service-2"), "iam")


@pytest.mark.parametrize(
    ("operation", "params", "sentence"),
    [
        ("GetRole", {"RoleName": "r" * 65}, f"Value at 'roleName' {MUST} have length less than or equal to 64"),
        ("UpdateServiceSpecificCredential", {"ServiceSpecificCredentialId": "a" * 20, "Status": "Off"}, f"Value at 'status' {MUST} satisfy enum value set"),
        ("UpdateServiceSpecificCredential", {"ServiceSpecificCredentialId": "a-" * 10, "Status": "Active"}, f"Value at 'serviceSpecificCredentialId' {MUST} satisfy regular expression pattern: [\\w]+"),
        ("GetRole", {}, f"Value null at 'roleName' {MUST} not be null"),
    ],
)  # fmt: skip
def test_violations_without_their_values(operation, params, sentence):
    (violation,) = violations(IAM.operation_model(operation).input_shape, params)
    assert violation.sentence(shows=False) == sentence


@pytest.mark.parametrize(
    ("key", "fits"),
    [("team", True), ("Größe 1", True), ("鍵/²½", True), ("a\u2003b", True), ("a\tb", False), ("a;b", False), ("€", False), ("", False)],
)  # fmt: skip
def test_javas_classes_of_letters_digits_and_blanks(key, fits):
    shape = IAM.shape_for("tagKeyType")
    assert (list(violations(shape, key)) == []) is fits


def test_javas_way_to_write_what_has_more_than_16_bits():
    shape = service_model("cloudtrail").shape_for("PartitionKeyName")
    assert list(violations(shape, "a \U0001f511")) == []
    assert list(violations(shape, "a\x00"))


# --- services that do not answer ----------------------------------------------------------------------------------


def foreign(sim, name):
    """A client of boto3's own that meets the simulator where it expects AWS."""
    client = boto3.session.Session().client(
        name, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test", endpoint_url="http://127.0.0.1:1",
        config=Config(retries={"total_max_attempts": 1}),
    )  # fmt: skip

    def respond(request, **_):
        headers = {k.lower(): v.decode() if isinstance(v, bytes) else v for k, v in request.headers.items()}
        body = request.body or b""
        path = "/" + request.url.split("/", 3)[3]
        reply = answer(
            sim.service, Exchange(request.method, path, headers, body if isinstance(body, bytes) else body.encode())
        )
        return AWSResponse(request.url, reply.status, reply.headers, _Raw(reply.body))

    client.meta.events.register("before-send", respond)
    return client


@pytest.mark.parametrize(
    ("name", "operation", "code", "signs"),
    [
        ("ec2", "describe_instances", "InvalidAction", "ec2"),
        ("lambda", "list_functions", "UnknownOperationException", "lambda"),
        ("s3control", "list_regional_buckets", "NotImplemented", "s3control"),
        ("route53", "list_hosted_zones", "NotImplemented", "route53"),
        ("dynamodb", "list_tables", "UnknownOperationException", "dynamodb"),
        ("cloudwatch", "list_metrics", "UnknownOperationException", "monitoring"),
        ("sns", "list_topics", "InvalidAction", "sns"),
        ("elbv2", "describe_load_balancers", "InvalidAction", "elasticloadbalancing"),
    ],
)  # fmt: skip
def test_a_service_that_is_not_here_says_so_in_its_own_protocol(sim, refused, name, operation, code, signs):
    more = {"AccountId": "111122223333"} if name == "s3control" else {}
    said = refused(getattr(foreign(sim, name), operation), **more)
    assert said == (code, f"this simulator has no `{signs}`: it answers {', '.join(APIS)}")


def test_nothing_is_read_for_a_service_that_nobody_has():
    assert metadata("../../etc") == {}
    assert metadata("no-such-service") == {}
    assert metadata("lambda")["protocol"] == "rest-json"
