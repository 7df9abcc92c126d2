"""This is the course beyond the pictures: tasks that are checked against what happened."""

from .do import Do
from .task import Outcome, Task

__all__ = ["Do", "Outcome", "Task"]
