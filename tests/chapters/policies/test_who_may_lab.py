import pytest

from kms_teach.access.actions import ACTIONS
from kms_teach.chapters.policies.who_may_lab import CHANGED, KEY_POLICIES, NOW, PERMISSIONS, WhoMayLab


@pytest.fixture
def lab():
    return WhoMayLab()


def test_it_opens_with_everybody_as_a_new_key_lets_them(lab):
    assert lab.picture.title == "Only the root user, admin and bob may Decrypt"
    assert lab.status == f"{lab.picture.title}."


@pytest.mark.parametrize(("name", "said"), [
    ("the account, and alice by name", "The edit opens 4 permissions for alice"),
    ("the account, but a Deny for bob", "The edit closes 1 permission of bob"),
    ("only admin", "The edit closes 16 permissions of the root user and bob"),
    ("the account, and the neighbour's account", "The edit opens 1 permission for dave"),
    ("everybody: Principal *", "The edit opens 8 permissions for alice and dave"),
])  # fmt: skip
def test_a_key_policy_is_really_put_and_the_cells_it_turned_are_shown(lab, name, said):
    lab.key_policy.value = KEY_POLICIES[name]
    record = lab.world.sim.trail[-1]
    assert record.event["eventName"] == "PutKeyPolicy"
    assert record.event["requestParameters"]["policy"] == KEY_POLICIES[name]
    assert (lab.picture.title, lab.shown.value) == (said, CHANGED)


@pytest.mark.parametrize("name", KEY_POLICIES)
def test_from_every_policy_there_is_a_way_to_every_other(lab, name):
    for other in (*KEY_POLICIES, name):
        lab.key_policy.value = KEY_POLICIES[other]
        assert not lab.status.startswith(("Denied.", "Refused.", "Not done."))
    assert lab.world.key_policy == KEY_POLICIES[name]


def test_the_other_view_shows_who_may_now(lab):
    lab.key_policy.value = KEY_POLICIES["admin manages, alice uses"]
    lab.shown.value = NOW
    assert lab.picture.title == "Only alice may Decrypt"


@pytest.mark.parametrize("name", PERMISSIONS)
def test_other_permissions_can_be_looked_at_and_asked_about(lab, name):
    lab.permissions.value = PERMISSIONS[name]
    assert PERMISSIONS[name]
    assert set(PERMISSIONS[name]) <= set(ACTIONS)
    assert [row[0] for row in lab.picture.table.rows] == list(PERMISSIONS[name])
    assert lab.action.value in PERMISSIONS[name]


def test_a_cell_is_explained_in_the_status_line(lab):
    lab.who.value, lab.action.value = "dave", "PutKeyPolicy"
    assert lab.status == "dave, PutKeyPolicy: no, never reaches a key of another account."
    lab.who.value = "admin"
    assert lab.status.startswith("admin, PutKeyPolicy: yes, IAM policy “policy 1”")


def test_what_a_reader_sees_without_a_kernel_is_the_same_in_every_run(lab):
    one, two = lab._repr_mimebundle_(), WhoMayLab()._repr_mimebundle_()
    assert (one["text/plain"], one["text/html"]) == (two["text/plain"], two["text/html"])


def test_every_control_has_a_label(lab):
    assert all(control.description for control in lab.controls)
