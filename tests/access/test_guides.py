"""AWS's own worked examples: the cases are in guides/, their table is guides/index.md."""

import pytest

from tests.access.guides.catalog import EXAMPLES, GUIDES, INDEX, LATER, LEFT_OUT, index, name_of
from tests.access.guides.example import ALLOWED, DENIED, SILENT, Example, verdict


@pytest.mark.parametrize("example", EXAMPLES, ids=name_of)
def test_the_engine_decides_as_the_guide_says(example: Example) -> None:
    said = [(ask.caller.label, ask.action, ask.facts, ask.keys, ask.verdict) for ask in example.asks]
    assert [(*one[:-1], verdict(example, ask)) for one, ask in zip(said, example.asks, strict=True)] == said


def test_each_example_has_a_request_that_is_allowed_and_one_that_is_not() -> None:
    assert [name_of(e) for e in EXAMPLES if {ask.verdict == ALLOWED for ask in e.asks} != {True, False}] == []
    assert {ask.verdict for example in EXAMPLES for ask in example.asks} == {ALLOWED, DENIED, SILENT}


def test_each_example_has_a_name_of_its_own() -> None:
    assert len({name_of(example) for example in EXAMPLES}) == len(EXAMPLES)
    assert {example.page for example in EXAMPLES} >= set(LATER)
    assert all(LEFT_OUT.values()) and len(GUIDES) == 3


def test_the_index_is_of_these_examples() -> None:
    assert INDEX.read_text() == index(), "write it anew: python -m tests.access.guides.catalog"
