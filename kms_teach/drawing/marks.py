"""The alphabet: every mark as SVG, with `P-` where a drawing puts its own prefix.

Origins: key (its ring), allowed, denied, sees, blind: the centre. sheet, cipher: top left, 36 x 46. envelope: top left,
60 x 40. The key takes its colours from its use. A `gone-` mark is the pale outline of what was here.
"""

import re
from typing import NamedTuple

from kms_teach.drawing.look import ALLOWED, DATA_KEY, DENIED, KMS, LINE

KEY = "M7.7-2.2A8 8 0 1 0 7.7 2.2H16V6.8H19.6V2.2H22.6V5.4H26.2V-2.2ZM-5.4 0a2.8 2.8 0 1 1 5.6 0a2.8 2.8 0 1 1-5.6 0Z"
OCTAGON = "M-3.8-9.2H3.8L9.2-3.8V3.8L3.8 9.2H-3.8L-9.2 3.8V-3.8Z"
_PALE = f'fill="none" stroke="{LINE}" stroke-linejoin="round" vector-effect="non-scaling-stroke"'

MARKS = {
    "hatch": (
        '<pattern id="P-hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path d="M0 0V5" stroke="#16202A" stroke-width="2.4"/></pattern>'
    ),
    "hatch-key": (
        '<pattern id="P-hatch-key" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path d="M0 0V5" stroke="#B87F00" stroke-width="2.4"/></pattern>'
    ),
    "key": (f'<path id="P-key" fill-rule="evenodd" d="{KEY}"/>'),
    "sheet": (
        '<g id="P-sheet">'
        '<path d="M0 0H26L36 10V46H0Z" fill="#DCE3E9" stroke="#16202A" stroke-width="1.5" '
        'stroke-linejoin="round"/>'
        '<path d="M26 0V10H36" fill="none" stroke="#16202A" stroke-width="1.5" stroke-linejoin="round"/>'
        '<path d="M7 18H29M7 25H29M7 32H29M7 39H20" stroke="#16202A" stroke-width="2.5"/>'
        "</g>"
    ),
    "cipher": (
        '<g id="P-cipher" stroke="#16202A" stroke-width="1.5" stroke-linejoin="round">'
        '<path d="M0 0H26L36 10V46H0Z" fill="#FFFFFF"/>'
        '<path d="M0 0H26L36 10V46H0Z" fill="url(#P-hatch)"/>'
        '<path d="M26 0V10H36Z" fill="#FFFFFF"/>'
        "</g>"
    ),
    "envelope": (
        '<g id="P-envelope" stroke-linejoin="round">'
        '<rect width="60" height="40" rx="2" fill="#FFFFFF"/>'
        '<rect width="60" height="40" rx="2" fill="url(#P-hatch-key)" stroke="#7A5200" stroke-width="1.5"/>'
        '<path d="M0 0H60L30 17Z" fill="#FFFFFF" stroke="#7A5200" stroke-width="1.5"/>'
        f'<path transform="translate(21 29)" fill-rule="evenodd" d="{KEY}" fill="#FFFFFF" stroke="#FFFFFF" '
        'stroke-width="6"/>'
        f'<path transform="translate(21 29)" fill-rule="evenodd" d="{KEY}" fill="{DATA_KEY.mark}" '
        f'stroke="{DATA_KEY.text}" stroke-width="1.2"/>'
        f'<circle cx="30" cy="13" r="4.4" fill="{KMS.mark}" stroke="#FFFFFF" stroke-width="1.2"/>'
        "</g>"
    ),
    "allowed": (
        f'<g id="P-allowed"><circle r="9" fill="{ALLOWED.mark}"/>'
        '<path d="M-4.2.4L-1.2 3.6L4.4-3.4" fill="none" stroke="#FFFFFF" stroke-width="2.4" '
        'stroke-linecap="round" stroke-linejoin="round"/></g>'
    ),
    "denied": (
        f'<g id="P-denied"><path d="{OCTAGON}" fill="{DENIED.mark}"/>'
        '<path d="M-3.4-3.4L3.4 3.4M3.4-3.4L-3.4 3.4" fill="none" stroke="#FFFFFF" stroke-width="2.4" '
        'stroke-linecap="round"/></g>'
    ),
    "sees": (
        '<g id="P-sees"><path d="M-13 0C-8-8 8-8 13 0C8 8-8 8-13 0Z" fill="#FFFFFF" stroke="#16202A" '
        'stroke-width="1.8" stroke-linejoin="round"/><circle r="4.4" fill="#16202A"/></g>'
    ),
    "blind": (
        '<g id="P-blind" fill="none" stroke="#76818C" stroke-width="1.8" stroke-linecap="round">'
        '<path d="M-13-2C-8 6 8 6 13-2M-8.4 2.6L-10.4 6.4M0 4.4V8.6M8.4 2.6L10.4 6.4"/></g>'
    ),
    "arrow": (
        '<marker id="P-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 .6L7.6 4L0 7.4Z" fill="#4A5560"/></marker>'
    ),
    "arrow-ink": (
        '<marker id="P-arrow-ink" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="11" markerHeight="11" '
        'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 .6L7.6 4L0 7.4Z" fill="#16202A"/></marker>'
    ),
    "gone-sheet": f'<path id="P-gone-sheet" d="M0 0H26L36 10V46H0Z" {_PALE}/>',
    "gone-envelope": f'<path id="P-gone-envelope" d="M0 0H60V40H0ZM0 0L30 17L60 0" {_PALE}/>',
    "gone-key": f'<path id="P-gone-key" d="{KEY}" {_PALE}/>',
}


class Extent(NamedTuple):
    """The room that a mark takes, from its origin."""

    left: float
    top: float
    width: float
    height: float


EXTENTS = {
    "allowed": Extent(-9, -9, 18, 18),
    "denied": Extent(-9, -9, 18, 18),
    "sees": Extent(-13, -6, 26, 12),
    "blind": Extent(-13, -2, 26, 11),
    "key": Extent(-8, -8, 34, 16),
    "sheet": Extent(0, 0, 36, 46),
    "cipher": Extent(0, 0, 36, 46),
    "envelope": Extent(0, 0, 60, 40),
}
EXTENTS |= {f"gone-{mark}": EXTENTS[mark] for mark in ("sheet", "envelope", "key")}


def definitions(used: set[str], prefix: str) -> str:
    """Give the marks in use, with the patterns they need, as the content of `<defs>`."""
    needed = used | {need for mark in used for need in re.findall(r"#P-([\w-]+)", MARKS[mark])}
    return "\n".join(svg.replace("P-", f"{prefix}-") for mark, svg in MARKS.items() if mark in needed)
