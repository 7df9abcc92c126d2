from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from kms_teach.access import authorization, sentences
from kms_teach.access.decision import Decision, Documents, Request, Step, decide
from kms_teach.access.evaluation import OUTER
from kms_teach.access.evidence import CEILINGS, READS
from kms_teach.access.grants import Terms
from kms_teach.access.matrix import Who, matrix
from kms_teach.access.policy import read
from kms_teach.access.reasons import Check, Reason
from kms_teach.keys.sharing import AWS_RAM, ram_policy
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
    NOW,
    ROOT,
    S3,
    allow,
    deny,
    document,
    key_policy,
    request,
    silent,
)

BLUE = (("tenant", "Blue"),)
CREATE = replace(GRANT, operations=("Decrypt", "CreateGrant"))
RE_ENCRYPT = replace(GRANT, operations=("ReEncryptTo",))
RAM = read(ram_policy([AWAY]), "key policy", AWS_RAM)
CLOSED = key_policy(allow(f"arn:aws:iam::{AWAY}:root"))


def used(action: str = "Decrypt", caller: Any = ALICE, key_policy: Any = CLOSED, **terms: Any) -> Any:
    """A request, and a grant with these terms."""
    return request(caller, action, now=NOW), Documents(key_policy, grants=(replace(GRANT, **terms),))


def passed_on(child: Terms, **parent: Any) -> Any:
    asked = request(ALICE, "CreateGrant", now=NOW, terms=child, context={"aws:SourceArn": ("arn:x",)})
    return asked, Documents(CLOSED, grants=(replace(CREATE, **parent),))


CASES: list[tuple[Request, Documents]] = [
    (request(), Documents(DEFAULT, (ALL,))),
    (request(), Documents(DEFAULT)),
    (request(), Documents(key_policy(allow(ALICE.arn), deny("*")))),
    (request(), Documents(key_policy(allow(ALICE.arn, "kms:Encrypt")))),
    (request(), Documents(key_policy(deny(ALICE.arn, "kms:Encrypt")))),
    (request(), Documents(key_policy({**deny(action="kms:Encrypt"), "NotPrincipal": {"AWS": ALICE.arn}}))),
    (request(BOB, "DisableKey"), Documents(key_policy(allow("*")), (ALL,))),
    (request(ROOT), Documents(DEFAULT)),
    (request(S3), Documents(DEFAULT)),
    (request(action="CreateKey", resource="*"), Documents(None)),
    (request(APP), Documents(DEFAULT, (ALL,), silent("permissions boundary"))),
    (request(APP), Documents(DEFAULT, (ALL,), session=(silent("session policy"),))),
    (request(APP), Documents(DEFAULT, (ALL,), scps=((silent("service control policy"),),))),
    (request(APP), Documents(DEFAULT, (ALL,), endpoint=silent("VPC endpoint policy"))),
    (request(), Documents(key_policy(allow(ALICE.arn)), boundary=document("permissions boundary", ALLOW_ALL))),
    used(),
    used(caller=BOB),
    used("Sign"),
    used(source_arn="arn:x"),
    used(equals=BLUE),
    used(subset=BLUE),
    used(effective=NOW + timedelta(minutes=5)),
    passed_on(Terms(operations=("Sign",))),
    passed_on(Terms(operations=("Decrypt",)), source_arn="arn:x"),
    passed_on(Terms(operations=("Decrypt",)), equals=BLUE),
    passed_on(Terms(operations=("Decrypt",)), subset=BLUE),
    (request(action="ReEncryptTo", paired=frozenset({"arn:x"})), Documents(CLOSED, grants=(RE_ENCRYPT,))),
    (request(BOB), Documents(DEFAULT, (ALL,), ram=RAM)),
    (request(BOB, "CreateGrant"), Documents(DEFAULT, (ALL,), ram=RAM)),
    used("RetireGrant", retiring=ALICE.arn),
    used("RetireGrant", operations=("RetireGrant",)),
    used("RetireGrant", ROOT),
    used("RetireGrant", APP),
    (request(APP, "RetireGrant"), Documents(CLOSED, (ALL,), grants=(GRANT,))),
    (request(APP, "RetireGrant"), Documents(CLOSED)),
]


