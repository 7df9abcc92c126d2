"""Envelope encryption by hand: a fresh data key from KMS for each file, and the file itself never goes there.

All of it is the learner's own side of the boundary: plaintext files and plaintext data keys lie in this process, and
`cryptography` works on them here. KMS is asked for GenerateDataKey and Decrypt only, by any boto3 client.

A sealed file:

    magic(4) ‖ key size(2) ‖ encrypted data key(key size) ‖ nonce prefix(7) ‖ chunk ‖ chunk ‖ … ‖ last chunk
    chunk = AES-256-GCM(data key, nonce, 0 to 1 MiB of the file, aad = magic) = ciphertext(same size) ‖ tag(16)
    nonce = nonce prefix(7) ‖ counter(4) ‖ last(1)

Why chunks, not one piece: a file of any size passes through little memory, and no byte is given out before its tag was
checked. The counter makes a moved or repeated chunk fail; `last` is 1 in the last chunk alone, so that a file cut off
between two chunks fails too (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015).

Why the encryption context is not in the file: KMS binds it to the encrypted data key, and that key binds the chunks.
Whoever opens the file says the context again, and ReEncrypt of the key alone moves the file to another KMS key.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from types import MappingProxyType, TracebackType
from typing import IO, Any, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

MAGIC = b"KTE1"
KEY_SIZE = 32  # bytes: AES-256
KEY_SIZE_SIZE = 2  # bytes
PREFIX_SIZE = 7  # bytes
COUNTER_SIZE = 4  # bytes: 2**32 chunks, 4 PiB
TAG_SIZE = 16  # bytes
CHUNK_SIZE = 2**20  # bytes of the file in each chunk but the last
NO_CONTEXT: Mapping[str, str] = MappingProxyType({})

Progress = Callable[[int], object]  # called with the bytes of the file that are done


class EnvelopeError(ValueError):
    """A sealed file that cannot be opened, in one sentence. What KMS refuses stays botocore's ClientError."""


class DataKey:
    """A data key in both its copies: `plaintext`, to be discarded soon, and `encrypted`, to be stored with the data.

    discard() overwrites the plaintext with zeros. It cannot do more in Python: boto3 handed the key over as `bytes`,
    which nobody can overwrite, and made copies before that (the answer's JSON, its base64). They are freed and will be
    used again for something else, some time; until then a look into the process's memory, its swap or its core dump may
    find one. Programs that cannot live with that use a library that handles keys outside Python, or end soon.
    """

    def __init__(self, plaintext: bytes, encrypted: bytes) -> None:
        self.plaintext = bytearray(plaintext)
        self.encrypted = encrypted

    @property
    def discarded(self) -> bool:
        return not any(self.plaintext)

    def discard(self) -> None:
        """Overwrite the plaintext; the encrypted copy stays."""
        self.plaintext[:] = bytes(len(self.plaintext))

    def cipher(self) -> AESGCM:
        """AES-GCM under this key. Raises EnvelopeError once it is discarded, or when it cannot be the key of a file."""
        if self.discarded:
            raise EnvelopeError("the plaintext data key was discarded: ask KMS to decrypt the encrypted one")
        if len(self.plaintext) != KEY_SIZE:
            raise EnvelopeError(
                f"KMS gave {len(self.plaintext)} bytes, a data key here has {KEY_SIZE}: fetch the file again"
            )
        return AESGCM(self.plaintext)

    def open(self, nonce: bytes, data: bytes) -> bytes:
        """What `cipher` encrypted in one piece. EnvelopeError where that was under another key, or has changed."""
        try:
            return self.cipher().decrypt(nonce, data, None)
        except (InvalidTag, ValueError) as error:
            raise EnvelopeError("it does not open: another key encrypted it, or it was changed") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def __repr__(self) -> str:
        state = "discarded" if self.discarded else "here"
        return f"<data key: plaintext {len(self.plaintext)} bytes, {state}; encrypted {len(self.encrypted)} bytes>"


def generate(kms: Any, key_id: str, context: Mapping[str, str] = NO_CONTEXT) -> DataKey:
    """Ask KMS for a new data key. No data goes along."""
    answer = kms.generate_data_key(KeyId=key_id, KeySpec="AES_256", EncryptionContext=dict(context))
    return DataKey(answer.pop("Plaintext"), answer["CiphertextBlob"])


def recover(kms: Any, encrypted: bytes, context: Mapping[str, str] = NO_CONTEXT, key_id: str | None = None) -> DataKey:
    """Ask KMS to decrypt an encrypted data key. The key names its KMS key; `key_id` says which one you expect."""
    expected = {"KeyId": key_id} if key_id else {}
    answer = kms.decrypt(CiphertextBlob=encrypted, EncryptionContext=dict(context), **expected)
    return DataKey(answer.pop("Plaintext"), encrypted)


def encrypt(
    chunks: Iterable[bytes],
    kms: Any,
    key_id: str,
    context: Mapping[str, str] = NO_CONTEXT,
    progress: Progress | None = None,
) -> Iterator[bytes]:
    """Give the sealed file, piece by piece; `chunks` is the file in pieces of any size."""
    with generate(kms, key_id, context) as key:
        yield from seal(key, chunks, progress)


