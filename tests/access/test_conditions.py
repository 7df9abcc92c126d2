import pytest
from hypothesis import given
from hypothesis import strategies as st

from kms_teach.access.conditions import OPERATORS, condition

ARN = "arn:aws:s3:::logs"

# operator, the policy's values, the request's value, whether it holds
ROWS: list[tuple[str, list[str], str, bool]] = [
    ("StringEquals", ["blue"], "blue", True), ("StringEquals", ["blue"], "Blue", False),
    ("StringEquals", ["bl*"], "blue", False), ("StringEquals", ["red", "blue"], "blue", True), ("StringEquals", [], "blue", False),
    ("StringNotEquals", ["blue"], "red", True), ("StringNotEquals", ["red", "blue"], "blue", False), ("StringNotEquals", [], "blue", True),
    ("StringEqualsIgnoreCase", ["BLUE"], "blue", True), ("StringEqualsIgnoreCase", ["BLU"], "blue", False),
    ("StringNotEqualsIgnoreCase", ["BLUE"], "blue", False), ("StringNotEqualsIgnoreCase", ["RED"], "blue", True),
    ("StringLike", ["b?u*"], "blue", True), ("StringLike", ["B*"], "blue", False), ("StringLike", ["b"], "blue", False),
    ("StringNotLike", ["b*"], "blue", False), ("StringNotLike", ["r*"], "blue", True),
    ("NumericEquals", ["7"], "7.0", True), ("NumericEquals", ["7"], "8", False), ("NumericEquals", ["7"], "seven", False),
    ("NumericNotEquals", ["7"], "8", True), ("NumericNotEquals", ["7"], "07", False),
    ("NumericLessThan", ["7"], "6.9", True), ("NumericLessThan", ["7"], "7", False), ("NumericLessThan", ["7"], "10", False),
    ("NumericLessThanEquals", ["7"], "7", True), ("NumericLessThanEquals", ["7"], "7.1", False),
    ("NumericGreaterThan", ["7"], "10", True), ("NumericGreaterThan", ["7"], "7", False),
    ("NumericGreaterThanEquals", ["7"], "7", True), ("NumericGreaterThanEquals", ["7"], "-7", False),
    ("DateEquals", ["2026-01-01"], "2026-01-01T00:00:00Z", True), ("DateEquals", ["2026"], "2026-01-01T00:00:00Z", True),
    ("DateEquals", ["2026-01"], "2026-01-01T00:00:00Z", True), ("DateEquals", ["1767225600"], "2026-01-01T00:00:00Z", True),
    ("DateEquals", ["2026-01-01T01:00:00+01:00"], "2026-01-01T00:00:00Z", True), ("DateEquals", ["2026"], "2027-01-01T00:00:00Z", False),
    ("DateNotEquals", ["2026-01-01"], "2026-01-02T00:00:00Z", True), ("DateNotEquals", ["2026-01-01"], "2026-01-01T00:00:00Z", False),
    ("DateLessThan", ["2026-01-01"], "2025-12-31T23:59:59Z", True), ("DateLessThan", ["2026-01-01"], "2026-01-01T00:00:00Z", False),
    ("DateLessThanEquals", ["2026-01-01"], "2026-01-01T00:00:00Z", True),
    ("DateLessThanEquals", ["2026-01-01"], "2026-01-01T00:00:01Z", False),
    ("DateGreaterThan", ["2026-01-01"], "2026-01-01T00:00:01Z", True), ("DateGreaterThan", ["2026-01-01"], "2026-01-01T00:00:00Z", False),
    ("DateGreaterThanEquals", ["2026-01-01"], "2026-01-01T00:00:00Z", True),
    ("DateGreaterThanEquals", ["2026-01-01"], "2025-12-31T23:59:59Z", False),
    ("Bool", ["true"], "true", True), ("Bool", ["true"], "false", False), ("Bool", ["False"], "false", True), ("Bool", ["true"], "yes", False),
    ("BinaryEquals", ["QUI="], "QUI=", True), ("BinaryEquals", ["QUI="], "QUE=", False),
    ("IpAddress", ["192.0.2.0/24"], "192.0.2.7", True), ("IpAddress", ["192.0.2.7"], "192.0.2.7", True),
    ("IpAddress", ["192.0.2.0/24"], "192.0.3.7", False), ("IpAddress", ["2001:db8::/32"], "2001:db8::1", True),
    ("IpAddress", ["2001:db8::/32"], "192.0.2.7", False), ("IpAddress", ["192.0.2.9/24"], "192.0.2.7", True),
    ("NotIpAddress", ["192.0.2.0/24"], "192.0.2.7", False), ("NotIpAddress", ["192.0.2.0/24"], "203.0.113.7", True),
    ("NotIpAddress", ["2001:db8::/32"], "192.0.2.7", True),
    ("ArnEquals", [ARN], ARN, True), ("ArnEquals", ["arn:aws:s3:::*"], ARN, True), ("ArnEquals", ["arn:aws:*:::logs"], ARN, True),
    ("ArnEquals", ["*"], ARN, True), ("ArnEquals", ["arn:aws:s3:::log"], ARN, False), ("ArnEquals", [ARN], "logs", False),
    ("ArnLike", ["arn:aws:s3:::l?gs"], ARN, True), ("ArnLike", ["arn:aws:s3:::LOGS"], ARN, False),
    # IAM User Guide's example: a star stays in its part, where StringLike's does not
    ("ArnLike", ["arn:aws:x:*:111122223333:finance/*"], "arn:aws:x:us-east-2:999999999999:store/abc:111122223333:finance/d.txt", False),
    ("StringLike", ["arn:aws:x:*:111122223333:finance/*"], "arn:aws:x:us-east-2:999999999999:store/abc:111122223333:finance/d.txt", True),
    ("ArnNotEquals", [ARN], ARN, False), ("ArnNotEquals", ["arn:aws:s3:::x"], ARN, True),
    ("ArnNotLike", ["arn:aws:s3:::*"], ARN, False), ("ArnNotLike", ["arn:aws:sns:::*"], ARN, True),
]  # fmt: skip


