"""Who may assume a role: its trust policy, the caller's own policies, and what limits them."""

import pytest

from .conftest import ALL, allow, deny, doc, tags, trusts

HOME, AWAY = "111122223333", "444455556666"
ASSUME, NOTHING = doc(allow("sts:AssumeRole")), doc(allow("kms:*"))
BOB = f"arn:aws:iam::{HOME}:user/bob"
GUEST = f"arn:aws:iam::{AWAY}:user/guest"


@pytest.mark.parametrize(
    ("account", "trusted", "policies", "may"),
    [
        pytest.param(HOME, BOB, [], True, id="named at home, and nothing else"),
        pytest.param(HOME, BOB, [doc(deny("sts:AssumeRole"))], False, id="named at home, and denied"),
        pytest.param(HOME, HOME, [], False, id="the account alone"),
        pytest.param(HOME, HOME, [ASSUME], True, id="the account, and a policy"),
        pytest.param(HOME, f"arn:aws:iam::{HOME}:root", [NOTHING], False, id="the account, and another policy"),
        pytest.param(HOME, AWAY, [ASSUME], False, id="another account is trusted"),
        pytest.param(AWAY, GUEST, [], False, id="named from elsewhere, without a policy"),
        pytest.param(AWAY, GUEST, [ASSUME], True, id="named from elsewhere, and a policy"),
        pytest.param(AWAY, AWAY, [ASSUME], True, id="the other account, and a policy"),
        pytest.param(AWAY, AWAY, [], False, id="the other account alone"),
        pytest.param(AWAY, HOME, [ASSUME], False, id="from elsewhere, not trusted"),
    ],
)
def test_the_trust_policy_and_the_callers_policies(sim, as_sts, account, trusted, policies, may):
    caller = sim.user("bob" if account == HOME else "guest", account=account, policies=policies)
    role = sim.role("app", trust=doc(trusts(trusted)))
    sts = as_sts(caller)
    if may:
        assert sts.assume(role)
    else:
        says = f"User: {caller.arn} is not authorized to perform: sts:AssumeRole on resource: {role.arn}"
        assert sts.no(role) == ("AccessDenied", says)
    assert sim.trail[-1].decision.allowed is may
    assert sim.authorization(sim.trail[-1]).documents.key_policy.kind == "trust policy"


@pytest.mark.parametrize("limit", ["boundary", "scp", "rcp", "session"])
def test_what_limits_a_caller_limits_it_here_too(sim, as_sts, limit):
    role = sim.role("app", trust=doc(trusts(HOME)))
    bob = sim.user("bob", policies=[ASSUME], boundary=NOTHING if limit == "boundary" else None)
    if limit == "scp":
        sim.account(HOME, scps=[NOTHING])
    if limit == "rcp":
        sim.account(HOME, rcps=[doc(deny("sts:AssumeRole", Principal="*"))])
    if limit == "session":
        first = sim.role("first", policies=[ASSUME], trust=doc(trusts(BOB)))
        answer = as_sts(bob).assume(
            first,
            Policy='{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}}',
        )
        bob = sim.session(answer["Credentials"])
    assert as_sts(bob).no(role).code == "AccessDenied"


def test_a_denial_says_in_the_trail_that_the_trust_policy_is_silent(sim, as_sts):
    bob = sim.user("bob", policies=[ASSUME])
    as_sts(bob).no(sim.role("app"))
    assert sim.trail[-1].decision.because.endswith("because no role trust policy allows the sts:AssumeRole action")
    assert "trust policy" in sim.trail[-1].decision.decisive.question


def test_a_role_that_is_not_there_is_refused_like_one_that_trusts_nobody(sim, as_sts, alice):
    arn = f"arn:aws:iam::{HOME}:role/none"
    said = as_sts(alice).refused(alice.client("sts").assume_role, RoleArn=arn, RoleSessionName="monday")
    assert said == (
        "AccessDenied",
        f"User: {alice.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}",
    )


def test_a_role_assumes_itself_only_if_it_trusts_itself(sim, as_sts, alice):
    role = sim.role("app", policies=[doc(allow())], trust=doc(trusts(alice.arn)))
    session = as_sts(sim.session(as_sts(alice).assume(role)["Credentials"]))
    assert session.no(role).code == "AccessDenied"
    sim.role("app", policies=[doc(allow())], trust=doc(trusts([alice.arn, role.arn])))
    assert session.assume(role)


@pytest.mark.parametrize(
    ("more", "needs"),
    [({"Tags": tags(team="blue")}, "sts:TagSession"), ({"SourceIdentity": "alice"}, "sts:SetSourceIdentity")],
)
def test_tags_and_a_source_identity_need_a_permission_of_their_own(sim, as_sts, alice, more, needs):
    role = sim.role("app", trust=doc(trusts(alice.arn)))
    says = f"User: {alice.arn} is not authorized to perform: {needs} on resource: {role.arn}"
    assert as_sts(alice).no(role, **more) == ("AccessDenied", says)
    sim.role("app", trust=doc(trusts(alice.arn, "sts:AssumeRole", needs)))
    assert as_sts(alice).assume(role, **more)
    assert [decision.action for decision in sim.trail[-1].decisions] == ["sts:AssumeRole", needs]


CONDITIONS = [
    ("StringEquals", "sts:ExternalId", "12345", {"ExternalId": "12345"}, {"ExternalId": "other"}),
    ("StringEquals", "sts:ExternalId", "12345", {"ExternalId": "12345"}, {}),
    ("StringEquals", "sts:RoleSessionName", "alice", {"RoleSessionName": "alice"}, {}),
    ("StringLike", "sts:RoleSessionName", "${aws:username}", {"RoleSessionName": "alice"}, {"RoleSessionName": "bob"}),
    ("StringEquals", "sts:SourceIdentity", "alice", {"SourceIdentity": "alice"}, {"SourceIdentity": "bob"}),
    ("StringEquals", "aws:RequestTag/team", "blue", {"Tags": tags(team="blue")}, {"Tags": tags(team="red")}),
    ("ForAllValues:StringEquals", "aws:TagKeys", ["team"], {"Tags": tags(team="x")}, {"Tags": tags(role="x")}),
    (
        "ForAllValues:StringEquals", "sts:TransitiveTagKeys", ["team"],
        {"Tags": tags(team="x"), "TransitiveTagKeys": ["team"]}, {"Tags": tags(role="x"), "TransitiveTagKeys": ["role"]},
    ),
    ("StringEquals", "aws:PrincipalTag/unit", "kms", {}, None),
    ("StringEquals", "iam:ResourceTag/stage", "test", {}, None),
    ("StringEquals", "aws:ResourceTag/stage", "test", {}, None),
    ("StringEquals", "aws:ResourceAccount", HOME, {}, None),
    ("Null", "aws:TokenIssueTime", "true", {}, None),
    ("Null", "aws:MultiFactorAuthPresent", "true", {}, None),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "key", "value", "right", "wrong"), CONDITIONS)
def test_the_condition_keys_of_a_request_for_a_session(sim, as_sts, operator, key, value, right, wrong):
    alice = sim.user("alice", policies=[doc(allow())], tags={"unit": "kms"})
    role = sim.role("app", trust=doc(trusts(HOME, *ALL, **{operator: {key: value}})), tags={"stage": "test"})
    assert as_sts(alice).assume(role, **right)
    if wrong is not None:
        assert as_sts(alice).no(role, **wrong).code == "AccessDenied"
