from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from kms_teach.access.decision import Decision, Documents, decide
from kms_teach.access.grants import Grant, Terms, delegates, digest, effective, pairs, refusal, retirement
from kms_teach.access.principals import Principal, root
from tests.access.people import (
    ALICE,
    ALLOW_ALL,
    APP,
    AWAY,
    BOB,
    GRANT,
    HOME,
    NOW,
    ROOT,
    S3,
    allow,
    deny,
    iam,
    key_policy,
    request,
    silent,
)

CLOSED = key_policy(allow(root("999999999999").arn))
OPEN = {"kms:EncryptionContext:App": ("blue",), "kms:EncryptionContext:Stage": ("prod",)}


def ask(
    caller: Principal,
    action: str,
    *grants: Grant,
    policy: Any = CLOSED,
    identity: Any = (),
    keys: Any = None,
    **more: Any,
) -> Decision:
    asked = request(caller, action, context=keys or {}, now=NOW, **more)
    return decide(asked, Documents(policy, identity, grants=grants))


@pytest.mark.parametrize(
    ("caller", "grantee", "allowed"),
    [
        (ALICE, ALICE.arn, True), (ALICE, BOB.arn, False), (APP, APP.arn, True), (APP, APP.caller_arn, True), (S3, S3.name, True),
        (BOB, BOB.arn, True),  # across accounts a grant suffices
        (ROOT, root(HOME).arn, True), (ALICE, root(HOME).arn, False), (ALICE, root(AWAY).arn, False),
    ],
)  # fmt: skip
def test_a_grant_allows_its_grantee(caller: Principal, grantee: str, allowed: bool) -> None:
    decision = ask(caller, "Decrypt", replace(GRANT, grantee=grantee))
    assert decision.allowed is allowed
    if allowed:
        assert decision.decisive.question == f"Does a grant allow {caller.label}?"
        assert decision.decisive.read == f"grant “g” to {caller.label}"


def test_a_grant_to_an_account_lets_its_iam_policies_decide() -> None:
    assert ask(ALICE, "Decrypt", replace(GRANT, grantee=root(HOME).arn), identity=(iam(ALLOW_ALL),)).allowed


def test_a_grant_allows_only_what_it_lists() -> None:
    decision = ask(ALICE, "GenerateDataKey", GRANT)
    assert not decision.allowed
    assert "grant “g” lists Decrypt, Encrypt, not GenerateDataKey" in [step.read for step in decision.steps]


def test_a_grant_never_overrides_a_deny() -> None:
    assert not ask(ALICE, "Decrypt", GRANT, policy=key_policy(deny("*"))).allowed
    assert not ask(ALICE, "Decrypt", GRANT, identity=(iam(deny()),)).allowed


def test_a_grant_is_limited_as_a_key_policy_is_that_names_the_grantee() -> None:
    for caller, grantee, allowed in (
        (ALICE, ALICE.arn, True),
        (APP, APP.arn, False),
        (APP, APP.caller_arn, True),
        (BOB, BOB.arn, False),
    ):
        documents = Documents(
            CLOSED, boundary=silent("permissions boundary"), grants=(replace(GRANT, grantee=grantee),)
        )
        assert decide(request(caller), documents).allowed is allowed


def test_a_grant_counts_once_it_has_spread_or_with_its_token() -> None:
    young = replace(GRANT, effective=NOW + timedelta(minutes=5), tokens=(digest("token"),))
    assert not effective(young, NOW)
    assert effective(young, NOW, frozenset({digest("token")}))
    assert not effective(young, NOW, frozenset({digest("another")}))
    assert effective(young, NOW + timedelta(minutes=5))
    assert effective(young, None)
    assert "show its grant token" in ask(ALICE, "Decrypt", young).steps[-2].read
    assert ask(ALICE, "Decrypt", young, tokens=frozenset({digest("token")})).allowed


CONSTRAINTS: list[tuple[dict[str, Any], str, dict[str, tuple[str, ...]], bool]] = [
    ({"equals": (("App", "blue"),)}, "Decrypt", {"kms:EncryptionContext:App": ("blue",)}, True),
    ({"equals": (("App", "blue"),)}, "Decrypt", {"kms:EncryptionContext:app": ("blue",)}, True),  # names in any case
    ({"equals": (("App", "blue"),)}, "Decrypt", {"kms:EncryptionContext:App": ("Blue",)}, False),  # values not
    ({"equals": (("App", "blue"),)}, "Decrypt", OPEN, False),
    ({"equals": (("App", "blue"),)}, "Decrypt", {}, False),
    ({"subset": (("App", "blue"),)}, "Decrypt", OPEN, True),
    ({"subset": (("App", "blue"), ("Stage", "prod"))}, "Decrypt", {"kms:EncryptionContext:App": ("blue",)}, False),
    ({"subset": (("App", "green"),)}, "Decrypt", OPEN, False),
    ({"equals": (("App", "blue"),)}, "DescribeKey", {}, True),  # these have no encryption context
    ({"subset": (("App", "blue"),)}, "RetireGrant", {}, True),
    ({"source_arn": "arn:aws:s3:::logs"}, "Decrypt", {"aws:SourceArn": ("arn:aws:s3:::logs",)}, True),
    ({"source_arn": "arn:aws:s3:::logs"}, "Decrypt", {"aws:SourceArn": ("arn:aws:s3:::other",)}, False),
    ({"source_arn": "arn:aws:s3:::logs"}, "Decrypt", {}, False),
    # KMS API Reference, "GrantConstraints": not of RetireGrant, and of DescribeKey when the request says for whom
    ({"source_arn": "arn:aws:s3:::logs"}, "RetireGrant", {"aws:SourceArn": ("arn:aws:s3:::other",)}, True),
    ({"source_arn": "arn:aws:s3:::logs"}, "DescribeKey", {}, True),
    ({"source_arn": "arn:aws:s3:::logs"}, "DescribeKey", {"aws:SourceArn": ("arn:aws:s3:::logs",)}, True),
    ({"source_arn": "arn:aws:s3:::logs"}, "DescribeKey", {"aws:SourceArn": ("arn:aws:s3:::other",)}, False),
]  # fmt: skip


