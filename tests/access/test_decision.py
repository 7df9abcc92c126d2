from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kms_teach.access.actions import ACTIONS, AT_HOME, ON_NOTHING
from kms_teach.access.decision import ELSEWHERE, Check, Decision, Documents, decide
from kms_teach.access.principals import Principal, root
from kms_teach.access.reasons import STAGE_OF_CHECK, STAGE_OF_KIND, Stage
from kms_teach.access.request import Request
from kms_teach.access.statement import Document, Kind
from tests.access.people import (
    ALIAS,
    ALICE,
    ALL,
    ALLOW_ALL,
    APP,
    AWAY,
    BOB,
    DEFAULT,
    FED,
    GRANT,
    HOME,
    KEY,
    ROOT,
    S3,
    allow,
    ask,
    deny,
    document,
    iam,
    key_policy,
    request,
    silent,
)

SESSION = APP.caller_arn


def full(kind: Any) -> Document:
    return document(kind, ALLOW_ALL)


# KMS Developer Guide, "Determining access to KMS keys" and "Default key policy"
SAME_ACCOUNT = [
    ("the root user needs no IAM policy", ROOT, DEFAULT, (), True),
    ("the default key policy alone allows no user", ALICE, DEFAULT, (), False),
    ("the default key policy and an IAM policy do", ALICE, DEFAULT, (ALL,), True),
    ("an IAM policy without the key policy does not", ALICE, key_policy(allow(APP.arn)), (ALL,), False),
    ("the account may be named by its number's ARN", ALICE, key_policy(allow(f"arn:aws:iam::{HOME}:root")), (ALL,), True),
    ("a key policy that names the user suffices", ALICE, key_policy(allow(ALICE.arn)), (), True),
    ("a key policy that names the role suffices", APP, key_policy(allow(APP.arn)), (), True),
    ("a key policy that names the session suffices", APP, key_policy(allow(SESSION)), (), True),
    ("a key policy that names another session does not", APP, key_policy(allow(f"{SESSION}2")), (), False),
    ("everyone is also everyone at home", ALICE, key_policy(allow("*")), (), True),
    ("a key policy without the root user leaves it out", ROOT, key_policy(allow(ALICE.arn)), (), False),
    ("a federated user is named as one", FED, key_policy(allow(FED.arn)), (), True),
    ("without a session policy it has none of the user's permissions", FED, key_policy(allow(ALICE.arn)), (ALL,), False),
    ("the IAM policy must speak of this key", ALICE, DEFAULT, (iam(allow(resource=KEY[:-1])),), False),
    ("an alias in a Resource gives no use of its key", ALICE, DEFAULT, (iam(allow(resource=ALIAS)),), False),
    ("a deny in the key policy wins", ALICE, key_policy(allow(ALICE.arn), deny("*")), (ALL,), False),
    ("a deny in an IAM policy wins without delegation", ALICE, key_policy(allow(ALICE.arn)), (iam(deny()),), False),
    ("a deny on the account is one on its users", ALICE, key_policy(allow(ALICE.arn), deny(HOME)), (), False),
    ("a service is named as one", S3, key_policy({**allow(), "Principal": {"Service": S3.name}}), (), True),
    ("a service is not of the account", S3, DEFAULT, (), False),
]  # fmt: skip


@pytest.mark.parametrize(("says", "caller", "policy", "identity", "allowed"), SAME_ACCOUNT)
def test_in_one_account(
    says: str, caller: Principal, policy: Document, identity: tuple[Document, ...], allowed: bool
) -> None:
    assert ask(caller, "Decrypt", Documents(policy, identity)).allowed is allowed, says