@pytest.fixture
def reworded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every sentence of the tables is another one, and none has a blank."""
    reword(monkeypatch)
    yield
    authorization._decided.cache_clear()


def reword(monkeypatch: pytest.MonkeyPatch) -> None:
    for table in (sentences.QUESTIONS, sentences.ANSWERS):
        for key in table:
            monkeypatch.setitem(table, key, f"sentence of {type(key).__name__} {list(type(key)).index(key)}")
    for reason in sentences.IN_FULL:
        monkeypatch.setitem(sentences.IN_FULL, reason, "sentence in full")
    for check in sentences.CELLS:
        monkeypatch.setitem(sentences.CELLS, check, ("cell with a statement", "cell without"))
    monkeypatch.setattr(sentences, "SILENT_CELL", "silent cell")
    authorization._decided.cache_clear()


def values(decision: Decision) -> tuple[Any, ...]:
    """All of a decision but its sentences."""
    return decision.allowed, decision.message, decision.label, [value(step) for step in decision.steps]


def value(step: Step) -> tuple[Any, ...]:
    return (
        step.check, step.answer, step.reason, step.counts, step.decided, step.kind, step.document, step.statement,
        step.line, step.grant,
    )  # fmt: skip


PLAIN = [decide(*case) for case in CASES]


def test_the_cases_reach_every_check_and_every_reason() -> None:
    steps = [step for decision in PLAIN for step in decision.steps]
    assert {step.check for step in steps} == set(Check) == sentences.QUESTIONS.keys()
    assert {step.reason for step in steps} == set(Reason) == sentences.ANSWERS.keys()


@pytest.mark.parametrize("number", range(len(CASES)))
def test_reworded_a_decision_has_other_sentences_and_the_same_values(number: int, reworded: None) -> None:
    plain, decision = PLAIN[number], decide(*CASES[number])
    assert values(decision) == values(plain)
    for before, after in zip(plain.steps, decision.steps, strict=True):
        assert after.question == sentences.QUESTIONS[after.check or Check.DENY] != before.question
        assert after.read == sentences.ANSWERS[after.reason or Reason.NO_DENY] != before.read


def test_reworded_the_matrix_decides_the_same_by_the_same_checks(reworded: None) -> None:
    people = [Who(ROOT), Who(ALICE, Documents(None, (ALL,))), Who(APP), Who(BOB, Documents(None, (ALL,))), Who(S3)]
    policy = key_policy(allow(HOME), allow(APP.arn), deny("*", "kms:Sign"))
    for (arn, action), cell in matrix(KEY, HOME, policy, people).cells.items():
        assert cell.reason in ("cell with a statement", "cell without", "silent cell"), (arn, action)
        assert cell.allowed is (cell.evaluation.silent is None and cell.check is not Check.DENY)


def test_every_sentence_fills_its_blanks_with_what_there_is() -> None:
    for decision in PLAIN:
        for step in decision.steps:
            for words in (step.question, step.read):
                assert words
                assert "%" not in words
                assert "  " not in words
                assert not words.startswith(",")


def test_the_sentences_about_a_grant_say_what_it_gives_and_what_it_asks_for() -> None:
    told = {step.reason: step.read for decision in PLAIN for step in decision.steps if step.grant}
    assert told[Reason.GRANTED] == "grant “g” to alice"
    assert told[Reason.NOT_LISTED] == "grant “g” lists Decrypt, Encrypt, not Sign"
    assert told[Reason.OTHER_SOURCE] == "grant “g” is for calls on behalf of arn:x"
    assert told[Reason.CONTEXT_NOT_EQUAL] == "grant “g” needs exactly the encryption context tenant=Blue"
    assert told[Reason.CONTEXT_NOT_SUBSET] == "grant “g” needs tenant=Blue in the encryption context"
    assert told[Reason.CHILD_OPERATIONS] == "a grant made through grant “g” cannot give Sign, which it does not have"
    assert told[Reason.ACCOUNT_MAY_RETIRE] == "grant “g”: IAM allows it to app, whose account may retire it"
    assert told[Reason.MAY_NOT_RETIRE] == "grant “g” gives app no way to retire it"


def test_a_check_of_a_ceiling_is_about_its_kind_of_policy() -> None:
    assert set(OUTER) < CEILINGS.keys() < READS.keys()
    assert all(check.value == kind for check, kind in CEILINGS.items())
