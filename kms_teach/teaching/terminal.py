"""The exam in a terminal: the same questions as text, answered by letters, with the same progress.

Nothing is drawn, coloured or moved about: each question is a few lines that a screen reader reads from top to bottom.
Why not rich or prompt_toolkit: a list of options and a prompt need neither, and both redraw what was read already.
"""

import random
import secrets
import shutil
import textwrap
from collections.abc import Callable

from kms_teach.drawing.lettering import clean
from kms_teach.inspect.opened import opened_text
from kms_teach.teaching import as_of, exam
from kms_teach.teaching.certifications import CERTIFICATIONS, MOCK, certification
from kms_teach.teaching.evidence import refuting
from kms_teach.teaching.lettered import HOW, letters, read_answer
from kms_teach.teaching.mock_exam import OURS
from kms_teach.teaching.practice import about, next_question
from kms_teach.teaching.progress import Progress
from kms_teach.teaching.question import Question
from kms_teach.teaching.recalled import picked
from kms_teach.teaching.record import Answered, Given, How
from kms_teach.teaching.review import in_words, right_words
from kms_teach.teaching.score import between
from kms_teach.teaching.sections import section
from kms_teach.teaching.sitting import Result, Sheet

WIDEST = 88  # columns; longer lines are hard to follow
COMMANDS = (
    "An empty line goes on to the next question. Other words: back, go 7, flag (to come back), list, end (to hand in), "
    "quit (to go on another day)."
)
ENDED = "What you answered is kept."
Read = Callable[[str], str]
Write = Callable[[str], None]