# KMS Developer Guide, "Allowing users in other accounts to use a KMS key"; IAM User Guide, "Cross-account policy evaluation logic"
ACROSS = [
    ("both sides", BOB, key_policy(allow(AWAY)), (ALL,), True),
    ("both sides, by name", BOB, key_policy(allow(BOB.arn)), (ALL,), True),
    ("the key policy alone", BOB, key_policy(allow(AWAY)), (), False),
    ("the key policy alone, by name", BOB, key_policy(allow(BOB.arn)), (), False),
    ("everyone in the key policy alone", BOB, key_policy(allow("*")), (), False),
    ("the IAM policy alone", BOB, DEFAULT, (ALL,), False),
    ("the other account's root user", root(AWAY), key_policy(allow(AWAY)), (), True),
]  # fmt: skip


@pytest.mark.parametrize(("says", "caller", "policy", "identity", "allowed"), ACROSS)
def test_across_accounts(
    says: str, caller: Principal, policy: Document, identity: tuple[Document, ...], allowed: bool
) -> None:
    assert ask(caller, "Decrypt", Documents(policy, identity)).allowed is allowed, says


@pytest.mark.parametrize("action", AT_HOME)
def test_what_works_only_at_home_never_crosses(action: str) -> None:
    documents = Documents(key_policy(allow("*")), (ALL,))
    away = ask(BOB, action, documents)
    assert not away.allowed
    assert away.because == ELSEWHERE
    assert away.decisive.question == "Does this reach a key of another account?"
    assert ask(ALICE, action, documents).allowed


@pytest.mark.parametrize("action", ON_NOTHING)
def test_what_names_no_key_is_for_iam_policies_alone(action: str) -> None:
    assert ask(ALICE, action, Documents(None, (ALL,)), resource="*").allowed
    assert ask(ROOT, action, Documents(None), resource="*").allowed
    assert not ask(ALICE, action, Documents(None), resource="*").allowed
    on_keys = iam(allow(resource="arn:aws:kms:*:*:key/*"))
    assert not ask(ALICE, action, Documents(None, (on_keys,)), resource="*").allowed


# IAM User Guide, "Policy evaluation logic", "Resource-based policies and implicit denies in other policy types"
LIMITS = [
    ("IAM user", ALICE, allow(ALICE.arn), "boundary", True),
    ("IAM role", APP, allow(APP.arn), "boundary", False),
    ("IAM role", APP, allow(APP.arn), "session", False),
    ("IAM role session", APP, allow(SESSION), "boundary", True),
    ("IAM role session", APP, allow(SESSION), "session", True),
    ("everyone, with aws:PrincipalArn", APP, allow("*", Condition={"ArnEquals": {"aws:PrincipalArn": APP.arn}}), "session", True),
    ("IAM federated user session", FED, allow(FED.arn), "session", True),
    ("IAM federated user, by the user's ARN", FED, allow(ALICE.arn), "session", False),
    ("the account, with an IAM policy", ALICE, allow(HOME), "boundary", False),
    ("the account, with an IAM policy", APP, allow(HOME), "session", False),
]  # fmt: skip


@pytest.mark.parametrize(("says", "caller", "statement", "limit", "allowed"), LIMITS)
def test_what_a_silent_boundary_or_session_policy_limits(
    says: str, caller: Principal, statement: dict[str, Any], limit: str, allowed: bool
) -> None:
    def documents(kind: Any, policy: Document) -> Documents:
        base = Documents(key_policy(statement), (ALL,))
        return replace(base, boundary=policy) if limit == "boundary" else replace(base, session=(policy,))

    kind = "permissions boundary" if limit == "boundary" else "session policy"
    assert ask(caller, "Decrypt", documents(kind, silent(kind))).allowed is allowed, says
    assert ask(caller, "Decrypt", documents(kind, full(kind))).allowed
    assert not ask(caller, "Decrypt", documents(kind, document(kind, ALLOW_ALL, deny()))).allowed


def test_across_accounts_the_callers_limits_always_count() -> None:
    for limit in ({"boundary": silent("permissions boundary")}, {"session": (silent("session policy"),)}):
        assert not ask(BOB, "Decrypt", Documents(key_policy(allow(BOB.arn)), (ALL,), **limit)).allowed


