import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kms_teach.access.documents import Documents
from kms_teach.access.evaluation import evaluate
from kms_teach.access.fixes import Fix, fixes
from kms_teach.access.grants import Terms
from kms_teach.access.matrix import Who, matrix
from kms_teach.access.policy import read
from kms_teach.access.request import RETIRE, Request
from kms_teach.access.rewriting import Attaching, Edit, adding, statements, without
from tests.access.people import (
    ALICE,
    ALL,
    ALLOW_ALL,
    APP,
    AWAY,
    BOB,
    DEFAULT,
    GRANT,
    HOME,
    KEY,
    ROOT,
    S3,
    allow,
    deny,
    document,
    iam,
    key_policy,
    request,
    silent,
)

VIA = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}


def says(found: tuple[Fix, ...]) -> list[str]:
    return [fix.says for fix in found]


def named(found: tuple[Fix, ...], words: str) -> Fix:
    return next(fix for fix in found if fix.says.startswith(words))


def test_an_iam_policy_a_key_policy_statement_or_a_grant_would_do() -> None:
    assert says(fixes(request(), Documents(DEFAULT))) == [
        "let the key policy allow kms:Decrypt to alice",
        "give alice an IAM policy that allows kms:Decrypt on this key",
        "give alice a grant for Decrypt",
    ]


def test_a_deny_must_go_or_spare_the_caller_and_sparing_opens_less() -> None:
    documents = Documents(key_policy(allow("*"), deny("*", "kms:Decrypt", Sid="Never")))
    found = fixes(request(), documents, [Who(APP)])
    assert says(found) == [
        "spare alice from statement 2 “Never” of the key policy",
        "remove statement 2 “Never” from the key policy",
    ]
    assert [fix.opens for fix in found] == [(), ((APP.caller_arn, "Decrypt"),)]
    assert [fix.closes for fix in found] == [(), ()]


def test_a_condition_that_failed_can_be_met_or_removed() -> None:
    found = fixes(request(), Documents(key_policy(allow(HOME), allow(ALICE.arn, Condition=VIA))))
    assert named(found, "call through s3.us-east-1.amazonaws.com").side_effects == ()
    assert found[-1].says == "remove the condition on kms:ViaService from statement 2 of the key policy"
    assert (ALICE.arn, "Encrypt") in found[-1].opens


def test_across_accounts_two_edits_are_needed_and_a_grant_alone_does() -> None:
    assert says(fixes(request(BOB), Documents(DEFAULT))) == ["give bob a grant for Decrypt"]
    found = fixes(request(BOB, "GetKeyRotationStatus"), Documents(DEFAULT))
    both = "let the key policy allow kms:GetKeyRotationStatus to bob, and give bob an IAM policy that allows kms:GetKeyRotationStatus on this key"
    assert both in says(found)


@pytest.mark.parametrize(
    "kind", ["permissions boundary", "session policy", "service control policy", "VPC endpoint policy"]
)
def test_a_ceiling_must_allow_too(kind: Any) -> None:
    ceiling = silent(kind)
    place: dict[str, Any] = {
        "permissions boundary": {"boundary": ceiling}, "session policy": {"session": (ceiling,)},
        "service control policy": {"scps": ((ceiling,),)}, "VPC endpoint policy": {"endpoint": ceiling},
    }[kind]  # fmt: skip
    found = fixes(request(APP), Documents(DEFAULT, (ALL,), **place))
    assert f"let the {kind} allow kms:Decrypt" in says(found)


def test_what_never_crosses_accounts_cannot_be_opened() -> None:
    assert fixes(request(BOB, "DisableKey"), Documents(key_policy(allow("*")), (ALL,))) == ()


def test_what_is_allowed_can_be_closed_by_removing_or_denying() -> None:
    found = fixes(request(), Documents(key_policy(allow(HOME), allow(ALICE.arn, "kms:Decrypt"))))
    assert says(found) == ["remove statement 2 from the key policy", "let the key policy deny kms:Decrypt to alice"]


