import hashlib
import re
import sys
import xml.etree.ElementTree as ET

import pytest

from kms_teach.chapters.encrypt.limits import limits
from kms_teach.keys.specs import ENCRYPT_MAX
from tests.drawing.drawn import quarrels, words

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.slow
@pytest.mark.parametrize("pair", ENCRYPT_MAX, ids="-".join)
def test_every_limit_drawn_is_where_kms_begins_to_refuse(kms, refused, pair):
    spec, algorithm = pair
    drawn = {row[:2]: int(row[2].replace(",", "")) for row in limits().table.rows}[pair]
    key = kms.create_key(KeySpec=spec, KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
    kms.encrypt(KeyId=key, Plaintext=bytes(drawn), EncryptionAlgorithm=algorithm)
    more = refused(kms.encrypt, KeyId=key, Plaintext=bytes(drawn + 1), EncryptionAlgorithm=algorithm)
    assert more.code == "ValidationException"


@pytest.mark.parametrize(("canvas", "prefix"), [("svg", "limits"), ("narrow", "limits-narrow")])
def test_the_bars_are_to_scale_the_largest_first(canvas, prefix):
    root = ET.fromstring(getattr(limits(), canvas))
    sizes = sorted(ENCRYPT_MAX.values(), reverse=True)
    bars = [root.find(f".//{SVG}g[@id='{prefix}-bar-{at}']/{SVG}path") for at in range(len(sizes))]
    ends = [[tuple(map(float, point.split())) for point in re.findall(r"[ML] (\S+ \S+)", bar.get("d"))] for bar in bars]
    widths = [max(x for x, _ in corners) - min(x for x, _ in corners) for corners in ends]
    assert widths == pytest.approx([size * widths[0] / sizes[0] for size in sizes], abs=0.1)
    assert [min(y for _, y in corners) for corners in ends] == sorted(min(y for _, y in corners) for corners in ends)


@pytest.mark.parametrize("canvas", ["svg", "narrow"])
def test_every_spec_and_size_is_written_beside_its_bar(canvas):
    drawn = getattr(limits(), canvas)
    said = {line.text: line for line in words(drawn)}
    for (spec, _), size in ENCRYPT_MAX.items():
        assert abs(said[spec].top - said[f"{size:,}"].top) < 40
    assert quarrels(drawn) == []


def test_without_matplotlib_the_limits_are_a_table_that_says_the_same(monkeypatch):
    with_it = limits()
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    without = limits()
    assert repr(without) == repr(with_it)
    assert (without.spoken, without.table) == (with_it.spoken, with_it.table)
    for drawn in (without.svg, without.narrow):
        assert {f"{size:,}" for size in ENCRYPT_MAX.values()} <= {line.text for line in words(drawn)}
        assert quarrels(drawn) == []


def test_the_sums_come_out():
    sums = re.findall(r"(SHA-\d+), \d+ bytes: (\d+) − 2 × (\d+) − 2 = (\d+)", limits().alt)
    assert len(sums) == 2
    for name, block, digest, result in sums:
        assert int(block) - 2 * int(digest) - 2 == int(result)
        assert int(digest) == hashlib.new(name.replace("-", "")).digest_size
        assert int(result) == ENCRYPT_MAX["RSA_4096", f"RSAES_OAEP_{name.replace('-', '_')}"]


def test_the_message_and_the_table_say_the_same_as_the_drawing():
    picture = limits()
    assert picture.title == "A symmetric key takes 4,096 bytes; RSA stops at 470 or sooner"
    assert len(picture.table.rows) == len(ENCRYPT_MAX)
    for spec, algorithm, size in picture.table.rows:
        assert f"{spec}, {algorithm}: {size} bytes" in picture.alt
