"""What is due again: each family is a card, its reviews are the first answers that were given, its dates are fsrs's.

A card is never stored: it is what its reviews make of it, so progress that is brought together from two computers has
the dates of both. For that the library's fuzz is off, by which a date would be another one at each reading.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from fsrs import Card, Rating, Scheduler
from msgspec import Struct

from kms_teach.teaching.record import Answered

SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)  # days, and no steps of minutes
SOON = timedelta(minutes=10)  # an answer so soon after another of its family tells of no memory


class Known(Struct, frozen=True):
    """A family that was answered: when it is due again, and how likely it is remembered."""

    family: str
    chapter: str
    due: datetime
    card: Card

    def remembered(self, at: datetime) -> float:
        """The probability, 0 to 1, that it is answered right at that moment."""
        return float(SCHEDULER.get_card_retrievability(self.card, at))


def known(answers: Iterable[Answered]) -> list[Known]:
    """Every family that was answered, what is due first at the front."""
    cards: dict[str, Card] = {}
    last: dict[str, Answered] = {}
    for answer in sorted(answers, key=lambda each: each.at):
        before = last.get(answer.family)
        if before is not None and answer.at - before.at < SOON:
            continue
        card = cards.get(answer.family) or Card(card_id=1, due=answer.at)
        rating = Rating.Good if answer.right else Rating.Again
        cards[answer.family], _ = SCHEDULER.review_card(card, rating, answer.at)
        last[answer.family] = answer
    found = [Known(name, last[name].chapter, card.due, card) for name, card in cards.items()]
    return sorted(found, key=lambda each: (each.due, each.family))


def due(answers: Iterable[Answered], now: datetime) -> list[Known]:
    """Those that are due by now."""
    return [each for each in known(answers) if each.due <= now]
