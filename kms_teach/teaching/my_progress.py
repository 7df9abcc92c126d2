"""What is kept of you: where it lies, as a file to take along, from a file brought along, and a chapter begun anew."""

import base64
from html import escape

import ipywidgets as W  # noqa: N812 (as its own documentation abbreviates it)

from kms_teach.drawing.lettering import clean
from kms_teach.teaching import catalog, progress
from kms_teach.teaching.controls import button, choice, upload, uploaded
from kms_teach.teaching.lab import Panel
from kms_teach.teaching.live import live
from kms_teach.teaching.progress import NAME
from kms_teach.teaching.record import Answered, Done, Predicted, Reset
from kms_teach.teaching.record_page import record_page
from kms_teach.teaching.sections import title
from kms_teach.teaching.sitting import sittings
from kms_teach.teaching.what_is_known import fading, what_is_known

ABOUT = "Your progress is a file of your own. Nothing of it is sent anywhere."


class MyProgress(Panel):
    """Exports and imports the progress of whoever runs this, and resets a chapter of it."""

    def __init__(self) -> None:
        self.summary, self.take, self.known, self.show_to = W.HTML(), W.HTML(), W.HTML(), W.HTML()
        self.again = button("Look again")
        self.bring = upload("Import a file of progress", ".jsonl")
        self.chapter = choice("Chapter", [(title(each.room), each.room) for each in catalog.CHAPTERS], listed=True)
        self.reset = button("Begin it anew")
        self._asked = ""
        super().__init__(
            [self.again, self.bring, self.chapter, self.reset],
            "My progress",
            [self.summary, self.known, self.take, self.show_to],
        )
        self.on(self.again, self._look)
        self.on(self.bring, self._import)
        self.on(self.reset, self._reset)
        self._look()

    def _look(self) -> None:
        kept = progress.mine()
        answers = kept.of(Answered)
        mocks = sum(each.over and not each.given_up for each in sittings(kept.records()) if each.code)
        parts = (
            f"Questions answered: {len(answers)}, right: {sum(record.right for record in answers)}.",
            f"Tasks done: {len({(record.chapter, record.task) for record in kept.of(Done)})}.",
            f"Predictions made: {len(kept.of(Predicted))}.",
            f"Mock exams handed in: {mocks}.",
        )
        self.summary.value = (
            f"<p>{' '.join(parts)}</p><p>It is kept in <code>{escape(clean(str(kept.file)))}</code>.</p>"
        )
        data = base64.b64encode(kept.export()).decode()
        self.take.value = (
            f'<a download="{NAME}" href="data:application/jsonl;base64,{data}">Export your progress as a file</a>'
        )
        rows = fading(answers, kept.now())
        self.known.value = live(what_is_known(rows), self.model_id) if rows else ""
        try:
            page = base64.b64encode(record_page(kept).encode()).decode()
        except ValueError:  # nothing was done yet
            self.show_to.value = ""
        else:
            link = f'<a download="kms-teach.html" href="data:text/html;base64,{page}">A page to show</a>'
            self.show_to.value = f"<p>{link}: what you did, and when. It prints on paper.</p>"
        self.say(kept.trouble)

    def _import(self) -> None:
        file = uploaded(self.bring)
        if file is None:
            return
        fresh = progress.mine().merge(file[1])
        self._look()
        what = f"{fresh} {'record is' if fresh == 1 else 'records are'} new" if fresh else "all of it was here already"
        self.say(f"{file[0]}: {what}.", word="Imported")

    def _reset(self) -> None:
        room = self.chapter.value
        if self._asked != room:
            self._asked = room
            self.say(f"What you did in {title(room)} will no longer count. Press “Begin it anew” again if you mean it.")
            return
        self._asked = ""
        kept = progress.mine()
        kept.add(Reset(kept.now(), room))
        self._look()
        self.say(f"{title(room)} is as if you had not begun it.", word="Done")

    @property
    def facts(self) -> str:
        return ABOUT

    def static(self) -> str:
        return f"<p><strong>{escape(ABOUT)}</strong></p>"
