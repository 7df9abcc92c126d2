import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.chapters.grants.tasks import PARTNER, SHARE_ONE_REPORT, two_reports
from kms_teach.teaching import Do

BLUE, RED = {"tenant": "Blue"}, {"tenant": "Red"}
TENANT = {"StringEquals": {"kms:EncryptionContext:tenant": "Blue"}}


@pytest.fixture
def sim():
    with Simulator(start="2026-01-01T00:00:00Z", slow=True) as simulator:
        yield simulator


@pytest.fixture
def reports(sim):
    return two_reports(sim)["reports"]


@pytest.fixture
def key(sim, reports):
    return sim.trail.named("Encrypt")[-1].used[0].key_arn


def may(resource="*", **more):
    return {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": resource, **more}


def reader(sim, *statements):
    policies = [{"Version": "2012-10-17", "Statement": list(statements)}] if statements else []
    return sim.user("reader", account=PARTNER, policies=policies)


def admit(kms, key, **more):
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    policy["Statement"].append(may(Principal={"AWS": f"arn:aws:iam::{PARTNER}:root"}, **more))
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))


def grant(kms, key, grantee, **constraints):
    return kms.create_grant(
        KeyId=key, GranteePrincipal=grantee, Operations=["Decrypt"], Constraints=constraints
    )["GrantToken"]  # fmt: skip


def show(person, reports, *tenants, **more):
    """The reader decrypts, refused or not."""
    for tenant in tenants or reports:
        with suppress(ClientError):
            person.client("kms").decrypt(CiphertextBlob=reports[tenant], EncryptionContext={"tenant": tenant}, **more)


def by_a_grant_and_its_token(sim, kms, key, reports):
    person = reader(sim)
    show(person, reports, GrantTokens=[grant(kms, key, person.arn, EncryptionContextEquals=BLUE)])


def by_a_grant_that_has_spread(sim, kms, key, reports):
    person = reader(sim)
    grant(kms, key, person.arn, EncryptionContextSubset=BLUE)
    sim.advance(minutes=5)
    show(person, reports)


def by_a_grant_to_the_account_and_iam(sim, kms, key, reports):
    token = grant(kms, key, f"arn:aws:iam::{PARTNER}:root", EncryptionContextEquals=BLUE)
    show(reader(sim, may(key)), reports, GrantTokens=[token])


def by_a_condition_in_the_key_policy(sim, kms, key, reports):
    admit(kms, key, Condition=TENANT)
    show(reader(sim, may(key)), reports)


def by_a_condition_in_iam(sim, kms, key, reports):
    admit(kms, key)
    show(reader(sim, may(key, Condition=TENANT)), reports)


@pytest.mark.parametrize(
    "way",
    [
        by_a_grant_and_its_token, by_a_grant_that_has_spread, by_a_grant_to_the_account_and_iam,
        by_a_condition_in_the_key_policy, by_a_condition_in_iam,
    ],
)  # fmt: skip
def test_any_way_that_shares_one_report_alone_is_right(sim, kms, key, reports, way):
    assert not SHARE_ONE_REPORT.check(sim).done
    way(sim, kms, key, reports)
    outcome = SHARE_ONE_REPORT.check(sim)
    assert outcome.done, outcome.feedback
    assert ("By a grant" in outcome.feedback) is ("grant" in way.__name__)


def test_one_side_is_not_enough_the_keys(sim, kms, key, reports):
    admit(kms, key, Condition=TENANT)
    show(reader(sim), reports)
    assert "one side is not enough: the reader's account must too" in SHARE_ONE_REPORT.check(sim).feedback


def test_one_side_is_not_enough_the_readers(sim, key, reports):
    show(reader(sim, may(key, Condition=TENANT)), reports)
    assert "one side is not enough: nothing at the key lets the reader in" in SHARE_ONE_REPORT.check(sim).feedback


def test_neither_side(sim, reports):
    show(reader(sim), reports)
    assert "Neither the key nor the reader's account allows it" in SHARE_ONE_REPORT.check(sim).feedback


def test_a_grant_is_not_known_everywhere_at_once(sim, kms, key, reports):
    person = reader(sim)
    grant(kms, key, person.arn, EncryptionContextEquals=BLUE)
    show(person, reports)
    assert "let the reader show its token" in SHARE_ONE_REPORT.check(sim).feedback