def test_a_service_is_given_a_statement_as_a_service() -> None:
    (first, *_) = fixes(request(S3), Documents(DEFAULT))
    _, after = first.apply(request(S3), Documents(DEFAULT))
    assert after.key_policy
    assert after.key_policy.statements[-1].principals == (S3.name,)


# --- what AWS would take ------------------------------------------------------------------------------------------


def test_a_policy_keeps_a_statement() -> None:
    lone = Documents(key_policy(allow(ALICE.arn)))
    assert says(fixes(request(), lone)) == ["let the key policy deny kms:Decrypt to alice"]
    never = Documents(lone.key_policy, boundary=document("permissions boundary", deny(action="kms:Decrypt")))
    assert says(fixes(request(), never)) == ["spare alice from statement 1 of the permissions boundary"]


def test_an_iam_policy_without_statements_goes() -> None:
    documents = Documents(DEFAULT, (ALL,))
    fix = named(fixes(request(), documents), "remove statement 1 from the IAM policy")
    assert fix.apply(request(), documents)[1].identity == ()


def test_nobody_is_locked_out_of_the_key_policy() -> None:
    """KMS API Reference, PutKeyPolicy: who puts a key policy must be able to put the next one."""
    policy = key_policy(allow(ALICE.arn), allow(APP.arn, "kms:Decrypt"))
    assert "remove statement 1 from the key policy" not in says(fixes(request(), Documents(policy)))
    shared = key_policy(allow(ALICE.arn), allow(APP.arn, ["kms:Decrypt", "kms:PutKeyPolicy"]))
    assert "remove statement 1 from the key policy" in says(fixes(request(), Documents(shared)))


def test_a_key_policy_that_nobody_may_put_is_not_edited() -> None:
    policy = key_policy(allow(APP.arn, "kms:Decrypt"))
    assert says(fixes(request(), Documents(policy))) == ["give alice a grant for Decrypt"]
    shut = key_policy(allow(HOME), deny("*"))
    assert fixes(request(), Documents(shut)) == ()


def test_an_edited_policy_is_text_that_can_be_put() -> None:
    documents = Documents(key_policy(allow("*"), deny("*", "kms:Decrypt")))
    found = fixes(request(), documents)
    assert len(found) == 2
    for fix in found:
        _, after = fix.apply(request(), documents)
        assert after.key_policy
        assert read(after.key_policy.text, "key policy").statements == after.key_policy.statements
        assert len(after.key_policy.text.splitlines()) > 3  # laid out for reading


# --- what else it changes -----------------------------------------------------------------------------------------


def test_what_an_edit_closes_counts_too_and_those_that_change_least_come_first() -> None:
    wide = Documents(key_policy(allow(HOME), allow([ALICE.arn, APP.arn])))
    found = fixes(request(), wide, [Who(APP)])
    assert [fix.edits[0].says for fix in found] == [
        "let the key policy deny kms:Decrypt to alice", "remove statement 2 from the key policy",
    ]  # fmt: skip
    assert {name for name, _ in found[1].closes} == {ALICE.arn, APP.caller_arn}


def test_a_grant_opens_its_operations_to_its_grantee_alone() -> None:
    found = fixes(request(), Documents(DEFAULT), [Who(APP), Who(BOB)])
    assert named(found, "give alice a grant").side_effects == ()
    assert all(action != RETIRE.removeprefix("kms:") for fix in found for _, action in fix.side_effects)