@pytest.mark.parametrize(("terms", "operation", "keys", "allowed"), CONSTRAINTS)
def test_constraints(terms: dict[str, Any], operation: str, keys: dict[str, tuple[str, ...]], allowed: bool) -> None:
    grant = replace(GRANT, operations=("Decrypt", "DescribeKey", "RetireGrant"), **terms)
    lower = {name.lower(): values for name, values in keys.items()}
    assert (refusal(grant, operation, lower) is None) is allowed


CHILDREN: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({"operations": ("Decrypt", "CreateGrant")}, {"operations": ("Decrypt",)}, True),
    ({"operations": ("Decrypt", "CreateGrant")}, {"operations": ("Decrypt", "Encrypt")}, False),
    ({"operations": ("Decrypt",)}, {"operations": ("Decrypt",)}, False),  # without CreateGrant none can be made
    ({"operations": ("Decrypt", "CreateGrant"), "subset": (("a", "1"),)}, {"operations": ("Decrypt",)}, False),
    ({"operations": ("Decrypt", "CreateGrant"), "subset": (("a", "1"),)}, {"operations": ("Decrypt",), "subset": (("a", "1"), ("b", "2"))}, True),
    ({"operations": ("Decrypt", "CreateGrant"), "subset": (("a", "1"),)}, {"operations": ("Decrypt",), "equals": (("a", "1"),)}, True),
    ({"operations": ("Decrypt", "CreateGrant"), "subset": (("a", "1"),)}, {"operations": ("Decrypt",), "subset": (("a", "2"),)}, False),
    ({"operations": ("Decrypt", "CreateGrant"), "equals": (("a", "1"),)}, {"operations": ("Decrypt",), "equals": (("a", "1"),)}, True),
    ({"operations": ("Decrypt", "CreateGrant"), "equals": (("a", "1"),)}, {"operations": ("Decrypt",), "subset": (("a", "1"),)}, False),
    ({"operations": ("Decrypt", "CreateGrant"), "equals": (("a", "1"),)}, {"operations": ("Decrypt",), "equals": (("a", "1"), ("b", "2"))}, False),
    ({"operations": ("Decrypt", "CreateGrant"), "source_arn": "arn:x"}, {"operations": ("Decrypt",)}, False),
    ({"operations": ("Decrypt", "CreateGrant"), "source_arn": "arn:x"}, {"operations": ("Decrypt",), "source_arn": "arn:x"}, True),
]  # fmt: skip


@pytest.mark.parametrize(("parent", "child", "allowed"), CHILDREN)
def test_a_child_grant_gives_no_more_than_its_parent(
    parent: dict[str, Any], child: dict[str, Any], allowed: bool
) -> None:
    grant, terms = replace(GRANT, **parent), Terms(**child)
    keys = {"aws:SourceArn": ("arn:x",)}
    assert ask(ALICE, "CreateGrant", grant, terms=terms, keys=keys).allowed is allowed


RETIRING: list[tuple[str, Principal, dict[str, Any], bool]] = [
    ("the retiring principal", APP, {"retiring": APP.arn}, True),
    ("the grantee with RetireGrant", ALICE, {"operations": ("Decrypt", "RetireGrant")}, True),
    ("the grantee without it", ALICE, {}, False),
    ("the root user of the account that issued it", ROOT, {}, True),
    ("another user of that account", APP, {}, False),
    ("another account", BOB, {}, False),
    ("a retiring service", S3, {"retiring": S3.name}, True),
    ("a retiring account's root user", root(AWAY), {"retiring": root(AWAY).arn}, True),
]  # fmt: skip


@pytest.mark.parametrize(("says", "caller", "changes", "allowed"), RETIRING)
def test_who_may_retire(says: str, caller: Principal, changes: dict[str, Any], allowed: bool) -> None:
    grant = replace(GRANT, **changes)
    assert bool(retirement(grant, caller)) is allowed, says
    assert ask(caller, "RetireGrant", grant).allowed is allowed
    denied = key_policy(deny("*"))  # KMS Developer Guide: kms:RetireGrant has no effect in a key policy
    assert ask(caller, "RetireGrant", grant, policy=denied).allowed is allowed
    assert not ask(BOB, "RetireGrant", GRANT, policy=key_policy(allow("*")), identity=(iam(ALLOW_ALL),)).allowed


def test_iam_policies_delegate_retiring_in_the_account_that_issued_it_and_can_deny_it() -> None:
    every = (iam(ALLOW_ALL),)
    assert ask(APP, "RetireGrant", GRANT, identity=every).allowed
    assert delegates(GRANT, APP)
    assert not ask(BOB, "RetireGrant", GRANT, identity=every).allowed
    assert ask(BOB, "RetireGrant", replace(GRANT, retiring=root(AWAY).arn), identity=every).allowed
    assert not ask(ALICE, "RetireGrant", replace(GRANT, retiring=ALICE.arn), identity=(iam(deny()),)).allowed


def test_an_encryption_context_is_kept_in_order() -> None:
    assert pairs({"b": "2", "a": "1"}) == (("a", "1"), ("b", "2"))
    assert pairs(None) == ()
    assert GRANT.label == "grant “g”"
    assert replace(GRANT, name="").label == "grant abababab…"
