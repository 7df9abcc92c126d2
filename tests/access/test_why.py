import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kms_teach.access.actions import ACTIONS
from kms_teach.access.decision import Documents, Request, decide
from kms_teach.access.edits import Way, ways
from kms_teach.access.grants import Terms
from kms_teach.access.matrix import Who, changed, matrix
from kms_teach.access.policy import read
from kms_teach.access.why import near_misses
from tests.access.people import (
    ALICE,
    ALLOW_ALL,
    APP,
    AWAY,
    BOB,
    HOME,
    KEY,
    ROOT,
    S3,
    allow,
    deny,
    document,
    iam,
    key_policy,
)  # fmt: skip

DEFAULT = key_policy(allow(HOME))
VIA = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}


def request(caller: Any = ALICE, action: str = "Decrypt", **more: Any) -> Request:
    return Request(caller, f"kms:{action}", KEY, HOME, **more)


def says(found: tuple[Way, ...]) -> list[str]:
    return [way.says for way in found]


# --- near misses --------------------------------------------------------------------------------------------------

MISSES: list[tuple[dict[str, Any], str, str, str, int]] = [
    (allow(APP.arn), "Principal", ALICE.arn, APP.arn, 8),
    ({**deny(), "NotPrincipal": {"AWS": [ALICE.arn, HOME]}}, "NotPrincipal", ALICE.arn, f"{ALICE.arn}, arn:aws:iam::{HOME}:root", 8),
    (allow(ALICE.arn, ["kms:Encrypt", "kms:Sign"]), "Action", "kms:Decrypt", "kms:Encrypt or kms:Sign", 6),
    (allow(ALICE.arn, resource="arn:aws:kms:us-east-1:1:key/x"), "Resource", KEY, "arn:aws:kms:us-east-1:1:key/x", 7),
    (allow(ALICE.arn, Condition=VIA), "Condition", "nothing: the request does not carry it", "s3.us-east-1.amazonaws.com", 10),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "element", "had", "needed", "line"), MISSES)
def test_a_near_miss_tells_the_first_element_that_failed(
    statement: dict[str, Any], element: str, had: str, needed: str, line: int
) -> None:
    (miss,) = near_misses(request(), Documents(key_policy(statement)))
    assert (miss.element, miss.had, miss.needed, miss.line, miss.failed) == (element, had, needed, line, 1)
    assert f"(line {line})" in miss.explain()
    assert had in miss.explain()
    assert needed in miss.explain()


def test_the_nearest_miss_comes_first_and_what_applies_is_none() -> None:
    policy = key_policy(allow(APP.arn, "kms:Sign"), allow(ALICE.arn, "kms:Sign"), allow(ALICE.arn))
    assert [(miss.statement.number, miss.failed) for miss in near_misses(request(), Documents(policy))] == [
        (2, 1),
        (1, 2),
    ]


def test_every_kind_of_document_is_looked_at() -> None:
    other = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    documents = Documents(
        key_policy(allow(APP.arn)), (iam(other),), document("permissions boundary", other), (document("session policy", other),),
        ((document("service control policy", other),),), (document("resource control policy", deny("*", "s3:*")),),
        document("VPC endpoint policy", {**other, "Principal": "*"}),
    )  # fmt: skip
    assert {miss.document.kind for miss in near_misses(request(), documents)} == {
        "key policy", "IAM policy", "permissions boundary", "session policy", "service control policy", "resource control policy",
        "VPC endpoint policy",
    }  # fmt: skip


# --- what would have to change ------------------------------------------------------------------------------------


def test_an_iam_policy_a_key_policy_statement_or_a_grant_would_do() -> None:
    assert says(ways(request(), Documents(DEFAULT))) == [
        "let the key policy allow kms:Decrypt to alice",
        "give alice an IAM policy that allows kms:Decrypt on this",
        "give alice a grant for Decrypt",
    ]


def test_a_deny_must_go_or_spare_the_caller_and_sparing_opens_less() -> None:
    documents = Documents(key_policy(allow("*"), deny("*", Sid="Never")))
    found = ways(request(), documents, [Who(APP)])
    assert says(found) == [
        "spare alice from statement 2 “Never” of the key policy",
        "remove statement 2 “Never” from the key policy",
    ]
    assert not any(arn == APP.caller_arn for arn, _ in found[0].opens)
    assert (APP.caller_arn, "Decrypt") in found[1].opens


def test_a_condition_that_failed_can_be_met_or_removed() -> None:
    found = ways(request(), Documents(key_policy(allow(ALICE.arn, Condition=VIA))))
    assert "call through s3.us-east-1.amazonaws.com" in says(found)
    assert found[-1].says == "remove the condition on kms:ViaService from statement 1 of the key policy"
    assert [len(way.opens) for way in found] == sorted(len(way.opens) for way in found)
    assert found[-1].opens
    assert next(way for way in found if way.says.startswith("call")).opens == ()


def test_across_accounts_two_edits_are_needed_and_a_grant_alone_does() -> None:
    assert says(ways(request(BOB), Documents(DEFAULT))) == ["give bob a grant for Decrypt"]
    found = ways(request(BOB, "GetKeyRotationStatus"), Documents(DEFAULT))
    both = "let the key policy allow kms:GetKeyRotationStatus to bob, and give bob an IAM policy that allows kms:GetKeyRotationStatus on this"
    assert both in says(found)


