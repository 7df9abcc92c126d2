"""The gates: each judged alone, all together the answer, and what is unread told by the answer alone."""

import itertools

import pytest
from msgspec.structs import replace

from kms_teach.access.authorization import Authorization
from kms_teach.access.decision import Documents
from kms_teach.access.evaluation import evaluate
from kms_teach.access.reasons import Stage
from kms_teach.chapters.accounts.gate_facts import Gates, State, denying, opened, silenced, state, ways
from kms_teach.chapters.accounts.gates import HIGH, gates
from kms_teach.drawing.look import LAB
from tests.access.people import ALICE, ALL, APP, BOB, DEFAULT, GRANT, allow, key_policy, request
from tests.drawing.drawn import quarrels, texts

OPEN = Documents(DEFAULT, (ALL,))
LENT = replace(GRANT, grantee=ALICE.arn, operations=("Decrypt",))
PASSED = (State.OPEN, State.ROUND)
ORGANIZATION = (Stage.RCP, Stage.SCP)


def read(documents, *unread, caller=ALICE):
    return Gates.of(Authorization(request(caller), documents), unread)


def shut(*stages, how=denying, caller=ALICE):
    documents = opened(Stage.RESOURCE, request(caller), OPEN)
    for stage in stages:
        documents = how(stage, request(caller), documents)
    return documents


def every_world(caller):
    """Each gate open, shut by a Deny, or silent; with a grant and without."""
    asked = request(caller)
    lent = replace(LENT, grantee=caller.caller_arn)
    for changes in itertools.product((opened, denying, silenced), repeat=len(Stage)):
        documents = Documents(DEFAULT)
        for stage, change in zip(Stage, changes, strict=True):
            documents = change(stage, asked, documents)
        yield asked, documents
        yield asked, replace(documents, grants=(lent,))


@pytest.mark.parametrize("caller", [ALICE, APP, BOB], ids=["user", "role", "of another account"])
def test_a_call_goes_through_if_and_only_if_every_gate_lets_it_through(caller):
    for asked, documents in every_world(caller):
        passed = all(state(stage, asked, documents) in PASSED for stage in Stage)
        assert evaluate(asked, documents).allowed is passed, documents


@pytest.mark.parametrize("stage", Stage)
def test_one_closed_gate_explains_a_denial_and_is_the_only_suspect(stage):
    facts = read(shut(stage))
    (suspect,) = facts.suspects
    assert (suspect.stage, suspect.state, suspect.explains, suspect.named) == (stage, State.CLOSED, True, True)
    assert all(gate.state is State.OPEN for gate in facts.gates if gate is not suspect)


def test_of_two_closed_gates_neither_explains_alone_and_the_one_that_is_named_comes_first():
    facts = read(shut(Stage.SCP, Stage.SESSION))
    assert {gate.stage for gate in facts.suspects} == {Stage.SCP, Stage.SESSION}
    assert not any(gate.explains for gate in facts.suspects)
    assert facts.suspects[0] is facts.named


def test_an_unread_gate_is_open_when_the_call_went_through():
    facts = read(OPEN, *ORGANIZATION)
    assert [gate.follows for gate in facts.of_state(State.UNREAD)] == [State.OPEN, State.OPEN]
    assert facts.suspects == ()


def test_the_only_unread_gate_is_closed_when_all_that_was_read_is_open():
    """To another account AWS names no policy of the owner's, so that nothing but this tells it."""
    facts = read(shut(Stage.RCP, caller=BOB), Stage.RCP, caller=BOB)
    assert facts.named is None
    (gate,) = facts.of_state(State.UNREAD)
    assert (gate.follows, gate.if_open, gate.if_closed, gate.explains) == (State.CLOSED, True, False, True)


def test_beside_a_closed_gate_an_unread_one_may_be_either():
    facts = read(shut(Stage.BOUNDARY), Stage.SCP)
    (unread,) = facts.of_state(State.UNREAD)
    assert (unread.follows, unread.if_open) == (None, False)
    assert [gate.stage for gate in facts.suspects] == [Stage.BOUNDARY, Stage.SCP]


