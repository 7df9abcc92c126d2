"""What IAM takes and refuses, document by document, and what KMS does with the like in a key policy.

Sources, strongest first: recorded from AWS (R), AWS's answer quoted in public (I), AWS's guides (G), the model (M), how
a peer emulator answers (P), our own reading (?). What is said of key policies has no source but those in the last rows.
"""

import json
from typing import Any

import pytest

from kms_teach.access import refusals as words
from kms_teach.access.iam_grammar import IDENTITY
from kms_teach.access.policy import read
from kms_teach.errors import InvalidArnException, KmsError, MalformedPolicyDocumentException

TAKEN = ""
SYNTAX, LEGACY, OLD = words.SYNTAX, words.LEGACY, words.OLD_VERSION
NOT_VENDOR, COLONS, WILD = words.NO_VENDOR, words.TWO_COLONS, words.VENDOR_WILD
NEW = "2012-10-17"
PLAIN = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
ARN = "arn:aws:kms:us-east-1:111122223333:key/*"


def statement(*without: str, **given: Any) -> dict[str, Any]:
    return {name: value for name, value in {**PLAIN, **given}.items() if name not in without}


def of(*statements: Any, version: Any = NEW, **given: Any) -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements), **given}


def when(operator: str, keys: Any) -> dict[str, Any]:
    return of(statement(Condition={operator: keys}))


