import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kms_teach.drawing import look, scene
from kms_teach.drawing.answers import refusal
from kms_teach.drawing.lettering import clean, shorten, width, wrap
from kms_teach.drawing.marks import MARKS
from kms_teach.drawing.markup import number
from kms_teach.drawing.svg import Drawing

SVG = "{http://www.w3.org/2000/svg}"
MESSAGE = (
    "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: kms:Encrypt on resource: "
    "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab because no resource-based policy "
    "allows the kms:Encrypt action"
)
kinds = st.fixed_dictionaries({"bold": st.booleans(), "mono": st.booleans()})


def everything(prefix, words="words"):
    d = Drawing(prefix, words, words, second=words, height=600)
    for mark in MARKS:
        if not mark.startswith(("hatch", "arrow")):
            d.use(mark, 50, 50)
    d.arrow(50, 60, 90, 60, above=words, below=words)
    d.path("M", 1, 2, "H", 3, head="arrow-ink")
    scene.plate(d, 100, 100, 100, 80, words, key="#56B4E9")
    scene.tagged_card(d, 100, 200, 200, 80, words)
    scene.region(d, 300, 200, 200, 80, words)
    scene.account(d, 300, 300, 200, 80, words)
    scene.laptop(d, 40, 300, 200, 80, words)
    scene.now_line(d, 500, 100, 200, words)
    scene.step_strip(d, [words, words, words], 2, 120, look.DATA_KEY)
    scene.outcome(d, 40, 400, True, words)
    scene.eye(d, 40, 420, False, words)
    refusal(words, words).draw(d, 28, 440, 704)
    return d


@given(st.text())
def test_a_drawing_is_well_formed_xml_whatever_the_words(words):
    root = ET.fromstring(everything("any", words).svg())
    assert root.get("role") == "img"


def test_every_id_has_the_prefix_and_every_reference_meets_its_mark():
    svg = everything("one").svg()
    ids = re.findall(r'\bid="([^"]+)"', svg)
    assert len(ids) == len(set(ids))
    assert all(name.startswith("one-") for name in ids)
    assert set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', svg)) <= {
        pair for name in ids for pair in ((name, ""), ("", name))
    }


def test_two_drawings_with_different_prefixes_share_no_id():
    one, two = (set(re.findall(r'\bid="([^"]+)"', everything(prefix).svg())) for prefix in ("one", "two"))
    assert one
    assert not one & two


def test_only_the_marks_in_use_are_defined():
    d = Drawing("few", "title", "desc", height=100)
    assert "<defs>" not in d.svg()
    d.use("cipher", 1, 1)
    assert [mark for mark in MARKS if f'id="few-{mark}"' in d.svg()] == ["hatch", "cipher"]


def test_title_and_description_are_named_by_the_drawing():
    root = ET.fromstring(Drawing("named", "The title", "The facts.", height=90).svg())
    assert [node.text for node in root[:2]] == ["The title", "The facts."]
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == ("named-t", "named-d")


def test_a_long_title_moves_the_content_and_reserved_lines_move_it_alike():
    short, long = Drawing("a", "short", "d"), Drawing("a", "long " * 20, "d")
    assert short.top < long.top == Drawing("a", "short", "d", lines=2).top


def test_the_second_line_follows_the_title_however_many_lines_are_reserved():
    drawings = [Drawing("a", "short", "d", second="what is drawn", lines=lines) for lines in (1, 2)]
    assert drawings[0].svg().replace('height="0"', "") == drawings[1].svg().replace('height="0"', "")
    assert drawings[1].top - drawings[0].top == 27


def test_a_prefix_that_is_no_id_and_a_mark_that_is_none_are_refused():
    with pytest.raises(ValueError, match="prefix"):
        Drawing("No!", "t", "d")
    with pytest.raises(KeyError):
        Drawing("a", "t", "d").use("cloud", 1, 1)


@pytest.mark.parametrize("space", [704, 340])
def test_an_error_is_shown_whole_in_awss_words_and_marked_so(space):
    d = Drawing("err", "t", "d", height=600)
    refusal("AccessDeniedException", MESSAGE, "Denied").draw(d, 28, 100, space)
    texts = ["".join(node.itertext()) for node in ET.fromstring(d.svg()).iter(f"{SVG}text")]
    assert MESSAGE.replace(" ", "") in [text.replace(" ", "") for text in texts]
    assert "AWS's words" in texts


