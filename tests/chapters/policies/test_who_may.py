import json

import pytest

from kms_teach.access.actions import ACTIONS
from kms_teach.chapters.policies.who_may import MOST, REASONS, read, who_may
from kms_teach.drawing.look import LAB, WIDE
from tests.access.people import allow, deny
from tests.drawing.drawn import quarrels, texts, words

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
HOME, AWAY = "111122223333", "444455556666"


@pytest.fixture
def put(kms, key):
    def act(*statements):
        policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        kms.put_key_policy(KeyId=key, Policy=policy, BypassPolicyLockoutSafetyCheck=True)

    return act


@pytest.fixture
def people(sim):
    """alice without a policy, bob and admin with everything, dave of another account."""
    made = sim.user("alice"), sim.user("bob", policies=[EVERYTHING]), sim.role("admin", policies=[EVERYTHING])
    return {p.name: p for p in (*made, sim.user("dave", account=AWAY, policies=[EVERYTHING]))}


def test_the_title_names_those_who_may(sim, key, people, put):
    assert who_may(sim.who_may(key)).title == "Only the root user, admin and bob may Decrypt"
    keeps = allow(HOME, "kms:PutKeyPolicy")
    put(keeps, allow(people["alice"].arn))
    assert who_may(sim.who_may(key)).title == "Only alice may Decrypt"
    put(keeps, allow(people["alice"].arn, "kms:Encrypt"))
    assert who_may(sim.who_may(key)).title == "Nobody may Decrypt"
    put(allow("*"))
    assert who_may(sim.who_may(key)).title == "Everybody here may Decrypt"


def test_each_cell_says_what_decided_it(sim, key, people, put):
    put(allow(HOME), deny(people["bob"].arn, "kms:Decrypt"), allow(people["alice"].arn, "kms:Encrypt"))
    facts = read(sim.who_may(key, ("Encrypt", "Decrypt", "PutKeyPolicy")))
    said = {
        (name, action): (cell.allowed, cell.reason)
        for action, row in zip(facts.actions, facts.cells, strict=True)
        for (name, _), cell in zip(facts.people, row, strict=True)
    }
    assert said["root user", "Encrypt"] == (True, "key policy")
    assert said["alice", "Encrypt"] == (True, "key policy")
    assert said["alice", "Decrypt"] == (False, "no IAM policy")
    assert said["bob", "Decrypt"] == (False, "a Deny")
    assert said["admin", "Decrypt"] == (True, "IAM policy")
    assert said["dave", "Decrypt"] == (False, "not in key policy")
    assert said["dave", "PutKeyPolicy"] == (False, "other account")
    assert facts.people == (
        ("root user", HOME), ("admin", "role"), ("alice", "user"), ("bob", "user"), ("dave", AWAY),
    )  # fmt: skip


def test_what_an_edit_turned_round_is_named_and_framed_and_all_else_is_not(sim, key, people, put):
    before = sim.who_may(key)
    put(allow(people["alice"].arn, ["kms:Encrypt", "kms:Decrypt"]), allow(people["admin"].arn))
    after = sim.who_may(key)
    facts = read(after, before)
    assert facts.opened == [("alice", "Encrypt"), ("alice", "Decrypt")]
    assert {name for name, _ in facts.closed} == {"root user", "bob"}
    assert len(facts.closed) == 2 * len(facts.actions)
    picture = who_may(after, before)
    assert picture.title == "The edit opens 2 permissions for alice, and closes 16 permissions of the root user and bob"
    changed = len(facts.opened) + len(facts.closed)
    framed = sum(cell.was is not None for _, row in facts.folded for cell in row)
    assert picture.svg.count('rx="6"') == picture.narrow.count('rx="5"') == framed
    assert who_may(after).svg.count('rx="6"') == 0
    assert sum("(was " in cell for row in picture.table.rows for cell in row) == changed


def test_permissions_whose_rows_are_alike_share_one_row(sim, key, people):
    facts = read(sim.who_may(key))
    assert [actions for actions, _ in facts.folded] == [facts.actions[:5], facts.actions[5:]]
    for actions, row in facts.folded:
        for action in actions:
            own = facts.cells[facts.actions.index(action)]
            assert [(c.allowed, c.reason) for c in own] == [(c.allowed, c.reason) for c in row]
    for canvas in (WIDE, LAB):
        drawn = texts(who_may(sim.who_may(key), canvas=canvas).svg)
        assert drawn.count("IAM policy") + drawn.count("IAM") == 2 * 2  # two rows, of admin and bob
        assert {"Encrypt", "PutKeyPolicy"} <= set(drawn)


def test_an_edit_that_changes_nothing_says_so(sim, key, people):
    matrix = sim.who_may(key)
    assert who_may(matrix, matrix).title == "The edit changes nothing about who may do what"


