"""Who am I, a session of my own, and whose key is this."""

import pytest

from .conftest import allow, deny, doc, trusts


def test_everybody_may_ask_who_they_are_even_under_a_deny(sim):
    bob = sim.user("bob", policies=[doc(deny("*"))])
    answer = bob.client("sts").get_caller_identity()
    assert (answer["Account"], answer["Arn"]) == ("111122223333", bob.arn)
    assert sim.trail[-1].operation == "GetCallerIdentity"
    assert sim.trail[-1].event["requestParameters"] is None


@pytest.mark.parametrize(("asked", "seconds"), [({}, 43200), ({"DurationSeconds": 129600}, 129600)])
def test_a_user_gets_a_session_of_its_own(sim, asked, seconds):
    bob = sim.user("bob", policies=[doc(allow("kms:*"))])
    given = bob.client("sts").get_session_token(**asked)["Credentials"]
    assert (given["Expiration"] - sim.now).total_seconds() == seconds
    session = sim.session(given)
    session.client("kms").list_keys()
    identity = sim.trail[-1].event["userIdentity"]
    assert (identity["type"], identity["arn"]) == ("IAMUser", bob.arn)
    assert identity["sessionContext"]["attributes"]["mfaAuthenticated"] == "false"


def test_a_session_of_the_root_user_is_cut_to_an_hour(sim):
    given = sim.client("sts").get_session_token(DurationSeconds=129600)["Credentials"]
    assert (given["Expiration"] - sim.now).total_seconds() == 3600
    sim.session(given).client("kms").create_key()
    assert sim.trail[-1].event["userIdentity"]["type"] == "Root"


def test_temporary_credentials_make_no_others_of_their_kind(sim, alice, refused):
    says = ("AccessDenied", "Cannot call GetSessionToken with session credentials")
    session = sim.session(alice.client("sts").get_session_token()["Credentials"])
    assert refused(session.client("sts").get_session_token) == says
    assert refused(sim.role("app").client("sts").get_session_token) == says


def test_a_session_of_ones_own_carries_the_keys_of_temporary_credentials(sim, alice, as_sts):
    null = {"Null": {"aws:TokenIssueTime": "false", "aws:MultiFactorAuthPresent": "false"}}
    role = sim.role("app", trust=doc(trusts("111122223333", **null)))
    assert as_sts(alice).no(role).code == "AccessDenied"
    session = sim.session(alice.client("sts").get_session_token()["Credentials"])
    assert as_sts(session).assume(role)


def test_whose_an_access_key_is(sim, alice, refused):
    guest = sim.user("guest", account="444455556666")
    key = sim.root("444455556666").client("iam").create_access_key(UserName="guest")
    sts = alice.client("sts")
    identifier = key["AccessKey"]["AccessKeyId"]
    assert sts.get_access_key_info(AccessKeyId=identifier)["Account"] == "444455556666"
    assert refused(sts.get_access_key_info, AccessKeyId="AKIAIOSFODNN7EXAMPLE").code == "ValidationError"
    assert refused(guest.client("sts").get_access_key_info, AccessKeyId=identifier).code == "AccessDenied"
    assert sim.trail[-1].decision.action == "sts:GetAccessKeyInfo"
