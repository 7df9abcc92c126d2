"""These are the labs: pictures that a learner pushes on; they act through boto3, as a learner would."""

from .controls import button, choice, number, slider, stops, text, tick, upload, uploaded
from .lab import Lab, Panel
from .opened import CallOpened
from .predict import Answer, Predict
from .question import Question
from .quiz import Quiz

__all__ = [
    "Answer", "CallOpened", "Lab", "Panel", "Predict", "Question", "Quiz", "button", "choice", "number", "slider",
    "stops", "text", "tick", "upload", "uploaded",
]  # fmt: skip
