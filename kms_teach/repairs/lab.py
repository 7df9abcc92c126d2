"""The lab of repairs: choose a ticket, look at the call that it is about, put it right, and have that checked."""

import shlex
import sys
from collections.abc import Collection, Mapping
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as W  # noqa: N812 (as its own documentation abbreviates it)
from IPython import get_ipython
from msgspec import Struct, field
from msgspec.structs import replace

from kms_teach.access.principals import ROOT_ACCOUNT
from kms_teach.drawing.look import LAB
from kms_teach.drawing.picture import Picture, folded
from kms_teach.inspect.opened import opened
from kms_teach.inspect.opened_drawing import CALL, TRAIL_SAYS, WHO_MAY
from kms_teach.repairs import tasks  # noqa: F401 (so that what is done is kept by its name)
from kms_teach.repairs.board import Board, Line, board
from kms_teach.repairs.ticket import Ticket, Work
from kms_teach.repairs.tickets import TICKETS
from kms_teach.simulator import Simulator
from kms_teach.teaching import progress
from kms_teach.teaching.catalog import chapter
from kms_teach.teaching.class_account import ClassAccount
from kms_teach.teaching.controls import beside, button, choice
from kms_teach.teaching.do import hinted
from kms_teach.teaching.lab import ANSWER, Lab, marked
from kms_teach.teaching.task import HINTS, Task
from kms_teach.trail import Record
from kms_teach.wire.serving import Serving

__all__ = ["RepairsLab", "tickets"]

FIRST = "Read the ticket, and look at the call. Then put it right: in cells below, or in the terminal."
STAYS = "In the class, too, tickets stay in this notebook."


def tickets(done: Collection[str] = ()) -> Picture:
    """The board of all tickets; `done` has the ids of those that are."""
    lines = [Line(each.id, each.title, each.reporter, each.level, _chapters(each)) for each in TICKETS]
    return board(Board.of(lines, done))


def _chapters(ticket: Ticket) -> tuple[str, ...]:
    """The numbers of the chapters that help."""
    return tuple(sorted(chapter(room).number for room in ticket.rooms))


