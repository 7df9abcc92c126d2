import hashlib
import re
import xml.etree.ElementTree as ET

import pytest

from kms_teach.chapters.encrypt.limits import limits
from kms_teach.keys.specs import ENCRYPT_MAX

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg):
    return [" ".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("pair", ENCRYPT_MAX, ids="-".join)
def test_every_limit_drawn_is_where_kms_begins_to_refuse(kms, refused, pair):
    spec, algorithm = pair
    drawn = {row[:2]: int(row[2].replace(",", "")) for row in limits().table.rows}[pair]
    key = kms.create_key(KeySpec=spec, KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
    kms.encrypt(KeyId=key, Plaintext=bytes(drawn), EncryptionAlgorithm=algorithm)
    more = refused(kms.encrypt, KeyId=key, Plaintext=bytes(drawn + 1), EncryptionAlgorithm=algorithm)
    assert more.code == "ValidationException"


@pytest.mark.parametrize("canvas", ["svg", "narrow"])
def test_the_bars_are_to_scale_the_largest_first(canvas):
    svg = getattr(limits(), canvas)
    widths = [
        float(node.get("width")) for node in ET.fromstring(svg).iter(f"{SVG}rect") if node.get("height") in {"16", "28"}
    ]
    sizes = sorted(ENCRYPT_MAX.values(), reverse=True)
    assert widths == pytest.approx([size * widths[0] / sizes[0] for size in sizes], abs=0.1)


@pytest.mark.parametrize("canvas", ["svg", "narrow"])
def test_every_spec_and_size_is_written_beside_its_bar(canvas):
    said = texts(getattr(limits(), canvas))
    for (spec, _), size in ENCRYPT_MAX.items():
        assert spec in said
        assert f"{size:,}" in said


def test_the_sums_come_out():
    sums = re.findall(r"(SHA-\d+), \d+ bytes: (\d+) − 2 × (\d+) − 2 = (\d+)", limits().alt)
    assert len(sums) == 2
    for name, block, digest, result in sums:
        assert int(block) - 2 * int(digest) - 2 == int(result)
        assert int(digest) == hashlib.new(name.replace("-", "")).digest_size
        assert int(result) == ENCRYPT_MAX["RSA_4096", f"RSAES_OAEP_{name.replace('-', '_')}"]


def test_the_message_and_the_table_say_the_same_as_the_drawing():
    picture = limits()
    assert picture.title == "One key takes 4,096 bytes; RSA stops at 470 or sooner"
    assert len(picture.table.rows) == len(ENCRYPT_MAX)
    for spec, algorithm, size in picture.table.rows:
        assert f"{spec}, {algorithm}: {size} bytes" in picture.alt
