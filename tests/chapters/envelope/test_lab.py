import hashlib
from datetime import UTC, datetime
from importlib.resources import files

import pytest

from kms_teach import Simulator
from kms_teach.chapters.envelope.facts import MISTAKES, TITLES
from kms_teach.chapters.envelope.lab import SAMPLE, EnvelopeLab
from kms_teach.chapters.envelope.readers import readers
from kms_teach.chapters.envelope.walk import File
from kms_teach.client_side.envelope import CHUNK_SIZE

PHOTO = (files("kms_teach.chapters.envelope") / SAMPLE).read_bytes()
WORDS = {kind: words for kind, (_, words) in MISTAKES.items()}


@pytest.fixture
def lab(sim):
    return EnvelopeLab(sim)


def step(lab, times=1):
    for _ in range(times):
        lab.next.click()


def upload(lab, name, content):
    lab.own.value = [
        {
            "name": name,
            "content": memoryview(content),
            "size": len(content),
            "type": "",
            "last_modified": datetime(2026, 1, 1, tzinfo=UTC),
        }
    ]


def tried(lab):
    return {one.who: one.words for one in lab.moment.attempts}


def own(record):
    """Whether the lab's program made this call, not one of the four who look at it."""
    return record.event["userIdentity"]["type"] == "Root"


def own_calls(sim):
    return [record.event["eventName"] for record in sim.trail.named("GenerateDataKey", "Decrypt") if own(record)]


def test_it_opens_before_the_first_step_and_has_asked_for_no_data_key(sim, lab):
    assert lab.picture.title == TITLES[0]
    assert own_calls(sim) == []
    assert lab.status == (
        "lake.jpg has 20,911 bytes; `Encrypt` takes at most 4,096. Press Next step to ask KMS for a data key."
    )


def test_seven_steps_bring_the_file_back_with_two_calls(sim, lab):
    seen = [lab.picture.title]
    for _ in range(7):
        step(lab)
        seen.append(lab.picture.title)
    assert seen == [TITLES[n] for n in range(8)]
    assert own_calls(sim) == ["GenerateDataKey", "Decrypt"]
    assert lab.moment.facts.same
    assert lab.status == (
        "The same SHA-256 as before. It took 2 calls; in pieces of 4,096 bytes it would have been 12."
    )
    step(lab)
    assert lab.status.endswith("This is the end: go back, or choose what goes wrong.")
    assert own_calls(sim) == ["GenerateDataKey", "Decrypt"]


@pytest.mark.parametrize("mistake", ["", *MISTAKES])
def test_what_the_picture_says_of_the_four_is_what_they_really_got(lab, mistake):
    lab.wrong.value = mistake
    while not lab.walk.ended:
        step(lab)
    for moment in lab.walk.moments:
        says = [(reader.who, reader.can) for reader in readers(moment.facts)]
        assert [(one.who, one.got) for one in moment.attempts] == says, moment.facts.step


def test_who_read_the_file_shows_how_it_begins_and_who_did_not_shows_no_byte_of_it(lab):
    begins = PHOTO[:6].hex(" ")
    step(lab, 7)
    for moment in lab.walk.moments:
        for one in moment.attempts:
            assert (begins in one.words) == one.got


def test_the_thief_is_denied_in_awss_words(sim, lab):
    step(lab, 4)
    words = tried(lab)["A thief with the disk"]
    denied = [r for r in sim.trail.named("Decrypt") if r.caller == "thief-with-the-disk"][-1]
    assert denied.error == "AccessDeniedException"
    assert denied.event["errorMessage"] in words


def test_what_the_four_got_can_be_put_away_and_shown_again(lab):
    shown = lab._reports.value
    assert "A local program" in shown
    lab.attack.value = False
    assert lab._reports.value == ""
    lab.attack.value = True
    assert lab._reports.value == shown


@pytest.mark.parametrize(
    ("mistake", "ends", "said"),
    [
        ("lose", 6, "Refused. `ValidationException`: 1 validation error detected: Value at 'ciphertextBlob'"),
        ("key", 6, "Refused. `InvalidCiphertextException`: AWS says no more."),
        ("data", 7, "Refused. `InvalidTag`: the tag of chunk 1 does not match"),
        ("forget", 7, "The same SHA-256 as before. And the plaintext key is still in memory."),
    ],
)
def test_each_mistake_ends_in_its_own_way(sim, lab, mistake, ends, said):
    lab.wrong.value = mistake
    step(lab, 9)
    assert lab.moment.facts.step == ends
    assert lab.status.startswith(said)
    assert lab.picture.title == TITLES[mistake, ends]


