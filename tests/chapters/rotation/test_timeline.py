from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kms_teach.chapters.rotation.facts import MOST_FILES, Backing, File, Timeline
from kms_teach.chapters.rotation.timeline import rotation
from tests.drawing.drawn import quarrels, texts


def on(year, month=1, day=1):
    return datetime(year, month, day, tzinfo=UTC)


FOUR = (
    Backing(1, on(2024, 1, 10)),
    Backing(2, on(2025, 1, 9), "AUTOMATIC"),
    Backing(3, on(2025, 8, 18), "ON_DEMAND"),
    Backing(4, on(2026, 1, 9), "AUTOMATIC"),
)
FILES = (
    File("backup.tar", on(2024, 5, 15), 1),
    File("ledger.csv", on(2025, 4, 10), 2),
    File("photos.zip", on(2025, 10, 20), 3),
    File("mail.db", on(2026, 3, 14), 4),
)
WHOLE = Timeline(
    name="alias/backups", created=on(2024, 1, 10), now=on(2026, 11, 24), materials=FOUR, files=FILES,
    planned=(on(2027, 1, 9),), period=365,
)  # fmt: skip


def many(count, days=90, **more):
    materials = tuple(
        Backing(n + 1, on(2024) + timedelta(days=days * n), "AUTOMATIC" if n else "") for n in range(count)
    )
    now = on(2024) + timedelta(days=days * count)
    return Timeline(name="alias/a", created=on(2024), now=now, materials=materials, **more)


def test_every_ciphertext_and_every_date_stands_in_the_picture():
    said = texts(rotation(WHOLE).svg)
    assert {file.name for file in FILES} <= set(said)
    assert {"10 Jan 2024", "9 Jan 2025", "18 Aug 2025", "9 Jan 2026", "9 Jan 2027", "now"} <= set(said)
    assert (said.count("automatic"), said.count("on demand"), said.count("created"), said.count("planned")) == (
        2,
        1,
        1,
        1,
    )
    assert said.count("opens") == 4


def test_each_number_stands_on_the_plate_and_on_its_ciphertext():
    said = texts(rotation(WHOLE).svg)
    assert [said.count(str(n)) for n in (1, 2, 3, 4)] == [2, 2, 2, 2]
    assert said.count("5") == 1  # what is planned has a number and no ciphertext


def test_the_title_counts_what_the_facts_count():
    assert rotation(WHOLE).title == "Rotated three times, and every old ciphertext still opens"
    assert rotation(replace(WHOLE, files=FILES[:1])).title == "Rotated three times, and the old ciphertext still opens"
    assert rotation(replace(WHOLE, files=FILES[3:])).title == "Rotated three times, and it is still one KMS key"
    assert rotation(replace(WHOLE, materials=FOUR[:2], files=FILES[:2])).title.startswith("Rotated once, and the old")
    assert rotation(replace(WHOLE, materials=FOUR[:1], files=())).title.startswith("Not rotated yet")
    assert rotation(replace(WHOLE, materials=FOUR[:1], files=(), planned=())).title.startswith("Never rotated")
    assert rotation(replace(WHOLE, materials=(), files=())).title.startswith("No key material yet")
    assert rotation(many(40)).title.startswith("Rotated 39 times")


def test_a_refusal_is_told_in_picture_title_words_and_table():
    refused = replace(FILES[0], refused="InvalidCiphertextException")
    picture = rotation(replace(WHOLE, files=(refused, *FILES[1:])))
    assert picture.title == "3 of 4 ciphertexts open"
    assert texts(picture.svg).count("refused") == 1
    assert "backup.tar: refused, InvalidCiphertextException." in picture.alt
    assert "backup.tar: InvalidCiphertextException" in picture.table.rows[0][-1]


def test_a_rotation_on_demand_between_two_planned_ones_is_said_to_have_moved_neither():
    assert WHOLE.unmoved == on(2025, 8, 18)
    assert "The rotation on demand on 18 Aug 2025 did not move the planned" in " ".join(texts(rotation(WHOLE).svg))
    moved = replace(WHOLE, materials=(*FOUR[:3], replace(FOUR[3], since=on(2026, 2, 9))), planned=())
    assert moved.unmoved is None
    assert replace(WHOLE, period=None).unmoved is None
    later = (*FOUR[:2], replace(FOUR[3], number=3), Backing(4, on(2026, 8), "ON_DEMAND"))
    assert replace(WHOLE, materials=later, planned=()).unmoved is None


def test_of_several_rotations_on_demand_that_moved_nothing_the_last_is_told():
    twice = replace(WHOLE, materials=(*FOUR, Backing(5, on(2026, 6, 1), "ON_DEMAND")))
    assert twice.unmoved == on(2026, 6, 1)
    moved_since = replace(twice, planned=(on(2027, 6, 1),))
    assert moved_since.unmoved == on(2025, 8, 18)


