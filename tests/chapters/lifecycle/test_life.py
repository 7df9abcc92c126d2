from datetime import UTC, datetime, timedelta

import pytest

from kms_teach import Simulator
from kms_teach.chapters.lifecycle.facts import File, Life
from kms_teach.chapters.lifecycle.lab import life_of
from kms_teach.chapters.lifecycle.life import HIGH, life
from kms_teach.chapters.lifecycle.states import GONE
from kms_teach.drawing.look import LAB
from kms_teach.keys.states import STATES
from tests.drawing.drawn import quarrels, texts

BEGIN = datetime(2026, 11, 17, tzinfo=UTC)
ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def facts(state="Enabled", days=7, window=30, **more):
    waits = {"scheduled": BEGIN, "deletion": BEGIN + timedelta(days=window)} if state == "PendingDeletion" else {}
    files = () if "files" in more else (File("photos.zip", "" if state == "Enabled" else "KMSInvalidStateException"),)
    given = {"name": "alias/photos", "arn": ARN, "state": state, "now": BEGIN + timedelta(days=days), "files": files}
    return Life(**(given | waits | more))


@pytest.mark.parametrize("state", [*STATES, GONE])
def test_words_get_along_in_every_state_and_the_lab_s_picture_is_as_high(state):
    for canvas in (760, LAB):
        picture = life(facts(state), canvas=canvas)
        assert quarrels(picture.svg) == quarrels(picture.narrow) == []
    assert f'viewBox="0 0 560 {HIGH}"' in picture.svg


@pytest.mark.parametrize(("days", "window"), [(0, 7), (0, 30), (6, 7), (29, 30), (15, 30)])
def test_now_gets_along_with_the_days_wherever_it_is(days, window):
    picture = life(facts("PendingDeletion", days, window), canvas=LAB)
    assert (
        quarrels(picture.svg)
        == quarrels(picture.narrow)
        == quarrels(life(facts("PendingDeletion", days, window)).svg)
        == []
    )


@pytest.mark.parametrize("name", ["a", "alias/" + "long-name-" * 20])
def test_a_name_of_any_length_fits(name):
    for state in ("Enabled", "PendingDeletion"):
        picture = life(facts(state, name=name))
        assert quarrels(picture.svg) == quarrels(picture.narrow) == []


def test_the_title_counts_the_days_that_are_left():
    assert life(facts("PendingDeletion")).title == "For 23 more days nothing is lost, and KMS opens nothing"
    assert life(facts("PendingDeletion", 29)).title == "For 1 more day nothing is lost, and KMS opens nothing"
    assert facts("PendingDeletion", 29, now=BEGIN + timedelta(days=29, hours=1)).days_left == 1


def test_the_picture_tells_in_words_what_it_draws():
    picture = life(facts("PendingDeletion"))
    assert "The way back to Enabled takes 2 calls: CancelKeyDeletion, then EnableKey." in picture.alt
    assert "photos.zip: KMSInvalidStateException." in picture.alt
    assert "Refused: Use it, Lend it, Switch it, Label it." in picture.alt
    assert "23 days left: all five kept" in texts(picture.svg)
    assert "4 of 6 refused: KMSInvalidStateException" in texts(picture.svg)
    assert {row[0]: row[2] for row in picture.table.rows}["Look at it"] == "answered"


def test_no_id_is_drawn_that_is_another_in_the_next_run():
    assert "1234abcd" not in life(facts("PendingDeletion")).svg


@pytest.fixture
def sim():
    with Simulator(start="2026-01-01T00:00:00Z") as simulator:
        yield simulator


def test_the_facts_are_read_off_kms_at_each_moment(sim):
    kms = sim.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    file = {"a.txt": kms.encrypt(KeyId=key, Plaintext=b"a", EncryptionContext={"n": "1"})}
    assert life_of(sim, key, file).opens
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    sim.advance(days=2)
    now = life_of(sim, key, file, "alias/a")
    assert (now.state, now.days_left, now.files[0].refused) == ("PendingDeletion", 5, "KMSInvalidStateException")
    assert now.scheduled == datetime(2026, 1, 1, tzinfo=UTC)
    kms.cancel_key_deletion(KeyId=key)
    now = life_of(sim, key, file)
    assert (now.state, now.scheduled, now.deletion, now.files[0].refused) == (
        "Disabled",
        None,
        None,
        "DisabledException",
    )
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    sim.advance(days=8)
    now = life_of(sim, key, file)
    assert (now.state, now.deletion) == (GONE, datetime(2026, 1, 10, tzinfo=UTC))
    assert life(now).title == "The key is gone, and a.txt will not open again"