@pytest.mark.parametrize("mistake", ["lose", "key"])
def test_the_refusal_shown_is_the_one_in_the_trail(sim, lab, mistake):
    lab.wrong.value = mistake
    step(lab, 6)
    refused = [r for r in sim.trail.named("Decrypt") if own(r)][-1]
    assert refused.event["errorCode"] == lab.moment.facts.refused.code
    assert refused.event.get("errorMessage", "") == lab.moment.facts.refused.words
    assert lab.moment.facts.calls[-1].sent == refused.sent


def test_the_plaintext_key_is_really_erased_in_step_5_and_7_and_really_not_when_forgotten(lab):
    step(lab, 4)
    key = lab.walk.memory.key
    assert any(key.plaintext)
    step(lab)
    assert not any(key.plaintext)
    step(lab)
    back = lab.walk.memory.key
    assert any(back.plaintext)
    step(lab)
    assert not any(back.plaintext)
    lab.wrong.value = "forget"
    assert any(lab.walk.memory.key.plaintext)


def test_the_disk_holds_what_the_picture_says(lab):
    assert not lab.disk.exists()
    step(lab, 3)
    assert lab.disk.read_bytes()[:4] == bytes(4)
    step(lab)
    stored = lab.disk.read_bytes()
    assert stored[:4] == b"KTE1"
    assert len(stored) == lab.moment.facts.stored + 4 + 2 + 113 + 7
    assert PHOTO[:16] not in stored
    assert bytes(lab.walk.memory.key.plaintext) not in stored


def test_a_mistake_chosen_later_is_made_by_doing_the_same_steps_again(sim, lab):
    step(lab, 5)
    lab.wrong.value = "forget"
    assert lab.picture.title == TITLES["forget", 5]
    assert lab.status.endswith("The steps were done again, with a new data key.")
    assert own_calls(sim) == ["GenerateDataKey"] * 2
    step(lab, 2)
    lab.wrong.value = "lose"
    assert (lab.moment.facts.step, lab.picture.title) == (6, TITLES["lose", 6])


def test_back_looks_back_and_calls_nothing(sim, lab):
    step(lab, 6)
    calls = len(sim.trail)
    lab.back.click()
    assert lab.picture.title == TITLES[5]
    assert lab.status.endswith("You are looking back: nothing is called again.")
    for _ in range(9):
        lab.back.click()
    assert lab.status == "This is the beginning: press Next step."
    step(lab, 6)
    assert lab.picture.title == TITLES[6]
    assert len(sim.trail) == calls


def test_what_kms_refuses_for_another_reason_is_said_and_the_step_can_be_done_later(sim, kms, lab):
    lab.wrong.value = "key"
    step(lab, 5)
    kms.disable_key(KeyId=kms.describe_key(KeyId="alias/photos")["KeyMetadata"]["KeyId"])
    step(lab)
    assert lab.status.startswith("Refused. `DisabledException`")
    assert lab.moment.facts.step == 5
    kms.enable_key(KeyId=kms.describe_key(KeyId="alias/photos")["KeyMetadata"]["KeyId"])
    step(lab)
    assert (lab.moment.facts.step, lab.moment.facts.refused.code) == (6, "InvalidCiphertextException")


@pytest.mark.parametrize("size", [1, 4096, CHUNK_SIZE, 3 * CHUNK_SIZE + 1])
@pytest.mark.parametrize("mistake", ["", "data", "lose"])
def test_a_file_of_ones_own_of_any_size_by_upload(lab, size, mistake):
    lab.wrong.value = mistake
    upload(lab, "mine.bin", bytes(at % 251 for at in range(size)))
    assert lab.status.startswith("mine.bin has ")
    step(lab, 7)
    assert lab.walk.ended
    assert lab.moment.facts.same is (True if not mistake else None)
    assert [(one.who, one.got) for one in lab.moment.attempts] == [(r.who, r.can) for r in readers(lab.moment.facts)]


def test_a_small_file_is_told_that_encrypt_alone_would_do(lab):
    upload(lab, "note.txt", b"Meet me at noon.")
    assert "note.txt has 16 bytes; `Encrypt` takes up to 4,096, so this file too. Press" in lab.status


