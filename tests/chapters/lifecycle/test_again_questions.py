"""By hand, from AWS's documents: what the same bytes do under another key id, and how long a token lasts."""

import re

from tests.questions import right, seeds

DEPENDS_ON_BYTES = ("`VerifyMac`", "`Verify`", "`DeriveSharedSecret`")


def test_the_same_bytes_check_and_agree_and_do_not_open_a_symmetric_ciphertext():
    for question in seeds("same-bytes-new-key"):
        assert set(right(question)) == {option for option in question.options if option.startswith(DEPENDS_ON_BYTES)}


def test_a_token_lasts_a_day_and_goes_with_its_own_public_key():
    for question in seeds("token-and-wrapping")[:2]:
        found = right(question)
        for option in question.options:
            hours = re.search(r"(\d+) hours old", option)
            fine = int(hours.group(1)) <= 24 if hours else option.startswith("the same once more")
            assert (option in found) == fine


def test_a_replica_of_an_imported_key_waits_for_the_same_bytes_in_its_own_region():
    for question in seeds("what-the-replica-needs")[:3]:
        second = re.search(r"replicated to (\S+)\.", question.words).group(1)
        imported = "that the company imported" in question.words
        assert right(question) == [f"the same bytes, in {second}" if imported else "nothing at all"]