def test_the_table_has_a_row_for_each_permission_with_the_whole_reason(sim, key, people):
    table = who_may(sim.who_may(key, ("Encrypt", "Sign"))).table
    assert [row[0] for row in table.rows] == ["Encrypt", "Sign"]
    assert table.header == (
        "permission",
        f"root user ({HOME})",
        "admin (role)",
        "alice (user)",
        "bob (user)",
        f"dave ({AWAY})",
    )
    assert "IAM policy “policy 1”, statement 1" in table.rows[0][4]


@pytest.mark.parametrize("canvas", ["svg", "narrow"])
def test_nothing_overlaps_and_nothing_leaves_the_card(sim, key, people, put, canvas):
    before = sim.who_may(key, tuple(ACTIONS)[:20])
    put(allow(people["alice"].arn), allow(AWAY))
    after = sim.who_may(key, tuple(ACTIONS)[:20])
    for picture in (who_may(before), who_may(after, before)):
        assert quarrels(getattr(picture, canvas)) == []


@pytest.mark.parametrize("canvas", ["svg", "narrow"])
def test_more_people_than_fit_are_named_below(sim, key, canvas):
    for n in range(9):
        sim.user(f"somebody-with-a-long-name-{n}")
    picture = who_may(sim.who_may(key))
    assert len(read(sim.who_may(key)).people) == MOST
    assert "and 4 more" in " ".join(texts(getattr(picture, canvas)))
    assert "somebody-with-a-long-name-8" in picture.alt
    assert quarrels(getattr(picture, canvas)) == []


def test_who_changed_is_drawn_even_when_there_are_many(sim, key, put):
    last = [sim.user(f"user{n}") for n in range(9)][-1]
    before = sim.who_may(key)
    put(allow(HOME), allow(last.arn, "kms:Encrypt"))
    facts = read(sim.who_may(key), before)
    assert facts.opened == [("user8", "Encrypt")]
    assert len(facts.people) == MOST


def test_there_are_words_for_every_way_to_decide(sim, kms, key):
    """Every kind of ceiling and every question of `evaluate` that can end a decision."""
    sim.account(scps=[{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}])
    sim.user("alice", policies=[EVERYTHING], boundary=EVERYTHING)
    assert {cell.reason for row in read(sim.who_may(key)).cells for cell in row} == {"SCP"}
    sim.account()
    sim.user("alice", policies=[EVERYTHING], boundary={"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})  # fmt: skip
    assert {row[1].reason for row in read(sim.who_may(key)).cells} == {"boundary"}
    assert len({words for _, words in REASONS.items()}) > 8


@pytest.fixture
def differing(sim, key, people, put):
    """A matrix in which no two people have the same cells, and no two permissions."""
    put(allow(HOME), deny(people["bob"].arn, "kms:Decrypt"), allow(people["alice"].arn, "kms:Encrypt"))
    return sim.who_may(key, ("Encrypt", "Decrypt", "PutKeyPolicy"))


def reasons_of(facts):
    return {
        (name, action): cell.reason
        for action, row in zip(facts.actions, facts.cells, strict=True)
        for (name, _), cell in zip(facts.people, row, strict=True)
    }


def test_on_the_wide_canvas_each_cell_stands_under_its_person_and_beside_its_permission(differing):
    facts, drawn = read(differing), words(who_may(differing).svg)
    heads = {name: next(word for word in drawn if word.text == name) for name, _ in facts.people}
    labels = {action: next(word for word in drawn if word.text == action) for action in facts.actions}
    assert [name for name, _ in facts.people] == sorted(heads, key=lambda name: heads[name].left)
    shown = {}
    for word in drawn:
        if word.top > min(label.top for label in labels.values()) - 20 and word.left >= min(
            w.left for w in heads.values()
        ):
            name = max((n for n in heads if heads[n].left <= word.left), key=lambda n: heads[n].left)
            action = min(labels, key=lambda a: abs(labels[a].top + labels[a].foot - word.top - word.foot))
            shown[name, action] = f"{shown.get((name, action), '')} {word.text}".strip()
    assert shown == reasons_of(facts)


def test_on_the_narrow_canvas_each_cell_stands_below_its_person_and_in_the_line_of_its_permission(differing):
    facts, drawn = read(differing), words(who_may(differing).narrow)
    heads = {name: next(word for word in drawn if word.text == name) for name, _ in facts.people}
    shown = {}
    for label in (word for word in drawn if word.text in facts.actions):
        name = max((n for n in heads if heads[n].top < label.top), key=lambda n: heads[n].top)
        beside = [
            w for w in drawn if w is not label and w.top < label.foot and w.foot > label.top and w.left > label.right
        ]
        shown[name, label.text] = " ".join(word.text for word in beside)
    assert shown == reasons_of(facts)
