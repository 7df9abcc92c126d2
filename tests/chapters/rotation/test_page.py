import pytest

from kms_teach.chapters.rotation.page import RotatedFacts, rotation_page
from kms_teach.chapters.rotation.world import rotation_of
from tests.drawing.drawn import quarrels, texts


@pytest.fixture
def run(sim, kms):
    """A key that rotates, is rotated on demand, and makes way for another: its timeline and three calls."""
    first, second = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    kms.create_alias(AliasName="alias/backups", TargetKeyId=first)
    kms.enable_key_rotation(KeyId=first)
    made = kms.encrypt(KeyId="alias/backups", Plaintext=b"x")
    sim.advance(days=366)
    kms.decrypt(CiphertextBlob=made["CiphertextBlob"])
    opened = sim.trail[-1]
    sim.advance(days=100)
    kms.rotate_key_on_demand(KeyId=first)
    key = rotation_of(sim, "alias/backups", {"backup.tar": made})
    kms.update_alias(AliasName="alias/backups", TargetKeyId=second)
    kms.encrypt(KeyId="alias/backups", Plaintext=b"y")
    kms.decrypt(CiphertextBlob=made["CiphertextBlob"])
    return key, opened, *sim.trail[-2:]


def test_each_panel_tells_what_the_run_answered(run):
    key, opened, fresh, old = run
    picture = rotation_page(RotatedFacts.of(key, opened, 0, fresh, old))
    assert "Material 1 of 2 opened its own file. Material 2 encrypts now." in picture.alt
    assert "Rotated on demand on 12 Apr 2027. The next automatic rotation is still 1 Jan 2028." in picture.alt
    assert "KMS was asked 0 times" in picture.alt
    assert "alias/backups names a second key" in picture.alt
    assert "KMS was asked once" in rotation_page(RotatedFacts.of(key, opened, 1, fresh, old)).alt


@pytest.mark.parametrize("canvas", ["svg", "narrow"])
def test_the_dates_and_the_name_are_drawn_and_words_get_along(run, canvas):
    key, opened, fresh, old = run
    drawing = getattr(rotation_page(RotatedFacts.of(key, opened, 0, fresh, old)), canvas)
    assert {"1 Jan 2027", "12 Apr 2027", "1 Jan 2028", "alias/backups"} <= set(texts(drawing))
    assert quarrels(drawing) == []


def test_calls_of_another_kind_are_refused(sim, run):
    key, opened, fresh, old = run
    for calls in ((opened, old, old), (opened, fresh, fresh)):
        with pytest.raises(ValueError, match="an Encrypt by an alias"):
            RotatedFacts.of(key, calls[0], 0, *calls[1:])


def test_a_key_that_was_not_rotated_on_demand_is_refused(sim, kms, run):
    _, opened, fresh, old = run
    kms.create_alias(AliasName="alias/new", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    with pytest.raises(ValueError, match="rotated on demand in between"):
        RotatedFacts.of(rotation_of(sim, "alias/new", {}), opened, 0, fresh, old)