def test_others_keep_their_grants_and_the_keys_of_their_own() -> None:
    theirs = Who(APP, Documents(None, grants=(replace(GRANT, grantee=APP.arn, id="cd" * 32),)))
    only_alice = {"ArnEquals": {"aws:PrincipalArn": ALICE.arn}}
    asked = request(context={"aws:PrincipalArn": (ALICE.arn,)})
    documents = Documents(DEFAULT, grants=(GRANT,))
    assert named(fixes(request(), documents, [theirs]), "revoke").closes == ((ALICE.arn, "Encrypt"),)
    policy = key_policy(allow(HOME), allow("*", "kms:Decrypt", Condition=only_alice))
    found = fixes(asked, Documents(policy), [theirs])
    assert named(found, "remove statement 2").side_effects == ()  # app never had what the condition gave to alice


def test_another_call_changes_nothing_else() -> None:
    documents = Documents(key_policy(allow(HOME), allow("*", Condition=VIA)))
    assert named(fixes(request(), documents, [Who(APP)]), "call through").side_effects == ()


# --- an edit ------------------------------------------------------------------------------------------------------


def test_two_edits_are_equal_when_they_do_the_same() -> None:
    two = key_policy(allow(ALICE.arn), allow(APP.arn))
    first, second = two.statements
    assert Edit("key policy", "", without(two, first)) == Edit("key policy", "", without(two, first))
    assert Edit("key policy", "", without(two, first)) != Edit("key policy", "", without(two, second))
    assert Attaching(ALL) == Attaching(iam(ALLOW_ALL)) != Attaching(iam(deny()))
    assert fixes(request(), Documents(DEFAULT)) == fixes(request(), Documents(DEFAULT))


def test_a_statement_that_stands_alone_is_a_list_of_one() -> None:
    alone = read(json.dumps({"Version": "2012-10-17", "Statement": allow(APP.arn)}), "key policy")
    assert statements(alone) == [allow(APP.arn)]
    _, after = adding(alone, allow(ALICE.arn))(request(), Documents(alone))
    assert after.key_policy
    assert statements(after.key_policy) == [allow(APP.arn), allow(ALICE.arn)]


# --- always -------------------------------------------------------------------------------------------------------

CALLERS = st.sampled_from([ALICE, APP, BOB, ROOT])
CONDITIONS = st.sampled_from([{}, VIA, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}])
STATEMENTS = st.builds(
    lambda effect, who, action, condition: {"Effect": effect, "Principal": {"AWS": who}, "Action": action, "Resource": "*", "Condition": condition},
    st.sampled_from(["Allow", "Deny"]), st.sampled_from(["*", HOME, AWAY, ALICE.arn, APP.arn]), st.sampled_from(["kms:*", "kms:Decrypt"]),
    CONDITIONS,
)  # fmt: skip


def who_may_put(documents: Documents) -> set[str]:
    """Of those here, with the IAM policies of the caller."""
    people = [Who(one, replace(documents, key_policy=None)) for one in (ROOT, ALICE, APP, BOB)]
    assert documents.key_policy
    return {arn for arn, _ in matrix(KEY, HOME, documents.key_policy, people, ["PutKeyPolicy"]).allowed()}


@settings(max_examples=60, deadline=None)
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
    documents = Documents(key_policy(*statements), (ALL,) if has_iam else ())
    others = [Who(one, replace(documents, key_policy=None)) for one in (ALICE, APP, BOB) if one != caller]

    def allowed(asked: Request, documents: Documents) -> bool:
        return evaluate(asked, documents).allowed

    before = allowed(asked, documents)
    found = fixes(asked, documents, others)
    assert found or not who_may_put(documents)
    for fix in found:
        after = fix.apply(asked, documents)
        assert allowed(*after) is not before
        for fewer in itertools.combinations(fix.edits, len(fix.edits) - 1):
            assert allowed(*Fix(fewer).apply(asked, documents)) is before
        if any(edit.kind == "key policy" for edit in fix.edits):
            assert who_may_put(documents) & who_may_put(after[1])
        assert all(document.statements for document in after[1].identity)
        assert not set(fix.opens) & set(fix.closes)
    assert [len(fix.side_effects) for fix in found] == sorted(len(fix.side_effects) for fix in found)