class Terminal:
    """Asks with `read`, as input does, and says with `write`, as print does."""

    def __init__(self, kept: Progress, read: Read = input, write: Write = print, *, clock: bool = True) -> None:
        self.kept, self.read, self.write, self.clock = kept, read, write, clock
        self.width = min(WIDEST, shutil.get_terminal_size().columns - 1)

    def practise(self, topic: str, draw: random.Random | None = None) -> None:
        """Ask about a subject or a chapter until the learner ends it.

        Raises:
            ValueError: there is no question about that.
        """
        draw, families = draw or secrets.SystemRandom(), about(topic, exam.families())
        self._ask("practice", lambda: (next_question(families, self.kept.of(Answered), draw), ""))

    def recall(self, draw: random.Random | None = None) -> None:
        """Ask what is due again until the learner ends it."""
        draw = draw or secrets.SystemRandom()
        self._ask("recall", lambda: picked(self.kept, draw))

    def _ask(self, how: How, pick: Callable[[], tuple[Question, str]]) -> None:
        while True:
            question, said = pick()
            if said:
                self._say(said)
            self._show(question, "")
            given = self._given(question)
            if given is None:
                return
            right, why = question.judged(given)
            self.kept.answered(question, given, right, how)
            self._say(f"{'Right.' if right else 'Not this time.'} {why}")
            if not right:
                self._refute(question, given)
            self._trouble()

    def sit(self, code: str, length: int = MOCK) -> None:
        """Go on with the mock exam that is not finished, or begin one.

        Raises:
            KeyError: no exam has that code.
            ValueError: no code is given, and nothing to go on with; or there are no questions for it.
        """
        sheet = self._sheet(code, length)
        if sheet is None:
            return
        self._say(COMMANDS)
        while (result := self._turn(sheet)) is None:
            self._trouble()
        self._result(result)

    def _sheet(self, code: str, length: int) -> Sheet | None:
        sheet = Sheet.unfinished(self.kept)
        wanted = certification(code).code if code else ""
        if sheet and wanted not in {"", sheet.sitting.code}:
            answer = self.read(f"Give up your mock exam for {sheet.sitting.code}, and begin {wanted}? (yes or no) ")
            if answer.strip().lower() not in {"y", "yes"}:
                return None
            sheet.give_up()
            sheet = None
        if sheet:
            sitting = sheet.sitting
            self._say(f"Your mock exam for {sitting.code}: {sitting.answered} of {len(sitting.places)} are answered.")
            return sheet
        if not wanted:
            names = ", ".join(f"{known.code} ({known.name})" for known in CERTIFICATIONS)
            raise ValueError(f"name an exam, as in `kms-teach exam SCS-C03`: there are {names}")
        self._say(certification(wanted).standing(self.kept.now().date()))
        sheet = Sheet.begin(self.kept, wanted, length)
        minutes = f" {sheet.sitting.minutes:.0f} minutes." if self.clock else ""
        self._say(f"A mock exam for {wanted}, {as_of.WORDS}: {len(sheet.sitting.places)} questions.{minutes}")
        return sheet

    def _turn(self, sheet: Sheet) -> Result | None:
        """Ask one question of a sitting; its result once it is handed in."""
        self._show(sheet.question, self._where(sheet))
        if sheet.mark.given is not None:
            self._say(f"You answered: {'; '.join(in_words(sheet.question, sheet.mark.given))}")
        words = self.read(f"{HOW[sheet.question.family.format]}: ").strip()
        match words.lower().split():
            case []:
                sheet.go(sheet.number % len(sheet.sitting.places) + 1)
            case ["back"]:
                sheet.go(sheet.number - 1)
            case ["go", number] if number.isdecimal():
                sheet.go(int(number))
            case ["flag"]:
                sheet.flag(not sheet.mark.flagged)
            case ["list"]:
                self._list(sheet)
            case ["quit"]:
                raise EOFError
            case ["end"]:
                return self._end(sheet)
            case ["help" | "?"]:
                self._say(COMMANDS)
            case _:
                try:
                    sheet.give(read_answer(sheet.question, words))
                except ValueError as error:
                    self._say(f"{error}. {COMMANDS}")
                else:
                    sheet.go(sheet.number % len(sheet.sitting.places) + 1)
        return None

    def _where(self, sheet: Sheet) -> str:
        where = [f"Question {sheet.number} of {len(sheet.sitting.places)}"]
        if self.clock:
            minutes = round(sheet.left / 60)
            where.append(f"{minutes} minutes left" if sheet.left > 0 else f"{-minutes} minutes over time")
        return ", ".join([*where, *(["flagged"] if sheet.mark.flagged else [])])

    def _list(self, sheet: Sheet) -> None:
        for number, mark in enumerate(sheet.sitting.marks, 1):
            state = "answered" if mark.given is not None else "open"
            self.write(f"  {number}. {state}{', flagged' if mark.flagged else ''}")

    def _end(self, sheet: Sheet) -> Result | None:
        if left := len(sheet.sitting.places) - sheet.sitting.answered:
            are = "question is" if left == 1 else "questions are"
            answer = self.read(f"{left} {are} open, and what is open is wrong. Hand in all the same? (yes or no) ")
            if answer.strip().lower() not in {"y", "yes"}:
                return None
        return sheet.hand_in()

    def _result(self, result: Result) -> None:
        self.write("")
        score = result.score
        self._say(f"{score.right} of {score.asked} are right, which points to somewhere {between(score)}.")
        for subject, part in result.subjects.items():
            self.write(f"  {subject}: {part.right} of {part.asked}, {between(part)}")
        self._say(OURS)
        self._trouble()
        wrong = [(number, each) for number, each in enumerate(result.judged, 1) if not each.right]
        for number, each in wrong:
            if self.read("An empty line shows the next one that was wrong, quit ends: ").strip().lower() == "quit":
                return
            self._show(each.question, f"Question {number}")
            if each.given is not None:
                self._say(f"You answered: {'; '.join(in_words(each.question, each.given))}")
            self._say(each.why)
            if each.given is not None:
                self._refute(each.question, each.given, again=False)
            self._say(f"Right is: {'; '.join(right_words(each.question))}")
            self._say(f"Read it again: {section(each.question.family)}")

    def _show(self, question: Question, where: str) -> None:
        self.write("")
        self._say(where)
        self._say(question.words)
        for letter, option in zip(letters(question), question.options, strict=True):
            self._item(f"{letter}.", option)
        for number, match in enumerate(question.matches, 1):
            self._item(f"{number}.", match)

    def _given(self, question: Question) -> Given | None:
        """An answer; None when the learner ends it."""
        while True:
            words = self.read(f"{HOW[question.family.format]}, or quit: ").strip()
            if words.lower() == "quit":
                return None
            try:
                return read_answer(question, words)
            except ValueError as error:
                self._say(f"{error}.")

    def _refute(self, question: Question, given: Given, *, again: bool = True) -> None:
        if record := refuting(question, given):
            self.write("The call that shows it:")
            self.write(opened_text(record))
        if again:
            self._say(f"Read it again: {section(question.family)}")

    def _trouble(self) -> None:
        self._say(self.kept.trouble)

    def _say(self, words: str) -> None:
        if words:
            self.write(textwrap.fill(_bare(words), self.width))

    def _item(self, sign: str, words: str) -> None:
        self.write(textwrap.fill(_bare(words), self.width, initial_indent=f"  {sign} ", subsequent_indent="     "))


def _bare(words: str) -> str:
    """Words as they are read aloud: without the signs around code."""
    return clean(words).replace("`", "")