# the document, what IAM says to it as an inline policy, whether KMS takes it as a key policy (with a Principal), source
DOCUMENTS: list[tuple[Any, str, bool, str]] = [
    # what is no policy at all
    ("{", SYNTAX, False, "P"),
    ("no JSON", SYNTAX, False, "I 2015"),
    ([], SYNTAX, False, "P"),
    ("7", SYNTAX, False, "P"),
    ("{}", SYNTAX, False, "P"),
    ({"Version": NEW}, SYNTAX, False, "P"),
    (of(), SYNTAX, False, "P"),
    ({"Version": NEW, "Statement": None}, SYNTAX, False, "P"),
    ({"Version": NEW, "Statement": "x"}, SYNTAX, False, "P"),
    (of("x"), SYNTAX, False, "P"),
    (of(None), SYNTAX, False, "P"),
    (of([statement()]), SYNTAX, False, "P"),
    (of(statement(), {}), SYNTAX, False, "P"),
    (of(statement(), Extra=1), SYNTAX, False, "P"),
    (of(statement(), version="2008-10-18"), SYNTAX, False, "P"),
    (of(statement(), version=""), SYNTAX, False, "P"),
    (of(statement(), version=20121017), SYNTAX, False, "P"),
    (of(statement(), version=[NEW]), SYNTAX, False, "?"),
    (of(statement(), Id=7), SYNTAX, False, "P"),
    (of(statement(), Id={}), SYNTAX, False, "P"),
    (of(statement(), Id=["a"]), SYNTAX, False, "P"),
    ('{"Version": "2012-10-17", "Version": "2012-10-17", "Statement": []}', SYNTAX, False, "?"),
    # elements of a statement
    (of(statement(Extra="x")), SYNTAX, False, "P"),
    (of(statement(action="kms:Decrypt")), SYNTAX, False, "P"),
    (of(statement("Effect")), SYNTAX, False, "P"),
    (of(statement(Effect="")), SYNTAX, False, "P"),
    (of(statement(Effect="Permit")), SYNTAX, False, "P"),
    (of(statement(Effect=["Allow"])), SYNTAX, False, "P"),
    (of(statement(Effect=True)), SYNTAX, False, "P"),
    (of(statement(NotAction="kms:Encrypt")), SYNTAX, False, "P"),
    (of(statement(NotResource=ARN)), SYNTAX, False, "P"),
    (of(statement(Sid=7)), SYNTAX, False, "P"),
    (of(statement(Sid={})), SYNTAX, False, "P"),
    (of(statement(Sid=["a"])), SYNTAX, False, "P"),
    (of(statement(Action=7)), SYNTAX, False, "P"),
    (of(statement(Action={})), SYNTAX, False, "P"),
    (of(statement(Action=[7])), SYNTAX, False, "P"),
    (of(statement(Action=None)), SYNTAX, False, "?"),
    (of(statement(Resource=7)), SYNTAX, False, "P"),
    (of(statement(Resource={"a": "b"})), SYNTAX, False, "P"),
    (of(statement(Resource=["*", 7])), SYNTAX, False, "P"),
    (of(statement(Resource=[["*"]])), SYNTAX, False, "P"),
    (of(statement("Action", NotAction=7)), SYNTAX, False, "P"),
    # conditions
    (of(statement(Condition=[])), SYNTAX, False, "P"),
    (of(statement(Condition="a")), SYNTAX, False, "P"),
    (when("a", {"aws:a": "1"}), SYNTAX, False, "P"),
    (when("stringequals", {"aws:a": "1"}), SYNTAX, False, "?"),
    (when("StringEquals", []), SYNTAX, False, "P"),
    (when("StringEquals", "a"), SYNTAX, False, "P"),
    (when("StringEquals", {"aws:a": {}}), SYNTAX, False, "P"),
    (when("StringEquals", {"aws:a": ["1", {"2": "3"}]}), SYNTAX, False, "P"),
    (when("StringEquals", {"aws:a": None}), SYNTAX, False, "?"),
    (when("x:StringEquals", {"aws:a": "1"}), SYNTAX, False, "P"),
    (when("ForAllValues:x", {"aws:a": "1"}), SYNTAX, False, "P"),
    (when("StringEqualsIfExistsIfExists", {"aws:a": "1"}), SYNTAX, False, "P"),
    (when("NumericEquals", {"aws:a": "x"}), SYNTAX, False, "?"),
    (when("StringEquals", {"a": "1"}), NOT_VENDOR, False, "?"),
    # what looks right
    (of(statement(Effect="allow")), LEGACY, False, "P"),
    (of(statement(Effect="DENY")), LEGACY, False, "P"),
    (of(statement(Resource="arn:aws:kms")), LEGACY, True, "I 2023"),
    (of(statement(Resource="arn:aws:kms:us-east-1:1")), LEGACY, True, "P"),
    (of(statement("Resource", NotResource="arn:aws:s3")), LEGACY, True, "P"),
    (when("DateGreaterThan", {"aws:CurrentTime": "soon"}), LEGACY, False, "P"),
    (when("DateLessThanIfExists", {"aws:CurrentTime": ["2026-01-01T00:00:00Z", "x"]}), LEGACY, False, "P"),
    # Sids
    (of(statement(Sid="a"), statement(Sid="a")), words.SID_TWICE, True, "P"),
    (of(statement(Sid="Allow use")), words.SID_LETTERS, True, "I 2020"),
    (of(statement(Sid="a-b")), words.SID_LETTERS, True, "I 2020"),
    (of(statement(Sid="a_b")), words.SID_LETTERS, True, "I 2020"),
    (of(statement(Sid="Allow: ä")), words.SID_LETTERS, True, "?"),
    # actions and resources
    (of(statement("Action")), words.NO_ACTIONS, True, "P"),
    (of(statement(Action=[])), words.NO_ACTIONS, True, "P"),
    (of(statement("Action", NotAction=[])), words.NO_ACTIONS, True, "P"),
    (of({"Effect": "Allow"}), words.NO_ACTIONS, True, "P"),
    (of(statement("Resource")), words.NO_RESOURCES, True, "P"),
    (of(statement(Resource=[])), words.NO_RESOURCES, True, "P"),
    (of(statement(Resource="x")), words.NO_ARN % "x", False, "I 2022"),
    (of(statement(Resource=["*", "alias/x"])), words.NO_ARN % "alias/x", False, "I 2022"),
    (of(statement(Resource="")), words.NO_ARN % "", False, "P"),
    (of(statement("Resource", NotResource="x")), words.NO_ARN % "x", False, "P"),
    (of(statement(Action="Decrypt")), NOT_VENDOR, False, "P"),
    (of(statement(Action="")), NOT_VENDOR, False, "P"),
    (of(statement(Action=":Decrypt")), NOT_VENDOR, False, "?"),
    (of(statement("Action", NotAction=["kms:Encrypt", "x"])), NOT_VENDOR, False, "P"),
    (of(statement(Action="kms:a:b")), COLONS, False, "P"),
    (of(statement(Action="kms:Decrypt:")), COLONS, False, "P"),
    (of(statement(Action="k*:Decrypt")), WILD, False, "I"),
    (of(statement(Action="*:Decrypt")), WILD, False, "I"),
    (of(statement(Action="?ms:Decrypt")), WILD, False, "I"),
    (of(statement(Action="kms*:Decrypt")), WILD, False, "I"),
    # the order, where two are wrong
    (of(statement(Effect="allow", Action="x", Sid=7)), SYNTAX, False, "P"),
    (of(statement("Resource", Action="x")), NOT_VENDOR, False, "P"),
    (of(statement("Action", Resource="x")), words.NO_ACTIONS, False, "P"),
    (of(statement(Action="x", Resource="x")), words.NO_ARN % "x", False, "P"),
    (of(statement(Action="x"), statement(Effect="allow")), LEGACY, False, "P"),
    (of(statement(Action="x"), {"Effect": "Allow", "Extra": 1}), SYNTAX, False, "P"),
    # what is taken
    (of(statement()), TAKEN, True, "G"),
    ({"Version": NEW, "Statement": statement()}, TAKEN, True, "P"),
    ({"Statement": statement()}, TAKEN, True, "P"),
    (of(statement(), version="2008-10-17"), TAKEN, True, "P"),
    (of(statement(), Id=""), TAKEN, True, "P"),
    (of(statement(), Id="an id: of blanks"), TAKEN, True, "P"),
    (of(statement(Sid="")), TAKEN, True, "P"),
    (of(statement(Sid=""), statement(Sid="")), TAKEN, True, "P"),
    (of(statement(Action="nosuchservice:NoSuchAction")), TAKEN, True, "P"),
    (of(statement(Action=["kms:*", "*", "KMS:decrypt"])), TAKEN, True, "P"),
    (of(statement(Action="*:*")), TAKEN, True, "?"),
    (of(statement("Action", NotAction="kms:*")), TAKEN, True, "G"),
    (of(statement("Resource", NotResource=ARN)), TAKEN, True, "G"),
    (of(statement(Condition={})), TAKEN, True, "P"),
    (when("StringEquals", {}), TAKEN, True, "P"),
    (when("StringEquals", {"aws:a": []}), TAKEN, True, "P"),
    (when("Bool", {"aws:SecureTransport": True}), TAKEN, True, "P"),
    (when("NumericEquals", {"aws:a": 7}), TAKEN, True, "P"),
    (when("DateGreaterThan", {"aws:CurrentTime": "2026-01-01T00:00:00Z"}), TAKEN, True, "G"),
    (when("DateGreaterThan", {"aws:EpochTime": 1767225600}), TAKEN, True, "G"),
    (when("ForAnyValue:StringLikeIfExists", {"aws:TagKeys": ["a*"]}), TAKEN, True, "G"),
    (of(statement(Resource=["*", None])), TAKEN, False, "P"),
]  # fmt: skip

