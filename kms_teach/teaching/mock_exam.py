"""A mock exam by certification: a clock, flags, no feedback before the end; then a score and a review with the runs."""

from kms_teach.drawing.look import WIDE
from kms_teach.teaching import as_of, progress
from kms_teach.teaching.certifications import CERTIFICATIONS, MOCK, certification
from kms_teach.teaching.controls import choice
from kms_teach.teaching.lab import marked
from kms_teach.teaching.live import live
from kms_teach.teaching.score import score
from kms_teach.teaching.sitting import Result, Sheet
from kms_teach.teaching.sitting_panel import SittingPanel

ABOUT = f"A mock exam, {as_of.WORDS}: choose the certification, and begin. Feedback comes at the end."
LENGTHS = (MOCK, 10, 5)
OURS = (
    "AWS does not publish how many questions are about KMS: the number and the weights by subject are ours. Its mark, "
    "from 100 to 1,000, is no share of right answers, so this score is no mark of AWS's."
)


class MockExam(SittingPanel):
    """Offers all certifications; one that is over says so."""

    def __init__(self) -> None:
        names = [(f"{exam.code} {exam.name}", exam.code) for exam in CERTIFICATIONS]
        self.code = choice("Exam", names, "SCS-C03")
        self.length = choice("Questions", [(str(length), length) for length in LENGTHS])
        super().__init__("Mock exam", ABOUT, [self.code, self.length], [])
        for setting in self.settings:
            self.on(setting, lambda: self.say(self.before()))

    def begin(self) -> Sheet:
        return Sheet.begin(progress.mine(), self.code.value, self.length.value)

    def before(self) -> str:
        exam, length = certification(self.code.value), self.length.value
        minutes = exam.minutes * length / exam.questions
        time = (
            f"The real exam has {exam.questions} questions in {exam.minutes} minutes, so {length} have {minutes:.0f}."
        )
        where = f"KMS sits in {exam.domain}." if exam.domain != "not known" else ""
        return " ".join(filter(None, [exam.standing(progress.mine().now().date()), time, where]))

    def name(self, sheet: Sheet) -> str:
        return f"Your mock exam for {sheet.sitting.code}"

    def came_out(self, result: Result) -> str:
        sitting = result.sitting
        minutes, allowed = sitting.used / 60, sitting.minutes
        time = f"It took you {minutes:.0f} minutes; in the real exam so many questions have {allowed:.0f}."
        return live(score(result.subjects, WIDE), self.model_id) + f"<p>{marked(time)} {marked(OURS)}</p>"
