"""By hand, from AWS's documents: what a replica shares with its primary, and what each Region has by itself."""

import re

from tests.questions import right, seeds

STEPS = ("`ReplicateKey`", "`UpdatePrimaryRegion`", "`EnableKeyRotation`", "`ScheduleKeyDeletion`")


def test_a_multi_region_key_is_replicated_and_a_single_region_key_is_replaced():
    for question in seeds("from-one-region-to-two"):
        start = "`ReEncrypt`" if "a single-Region key in" in question.words else "`ReplicateKey`"
        assert [option.startswith(start) for option in right(question)] == [True]


def test_a_primary_is_replicated_promoted_elsewhere_and_then_deleted():
    for question in seeds("the-primary-moves-on")[:2]:
        assert all(step.startswith(start) for step, start in zip(right(question), STEPS, strict=True))


def test_state_and_policy_hold_in_their_own_region():
    for question in seeds("which-half-moves"):
        first, second, there = re.search(
            r"primary in (\S+) and a replica in (\S+)\. In (\S+) somebody", question.words
        ).groups()
        other = second if there == first else first
        assert right(question) == [f"in {other}, and not in {there}"]