assert len(DOCUMENTS) >= 78


def text(policy: Any) -> str:
    return policy if isinstance(policy, str) else json.dumps(policy)


def for_everyone(policy: Any) -> Any:
    """The same as a key policy: each statement says whom it is about."""
    if not isinstance(policy, dict) or not isinstance(policy.get("Statement"), dict | list):
        return policy
    listed = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    return {**policy, "Statement": [{**s, "Principal": "*"} if isinstance(s, dict) else s for s in listed]}


@pytest.mark.parametrize("kind", IDENTITY)
@pytest.mark.parametrize(("policy", "says", "of_key", "source"), DOCUMENTS)
def test_iam_refuses_in_its_own_words_and_takes_the_rest(
    policy: Any, says: str, of_key: bool, source: str, kind: Any
) -> None:
    assert source[0] in "RIGMP?"
    said = TAKEN
    try:
        read(text(policy), kind)
    except MalformedPolicyDocumentException as error:
        said = str(error.message)
    assert said == says


@pytest.mark.parametrize(("policy", "says", "of_key", "source"), DOCUMENTS)
def test_kms_reads_key_policies_in_its_own_way(policy: Any, says: str, of_key: bool, source: str) -> None:
    taken = True
    try:
        read(text(for_everyone(policy)), "key policy")
    except (MalformedPolicyDocumentException, InvalidArnException) as error:
        taken = not error.message
    assert taken is of_key