def test_every_level_of_the_organization_must_allow() -> None:
    scps = (full("service control policy"),), (silent("service control policy"),)
    for levels, allowed in (
        ((scps[0],), True),
        ((scps[1],), False),
        (scps, False),
        ((scps[0], scps[0]), True),
        ((scps[1] + scps[0],), True),
    ):
        for caller in (ALICE, ROOT, APP):  # IAM User Guide: an account's root user too
            assert ask(caller, "Decrypt", Documents(key_policy(allow("*")), (ALL,), scps=levels)).allowed is allowed


def test_service_control_policies_reach_no_service_and_no_service_linked_role() -> None:
    documents = Documents(key_policy({**allow("*")}), scps=((document("service control policy", deny()),),))
    assert ask(S3, "Decrypt", Documents(documents.key_policy, scps=((silent("service control policy"),),))).allowed
    assert ask(replace(APP, service_linked=True), "Decrypt", documents).allowed
    assert not ask(APP, "Decrypt", documents).allowed


def test_a_resource_control_policy_reaches_the_keys_of_its_account_but_not_retire_grant() -> None:
    rcp = document(
        "resource control policy", {**deny("*"), "Condition": {"StringNotEquals": {"aws:PrincipalAccount": HOME}}}
    )
    documents = Documents(key_policy(allow("*")), (ALL,), rcps=(rcp,))
    assert ask(ALICE, "Decrypt", documents).allowed
    assert ask(BOB, "Decrypt", documents).because == ELSEWHERE
    assert ask(
        ALICE,
        "CreateKey",
        Documents(None, (ALL,), rcps=(document("resource control policy", deny("*")),)),
        resource="*",
    ).allowed


def test_a_vpc_endpoints_policy_must_allow() -> None:
    def through(*statements: dict[str, Any]) -> Decision:
        return ask(
            ALICE, "Decrypt", Documents(key_policy(allow("*")), endpoint=document("VPC endpoint policy", *statements))
        )

    assert through(allow("*")).allowed
    assert through(allow(ALICE.arn, "kms:Decrypt")).allowed
    assert not through(allow("*", "kms:Encrypt")).allowed
    assert not through(allow("*"), deny("*")).allowed


def test_resource_aliases_have_no_effect_in_a_key_policy() -> None:
    condition = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/prod"}}
    keys = {"kms__ResourceAliases": ["alias/prod"]}
    assert not ask(ALICE, "Decrypt", Documents(key_policy(allow(ALICE.arn, Condition=condition))), **keys).allowed
    assert ask(ALICE, "Decrypt", Documents(DEFAULT, (iam(allow(Condition=condition)),)), **keys).allowed


def test_every_condition_of_a_statement_must_hold_and_any_value_of_one_will_do() -> None:
    both = {
        "StringEquals": {"kms:ViaService": ["s3.x", "ec2.x"], "kms:CallerAccount": HOME},
        "Bool": {"kms:MultiRegion": "true"},
    }
    documents = Documents(key_policy(allow(ALICE.arn, Condition=both)))
    met = {"kms__ViaService": "ec2.x", "kms__CallerAccount": HOME, "kms__MultiRegion": "true"}
    assert ask(ALICE, "Decrypt", documents, **met).allowed
    for key in met:
        assert not ask(ALICE, "Decrypt", documents, **{**met, key: "another"}).allowed


