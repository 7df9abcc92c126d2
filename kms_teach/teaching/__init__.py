"""The means of teaching: predictions, quizzes, tasks and labs; they act through boto3, as a learner would."""

from kms_teach.teaching.assigned import Assigned
from kms_teach.teaching.call_opened import CallOpened
from kms_teach.teaching.cards import Cards
from kms_teach.teaching.controls import button, choice, number, slider, stops, text, tick, upload, uploaded
from kms_teach.teaching.course_map import course_map
from kms_teach.teaching.do import Do
from kms_teach.teaching.lab import Lab, Panel
from kms_teach.teaching.mock_exam import MockExam
from kms_teach.teaching.my_progress import MyProgress
from kms_teach.teaching.practice import Practice
from kms_teach.teaching.predict import Answer, Predict
from kms_teach.teaching.prediction import Prediction
from kms_teach.teaching.quiz import Quiz
from kms_teach.teaching.recalled import Recall
from kms_teach.teaching.task import Outcome, Task
from kms_teach.teaching.where_am_i import WhereAmI

__all__ = [
    "Answer", "Assigned", "CallOpened", "Cards", "Do", "Lab", "MockExam", "MyProgress", "Outcome", "Panel", "Practice",
    "Predict", "Prediction", "Quiz", "Recall", "Task", "WhereAmI", "button", "choice", "course_map", "number", "slider",
    "stops", "text", "tick", "upload", "uploaded",
]  # fmt: skip