def test_a_disabled_key_plans_nothing_and_its_rest_is_marked():
    facts = replace(WHOLE, state="Disabled", planned=(), disabled=((on(2026, 2), None),))
    picture = rotation(facts)
    assert "disabled" in texts(picture.svg)
    assert "Disabled: no rotation until it is enabled" in texts(picture.svg)
    assert "Disabled from 1 Feb 2026." in picture.alt


def test_a_key_that_waits_for_its_deletion_says_the_day():
    facts = replace(WHOLE, state="PendingDeletion", planned=(), deletion=on(2026, 12, 24))
    picture = rotation(facts)
    assert picture.title == "From 24 Dec 2026 on, nothing will ever open again"
    assert "To be deleted on 24 Dec 2026, with all its material" in texts(picture.svg)


def test_imported_material_that_waits_and_material_that_is_gone_are_told():
    facts = replace(
        WHOLE, materials=(replace(FOUR[0], present=False), FOUR[1], Backing(3, None)), files=FILES[:2], planned=()
    )
    picture = rotation(facts)
    assert "imported, waits for its rotation" in texts(picture.svg)
    assert [row[3] for row in picture.table.rows] == ["is gone", "encrypts and decrypts", "waits"]
    assert facts.current == 2
    assert facts.rotations == 1


@pytest.mark.parametrize("count", [0, 1, 2, 6, 7, 12, 40])
def test_all_materials_are_drawn_or_said_to_be_folded(count):
    facts = many(count)
    lanes = facts.shown
    assert [m.number for lane in lanes for m in lane] == list(range(1, count + 1))
    assert len(lanes) <= 6
    for lane in lanes:
        if len(lane) > 1:
            assert f"and {len(lane)} more," in texts(rotation(facts).svg)
            assert f"{lane[0].number} to {lane[-1].number}" in texts(rotation(facts).svg)
    assert len(rotation(facts).table.rows) == count


def test_twelve_materials_fold_the_middle_and_a_ciphertext_keeps_its_own_lane():
    assert [len(lane) for lane in many(12).shown] == [1, 7, 1, 1, 1, 1]
    facts = many(12, files=(File("a", on(2025), 5),))
    assert [(lane[0].number, lane[-1].number) for lane in facts.shown] == [
        (1, 1),
        (2, 4),
        (5, 5),
        (6, 10),
        (11, 11),
        (12, 12),
    ]


def test_files_made_at_about_the_same_time_share_a_mark_and_are_counted():
    files = tuple(File(name, on(2024, 5, 15), 1) for name in ("b", "a", "c"))
    said = texts(rotation(replace(WHOLE, files=files)).svg)
    assert "a and 2 more" in said
    assert said.count("open") == 1


def test_more_than_eight_ciphertexts_are_refused():
    with pytest.raises(ValueError, match="8 ciphertexts, not 9"):
        many(3, files=tuple(File(str(n), on(2024), 1) for n in range(MOST_FILES + 1)))


def test_a_series_keeps_its_size_and_its_years_in_place():
    reach = on(2034)
    pictures = []
    for count in (1, 2, 5, 12, 40):
        facts = replace(many(count), reach=reach, lanes=6, planned=(on(2035),), period=90)
        pictures.append(rotation(facts).svg)
    assert len({svg.split("viewBox=", 1)[1].split(">")[0].split('"')[1] for svg in pictures}) == 1
    years = [[w for w in texts(svg) if w.isdigit() and len(w) == 4] for svg in pictures]
    assert all(year == years[0] for year in years)


def test_the_same_facts_give_the_same_bytes():
    assert rotation(WHOLE) == rotation(WHOLE)


@st.composite
def timelines(draw):
    start = on(2024)
    span = timedelta(days=draw(st.integers(0, 3650)))
    count = draw(st.integers(0, 40))
    dates = sorted(draw(st.floats(0, 1)) * span for _ in range(max(count - 1, 0)))
    causes = st.sampled_from(["AUTOMATIC", "ON_DEMAND"])
    materials = [Backing(n, start + at, draw(causes)) for n, at in enumerate(dates, 2)]
    materials = (*([Backing(1, start)] if count else []), *materials)
    files = []
    for n in range(draw(st.integers(0, 8)) if count else 0):
        material = draw(st.integers(1, count))
        begin = materials[material - 1].since
        end = materials[material].since if material < count else start + span
        name = draw(st.sampled_from(["a", "backup.tar", f"a-rather-long-name-{n}.tar.gz"]))
        files.append(
            File(
                name,
                begin + draw(st.floats(0, 1)) * (end - begin),
                material,
                draw(st.sampled_from(["", "DisabledException"])),
            )
        )
    due = tuple(
        start + span + timedelta(days=days) for days in draw(st.sampled_from([(), (1, 91, 181), (365,), (2560,)]))
    )
    name = draw(st.sampled_from(["alias/a", "alias/" + "very-long-" * 25]))
    return Timeline(
        name=name, created=start, now=start + span, materials=materials, files=tuple(files), planned=due, period=90
    )


@given(timelines())
@settings(max_examples=60, deadline=None)
def test_no_words_overlap_or_leave_the_card_whatever_the_history(facts):
    assert quarrels(rotation(facts).svg) == []