class Desk(Struct):
    """What was done about one ticket so far."""

    task: Task
    given: Mapping[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  # HTML that stands above the ticket, the newest first
    hints: int = 0
    done: bool = False


class RepairsLab(Lab):
    """Shows the tickets, breaks things in `sim` as the chosen one says, and checks the repair.

    A seed decides between variants of a ticket that look the same. `desk` is what was done about the chosen ticket.
    """

    def __init__(self, sim: Simulator, seed: int = 0) -> None:
        self.sim, self.seed = sim, seed
        self.desks: dict[str, Desk] = {}
        self._serving: Serving | None = None
        names = [(f"{n}. {ticket.title}", n - 1) for n, ticket in enumerate(TICKETS, 1)]
        self.number = choice("Ticket", names, listed=True)
        self.part = choice("Look at", (CALL, WHO_MAY, TRAIL_SAYS))
        self.check, self.hint = button("Check"), button("Show a hint")
        self.put, self.again = button("Put it into a cell"), button("Start again")
        self.terminal = button("Work in the terminal")
        self._paper = W.HTML()
        self._paper.add_class("kms-scroll").add_class("kms-paper")
        controls = [self.number, self.part, self.check, self.hint, *beside(self.put, self.again), self.terminal]
        super().__init__(controls, "Repairs", lines=5)
        self._side.children = (self._paper, *self._side.children)
        self.on(self.number, self._take, meanwhile="Things are being broken for you …")
        self.on(self.part, self._draw)
        self.on(self.check, self._check)
        self.on(self.hint, self._hint)
        self.on(self.put, self._put_hint)
        self.on(self.again, self._again)
        self.on(self.terminal, self._work_in_terminal)
        self._take()

    @property
    def ticket(self) -> Ticket:
        ticket: Ticket = TICKETS[self.number.value]
        return ticket

    @property
    def desk(self) -> Desk:
        return self.desks[self.ticket.id]

    def let_go(self) -> None:
        if self._serving:
            self._serving.close()

    def _take(self) -> None:
        """Set the chosen ticket up, unless it was begun before."""
        if self.ticket.id not in self.desks:
            self._begin()
        self._write()
        self._draw()
        first = f"{FIRST} {STAYS}" if ClassAccount.here() else FIRST
        self.say(first if not self.desk.done else "This one is done. “Start again” breaks it anew.")

    def _begin(self) -> None:
        task = self.ticket.task(self.seed)
        self.desks[self.ticket.id] = Desk(task, dict(task.situation(self.sim)))
        if self.desk.given and (shell := get_ipython()) is not None:
            shell.push(dict(self.desk.given))

    def _again(self) -> None:
        before = self.desk
        self._begin()
        self.desks[self.ticket.id] = replace(before, given=self.desk.given, done=False)
        self._write()
        self._draw()
        names = [f"`{name}`" for name in self.desk.given]
        anew = f" Made anew: {', '.join(names)}." if names else ""
        self.say(f"It is as broken as it was at the beginning.{anew}")

    def _check(self) -> None:
        outcome = self.desk.task.check(self.sim)
        if outcome.done and not self.desk.done:
            progress.mine().done(self.desk.task)
        self.desk.done = self.desk.done or outcome.done
        self._draw()
        self.say(outcome.feedback, mistake=not outcome.done, word="Done" if outcome.done else "Not yet")

    def _hint(self) -> None:
        if self.desk.hints == HINTS:
            self.say("You have all three hints of this ticket.")
            return
        self.desk.hints += 1
        hint = self.desk.task.hints[self.desk.hints - 1]
        self._note(hinted(self.desk.hints, hint))
        words = hint if self.desk.hints < HINTS else "It is code, and stands above the ticket."
        self.say(f"Hint {self.desk.hints} of {HINTS}. {words}")

    def _put_hint(self) -> None:
        if not self.desk.hints:
            raise ValueError("there is no hint yet: press “Show a hint” first")
        hint = self.desk.task.hints[self.desk.hints - 1]
        self.write_below(hint if self.desk.hints == HINTS else f"# {hint}")

    def _work_in_terminal(self) -> None:
        if self._serving is None:
            try:
                self._serving = self.sim.serve()
            except RuntimeError as cannot:  # in a browser, or without what serves
                raise ValueError(str(cannot)) from None
        ticket = self.ticket
        person = ticket.reporter if ticket.account == ROOT_ACCOUNT else f"{ticket.account}/{ticket.reporter}"
        lines = {"as the root user": self.line(), f"as {person}": self.line(person)}
        self._note("".join(f"<p>In a terminal, {who}:</p><pre><code>{escape(line)}</code></pre>"
                           for who, line in lines.items()))  # fmt: skip
        self.say(
            "Paste a line from above the ticket into a terminal (File, New, Terminal): `aws` then calls this notebook."
        )

    def line(self, person: str = "") -> str:
        """The line that makes somebody of a shell, a user or without a name the root user; "" before it is served.

        It puts this notebook's programs first: a terminal starts a login shell, which forgets where they are.
        """
        if self._serving is None:
            return ""
        programs, words = shlex.quote(str(Path(sys.executable).parent)), f" {person}" if person else ""
        return f'PATH={programs}:$PATH; eval "$(kms-teach env --url {self._serving.url}{words})"'

    def board(self) -> Picture:
        """All tickets, and which of them are done."""
        return tickets([name for name, desk in self.desks.items() if desk.done])

    def _note(self, words: str) -> None:
        """Put something above the ticket."""
        self.desk.notes = [words, *(each for each in self.desk.notes if each != words)]
        self._write()

    def _write(self) -> None:
        """The ticket: who calls, what they say, what is to be done; above it what was added."""
        self._paper.value = "".join(self.desk.notes) + self._report()

    def _report(self) -> str:
        ticket = self.ticket
        said = f"<p><strong>{escape(ticket.reporter)}</strong>, {marked(ticket.since)}: “{marked(ticket.report)}”</p>"
        helps = f"<p>Difficulty {ticket.level} of 3. Chapters that help: {', '.join(_chapters(ticket))}.</p>"
        return f"{said}<p><strong>To do.</strong> {marked(self.desk.task.goal)}</p>{helps}"

    def _draw(self) -> None:
        """The newest call of whoever the ticket is about."""
        picture = opened(self._record(), canvas=LAB, part=self.part.value)
        self.show(picture, f"{picture.title}.")

    def _record(self) -> Record:
        work = Work.on(self.sim, self.ticket.id)
        if work is None:
            raise ValueError("the trail no longer goes back to where this ticket began: press “Start again”")
        calls = [r for r in (*work.before, *work.since) if r.caller == self.ticket.shown]
        newest, asked = calls[-1], calls[-2:-1]
        # S3 asks KMS as the caller: where that was refused, its own record does not say why
        by_kms = newest.event["eventSource"].startswith("s3.") and asked and asked[0].operation == "Decrypt"
        return asked[0] if by_kms and not asked[0].worked else newest

    @property
    def facts(self) -> str:
        return f"Ticket {self.number.value + 1}, {self.ticket.title}: {self.picture!r}"

    def static(self) -> str:
        """The ticket, the call that it is about, and folded away how it can be put right."""
        hints = "".join(hinted(number, hint) for number, hint in enumerate(self.desk.task.hints, 1))
        return f"{self._report()}{super().static()}{folded('How it can be put right', hints, ANSWER)}"
