"""What STS refuses, and in which words."""

from hashlib import sha512

import pytest

from .conftest import ALL, allow, doc, tags, text, trusts

V1, MUST = "1 validation error detected: ", "failed to satisfy constraint: Member must"
TWICE = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
NOT_REQUESTED = "The specified transitive tag key must be included in the requested tags."
LONG = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
NO_DEVICE = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and"
    " associated with this user."
)
HALF = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
MFA = "arn:aws:iam::111122223333:mfa/alice"

REFUSALS = [
    ({"RoleArn": "arn:aws:iam:role/app-without-an-account"}, "ValidationError", "arn:aws:iam:role/app-without-an-account is invalid"),
    ({"RoleSessionName": "Session1:2"}, "ValidationError", f"{V1}Value 'Session1:2' at 'roleSessionName' {MUST} satisfy regular expression pattern: [\\w+=,.@-]*"),
    ({"DurationSeconds": 3601}, "ValidationError", LONG),
    ({"DurationSeconds": 43201}, "ValidationError", f"{V1}Value '43201' at 'durationSeconds' {MUST} have value less than or equal to 43200"),
    ({"Tags": tags(team="a", TEAM="b")}, "InvalidParameterValue", TWICE),
    ({"Tags": tags(team="a"), "TransitiveTagKeys": ["unit"]}, "InvalidParameterValue", NOT_REQUESTED),
    ({"TransitiveTagKeys": ["unit"]}, "InvalidParameterValue", NOT_REQUESTED),
    ({"SerialNumber": MFA, "TokenCode": "123456"}, "AccessDenied", NO_DEVICE),
    ({"SerialNumber": MFA}, "AccessDenied", HALF),
    ({"TokenCode": "123456"}, "AccessDenied", HALF),
    ({"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/NoSuchPolicy"}]}, "ValidationError", "Policy arn:aws:iam::aws:policy/NoSuchPolicy does not exist or is not attachable."),
    ({"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/AdministratorAccess"}] * 11}, "ValidationError", f"{V1}Value at 'policyArns' {MUST} have length less than or equal to 10"),
    ({"Policy": text(doc(allow())) + " " * 2048}, "ValidationError", f"{V1}Value at 'policy' {MUST} have length less than or equal to 2048"),
    ({"MinimumSessionTokenSize": 4096}, "ValidationError", "this simulator does not know MinimumSessionTokenSize: leave it out"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "code", "says"), REFUSALS)
def test_a_request_that_cannot_be_is_refused_in_words(sim, as_sts, alice, more, code, says):
    role = sim.role("app", trust=doc(trusts(alice.arn, *ALL)))
    assert as_sts(alice).no(role, **more) == (code, says)
    event = sim.trail[-1].event
    assert (event["eventName"], event["errorCode"], event["errorMessage"]) == ("AssumeRole", code, says)


def test_root_is_told_so_before_anything_about_the_role(sim, as_sts):
    role = sim.role("app", trust=doc(trusts("111122223333")))
    says = ("AccessDenied", "Roles may not be assumed by root accounts.")
    assert as_sts(sim.root()).no(role) == says
    token = sim.client("sts").get_session_token()["Credentials"]
    assert as_sts(sim.session(token)).no(role) == says


def test_tags_that_do_not_pack(sim, as_sts, alice):
    role = sim.role("app", trust=doc(trusts(alice.arn, *ALL)))
    many = tags(**{f"k{n}": sha512(bytes([n])).hexdigest() * 2 for n in range(50)})  # 64 random bytes each
    said = as_sts(alice).no(role, Tags=many)
    assert said.code == "PackedPolicyTooLarge"
    assert said.message.startswith("Packed size of session tags consumes ")
    assert as_sts(alice).assume(role, Tags=tags(team="blue"))["PackedPolicySize"] < 10


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("decode_authorization_message", {"EncodedMessage": "x"}), ("get_federation_token", {"Name": "bob"}),
        ("assume_role_with_web_identity", {"RoleArn": "arn:aws:iam::111122223333:role/app", "RoleSessionName": "me", "WebIdentityToken": "token"}),
    ],
)  # fmt: skip
def test_what_is_not_answered_is_refused_by_name(sim, alice, refused, operation, more):
    said = refused(getattr(alice.client("sts"), operation), **more)
    name = operation.title().replace("_", "")
    assert said == ("InvalidAction", f"this simulator does not answer {name}: see its list of operations")
