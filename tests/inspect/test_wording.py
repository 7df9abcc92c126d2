import pytest

from kms_teach.inspect.wording import Words, normal, sentences

THREE = Words(("aws managed key", "rotat"), numbers=(1095,))


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("AWS-managed CMKs rotate every three years", "aws managed key rotate every 1095 days"),
        ("once a year", "every 365 days"),
        ("up to 4KB", "up to 4096 bytes"),
        ("4,096 bytes", "4096 bytes"),
        ("2–3 days", "2 to 3 days"),
        ("It re-encrypts “all” data", "it reencrypts all data"),
    ],
)
def test_one_thing_is_compared_in_one_way(written, compared):
    assert normal(written) == compared


@pytest.mark.parametrize(
    "other",
    [
        "AWS managed keys rotate every two years.", "AWS managed keys don't rotate every three years.",
        "AWS managed keys rotate every three years?", "AWS managed keys used to rotate every three years.",
        "Only AWS managed keys rotate every three years.", "AWS managed keys rotate every three years, 10 times.",
        "AWS managed keys rotate.", "Customer managed keys rotate every three years.",
    ],
)  # fmt: skip
def test_another_number_a_denial_a_question_a_hedge_or_an_only_is_another_sentence(other):
    assert THREE.fit("AWS managed keys rotate every three years.")
    assert not THREE.fit(other)


def test_a_number_in_a_name_counts_nothing():
    assert Words(("fips",)).fit("FIPS 140-2, for RSA-2048 and SCS-C03")


def test_a_sheet_is_taken_apart_at_lines_and_full_stops():
    assert sentences("* One.\n2) Two; three! \n\n> One.") == ("One.", "Two;", "three!")