def test_an_aws_managed_key_works_through_its_service_alone() -> None:
    condition = {"StringEquals": {"kms:CallerAccount": HOME, "kms:ViaService": "ec2.us-east-1.amazonaws.com"}}
    managed = key_policy(
        allow("*", ["kms:Encrypt", "kms:Decrypt"], Condition=condition), allow(HOME, ["kms:Describe*", "kms:Get*"])
    )
    through = {"kms__CallerAccount": HOME, "kms__ViaService": "ec2.us-east-1.amazonaws.com"}
    assert ask(ALICE, "Decrypt", Documents(managed), **through).allowed
    assert not ask(ALICE, "Decrypt", Documents(managed, (ALL,)), kms__CallerAccount=HOME).allowed
    assert not ask(
        ALICE, "Decrypt", Documents(managed, (ALL,)), **{**through, "kms__ViaService": "s3.us-east-1.amazonaws.com"}
    ).allowed


def test_the_keys_about_the_caller_are_filled_in_where_the_request_has_none() -> None:
    policy = key_policy(allow("*", Condition={"StringEquals": {"aws:PrincipalArn": ALICE.arn}}))
    assert ask(ALICE, "Decrypt", Documents(policy)).allowed
    assert not ask(APP, "Decrypt", Documents(policy)).allowed
    assert not ask(ALICE, "Decrypt", Documents(policy), aws__PrincipalArn=BOB.arn).allowed


WORDS = [
    (ALICE, Documents(DEFAULT), f"resource: {KEY} because no identity-based policy allows the kms:Decrypt action"),
    (ALICE, Documents(key_policy(allow(APP.arn))), f"resource: {KEY} because no resource-based policy allows the kms:Decrypt action"),
    (ALICE, Documents(key_policy(deny("*"))), f"resource: {KEY} with an explicit deny in a resource-based policy"),
    (ALICE, Documents(DEFAULT, (iam(deny()),)), f"resource: {KEY} with an explicit deny in an identity-based policy"),
    (ALICE, Documents(DEFAULT, (ALL,), silent("permissions boundary")), f"resource: {KEY} because no permissions boundary allows the kms:Decrypt action"),
    (ALICE, Documents(DEFAULT, (ALL,), document("permissions boundary", deny())), f"resource: {KEY} with an explicit deny in a permissions boundary"),
    (APP, Documents(DEFAULT, (ALL,), session=(silent("session policy"),)), f"resource: {KEY} because no session policy allows the kms:Decrypt action"),
    (APP, Documents(DEFAULT, (ALL,), session=(document("session policy", deny()),)), f"resource: {KEY} with an explicit deny in a session policy"),
    (ALICE, Documents(DEFAULT, (ALL,), scps=((silent("service control policy"),),)), f"resource: {KEY} because no service control policy allows the kms:Decrypt action"),
    (ALICE, Documents(DEFAULT, (ALL,), scps=((document("service control policy", deny()),),)), f"resource: {KEY} with an explicit deny in a service control policy"),
    (ALICE, Documents(DEFAULT, (ALL,), rcps=(document("resource control policy", deny("*")),)), f"resource: {KEY} with an explicit deny in a resource control policy"),
    (ALICE, Documents(DEFAULT, (ALL,), endpoint=document("VPC endpoint policy", allow("*", "s3:*"))), f"resource: {KEY} because no VPC endpoint policy allows the kms:Decrypt action"),
    (ALICE, Documents(DEFAULT, (ALL,), endpoint=document("VPC endpoint policy", deny("*"))), f"resource: {KEY} with an explicit deny in a VPC endpoint policy"),
    (BOB, Documents(DEFAULT, (ALL,)), ELSEWHERE),
    (BOB, Documents(key_policy(deny("*")), (ALL,)), ELSEWHERE),
    (BOB, Documents(key_policy(allow(AWAY))), f"resource: {KEY} because no identity-based policy allows the kms:Decrypt action"),
    (ALICE, Documents(key_policy(allow("*"))), ""),
]  # fmt: skip


@pytest.mark.parametrize(("caller", "documents", "because"), WORDS)
def test_a_denial_is_told_in_aws_words(caller: Principal, documents: Documents, because: str) -> None:
    decision = ask(caller, "Decrypt", documents)
    assert decision.because == because
    assert decision.allowed is not bool(because)
    assert decision.message == f"User: {caller.caller_arn} is not authorized to perform: kms:Decrypt on {because}"


