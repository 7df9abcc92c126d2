"""Families of three options whose answer is known beforehand, and a clock that is told the time: for the exam's tests."""

from datetime import UTC, datetime, timedelta

from kms_teach.teaching.question import Asked, Family, Tried
from kms_teach.teaching.trial import error, scratch, told


class Clock:
    """Noon, until it is told to wait."""

    def __init__(self):
        self.at = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self):
        return self.at

    def wait(self, seconds):
        self.at += timedelta(seconds=seconds)


def one(name, subject, chapter="start"):
    """`right` is right."""
    options = {"right": "Because.", "wrong": "It `is` not.", "never": "Not that."}
    run = lambda: [Tried(option == "right", f"Tried {option}.") for option in options]  # noqa: E731
    return Family(name, subject, chapter, ("SCS-C03",), "one", lambda _: Asked(f"{name}?", options, run))


def called():
    """What is wrong was a call."""

    def run():
        _, kms, key = scratch()
        codes = [error(kms.disable_key, KeyId=key), error(kms.encrypt, KeyId=key, Plaintext=b"x")]
        return [Tried(True, "So."), Tried(False, told(kms.encrypt, codes[1])), Tried(False, "No call.")]

    options = {"right": "", "wrong": "It is disabled.", "never": ""}
    return Family("called", "deletion", "lifecycle", ("SCS-C03",), "one", lambda _: Asked("Called?", options, run))


def several():
    """b and d are right."""
    options = dict.fromkeys("abcde", "So it is.")
    run = lambda: [Tried(option in "bd", "") for option in options]  # noqa: E731
    return Family("several", "access", "policies", ("SCS-C03",), "several", lambda _: Asked("Which?", options, run))


def ordering():
    """x, y, z is right."""
    run = lambda order: Tried(order == ("x", "y", "z"), "Seen.")  # noqa: E731
    asked = Asked("In which order?", dict.fromkeys("xyz", ""), run)
    return Family("ordering", "envelope", "envelope", ("SCS-C03",), "ordering", lambda _: asked)


def matching():
    """Each with its state."""
    options = {"ice": "It is cold.", "steam": "It is hot.", "water": "It is wet."}
    run = lambda: [Tried(state, "Felt.") for state in ("solid", "gas", "liquid")]  # noqa: E731
    asked = Asked("What?", options, run, ("solid", "liquid", "gas"))
    return Family("matching", "import", "lifecycle", ("SCS-C03",), "matching", lambda _: asked)


def right(question):
    """The right answer, as it is given."""
    answer = question.answer()
    return answer if isinstance(answer, tuple) else tuple(sorted(answer))


def wrong(question):
    """A wrong one: `wrong`, or the right one turned round, or half of it, or another match for the first."""
    if "wrong" in question.options:
        return (question.options.index("wrong"),)
    answer = right(question)
    match question.family.format:
        case "several":
            return answer[:1]
        case "matching":
            return ((answer[0] + 1) % len(question.matches), *answer[1:])
        case _:
            return answer[::-1]
