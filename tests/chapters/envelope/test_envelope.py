import re
import xml.etree.ElementTree as ET

import pytest
from msgspec.structs import replace

from kms_teach.chapters.envelope.envelope import envelope
from kms_teach.chapters.envelope.facts import MISTAKES, STEPS, TITLES, Envelope, Refusal
from kms_teach.chapters.envelope.readers import readers
from kms_teach.chapters.envelope.summary import envelope_summary
from tests.drawing.drawn import quarrels, texts, words

SIZE = 1_200_000_000
KEY, SEALED = "the plaintext data key", "the encrypted data key"


@pytest.fixture(scope="module")
def trail():
    """The records of a real GenerateDataKey and a real Decrypt."""
    from kms_teach import Simulator

    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        kms = sim.client("kms", region="eu-west-1")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        blob = kms.generate_data_key(KeyId=key, KeySpec="AES_256")["CiphertextBlob"]
        kms.decrypt(CiphertextBlob=blob)
        return list(sim.trail)


@pytest.fixture(scope="module")
def at(trail):
    def moment(step, mistake="", name="photos.zip", **more):
        refused = {
            ("key", 6): Refusal("InvalidCiphertextException", ""),
            ("lose", 6): Refusal("ValidationException", "1 validation error detected: " + "Member must … " * 10),
            ("data", 7): Refusal("InvalidTag", "the tag of chunk 1 does not match", "the program"),
        }.get((mistake, step))
        same = True if step == 7 and not refused else None
        stored = SIZE + 16 if step >= 3 else 0
        facts = {"mistake": mistake, "refused": refused, "same": same, "stored": stored} | more
        return Envelope.of(trail, step, name, SIZE, "alias/photos", **facts)

    return moment


def paths():
    """Every moment there is: each step of each mistake, up to its end."""
    ends = {"key": 6, "lose": 6}
    return [(step, mistake) for mistake in ("", *MISTAKES) for step in range(ends.get(mistake, 7) + 1)]


def can(e):
    return [reader.can for reader in readers(e)]


YES, NO = True, False
NOBODY = [NO] * 4


@pytest.mark.parametrize(
    ("mistake", "expected"),
    [
        ("", [[YES, NO, NO, NO]] * 4 + [[YES, NO, YES, NO], [NO, NO, YES, NO]] + [[YES, NO, YES, NO]] * 2),
        ("forget", [[YES, NO, NO, NO]] * 4 + [[YES, NO, YES, NO]] * 4),
        ("lose", [[YES, NO, NO, NO]] * 5 + [NOBODY] * 2),
        ("data", [[YES, NO, NO, NO]] * 4 + [[YES, NO, YES, NO], [NO, NO, YES, NO], [YES, NO, YES, NO], [NO, NO, YES, NO]]),
        ("key", [[YES, NO, NO, NO]] * 4 + [[YES, NO, YES, NO], [NO, NO, YES, NO], NOBODY]),
    ],
)  # fmt: skip
def test_who_could_read_the_file_at_each_step(at, mistake, expected):
    assert [can(at(step, mistake)) for step, made in paths() if made == mistake] == expected


def test_sizes_and_region_come_from_the_trail(at, trail):
    e = at(6)
    assert (e.region, e.plain_key, e.encrypted_key) == ("eu-west-1", 32, 113)
    assert [call.operation for call in e.calls] == ["GenerateDataKey", "Decrypt"]
    assert (e.sent, e.returned, e.of_the_file) == (113, 32 + 113 + 32, 0)
    assert [len(at(step).calls) for step in range(8)] == [0, 1, 1, 1, 1, 1, 2, 2]
    assert "AWS KMS, eu-west-1" in texts(envelope(e).svg)


def test_the_traffic_counts_what_came_back_when_it_is_taken(at):
    assert [at(step).traffic for step in (0, 1, 2, 6)] == [
        "0 calls, 0 bytes to KMS, 0 bytes back",
        "1 call, 0 bytes to KMS, 0 bytes back",
        "1 call, 0 bytes to KMS, 145 bytes back",
        "2 calls, 113 bytes to KMS, 177 bytes back",
    ]


def test_a_plaintext_that_did_go_to_kms_is_counted(at):
    e = at(6)
    e = replace(e, calls=(*e.calls, replace(e.calls[0], sent={"Plaintext": 4096})))
    assert "KMS got 4,096 bytes." in " ".join(texts(envelope(e).svg))


def marks(picture):
    """How often each mark stands in the drawing."""
    used = re.findall(r'href="#envelope-([\w-]+)"', picture.svg)
    return {mark: used.count(mark) for mark in used}


def test_plaintext_is_drawn_solid_only_while_it_is_there(at):
    sheets = [marks(envelope(at(step))).get("sheet", 0) for step in range(8)]
    assert sheets == [1, 1, 1, 0, 0, 0, 0, 1]
    ciphers = [marks(envelope(at(step))).get("cipher", 0) for step in range(8)]
    assert ciphers == [0, 0, 0, 1, 1, 1, 1, 1]
    # a data key in memory, besides the one on the HSM's plate and those that crossed the network
    keys = [marks(envelope(at(step)))["key"] - 1 - (step >= 2) - (step >= 6) for step in range(8)]
    assert keys == [0, 0, 1, 1, 1, 0, 1, 0]


