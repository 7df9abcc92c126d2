"""The means of teaching: predictions, quizzes, tasks and labs; they act through boto3, as a learner would."""

from kms_teach.teaching.call_opened import CallOpened
from kms_teach.teaching.controls import button, choice, number, slider, stops, text, tick, upload, uploaded
from kms_teach.teaching.course_map import course_map
from kms_teach.teaching.do import Do
from kms_teach.teaching.lab import Lab, Panel
from kms_teach.teaching.predict import Answer, Predict
from kms_teach.teaching.prediction import Prediction
from kms_teach.teaching.quiz import Quiz
from kms_teach.teaching.task import Outcome, Task

__all__ = [
    "Answer", "CallOpened", "Do", "Lab", "Outcome", "Panel", "Predict", "Prediction", "Quiz", "Task", "button",
    "choice", "course_map", "number", "slider", "stops", "text", "tick", "upload", "uploaded",
]  # fmt: skip
