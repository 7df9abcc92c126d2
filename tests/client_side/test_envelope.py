import io
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from kms_teach import Simulator
from kms_teach.client_side import envelope
from kms_teach.client_side.envelope import CHUNK_SIZE, TAG_SIZE, DataKey, EnvelopeError, decrypt, encrypt

CONTEXT = {"album": "lakes"}
SMALL = 64  # bytes in a chunk, for tests that look at every one


@pytest.fixture(scope="module")
def world():
    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        kms = sim.client("kms")
        yield sim, kms, kms.create_key()["KeyMetadata"]["Arn"]


@pytest.fixture
def small():
    with patch.object(envelope, "CHUNK_SIZE", SMALL):
        yield


def data(size):
    return bytes(at * 7 % 251 for at in range(size))


def sealed(world, plain, context=CONTEXT):
    _, kms, key = world
    return b"".join(encrypt([plain], kms, key, context))


def opened(world, file, context=CONTEXT, **more):
    return b"".join(decrypt([file], world[1], context, **more))


def in_pieces(whole, sizes):
    """The same bytes cut at will."""
    at = 0
    for size in sizes:
        yield whole[at : at + size]
        at += size
    yield whole[at:]


near_borders = st.builds(lambda n, off: max(0, n * SMALL + off), st.integers(0, 4), st.integers(-2, 2))
cuts = st.lists(st.integers(0, 3 * SMALL), max_size=12)


@given(near_borders | st.integers(0, 5 * SMALL), cuts, cuts)
def test_what_is_sealed_opens_again_however_it_is_cut_in_pieces(world, size, one, two):
    _, kms, key = world
    with patch.object(envelope, "CHUNK_SIZE", SMALL):
        file = b"".join(encrypt(in_pieces(data(size), one), kms, key, CONTEXT))
        assert b"".join(decrypt(in_pieces(file, two), kms, CONTEXT)) == data(size)


