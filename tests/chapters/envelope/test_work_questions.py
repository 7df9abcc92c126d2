"""By hand, from AWS's documents: how many calls envelope encryption takes, and which permission each role."""

import re

from tests.questions import matched, right, seeds

RIGHTS = {
    "It encrypts new files": "`kms:GenerateDataKey`",
    "It reads files": "`kms:Decrypt`",
    "It prepares encrypted data keys": "`kms:GenerateDataKeyWithoutPlaintext`",
    "It brings the old files' data keys": "`kms:ReEncryptFrom` and `kms:ReEncryptTo`",
}


def test_each_data_key_is_one_call_and_each_opening_another():
    for question in seeds("calls-for-the-files"):
        files, folders = map(int, re.search(r"(\d+) files in (\d+) folders", question.words).groups())
        made = folders if "one data key for each folder" in question.words else files
        opened = folders if "keeps a data key in memory" in question.words else files
        assert right(question) == [str(made + opened)]


def test_each_role_of_an_envelope_has_one_permission():
    for question in seeds("right-for-a-role"):
        for job, permission in matched(question).items():
            assert permission == next(right for start, right in RIGHTS.items() if job.startswith(start))


def test_kms_opens_what_it_made_be_that_a_data_key_or_the_data():  # API Reference, Encrypt and GenerateDataKey
    for question in seeds("a-file-to-open"):
        by_itself = "as `Encrypt` answered" in question.words
        expected = "the encrypted data, without the header" if by_itself else "the encrypted data key, without the rest"
        assert right(question) == [expected]