@pytest.mark.parametrize(
    "kind", ["permissions boundary", "session policy", "service control policy", "VPC endpoint policy"]
)
def test_a_ceiling_must_allow_too(kind: Any) -> None:
    other: dict[str, Any] = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    ceiling = document(kind, {**other, "Principal": "*"} if kind == "VPC endpoint policy" else other)
    place: dict[str, Any] = {
        "permissions boundary": {"boundary": ceiling}, "session policy": {"session": (ceiling,)},
        "service control policy": {"scps": ((ceiling,),)}, "VPC endpoint policy": {"endpoint": ceiling},
    }[kind]  # fmt: skip
    found = ways(request(APP), Documents(DEFAULT, (iam(ALLOW_ALL),), **place))
    assert f"let the {kind} allow kms:Decrypt" in says(found)


def test_what_never_crosses_accounts_cannot_be_opened() -> None:
    assert ways(request(BOB, "DisableKey"), Documents(key_policy(allow("*")), (iam(ALLOW_ALL),))) == ()


def test_what_is_allowed_can_be_closed_by_removing_or_denying() -> None:
    assert says(ways(request(), Documents(key_policy(allow(ALICE.arn))))) == [
        "remove statement 1 from the key policy",
        "let the key policy deny kms:Decrypt to alice",
    ]


def test_a_service_is_given_a_statement_as_a_service() -> None:
    (first, *_) = ways(request(S3), Documents(DEFAULT))
    _, after = first.apply(request(S3), Documents(DEFAULT))
    assert after.key_policy
    assert after.key_policy.statements[-1].principals == (S3.name,)


def test_an_edited_policy_is_text_that_can_be_put() -> None:
    documents = Documents(key_policy(allow("*"), deny("*")))
    for way in ways(request(), documents):
        _, after = way.apply(request(), documents)
        assert after.key_policy
        assert read(after.key_policy.text, "key policy").statements == after.key_policy.statements
        assert len(after.key_policy.text.splitlines()) > 3  # laid out for reading


CALLERS = st.sampled_from([ALICE, APP, BOB, ROOT])
CONDITIONS = st.sampled_from([{}, VIA, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}])
STATEMENTS = st.builds(
    lambda effect, who, action, condition: {"Effect": effect, "Principal": {"AWS": who}, "Action": action, "Resource": "*", "Condition": condition},
    st.sampled_from(["Allow", "Deny"]), st.sampled_from(["*", HOME, AWAY, ALICE.arn, APP.arn]), st.sampled_from(["kms:*", "kms:Decrypt"]),
    CONDITIONS,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    CALLERS,
    st.lists(STATEMENTS, min_size=1, max_size=2),
    st.sampled_from(["Decrypt", "GenerateDataKey", "CreateGrant"]),
    st.booleans(),
)
def test_each_way_turns_the_decision_round_and_none_of_its_edits_can_be_left_out(
    caller: Any, statements: list[dict[str, Any]], action: str, has_iam: bool
) -> None:
    asked = request(caller, action, terms=Terms(operations=("Decrypt",)))
    documents = Documents(key_policy(*statements), (iam(ALLOW_ALL),) if has_iam else ())
    before = decide(asked, documents).allowed
    found = ways(asked, documents)
    assert found
    for way in found:
        assert decide(*way.apply(asked, documents)).allowed is not before
        for fewer in itertools.combinations(way.edits, len(way.edits) - 1):
            assert decide(*Way(fewer, ()).apply(asked, documents)).allowed is before
    assert [len(way.opens) for way in found] == sorted(len(way.opens) for way in found)


# --- who may ------------------------------------------------------------------------------------------------------

PEOPLE = [
    Who(ROOT),
    Who(ALICE, Documents(None, (iam(allow(action="kms:De*")),))),
    Who(BOB, Documents(None, (iam(ALLOW_ALL),))),
    Who(S3),
]


def test_each_cell_of_the_matrix_is_what_decide_says() -> None:
    policy = key_policy(
        allow([HOME, AWAY]),
        deny("*", "kms:ScheduleKeyDeletion"),
        {**allow(action="kms:Encrypt"), "Principal": {"Service": S3.name}},
    )
    found = matrix(KEY, HOME, policy, PEOPLE)
    for who, (name, action) in itertools.product(PEOPLE, ACTIONS.items()):
        on_key = action.on != "*"
        own = Documents(policy if on_key else None, who.documents.identity)
        asked = Request(
            who.principal, action.permission, KEY if on_key else "*", HOME if on_key else who.principal.account
        )
        assert found.cells[who.principal.caller_arn, name].allowed is decide(asked, own).allowed


def test_each_cell_has_its_reason() -> None:
    policy = key_policy(allow(HOME), allow(APP.arn, "kms:Decrypt"), deny("*", "kms:Sign"))
    cells = matrix(KEY, HOME, policy, [*PEOPLE, Who(APP)]).cells
    assert cells[ALICE.arn, "Decrypt"].reason == "an IAM policy: IAM policy “mine”, statement 1"
    assert cells[ALICE.arn, "Encrypt"].reason == "no IAM policy allows it"
    assert cells[ALICE.arn, "Sign"].reason == "an explicit Deny: key policy, statement 3"
    assert cells[APP.caller_arn, "Decrypt"].reason == "the key policy names the caller: key policy, statement 2"
    assert cells[BOB.arn, "DisableKey"].reason == "never reaches a key of another account"
    assert cells[BOB.arn, "Decrypt"].reason == "no key policy allows it"
    assert cells[ROOT.arn, "CreateKey"].reason == "an IAM policy"


def test_the_difference_of_two_policies_is_the_cells_that_changed() -> None:
    before, after = (
        matrix(KEY, HOME, policy, PEOPLE)
        for policy in (DEFAULT, key_policy(allow(HOME), deny(ALICE.arn, "kms:Decrypt")))
    )
    (change,) = changed(before, after)
    assert (change.principal, change.action, change.before.allowed, change.after.allowed) == (
        ALICE.arn,
        "Decrypt",
        True,
        False,
    )
    assert changed(before, before) == ()
