import pytest

from kms_teach import Simulator
from kms_teach.classroom import handout
from kms_teach.classroom.names import ListError
from kms_teach.classroom.roster import enrol, enrolled
from tests.classroom.conftest import strips

URL = "http://127.0.0.1:8765"


@pytest.fixture
def store(tmp_path):
    return tmp_path / "names.db"


def given_out(store, *names, anew=()):
    """Open the store and enrol; gives the sheet that was written, if any, and everybody."""
    sheets = []
    with Simulator(store) as sim:
        enrol(sim.service, names, anew, lambda issued: sheets.append(handout.write(store, URL, sim.now, issued)))
        return next(iter(sheets), None), enrolled(sim.service)


def opens(store, key):
    with Simulator(store) as sim:
        found = sim.service.signer(key.id)
        return bool(found) and found.secret == key.secret


def test_each_learner_has_an_account_and_a_key_that_is_its_root_users(store):
    sheet, everybody = given_out(store, "Alice", "Bob")
    keys = strips(sheet)
    assert [(each.name, each.account, each.key) for each in everybody] == [
        (name, account, key.id) for name, (account, key) in keys.items()
    ]
    assert len({account for account, _ in keys.values()}) == 2
    assert all(opens(store, key) for _, key in keys.values())
    with Simulator(store) as sim:
        assert {sim.service.signer(key.id).arn for _, key in keys.values()} == {
            f"arn:aws:iam::{account}:root" for account, _ in keys.values()
        }


def test_secrets_are_long_and_none_like_another(store):
    sheet, _ = given_out(store, *(f"Learner {n}" for n in range(200)))
    secrets = {key.secret for _, key in strips(sheet).values()}
    assert len(secrets) == 200
    assert {len(secret) for secret in secrets} == {40}


def test_the_sheet_is_its_owners_alone_and_never_written_over(store):
    first, _ = given_out(store, "Alice")
    before = first.read_bytes()
    second, _ = given_out(store, "Alice", "Bob")
    assert (first.name, second.name) == ("names.handout.txt", "names.handout-2.txt")
    assert first.read_bytes() == before
    assert {path.stat().st_mode & 0o777 for path in (first, second)} == {0o600}


def test_the_same_list_again_gives_nobody_a_key_and_a_new_name_gives_one(store):
    first, before = given_out(store, "Alice", "Bob")
    sheet, after = given_out(store, "bob", "ALICE")
    assert (sheet, after) == (None, before)
    sheet, after = given_out(store, "Carol", "Bob", "Alice")
    assert list(strips(sheet)) == ["Carol"]
    assert after[:2] == before
    assert all(opens(store, key) for _, key in (strips(first) | strips(sheet)).values())


def test_a_new_key_takes_the_old_ones_place_and_the_account_stays(store):
    first, before = given_out(store, "Alice", "Bob")
    sheet, after = given_out(store, "Alice", "Bob", anew=["alice", "Alice"])
    old, new = strips(first), strips(sheet)
    assert list(new) == ["Alice"]
    assert new["Alice"][0] == old["Alice"][0]
    assert (opens(store, old["Alice"][1]), opens(store, new["Alice"][1]), opens(store, old["Bob"][1])) == (
        False,
        True,
        True,
    )
    assert after[1] == before[1]


def test_who_was_never_in_the_class_gets_no_new_key_and_nothing_is_made(store):
    with pytest.raises(ListError, match="`Zed` has no key yet"):
        given_out(store, "Alice", anew=["Zed"])
    assert given_out(store)[1] == ()


def test_where_the_sheet_cannot_be_written_nobody_gets_a_key(store):
    def fails(_):
        raise OSError(28, "No space left on device")

    with Simulator(store) as sim:
        with pytest.raises(OSError, match="No space"):
            enrol(sim.service, ["Alice"], [], fails)
        assert enrolled(sim.service) == ()


def test_a_sheet_says_what_to_paste(store):
    sheet, _ = given_out(store, "Alice")
    words, key = sheet.read_text(), strips(sheet)["Alice"][1]
    assert f"kms-teach lab --class {URL}\n" in words
    assert f"export AWS_ACCESS_KEY_ID={key.id} AWS_SECRET_ACCESS_KEY={key.secret}\n" in words
    assert "--new-keys" in words


def test_no_secret_is_seen_in_a_repr(store):
    seen = []
    with Simulator(store) as sim:
        enrol(sim.service, ["Alice"], [], seen.extend)
    assert seen[0].secret not in f"{seen} {[*seen[0].__rich_repr__()]}"