def decrypt(
    chunks: Iterable[bytes],
    kms: Any,
    context: Mapping[str, str] = NO_CONTEXT,
    progress: Progress | None = None,
    key_id: str | None = None,
) -> Iterator[bytes]:
    """Give the file back, piece by piece. Each piece is genuine; only the last one says that the file is whole.

    Raises EnvelopeError for what is no sealed file, has lost its encrypted key, is cut off or was changed; ClientError
    when KMS refuses to decrypt the key, as for another context.
    """
    encrypted, prefix, body = split(chunks)
    if not encrypted:
        raise EnvelopeError("the encrypted data key is lost: KMS kept no copy, so nobody can open this file")
    with recover(kms, encrypted, context, key_id) as key:
        yield from unseal(key, prefix, body, progress)


def seal(key: DataKey, chunks: Iterable[bytes], progress: Progress | None = None) -> Iterator[bytes]:
    """Give the sealed file under a data key that serves for this one file: first its header, then each chunk."""
    prefix = secrets.token_bytes(PREFIX_SIZE)
    yield header(key.encrypted, prefix)
    cipher, done = key.cipher(), 0
    for counter, (chunk, last) in enumerate(_resized(chunks, CHUNK_SIZE)):
        yield cipher.encrypt(_nonce(prefix, counter, last), chunk, MAGIC)
        done += len(chunk)
        if progress:
            progress(done)


def unseal(key: DataKey, prefix: bytes, chunks: Iterable[bytes], progress: Progress | None = None) -> Iterator[bytes]:
    """Give the file back under its plaintext data key, from the parts that `split` found."""
    cipher, done = key.cipher(), 0
    for counter, (chunk, last) in enumerate(_resized(chunks, CHUNK_SIZE + TAG_SIZE)):
        try:
            piece = cipher.decrypt(_nonce(prefix, counter, last), chunk, MAGIC)
        except InvalidTag as error:
            raise EnvelopeError(
                f"the tag of chunk {counter + 1} does not match: the file was changed or cut off, or the key is another"
            ) from error
        yield piece
        done += len(piece)
        if progress:
            progress(done)


def glimpse(key: DataKey, prefix: bytes, chunks: Iterable[bytes], size: int = 16) -> bytes:
    """Read the first bytes without checking any tag, as somebody would who stole the key and asks no more than to read.

    GCM is counter mode and a tag: the tag keeps you from believing changed data, it hides nothing from a key's owner.
    """
    chunk, last = next(_resized(chunks, CHUNK_SIZE + TAG_SIZE))
    counter = _nonce(prefix, 0, last) + (2).to_bytes(4)  # GCM's counter begins the data at 2 (NIST SP 800-38D, 7.1)
    stream = Cipher(AES(bytes(key.plaintext)), CTR(counter)).decryptor()
    return stream.update(bytes(chunk[:-TAG_SIZE][:size]))


def header(encrypted: bytes, prefix: bytes) -> bytes:
    """The sealed file's beginning: magic ‖ key size ‖ encrypted data key ‖ nonce prefix."""
    return MAGIC + len(encrypted).to_bytes(KEY_SIZE_SIZE) + encrypted + prefix


def split(chunks: Iterable[bytes]) -> tuple[bytes, bytes, Iterator[bytes]]:
    """Read a sealed file's header: its encrypted data key (empty if it was lost), its nonce prefix, and what follows.

    Raises EnvelopeError for an empty file, for another kind of file, for one that ends within its header.
    """
    rest, at = iter(chunks), len(MAGIC) + KEY_SIZE_SIZE
    data = _at_least(at, b"", rest)
    if not data:
        raise EnvelopeError("the file is empty: nothing was ever sealed in it")
    if not data.startswith(MAGIC):
        raise EnvelopeError(f"this is no file that was sealed here: it does not begin with `{MAGIC.decode()}`")
    size = int.from_bytes(data[len(MAGIC) : at])
    data = _at_least(at + size + PREFIX_SIZE, data, rest)
    if len(data) < at + size + PREFIX_SIZE:
        raise EnvelopeError("the file ends within its header: it was cut off, fetch it again")
    encrypted, at = data[at : at + size], at + size
    return encrypted, data[at : at + PREFIX_SIZE], chain([data[at + PREFIX_SIZE :]], rest)


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Read an open file in pieces of a chunk's size, as `encrypt` and `decrypt` like them."""
    while piece := file.read(CHUNK_SIZE):
        yield piece


def _at_least(size: int, data: bytes, pieces: Iterator[bytes]) -> bytes:
    while len(data) < size and (piece := next(pieces, None)) is not None:
        data += piece
    return data


def _nonce(prefix: bytes, counter: int, last: bool) -> bytes:
    return prefix + counter.to_bytes(COUNTER_SIZE) + bytes([last])


def _resized(pieces: Iterable[bytes], size: int) -> Iterator[tuple[bytes | memoryview, bool]]:
    """The same bytes in chunks of `size`, each with whether it is the last; that one alone may be smaller, or empty."""
    held: list[bytes] = []
    have = 0
    for piece in filter(None, pieces):
        if have == size:  # a full chunk waits until more follows: it may be the last
            yield b"".join(held), False
            held, have = [], 0
        held.append(piece)
        have += len(piece)
        if have > size:
            data, whole = memoryview(b"".join(held)), (have - 1) // size * size
            for at in range(0, whole, size):
                yield data[at : at + size], False
            held, have = [bytes(data[whole:])], have - whole
    yield b"".join(held), True