def test_a_file_by_its_path_is_read_in_pieces_with_progress(tmp_path, lab):
    big = tmp_path / "big.bin"
    big.write_bytes(bytes(20 * CHUNK_SIZE))
    told = []
    lab._line.observe(lambda change: told.append(change["new"]), "value")
    lab.path.value = str(big)
    assert lab.status.startswith("big.bin has 21 MB; `Encrypt` takes at most 4,096")
    step(lab, 3)
    assert [words for words in told if "of 21 MB are done" in words][-1] == "21 MB of 21 MB are done …"
    assert 5 <= sum("are done" in words for words in told) <= 11
    assert lab.status == "AES-256-GCM ran on this computer, over 20 chunks. KMS was not asked."
    step(lab, 4)
    assert lab.moment.facts.same
    assert big.read_bytes() == bytes(20 * CHUNK_SIZE)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere.txt", "cannot be read: type the path of a file of yours."),
        ("", "cannot be read: type the path of a file of yours."),
        ("empty.txt", "`empty.txt` is empty: choose a file with at least one byte."),
    ],
)
def test_a_path_that_gives_no_file_is_answered_and_changes_nothing(tmp_path, lab, name, said):
    (tmp_path / "empty.txt").touch()
    step(lab, 2)
    lab.path.value = str(tmp_path / name)
    assert lab.status.startswith("Not done. ")
    assert lab.status.endswith(said)
    assert (lab.file.name, lab.moment.facts.step) == (SAMPLE, 2)


def test_an_empty_upload_is_answered(lab):
    upload(lab, "empty.txt", b"")
    assert lab.status == "Not done. `empty.txt` is empty: choose a file with at least one byte."


def test_a_file_that_goes_away_is_answered_and_the_step_can_be_done_later(tmp_path, lab):
    mine = tmp_path / "mine.txt"
    mine.write_bytes(b"mine")
    lab.path.value = str(mine)
    step(lab, 2)
    mine.unlink()
    step(lab)
    assert lab.status.startswith("Not done. The disk refused, No such file or directory")
    assert lab.moment.facts.step == 2
    mine.write_bytes(b"mine")
    step(lab)
    assert lab.moment.facts.step == 3


def test_start_again_keeps_the_file_and_the_sample_comes_back_when_asked(lab):
    upload(lab, "note.txt", b"Meet me at noon.")
    step(lab, 3)
    lab.again.click()
    assert (lab.file.name, lab.moment.facts.step) == ("note.txt", 0)
    lab.sample.click()
    assert (lab.file.name, lab.moment.facts.step) == (SAMPLE, 0)


def test_a_key_of_ones_own_is_used_and_named(sim, kms):
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/mine", TargetKeyId=key)
    lab = EnvelopeLab(sim, "alias/mine")
    step(lab)
    assert sim.trail.named("GenerateDataKey")[-1].event["requestParameters"]["keyId"] == "alias/mine"
    assert lab.moment.facts.key == "alias/mine"
    assert EnvelopeLab(sim, key).moment.facts.key == f"{key[:8]}…"


def test_two_labs_share_the_key_behind_the_alias_and_nothing_else(sim, kms, lab):
    other = EnvelopeLab(sim)
    step(lab, 4)
    step(other, 5)
    assert len(kms.list_keys()["Keys"]) == 1
    assert lab.disk != other.disk
    step(lab, 3)
    assert lab.moment.facts.same


def test_what_a_notebook_stores_of_it_is_the_same_each_time():
    def stored():
        with Simulator(start="2026-01-01T00:00:00Z") as sim:
            bundle = EnvelopeLab(sim)._repr_mimebundle_()
            return bundle["text/plain"], bundle["text/html"]

    assert stored() == stored()
    assert stored()[0].startswith("Envelope encryption: Envelope, step 0 of 7")


def test_the_sealed_file_goes_when_the_lab_goes(sim):
    lab = EnvelopeLab(sim)
    step(lab, 4)
    folder = lab.disk.parent
    assert folder.exists()
    lab._gone()
    assert not folder.exists()


def test_a_file_gives_its_bytes_as_often_as_asked(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(range(256)))
    for file in (File.at(path), File.of("a.bin", bytes(range(256)))):
        assert {hashlib.sha256(b"".join(file.read())).hexdigest() for _ in range(2)} == {
            hashlib.sha256(bytes(range(256))).hexdigest()
        }


def test_a_thing_is_pressed_to_have_it_go_wrong_and_once_more_to_have_it_right(lab):
    for _ in range(4):
        lab.next.click()
    for count, (mistake, at) in enumerate({"forget": 1, "lose": 2, "data": 3, "key": 4}.items()):
        assert f'data-points="What goes wrong" data-value="{at}"' in lab.picture.svg
        lab._keyboard.pointed = ["What goes wrong", at, 2 * count]
        assert (lab.wrong.value, lab.at, lab.moment.facts.mistake) == (mistake, 4, mistake)
        assert 'data-points="What goes wrong" data-value="0"' in lab.picture.svg
        lab._keyboard.pointed = ["What goes wrong", 0, 2 * count + 1]
        assert (lab.wrong.value, lab.at, lab.moment.facts.mistake) == ("", 4, "")
