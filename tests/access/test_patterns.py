import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kms_teach.access.patterns import matcher, patterns, text

KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd"

WILDCARDS = [
    ("*", "", True), ("*", "anything", True), ("a*c", "abc", True), ("a*c", "ac", True), ("a*c", "acb", False),
    ("a?c", "abc", True), ("a?c", "ac", False), ("a*b*c", "a1b2b3c", True), ("a*b*c", "a1c2b", False),
    ("**a**", "bab", True), ("[ab]", "a", False), ("[ab]", "[ab]", True), ("a.c", "abc", False), ("a\n*", "a\nb\nc", True),
    ("*ab", "aab", True), ("*aab*b", "aaabab", True), ("", "", True), ("", "a", False),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "value", "matches"), WILDCARDS)
def test_a_star_is_any_characters_and_a_question_mark_one(pattern: str, value: str, matches: bool) -> None:
    assert (matcher((pattern,)).fullmatch(value) is not None) is matches


ARNS = [
    ("arn:aws:kms:*:111122223333:key/*", True),
    ("arn:aws:kms:us-*-1:111122223333:key/1234*", True),
    ("arn:aws:kms:us-east-1:*", True),  # IAM User Guide: a star that ends a segment may go on beyond the colon
    ("arn:aws:kms:us-east*", True),
    ("arn:aws:*:key/1234abcd", True),
    ("arn:aws:kms:us*key/1234abcd", False),  # one inside a segment may not
    ("arn:aws:kms:us-east-1:111122223333:key/1234abc", False),
    ("arn:aws:kms:us-east-1:111122223333:KEY/1234abcd", False),
    ("arn:aws:kms:??-east-1:111122223333:key/1234abcd", True),
    ("arn:aws:kms:us-east-1?111122223333:key/1234abcd", False),
    ("*", True),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "matches"), ARNS)
def test_a_star_inside_a_segment_of_an_arn_stays_there(pattern: str, matches: bool) -> None:
    element = patterns("Resource", (text(pattern, variables=False),), ignores_case=False)
    assert element.match(KEY, {}) is matches


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_wildcards_match_as_a_plain_regular_expression_would(pattern: str, value: str) -> None:
    plain = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    assert bool(matcher((pattern,)).fullmatch(value)) is bool(re.fullmatch(plain, value))


@given(st.text("a:*", max_size=8), st.text("a:", max_size=8))
def test_arns_match_as_a_plain_regular_expression_would(pattern: str, value: str) -> None:
    folded = re.sub(r"\*+", "*", pattern)
    plain = "".join(
        (".*" if folded[n + 1 :][:1] in ("", ":") else "[^:]*") if c == "*" else c for n, c in enumerate(folded)
    )
    assert bool(matcher((pattern,), arn=True).fullmatch(value)) is bool(re.fullmatch(plain, value))


def test_a_hostile_pattern_is_answered_at_once() -> None:
    assert matcher(("a*" * 40 + "b",)).fullmatch("a" * 2_000) is None
    assert matcher(("a*" * 40 + "b",), arn=True).fullmatch("a" * 2_000) is None


@pytest.mark.parametrize("action", ["kms:decrypt", "KMS:Decrypt", "kms:De*", "kms:?ecrypt", "*"])
def test_actions_match_in_any_case(action: str) -> None:
    assert patterns("Action", (text(action, variables=False),), ignores_case=True).match("kms:Decrypt", {})


def test_not_turns_the_answer_round_and_an_empty_element_speaks_of_nothing() -> None:
    item = (text("kms:Decrypt", variables=False),)
    assert not patterns("NotAction", item, ignores_case=True).match("kms:Decrypt", {})
    assert patterns("NotAction", item, ignores_case=True).match("kms:Encrypt", {})
    assert not patterns("Action", (), ignores_case=True).match("kms:Encrypt", {})
    assert not patterns("NotAction", (), ignores_case=True).match("kms:Encrypt", {})


VARIABLES = [
    ("a/${aws:username}", {"aws:username": ("ann",)}, "a/ann"),
    ("a/${AWS:UserName}", {"aws:username": ("ann",)}, "a/ann"),
    ("a/${aws:username}", {}, None),
    ("a/${aws:username}", {"aws:username": ("ann", "ben")}, None),  # one of several: which?
    ("a/${aws:username, 'nobody'}", {}, "a/nobody"),
    ("a/${aws:username,'nobody'}", {"aws:username": ("ann",)}, "a/ann"),
    ("a/${*}${?}${$}", {}, "a/*?$"),
    ("a/${aws:PrincipalTag/Cost Center}", {"aws:principaltag/cost center": ("7",)}, "a/7"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "keys", "plain"), VARIABLES)
def test_variables_are_filled_in_from_the_request(
    source: str, keys: dict[str, tuple[str, ...]], plain: str | None
) -> None:
    assert text(source, variables=True).plain(keys) == plain


def test_a_value_that_was_filled_in_is_no_wildcard() -> None:
    item = text("a/${aws:username}", variables=True)
    filled = item.filled({"aws:username": ("*",)})
    assert filled
    assert matcher(filled).fullmatch("a/*")
    assert not matcher(filled).fullmatch("a/ann")
    literal = text("a${*}", variables=True).filled({})
    assert literal
    assert not matcher(literal).fullmatch("ab")


def test_a_variable_without_a_value_matches_nothing_under_not_either() -> None:
    item = (text("arn:aws:kms:::${aws:username}", variables=True),)
    assert not patterns("Resource", item, ignores_case=False).match(KEY, {})
    assert not patterns("NotResource", item, ignores_case=False).match(KEY, {})
    assert patterns("NotResource", item, ignores_case=False).match(KEY, {"aws:username": ("ann",)})


def test_a_variable_that_does_not_end_is_refused() -> None:
    with pytest.raises(ValueError, match="does not end it"):
        text("a/${aws:username", variables=True)
    assert text("a/${aws:username", variables=False).plain({}) == "a/${aws:username"
