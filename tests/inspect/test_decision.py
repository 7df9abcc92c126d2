import json
import re
import xml.etree.ElementTree as ET

import pytest

from kms_teach.access.authorization import Authorization
from kms_teach.access.decision import decide
from kms_teach.access.documents import Documents
from kms_teach.access.policy import read as read_policy
from kms_teach.access.request import Request
from kms_teach.inspect.change import smallest
from kms_teach.inspect.decision import decision
from kms_teach.inspect.decision_facts import read
from kms_teach.inspect.excerpt import MOST_LINES, excerpt
from tests.access.people import (
    ALIAS,
    ALICE,
    ALL,
    APP,
    BOB,
    DEFAULT,
    GRANT,
    HOME,
    KEY,
    ROOT,
    S3,
    allow,
    deny,
    iam,
    key_policy,
    request,
    silent,
)
from tests.drawing.drawn import quarrels, texts

ONLY_APP = key_policy(allow(APP.arn))
TENANT = {"StringEquals": {"kms:EncryptionContext:tenant": "Blue"}}
LONG = read_policy(json.dumps({"Version": "2012-10-17", "Statement": [
    allow([f"arn:aws:iam::{HOME}:user/somebody-with-a-long-name-{n}" for n in range(40)])]}), "key policy")  # fmt: skip


def question(caller, action="Encrypt", resource=KEY, context=None, **documents):
    return Authorization(request(caller, action, resource, context=context or {}), Documents(**documents))


CASES = {
    "IAM is silent": (question(ALICE, key_policy=DEFAULT), "Denied: the key policy lets IAM decide, and IAM is silent"),
    "IAM says yes": (
        question(ALICE, key_policy=DEFAULT, identity=(ALL,)),
        "Allowed: the key policy lets IAM decide, and IAM says yes",
    ),
    "by name": (question(APP, key_policy=ONLY_APP), "Allowed: the key policy names app, and that is enough"),
    "neither": (
        question(ALICE, key_policy=ONLY_APP, identity=(ALL,)),
        "Denied: the key policy names neither alice nor the account",
    ),
    "root is out": (
        question(ROOT, key_policy=ONLY_APP), "Denied: the key policy does not name the account, so root has no say",
    ),
    "root is in": (
        question(ROOT, key_policy=DEFAULT), "Allowed: the key policy names the account, and root is the account",
    ),
    "a Deny": (
        question(ALICE, key_policy=key_policy(allow(HOME), deny(ALICE.arn)), identity=(ALL,)),
        "Denied: the key policy says Deny, and a Deny always wins",
    ),
    "a condition": (
        question(ALICE, key_policy=key_policy(allow(ALICE.arn, Condition=TENANT))),
        "Denied: the key policy does not allow kms:Encrypt to alice",
    ),
    "an alias": (
        question(ALICE, key_policy=DEFAULT, identity=(iam(allow(resource=ALIAS)),)),
        "Denied: the key policy lets IAM decide, and IAM is silent",
    ),
    "a boundary": (
        question(ALICE, key_policy=DEFAULT, identity=(ALL,),
                 boundary=silent("permissions boundary")),
        "Denied: the permissions boundary leaves no room for kms:Encrypt",
    ),
    "another account": (
        question(BOB, "DisableKey", key_policy=key_policy(allow("444455556666"))),
        "Denied: kms:DisableKey never reaches a key of another account",
    ),
    "a service": (question(S3, key_policy=DEFAULT), "Denied: the key policy does not allow kms:Encrypt to s3.amazonaws.com"),
    "no key": (
        question(ALICE, "CreateKey", resource="*", key_policy=None), "Denied: no IAM policy of alice allows kms:CreateKey",
    ),
    "a long line": (question(ALICE, key_policy=LONG), "Denied: the key policy names neither alice nor the account"),
}  # fmt: skip


@pytest.fixture(params=CASES, ids=str)
def case(request):
    return CASES[request.param]


def test_the_title_is_the_decision(case):
    asked, title = case
    picture = decision(asked)
    assert picture.title == title
    assert title.startswith("Allowed") is asked.decision.allowed


@pytest.mark.parametrize("canvas", ["svg", "narrow"])
def test_nothing_overlaps_and_nothing_leaves_the_card(case, canvas):
    assert quarrels(getattr(decision(case[0]), canvas)) == []


def test_both_canvases_and_the_words_tell_the_same_steps(case):
    picture = decision(case[0])
    for svg in (picture.svg, picture.narrow):
        said = " ".join(texts(svg))
        for row in read(case[0]).rows:
            assert row.question in " ".join(said.split())
            assert f"{row.number}, {row.question} {row.answer.capitalize()}" in picture.alt
    assert [row[0] for row in picture.table.rows] == [str(row.number) for row in read(case[0]).rows]
    assert ET.fromstring(picture.svg) is not None


def test_exactly_one_step_decided_and_it_is_the_decision_s(case):
    decided = [row for row in read(case[0]).rows if row.decided]
    assert [row.question for row in decided] == [case[0].decision.decisive.question]


def test_no_random_id_is_shown(case):
    picture = decision(case[0])
    assert "1234abcd" not in picture.svg + picture.narrow + picture.alt + repr(picture)


def test_the_smallest_change_was_tried_and_turns_it_round(case):
    asked = case[0]
    for option in smallest(asked):
        assert decide(*option.fix.apply(asked.request, asked.documents)).allowed is not asked.decision.allowed
    facts = read(asked)
    if facts.change:
        request, documents = smallest(asked)[0].fix.apply(asked.request, asked.documents)
        after = decide(request, documents)
        number = int(re.match(r"Step (\d+)", facts.change.then)[1])
        assert after.steps[number - 1].decided


