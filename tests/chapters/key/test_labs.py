"""The labs of chapter 01: every press is a real call, and what comes back is told."""

import pytest

from kms_teach.chapters.key.key_lab import IMPORT, NEW, PUBLIC, STOLEN, KeyLab
from kms_teach.chapters.key.places_lab import BY_ALIAS, BY_ARN, PlacesLab


@pytest.fixture
def lab(sim):
    return KeyLab(sim)


def ask(lab, way):
    lab.way.value = way
    lab.ask.click()
    return lab.status


def test_it_begins_with_a_key_that_was_made_and_that_nobody_has_asked_for(sim, lab):
    assert [record.operation for record in sim.trail] == ["CreateKey"]
    assert lab.status == "`CreateKey` in us-east-1 answered 15 fields, and none is the secret key."
    assert lab.picture.title == "You hold a name; the key lies in the HSM"


@pytest.mark.parametrize(
    ("way", "code"),
    [
        (PUBLIC, "UnsupportedOperationException"),
        (IMPORT, "UnsupportedOperationException"),
        (STOLEN, "InvalidCiphertextException"),
    ],
)
def test_asked_for_a_symmetric_key_kms_refuses(sim, lab, way, code):
    assert ask(lab, way).startswith(f"Refused. `{code}`.")
    assert sim.trail[-1].error == code
    assert lab.picture.title == "Refused: the secret key stays in the HSM"


def test_asked_twice_for_a_data_key_it_is_another_one(sim, lab):
    assert "another key" in ask(lab, NEW)
    assert sim.trail[-1].returned == {"CiphertextBlob": 113, "Plaintext": 32}


def test_of_an_rsa_key_the_public_half_comes_back(lab):
    lab.spec.value = "RSA_2048"
    assert lab.usage.value == "ENCRYPT_DECRYPT"
    assert ask(lab, PUBLIC) == "294 bytes for everybody. From them nobody gets the private key."


def test_to_open_the_hsm_makes_no_call(sim, lab):
    before = len(sim.trail)
    lab.opened.value = True
    assert "HSM open" in lab.picture.facts
    assert lab.status == "One secret key. This look inside is the simulator's; at AWS nobody has it."
    lab.opened.value = False
    assert lab.status == "Closed, as at AWS."
    assert len(sim.trail) == before


def test_a_key_is_made_once_for_each_choice_and_where_it_was_chosen(sim, lab):
    lab.region.value = "eu-west-1"
    lab.region.value = "us-east-1"
    lab.region.value = "eu-west-1"
    assert [record.event["awsRegion"] for record in sim.trail.named("CreateKey")] == ["us-east-1", "eu-west-1"]
    assert "AWS KMS, eu-west-1" in lab.picture.svg


def test_what_was_asked_of_another_key_is_gone(lab):
    ask(lab, PUBLIC)
    lab.region.value = "eu-west-1"
    assert lab.picture.title == "You hold a name; the key lies in the HSM"


@pytest.mark.parametrize(
    ("region", "account", "named", "said"),
    [
        ("us-east-1", "444455556666", BY_ARN, "`AccessDeniedException`. The key is here"),
        ("eu-west-1", "111122223333", BY_ARN, "`NotFoundException`. An ARN names a Region"),
        ("eu-west-1", "111122223333", BY_ALIAS, "`NotFoundException`. An alias without an ARN"),
    ],
)
def test_elsewhere_the_bytes_stay_closed_however_the_key_is_named(sim, region, account, named, said):
    places = PlacesLab(sim)
    assert places.status == "Opened. The plaintext came back. 1 of 4 places tried."
    places.region.value, places.account.value, places.named.value = region, account, named
    places.send.click()
    assert places.status.startswith(f"Refused. {said}")
    assert places.status.endswith("2 of 4 places tried.")
    assert places.picture.title == "Of two places, the key opens its bytes in one"


def test_two_labs_of_places_in_one_simulator_do_not_disturb_each_other(sim):
    PlacesLab(sim)
    again = PlacesLab(sim)
    again.named.value = BY_ALIAS
    again.send.click()
    assert again.status.startswith("Opened.")


def test_the_last_answer_of_a_place_is_the_one_that_is_shown(sim):
    places = PlacesLab(sim)
    places.region.value = "eu-west-1"
    places.send.click()
    places.named.value = BY_ARN
    places.send.click()
    assert "111122223333 in eu-west-1: NotFoundException" in places.picture.facts
    assert "AccessDenied" not in places.picture.facts
