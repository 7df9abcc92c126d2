"""Answers, as parts of a layout: allowed or denied, readable or not, and an error in AWS's words."""

from kms_teach.drawing import lettering
from kms_teach.drawing.layout import Box, Column, Fitted, Part, Row, Text, mark
from kms_teach.drawing.look import ALLOWED, DENIED, HEADING, LABEL, NOTE, SECOND, WHITE, Tone

MARK, EYE, GAP = 18, 26, 12  # px of width
NO_MESSAGE = "(AWS sends no message with it)"
WHOSE = "AWS's words"


def outcome(allowed: bool, words: str = "", size: float = HEADING, *, leading: float = 20, weight: int = 700) -> Row:
    """Tick or cross, and the word after it; never one without the other."""
    tone, name = (ALLOWED, "allowed") if allowed else (DENIED, "denied")
    answer = Text(words or name.capitalize(), size, weight, tone.text, leading=leading)
    return Row([mark(name, tall=leading), answer], [MARK, None], gap=GAP)


def eye(can_read: bool, words: str = "", *, leading: float = 18) -> Row:
    """An open or a closed eye for "could read it now", and its word."""
    answer = Text(words or ("yes" if can_read else "no"), LABEL, 700, leading=leading)
    return Row([mark("sees" if can_read else "blind", tall=leading), answer], [EYE, None], gap=GAP)


def framed(part: Part, tone: Tone, *, least: float = 0) -> Box:
    """A white box with a tone's edge, for what was answered."""
    return Box(part, sides=16, above=12, below=10, least=least, fill=WHITE, stroke=tone.mark, thick=1.75)


def refusal(code: str, message: str, word: str = "Refused", *, least: float = 0) -> Box:
    """An error as AWS words it, whole, in a box marked as such.

    `word` stands before the code: "Refused", or "Denied" for what an authorization said.
    """
    heading, room = f"{word}: {code}", lettering.width(WHOSE, NOTE)
    head, text = outcome(False, heading), Text(message or NO_MESSAGE, NOTE, mono=True, leading=16)
    needed = MARK + GAP + lettering.width(heading, HEADING, bold=True) + GAP + room

    def fitted(width: float) -> Column:
        beside = width >= needed
        whose = Text(WHOSE, NOTE, fill=SECOND, anchor="end" if beside else "start", leading=20 if beside else 16)
        return Column([Row([head, whose], [None, room], GAP), text] if beside else [head, text, whose], gap=4)

    return framed(Fitted(fitted), DENIED, least=least)
