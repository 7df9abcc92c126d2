"""AES in one direction (FIPS 197), and the two modes that need no other: counter mode, and GCM (NIST SP 800-38D)."""

from collections.abc import Iterator
from functools import lru_cache


def _doubled(x: int) -> int:
    return x << 1 ^ (0x11B if x & 0x80 else 0)


def _boxes() -> tuple[list[int], list[list[int]]]:
    """The substitution, and the four tables that substitute and mix a column at once."""
    power, log, x = [0] * 255, [0] * 256, 1
    for n in range(255):
        power[n], log[x] = x, n
        x ^= _doubled(x)  # times 3, which generates all
    box = []
    for byte in range(256):
        inverse = power[-log[byte] % 255] if byte else 0
        turned = [inverse << n | inverse >> (8 - n) for n in range(5)]
        box.append((turned[0] ^ turned[1] ^ turned[2] ^ turned[3] ^ turned[4] ^ 0x63) & 0xFF)
    first = [_doubled(s) << 24 | s << 16 | s << 8 | s ^ _doubled(s) for s in box]
    return box, [[word >> 8 * n | (word << (32 - 8 * n)) & 0xFFFFFFFF for word in first] for n in range(4)]


BOX, (T0, T1, T2, T3) = _boxes()


@lru_cache(64)
def schedule(key: bytes) -> list[int]:
    """The round keys, in words."""
    size = len(key) // 4
    words = [int.from_bytes(key[4 * n : 4 * n + 4]) for n in range(size)]
    constant = 1
    for n in range(size, 4 * (size + 7)):
        word = words[-1]
        if n % size == 0:
            word = _substituted((word << 8 | word >> 24) & 0xFFFFFFFF) ^ constant << 24
            constant = _doubled(constant)
        elif size > 6 and n % size == 4:
            word = _substituted(word)
        words.append(words[n - size] ^ word)
    return words


def _substituted(word: int) -> int:
    return BOX[word >> 24] << 24 | BOX[word >> 16 & 255] << 16 | BOX[word >> 8 & 255] << 8 | BOX[word & 255]


def block(words: list[int], data: bytes) -> bytes:
    """One block encrypted."""
    a, b, c, d = (int.from_bytes(data[n : n + 4]) ^ words[n // 4] for n in (0, 4, 8, 12))
    for n in range(4, len(words) - 4, 4):
        a, b, c, d = (
            T0[a >> 24] ^ T1[b >> 16 & 255] ^ T2[c >> 8 & 255] ^ T3[d & 255] ^ words[n],
            T0[b >> 24] ^ T1[c >> 16 & 255] ^ T2[d >> 8 & 255] ^ T3[a & 255] ^ words[n + 1],
            T0[c >> 24] ^ T1[d >> 16 & 255] ^ T2[a >> 8 & 255] ^ T3[b & 255] ^ words[n + 2],
            T0[d >> 24] ^ T1[a >> 16 & 255] ^ T2[b >> 8 & 255] ^ T3[c & 255] ^ words[n + 3],
        )
    last = []
    for n, (p, q, r, s) in enumerate(((a, b, c, d), (b, c, d, a), (c, d, a, b), (d, a, b, c))):
        word = BOX[p >> 24] << 24 | BOX[q >> 16 & 255] << 16 | BOX[r >> 8 & 255] << 8 | BOX[s & 255]
        last.append((word ^ words[n - 4]).to_bytes(4))
    return b"".join(last)


def counted(key: bytes, counter: bytes, data: bytes, wrap: int = 128) -> bytes:
    """Counter mode; `wrap`: how many bits of the counter count."""
    words, start = schedule(key), int.from_bytes(counter)
    high, low = start >> wrap << wrap, start & (1 << wrap) - 1
    stream = b"".join(
        block(words, (high | (low + n) & (1 << wrap) - 1).to_bytes(16)) for n in range(-(-len(data) // 16))
    )
    return (int.from_bytes(data) ^ int.from_bytes(stream[: len(data)])).to_bytes(len(data))


def sealed(key: bytes, nonce: bytes, data: bytes, more: bytes) -> bytes:
    """GCM with a nonce of 12 bytes: the ciphertext, then its tag."""
    body = counted(key, nonce + (2).to_bytes(4), data, 32)
    return body + _tag(key, nonce, body, more)


def opened(key: bytes, nonce: bytes, data: bytes, more: bytes) -> bytes | None:
    """Undo `sealed`; None where the tag is another."""
    body, tag = data[:-16], data[-16:]
    return counted(key, nonce + (2).to_bytes(4), body, 32) if _tag(key, nonce, body, more) == tag else None


def _tag(key: bytes, nonce: bytes, body: bytes, more: bytes) -> bytes:
    words = schedule(key)
    powers = _powers(block(words, bytes(16)))
    hashed = 0
    for part in _blocks(more, body):
        hashed, bits = 0, hashed ^ int.from_bytes(part)
        while bits:
            high = bits.bit_length()
            hashed ^= powers[128 - high]
            bits ^= 1 << high - 1
    mask = int.from_bytes(block(words, nonce + (1).to_bytes(4)))
    return (hashed ^ mask).to_bytes(16)


@lru_cache(64)
def _powers(subkey: bytes) -> list[int]:
    """The subkey times x^n, n from 0 to 127, in GCM's order of bits."""
    value, powers = int.from_bytes(subkey), []
    for _ in range(128):
        powers.append(value)
        value = value >> 1 ^ (0xE1 << 120 if value & 1 else 0)
    return powers


def _blocks(more: bytes, body: bytes) -> Iterator[bytes]:
    for text in (more, body):
        for at in range(0, len(text), 16):
            yield text[at : at + 16].ljust(16, b"\0")
    yield (8 * len(more)).to_bytes(8) + (8 * len(body)).to_bytes(8)