def test_a_grant_on_the_key_is_a_grant_on_all_under_it(sim, kms, key, reports):
    person = reader(sim)
    show(person, reports, GrantTokens=[grant(kms, key, person.arn)])
    outcome = SHARE_ONE_REPORT.check(sim)
    assert not outcome.done
    assert "opens Red's report too" in outcome.feedback


def test_a_wide_grant_that_was_ended_counts_until_its_end_has_spread(sim, kms, key, reports):
    person = reader(sim)
    wide = kms.create_grant(KeyId=key, GranteePrincipal=person.arn, Operations=["Decrypt"])
    sim.advance(minutes=5)
    kms.revoke_grant(KeyId=key, GrantId=wide["GrantId"])
    tokens = [grant(kms, key, person.arn, EncryptionContextEquals=BLUE)]
    show(person, reports, GrantTokens=tokens)
    assert "Let five minutes pass, and try Red's again" in SHARE_ONE_REPORT.check(sim).feedback
    sim.advance(minutes=5)
    show(person, reports)
    assert SHARE_ONE_REPORT.check(sim).done


def test_a_constraint_with_other_words_is_told(sim, kms, key, reports):
    person = reader(sim)
    show(person, reports, GrantTokens=[grant(kms, key, person.arn, EncryptionContextEquals={"tenant": "blue"})])
    assert "needs exactly the encryption context tenant=blue" in SHARE_ONE_REPORT.check(sim).feedback


def test_reds_denial_from_before_the_door_was_opened_proves_nothing(sim, kms, key, reports):
    person = reader(sim)
    show(person, reports, "Red")
    show(person, reports, "Blue", GrantTokens=[grant(kms, key, person.arn)])
    outcome = SHARE_ONE_REPORT.check(sim)
    assert not outcome.done
    assert "Now let the reader try Red's" in outcome.feedback


def test_a_wrong_context_is_no_denial(sim, kms, key, reports):
    person = reader(sim)
    tokens = [grant(kms, key, person.arn)]
    show(person, reports, "Blue", GrantTokens=tokens)
    with suppress(ClientError):
        person.client("kms").decrypt(CiphertextBlob=reports["Blue"], EncryptionContext=RED, GrantTokens=tokens)
    assert "InvalidCiphertextException: send its own bytes" in SHARE_ONE_REPORT.check(sim).feedback


def test_only_blues_or_without_its_context_is_not_yet_shown(sim, kms, key, reports):
    person = reader(sim)
    tokens = [grant(kms, key, person.arn, EncryptionContextEquals=BLUE)]
    with suppress(ClientError):
        person.client("kms").decrypt(CiphertextBlob=reports["Blue"], GrantTokens=tokens)
    assert "has not tried Blue's report with its encryption context" in SHARE_ONE_REPORT.check(sim).feedback
    show(person, reports, "Blue", GrantTokens=tokens)
    assert "Now let the reader try Red's" in SHARE_ONE_REPORT.check(sim).feedback


def test_somebody_else_is_not_the_reader(sim, kms, reports):
    kms.decrypt(CiphertextBlob=reports["Blue"], EncryptionContext=BLUE)
    assert "Somebody else opened it" in SHARE_ONE_REPORT.check(sim).feedback
    show(sim.user("reader", policies=[{"Version": "2012-10-17", "Statement": [may()]}]), reports)
    assert "one of your own account" in SHARE_ONE_REPORT.check(sim).feedback


def test_before_anything_is_tried_the_check_says_what_is_missing(sim):
    assert "Start again" in SHARE_ONE_REPORT.check(sim).feedback
    two_reports(sim)
    assert "has not called Decrypt yet" in SHARE_ONE_REPORT.check(sim).feedback


def test_the_panel_says_done_when_it_is(sim, kms):
    panel = Do(SHARE_ONE_REPORT, sim)
    panel.check.click()
    assert not panel.done
    key = sim.trail.named("Encrypt")[-1].used[0].key_arn
    by_a_grant_and_its_token(sim, kms, key, panel.given["reports"])
    panel.check.click()
    assert panel.done