def test_what_is_unread_changes_nothing_of_what_is_shown_but_by_the_answer():
    """Two organizations, of which one denies by SCP and the other by RCP, in the same words to another account."""
    hidden = (Stage.RCP, Stage.RESOURCE)
    pictures = [gates(read(shut(stage, caller=BOB), *hidden, caller=BOB)).svg for stage in hidden]
    assert pictures[0] == pictures[1]


def test_of_two_unread_gates_the_one_with_more_ways_to_close_is_suspected_first():
    facts = read(shut(Stage.RESOURCE, caller=BOB), Stage.RCP, Stage.RESOURCE, caller=BOB)
    assert [(gate.stage, gate.ways, gate.follows) for gate in facts.suspects] == [
        (Stage.RESOURCE, 2, None), (Stage.RCP, 1, None),
    ]  # fmt: skip


def test_what_aws_would_not_tell_another_account_is_suspected_before_what_it_would():
    facts = read(shut(Stage.RCP, caller=BOB), *ORGANIZATION, caller=BOB)
    assert [gate.stage for gate in facts.suspects] == [Stage.RCP, Stage.SCP]


def test_the_ways_to_close_are_tried():
    asked = request(ALICE)
    by_name = replace(OPEN, key_policy=key_policy(allow(ALICE.arn)))
    assert {stage: ways(stage, asked, OPEN) for stage in Stage} == {**dict.fromkeys(Stage, 2), Stage.RCP: 1}
    for stage in (Stage.PRINCIPAL, Stage.BOUNDARY, Stage.SESSION):  # a key policy that names her needs none of them
        assert ways(stage, asked, by_name) == 1


def test_a_grant_leads_round_a_silent_iam_policy_and_not_round_a_deny():
    lent = replace(OPEN, grants=(LENT,))
    facts = read(silenced(Stage.PRINCIPAL, request(ALICE), lent))
    assert (facts.allowed, facts.lent, [gate.stage for gate in facts.of_state(State.ROUND)]) == (
        True, True, [Stage.PRINCIPAL],
    )  # fmt: skip
    assert [gate.stage for gate in read(denying(Stage.PRINCIPAL, request(ALICE), lent)).suspects] == [Stage.PRINCIPAL]


@pytest.mark.parametrize(
    ("facts", "title"),
    [
        (read(OPEN), "Every gate is open, and the call goes through"),
        (read(OPEN, Stage.SCP), "It went through, so what nobody has read is open: the SCP"),
        (read(shut(Stage.BOUNDARY)), "One gate is closed, the permissions boundary, and that is enough"),
        (read(shut(Stage.SCP), *ORGANIZATION), "All that was read is open, so the SCP is closed"),
        (read(shut(Stage.RCP, Stage.SESSION, caller=BOB), caller=BOB), "names one of them: the session policy"),
        (read(shut(Stage.RCP, Stage.RESOURCE, caller=BOB), caller=BOB), "closed, and AWS names none of them"),
        (read(shut(Stage.RCP, caller=BOB), *ORGANIZATION, caller=BOB), "Five gates are open; suspect the two that"),
        (read(replace(silenced(Stage.PRINCIPAL, request(ALICE), OPEN), grants=(LENT,))), "a grant is enough"),
        (read(replace(OPEN, identity=(), key_policy=key_policy(allow(ALICE.arn)))), "the key policy is enough"),
    ],
)
def test_the_title_is_the_message_and_nothing_overlaps(facts, title):
    for canvas in (760, LAB):
        picture = gates(facts, canvas=canvas)
        assert title in picture.title
        assert quarrels(picture.svg) == []
        assert quarrels(picture.narrow) == []


def test_aws_s_words_are_whole_on_every_canvas():
    facts = read(shut(Stage.SCP))
    for svg in (gates(facts).svg, gates(facts, canvas=LAB).svg, gates(facts).narrow):
        assert "with an explicit deny in a service control policy" in " ".join(texts(svg))


def test_beside_a_labs_controls_it_is_always_as_high():
    facts = [read(shut(*some, caller=caller), *unread, caller=caller) for caller in (APP, BOB)
             for some in ((), (Stage.RCP,), (Stage.SCP, Stage.SESSION), tuple(Stage))
             for unread in ((), ORGANIZATION)]  # fmt: skip
    assert {gates(each, canvas=LAB).svg.split("viewBox=")[1].split('"')[1] for each in facts} == {f"0 0 560 {HIGH}"}
