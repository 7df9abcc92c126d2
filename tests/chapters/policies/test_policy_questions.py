"""By hand, from the KMS Developer Guide's pages on key policies, conditions and ABAC: what each question comes to."""

from tests.questions import right, seeds

ADMINISTERS = {  # the actions that the statement allows begin so
    "to describe, enable": ("Describe", "Enable", "Disable", "Put"),
    "to describe and list": ("Describe", "List", "ScheduleKeyDeletion", "CancelKeyDeletion"),
    "all that begins with": ("Get", "List", "Update"),
}


def test_an_action_is_allowed_where_its_name_begins_as_the_pattern_does():
    for question in seeds("what-an-administrator-may"):
        starts = next(each for words, each in ADMINISTERS.items() if words in question.words)
        assert set(right(question)) == {each for each in question.options if each.strip("`").startswith(starts)}


def test_via_service_tells_through_which_service_a_call_comes():
    for question in seeds("only-through-a-service"):
        start = (
            "`kms:ViaService` is not there" if "never through" in question.words
            else "`kms:ViaService` equals that, or" if " or " in question.words.split("key through")[1]
            else "`kms:ViaService` equals `"
        )  # fmt: skip
        assert right(question)[0].startswith(start)


def test_a_deny_spares_the_one_it_names_and_without_the_accounts_statement_iam_has_no_say():
    for question in seeds("closed-for-all-but-one"):
        words = question.words
        start = (
            "allow the role" if "must still be able" in words
            else "put a key policy" if "must not be able" in words else "allow the role"
        )  # fmt: skip
        assert right(question)[0].startswith(start)
        assert right(question)[0].endswith("`aws:PrincipalArn`") == ("must still be able" in words)
        assert "`:root`" not in right(question)[0]


def test_iam_counts_for_both_keys_and_a_key_policy_for_its_own():
    for question in seeds("two-keys-two-policies"):
        words = question.words
        first, second = words.split("keys ")[1].split(" are")[0].split(" and ")
        by_key, by_iam = (words.split("`kms:")[n].split("`")[0] for n in (1, 2))
        expected = {f"`{by_iam}` with {first}", f"`{by_key}` with {second}"}
        if "on every resource" in words:
            expected.add(f"`{by_iam}` with {second}")
        assert set(right(question)) == expected


def test_whoever_puts_a_key_policy_must_be_able_to_put_another():
    seen = set()
    for question in seeds("refused-by-the-lockout-check", 20):
        (found,) = right(question)
        by_role, accepted = "to the role alone" in question.words, "is accepted" in question.words
        assert found.startswith("`kms:*` to the role" if by_role == accepted else "`kms:PutKeyPolicy` to ")
        seen.add((by_role, accepted))
    assert len(seen) == 4


def test_a_condition_on_a_pair_lets_others_through_unless_the_names_are_limited():
    for question in seeds("forced-tenant"):
        words, options = question.words, question.options
        tenant = words.split("equals `")[1].split("`")[0] if "equals" in words else ""
        expected = {each for each in options if f"`{tenant}`" in each and ("year" not in each or "Keys" not in words)}
        if not tenant:
            expected = {each for each in options if "`tenant`" in each}
        assert set(right(question)) == expected


def test_tags_must_be_equal_letter_by_letter():
    for question in seeds("tag-decides"):
        words = question.words
        first, second = words.split("of ana is `")[1].split("`")[0], words.split("of ben `")[1].split("`")[0]
        moved = "was changed" in words
        expected = {("ana", first), ("ana" if moved else "ben", second)}
        assert set(right(question)) == {f"{who}, with the key of {team}" for who, team in expected}


def test_who_writes_policies_or_grants_may_help_themselves_and_who_tags_where_tags_decide():
    for question in seeds("way-to-more"):
        expected = {"`kms:PutKeyPolicy`", "`kms:CreateGrant`"}
        if "whose tag" in question.words:
            expected.add("`kms:TagResource`")
        assert set(right(question)) == expected


def test_a_date_is_compared_with_the_moment_of_the_call():
    for question in seeds("until-the-contract-ends"):
        operator = (
            "Less" if " until " in question.words else "Greater" if "not before" in question.words else "NotEquals"
        )
        assert operator in right(question)[0]
