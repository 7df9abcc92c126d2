"""What the tests of question families share."""

from functools import cache

from msgspec.structs import replace

from kms_teach.teaching import exam


def right(question):
    """The right options in words: in the order of an ordering, else as they are shown."""
    answer = question.answer()
    return [question.options[index] for index in (sorted(answer) if isinstance(answer, frozenset) else answer)]


def matched(question):
    """Each option of a matching with its match."""
    return dict(zip(question.options, (question.matches[match] for match in question.answer()), strict=True))


def seeds(name, count=5):
    """Some questions of a family."""
    return [exam.question(name, seed) for seed in range(count)]


def where(name, words):
    """The first question of a family in whose situation these words stand."""
    return next(each for each in (exam.question(name, seed) for seed in range(40)) if words in each.words)


def of_its_situation(question, table):
    """What a table has for the situation of a question, by words that stand in it."""
    return next(told for words, told in table.items() if words in question.words)


@cache
def played(name, seed=1):
    """A question whose run is made once for all tests that look at it: what they test is what is made of the run."""
    question = exam.question(name, seed)
    return replace(question, asked=replace(question.asked, run=cache(question.asked.run)))
