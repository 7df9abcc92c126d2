"""What the tests of question families share."""


def right(question):
    """The right options in words: in the order of an ordering, else as they are shown."""
    answer = question.answer()
    return [question.options[index] for index in (sorted(answer) if isinstance(answer, frozenset) else answer)]
