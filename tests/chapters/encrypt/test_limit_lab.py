from datetime import UTC, datetime

import pytest

from kms_teach.chapters.encrypt.limit_lab import LARGEST, LimitLab
from kms_teach.keys.specs import ENCRYPT_MAX


@pytest.fixture
def lab(sim):
    return LimitLab(sim)


def encrypts(sim):
    return [record.sent["Plaintext"] for record in sim.trail.named("Encrypt")]


def test_it_opens_at_the_limit_with_a_call_that_was_made(sim, lab):
    assert encrypts(sim) == [4096]
    assert lab.picture.title == "4,096 bytes fit, and not one more would"
    assert "4,177 bytes came back" in lab.status


def test_one_step_to_the_right_is_really_sent_and_really_refused(sim, lab):
    lab.slider.value += 1
    assert encrypts(sim) == [4096, 4097]
    assert sim.trail[-1].event["errorCode"] == "ValidationException"
    assert lab.picture.title == "One byte too many, and KMS encrypts nothing"
    assert lab.status.startswith("Refused. `ValidationException`, one too many.")
    assert lab.typed.value == "4,097"
    lab.slider.value -= 1
    assert lab.status.startswith("Encrypted")


@pytest.mark.parametrize("written", ["4097", "4,097", "4 097", " 4_097 "])
def test_a_size_can_be_typed_in_any_usual_way_and_the_slider_follows(sim, lab, written):
    lab.typed.value = written
    assert (lab.size, lab.slider.value, lab.typed.value) == (4097, 4097, "4,097")
    assert encrypts(sim) == [4096, 4097]


def test_a_photo_goes_beyond_the_slider_and_back_again(sim, lab):
    lab.typed.value = "3400000"
    assert lab.slider.value == lab.slider.max
    assert lab.picture.title.startswith("3.4 MB is 830 times the limit")
    lab.slider.value = 5000
    assert (lab.typed.value, encrypts(sim)) == ("5,000", [4096, 3_400_000, 5000])


def test_nothing_is_really_sent_and_refused_in_awss_words(sim, lab):
    lab.typed.value = "0"
    assert encrypts(sim)[-1] == 0
    assert lab.status == "Refused. `ValidationException`, there is no byte to encrypt. Send at least 1 byte."


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("-3", "A message cannot have -3 bytes"),
        ("−3", "A message cannot have −3 bytes"),
        ("10**9", "`10**9` is not a size"),
        ("1000000000", "1 GB is more than this lab sends"),
        (str(LARGEST + 1), "10 MB is more than this lab sends"),
        ("9" * 5000, "That is more than this lab sends"),
        ("4 KB", "`4 KB` is not a size"),
        ("4096.5", "`4096.5` is not a size"),
        ("", "Type a whole number"),
        ("<script>", "`<script>` is not a size"),
    ],
)
def test_what_cannot_be_sent_is_answered_in_a_sentence_and_no_call_is_made(sim, lab, written, said):
    before = lab.picture
    lab.typed.value = written
    assert lab.status.startswith(f"Not done. {said}")
    assert "such as 4,097" in lab.status
    assert (encrypts(sim), lab.picture) == ([4096], before)
    assert "<script>" not in lab._line.value


@pytest.mark.parametrize("pair", ENCRYPT_MAX, ids="-".join)
def test_another_key_spec_is_sent_the_same_message_on_the_same_scale(sim, lab, pair):
    lab.typed.value = "300"
    end = lab.slider.max
    if pair == lab.kind.value:
        lab.kind.value = ("RSA_2048", "RSAES_OAEP_SHA_1")
    lab.kind.value = pair
    most = ENCRYPT_MAX[pair]
    assert (lab.slider.value, lab.slider.max, lab.typed.value, encrypts(sim)[-1]) == (300, end, "300", 300)
    assert lab.status.startswith("Encrypted" if most >= 300 else "Refused. `ValidationException`")
    assert pair[0] in repr(lab.picture)
    lab.typed.value = str(most)
    assert lab.picture.title == f"{most:,} bytes fit, and not one more would"
    lab.slider.value += 1
    assert lab.picture.title == "One byte too many, and KMS encrypts nothing"


def test_a_data_key_is_really_asked_of_the_same_key_and_an_rsa_key_refuses_it(sim, lab):
    assert "For any size: GenerateDataKey. It was sent 0 bytes" in lab.picture.alt.replace("What works for", "For")
    lab.kind.value = ("RSA_2048", "RSAES_OAEP_SHA_256")
    [last] = [record for record in sim.trail.named("GenerateDataKey") if record.error]
    assert last.error == "InvalidKeyUsageException"
    assert "GenerateDataKey with this key: refused, InvalidKeyUsageException" in lab.picture.alt
    assert lab.status.endswith("encrypt with a data key of a SYMMETRIC_DEFAULT key: this one gives none.")


def test_a_key_is_made_once_for_each_spec(sim, lab):
    for pair in [("RSA_2048", "RSAES_OAEP_SHA_1"), ("RSA_2048", "RSAES_OAEP_SHA_256")] * 2:
        lab.kind.value = pair
    assert len(sim.trail.named("CreateKey")) == 2


def test_what_a_reader_sees_without_a_kernel_is_the_same_in_every_run(sim, lab):
    one, two = lab._repr_mimebundle_(), LimitLab(sim)._repr_mimebundle_()
    assert (one["text/plain"], one["text/html"]) == (two["text/plain"], two["text/html"])
    assert "4,096 of 4,096 bytes" in one["text/plain"]
    assert 'alt="4,096 bytes fit' in one["text/html"]


def test_every_control_has_a_label_and_the_slider_moves_by_single_bytes(lab):
    assert all(control.description for control in lab.controls)
    assert (lab.slider.step, lab.slider.min) == (1, 0)
    assert lab.slider.max > 4096


def test_a_file_of_the_learners_own_is_really_sent(sim, lab):
    photo = bytes(range(256)) * 20
    file = {"name": "photo.jpg", "type": "image/jpeg", "size": len(photo), "content": photo}
    lab.own.value = [file | {"last_modified": datetime(2026, 1, 1, tzinfo=UTC)}]
    assert (encrypts(sim)[-1], lab.typed.value, lab.slider.value) == (5120, "5,120", 5120)
    assert lab.picture.title == "1,024 bytes too many, and KMS encrypts nothing"
    lab.kind.value = ("RSA_2048", "RSAES_OAEP_SHA_1")
    assert encrypts(sim)[-1] == 5120
