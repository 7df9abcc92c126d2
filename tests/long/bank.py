"""The whole bank: fifty seeds of each family, and guessers over three thousand questions, by hand.

    nice .venv/bin/python tests/long/bank.py            # some 20 minutes of one core
    nice .venv/bin/python tests/long/bank.py 4 200      # seeds of each family, questions for the guessers

Of each question: as many right options as the format has (the run raises otherwise), no two options alike, and an answer
that a second run repeats. Of each family: three really different questions at least. Of the bank: whoever reads only the
words gains less than three points of a hundred, and no position is right more often than another.
"""

import random
import sys
from collections import Counter, defaultdict

from kms_teach.teaching import exam
from tests.guessers import GUESSERS, bones, gain, matching_gain, ordering_gain

SEEDS, QUESTIONS = 50, 3000
MOST = 3.0  # points of a hundred
FACES = 3


def right_of(question, answer):
    if isinstance(answer, frozenset):
        return frozenset(question.options[index] for index in answer)
    if question.matches:
        return frozenset(f"{o}: {question.matches[match]}" for o, match in zip(question.options, answer, strict=True))
    return frozenset()


def families(seeds):
    """Go through all seeds of all families; gives what is wrong, and every question with its answer."""
    wrong, asked = [], []
    for family in exam.families():
        faces = set()
        for seed in range(seeds):
            question = family.question(seed)
            try:
                answer = question.answer()
                if seed < 2 and question.answer() != answer:
                    wrong.append(f"{family.id}, seed {seed}: a second run comes to another answer")
            except ValueError as no_question:
                wrong.append(str(no_question))
                continue
            if len(set(question.options)) < len(question.options):
                wrong.append(f"{family.id}, seed {seed}: two options are alike")
            faces.add(bones(question.asked.words, question.options, right_of(question, answer)))
            asked.append((question, answer))
        if len(faces) < min(FACES, seeds):
            wrong.append(f"{family.id} asks {len(faces)} different questions in {seeds} seeds")
    return wrong, asked


def guessed(asked):
    """What each guesser gains, in points of a hundred, and how often each position of one of four is right."""
    gains, positions = defaultdict(list), Counter()
    for question, answer in asked:
        options = question.options
        if isinstance(answer, frozenset):
            for name, guesser in GUESSERS.items():
                gains[name].append(gain(guesser, question.asked.words, options, answer))
            if len(options) == 4:
                positions.update(answer if question.family.format == "one" else ())
        elif question.matches:
            gains["matchings, by common words"].append(matching_gain(options, question.matches, answer))
        else:
            gains["orderings, as shown"].append(ordering_gain([float(at) for at in range(len(options))], answer))
    return {name: sum(each) / len(each) for name, each in gains.items()}, positions


def main(seeds=SEEDS, questions=QUESTIONS):
    wrong, asked = families(seeds)
    drawn = random.Random(1).sample(asked, min(questions, len(asked)))
    gains, positions = guessed(drawn)
    for name, points in gains.items():
        print(f"{name}: {points:+.1f} points")
        if abs(points) > MOST and not name.startswith("orderings"):
            wrong.append(f"{name}: {points:+.1f} points")
    total = sum(positions.values())
    shares = {place + 1: 100 * positions[place] / total for place in range(4)}
    print("right of four, by place:", ", ".join(f"{place}: {share:.1f} %" for place, share in shares.items()))
    wrong += [f"place {place}: {share:.1f} %" for place, share in shares.items() if abs(share - 25) > MOST]
    print(f"{len(asked)} questions of {len(exam.families())} families; guessers read {len(drawn)}")
    print(*wrong or ["nothing is wrong"], sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