def test_the_steps_tell_which_statement_decided_and_on_which_line() -> None:
    policy = key_policy(allow(APP.arn, Sid="Apps"), allow(HOME, Sid="Account"))
    decision = ask(ALICE, "Decrypt", Documents(policy, (iam(allow(), name="readers"),)))
    assert [step.question for step in decision.steps] == [
        "Does anything say Deny?",
        "Does the key policy allow alice by name?",
        f"Does the key policy let IAM policies of account {HOME} decide?",
        "Does an IAM policy allow alice?",
    ]
    assert [step.answer for step in decision.steps] == [False, False, True, True]
    by = decision.decisive
    assert (by.kind, by.document, by.statement, by.line) == ("IAM policy", "readers", 1, 4)
    assert (decision.steps[2].statement, decision.steps[2].line) == (2, 13)
    assert decision.explain() == "allowed: alice, kms:Decrypt: IAM policy “readers”, statement 1"


def test_an_iam_policy_counts_for_nothing_without_delegation() -> None:
    step = ask(ALICE, "Decrypt", Documents(key_policy(allow(APP.arn)), (ALL,))).steps[-1]
    assert (step.answer, step.counts, step.decided) == (True, False, False)


def test_an_iam_policy_beside_a_grant_takes_nothing_away_from_it() -> None:
    """An Allow only ever adds: IAM User Guide, "Policy evaluation logic"."""
    grant = replace(GRANT, grantee=ALICE.arn, operations=("Decrypt",))
    boundary = silent("permissions boundary")
    for identity in ((), (ALL,)):
        decision = ask(ALICE, "Decrypt", Documents(DEFAULT, identity, boundary, grants=(grant,)))
        assert decision.allowed
        assert decision.decisive.check is Check.GRANT


def test_a_boundary_that_does_not_limit_is_shown_as_not_counting() -> None:
    step = ask(
        ALICE, "Decrypt", Documents(key_policy(allow(ALICE.arn)), boundary=silent("permissions boundary"))
    ).steps[-1]
    assert (step.question, step.answer, step.counts) == ("Does the permissions boundary leave this open?", False, False)


statements = st.builds(
    lambda effect, principal, action, resource, condition: {
        "Effect": effect, "Principal": {"AWS": principal}, "Action": action, "Resource": resource, "Condition": condition,
    },
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(["*", HOME, AWAY, ALICE.arn, BOB.arn, APP.arn, SESSION, FED.arn]),
    st.sampled_from(["kms:*", "kms:Decrypt", "*"]),
    st.sampled_from(["*", KEY, "arn:aws:kms:us-east-1:*", "arn:aws:kms:*:*:key/${aws:username}"]),
    st.sampled_from([{}, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {"ForAllValues:StringLike": {"aws:TagKeys": "a*"}}]),
)  # fmt: skip
callers = st.sampled_from([ROOT, ALICE, BOB, APP, FED, S3])


def without_principal(statement: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in statement.items() if name != "Principal"}


@given(callers, st.sampled_from(sorted(ACTIONS)), *[st.lists(statements, min_size=1, max_size=3)] * 3, st.booleans())
def test_every_request_is_decided_and_one_step_decided_it(
    caller: Principal, action: str, key: Any, own: Any, limit: Any, limited: bool
) -> None:
    documents = Documents(
        key_policy(*key),
        (iam(*map(without_principal, own)),),
        document("permissions boundary", *map(without_principal, limit)) if limited else None,
        scps=((document("service control policy", *map(without_principal, limit)),),) if limited else (),
    )
    decision = decide(request(caller, action), documents)
    assert sum(step.decided for step in decision.steps) == 1
    assert decision.allowed is not bool(decision.because)
    if any(
        s["Effect"] == "Deny"
        and s["Principal"]["AWS"] == "*"
        and not s["Condition"]
        and s["Action"] == "kms:*"
        and s["Resource"] == "*"
        for s in key
    ):
        assert not decision.allowed or action == "RetireGrant"


