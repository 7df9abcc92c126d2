"""By hand, from AWS's documents: what ends a key, for how long, and what is left of it."""

from tests.questions import right, seeds

ENDS = {
    "not even an administrator": "`DeleteImportedKeyMaterial`",
    "one call must bring them back": "`DisableKey`",
    "the key itself must be gone": "`ScheduleKeyDeletion`",
    "without a further call": "`ImportKeyMaterial` again, with `ValidTo`",
}
LEFT = ("what was moved", "files whose plaintext data key", "signatures")


def test_each_wish_is_met_by_one_end():
    for question in seeds("which-end")[:3]:
        assert right(question) == [next(end for words, end in ENDS.items() if words in question.words)]


def test_a_deny_with_the_operator_of_the_forbidden_waits_keeps_the_rule():
    for question in seeds("long-waits-only"):
        expected = "`NumericLessThan`" if "with fewer than" in question.words else "`NumericGreaterThan`"
        assert right(question) == [expected]


def test_what_needs_no_kms_or_another_key_outlives_a_key():
    for question in seeds("after-the-deletion"):
        assert set(right(question)) == {option for option in question.options if option.startswith(LEFT)}


def test_seven_days_are_the_least_and_imported_material_goes_at_once():
    for question in seeds("one-customer-less"):
        start = "a KMS key each, made by KMS" if "material of its own" in question.words else "a KMS key each, with"
        assert [option.startswith(start) for option in right(question)] == [True]
