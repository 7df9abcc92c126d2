"""The chart of sizes, and the handshake in the trail."""

import re
import sys
import xml.etree.ElementTree as ET

import pytest

from kms_teach.chapters.signing.facts import PUBLISHED, Handshake, Sizes
from kms_teach.chapters.signing.hybrid import hybrid
from kms_teach.chapters.signing.sizes import sizes
from kms_teach.chapters.signing.tls import handshake_of
from kms_teach.client_side import partner
from tests.drawing.drawn import quarrels, texts, words

SVG = "{http://www.w3.org/2000/svg}"
SIGNING = ("ECC_NIST_P256", "ECC_NIST_EDWARDS25519", "ML_DSA_44", "ML_DSA_65", "ML_DSA_87")


@pytest.fixture
def made(sim, kms):
    """One signature or encapsulation of each spec, and the public keys."""
    for spec in (*SIGNING, "ML_KEM_768", "ML_KEM_1024"):
        usage = "SIGN_VERIFY" if spec in SIGNING else "ENCAPSULATE_DECAPSULATE"
        key = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]
        kms.get_public_key(KeyId=key["KeyId"])
        if spec in SIGNING:
            kms.sign(KeyId=key["KeyId"], Message=b"14 boats", SigningAlgorithm=key["SigningAlgorithms"][0])
        else:
            kms.encapsulate(KeyId=key["KeyId"], EncapsulationAlgorithm="ML_KEM")
    return list(sim.trail)


def test_the_sizes_are_those_of_the_run(made):
    facts = Sizes.of(made)
    assert all(row.made for row in facts.rows)
    assert {row.spec: row.bytes for row in facts.rows} == {  # FIPS 203 and 204, RFC 8032, and DER
        "ECC_NIST_EDWARDS25519": 64, "ECC_NIST_P256": 72, "ML_DSA_44": 2420, "ML_DSA_65": 3309, "ML_DSA_87": 4627,
        "ML_KEM_768": 1088, "ML_KEM_1024": 1568,
    }  # fmt: skip


def test_what_is_published_is_what_a_run_makes(made):
    facts = Sizes.of(made)
    assert {spec: (facts[spec].public, facts[spec].bytes) for spec in PUBLISHED} == PUBLISHED


@pytest.mark.parametrize("canvas", ["svg", "narrow"])
def test_the_bars_are_to_scale(made, canvas):
    picture, rows = sizes(Sizes.of(made)), Sizes.of(made).rows
    prefix = "sizes" if canvas == "svg" else "sizes-narrow"
    root = ET.fromstring(getattr(picture, canvas))
    bars = [root.find(f".//{SVG}g[@id='{prefix}-bar-{at}']/{SVG}path").get("d") for at in range(len(rows))]
    xs = [[float(x) for x, _ in re.findall(r"[ML] (\S+) (\S+)", bar)] for bar in bars]
    widths = [max(each) - min(each) for each in xs]
    most = max(row.bytes for row in rows)
    assert widths == pytest.approx([row.bytes * max(widths) / most for row in rows], abs=0.1)


@pytest.mark.parametrize("canvas", ["svg", "narrow"])
def test_every_size_is_written_and_nothing_is_cut_off(made, canvas):
    drawn = getattr(sizes(Sizes.of(made)), canvas)
    assert quarrels(drawn) == []
    assert {f"{row.bytes:,}" for row in Sizes.of(made).rows} <= set(texts(drawn))
    right = 760 - 28 if canvas == "svg" else 380 - 20
    assert max(line.right for line in words(drawn)) <= right


def test_the_title_is_a_sum(made):
    assert sizes(Sizes.of(made)).title == "An ML-DSA-65 signature is 46 times as long as ECDSA's"  # 3309 / 72 = 45.96


def test_where_no_post_quantum_key_can_be_made_the_published_sizes_stand_and_are_said_to_be_so(made):
    classical = [r for r in made if not r.parameters.get("keySpec", "").startswith("ML_")]
    facts = Sizes.of(classical)
    assert {row.spec for row in facts.rows if not row.made} == set(PUBLISHED)
    picture = sizes(facts)
    assert repr(picture) == repr(sizes(Sizes.of(made)))
    for drawn in (picture.svg, picture.narrow):
        assert {f"{size:,}*" for _, size in PUBLISHED.values()} <= set(texts(drawn))
        assert "* The published size" in " ".join(texts(drawn))
        assert quarrels(drawn) == []


def test_without_matplotlib_the_sizes_are_a_table(made, monkeypatch):
    with_it = sizes(Sizes.of(made))
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    without = sizes(Sizes.of(made))
    assert (repr(without), without.spoken, without.table) == (repr(with_it), with_it.spoken, with_it.table)


@pytest.fixture
def called(sim):
    """Three programs call, one of them twice, one without a post-quantum part; and you without TLS at all."""
    for name, group in (
        ("web", "X25519MLKEM768"),
        ("till", "x25519"),
        ("web", "X25519MLKEM768"),
        ("batch", "X25519MLKEM768"),
    ):
        sim.role(name).client("sts", key_exchange=group).get_caller_identity()
    sim.client("sts").get_caller_identity()
    return sim


def test_the_trail_tells_who_calls_without_a_post_quantum_part(called):
    facts = handshake_of(called)
    assert [who for who, _, _ in facts.calls] == ["web", "till", "batch"]
    assert facts.classical == ("till",)
    assert facts.total == (1216, 1120, 64)


def test_the_hybrid_picture_tells_both_parts_their_sum_and_each_call(called):
    picture = hybrid(handshake_of(called))
    for drawn in (picture.svg, picture.narrow):
        assert quarrels(drawn) == []
        assert {"client: 1,184 bytes", "client: 32 bytes", "client: 1,216 bytes", "classical"} <= set(texts(drawn))
    assert picture.table.rows[1] == ("till", "GetCallerIdentity", "x25519")


def test_where_pyca_has_no_ml_kem_the_picture_says_that_no_handshake_was_made(called, monkeypatch):
    monkeypatch.setattr(partner, "mlkem", None)
    picture = hybrid(handshake_of(called))
    assert "so no handshake was made" in picture.alt
    assert "not made here" in repr(picture)
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []
    assert Handshake.of(list(called.trail)).total == (0, 0, 0)
