"""The chart of sizes: signatures side by side, and what ML-KEM sends, as a run made them."""

from functools import partial
from typing import TYPE_CHECKING

from kms_teach.chapters.signing.facts import Size, Sizes
from kms_teach.drawing.chart import Plot, chart
from kms_teach.drawing.layout import Column, Part, Text
from kms_teach.drawing.look import KMS, LABEL, LINE, MATERIALS, NOTE, RULE, SECOND, size
from kms_teach.drawing.picture import Picture, table

if TYPE_CHECKING:  # matplotlib is imported only when a chart is drawn
    from matplotlib.axes import Axes

BAR, STEP, APART = 16, 25, 34  # px: height of a bar, from bar to bar, more between the two kinds
HEAD, FOOT = 30, 8  # px above the first bar, with the kind's name; below the last
BEYOND = {True: 1.46, False: 1.62}  # of the longest bar: room for the words at its end
KINDS = {True: "signature", False: "encapsulated secret"}
POST_QUANTUM = ("ML_DSA", "ML_KEM")
COMPARED = ("ML_DSA_65", "ECC_NIST_P256")
SHADES = "Dark: post-quantum. Light: what a large quantum computer could break."
DER = "ECDSA's is two numbers in DER, and is drawn at its longest."
UNMADE = "* The published size: the `cryptography` that is installed here makes no such key."


def sizes(facts: Sizes) -> Picture:
    """Draw what was made to scale, the shortest first; the public keys stand beside it in words."""
    new, old = (facts[spec] for spec in COMPARED)
    title = f"An ML-DSA-65 signature is {round(new.bytes / old.bytes)} times as long as ECDSA's"
    second = "Bytes that travel, by key spec: signatures, and what carries a secret"
    listed = ". ".join(f"{row.spec}: {KINDS[row.signature]} {size(row.bytes)}, {_aside(row)}" for row in facts.rows)
    data = table(
        ["KeySpec", "what", "bytes", "bytes of the public key"],
        [
            (row.spec, KINDS[row.signature], f"{row.bytes:,}", f"{row.public:,}" if row.public else "")
            for row in facts.rows
        ],
    )
    line = f"Sizes: {', '.join(f'{row.spec} {row.bytes}' for row in facts.rows)}"
    alt = f"Bar chart, to scale. {listed}. {DER}"
    return chart("sizes", title, alt, partial(_laid, facts), data, second=second, facts=line)


def _aside(row: Size) -> str:
    if not row.made:
        return "the published size"
    return f"public key {row.public:,}" if row.public else "public key not asked for"


def _laid(facts: Sizes, wide: bool) -> Part:
    middles = _middles(facts)
    plot = Plot(HEAD + middles[-1] + BAR / 2 + FOOT, partial(_plot, facts, middles, wide))
    told = [f"{SHADES} {DER}", *([] if all(row.made for row in facts.rows) else [UNMADE.replace("`", "")])]
    return Column([plot, Text(told, NOTE, fill=SECOND)], gap=10)


def _middles(facts: Sizes) -> list[float]:
    """The middles of the bars, in px from the first one's upper edge."""
    middles = [BAR / 2]
    for before, row in zip(facts.rows, facts.rows[1:], strict=False):
        middles.append(middles[-1] + STEP + (APART if before.signature != row.signature else 0))
    return middles


def _plot(facts: Sizes, middles: list[float], wide: bool, axes: "Axes") -> None:
    most = max(row.bytes for row in facts.rows)
    for at, (row, middle) in enumerate(zip(facts.rows, middles, strict=True)):
        dark = row.spec.startswith(POST_QUANTUM)
        fill, edge = (KMS.mark, KMS.mark) if dark else (MATERIALS[0].fill, MATERIALS[0].edge)
        bars = axes.barh(middle, row.bytes, BAR, color=fill, edgecolor=edge, linewidth=1.25)
        bars[0].set_gid(f"bar-{at}")
        count = f"{row.bytes:,}{'' if row.made else '*'}"
        number = axes.annotate(count, (row.bytes, middle), (8, 0), textcoords="offset points", va="center_baseline",
                               fontsize=LABEL, weight=700)  # fmt: skip
        if wide and row.made:
            axes.annotate(_aside(row), (1, 0), (8, 0), xycoords=number, textcoords="offset points",
                          va="bottom", fontsize=NOTE, color=SECOND)  # fmt: skip
        if at == 0 or facts.rows[at - 1].signature != row.signature:
            axes.annotate(KINDS[row.signature], (0, middle), (6, BAR - 1), textcoords="offset points", fontsize=NOTE,
                          weight=700)  # fmt: skip
    axes.set_yticks(middles, [row.spec for row in facts.rows])
    axes.tick_params(length=0, pad=6)
    axes.set_xticks([])
    axes.set_xlim(0, most * BEYOND[wide])
    axes.set_ylim(middles[-1] + BAR / 2 + FOOT, middles[0] - HEAD)
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set(color=LINE, linewidth=1)
    axes.axvline(0, color=RULE, linewidth=1)
