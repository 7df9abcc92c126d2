"""By hand, from AWS's documents: what one line of an IAM policy allows."""

from tests.questions import right, seeds

ALLOWED = {  # a pattern's star is any number of letters, its question mark is one
    "kms:*crypt": {"Encrypt", "Decrypt"},
    "kms:De*": {"Decrypt", "DescribeKey"},
    "kms:GenerateDataKey*": {"GenerateDataKey", "GenerateDataKeyWithoutPlaintext"},
    "kms:*Key": {"GenerateDataKey", "DescribeKey"},
    "kms:*t": {"Encrypt", "Decrypt", "GenerateDataKeyWithoutPlaintext"},
    "kms:?e*": {"Decrypt", "ReEncrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "DescribeKey"},
}


def test_a_pattern_allows_the_actions_whose_names_it_fits_and_re_encrypt_is_two_of_them():
    for question in seeds("pattern-of-actions", 10):
        pattern = next(pattern for pattern in ALLOWED if f"`{pattern}`" in question.words)
        assert {option.strip("`") for option in right(question)} == ALLOWED[pattern]


def test_the_resource_of_a_call_is_the_key_also_when_it_was_called_by_an_alias():
    for question in seeds("smallest-allow"):
        assert right(question) == ["the ARN of the key"]
