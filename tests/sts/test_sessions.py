"""What a session is: how long it lasts, whose tags and policies it has, what it passes on."""

import pytest

from .conftest import ALL, allow, doc, tags, text, trusts

HOME = "111122223333"


@pytest.fixture
def key(sim):
    return sim.client("kms").create_key()["KeyMetadata"]["Arn"]


@pytest.fixture
def chain(sim, alice):
    """Two roles: alice may assume the first, the first the second."""
    first = sim.role("first", policies=[doc(allow())], trust=doc(trusts(alice.arn, *ALL)), max_session_duration=43200)
    second = sim.role("second", policies=[doc(allow())], trust=doc(trusts(first.arn, *ALL)), max_session_duration=43200)
    return first, second


def test_a_session_lasts_an_hour_unless_the_role_allows_longer_and_more_is_asked(sim, as_sts, alice, chain):
    for more, seconds in (({}, 3600), ({"DurationSeconds": 900}, 900), ({"DurationSeconds": 43200}, 43200)):
        given = as_sts(alice).assume(chain[0], **more)["Credentials"]
        assert (given["Expiration"] - sim.now).total_seconds() == seconds


def test_a_role_that_a_role_assumes_lasts_no_longer_than_an_hour(sim, as_sts, alice, chain):
    session = as_sts(sim.session(as_sts(alice).assume(chain[0], DurationSeconds=43200)["Credentials"]))
    says = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
    assert session.no(chain[1], DurationSeconds=3601) == ("ValidationError", says)
    assert session.assume(chain[1], DurationSeconds=3600)
    assert as_sts(chain[0]).no(chain[1], DurationSeconds=3601).code == "ValidationError"


def test_a_session_changes_with_its_role_and_ends_with_it(sim, as_sts, alice, chain, key, refused):
    session = sim.session(as_sts(alice).assume(chain[0])["Credentials"])
    kms = session.client("kms")
    assert kms.describe_key(KeyId=key)
    sim.role("first", policies=[])
    assert refused(kms.describe_key, KeyId=key).code == "AccessDeniedException"
    sim.role("first", policies=[doc(allow())])
    assert kms.describe_key(KeyId=key)
    sim.role("first")
    sim.client("iam").delete_role(RoleName="first")
    assert refused(kms.describe_key, KeyId=key).code == "UnrecognizedClientException"


def principal_tags(sim, session):
    """The tags that a decision about the session sees."""
    session.client("kms").list_keys()
    return dict(sim.authorization(sim.trail[-1]).request.caller.tags)


def test_a_sessions_tags_go_before_its_roles_whatever_their_case(sim, as_sts, alice):
    role = sim.role(
        "app", policies=[doc(allow())], trust=doc(trusts(alice.arn, *ALL)), tags={"Team": "role", "unit": "kms"}
    )
    session = sim.session(as_sts(alice).assume(role, Tags=tags(team="session"))["Credentials"])
    assert principal_tags(sim, session) == {"team": "session", "unit": "kms"}


def test_transitive_tags_pass_on_and_stay(sim, as_sts, alice, chain):
    first, second = chain
    given = as_sts(alice).assume(first, Tags=tags(team="blue", once="only"), TransitiveTagKeys=["team"])
    one = sim.session(given["Credentials"])
    two = sim.session(as_sts(one).assume(second, Tags=tags(more="yes"))["Credentials"])
    assert principal_tags(sim, two) == {"team": "blue", "more": "yes"}
    says = "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session."
    assert as_sts(one).no(second, Tags=tags(TEAM="red")) == ("InvalidParameterValue", says)


def test_tags_of_a_role_never_pass_on(sim, as_sts, alice, chain):
    first, second = chain
    sim.role("first", policies=[doc(allow())], trust=doc(trusts(alice.arn, *ALL)), tags={"team": "role"})
    one = sim.session(as_sts(alice).assume(first)["Credentials"])
    assert principal_tags(sim, sim.session(as_sts(one).assume(second)["Credentials"])) == {}


def test_tags_that_pass_on_need_sts_tag_session_again(sim, as_sts, alice, chain):
    first, second = chain
    sim.role("second", trust=doc(trusts(first.arn)))
    given = as_sts(alice).assume(first, Tags=tags(team="blue"), TransitiveTagKeys=["team"])
    assert "sts:TagSession" in as_sts(sim.session(given["Credentials"])).no(second).message


def test_a_source_identity_is_set_once_and_passes_on(sim, as_sts, alice, chain):
    first, second = chain
    answer = as_sts(alice).assume(first, SourceIdentity="alice")
    assert answer["SourceIdentity"] == "alice"
    one = as_sts(sim.session(answer["Credentials"]))
    says = "The source identity is already set for this assume role session"
    assert one.no(second, SourceIdentity="bob").message == says
    assert one.assume(second, SourceIdentity="alice")["SourceIdentity"] == "alice"
    two = one.assume(second)
    assert two["SourceIdentity"] == "alice"
    sim.session(two["Credentials"]).client("kms").list_keys()
    assert sim.trail[-1].event["userIdentity"]["sessionContext"]["sourceIdentity"] == "alice"
    sim.role("second", trust=doc(trusts(first.arn)))
    assert "sts:SetSourceIdentity" in one.no(second).message


def test_a_key_policy_can_ask_for_the_source_identity(sim, as_sts, alice, chain, refused):
    policy = doc(
        allow("kms:*", Principal={"AWS": HOME}),
        {"Effect": "Deny", "Principal": "*", "Action": "kms:Encrypt", "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceIdentity": "alice"}}},
    )  # fmt: skip
    key = sim.client("kms").create_key(Policy=text(policy))["KeyMetadata"]["Arn"]
    for identity, may in (("alice", True), ("bob", False)):
        given = as_sts(alice).assume(chain[0], SourceIdentity=identity)["Credentials"]
        kms = sim.session(given).client("kms")
        if may:
            assert kms.encrypt(KeyId=key, Plaintext=b"x")
        else:
            assert refused(kms.encrypt, KeyId=key, Plaintext=b"x").code == "AccessDeniedException"


def test_managed_policies_narrow_a_session(sim, as_sts, alice, chain, key, refused):
    arn = "arn:aws:iam::aws:policy/AWSKeyManagementServicePowerUser"
    answer = as_sts(alice).assume(chain[0], PolicyArns=[{"arn": arn}])
    kms = sim.session(answer["Credentials"]).client("kms")
    assert kms.describe_key(KeyId=key)
    assert "session policy" in refused(kms.encrypt, KeyId=key, Plaintext=b"x").message
    assert answer["PackedPolicySize"] > 0


def test_an_answer_has_no_packed_size_and_no_source_identity_unasked(as_sts, alice, chain):
    assert as_sts(alice).assume(chain[0]).keys() == {"Credentials", "AssumedRoleUser", "ResponseMetadata"}


@pytest.mark.parametrize("wrong", [3599, 43201])
def test_how_long_a_roles_sessions_may_last_has_bounds(sim, wrong):
    with pytest.raises(ValueError, match="3600 to 43200 seconds"):
        sim.role("app", max_session_duration=wrong)
