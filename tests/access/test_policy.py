import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kms_teach.access.lines import principal_place
from kms_teach.access.patterns import VARIABLE, Variable
from kms_teach.access.patterns import text as variables
from kms_teach.access.policy import DEFAULT_KEY_POLICY, people, read
from kms_teach.access.principals import Principal
from kms_teach.access.statement import MatchContext
from kms_teach.errors import InvalidArnException, KmsError, LimitExceededException, MalformedPolicyDocumentException
from tests.access.people import ALICE, APP, AWAY, BOB, FED, HOME, KEY, ROOT, S3, allow, deny, document, iam, key_policy

ACCOUNT = f"arn:aws:iam::{HOME}:root"
SESSION = APP.caller_arn


def about(caller: Principal, element: str, value: Any, effect: str = "Allow") -> str:
    statement = key_policy({"Effect": effect, element: value, "Action": "kms:*", "Resource": "*"}).statements[0]
    return statement.about(MatchContext.of(caller, "kms:Decrypt", KEY, {}))


PRINCIPALS = [
    (ALICE, "*", "*"), (ALICE, {"AWS": "*"}, "*"), (ALICE, {"AWS": ALICE.arn}, ALICE.arn), (ALICE, {"AWS": HOME}, ACCOUNT),
    (ALICE, {"AWS": ACCOUNT}, ACCOUNT), (ALICE, {"AWS": AWAY}, ""), (ALICE, {"AWS": [BOB.arn, ALICE.arn]}, ALICE.arn),
    (ALICE, {"AWS": f"arn:aws:iam::{HOME}:user/Alice"}, ""), (BOB, {"AWS": BOB.arn}, BOB.arn),
    (BOB, {"AWS": f"arn:aws:iam::{AWAY}:user/bob"}, ""), (ROOT, {"AWS": HOME}, ACCOUNT),
    (APP, {"AWS": APP.arn}, APP.arn), (APP, {"AWS": SESSION}, SESSION), (APP, {"AWS": [APP.arn, SESSION]}, SESSION),
    (APP, {"AWS": SESSION.replace("run", "walk")}, ""), (FED, {"AWS": FED.arn}, FED.arn), (FED, {"AWS": ALICE.arn}, ALICE.arn),
    (S3, {"Service": "s3.amazonaws.com"}, S3.name), (S3, {"Service": "sns.amazonaws.com"}, ""), (S3, {"AWS": HOME}, ""), (S3, "*", "*"),
    (ALICE, {"Federated": "accounts.google.com"}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("caller", "principal", "name"), PRINCIPALS)
def test_whom_a_principal_element_names(caller: Principal, principal: Any, name: str) -> None:
    assert about(caller, "Principal", principal) == name


@pytest.mark.parametrize(
    ("caller", "listed", "denied"),
    [
        (ALICE, [ALICE.arn, ACCOUNT], False),
        (ALICE, [ALICE.arn], True),  # IAM User Guide, "NotPrincipal": the account must be listed too
        (ALICE, [ACCOUNT], True),
        (APP, [APP.arn, SESSION, ACCOUNT], False),
        (APP, [APP.arn, ACCOUNT], True),  # its second example: the session must be listed too
        (APP, [SESSION, ACCOUNT], True),
        (ROOT, [ACCOUNT], False),
        (BOB, [ALICE.arn, ACCOUNT], True),
    ],
)
def test_a_deny_with_not_principal_spares_only_who_is_listed_with_the_account(
    caller: Principal, listed: list[str], denied: bool
) -> None:
    assert bool(about(caller, "NotPrincipal", {"AWS": listed}, "Deny")) is denied


def test_an_allow_with_not_principal_leaves_out_whoever_is_listed() -> None:
    assert about(BOB, "NotPrincipal", {"AWS": HOME}) == "*"
    assert not about(ALICE, "NotPrincipal", {"AWS": HOME})
    assert not about(ALICE, "NotPrincipal", "*")


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::111122223333:group/team", "arn:aws:iam::111122223333:user/*", "alice", "arn:aws:ec2:us-east-1:111122223333:instance/i-1", "AIDAEXAMPLE", "arn:aws:sts::111122223333:assumed-role/app/*", "arn:aws:sts::111122223333:assumed-role/app",
    ],
)  # fmt: skip
def test_a_principal_that_nobody_can_be_is_refused_in_aws_words(arn: str) -> None:
    with pytest.raises(
        MalformedPolicyDocumentException,
        match=r"^Policy contains a statement with one or more invalid principals\.$",
    ):
        key_policy(allow(arn))


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::*:root",
        "arn:aws:iam::alice:root",
        "arn:aws:iam:::user/alice",
        "arn:aws:iam:root",
        "arn:aws:s3:::logs",
    ],
)
def test_a_broken_arn_is_told_from_the_arn_of_nobody(arn: str) -> None:
    with pytest.raises(InvalidArnException, match=r"^An ARN in the specified key policy is invalid\.$") as raised:
        key_policy(allow(HOME), allow([HOME, arn]))
    assert raised.value.place.path == ("Statement", 1, "Principal", "AWS", 1)


STATEMENT = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
REFUSED: list[tuple[str, Any, str]] = [
    ("key policy", "{", "is not valid JSON"),
    ("key policy", "[" * 9_000 + "]" * 9_000, "object"),  # too deep for Python 3.11; a later one reads it, and finds no object
    ("key policy", [], "a policy is a JSON object"),
    ("key policy", {"Version": "2012-10-17"}, "at least one statement"),
    ("key policy", {"Statement": []}, "at least one statement"),
    ("key policy", {"Statement": ["x"]}, "statement 1 is not an object"),
    ("key policy", {"Version": "2020-01-01", "Statement": STATEMENT}, "write 2012-10-17"),
    ("key policy", {"Statement": STATEMENT, "Extra": 1}, "has no element `Extra`"),
    ("key policy", {"Statement": {**STATEMENT, "Condition": {"StringEquals": {"kms:KeySpec": "x"}}, "Other": 1}}, "statement 1 has no element"),
    ("key policy", '{"Statement": {"Effect": "Allow", "Effect": "Deny"}}', "stands twice"),
    ("key policy", {"Statement": {**STATEMENT, "Effect": "allow"}}, "Allow or Deny"),
    ("key policy", {"Statement": {**STATEMENT, "Sid": 7}}, "is not a string"),
    ("key policy", {"Statement": {**STATEMENT, "NotPrincipal": "*"}}, "both `Principal` and `NotPrincipal`"),
    ("key policy", {"Statement": {**STATEMENT, "NotAction": "*"}}, "both `Action` and `NotAction`"),
    ("key policy", {"Statement": {**STATEMENT, "NotResource": "*"}}, "both `Resource` and `NotResource`"),
    ("key policy", {"Statement": {**STATEMENT, "Principal": ["*"]}}, 'is "*" or an object'),
    ("key policy", {"Id": 7, "Statement": STATEMENT}, "`Id` is not a string"),
    ("key policy", {"Statement": {**STATEMENT, "Action": "k*:Decrypt"}}, "must not contain wildcards"),
    ("key policy", {"Statement": {**STATEMENT, "Action": "kms:Decrypt:x"}}, "only one colon"),
    ("key policy", {"Statement": {**STATEMENT, "Principal": {"CanonicalUser": "79a5"}}}, "no principals of type `CanonicalUser`"),
    ("key policy", {"Statement": {**STATEMENT, "Principal": {"Service": "s3"}}}, "is no service"),
    ("key policy", {"Statement": {k: v for k, v in STATEMENT.items() if k != "Principal"}}, "Policy contains a statement with no principal."),
    ("key policy", {"Statement": {**STATEMENT, "Action": "Decrypt"}}, "write kms:Decrypt"),
    ("key policy", {"Statement": {**STATEMENT, "Action": [7]}}, "a string or a list of strings"),
    ("key policy", {"Statement": {**STATEMENT, "Condition": {"StringEquals": "x"}}}, "the `Condition` of statement 1"),
    ("key policy", {"Statement": {**STATEMENT, "Condition": {"Like": {"kms:KeySpec": "x"}}}}, "statement 1: there is no condition operator"),
    ("key policy", {"Version": "2012-10-17", "Statement": {**STATEMENT, "Resource": "arn:aws:kms:::${x"}}, "does not end it"),
    ("key policy", {"Statement": {**STATEMENT, "Condition": {"ForAllValues:StringEquals": {"kms:EncryptionContext:a": "b"}}}}, "OverlyPermissiveCondition: Using"),
    ("key policy", {"Statement": {**STATEMENT, "Condition": {"ForAllValues:StringLike": {"aws:RequestTag/a": "b"}}}}, "To fix, remove ForAllValues."),
    ("IAM policy", {"Statement": STATEMENT}, "leave it out"),
    ("IAM policy", {"Statement": {"Effect": "Allow", "Resource": "*"}}, "Policy statement must contain actions."),
    ("IAM policy", {"Statement": {"Effect": "Allow", "Action": "*"}}, "Policy statement must contain resources."),
    ("IAM policy", {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "key"}}, 'Resource key must be in ARN format or "*".'),
    ("IAM policy", {"Statement": [{**allow(), "Sid": "a"}, {**allow(), "Sid": "a"}]}, "must be unique"),
    ("service control policy", {"Statement": STATEMENT}, "leave it out"),
    ("resource control policy", {"Statement": STATEMENT}, "denies actions to everyone"),
    ("resource control policy", {"Statement": {**STATEMENT, "Effect": "Deny", "Principal": {"AWS": HOME}}}, "denies actions to everyone"),
    ("VPC endpoint policy", {"Statement": allow()}, "Policy contains a statement with no principal."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "policy", "says"), REFUSED)
def test_what_cannot_be_evaluated_is_refused_when_it_is_put(kind: Any, policy: Any, says: str) -> None:
    with pytest.raises(MalformedPolicyDocumentException, match=re.escape(says)):
        read(policy if isinstance(policy, str) else json.dumps(policy), kind)


def test_a_resource_that_is_no_arn_and_a_policy_that_is_too_long_have_errors_of_their_own() -> None:
    with pytest.raises(InvalidArnException, match=r"^An ARN in the specified key policy is invalid\.$"):
        key_policy(allow(HOME, resource="key/1"))
    with pytest.raises(LimitExceededException, match="32,768"):
        key_policy(*(allow(HOME, Sid="x" * 100) for _ in range(300)))


@pytest.mark.parametrize("half", ["\ud800", "\\ud800", "\\udc00\\ud800"])
def test_half_a_surrogate_pair_is_refused_and_a_whole_one_is_a_character(half: str) -> None:
    text = '{"Statement": {"Effect": "Allow", "Principal": "*", "Sid": "%s"}}'
    with pytest.raises(MalformedPolicyDocumentException, match="half of a surrogate pair"):
        read(text % half, "key policy")
    assert read(text % "\\ud83d\\udd11", "key policy").statements[0].sid == "\N{KEY}"


def test_what_begins_a_variable_is_read_once_however_long_it_is() -> None:
    """`${` and n blanks: a pattern that gives back what it took would read them n times over."""
    taken = [VARIABLE.pattern.count(part) for part in ("++", "*+", "+?", "*)")]
    assert taken == [1, 2, 0, 0]
    for hostile in ("${" + " " * 30_000, "${a" + ", '" * 10_000, "${a,'" * 6_000):
        with pytest.raises(ValueError, match="begins a variable"):
            variables(hostile, variables=True)
    (variable,) = variables("${ aws:username  , 'nobody'}".replace("${ ", "${"), variables=True).parts
    assert variable == Variable("aws:username", "nobody")


def test_a_member_that_stands_twice_is_named_however_many_there_are() -> None:
    members = ", ".join(f'"a{n}": 1' for n in range(20_000))
    with pytest.raises(MalformedPolicyDocumentException, match="`a7` stands twice"):
        read(f'{{{members}, "a7": 2}}', "IAM policy")


def test_a_key_policy_statement_without_action_or_resource_is_taken_and_says_nothing() -> None:
    for element in ("Action", "Resource"):
        statement = key_policy({k: v for k, v in STATEMENT.items() if k != element}).statements[0]
        assert not statement.matches(MatchContext.of(ALICE, "kms:Decrypt", KEY, {}))


def test_variables_are_filled_in_only_in_the_newer_language() -> None:
    named = allow(resource=f"arn:aws:kms:us-east-1:{HOME}:alias/${{aws:username}}")
    context = MatchContext.of(
        ALICE, "kms:CreateAlias", f"arn:aws:kms:us-east-1:{HOME}:alias/alice", {"aws:username": ("alice",)}
    )
    assert document("IAM policy", named).statements[0].matches(context)
    assert not document("IAM policy", named, version="2008-10-17").statements[0].matches(context)


def test_numbers_and_truth_may_stand_without_quotes() -> None:
    written = {"NumericEquals": {"kms:RotationPeriodInDays": 90}, "Bool": {"kms:MultiRegion": True}}
    statement = iam(allow(Condition=written)).statements[0]
    keys = {"kms:rotationperiodindays": ("90",), "kms:multiregion": ("true",)}
    assert statement.matches(MatchContext.of(ALICE, "kms:EnableKeyRotation", KEY, keys))


def test_not_action_and_not_resource_exclude() -> None:
    statement = iam({"Effect": "Allow", "NotAction": "kms:De*", "NotResource": "arn:aws:kms:*:*:alias/*"}).statements[0]
    assert statement.matches(MatchContext.of(ALICE, "kms:Encrypt", KEY, {}))
    assert not statement.matches(MatchContext.of(ALICE, "kms:Decrypt", KEY, {}))
    assert not statement.matches(MatchContext.of(ALICE, "kms:Encrypt", "arn:aws:kms:us-east-1:1:alias/x", {}))


def test_the_people_a_key_policy_names() -> None:
    policy = key_policy(
        allow([ALICE.arn, HOME, SESSION]), deny("*"), {**STATEMENT, "Principal": {"Service": "s3.amazonaws.com"}}
    )
    assert people(policy) == {ALICE.arn, SESSION}


def test_every_element_has_its_line() -> None:
    text = '{\n "Statement": [\n  {"Sid": "a{\\"",\n   "Effect": "Allow", "Principal": "*",\n   "Action": [\n    "kms:Decrypt",\n    "kms:Encrypt"],\n'
    text += '   "Resource": "*", "Condition": {"Bool": {\n "kms:MultiRegion": "true"}}},\n  {"Effect": "Deny", "Principal": "*"}]}'
    policy = read(text, "key policy")
    assert [s.line for s in policy.statements] == [3, 10]
    assert policy.line(1, "Action") == 5
    assert policy.line(1, "Action", 1) == 7
    assert policy.line(1, "Condition", "Bool", "kms:MultiRegion") == 9
    assert policy.line(2, "Effect") == 10
    assert policy.line(2, "NotThere") == 10
    single = read('{\n\n"Statement":\n {"Effect": "Allow",\n "Principal": "*"}}', "key policy")
    assert (single.statements[0].line, single.line(1, "Principal")) == (3, 5)


def test_aws_own_key_policy_is_read() -> None:
    statement = read(DEFAULT_KEY_POLICY.format(account=HOME), "key policy").statements[0]
    assert (statement.sid, statement.line, statement.principals) == ("Enable IAM User Permissions", 4, (ACCOUNT,))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["*", "Allow", "kms:*", "arn:aws:kms:::x", HOME, "${aws:a}", "${"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["AWS", "Service", "StringEquals", "Bool", "kms:a", "x"]), inner, max_size=2),
    max_leaves=5,
)  # fmt: skip
ELEMENTS = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
    "Id",
]


@given(
    st.dictionaries(st.sampled_from(ELEMENTS), values, max_size=6),
    st.sampled_from(["key policy", "IAM policy", "VPC endpoint policy"]),
)
def test_any_json_is_read_or_refused_with_a_sentence(statement: dict[str, Any], kind: Any) -> None:
    said = "read"
    try:
        read(json.dumps({"Version": "2012-10-17", "Statement": [statement]}), kind)
    except KmsError as error:
        said = error.message or ""
    assert said


# what is wrong in a statement, and its place: the element, the path in the statement
MISPLACED: list[tuple[dict[str, Any], str, tuple[str | int, ...]]] = [
    ({"Effect": "allow"}, "Effect", ("Effect",)),
    ({"Sid": 7}, "Sid", ("Sid",)),
    ({"Extra": 1}, "Extra", ("Extra",)),
    ({"NotAction": "kms:*"}, "NotAction", ("NotAction",)),
    ({"Principal": {"AWS": [ALICE.arn, "alice"]}}, "Principal", ("Principal", "AWS", 1)),
    ({"Principal": {"Service": "s3"}}, "Principal", ("Principal", "Service")),
    ({"Principal": {"CanonicalUser": "79a5"}}, "Principal", ("Principal", "CanonicalUser")),
    ({"Action": "Decrypt"}, "Action", ("Action",)),
    ({"Action": ["kms:Encrypt", "Decrypt"]}, "Action", ("Action", 1)),
    ({"Action": ["kms:Encrypt", 7]}, "Action", ("Action", 1)),
    ({"Resource": ["*", "key/1"]}, "Resource", ("Resource", 1)),
    ({"Resource": "arn:aws:kms:::${x"}, "Resource", ("Resource",)),
    ({"Condition": "x"}, "Condition", ("Condition",)),
    ({"Condition": {"Bool": {"kms:MultiRegion": "maybe"}}}, "Condition", ("Condition", "Bool", "kms:MultiRegion")),
    ({"Condition": {"Bool": {"kms:MultiRegion": [True, {}]}}}, "Condition", ("Condition", "Bool", "kms:MultiRegion", 1)),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "element", "path"), MISPLACED)
def test_what_is_refused_carries_its_place(fault: dict[str, Any], element: str, path: tuple[str | int, ...]) -> None:
    wrong = {**STATEMENT, **fault}
    text = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT, wrong]}, indent=1)
    with pytest.raises(KmsError) as raised:
        read(text, "key policy")
    place = raised.value.place
    assert (place.statement, place.element, place.path) == (2, element, ("Statement", 1, *path))
    inner = wrong
    for step in path:
        inner = inner[step]  # type: ignore[index,call-overload]
    shown = json.dumps(inner, indent=1).partition("\n")[0]
    assert text.splitlines()[place.line(text) - 1].strip().rstrip(",").endswith(shown)


def test_a_statement_that_stands_alone_is_the_first_and_what_is_missing_is_where_it_should_be() -> None:
    text = '{"Version": "2012-10-17",\n"Statement":\n{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}}'
    with pytest.raises(KmsError) as raised:
        read(text, "key policy")
    place = raised.value.place
    assert (place.statement, place.element, place.line(text)) == (1, "Principal", 2)


def test_what_is_wrong_in_no_statement_has_no_number() -> None:
    text = '{\n"Version": "2026-01-01",\n"Statement": []}'
    with pytest.raises(KmsError) as raised:
        read(text, "key policy")
    place = raised.value.place
    assert (place.statement, place.element, place.line(text)) == (None, "Version", 2)
    with pytest.raises(KmsError) as raised:
        read("{", "key policy")
    assert raised.value.place is None  # its message says where reading stopped


def test_a_name_that_stands_twice_is_found_the_second_time() -> None:
    text = '{"Statement": [{"Effect": "Allow"},\n{"Effect": "Allow",\n"Effect": "Deny"}]}'
    with pytest.raises(KmsError) as raised:
        read(text, "key policy")
    place = raised.value.place
    assert (place.statement, place.element, place.line(text)) == (2, "Effect", 3)


def test_a_sid_that_is_not_unique_is_found_the_second_time() -> None:
    with pytest.raises(KmsError) as raised:
        iam({**allow(), "Sid": "a"}, allow(), {**allow(), "Sid": "a"})
    assert (raised.value.place.statement, raised.value.place.element) == (3, "Sid")


def test_a_principal_is_found_in_the_text_where_it_is_named_and_nowhere_else() -> None:
    condition = {"ArnEquals": {"aws:PrincipalArn": ALICE.arn}}
    text = json.dumps({"Statement": [allow("*", Condition=condition), allow([HOME, ALICE.arn])]})
    place = principal_place(text, ALICE.arn)
    assert place
    assert place.path == ("Statement", 1, "Principal", "AWS", 1)
    assert principal_place(text, APP.arn) is None