TRUSTED = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}
TRUSTS: list[tuple[Any, str, str]] = [
    ("{", "This policy contains invalid Json", "R"),
    (of(TRUSTED), TAKEN, "R"),
    (of({**TRUSTED, "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]}), TAKEN, "G"),
    (of({**TRUSTED, "Principal": {"Service": "lambda.amazonaws.com"}}), TAKEN, "G"),
    (of({**TRUSTED, "Principal": {"AWS": [], "Service": "lambda.amazonaws.com"}}), TAKEN, "?"),
    (of({**TRUSTED, "Resource": "*"}), words.HAS_RESOURCE, "I 2022"),
    (of({**TRUSTED, "NotResource": "*"}), words.HAS_RESOURCE, "?"),
    (of({"Effect": "Allow", "Action": "sts:AssumeRole"}), words.NO_PRINCIPAL, "I 2020"),
    (of({**TRUSTED, "Principal": {"AWS": []}}), words.NO_PRINCIPAL, "?"),
    (of({**TRUSTED, "Action": "kms:Decrypt"}), words.NOT_STS, "P"),
    (of({**TRUSTED, "Action": []}), words.NO_ACTIONS, "P"),
    (of({**TRUSTED, "Effect": "allow"}), LEGACY, "P"),
    (of({**TRUSTED, "Extra": 1}), SYNTAX, "P"),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "says", "source"), TRUSTS)
def test_a_trust_policy_is_refused_in_iams_words(policy: Any, says: str, source: str) -> None:
    said = TAKEN
    try:
        read(text(policy), "trust policy")
    except MalformedPolicyDocumentException as error:
        said = str(error.message)
    assert said == says


@pytest.mark.parametrize("element", ["Principal", "NotPrincipal"])
def test_an_identity_policy_names_no_principal(element: str) -> None:
    with pytest.raises(MalformedPolicyDocumentException, match=r"^Policy document should not specify a principal\."):
        read(text(of(statement(), statement(**{element: "*"}))), "IAM policy")


@pytest.mark.parametrize("version", [{}, {"Version": "2008-10-17"}])
def test_a_managed_policy_is_of_the_newer_language(version: dict[str, str]) -> None:
    policy = text({**version, "Statement": statement()})
    read(policy, "IAM policy")
    with pytest.raises(MalformedPolicyDocumentException) as raised:
        read(policy, "IAM policy", managed=True)
    assert raised.value.message == OLD
    read(text(of(statement())), "IAM policy", managed=True)


@pytest.mark.parametrize(
    "nobody",
    [{}, {"Principal": {}}, {"Principal": {"AWS": []}}, {"Principal": {"Service": []}},
     {"Principal": {"AWS": [], "Service": []}}, {"NotPrincipal": {"AWS": []}}, {"Principal": None}],
)  # fmt: skip
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_a_statement_about_nobody_is_refused_as_recorded(nobody: dict[str, Any], effect: str) -> None:
    one = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    with pytest.raises(MalformedPolicyDocumentException) as raised:
        read(text(of(one, statement(Effect=effect, **nobody))), "key policy")
    assert raised.value.message == "Policy contains a statement with no principal."
    assert raised.value.place.statement == 2
    read(text(of(one, statement(Principal={"AWS": [], "Service": "s3.amazonaws.com"}))), "key policy")


def test_every_refusal_tells_where_it_is_and_a_person_what_to_do() -> None:
    with pytest.raises(KmsError) as raised:
        read(text(of(statement(), statement(Effect="allow"))), "IAM policy")
    assert raised.value.message == LEGACY
    assert raised.value.place.path == ("Statement", 1, "Effect")
    assert "write Allow" in str(raised.value)
