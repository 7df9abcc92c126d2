import contextlib
import re
import xml.etree.ElementTree as ET

import pytest
from msgspec.structs import replace

from kms_teach.chapters.encrypt.limit import LimitFacts, limit
from kms_teach.drawing.look import LAB, WIDE
from kms_teach.keys.specs import ENCRYPT_MAX, SYMMETRIC
from tests.drawing.drawn import quarrels

SVG = "{http://www.w3.org/2000/svg}"
MOST = ENCRYPT_MAX[SYMMETRIC, SYMMETRIC]
RSA = ("RSA_2048", "RSAES_OAEP_SHA_256")
SIZES = [0, 1, 100, MOST - 1, MOST, MOST + 1, 5000, 5632, 5633, 3_400_000]


def texts(svg):
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text")]


def bars(svg):
    """The filled rectangles of the overview: (fill, left end, width)."""
    found = [
        node.attrib for node in ET.fromstring(svg).iter(f"{SVG}rect") if node.get("height") == "40" and node.get("x")
    ]
    return [(bar["fill"], float(bar["x"]), float(bar["width"])) for bar in found]


@pytest.fixture
def measure(sim, kms):
    """The facts of a real Encrypt of so many bytes, beside a real GenerateDataKey."""

    def run(size, spec=SYMMETRIC, algorithm=SYMMETRIC):
        key = kms.create_key(KeySpec=spec, KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
        data_key = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.generate_data_key(KeyId=data_key, KeySpec="AES_256")
        beside = sim.trail[-1]
        with contextlib.suppress(kms.exceptions.ClientError):
            kms.encrypt(KeyId=key, Plaintext=bytes(size), EncryptionAlgorithm=algorithm)
        return LimitFacts.of(sim.trail[-1], beside, spec, algorithm)

    return run


def test_the_facts_are_those_of_the_two_calls(measure):
    assert measure(4097) == LimitFacts(
        4097, SYMMETRIC, SYMMETRIC, None, "ValidationException",
        "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: "
        "Member must have length less than or equal to 4096",
        data_sent=0, data_key=32, wrapped_key=113,
    )  # fmt: skip
    assert (measure(4096).blob, measure(4096).code) == (4177, "")


@pytest.mark.parametrize(
    ("size", "title"),
    [
        (0, "Nothing to encrypt, so KMS encrypts nothing"),
        (1, "1 byte fits, with 4,095 to spare"),
        (4096, "4,096 bytes fit, and not one more would"),
        (4097, "One byte too many, and KMS encrypts nothing"),
        (5000, "904 bytes too many, and KMS encrypts nothing"),
        (8192, "8,192 bytes is 2 times the limit: KMS encrypts nothing"),
        (3_400_000, "3.4 MB is 830 times the limit: KMS encrypts nothing"),
    ],
)
def test_the_title_says_what_came_of_this_size(measure, size, title):
    picture = limit(measure(size))
    assert picture.title == title
    assert title in " ".join(texts(picture.svg))


def test_the_title_blames_no_size_for_a_refusal_of_another_kind(measure):
    facts = replace(measure(100), blob=None, code="DisabledException", message="the key is disabled.")
    assert limit(facts).title == "KMS refused 100 bytes, but not for their size"
    assert "all of it fits" not in texts(limit(facts).svg)


def test_a_refusal_stands_in_awss_words_and_an_encryption_in_sizes(measure):
    refused, fits = limit(measure(4097)), limit(measure(4096))
    for svg in (refused.svg, refused.narrow):
        assert measure(4097).message in [text.replace("  ", " ") for text in joined(svg)]
        assert "AWS's words" in texts(svg)
    for svg in (fits.svg, fits.narrow):
        assert any("A CiphertextBlob of 4,177 bytes came back" in text for text in texts(svg))
        assert "AWS's words" not in texts(svg)


def joined(svg):
    """Texts with their lines joined by spaces."""
    return [" ".join(filter(None, node.itertext())) for node in ET.fromstring(svg).iter(f"{SVG}text")]


def test_what_an_envelope_sends_is_read_from_the_record(measure):
    facts = replace(measure(4097), data_sent=7, data_key=16, wrapped_key=97)
    said = " ".join(joined(limit(facts).svg))
    assert re.search(r"7 bytes of your message went to KMS.*a data key of 16 bytes.*97 bytes", said)
    assert "7 bytes of the message" in limit(facts).alt


@pytest.mark.parametrize("size", [1000, 4096, 4100, 5000, 5632])
def test_the_bar_is_to_scale_on_a_scale_that_the_size_does_not_change(measure, size):
    each = 704 / 5632  # px for a byte
    (_, left, width), *_ = reversed(bars(limit(measure(size)).svg))
    assert (left, width) == (28, pytest.approx(min(size, MOST) * each, abs=0.1))
    if size > MOST:
        _, start, over = bars(limit(measure(size)).svg)[0]
        assert (start, over) == (pytest.approx(28 + MOST * each, abs=0.1), pytest.approx((size - MOST) * each, abs=1.7))


@pytest.mark.parametrize("canvas", [WIDE, LAB])
def test_as_many_bytes_are_as_wide_under_every_key_spec(measure, canvas):
    widths = {
        bars(limit(measure(150, *pair), canvas=canvas).svg)[-1][2] for pair in (RSA, (SYMMETRIC, SYMMETRIC))
    }  # fmt: skip
    assert len(widths) == 1


@pytest.mark.parametrize(("size", "broken"), [(5632, False), (5633, True), (3_400_000, True)])
def test_a_bar_beyond_the_scale_is_broken_and_says_so(measure, size, broken):
    picture = limit(measure(size))
    assert any("the bar is broken" in text for text in texts(picture.svg)) == broken
    assert any("bar broken" in text for text in texts(picture.narrow)) == broken


@pytest.mark.parametrize(("size", "held"), [(100, 0), (4094, 3), (4096, 5), (4097, 6), (9999, 10)])
def test_the_lens_fills_as_many_of_its_ten_cells_as_the_message_reaches(measure, size, held):
    root = ET.fromstring(limit(measure(size)).svg)
    cells = [node.get("fill") for node in root.iter(f"{SVG}rect") if node.get("width") == "54"]
    assert len(cells) == 10
    assert sum(fill != "#FDFDFB" for fill in cells) == held


def test_every_size_takes_the_same_room_and_shares_no_id_between_the_two_canvases(measure):
    pictures = [limit(measure(size)) for size in SIZES]
    assert len({ET.fromstring(picture.svg).get("height") for picture in pictures}) == 1
    assert len({ET.fromstring(picture.narrow).get("height") for picture in pictures}) == 1
    wide, narrow = (set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (pictures[0].svg, pictures[0].narrow))
    assert wide
    assert not wide & narrow


@pytest.mark.parametrize("pair", ENCRYPT_MAX, ids="-".join)
def test_beside_a_labs_controls_it_is_low_enough_always_as_high_and_no_words_collide(measure, pair):
    pictures = [limit(measure(size, *pair), canvas=LAB) for size in (0, 1, ENCRYPT_MAX[pair], 4096, 5632, 3_400_000)]
    assert [quarrels(picture.svg) for picture in pictures] == [[]] * len(pictures)
    (width, height), = {tuple(ET.fromstring(p.svg).get("viewBox").split()[2:]) for p in pictures}  # fmt: skip
    assert (width, float(height) <= 500) == ("560", True)


def test_the_words_for_those_who_do_not_see_it_are_the_drawings(measure):
    picture = limit(measure(4097))
    for part in ("4,097 bytes", "at most 4,096 bytes", "ValidationException", "one too many", "32 bytes", "113 bytes"):
        assert part in picture.alt
    assert ET.fromstring(picture.svg)[1].text == picture.alt
    assert repr(picture) == "Limit: 4,097 of 4,096 bytes with SYMMETRIC_DEFAULT, refused (ValidationException)"


def test_the_same_picture_serves_an_rsa_key(measure):
    most = ENCRYPT_MAX[RSA]
    fits, refused = measure(most, *RSA), measure(most + 1, *RSA)
    assert (fits.blob, refused.blob) == (256, None)
    picture = limit(refused)
    assert f"limit {most}" in texts(picture.svg)
    assert "RSA_2048, RSAES_OAEP_SHA_256" in picture.alt
    assert refused.message in joined(picture.svg)
    assert limit(fits).title == "190 bytes fit, and not one more would"


def test_every_spec_gets_a_scale_of_two_to_six_marks_beside_the_limit():
    for (spec, algorithm), most in ENCRYPT_MAX.items():
        facts = LimitFacts(most, spec, algorithm, most, data_key=32, wrapped_key=113)
        for svg in (limit(facts).svg, limit(facts).narrow):
            marks = [text for text in texts(svg) if re.fullmatch(r"[\d,]+", text)]
            assert f"limit {most:,}" in texts(svg)
            assert 2 <= len(marks) - (10 if svg == limit(facts).svg else 7) <= 6
