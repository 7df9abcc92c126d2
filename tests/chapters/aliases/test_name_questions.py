"""By hand, from AWS's documents: how KMS looks for a name, which names it takes, and what moving one asks for."""

from tests.questions import right, seeds

NEEDED = {  # "Controlling access to aliases": the alias, and each key that gains or loses it
    "CreateAlias": {"the ARN of the alias", "the ARN of the key that it names, or is to name first"},
    "DeleteAlias": {"the ARN of the alias", "the ARN of the key that it names, or is to name first"},
    "UpdateAlias": {
        "the ARN of the alias", "the ARN of the key that it names, or is to name first",
        "the ARN of the key that it is to name next",
    },
}  # fmt: skip


def test_a_name_means_the_callers_own_key_and_an_arn_one_key_for_all():
    for question in seeds("one-setting-for-all"):
        expected = "a key's ARN" if "There is one key for both" in question.words else "the alias's name"
        assert right(question) == [expected]


def test_a_name_begins_with_alias_and_has_letters_digits_and_three_marks():
    for question in seeds("may-be-a-name"):
        taken = question.words.split("`")[1]
        fine = {
            option
            for option in question.options
            if option.startswith("`alias/")
            and not option.startswith("`alias/aws/")
            and not set(option) & {".", " "}
            and option != f"`{taken}`"
        }
        assert set(right(question)) == fine


def test_whoever_moves_a_name_is_asked_about_the_alias_and_about_each_key():
    for question in seeds("resources-of-a-name"):
        operation = question.words.split("`kms:")[1].split("`")[0]
        assert set(right(question)) == NEEDED[operation]
