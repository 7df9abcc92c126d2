"""By hand, from the KMS Developer Guide's "Grants" and CreateGrant's page: what each question comes to."""

import re

from tests.questions import right, seeds

GRANT = re.compile(r"one gives `([a-z.]+)` the operation `(\w+)` with the `SourceArn` `([\w:/-]+)`")

NEEDS = {
    "`Encrypt`": {"Encrypt"}, "`Decrypt`": {"Decrypt"}, "`DescribeKey`": {"DescribeKey"},
    "`ReEncrypt`, from this key to this key": {"ReEncryptFrom", "ReEncryptTo"},
    "`GenerateDataKey`": {"GenerateDataKey"},
    "`GenerateDataKeyWithoutPlaintext`": {"GenerateDataKeyWithoutPlaintext"},
}  # fmt: skip


def test_a_grantee_with_retire_grant_and_the_retiring_principal_end_a_grant():
    for question in seeds("who-is-to-end-it"):
        (found,) = right(question)
        ended_by = question.words.split("ended by ")[1]
        assert ("RetireGrant" in found) == ended_by.startswith("the worker")
        assert ("RetiringPrincipal" in found) == ended_by.startswith("the lead")


def test_a_call_needs_all_its_operations_in_the_list():
    for question in seeds("what-a-list-lets-do"):
        listed = set(question.words.split("key: ")[1].split(". A grant of")[0].replace("`", "").split(", "))
        assert set(right(question)) == {call for call, needed in NEEDS.items() if needed <= listed}


def test_equals_takes_no_pair_more_and_names_are_compared_without_case():
    for question in seeds("equals-or-subset"):
        tenant, year = (question.words.split(f"`{name}` is `")[1].split("`")[0] for name in ("tenant", "year"))
        expected = {each for each in question.options if f"`{tenant}`" in each and f"`{year}`" in each}
        if "Equals" in question.words:
            expected = {each for each in expected if "page" not in each}
        assert set(right(question)) == expected


def test_a_grant_for_an_aws_resource_is_asked_for_by_a_service():
    for question in seeds("for-aws-resources-alone"):
        expected = {each for each in question.options if not each.startswith("the role itself")}
        if "GrantOperations" in question.words:
            expected = {each for each in expected if "GenerateDataKey" not in each}
        assert set(right(question)) == expected


def test_a_grant_to_a_service_counts_for_its_operation_and_its_source_alone():
    for question in seeds("grant-for-a-service"):
        whole = {f"`{what}` by `{who}`, for `{source}`" for who, what, source in GRANT.findall(question.words)}
        assert len(whole) == 2
        assert set(right(question)) == whole.intersection(question.options)


def test_a_constraint_binds_the_context_and_the_list_binds_the_operation():
    for question in seeds("narrowest-for-the-job"):
        start = (
            "a grant for `Decrypt`, with a" if "nothing else" in question.words
            else "a grant for `Decrypt`, without" if "not encrypt" in question.words else "a grant for `Decrypt` and"
        )  # fmt: skip
        assert right(question)[0].startswith(start)