def holds(operator: str, needed: list[str], had: tuple[str, ...] | None, key: str = "aws:Key") -> bool:
    keys = {} if had is None else {"aws:key": had}
    return condition(operator, key, needed, variables=True).holds(keys)


@pytest.mark.parametrize(("operator", "needed", "had", "expected"), ROWS)
def test_each_operator_compares_as_iam_says(operator: str, needed: list[str], had: str, expected: bool) -> None:
    assert holds(operator, needed, (had,)) is expected
    assert holds(f"{operator}IfExists", needed, (had,)) is expected
    assert holds(f"ForAllValues:{operator}", needed, (had,)) is expected
    assert holds(f"ForAnyValue:{operator}", needed, (had,)) is expected


def test_every_operator_is_in_the_table_above() -> None:
    assert {row[0] for row in ROWS} | {"Null"} == set(OPERATORS)
    for name in OPERATORS.keys() - {"Null"}:
        assert {row[3] for row in ROWS if row[0] == name} == {True, False}, name


@pytest.mark.parametrize("name", sorted(OPERATORS.keys() - {"Null"}))
def test_a_missing_key_fails_unless_negated_or_excused(name: str) -> None:
    needed = [next(row[1][0] for row in ROWS if row[0] == name and row[1])]
    negated = "Not" in name
    assert holds(name, needed, None) is negated
    assert holds(f"{name}IfExists", needed, None)
    assert holds(f"ForAllValues:{name}", needed, None)
    assert not holds(f"ForAnyValue:{name}", needed, None)
    assert not holds(f"ForAnyValue:{name}IfExists", needed, None)


SETS = [
    ("ForAllValues:StringEquals", ["a", "b"], ("a", "b"), True), ("ForAllValues:StringEquals", ["a"], ("a", "b"), False),
    ("ForAnyValue:StringEquals", ["a"], ("a", "b"), True), ("ForAnyValue:StringEquals", ["c"], ("a", "b"), False),
    ("ForAllValues:StringNotEquals", ["c"], ("a", "b"), True), ("ForAllValues:StringNotEquals", ["a"], ("a", "b"), False),
    ("ForAnyValue:StringNotEquals", ["a"], ("a", "b"), True), ("ForAnyValue:StringNotEquals", ["a", "b"], ("a", "b"), False),
    ("ForAllValues:StringLike", ["a*"], ("aa", "ab"), True), ("ForAnyValue:StringLike", ["a*"], ("ba", "ab"), True),
    ("StringEquals", ["a"], ("a", "b"), True), ("StringNotEquals", ["a"], ("a", "b"), False),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "needed", "had", "expected"), SETS)
