from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.chapters.lifecycle.page import LifecycleFacts, lifecycle_page
from kms_teach.chapters.lifecycle.shredding import Shredding, shredding
from tests.drawing.drawn import quarrels


@pytest.fixture
def sim():
    with Simulator(start="2026-01-01T00:00:00Z") as simulator:
        yield simulator


PLACES = ("the bucket", "a tape")


def tried(sim, act=None):
    """The same two copies decrypted before and after an act on their key."""
    kms = sim.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    records = []
    for late in (False, True):
        if late and act:
            act(kms, key)
        for _ in PLACES:
            with suppress(ClientError):
                kms.decrypt(CiphertextBlob=blob)
            records.append(sim.trail[-1])
    return records


def delete(sim):
    def act(kms, key):
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        sim.advance(days=7)

    return act


def test_the_copies_are_shut_and_the_plaintext_stays_open(sim):
    facts = Shredding.of("Blue's key", PLACES, tried(sim, delete(sim)), outside=["a printout"])
    picture = shredding(facts)
    assert picture.title == "One key is gone, and 2 copies are shut; 1 stays open"
    assert "a tape, ciphertext: readable while Blue's key lives, unreadable once it is deleted." in picture.alt
    assert "a printout, plaintext: readable while Blue's key lives, readable once it is deleted." in picture.alt
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []


def test_one_copy_and_nothing_outside():
    with Simulator() as sim:
        records = tried(sim, delete(sim))
    one = Shredding.of("K", PLACES[:1], records[::2])
    assert shredding(one).title == "One key is gone, and 1 copy is shut"


def test_copies_that_still_open_are_not_called_shut(sim):
    facts = Shredding.of("K", PLACES, tried(sim))
    assert shredding(facts).title == "K was not what these copies were under: all are as they were"


def test_each_copy_must_be_tried_twice(sim):
    with pytest.raises(ValueError, match="once before the key's deletion, and once after it"):
        Shredding.of("K", PLACES, tried(sim)[:3])


def test_the_page_tells_of_each_panel_what_its_calls_ended_in(sim):
    kms = sim.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]

    def record(call, **how):
        with suppress(ClientError):
            call(**how)
        return sim.trail[-1]

    too_soon = record(kms.schedule_key_deletion, KeyId=key, PendingWindowInDays=1)
    kms.schedule_key_deletion(KeyId=key)
    waiting = record(kms.decrypt, CiphertextBlob=blob)
    kms.cancel_key_deletion(KeyId=key)
    cancelled = record(kms.encrypt, KeyId=key, Plaintext=b"x")
    kms.enable_key(KeyId=key)
    enabled = record(kms.decrypt, CiphertextBlob=blob)
    shredded = Shredding.of("Blue's key", PLACES, tried(sim, delete(sim)), outside=["a printout"])
    facts = LifecycleFacts.of(too_soon, waiting, cancelled, enabled, waiting, enabled, shredded)
    picture = lifecycle_page(facts)
    assert "A window of 1 day: ValidationException. From the call on, Decrypt: KMSInvalidStateException." in picture.alt
    assert "After CancelKeyDeletion: DisabledException. After EnableKey: it worked." in picture.alt
    assert "2 copies under Blue's key are shut" in picture.alt
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []
