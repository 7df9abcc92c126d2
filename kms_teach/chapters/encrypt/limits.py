"""This is the chart of what one Encrypt call takes, for every key spec and algorithm that Encrypt knows."""

import hashlib
from itertools import groupby

from kms_teach.drawing import look, scene
from kms_teach.drawing.look import KMS, LINE, MATERIALS, NOTE, RULE, SECOND, WHITE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.keys.specs import ENCRYPT_MAX, SYMMETRIC

Row = tuple[str, str, int]  # KeySpec, EncryptionAlgorithm, most bytes


def limits() -> Picture:
    """Draw the limits to scale, the largest first, and the sum that the limits of RSA come from."""
    rows = [(spec, algorithm, size) for (spec, algorithm), size in ENCRYPT_MAX.items()]
    rows.sort(key=lambda row: -row[2])
    rsa, most_rsa = next((spec, size) for spec, _, size in rows if spec != SYMMETRIC)
    title = f"One key takes {rows[0][2]:,} bytes; RSA stops at {most_rsa} or sooner"
    listed = ". ".join(f"{spec}, {algorithm}: {size:,} bytes" for spec, algorithm, size in rows)
    intro, sums = _sums(rsa)
    alt = f"Bar chart, to scale: the most plaintext one Encrypt call takes. {listed}. {' '.join([intro, *sums])}"
    second = "The most plaintext one Encrypt call takes"
    wide = _draw(Drawing("limits", title, alt, second=f"{second}, by key spec and OAEP hash"), rows, rsa)
    narrow = _draw(Drawing("limits-narrow", title, alt, second=f"{second}, in bytes", width=look.NARROW), rows, rsa)
    data = table(["KeySpec", "EncryptionAlgorithm", "bytes at most"], [(s, a, f"{size:,}") for s, a, size in rows])
    facts = f"Limits of Encrypt: {', '.join(f'{spec} {algorithm} {size}' for spec, algorithm, size in rows)}"
    return Picture(title, alt, wide, narrow, data, facts)


def _sums(spec: str) -> tuple[str, list[str]]:
    """Give the sentences that say where the limits of an RSA key come from, and the sums."""
    bits = int(spec.removeprefix("RSA_"))
    block = f"An RSA block is as long as its key: {bits:,} bits, {bits // 8} bytes."
    sums = []
    for (of, algorithm), size in ENCRYPT_MAX.items():
        if of == spec:
            digest = hashlib.new(_hash(algorithm).replace("-", "")).digest_size
            sums.append(f"{_hash(algorithm)}, {digest} bytes: {bits // 8} − 2 × {digest} − 2 = {size}.")
    return f"{block} OAEP spends two hashes and 2 bytes of it:", sums


def _hash(algorithm: str) -> str:
    return algorithm.removeprefix("RSAES_OAEP_").replace("_", "-")


def _draw(d: Drawing, rows: list[Row], rsa: str) -> str:
    small = d.width == look.NARROW
    x, y, most = d.left + (66 if small else 168), d.top + 28, rows[0][2]
    scale = (d.right - x - (20 if small else 32)) / most
    for count in range(0, most + 1, most // (2 if small else 4)):
        d.text(x + count * scale, y - 8, f"{count:,}", NOTE, fill=SECOND, anchor="middle")
        d.line(
            x + count * scale,
            y + (26 if small else 0),
            x + count * scale,
            y + (64 if small else 48),
            stroke=RULE,
            thick=1,
        )
    if not small:
        d.text(d.left, y - 8, "KeySpec", NOTE, fill=SECOND)
    start, beside = y, 0.0
    y += 12
    for spec, group in groupby(rows, key=lambda row: row[0]):
        y = _group(d, spec, [(algorithm, size) for _, algorithm, size in group], x, y, scale)
        beside = beside or y
        y += 18 if small else 38
    if not small:
        d.line(x, start, x, y - 12, stroke=LINE, thick=1)
        d.text(d.right, beside + 20, "bytes of plaintext in one Encrypt call", NOTE, fill=SECOND, anchor="end")
    foot = _where_from(d, d.left, y + 8, d.room, rsa) if small else _where_from(d, 352, beside + 40, d.right - 352, rsa)
    notes = [
        "The stronger hash leaves less room.",
        f"No KMS key takes more than {most:,} bytes:",
        "what is larger is encrypted with a data key.",
    ]
    below = d.text(d.left if small else 370, foot + 28, notes, fill=SECOND, step=19)
    d.height = below + 8 if small else max(y + 8, below + 8)
    return d.svg()


def _group(d: Drawing, spec: str, bars: list[tuple[str, int]], x: float, y: float, scale: float) -> float:
    """Draw one key spec's bars from `y` down; give the y of their foot."""
    if d.width == look.NARROW:
        d.text(d.left, y + 10, spec, weight=700)
        y += 18
        d.line(x, y - 4, x, y + 20 * len(bars), stroke=LINE, thick=1)
    alone = len(bars) == 1
    if d.width != look.NARROW:
        d.text(d.left, y + (18 if alone else 22), spec, weight=700)
    for algorithm, size in bars:
        if alone:
            d.rect(x, y, size * scale, 28, fill=KMS.mark)
            d.text(x + size * scale - 10, y + 19, f"{size:,}", 14, weight=700, fill=WHITE, anchor="end")
            return y + 28
        light = algorithm.endswith("_SHA_1")
        d.text(x - 10, y + 12.5, _hash(algorithm), NOTE, fill=SECOND, anchor="end")
        d.rect(x, y, size * scale, 16, fill=MATERIALS[0].fill if light else KMS.mark,
               stroke=MATERIALS[0].edge if light else None, thick=1.25)  # fmt: skip
        d.text(x + size * scale + 8, y + 12.5, f"{size:,}", weight=700)
        y += 20
    return y - 4


def _where_from(d: Drawing, x: float, y: float, w: float, rsa: str) -> float:
    """Draw the box with the sum; give the y of its foot."""
    intro, sums = _sums(rsa)
    room = w - 36
    high = Drawing("measure", "", "").text(0, 44, [intro, *sums], NOTE, room=room, step=18)
    scene.card(d, x, y, w, high)
    d.text(x + 18, y + 27, f"Where {sums[0].rpartition(' ')[2][:-1]} comes from", 14, weight=700)
    d.text(x + 18, y + 51, [intro, *sums], NOTE, room=room, step=18)
    return y + high
