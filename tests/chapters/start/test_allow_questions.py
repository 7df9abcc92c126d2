"""By hand, from AWS's documents: what one line of an IAM policy allows."""

from tests.questions import of_its_situation, right, seeds

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


# KMS Developer Guide, "AWS KMS permissions" and "Controlling access to aliases": an alias's own calls need the alias and
# the key, the one by IAM and the other by IAM or the key policy; calls that name no key have `*` as their resource
RESOURCES = {
    "which allows": "the ARN of `alias/",
    "`DeleteAlias`": "both of these ARNs",
    "knows the key": "`*`",
    "": "the ARN of the key",
}


def test_the_resource_of_a_call_is_the_key_also_when_it_was_called_by_an_alias_unless_the_call_is_about_the_alias():
    seen = set()
    for question in seeds("smallest-allow", 16):
        start = of_its_situation(question, RESOURCES)
        assert [option.startswith(start) for option in right(question)] == [True]
        seen.add(start)
    assert seen == set(RESOURCES.values())
