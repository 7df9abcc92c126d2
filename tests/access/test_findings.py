from typing import Any

import pytest

from kms_teach.access.condition_keys import KeyFacts
from kms_teach.access.decision import Documents, decide
from kms_teach.access.findings import ALL, Finding, findings
from kms_teach.access.policy import DEFAULT_KEY_POLICY, read
from kms_teach.access.samples import escaping, meeting, somebody
from tests.access.people import ALICE, APP, AWAY, HOME, KEY, S3, allow, deny, iam, key_policy

ROOT = allow(HOME)
FACTS = KeyFacts(account=HOME)
SERVICE = {**allow(action="kms:Decrypt"), "Principal": {"Service": S3.name}}
VIA = {"StringNotEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}


def lint(*statements: dict[str, Any]) -> tuple[Finding, ...]:
    return findings(key_policy(*statements), KEY, FACTS)


def test_aws_own_key_policy_has_no_fault() -> None:
    assert findings(read(DEFAULT_KEY_POLICY.format(account=HOME), "key policy"), KEY, FACTS) == ()


# the faulty policy, what is found, in which statement, whether the request that proves it is allowed
FAULTS: list[tuple[list[dict[str, Any]], str, int | None, bool]] = [
    ([allow(ALICE.arn, "kms:Decrypt")], "locked out", None, False),
    ([ROOT, deny("*", "kms:PutKeyPolicy")], "locked out", None, False),
    ([ROOT, allow("*", "kms:Decrypt")], "open to the world", 2, True),
    ([ROOT, {**allow(action="kms:Decrypt"), "NotPrincipal": {"AWS": ALICE.arn}}], "open to the world", 2, True),
    ([ROOT, allow(ALICE.arn, "kms:CreateKey")], "without effect", 2, True),
    ([ROOT, allow(ALICE.arn, "s3:*")], "without effect", 2, True),
    ([ROOT, allow(ALICE.arn, resource=KEY[:-1] + "0")], "without effect", 2, True),
    ([ROOT, {"Effect": "Allow", "Principal": {"AWS": ALICE.arn}, "Action": "kms:*"}], "without effect", 2, True),
    ([ROOT, {**allow(), "Principal": {"Federated": "accounts.google.com"}}], "without effect", 2, True),
    ([ROOT, SERVICE], "confused deputy", 2, True),
    ([ROOT, allow(AWAY, ["kms:Decrypt", "kms:DisableKey"])], "never crosses", 2, False),
    ([ROOT, allow(ALICE.arn, "kms:Decrypt"), deny("*", "kms:De*")], "unreachable", 2, False),
    ([ROOT, allow(ALICE.arn, Condition={"StringEquals": {"kms:Nope": "x"}})], "unknown condition key", 2, True),
    ([ROOT, allow(ALICE.arn, Condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/a"}})], "not in key policies", 2, True),
    ([ROOT, allow(ALICE.arn, Condition={"StringEquals": {"aws:ResourceTag/a": "b"}})], "not in key policies", 2, True),
    ([ROOT, allow(ALICE.arn, "kms:CreateGrant", Condition={"StringEquals": {"kms:GrantOperations": "Decrypt"}})], "no set operator", 2, True),
    ([ROOT, allow(ALICE.arn, Condition={"NumericEquals": {"kms:KeySpec": "7"}})], "wrong operator", 2, True),
    ([ROOT, allow(ALICE.arn, ["kms:Decrypt", "kms:DescribeKey"], Condition={"StringEquals": {"kms:EncryptionContext:a": "b"}})], "condition never met", 2, True),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "kind", "number", "allowed"), FAULTS)
def test_a_fault_is_found_and_proven_by_the_request_it_decides(
    statements: list[dict[str, Any]], kind: str, number: int | None, allowed: bool
) -> None:
    found = [finding for finding in lint(*statements) if finding.kind == kind]
    assert found, [finding.kind for finding in lint(*statements)]
    proof = found[0]
    policy = key_policy(*statements)
    assert proof.statement == number
    assert proof.line == (policy.statements[number - 1].line if number else None)
    own = () if proof.request.caller.kind in ("root", "service") else ALL
    assert proof.decision == decide(proof.request, Documents(policy, own))
    assert proof.decision.allowed is allowed
    if kind in ("without effect", "condition never met", "unknown condition key", "not in key policies"):
        assert all(step.statement != number for step in proof.decision.steps if step.kind == "key policy")


SOUND: list[list[dict[str, Any]]] = [
    [ROOT, {**SERVICE, "Condition": {"StringEquals": {"aws:SourceAccount": HOME}}}],
    [ROOT, allow("*", "kms:Decrypt", Condition={"StringEquals": {"kms:CallerAccount": HOME}})],
    [ROOT, allow(ALICE.arn, "kms:Decrypt"), deny("*", "kms:Decrypt", Condition=VIA)],
    [ROOT, allow("*", "kms:Decrypt", Condition={"ArnEquals": {"aws:PrincipalArn": APP.arn}}), deny("*", "kms:Decrypt", Condition={"ArnNotEquals": {"aws:PrincipalArn": APP.arn}})],
    *([ROOT, allow(ALICE.arn, "kms:ImportKeyMaterial", Condition={f"{kind}LessThan": {"kms:ValidTo": "1893456000"}})] for kind in ("Date", "Numeric")),
    [ROOT, allow(AWAY, "kms:*")],
    [ROOT, allow(AWAY, ["kms:Decrypt", "kms:CreateGrant"])],
    [ROOT, allow(ALICE.arn, "kms:*", Condition={"StringEquals": {"kms:EncryptionContext:a": "b"}})],
    [allow(ALICE.arn, ["kms:PutKeyPolicy", "kms:Decrypt"])],
]  # fmt: skip


@pytest.mark.parametrize("statements", SOUND)
def test_what_is_sound_is_not_blamed(statements: list[dict[str, Any]]) -> None:
    assert [finding.kind for finding in lint(*statements)] == []


def test_samples_meet_and_escape_conditions() -> None:
    written = {
        "StringLike": {"kms:ViaService": "s3.*"}, "StringNotEquals": {"aws:PrincipalOrgID": "o-1"}, "Bool": {"aws:SecureTransport": "true"},
        "Null": {"aws:SourceArn": "false"}, "NumericLessThanEquals": {"kms:RotationPeriodInDays": "90"},
    }  # fmt: skip
    conditions = iam(allow(Condition=written)).statements[0].conditions
    for keys, expected in ((meeting(conditions, {"KMS:viaservice": ("x",)}), True), (escaping(conditions, {}), False)):
        low = {name.lower(): values for name, values in keys.items()}
        assert [condition.holds(low) for condition in conditions] == [expected] * 5


def test_a_sample_for_each_kind_of_name() -> None:
    for name in (
        ALICE.arn,
        APP.arn,
        APP.caller_arn,
        f"arn:aws:iam::{HOME}:user/team/x",
        f"arn:aws:sts::{HOME}:federated-user/x",
        S3.name,
    ):
        assert name in (somebody(name, HOME).arn, somebody(name, HOME).caller_arn)
    assert somebody("*", AWAY).account == AWAY
    assert somebody(f"arn:aws:iam::{HOME}:root", AWAY).account == HOME
