"""Ten thousand questions with their answers, beside as many bare scratch simulators, and one on screen; in CPU time.

nice .venv/bin/python benchmarks/bank.py            # or with another number of questions
"""

import statistics
import sys
import time

from kms_teach.teaching import exam
from kms_teach.teaching.quiz import Quiz
from kms_teach.teaching.trial import scratch

QUESTIONS = 10_000
SLICE = 50  # questions between two slices of simulators, so that both meet the same machine


def main(count=QUESTIONS):
    families = exam.families()
    for family in families:  # what a process makes once: models, and keys that all questions share
        family.question(0).answer()
    taken = {"questions": 0.0, "simulators": 0.0}
    for start in range(0, count, SLICE):
        begun = time.process_time()
        for number in range(start, start + SLICE):
            seed, at = divmod(number, len(families))
            families[at].question(1 + seed).answer()
        asked = time.process_time()
        for _ in range(SLICE):
            scratch()
        ended = time.process_time()
        taken["questions"] += asked - begun
        taken["simulators"] += ended - asked
    each = {name: 1e3 * seconds / count for name, seconds in taken.items()}
    print(f"{count} questions of {len(families)} families: {taken['questions']:.0f} s, {each['questions']:.1f} ms each")
    print(f"{count} scratch simulators: {taken['simulators']:.0f} s, {each['simulators']:.1f} ms each")
    print(f"ratio {taken['questions'] / taken['simulators']:.2f}")
    times = sorted((on_screen(family), family.id) for family in families)
    print(
        f"on screen: {statistics.fmean(time for time, _ in times):.0f} ms; the slowest: {times[-1][1]}, {times[-1][0]:.0f} ms"
    )


def on_screen(family):
    """Milliseconds until a quiz shows a question of a family, the better of two; of several, its run counts the right."""
    taken = []
    for _ in range(2):
        begun = time.process_time()
        Quiz(family.id)
        taken.append(1e3 * (time.process_time() - begun))
    return min(taken)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
