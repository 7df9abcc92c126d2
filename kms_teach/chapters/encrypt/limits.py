"""The chart of what one Encrypt call takes, for every key spec and algorithm that Encrypt knows."""

import hashlib
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from kms_teach.drawing.chart import Plot, chart
from kms_teach.drawing.layout import Box, Column, Gap, Part, Row, Text, card
from kms_teach.drawing.look import KMS, LABEL, LINE, MATERIALS, NOTE, RULE, SECOND, SUBTITLE
from kms_teach.drawing.picture import Picture, table
from kms_teach.keys.specs import ENCRYPT_MAX, SYMMETRIC

if TYPE_CHECKING:  # matplotlib is imported only when a chart is drawn
    from matplotlib.axes import Axes

Limit = tuple[str, str, int]  # KeySpec, EncryptionAlgorithm, most bytes

BAR, APART = 16, 4  # px: height of a bar, free room before the next of its key spec
GROUPS = {True: 26, False: 32}  # px between key specs; on the narrow canvas a spec stands above its bars
SCALE, FOOT = 24, 8  # px of height: the scale, free room below the last bar
NAMES = 168  # px: width of the key specs' and hashes' names
ASIDE = 324, 84  # px: where the chart leaves room for words, from its left, from its top


def limits() -> Picture:
    """Draw the limits to scale, the largest first, and the sum that the limits of RSA come from."""
    rows = [(spec, algorithm, size) for (spec, algorithm), size in ENCRYPT_MAX.items()]
    rows.sort(key=lambda row: -row[2])
    rsa, most_rsa = next((spec, size) for spec, _, size in rows if spec != SYMMETRIC)
    title = f"A symmetric key takes {rows[0][2]:,} bytes; RSA stops at {most_rsa} or sooner"
    listed = ". ".join(f"{spec}, {algorithm}: {size:,} bytes" for spec, algorithm, size in rows)
    intro, sums = _sums(rsa)
    alt = f"Bar chart, to scale: the most plaintext one Encrypt call takes. {listed}. {' '.join([intro, *sums])}"
    second = "The most plaintext one Encrypt call takes, in bytes, by key spec and OAEP hash"
    data = table(["KeySpec", "EncryptionAlgorithm", "bytes at most"], [(s, a, f"{size:,}") for s, a, size in rows])
    facts = f"Limits of Encrypt: {', '.join(f'{spec} {algorithm} {size}' for spec, algorithm, size in rows)}"
    return chart("limits", title, alt, partial(_laid, rows, rsa), data, second=second, facts=facts)


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
    return "" if algorithm == SYMMETRIC else algorithm.removeprefix("RSAES_OAEP_").replace("_", "-")


def _laid(rows: list[Limit], rsa: str, wide: bool) -> Part:
    """The chart, and beside its short bars (on the narrow canvas below them) the words."""
    middles = _middles(rows, GROUPS[wide])
    plot = Plot(SCALE + _head(wide) + middles[-1] + FOOT, partial(_plot, rows, middles, wide))
    intro, sums = _sums(rsa)
    heading = Text(f"Where {sums[0].rpartition(' ')[2][:-1]} comes from", SUBTITLE, 700)
    where = card(Column([heading, Text([intro, *sums], NOTE, leading=18)], gap=6))
    notes = [
        "The stronger hash leaves less room.",
        f"No KMS key takes more than {rows[0][2]:,} bytes:",
        "what is larger is encrypted with a data key.",
    ]
    words = Column([where, Row([Gap(), Text(notes, fill=SECOND, leading=19)], [16, None])], gap=12)
    if not wide:
        return Column([plot, words], gap=16)
    left, top = ASIDE
    beside = Row([Gap(), words], [left, None])
    return Box(beside, 0, top, 0, least=plot.tall, frame=lambda d, x, y, w, _: plot.draw(d, x, y, w))


def _head(wide: bool) -> float:
    """Free room above the first bar's middle; on the narrow canvas its key spec stands there."""
    return BAR if wide else GROUPS[wide] - BAR / 2


def _middles(rows: list[Limit], between: float) -> list[float]:
    """The middles of the bars, in px from the first one's upper edge; those of a key spec stand together."""
    middles = [BAR / 2]
    for (before, *_), (spec, *_) in pairwise(rows):
        middles.append(middles[-1] + BAR + (APART if spec == before else between))
    return middles


def _plot(rows: list[Limit], middles: list[float], wide: bool, axes: "Axes") -> None:
    most = rows[0][2]
    for at, ((spec, algorithm, size), middle) in enumerate(zip(rows, middles, strict=True)):
        light = algorithm.endswith("_SHA_1")
        bars = axes.barh(middle, size, BAR, color=MATERIALS[0].fill if light else KMS.mark,
                         edgecolor=MATERIALS[0].edge if light else KMS.mark, linewidth=1.25)  # fmt: skip
        bars[0].set_gid(f"bar-{at}")
        axes.annotate(f"{size:,}", (size, middle), (8, 0), textcoords="offset points", va="center_baseline",
                      fontsize=LABEL, weight=700)  # fmt: skip
        if at == 0 or rows[at - 1][0] != spec:
            _name(axes, spec, [m for (of, *_), m in zip(rows, middles, strict=True) if of == spec], wide)
    axes.vlines(range(0, most + 1, most // 4), middles[0] - BAR, middles[0] + BAR, RULE, linewidth=1, zorder=0)
    axes.set_yticks(middles, [_hash(algorithm) for _, algorithm, _ in rows])
    axes.set_xticks(range(0, most + 1, most // (4 if wide else 2)))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.xaxis.tick_top()
    axes.tick_params(length=0, pad=6)
    axes.set_ylim(middles[-1] + BAR / 2 + FOOT, middles[0] - _head(wide))
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set(color=LINE, linewidth=1)


def _name(axes: "Axes", spec: str, middles: list[float], wide: bool) -> None:
    """The key spec left of its bars, or above them."""
    place = axes.get_yaxis_transform()  # across: a share of the axes' width
    if wide:
        middle = sum(middles) / len(middles)
        axes.annotate(spec, (0, middle), (-NAMES, 0), xycoords=place, textcoords="offset points", va="center_baseline",
                      fontsize=LABEL, weight=700)  # fmt: skip
    else:
        axes.annotate(spec, (0, middles[0]), (4, BAR - 3), xycoords=place, textcoords="offset points",
                      fontsize=LABEL, weight=700)  # fmt: skip
