from typing import Any

import pytest

from kms_teach.access.documents import Documents
from kms_teach.access.near_misses import near_misses
from tests.access.people import ALICE, APP, HOME, KEY, allow, deny, document, iam, key_policy, request

VIA = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}

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