def test_a_decision_is_stored_with_its_values_and_read_back_the_same() -> None:
    decision = ask(ALICE, "Decrypt", Documents(key_policy(allow(HOME)), (ALL,)))
    assert msgspec.json.decode(msgspec.json.encode(decision), type=Decision) == decision
    assert [step.check for step in decision.steps] == [Check.DENY, Check.NAMED, Check.DELEGATED, Check.IAM]


def test_a_decision_that_was_stored_when_steps_had_words_alone_is_read_with_its_words() -> None:
    old = {
        "allowed": False, "caller": ALICE.arn, "label": "alice", "action": "kms:Decrypt", "resource": KEY, "because": "x",
        "steps": [
            {"question": "Does anything say Deny?", "answer": True, "read": "key policy, statement 2", "counts": True,
             "decided": True, "document": "key policy", "statement": 2, "line": 9, "kind": "key policy"},
        ],
    }  # fmt: skip
    decision = msgspec.json.decode(msgspec.json.encode(old), type=Decision)
    assert decision.explain() == "denied: alice, kms:Decrypt: key policy, statement 2"
    step = decision.decisive
    assert (step.statement, step.line, step.check, step.reason, step.grant) == (2, 9, None, None, "")
    assert decision.step(Check.DENY) is None


def test_the_steps_stand_in_awss_order_too() -> None:
    documents = Documents(
        key_policy(allow(HOME)), (ALL,), document("permissions boundary", ALLOW_ALL),
        (document("session policy", ALLOW_ALL),), ((document("service control policy", ALLOW_ALL),),),
        endpoint=document("VPC endpoint policy", allow("*", "*")), grants=(GRANT,),
    )  # fmt: skip
    decision = decide(request(APP), documents)
    stages = [stage for stage, _ in decision.in_aws_order]
    resource = [Stage.RESOURCE] * 3  # the key policy twice, and grants
    assert stages == [Stage.SCP, Stage.ENDPOINT, *resource, Stage.PRINCIPAL, Stage.BOUNDARY, Stage.SESSION]
    assert {step for _, step in decision.in_aws_order} == {s for s in decision.steps if s.check is not Check.DENY}


@pytest.mark.parametrize(
    ("documents", "stage"),
    [
        (Documents(DEFAULT, (ALL,), rcps=(document("resource control policy", deny("*", "*")),)), Stage.RCP),
        (Documents(key_policy(allow(HOME), deny("*")), (ALL,)), Stage.RESOURCE),
        (Documents(DEFAULT, (ALL, iam(deny()))), Stage.PRINCIPAL),
        (Documents(DEFAULT, (ALL,), scps=((document("service control policy", ALLOW_ALL, deny()),),)), Stage.SCP),
    ],
)
def test_an_explicit_deny_stands_where_its_policy_does(documents: Documents, stage: Stage) -> None:
    decision = decide(request(), documents)
    assert (stage, decision.decisive) in decision.in_aws_order
    assert [each for each, _ in decision.in_aws_order] == sorted(
        (each for each, _ in decision.in_aws_order), key=list(Stage).index
    )


def test_every_check_has_its_stage() -> None:
    assert STAGE_OF_CHECK.keys() == set(Check) - {Check.DENY}
    assert set(STAGE_OF_KIND) == set(get_args(Kind)) | {stage.value for stage in Stage}


def test_requests_that_differ_in_their_context_alone_are_told_apart_by_their_hash() -> None:
    one = {
        Request(root("111122223333"), "kms:Decrypt", "*", "111122223333", {"kms:EncryptionContext:n": (str(n),)})
        for n in range(99)
    }
    assert len({hash(request) for request in one}) == 99