def test_the_steps_keep_their_labels_in_place_from_first_to_last():
    def labels(here):
        d = Drawing("s", "t", "d", height=200)
        scene.step_strip(d, ["ask KMS for a data key", "encrypt", "store the key with the data"], here, 100)
        return [(node.get("x"), node.get("y"), node.text) for node in ET.fromstring(d.svg()).iter(f"{SVG}tspan")]

    assert labels(1) == labels(2) == labels(3) == labels(4)


@given(st.text(), st.floats(60, 700), st.sampled_from([12, 13, 21]), kinds)
def test_wrapping_never_exceeds_the_room_and_loses_nothing_but_spaces(words, room, size, kind):
    lines = wrap(words, room, size, **kind)
    assert all(width(line, size, **kind) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(wrap(words, 10**9, size)).replace(" ", "")


@pytest.mark.parametrize(
    ("words", "room", "lines"),
    [
        ("PendingDeletion", 80, ["Pending", "Deletion"]),
        ("KMSInvalidStateException", 90, ["KMSInvalid", "State", "Exception"]),
        ("KMSInvalidStateException", 68, ["KMS", "Invalid", "State", "Exception"]),
        ("RSAES_OAEP_SHA_256", 105, ["RSAES_OAEP_", "SHA_256"]),
        ("PendingReplicaDeletion is PendingDeletion", 130, ["PendingReplica", "Deletion is", "PendingDeletion"]),
        ("arn:aws:kms:us-east-1:111122223333:key/abc", 140, ["arn:aws:kms:us-", "east-1:", "111122223333:key/", "abc"]),
    ],
)
def test_a_name_breaks_after_a_sign_or_between_the_words_of_camel_case(words, room, lines):
    assert wrap(words, room) == lines


@given(st.text(), st.floats(60, 700), kinds)
def test_shortening_fits_and_leaves_alone_what_fits(words, room, kind):
    short = shorten(words, room, **kind)
    assert width(short, **kind) <= room
    assert shorten(short, room, **kind) == short


def test_shortening_keeps_both_ends():
    short = shorten(MESSAGE, 200)
    assert short.startswith("User: ")
    assert short.endswith(" action")
    assert "…" in short


@pytest.mark.parametrize(
    ("value", "written"), [(1, "1"), (1.25, "1.2"), (-0.01, "0"), (100, "100"), (0.1 + 0.2, "0.3")]
)
def test_numbers_have_at_most_one_decimal(value, written):
    assert number(value) == written


@pytest.mark.parametrize(
    ("count", "written"),
    [(0, "0 bytes"), (1, "1 byte"), (4096, "4,096 bytes"), (1_200_000_000, "1.2 GB"), (10**6, "1 MB")],
)
def test_sizes_are_exact_where_the_limits_are(count, written):
    assert look.size(count) == written


def test_days_and_ids_have_one_form():
    assert look.day(datetime(2025, 1, 9, tzinfo=UTC)) == "9 Jan 2025"
    assert look.short_id("arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab") == "1234abcd…"
    assert look.short_id("mrk-1234abcd12ab34cd56ef1234567890ab") == "mrk-1234abcd…"
    assert look.short_id("alias/app") == "alias/app"


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("tone", [look.KMS, look.DATA_KEY, look.ALLOWED, look.DENIED])
def test_text_stands_out_from_card_and_wash(tone):
    for ground in (look.CARD, tone.wash):
        assert (luminance(ground) + 0.05) / (luminance(tone.text) + 0.05) >= 4.5


def test_an_accent_takes_no_room():
    assert width("e\u0301tude") == width("étude") == width("etude")


@given(st.text(max_size=40), st.integers(0, 300), kinds)
def test_as_many_letters_stay_as_there_is_room_for(words, room, kind):
    short = shorten(words, room, **kind)
    assert short in ("…", clean(words)) or width(short, **kind) <= room
    if short != clean(words):
        kept = len(short) - 1
        longer = clean(words)[: kept // 2 + 1] + "…" + clean(words)[len(clean(words)) - (kept + 1) // 2 :]
        assert width(longer, **kind) > room