@pytest.mark.parametrize("mistake", ["", *MISTAKES])
def test_from_step_to_step_the_height_and_the_labels_stay(at, mistake):
    steps = [envelope(at(step, made)) for step, made in paths() if made == mistake]
    assert len({ET.fromstring(p.svg).get("viewBox") for p in steps}) == 1
    fixed = ("Your computer", "memory", "disk", "alias/photos", "KMS key", "key material", "KMS by itself", *map(str, range(1, 8)))  # fmt: skip
    places = [{w.text: (round(w.left + w.right), w.top) for w in words(p.svg) if w.text in fixed} for p in steps]
    assert all(set(fixed) <= set(place) for place in places)
    discs = {str(n) for n in range(1, 8)}
    for name in set(fixed) - discs:
        assert len({place[name] for place in places}) == 1


def test_nothing_overlaps_or_leaves_the_card(at):
    for step, mistake in paths():
        assert quarrels(envelope(at(step, mistake)).svg) == []


@pytest.mark.parametrize("name", ["a", "W" * 200, "ein Ürlaub, 漢字.jpg", "<b>&.zip"])
def test_any_file_name_fits(at, name):
    for step in (0, 4, 7):
        assert quarrels(envelope(at(step, name=name)).svg) == []


def test_titles_differ_from_step_to_step_and_every_mistake_has_its_own():
    assert len(set(TITLES.values())) == len(TITLES)
    assert {key[0] for key in TITLES if isinstance(key, tuple)} == set(MISTAKES)
    assert {key for key in TITLES if isinstance(key, int)} == set(range(len(STEPS) + 1))


@pytest.mark.parametrize(("mistake", "step"), [key for key in TITLES if isinstance(key, tuple)])
def test_a_mistake_shows_in_title_words_and_accent(at, mistake, step):
    right, wrong = envelope(at(step)), envelope(at(step, mistake))
    assert wrong.title == TITLES[mistake, step] != right.title
    assert "#D55E00" in wrong.svg
    assert "#D55E00" not in right.svg
    assert wrong.alt != right.alt


def test_before_a_mistake_shows_the_picture_is_the_same_but_for_what_it_promises(at):
    assert envelope(at(3, "lose")) == envelope(at(3))
    assert envelope(at(5, "key")) == envelope(at(5))
    assert readers(at(4))[0].answer == "yes, until step 5"
    assert readers(at(4, "forget"))[0].answer == "yes"


def test_the_answer_that_changed_bears_the_accent(at):
    changed = [[r.who for r in readers(at(step)) if r.changed] for step in range(8)]
    assert changed == [
        [], [], [], [], ["Who has kms:Decrypt"], ["A local program"], ["A local program"], [],
    ]  # fmt: skip
    assert [r.who for r in readers(at(5, "forget")) if r.changed] == ["A local program"]
    assert [r.who for r in readers(at(6, "lose")) if r.changed] == ["A local program", "Who has kms:Decrypt"]


def test_a_refusal_is_shown_whole_with_whose_words_it_is_in(at):
    shown = " ".join(texts(envelope(at(6, "lose")).svg))
    refused = at(6, "lose").refused
    assert " ".join(refused.words.split()) in " ".join(shown.split())
    assert "in AWS's words" in shown
    assert "AWS gives no further words" in " ".join(texts(envelope(at(6, "key")).svg))
    assert "in the program's words" in " ".join(texts(envelope(at(7, "data")).svg))


def test_a_file_that_comes_out_different_is_not_called_the_same(at):
    assert "is the file that went in" in at(7).outcome
    assert "is not the file that went in" in at(7, same=False).outcome
    assert '"#envelope-denied"' in envelope(at(7, same=False)).svg


def test_the_words_say_what_the_drawing_shows(at):
    spoken = [envelope(at(step)).alt for step in range(8)]
    assert [KEY in said for said in spoken] == [NO, NO, YES, YES, YES, NO, YES, NO]
    assert [f"beside it {SEALED}" in said for said in spoken] == [NO] * 4 + [YES] * 4
    assert all(f"{r.who}: {r.answer}. {r.why}" in spoken[5] for r in readers(at(5)))
    assert "with one byte changed" in envelope(at(7, "data")).alt
    assert "was not stored and is lost" in envelope(at(5, "lose")).alt


def test_the_table_says_who_could_read(at):
    rows = envelope(at(5)).table.rows
    assert [(who, answer) for who, answer, _ in rows] == [
        ("A local program", "no, since step 5"), ("A thief with the disk", "no"),
        ("Who has kms:Decrypt", "yes, via KMS"), ("KMS by itself", "no"),
    ]  # fmt: skip


def test_the_summary_has_a_line_for_each_step_and_its_title_follows_from_them(at):
    page = envelope_summary([at(step) for step in range(8)])
    assert page.title == "Discard the key, and only kms:Decrypt opens the file"
    assert len(page.table.rows) == 8
    assert page.table.rows[5][3:] == ("no", "no", "yes", "no")
    assert quarrels(page.svg) == []
    forgotten = envelope_summary([at(step, "forget") for step in range(8)])
    assert forgotten.title == "At no step did the file need kms:Decrypt to be read"
    assert page.table.rows[6][2] == "113 bytes to it, 32 bytes back"
