"""The day as of which the course speaks of AWS: the earliest on which any of its sources was read."""

from kms_teach.drawing.look import day
from kms_teach.keys import delays
from kms_teach.teaching import certifications

AS_OF = min(delays.READ, certifications.READ)
WORDS = f"as of {day(AS_OF)}"