def test_of_changes_that_open_as_little_the_blamed_policy_comes_first():
    assert smallest(CASES["IAM is silent"][0])[0].fix.edits[0].kind == "IAM policy"
    assert smallest(CASES["neither"][0])[0].fix.edits[0].kind == "key policy"


def test_another_call_is_smaller_than_another_policy():
    facts = read(CASES["a condition"][0])
    assert facts.change.says == "call with kms:EncryptionContext:tenant = Blue"
    assert facts.change.diff == ()


def test_what_takes_an_allow_away_is_counted_by_what_it_closes():
    best, *rest = smallest(CASES["IAM says yes"][0])
    assert best.says == "let the key policy deny kms:Encrypt to alice"
    assert (best.effect, best.fix.side_effects) == ("nobody loses anything else", ())
    assert all("close" in option.effect for option in rest)


def test_the_line_that_decided_is_the_alias():
    row = next(row for row in read(CASES["an alias"][0]).rows if row.decided)
    assert [line.text.strip() for line in row.lines] == [f'"Resource": "{ALIAS}"']
    text = CASES["an alias"][0].documents.identity[0].text.splitlines()
    assert ALIAS in text[row.lines[0].number - 1]
    assert row.verdict == "This line decided: the ARN of an alias never names the key."


def test_of_a_bucket_policy_too_the_line_that_came_nearest_is_shown():
    photos = "arn:aws:s3:::photos/lake.jpg"
    only_bob = {**allow(BOB.arn), "Action": "s3:GetObject", "Resource": photos}
    policy = read_policy(json.dumps({"Version": "2012-10-17", "Statement": [only_bob]}, indent=2), "bucket policy")
    asked = Request(BOB, "s3:PutObject", photos, HOME)
    row = next(row for row in read(Authorization(asked, Documents(policy))).rows if row.decided)
    assert row.where.startswith("bucket policy, line")
    assert row.verdict == "This line decided: it does not cover s3:PutObject."


def test_the_line_that_decided_is_the_condition():
    row = next(row for row in read(CASES["a condition"][0]).rows if row.decided)
    assert row.lines[0].text.strip() == '"kms:EncryptionContext:tenant": "Blue"'
    assert row.verdict == "This line decided: the request does not carry kms:EncryptionContext:tenant."
    other = question(ALICE, key_policy=key_policy(allow(ALICE.arn, Condition=TENANT)),
                     context={"kms:EncryptionContext:tenant": ("Red",)})  # fmt: skip
    row = next(row for row in read(other).rows if row.decided)
    assert row.verdict == "This line decided: here kms:EncryptionContext:tenant is Red."


def test_with_several_allows_the_nearest_is_not_called_the_only_one():
    two = question(ALICE, key_policy=DEFAULT, identity=(iam(allow(action="kms:Decrypt"), allow(action="s3:*")),))
    row = next(row for row in read(two).rows if row.decided)
    assert row.verdict == "This line came nearest: it does not cover kms:Encrypt."


def test_a_yes_that_does_not_count_is_passed_by_and_says_why():
    passed = [row for row in read(CASES["neither"][0]).rows if row.passed]
    assert [row.question for row in passed] == ["Does an IAM policy allow alice?"]
    assert passed[0].read.endswith("but after the no in step 3 it does not count")
    assert "that is not enough" in decision(CASES["neither"][0]).alt


def test_after_a_deny_the_allows_it_beat_are_passed_by():
    rows = read(CASES["a Deny"][0]).rows
    assert [(row.number, row.answer, row.passed) for row in rows] == [
        (1, "yes", False), (3, "yes", True), (4, "yes", True),
    ]  # fmt: skip
    assert rows[0].lines[0].text.startswith('"Effect": "Deny"')
    assert rows[0].verdict == "This statement decided: Deny wins over every Allow."


def test_root_in_a_policy_is_read_as_the_account():
    rows = read(CASES["IAM is silent"][0]).rows
    assert rows[1].read == f"it names account {HOME}, not alice"


def test_an_allow_that_failed_in_one_thing_came_near_and_one_about_others_did_not():
    asked = question(ALICE, key_policy=key_policy(allow(HOME, "kms:Decrypt"), allow(BOB.arn)), identity=(
        iam(allow(action="kms:Encrypt", resource=ALIAS), name="mine"),))  # fmt: skip
    near = read(asked).near
    assert len(near) == 1
    assert "its Resource is" in near[0]
    assert "What came near" in texts(decision(asked).svg)


def test_a_grant_that_allows_is_the_title():
    asked = question(ALICE, key_policy=DEFAULT, grants=(GRANT,))
    assert decision(asked).title == "Allowed: a grant is enough for alice"


def test_aws_s_words_are_whole_on_both_canvases():
    asked, _ = CASES["neither"]
    message = asked.decision.message.replace(KEY.rpartition("/")[2], "…").replace(" ", "")
    for svg in (decision(asked).svg, decision(asked).narrow):
        assert message in "".join(texts(svg)).replace(" ", "")


def test_a_policy_on_one_line_is_shown_where_it_speaks():
    facts = read(CASES["a long line"][0])
    row = next(row for row in facts.rows if row.decided)
    assert row.lines[0].text.startswith('… "Principal"')
    assert len(row.lines[0].text) < 420


def test_an_element_over_many_lines_is_cut():
    many = key_policy(allow(APP.arn, [f"kms:List{n}" for n in range(30)]))
    assert len(excerpt(many, 1, "Action")) == MOST_LINES


def test_a_statement_that_stands_alone_is_found():
    alone = read_policy(json.dumps({"Version": "2012-10-17", "Statement": allow(APP.arn)}, indent=1), "key policy")
    assert [line.text.strip() for line in excerpt(alone, 1, "Action")] == ['"Action": "kms:*",']
