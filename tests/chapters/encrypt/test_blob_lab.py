import pytest

from kms_teach.chapters.encrypt.blob_lab import CHANGES, BlobLab, pairs

OPENS = {"the same context", "the pairs in another order"}


@pytest.fixture
def lab(sim):
    return BlobLab(sim)


def test_it_opens_with_a_blob_that_was_really_decrypted(sim, lab):
    assert [record.event["eventName"] for record in sim.trail[-2:]] == ["Encrypt", "Decrypt"]
    assert lab.picture.title == "Same blob, same context: it opens"
    assert lab.status == "Decrypt opened it: 16 bytes came back."


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_of_the_context_is_really_sent_and_answered(sim, lab, change):
    lab.brought.value = change
    record = sim.trail[-1]
    brought = record.event["requestParameters"]["encryptionContext"]
    assert list(brought.items()) == list(CHANGES[change]({"tenant": "Blue", "purpose": "backup"}).items())
    assert ("errorCode" not in record.event) == (change in OPENS)
    assert lab.status.startswith("Decrypt opened it" if change in OPENS else "Refused. `InvalidCiphertextException`")


def test_the_changes_differ_from_each_other_and_from_the_context():
    context = {"tenant": "Blue", "purpose": "backup"}
    changed = {name: change(dict(context)) for name, change in CHANGES.items()}
    assert len({tuple(found.items()) for found in changed.values()}) == len(CHANGES)
    assert {name for name, found in changed.items() if found == context} == OPENS


def test_every_byte_and_every_bit_that_is_flipped_is_refused(sim, lab):
    for byte in range(1, lab.byte.max + 1):
        lab.byte.value = byte
        assert "errorCode" in sim.trail[-1].event
        assert f"bit 0 of byte {byte} was flipped" in lab.status
    for bit in range(8):
        lab.bit.value = bit
        assert f"bit {bit} of byte {lab.byte.max} was flipped (tag)" in lab.status
    lab.byte.value = 0
    assert lab.status.startswith("Decrypt opened it")


def test_the_slider_of_bytes_has_the_length_of_the_blob(sim, lab):
    lab.byte.value = lab.byte.max
    lab.message.value = "x"
    assert lab.byte.max == sim.trail.named("Encrypt")[-1].returned["CiphertextBlob"] == 82
    assert lab.byte.value == 82


def test_a_flipped_material_id_is_answered_as_another_key(lab):
    lab.byte.value = 6
    assert lab.status == "Denied. `AccessDeniedException`: bit 0 of byte 6 was flipped (key material id)."
    assert "does not exist in this Region" in lab.picture.alt


def test_a_new_message_and_a_new_context_are_encrypted_anew(sim, lab):
    lab.message.value = "Grüße"
    assert sim.trail.named("Encrypt")[-1].sent == {"Plaintext": 7}
    lab.context.value = "a=1"
    assert sim.trail[-2].event["requestParameters"]["encryptionContext"] == {"a": "1"}
    lab.context.value = ""
    assert lab.picture.title == "Same blob, same context: it opens"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("tenant", "Not done. `tenant` is no pair: write pairs of name=value"),
        ("=Blue", "Not done. `=Blue` is no pair"),
        ("a=1, a=2", "Not done. `a` stands twice: give each name once."),
    ],
)
def test_a_context_that_is_none_is_answered_in_a_sentence_and_no_call_is_made(sim, lab, written, said):
    before, calls = lab.picture, len(sim.trail)
    lab.context.value = written
    assert lab.status.startswith(said)
    assert (lab.picture, len(sim.trail)) == (before, calls)


@pytest.mark.parametrize(
    ("context", "change", "said"),
    [
        ("a=1", "the pairs in another order", "Fewer than two pairs have no order"),
        ("a=1", "one letter in another case", "The value of `a` has no letter to change"),
        ("", "another value", "There is no pair to change"),
        ("", "one pair less", "There is no pair to change"),
    ],
)
def test_a_change_that_is_impossible_is_answered_in_a_sentence(lab, context, change, said):
    lab.context.value = context
    lab.brought.value = change
    assert lab.status.startswith(f"Not done. {said}")


@pytest.mark.parametrize(
    ("message", "words"), [("", "greater than or equal to 1"), ("x" * 4097, "less than or equal to 4096")]
)
def test_a_message_that_kms_refuses_is_answered_in_its_words(lab, message, words):
    lab.message.value = message
    assert lab.status.startswith("Refused. `ValidationException`")
    assert words in lab.status


def test_pairs_are_read_as_people_write_them():
    assert pairs(" tenant = Blue ,purpose=a=b, empty=,") == {"tenant": "Blue", "purpose": "a=b", "empty": ""}
    assert pairs("") == {}


def test_what_a_reader_sees_without_a_kernel_is_the_same_in_every_run(sim, lab):
    one, two = lab._repr_mimebundle_(), BlobLab(sim)._repr_mimebundle_()
    assert (one["text/plain"], one["text/html"]) == (two["text/plain"], two["text/html"])
    assert 'alt="Same blob, same context: it opens' in one["text/html"]


def test_every_control_has_a_label(lab):
    assert all(control.description for control in lab.controls)
