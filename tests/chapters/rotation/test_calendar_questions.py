"""By hand, from AWS's documents: 365 days unless told, 90 to 2,560 days, and on demand beside the calendar."""

import re

from tests.questions import right, seeds


def number(pattern, words):
    return int(re.search(pattern, words).group(1).replace(",", ""))


def test_the_longest_period_that_the_rule_allows_makes_the_fewest_materials():
    for question in seeds("fewest-rotations"):
        most = number(r"encrypt for (\d+) days", question.words)
        period = max(period for period in (90, 180, 365, 730) if period <= most)
        option = "without any period" if period == 365 else f"with a period of {period} days"
        assert right(question) == [f"`EnableKeyRotation` {option}"]


def test_a_key_has_its_first_material_and_one_for_each_rotation_of_either_kind():
    for question in seeds("materials-of-a-key"):
        by_date = number(r"after (\d+) days", question.words) // number(r"period of (\d+) days", question.words)
        assert right(question) == [str(1 + by_date + (2 if "twice" in question.words else 3))]


def test_a_managed_key_rotates_every_year():
    for question in seeds("years-of-a-managed-key"):
        assert right(question) == [f"{number(r'for ([0-9,]+) days', question.words) // 365} times"]
