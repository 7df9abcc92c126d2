"""By hand, from the guides of KMS, IAM and Organizations: what each question about accounts and incidents comes to."""

import pytest

from tests.questions import of_its_situation, right, seeds

CROSSES = {"`Encrypt`", "`DescribeKey`", "`GenerateDataKey`", "`ListGrants`", "`GetKeyRotationStatus`"}
RULES = {  # a rule of the question: how the right option begins
    "against-a-deletion": {
        "root user included, can schedule": "an SCP for the account, which denies `kms:ScheduleKeyDeletion`",
        "waits 30 days": "an SCP for the account, which denies it for less",
        "its root user can": "an IAM policy for each",
        "there today": "a statement in the policy of each",
    },
    "forbidden-for-the-future": {
        "of whatever account": "an RCP", "root user included": "an SCP", "no user of account": "an IAM policy",
    },
    "deputy-of-a-stranger": {
        "for this resource alone": "`aws:SourceArn`", "for every resource of": "`aws:SourceAccount`",
        "of any account": "no condition",
    },
    "session-of-a-thief": {
        "begins a session of its own": "a Deny for sessions that began", "until all is understood": "a Deny for the",
        "watch the stolen session": "a trust policy",
    },
}  # fmt: skip
STEPS = ("make the user's access key", "search the trail", "encrypt those files", "give the program")


@pytest.mark.parametrize("name", RULES)
def test_the_rule_decides_where_it_is_written(name):
    for question in seeds(name):
        assert right(question)[0].startswith(of_its_situation(question, RULES[name])), question.words


def test_using_a_key_crosses_accounts_and_administering_it_does_not():
    for question in seeds("what-crosses-accounts"):
        assert set(right(question)) == CROSSES & set(question.options)


def test_an_account_that_is_let_in_says_who_of_it_may():
    for question in seeds("whole-account-let-in"):
        expected = {each for each in question.options if each.endswith(("on every resource", "on the ARN of the key"))}
        expected = {each for each in expected if "222233334444" not in each}
        expected |= {each for each in question.options if each.startswith("the root user")}
        assert set(right(question)) == expected


def test_an_organization_is_that_of_the_callers_account():
    for question in seeds("organization-let-in"):
        member = next(each for each in question.options if each.startswith("the root user")).split()[4].strip(",")
        expected = {each for each in question.options if f"of {member}" in each and "says nothing" not in each}
        if "CallerAccount" not in question.words:
            expected |= {each for each in question.options if "111122223333" in each}
        assert set(right(question)) == expected


def test_requests_count_for_the_account_of_the_caller():
    for question in seeds("whose-quota"):
        caller = question.words.split("program in account ")[1].split()[0]
        assert right(question) == [f"in account {caller} alone"]


def test_what_comes_from_another_network_carries_another_endpoint_or_none():
    for question in seeds("only-through-the-endpoint"):
        expected = {each for each in question.options if each.endswith("through the endpoint")}
        if "ViaAWSService" in question.words:
            expected |= {each for each in question.options if each.endswith("in the role's name")}
        assert set(right(question)) == expected


def test_first_the_leak_is_closed_and_only_then_is_the_trail_complete():
    for question in seeds("contain-a-leak")[:2]:
        assert all(step.startswith(start) for step, start in zip(right(question), STEPS, strict=True))
