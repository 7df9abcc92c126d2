"""Questions to take along: a file of cards for Anki, about what one chooses."""

import base64

import ipywidgets as W  # noqa: N812 (as its own documentation abbreviates it)

from kms_teach.teaching import anki, exam
from kms_teach.teaching.controls import button, choice
from kms_teach.teaching.lab import Panel, marked
from kms_teach.teaching.practice import about, topics

ABOUT = "Cards for Anki: a question on the front, what its run found on the back."
NAME = "kms-teach.apkg"


class Cards(Panel):
    """Makes the cards of a subject or a chapter, and offers them as a file."""

    def __init__(self) -> None:
        self.topic = choice("About", topics(exam.families()), "", listed=True)
        self.make, self.take = button("Make the cards"), W.HTML()
        super().__init__([self.topic, self.make], "Cards", [W.HTML(f"<strong>{marked(ABOUT)}</strong>"), self.take])
        self.on(self.topic, self._forget)
        self.on(self.make, self._make, "The questions are being tried …")

    def _forget(self) -> None:
        self.take.value = ""
        self.say("")

    def _make(self) -> None:
        families = about(self.topic.value, exam.families())
        data = base64.b64encode(anki.package(families)).decode()
        link = f'<a download="{NAME}" href="data:application/octet-stream;base64,{data}">Save the cards as a file</a>'
        self.take.value = f"<p>{link}, and open it with Anki.</p>"
        self.say(f"{len(families)} {'card' if len(families) == 1 else 'cards'}.", word="Made")

    @property
    def facts(self) -> str:
        return ABOUT

    def static(self) -> str:
        return f"<p><strong>{marked(ABOUT)}</strong></p>"