@pytest.mark.parametrize("size", [0, 1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 3 * CHUNK_SIZE])
def test_around_the_real_borders_it_takes_one_tag_a_chunk_and_one_header(world, size):
    plain = bytes(size)
    file = sealed(world, plain)
    chunks = max(1, -(-size // CHUNK_SIZE))
    assert len(file) == 4 + 2 + 113 + 7 + size + chunks * TAG_SIZE
    assert opened(world, file) == plain


@given(near_borders, cuts)
def test_plain_pyca_opens_it_by_the_documented_layout(world, size, one):
    _, kms, key = world
    with patch.object(envelope, "CHUNK_SIZE", SMALL):
        file = b"".join(encrypt(in_pieces(data(size), one), kms, key, CONTEXT))
    key_size = int.from_bytes(file[4:6])
    plain_key = kms.decrypt(CiphertextBlob=file[6 : 6 + key_size], EncryptionContext=CONTEXT)["Plaintext"]
    prefix, body = file[6 + key_size : 13 + key_size], file[13 + key_size :]
    chunks = [body[at : at + SMALL + 16] for at in range(0, len(body), SMALL + 16)]
    nonces = [prefix + n.to_bytes(4) + bytes([n == len(chunks) - 1]) for n in range(len(chunks))]
    parts = [AESGCM(plain_key).decrypt(nonce, chunk, b"KTE1") for nonce, chunk in zip(nonces, chunks, strict=True)]
    assert b"".join(parts) == data(size)


@given(near_borders)
def test_what_plain_pyca_sealed_by_that_layout_opens(world, size):
    _, kms, key = world
    answer = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=CONTEXT)
    blob, prefix, plain = answer["CiphertextBlob"], b"7 bytes", data(size)
    chunks = [plain[at : at + SMALL] for at in range(0, size, SMALL)] or [b""]
    file = b"KTE1" + len(blob).to_bytes(2) + blob + prefix
    for n, chunk in enumerate(chunks):
        nonce = prefix + n.to_bytes(4) + bytes([n == len(chunks) - 1])
        file += AESGCM(answer["Plaintext"]).encrypt(nonce, chunk, b"KTE1")
    with patch.object(envelope, "CHUNK_SIZE", SMALL):
        assert b"".join(decrypt([file], kms, CONTEXT)) == plain


@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_any_flipped_bit_is_refused(world):
    file = sealed(world, data(2 * SMALL + 5))
    for bit in range(8 * len(file)):
        bad = bytearray(file)
        bad[bit // 8] ^= 1 << bit % 8
        with pytest.raises((EnvelopeError, ClientError)):
            opened(world, bytes(bad))


@pytest.mark.usefixtures("small")
def test_cut_off_anywhere_it_is_refused_between_two_chunks_too(world):
    file = sealed(world, data(3 * SMALL))
    for end in range(len(file)):
        with pytest.raises(EnvelopeError):
            opened(world, file[:end])


@pytest.mark.usefixtures("small")
def test_more_at_the_end_is_refused(world):
    file = sealed(world, data(2 * SMALL))
    for more in (b"x", bytes(TAG_SIZE), file[-SMALL - TAG_SIZE :]):
        with pytest.raises(EnvelopeError, match="tag of chunk"):
            opened(world, file + more)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("order", [(1, 0, 2), (0, 0, 2), (0, 2), (0, 1, 1, 2)])
def test_chunks_moved_repeated_or_left_out_are_refused(world, order):
    file = sealed(world, data(3 * SMALL))
    size, head = SMALL + TAG_SIZE, len(file) - 3 * (SMALL + TAG_SIZE)
    chunks = [file[head + at * size : head + (at + 1) * size] for at in range(3)]
    assert opened(world, file[:head] + b"".join(chunks)) == data(3 * SMALL)
    with pytest.raises(EnvelopeError, match="tag of chunk"):
        opened(world, file[:head] + b"".join(chunks[at] for at in order))


@pytest.mark.usefixtures("small")
def test_a_chunk_of_another_file_is_refused(world):
    one, two = sealed(world, data(2 * SMALL)), sealed(world, data(2 * SMALL))
    with pytest.raises(EnvelopeError, match="tag of chunk 2"):
        opened(world, one[: -SMALL - TAG_SIZE] + two[-SMALL - TAG_SIZE :])


@pytest.mark.usefixtures("small")
def test_no_piece_is_given_out_before_its_tag_was_checked(world):
    file = bytearray(sealed(world, data(3 * SMALL)))
    file[-SMALL - 2 * TAG_SIZE - 1] ^= 1  # in the second of three chunks
    got = []
    with pytest.raises(EnvelopeError, match="chunk 2"):
        got.extend(decrypt([bytes(file)], world[1], CONTEXT))
    assert b"".join(got) == data(3 * SMALL)[:SMALL]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file[:0], "the file is empty"),
        (lambda file: b"PK\3\4" + file, "no file that was sealed here"),
        (lambda file: file[:50], "ends within its header"),
        (lambda file: file[:4] + bytes(2) + file[119:], "encrypted data key is lost"),
        (lambda file: file[:-1], "tag of chunk 1 does not match"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(world, spoil, said):
    with pytest.raises(EnvelopeError, match=said) as caught:
        opened(world, spoil(sealed(world, b"a photo")))
    assert "\n" not in str(caught.value)
    assert not str(caught.value).endswith(".")


@pytest.mark.parametrize("other", [{}, {"album": "seas"}, {"Album": "lakes"}, {**CONTEXT, "more": "1"}])
def test_another_context_is_refused_by_kms_in_its_own_words(world, other):
    with pytest.raises(ClientError, match="InvalidCiphertextException"):
        opened(world, sealed(world, b"a photo"), other)


def test_it_opens_only_with_the_key_that_is_expected(world):
    _, kms, key = world
    other = kms.create_key()["KeyMetadata"]["Arn"]
    file = sealed(world, b"a photo")
    assert opened(world, file, key_id=key) == b"a photo"
    with pytest.raises(ClientError, match="IncorrectKeyException"):
        opened(world, file, key_id=other)


def test_kms_is_asked_twice_and_gets_the_encrypted_key_alone(world):
    sim, _, _ = world
    before = len(sim.trail)
    opened(world, sealed(world, bytes(3 * CHUNK_SIZE)))
    asked = [(record.event["eventName"], record.sent, record.returned) for record in sim.trail[before:]]
    assert asked == [
        ("GenerateDataKey", {}, {"Plaintext": 32, "CiphertextBlob": 113}),
        ("Decrypt", {"CiphertextBlob": 113}, {"Plaintext": 32}),
    ]


def test_after_re_encrypt_of_the_key_alone_the_file_opens_with_the_other_kms_key(world):
    _, kms, key = world
    new = kms.create_key()["KeyMetadata"]["Arn"]
    encrypted, prefix, body = envelope.split([sealed(world, b"a photo")])
    moved = kms.re_encrypt(
        CiphertextBlob=encrypted, SourceEncryptionContext=CONTEXT, DestinationKeyId=new,
        DestinationEncryptionContext=CONTEXT,
    )["CiphertextBlob"]  # fmt: skip
    file = envelope.header(moved, prefix) + b"".join(body)
    assert opened(world, file, key_id=new) == b"a photo"
    with pytest.raises(ClientError, match="IncorrectKeyException"):
        opened(world, file, key_id=key)


def test_the_plaintext_key_is_overwritten_when_the_file_is_done_and_when_it_fails(world):
    keys = []

    class Watched(DataKey):
        def __init__(self, plaintext, encrypted):
            super().__init__(plaintext, encrypted)
            assert any(self.plaintext)
            keys.append(self)

    with patch.object(envelope, "DataKey", Watched):
        file = sealed(world, b"a photo")
        opened(world, file)
        with pytest.raises(EnvelopeError):
            opened(world, file[:-1])
        next(unfinished := encrypt([b"a photo"], world[1], world[2]))
        unfinished.close()
    assert [bytes(key.plaintext) for key in keys] == [bytes(32)] * 4


def test_a_discarded_key_says_so_and_keeps_its_encrypted_copy(world):
    _, kms, key = world
    data_key = envelope.generate(kms, key)
    assert (data_key.discarded, repr(data_key)) == (False, "<data key: plaintext 32 bytes, here; encrypted 113 bytes>")
    data_key.discard()
    assert (data_key.discarded, len(data_key.encrypted)) == (True, 113)
    assert repr(data_key) == "<data key: plaintext 32 bytes, discarded; encrypted 113 bytes>"
    with pytest.raises(EnvelopeError, match="was discarded"):
        list(envelope.seal(data_key, [b"x"]))
    assert not envelope.recover(kms, data_key.encrypted).discarded


def test_a_blob_that_holds_no_data_key_is_refused(world):
    _, kms, key = world
    blob = kms.encrypt(KeyId=key, Plaintext=b"a password")["CiphertextBlob"]
    file = envelope.header(blob, bytes(7)) + bytes(40)
    with pytest.raises(EnvelopeError, match="KMS gave 10 bytes"):
        opened(world, file, {})


def test_no_two_files_share_a_key_or_a_byte_of_ciphertext(world):
    one, two = sealed(world, bytes(1000)), sealed(world, bytes(1000))
    assert one[6:119] != two[6:119]
    assert one[126:] != two[126:]
    assert sum(a == b for a, b in zip(one[126:], two[126:], strict=True)) < 40


def test_progress_tells_the_bytes_that_are_done(world):
    _, kms, key = world
    told, told_again = [], []
    file = list(encrypt([bytes(2 * CHUNK_SIZE + 1)], kms, key, progress=told.append))
    list(decrypt(file, kms, progress=told_again.append))
    assert told == told_again == [CHUNK_SIZE, 2 * CHUNK_SIZE, 2 * CHUNK_SIZE + 1]


def test_a_long_file_passes_through_in_pieces_and_is_never_held_whole(world):
    _, kms, key = world
    made = 0

    def long_file():
        nonlocal made
        for _ in range(64):
            made += CHUNK_SIZE
            yield bytes(CHUNK_SIZE)

    given_out = 0
    for piece in decrypt(encrypt(long_file(), kms, key), kms):
        given_out += len(piece)
        assert made - given_out <= 4 * CHUNK_SIZE
    assert given_out == 64 * CHUNK_SIZE


@settings(max_examples=20)
@given(st.integers(0, 3 * SMALL))
def test_an_open_file_is_read_in_pieces(size):
    with patch.object(envelope, "CHUNK_SIZE", SMALL):
        read = list(envelope.pieces(io.BytesIO(data(size))))
    assert b"".join(read) == data(size)
    assert all(0 < len(piece) <= SMALL for piece in read)


def test_pyca_alone_refuses_the_wrong_key(world):
    """The reason behind EnvelopeError is pyca's InvalidTag, and stays its cause."""
    file = bytearray(sealed(world, b"a photo"))
    file[-1] ^= 1
    with pytest.raises(EnvelopeError) as caught:
        opened(world, bytes(file))
    assert isinstance(caught.value.__cause__, InvalidTag)


def test_one_piece_that_the_cipher_encrypted_opens_and_nothing_else_does():
    key, other = DataKey(b"k" * 32, b""), DataKey(b"o" * 32, b"")
    nonce = bytes(12)
    piece = key.cipher().encrypt(nonce, b"a lake", None)
    assert key.open(nonce, piece) == b"a lake"
    for opener, what in ((other, piece), (key, piece[:-1]), (key, b"")):
        with pytest.raises(EnvelopeError, match="another key encrypted it"):
            opener.open(nonce, what)
    with pytest.raises(EnvelopeError, match="another key encrypted it"):
        key.open(b"", piece)
