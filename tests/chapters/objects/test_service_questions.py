"""By hand, from the guides of the services that call KMS: the permission each needs, and what a condition lets through."""

from tests.questions import matched, right, seeds

NEEDS = {  # KMS Developer Guide, "How AWS services use AWS KMS", and the guides of Parameter Store and EBS
    "is written": "`kms:Encrypt`", "parameter is read": "`kms:Decrypt`", "value is read": "`kms:Decrypt`",
    "is created": "`kms:GenerateDataKeyWithoutPlaintext`", "is attached": "`kms:CreateGrant`",
}  # fmt: skip


def test_each_service_asks_for_the_permission_that_its_guide_names():
    for question in seeds("permission-behind-a-service"):
        for deed, action in matched(question).items():
            assert action == next(needed for end, needed in NEEDS.items() if deed.endswith(end) or end in deed)


def test_the_service_is_in_via_service_and_the_secret_in_the_context():
    for question in seeds("narrow-as-a-secret"):
        by_service, by_context = "ViaService" in question.words, "SecretARN" in question.words
        expected = [option for option in question.options if "newest" in option or "older" in option]
        if not by_context:
            expected += [option for option in question.options if "for a version of" in option]
        if not by_service:
            expected += [option for option in question.options if "own program" in option]
        assert sorted(right(question)) == sorted(expected)


def test_another_account_needs_a_customer_managed_key_and_a_yes_of_both():
    for question in seeds("secret-for-a-partner"):
        missing = (
            "a customer managed key" if "aws/secretsmanager" in question.words
            else "an IAM policy" if "the key policy lets" in question.words else "the key policy"
        )  # fmt: skip
        assert right(question)[0].startswith(missing)


def test_what_is_attached_goes_on_and_nothing_new_begins():
    for question in seeds("volume-of-a-disabled-key"):
        works = {each for each in question.options if each.startswith(("a running", "the console", "an auditor"))}
        assert set(right(question)) == works
