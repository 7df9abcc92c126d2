"""What a question is answered with: a choice, boxes to tick, or a list for each place or match."""

from collections.abc import Mapping
from typing import Any

from kms_teach.teaching.controls import choice, plain, radios, tick
from kms_teach.teaching.question import OPEN, Question

PLACES = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth")
UNANSWERED: Mapping[str, str] = {
    "one": "choose one of the options first",
    "several": "tick the options that are right first",
    "ordering": "choose what comes at each place first",
    "matching": "choose a match for each of them first",
}


def controls(question: Question) -> list[Any]:
    """What a learner answers a question with."""
    match question.family.format:
        case "one":
            return [radios("Your answer", question.options)]
        case "several":
            return [tick(words) for words, _ in plain(question.options)]
        case "ordering":
            return [
                _list(place, question.options).add_class("kms-place")
                for place, _ in zip(PLACES, question.options, strict=False)
            ]
        case "matching":
            return [_list(words, question.matches) for words, _ in plain(question.options)]


def so_far(question: Question, chosen: list[Any]) -> tuple[int, ...] | None:
    """What is chosen by now, as indices, OPEN where a list still is; None when nothing is chosen at all."""
    match question.family.format:
        case "one":
            values = [question.options.index(control.value) for control in chosen if control.value is not None]
        case "several":
            values = [index for index, control in enumerate(chosen) if control.value]
        case _:
            values = [int(control.value) for control in chosen]
    return tuple(values) if any(value != OPEN for value in values) else None


def given(question: Question, chosen: list[Any]) -> tuple[int, ...]:
    """What the learner chose, as indices.

    Raises:
        ValueError: something is still open; it says what.
    """
    indices = so_far(question, chosen)
    if indices is None or OPEN in indices:
        raise ValueError(UNANSWERED[question.family.format])
    return indices


def fill(question: Question, chosen: list[Any], indices: tuple[int, ...] | None) -> None:
    """Choose again what `so_far` gave."""
    match question.family.format:
        case "one":
            chosen[0].value = question.options[indices[0]] if indices else None
        case "several":
            for index, control in enumerate(chosen):
                control.value = index in (indices or ())
        case _:
            for control, index in zip(chosen, indices or [OPEN] * len(chosen), strict=True):
                control.value = index


def _list(words: str, options: tuple[str, ...]) -> Any:
    pairs = [("choose …", OPEN), *((shown, index) for index, (shown, _) in enumerate(plain(options)))]
    return choice(words, pairs, OPEN, listed=True)
