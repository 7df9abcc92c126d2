import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kms_teach.access.decision import Documents, Request, decide
from kms_teach.access.evaluation import Outcome, evaluate
from kms_teach.access.policy import Document, Kind, read
from kms_teach.access.principals import Principal
from tests.access.people import ALICE, APP, AWAY, BOB, HOME, KEY, S3

HERE = Path(__file__).parent / "differential"
PUZZLES = json.loads(gzip.decompress((HERE / "verdicts.json.gz").read_bytes()))
DISAGREEMENTS = json.loads((HERE / "disagreements.json").read_text())
LAB = Principal(account=AWAY, kind="role", name="lab", session="run", id="AROALAB")
CALLERS = {"alice": ALICE, "bob": BOB, "app": APP, "lab": LAB, "s3": S3}


def document(policy: dict[str, Any], kind: Kind) -> Document:
    return read(json.dumps(policy), kind, kind)


def asked(puzzle: dict[str, Any]) -> tuple[Request, Documents]:
    context = {key: (value,) if isinstance(value, str) else tuple(value) for key, value in puzzle["context"].items()}
    request = Request(CALLERS[puzzle["caller"]], puzzle["action"], KEY, HOME, context)
    documents = Documents(
        document(puzzle["key_policy"], "key policy"),
        (document(puzzle["identity"], "IAM policy"),) if "identity" in puzzle else (),
        document(puzzle["boundary"], "permissions boundary") if "boundary" in puzzle else None,
        (document(puzzle["session"], "session policy"),) if "session" in puzzle else (),
        tuple((document(level, "service control policy"),) for level in puzzle.get("scps", ())),
        (document(puzzle["rcp"], "resource control policy"),) if "rcp" in puzzle else (),
        document(puzzle["endpoint"], "VPC endpoint policy") if "endpoint" in puzzle else None,
    )
    return request, documents


# What IAM's simulator calls them: API Reference, EvaluationResult, EvalDecision.
SIMULATED = {
    Outcome.ALLOWED: "Allowed",
    Outcome.EXPLICIT_DENY: "ExplicitlyDenied",
    Outcome.IMPLICIT_DENY: "ImplicitlyDenied",
}


def verdict(puzzle: dict[str, Any]) -> str:
    return SIMULATED[evaluate(*asked(puzzle)).verdict.outcome]


def test_there_are_puzzles_of_every_sort() -> None:
    assert len(PUZZLES) >= 2_000
    for part in ("identity", "boundary", "session", "scps", "rcp", "endpoint"):
        assert sum(part in puzzle for puzzle in PUZZLES) >= 200, part
    assert Counter(puzzle["said"] for puzzle in PUZZLES).keys() == {"Allowed", "ExplicitlyDenied", "ImplicitlyDenied"}


@pytest.mark.slow
def test_every_verdict_is_iam_simulates_or_a_disagreement_that_aws_decides() -> None:
    known = DISAGREEMENTS["puzzles"]
    for number, puzzle in enumerate(PUZZLES):
        expected = known[str(number)]["ours"] if str(number) in known else puzzle["said"]
        assert verdict(puzzle) == expected, (number, puzzle)
        if str(number) in known:
            assert expected != puzzle["said"], "no disagreement any more: take it off the list"


def test_every_disagreement_names_the_page_that_decides_it() -> None:
    reasons = DISAGREEMENTS["reasons"]
    assert all(reason["why"] and reason["page"] for reason in reasons.values())
    assert {puzzle["reason"] for puzzle in DISAGREEMENTS["puzzles"].values()} == set(reasons)
    assert len(DISAGREEMENTS["puzzles"]) <= len(PUZZLES) / 40


@pytest.mark.parametrize("number", range(0, 400, 7))
def test_the_words_agree_with_the_verdict(number: int) -> None:
    puzzle = PUZZLES[number]
    decision = decide(*asked(puzzle))
    assert decision.allowed is (verdict(puzzle) == "Allowed")
    assert bool(decision.because) is not decision.allowed
    assert len([step for step in decision.steps if step.decided]) == 1
