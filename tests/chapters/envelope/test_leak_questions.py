"""By hand, from AWS's documents: what a thief of files and data keys can read, and what ends it."""

import re

from tests.questions import right, seeds

STOPS = ("`DisableKey`", "`ScheduleKeyDeletion`", "a Deny for the role", "the role's IAM policy without")


def test_a_data_key_opens_its_own_files_and_permission_to_decrypt_opens_all():
    for question in seeds("how-much-is-lost"):
        whole, size = map(int, re.match(r"(\d+) files lie in \d+ folders of (\d+)", question.words).groups())
        expected = whole if "credentials" in question.words else size if "and the plaintext" in question.words else 0
        assert right(question) == [str(expected)]


def test_a_known_data_key_is_no_matter_of_kms_and_stolen_credentials_are():
    for question in seeds("after-a-leak"):
        start = "a new data key" if "the plaintext data key" in question.words else "`DisableKey`"
        assert [option.startswith(start) for option in right(question)] == [True]


def test_a_thief_with_credentials_is_stopped_by_state_and_policies_alone():
    for question in seeds("stops-the-thief"):
        assert set(right(question)) == {option for option in question.options if option.startswith(STOPS)}