def test_sets_of_values(operator: str, needed: list[str], had: tuple[str, ...], expected: bool) -> None:
    assert holds(operator, needed, had) is expected


@pytest.mark.parametrize(("needed", "had", "expected"), [("true", None, True), ("true", "x", False), ("false", None, False), ("false", "x", True)])  # fmt: skip
def test_null_asks_whether_the_key_is_there(needed: str, had: str | None, expected: bool) -> None:
    assert holds("Null", [needed], None if had is None else (had,)) is expected


def test_names_of_keys_are_compared_in_any_case() -> None:
    assert condition("StringEquals", "KMS:viaservice", ["a"], variables=True).holds({"kms:viaservice": ("a",)})


def test_variables_stand_in_strings_and_arns() -> None:
    for operator in ("StringEquals", "StringLike", "ArnLike"):
        item = condition(operator, "aws:Key", ["arn:aws:s3:::${aws:username}"], variables=True)
        assert item.holds({"aws:key": ("arn:aws:s3:::ann",), "aws:username": ("ann",)})
        assert not item.holds({"aws:key": ("arn:aws:s3:::ann",), "aws:username": ("*",)})
        assert not item.holds({"aws:key": ("arn:aws:s3:::ann",)})
    older = condition("StringEquals", "aws:Key", ["${aws:username}"], variables=False)
    assert older.holds({"aws:key": ("${aws:username}",), "aws:username": ("ann",)})


def test_a_negated_condition_with_a_variable_that_has_no_value_does_not_hold() -> None:
    item = condition("StringNotEquals", "aws:Key", ["${aws:username}"], variables=True)
    assert not item.holds({"aws:key": ("ann",)})
    assert item.holds({"aws:key": ("ann",), "aws:username": ("ben",)})


REFUSED = [
    ("StringEqual", "aws:Key", "x", "there is no condition operator"), ("stringequals", "aws:Key", "x", "write StringEquals"),
    ("ForSomeValues:StringEquals", "aws:Key", "x", "there is no condition operator"), ("NullIfExists", "aws:Key", "true", "write Null"),
    ("ForAllValues:Null", "aws:Key", "true", "write Null"), ("StringEquals", "Key", "x", "names no service"),
    ("NumericEquals", "aws:Key", "seven", "a number"), ("NumericEquals", "aws:Key", "NaN", "a number"), ("DateEquals", "aws:Key", "tomorrow", "a date"),
    ("DateEquals", "aws:Key", "0001-01-01T00:00:00+10:00", "a date"), ("NumericEquals", "aws:Key", "1e99999999999999999999", "a number"),
    ("Bool", "aws:Key", "yes", "true or false"), ("Null", "aws:Key", "yes", "must be missing"), ("BinaryEquals", "aws:Key", "%", "base64"),
    ("IpAddress", "aws:Key", "192.0.2.0/40", "an address or range"), ("ArnEquals", "aws:Key", "arn:aws:s3", "all six parts"),
    ("StringEquals", "aws:Key", "${aws:username", "does not end it"),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "key", "value", "says"), REFUSED)
def test_what_cannot_be_evaluated_is_refused(operator: str, key: str, value: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        condition(operator, key, [value], variables=True)


@given(
    st.sampled_from(sorted(OPERATORS.keys() - {"Null"})),
    st.text(max_size=20),
    st.lists(st.text(max_size=12), max_size=3),
)
def test_any_value_is_compared_or_refused(operator: str, needed: str, had: list[str]) -> None:
    try:
        item = condition(operator, "aws:Key", [needed], variables=True)
    except ValueError:
        return
    for keys in ({"aws:key": tuple(had)} if had else {}, {"aws:key": (needed,)}):
        assert item.holds(keys) in (True, False)
