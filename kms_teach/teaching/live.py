"""A picture inside a widget: its SVG inline, so that a moved slider redraws at once and words can be found.

Why not the `<img>` of `Picture.html`: a new image is decoded after the page was painted, and would flicker at each
move. Ids get the widget's own ending, because the same picture may stand on the page twice.
"""

import re
from html import escape

from kms_teach.drawing.lettering import clean
from kms_teach.drawing.picture import SCROLL_FROM, Picture

IDS = re.compile(r"""((?:\bid|aria-labelledby|aria-describedby)="|(?:href="|url\()#)([^")\s]+)""")


def live(picture: Picture, owner: str) -> str:
    """Give HTML for an HTML widget; `owner` is unique to the widget on its page."""
    ending = re.sub(r"\W", "", owner)[-12:]
    wide, narrow = (_inline(svg, f"{ending}{size}") for svg, size in ((picture.svg, "w"), (picture.narrow or "", "n")))
    if narrow:
        shown = f'<div class="kms-wide">{wide}</div><div class="kms-narrow">{narrow}</div>'
    else:
        shown = (
            f'<div role="group" tabindex="0" aria-label="{escape(clean(picture.title))}" style="overflow-x:auto">'
            f'<div style="min-width:{SCROLL_FROM}px">{wide}</div></div>'
        )
    return shown + picture.data()


def _inline(svg: str, ending: str) -> str:
    return IDS.sub(rf"\1\2-{ending}", svg[svg.index("<svg") :]) if svg else ""
