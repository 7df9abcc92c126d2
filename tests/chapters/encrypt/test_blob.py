import contextlib
import re
import xml.etree.ElementTree as ET

import pytest
from msgspec.structs import replace

from kms_teach.chapters.encrypt.blob import blob
from kms_teach.chapters.encrypt.blob_facts import PARTS, TITLES, BlobFacts, difference
from kms_teach.drawing import lettering
from kms_teach.drawing.look import LAB, WIDE
from kms_teach.hsm.blob import OVERHEAD, fields
from tests.drawing.drawn import quarrels, words

SVG = "{http://www.w3.org/2000/svg}"
CONTEXT = {"tenant": "Blue", "purpose": "backup"}
PLAINTEXT = b"Meet me at noon."
OTHERS = {
    "same": CONTEXT,
    "order": dict(reversed(CONTEXT.items())),
    "none": {},
    "case": CONTEXT | {"tenant": "blue"},
    "missing": {"tenant": "Blue"},
    "extra": CONTEXT | {"more": "1"},
    "other": CONTEXT | {"tenant": "Red"},
}


def texts(svg):
    return [" ".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.fixture
def encrypted(kms, key):
    return kms.encrypt(KeyId=key, Plaintext=PLAINTEXT, EncryptionContext=CONTEXT)["CiphertextBlob"]


@pytest.fixture
def tried(sim, kms, encrypted):
    """The facts of a real Decrypt, with this context, and this bit flipped before."""

    def run(context=CONTEXT, flipped=None):
        sent = bytearray(encrypted)
        if flipped:
            sent[flipped[0] - 1] ^= 1 << flipped[1]
        with contextlib.suppress(kms.exceptions.ClientError):
            kms.decrypt(CiphertextBlob=bytes(sent), EncryptionContext=context)
        return BlobFacts.of(encrypted, CONTEXT).tried(sim.trail[-1], context, flipped)

    return run


def test_the_anatomy_is_that_of_the_real_bytes(encrypted):
    facts = BlobFacts.of(encrypted, CONTEXT)
    assert facts.fields == fields(encrypted)
    assert (facts.size, facts.plaintext) == (len(PLAINTEXT) + OVERHEAD, len(PLAINTEXT))
    picture = blob(facts)
    assert picture.title == "A blob names its key and hides your 16 bytes"
    assert [(row[0], row[1]) for row in picture.table.rows] == [(name, str(size)) for name, size in facts.fields]


def test_bytes_that_are_no_blob_of_ours_are_refused_with_what_to_do():
    with pytest.raises(ValueError, match="give one that Encrypt returned"):
        BlobFacts.of(b"AgV4 something else")


def test_every_field_of_the_layout_is_explained_and_no_other(encrypted):
    assert list(PARTS) == [name for name, _ in fields(encrypted)]


def test_the_ciphertext_alone_is_hatched_and_not_in_clear(encrypted):
    picture = blob(BlobFacts.of(encrypted, CONTEXT))
    assert [row[0] for row in picture.table.rows if row[2] == "no"] == ["ciphertext"]
    for svg in (picture.svg, picture.narrow):
        assert re.search(r'<pattern id="blob[\w-]*hatch"', svg)
        assert len(re.findall(r'<rect[^>]*fill="url\(#blob[\w-]*hatch\)"', svg)) == 1


@pytest.mark.parametrize("size", [1, 16, 128])
def test_the_fields_are_drawn_to_scale(kms, key, size):
    cipher = kms.encrypt(KeyId=key, Plaintext=bytes(size))["CiphertextBlob"]
    each = 704 / len(cipher)
    assert drawn(blob(BlobFacts.of(cipher)).svg) == pytest.approx([s * each for _, s in fields(cipher)], abs=0.11)


def test_a_long_ciphertext_is_drawn_shorter_and_the_picture_says_so(kms, key):
    cipher = kms.encrypt(KeyId=key, Plaintext=bytes(4096))["CiphertextBlob"]
    picture = blob(BlobFacts.of(cipher))
    widths = dict(zip([name for name, _ in fields(cipher)], drawn(picture.svg), strict=True))
    assert widths["salt"] == pytest.approx(widths["tag"], abs=0.1)
    assert widths["ciphertext"] < 704 / 2
    assert "the ciphertext drawn shorter than it is" in picture.alt
    assert "drawn to scale" not in picture.alt


def drawn(svg):
    """The widths of the fields, from left to right."""
    bars = [node for node in ET.fromstring(svg).iter(f"{SVG}rect") if node.get("height") == "44" and node.get("stroke")]
    return [float(bar.get("width")) for bar in bars]


@pytest.mark.parametrize("kind", OTHERS)
def test_a_context_is_named_by_what_distinguishes_it_and_kms_agrees(tried, kind):
    facts = tried(OTHERS[kind])
    assert difference(facts.sealed, facts.brought) == kind
    assert blob(facts).title == TITLES[kind]
    assert (facts.opened == len(PLAINTEXT)) == (kind in {"same", "order"})
    assert (facts.code == "InvalidCiphertextException") == (facts.opened is None)


def test_no_context_at_both_ends_is_the_same_context():
    assert difference((), ()) == "same"


@pytest.mark.parametrize(
    ("kind", "loud"), [("case", "tenant=blue,"), ("missing", "purpose is missing"), ("extra", "more=1")]
)
def test_the_pair_that_does_not_fit_is_set_off(tried, kind, loud):
    root = ET.fromstring(blob(tried(OTHERS[kind])).svg)
    bold = [node.text for node in root.iter(f"{SVG}text") if node.get("font-weight") == "700"]
    assert loud in bold
    assert "tenant=Blue," not in bold


def test_every_flipped_bit_is_found_in_its_field_and_refused(tried, encrypted):
    at = 1
    for name, size in fields(encrypted):
        for place in (at, at + size - 1):
            facts = tried(flipped=(place, 7))
            assert (facts.hit, facts.opened) == (name, None)
            assert f"Bit 7 of byte {place} of {len(encrypted)}" in blob(facts).alt
        at += size


@pytest.mark.parametrize(
    ("byte", "title", "code"),
    [
        (1, "One flipped bit, and it is no blob any more", "InvalidCiphertextException"),
        (6, "One flipped bit, and KMS looks for another key", "AccessDeniedException"),
        (97, "One flipped bit, and nothing opens", "InvalidCiphertextException"),
    ],
)
def test_the_title_says_what_the_flipped_bit_did(tried, byte, title, code):
    facts = tried(flipped=(byte, 0))
    assert (blob(facts).title, facts.code) == (title, code)


def test_the_flipped_byte_is_marked_where_it_is(tried):
    root = ET.fromstring(blob(tried(flipped=(20, 0))).svg)
    (mark,) = [node for node in root.iter(f"{SVG}rect") if node.get("fill") == "#D55E00"]
    assert float(mark.get("x")) == pytest.approx(28 + 19 * 704 / 97, abs=0.1)


def test_a_refusal_without_words_says_that_there_are_none_and_one_with_words_shows_them(tried):
    silent, spoken = tried({}), tried(flipped=(6, 0))
    for svg in (blob(silent).svg, blob(silent).narrow):
        said = " ".join(texts(svg))
        assert "InvalidCiphertextException" in said
        assert "AWS sends this code and no message." in said
        assert "AWS's words" not in said
    for svg in (blob(spoken).svg, blob(spoken).narrow):
        assert spoken.message.replace(" ", "") in "".join(texts(svg)).replace(" ", "")
        assert "AWS's words" in texts(svg)


def test_every_answer_takes_the_same_room(tried):
    pictures = [blob(tried(flipped=flip)) for flip in (None, (1, 0), (6, 0), (97, 0))]
    for canvas in ("svg", "narrow"):
        assert len({ET.fromstring(getattr(picture, canvas)).get("height") for picture in pictures}) == 1


def test_the_description_tells_the_context_and_that_the_layout_is_ours(tried):
    alt = blob(tried(OTHERS["case"])).alt
    for part in ("tenant=Blue, purpose=backup", "tenant=blue, purpose=backup", "not inside", "AWS publishes no layout"):
        assert part in alt


def test_a_picture_holds_no_random_byte(kms, key):
    one, two = (kms.encrypt(KeyId=key, Plaintext=PLAINTEXT, EncryptionContext=CONTEXT)["CiphertextBlob"] for _ in "ab")
    assert one != two
    assert blob(BlobFacts.of(one, CONTEXT)) == blob(BlobFacts.of(two, CONTEXT))


def test_a_context_of_many_long_pairs_stays_inside_the_card(encrypted):
    long = {f"name-{n}-{'x' * 60}": "y" * 80 for n in range(5)}
    root = ET.fromstring(blob(BlobFacts.of(encrypted, long)).svg)
    assert all(float(node.get("x")) < 732 for node in root.iter(f"{SVG}text"))
    assert float(root.get("height")) > float(ET.fromstring(blob(BlobFacts.of(encrypted, CONTEXT)).svg).get("height"))


def test_the_context_hangs_from_the_tag_which_checks_it(kms):
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    blob_of = kms.encrypt(KeyId=key, Plaintext=b"nine byte", EncryptionContext={"tenant": "Blue"})["CiphertextBlob"]
    picture = blob(BlobFacts.of(blob_of, {"tenant": "Blue"}))
    tag = next(line for line in words(picture.svg) if line.text == "tag")
    hung = [float(x) for x in re.findall(r'<path d="M (\S+) \S+ V \S+ H \S+ V \S+ H', picture.svg)]
    assert len(hung) == 1
    assert tag.left < hung[0] < tag.right


@pytest.mark.parametrize("canvas", [WIDE, LAB])
@pytest.mark.parametrize("context", [
    lambda size: {f"name{at}": "v" * 20 for at in range(size // 25)}, lambda size: {"name": "v" * size},
], ids=["many pairs", "one long value"])  # fmt: skip
def test_to_lay_a_context_out_takes_steps_in_proportion_to_its_letters(monkeypatch, encrypted, canvas, context):
    measured, real = [], lettering._advance
    monkeypatch.setattr(lettering, "_advance", lambda *letter: measured.append(letter) or real(*letter))
    steps = []
    for size in (4_500, 9_000):
        measured.clear()
        given = context(size)
        blob(replace(BlobFacts.of(encrypted, given), brought=tuple(given.items())), canvas=canvas)
        steps.append(len(measured))
    assert steps[1] < 2.2 * steps[0]


def test_beside_a_labs_controls_it_is_always_as_high(tried):
    pictures = [blob(tried(context), canvas=LAB) for context in OTHERS.values()]
    pictures += [blob(tried(flipped=(byte, 0)), canvas=LAB) for byte in (1, 20, 40, 60, 70, 90)]
    assert {ET.fromstring(picture.svg).get("viewBox") for picture in pictures} == {"0 0 560 500"}
    assert [quarrels(picture.svg) for picture in pictures] == [[]] * len(pictures)
