"""The call that an option was tried with, found in the trail of the question's own simulator."""

from kms_teach.teaching.question import OPEN, Question
from kms_teach.teaching.record import Given
from kms_teach.teaching.trial import watched
from kms_teach.trail import Record


def refuting(question: Question, given: Given) -> Record | None:
    """The call, made anew, that what was given is refuted by; None where it is right, or no single call tells.

    A run says of an option what it was answered (`trial.told`), and the answer knows the id of its request.
    """
    if OPEN in given:
        return None
    with watched() as made:
        tries = question.refuted(given)
        records = {record.request_id: record for sim in made for record in sim.trail if record.request_id}
    requests = [getattr(tried.shown, "request", "") for tried in tries]
    return next((records[request] for request in requests if request in records), None)
