import itertools

from msgspec.structs import replace

from kms_teach.access.actions import ACTIONS
from kms_teach.access.context import same_way
from kms_teach.access.decision import Documents, Request, decide
from kms_teach.access.matrix import Who, changed, matrix
from tests.access.people import (
    ALICE,
    ALL,
    APP,
    AWAY,
    BOB,
    DEFAULT,
    GRANT,
    HOME,
    KEY,
    ROOT,
    S3,
    allow,
    deny,
    document,
    iam,
    key_policy,
    silent,
)

PEOPLE = [
    Who(ROOT),
    Who(ALICE, Documents(None, (iam(allow(action="kms:De*")),))),
    Who(BOB, Documents(None, (ALL,))),
    Who(S3),
]


def test_each_cell_of_the_matrix_is_what_decide_says() -> None:
    policy = key_policy(
        allow([HOME, AWAY]),
        deny("*", "kms:ScheduleKeyDeletion"),
        {**allow(action="kms:Encrypt"), "Principal": {"Service": S3.name}},
    )
    found = matrix(KEY, HOME, policy, PEOPLE)
    for who, (name, action) in itertools.product(PEOPLE, ACTIONS.items()):
        on_key = action.on != "*"
        own = Documents(policy if on_key else None, who.documents.identity)
        asked = Request(
            who.principal, action.permission, KEY if on_key else "*", HOME if on_key else who.principal.account
        )
        assert found.cells[who.principal.caller_arn, name].allowed is decide(asked, own).allowed


def test_each_cell_has_its_reason() -> None:
    policy = key_policy(allow(HOME), allow(APP.arn, "kms:Decrypt"), deny("*", "kms:Sign"))
    granted = Who(
        replace(APP, name="other"), Documents(None, grants=(replace(GRANT, grantee=replace(APP, name="other").arn),))
    )
    bound = Who(replace(ALICE, name="bound"), Documents(None, (ALL,), silent("permissions boundary")))
    barred = Who(
        replace(ALICE, name="barred"), Documents(None, (ALL,), scps=((document("service control policy", deny()),),))
    )
    cells = matrix(KEY, HOME, policy, [*PEOPLE, Who(APP), granted, bound, barred]).cells
    assert cells[ALICE.arn, "Decrypt"].reason == "IAM policy “mine”, statement 1"
    assert cells[ALICE.arn, "Encrypt"].reason == "no IAM policy allows it"
    assert cells[ALICE.arn, "Sign"].reason == "an explicit Deny: key policy, statement 3"
    assert cells[APP.caller_arn, "Decrypt"].reason == "the key policy names the caller: key policy, statement 2"
    assert cells[BOB.arn, "DisableKey"].reason == "never reaches a key of another account"
    assert cells[BOB.arn, "Decrypt"].reason == "no key policy allows it"
    assert cells[ROOT.arn, "Decrypt"].reason == "the key policy names the caller: key policy, statement 1"
    assert cells[ROOT.arn, "CreateKey"].reason == "the root user needs no IAM policy"
    assert cells[granted.principal.caller_arn, "Decrypt"].reason == "a grant"
    assert cells[bound.principal.arn, "Decrypt"].reason == "no permissions boundary allows it"
    assert cells[barred.principal.arn, "Decrypt"].reason == "an explicit Deny: service control policy, statement 1"


def test_each_caller_asks_with_the_condition_keys_of_its_own() -> None:
    tagged = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    through = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    home = {"StringEquals": {"kms:CallerAccount": HOME}}
    policy = key_policy(
        allow("*", "kms:Decrypt", Condition=tagged), allow("*", "kms:Encrypt", Condition=home),
        allow("*", "kms:Sign", Condition=through),
    )  # fmt: skip
    people = [Who(replace(ALICE, tags=(("team", "red"),))), Who(APP), Who(BOB, Documents(None, (ALL,)))]
    keys = {
        "aws:PrincipalTag/team": ("red",),
        "kms:CallerAccount": (HOME,),
        "kms:ViaService": ("s3.us-east-1.amazonaws.com",),
    }
    found = matrix(KEY, HOME, policy, people, ["Decrypt", "Encrypt", "Sign"], same_way(keys))
    assert found.allowed() == {
        (ALICE.arn, "Decrypt"), (ALICE.arn, "Encrypt"), (APP.caller_arn, "Encrypt"),
        (ALICE.arn, "Sign"), (APP.caller_arn, "Sign"), (BOB.arn, "Sign"),
    }  # fmt: skip


def test_the_difference_of_two_policies_is_the_cells_that_changed() -> None:
    before, after = (
        matrix(KEY, HOME, policy, PEOPLE)
        for policy in (DEFAULT, key_policy(allow(HOME), deny(ALICE.arn, "kms:Decrypt")))
    )
    (change,) = changed(before, after)
    assert (change.principal, change.action, change.before.allowed, change.after.allowed) == (
        ALICE.arn,
        "Decrypt",
        True,
        False,
    )
    assert changed(before, before) == ()
