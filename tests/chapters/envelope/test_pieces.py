import pytest
from hypothesis import given
from hypothesis import strategies as st

from kms_teach.chapters.envelope.pieces import in_pieces, one_envelope, pieces_or_envelope
from kms_teach.client_side.envelope import decrypt, encrypt
from tests.drawing.drawn import quarrels, texts


def counted(records):
    """(calls, bytes sent, bytes returned, bytes of the file), as the trail has them."""
    sent = [sum(record.sent.values()) for record in records]
    returned = [sum(record.returned.values()) for record in records]
    of_the_file = sum(record.sent.get("Plaintext", 0) for record in records)
    return len(records), sum(sent), sum(returned), of_the_file


def as_claimed(way):
    return way.calls, way.sent, way.returned, way.of_the_file


@pytest.fixture
def kms_key(kms):
    return kms.create_key()["KeyMetadata"]["KeyId"]


@pytest.mark.parametrize("size", [1, 4096, 4097, 10_000, 12_288])
def test_the_way_in_pieces_counts_what_really_doing_it_takes(sim, kms, kms_key, size):
    before = len(sim.trail)
    data = bytes(size)
    blobs = [
        kms.encrypt(KeyId=kms_key, Plaintext=data[at : at + 4096])["CiphertextBlob"] for at in range(0, size, 4096)
    ]
    assert b"".join(kms.decrypt(CiphertextBlob=blob)["Plaintext"] for blob in blobs) == data
    assert counted(sim.trail[before:]) == as_claimed(in_pieces(size))


@pytest.mark.parametrize("size", [1, 10_000, 3_000_000])
def test_the_envelope_counts_what_really_doing_it_takes_whatever_the_size(sim, kms, kms_key, size):
    before = len(sim.trail)
    assert sum(map(len, decrypt(list(encrypt([bytes(size)], kms, kms_key)), kms))) == size
    assert counted(sim.trail[before:]) == as_claimed(one_envelope())


def test_the_title_says_which_way_takes_less_and_how_much():
    assert pieces_or_envelope(10**9).title == "1 GB: 488,282 calls in pieces, 2 in an envelope"
    assert pieces_or_envelope(4097).title == "4,097 bytes: 4 calls in pieces, 2 in an envelope"
    assert pieces_or_envelope(4096).title == "Up to 4,096 bytes, Encrypt alone needs no more calls"


def test_a_bar_too_thin_to_draw_says_how_thin_it_would_be():
    assert "0.00005 px wide" in " ".join(texts(pieces_or_envelope(10**9).svg))
    assert "px wide" not in " ".join(texts(pieces_or_envelope(5000).svg))


@given(st.integers(1, 10**15))
def test_any_size_fits_wide_and_narrow(size):
    picture = pieces_or_envelope(size)
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []
    assert f"{in_pieces(size).calls:,} calls" in picture.alt


def test_no_file_cannot_be_compared():
    with pytest.raises(ValueError, match="at least 1 byte"):
        pieces_or_envelope(0)


def test_the_table_holds_exact_numbers():
    (pieces, envelope) = pieces_or_envelope(10_000).table.rows
    assert pieces[1:] == ("6", "20,243", "20,243", "10,000")
    assert envelope[1:] == ("2", "113", "177", "0")
