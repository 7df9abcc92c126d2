"""The bill of a month, against sums made by hand from AWS's pricing page."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kms_teach import Simulator
from kms_teach.chapters.watching.bill import Bill, dollars, keys
from kms_teach.chapters.watching.prices import ASYMMETRIC, ECC_PAIR, KEY, ROTATION, RSA_2048, RSA_PAIR, SYMMETRIC, price
from kms_teach.teaching.trial import policy

OURS, THEIRS = "111122223333", "444455556666"
JUNE, JULY = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def sim():
    with Simulator(start=JUNE) as one:
        yield one


def june(sim, account=OURS):
    sim.advance(until=JULY)
    return Bill.of(sim.trail, account, JUNE, JULY)


def make(kms, **parameters):
    return kms.create_key(**parameters)["KeyMetadata"]["Arn"]


def test_three_keys_one_rotated_four_times_and_one_with_two_replicas_cost_seven_dollars(sim):
    kms = sim.client("kms")
    make(kms)
    rotated, global_ = make(kms), make(kms, MultiRegion=True)
    for _ in range(4):
        kms.rotate_key_on_demand(KeyId=rotated)
    for region in ("eu-west-1", "ap-south-1"):
        kms.replicate_key(KeyId=global_, ReplicaRegion=region)
    bill = june(sim)
    assert (bill.total, bill.line(KEY).dollars, bill.line(ROTATION).dollars) == (7, 5, 2)


def test_a_key_is_paid_by_the_hour(sim):
    sim.advance(days=15)
    make(sim.client("kms"))
    assert june(sim).line(KEY).dollars == Decimal("0.5")


def test_a_rotation_is_paid_from_its_hour_on(sim):
    key = make(sim.client("kms"))
    sim.advance(days=20)
    sim.client("kms").rotate_key_on_demand(KeyId=key)
    assert dollars(june(sim).line(ROTATION).dollars) == "$0.33"


def test_a_key_whose_deletion_is_scheduled_costs_nothing_from_then_on(sim):
    kms = sim.client("kms")
    key = make(kms)
    sim.advance(days=3)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    sim.advance(days=15)  # it is deleted meanwhile
    assert june(sim).line(KEY).dollars == Decimal("0.1")


def test_a_cancelled_deletion_costs_as_though_it_had_never_been_scheduled(sim):
    kms = sim.client("kms")
    key = make(kms)
    kms.schedule_key_deletion(KeyId=key)
    sim.advance(days=6)
    kms.cancel_key_deletion(KeyId=key)
    assert june(sim).line(KEY).dollars == 1


def test_a_disabled_key_costs_what_it_always_cost(sim):
    kms = sim.client("kms")
    kms.disable_key(KeyId=make(kms))
    assert june(sim).line(KEY).dollars == 1


def test_an_aws_managed_key_costs_nothing_and_its_requests_count(sim):
    s3 = sim.client("s3")
    s3.create_bucket(Bucket="photos")
    s3.put_object(Bucket="photos", Key="a", Body=b"x", ServerSideEncryption="aws:kms")
    bill = june(sim)
    assert (bill.line(KEY).count, bill.line(SYMMETRIC).count) == (0, 1)


def test_the_account_that_calls_pays_the_request_and_the_account_that_owns_the_key_pays_the_key(sim):
    kms = sim.client("kms")
    key = make(kms)
    note = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    partner = sim.user("partner", account=THEIRS, policies=[policy("kms:*")])
    kms.create_grant(KeyId=key, GranteePrincipal=partner.arn, Operations=["Decrypt"])
    partner.client("kms").decrypt(CiphertextBlob=note)
    ours, theirs = june(sim), june(sim, THEIRS)
    assert (ours.line(KEY).count, ours.line(SYMMETRIC).count) == (1, 3)
    assert (theirs.line(KEY).count, theirs.line(SYMMETRIC).count) == (0, 1)


def test_what_aws_does_of_its_own_accord_is_no_request(sim):
    kms = sim.client("kms")
    key = make(kms, MultiRegion=True)
    kms.replicate_key(KeyId=key, ReplicaRegion="eu-west-1")
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    sim.advance(days=95)
    later = Bill.of(sim.trail, OURS, JULY, datetime(2026, 10, 1, tzinfo=UTC))
    assert later.line(SYMMETRIC).count == 0
    assert len(keys(sim.trail)) == 2


def test_the_free_requests_are_free_and_the_next_ten_thousand_cost_three_cents():
    assert Bill.made(OURS, Decimal(), Decimal(), {SYMMETRIC: 20_000}).total == 0
    assert Bill.made(OURS, Decimal(), Decimal(), {SYMMETRIC: 30_000}).total == Decimal("0.03")
    assert Bill.made(OURS, Decimal(), Decimal(), {RSA_2048: 10_000}).total == Decimal("0.03")


def test_requests_with_asymmetric_keys_and_data_key_pairs_have_prices_of_their_own():
    assert price("Sign", "ECC_NIST_P256") == price("GetPublicKey", "RSA_4096") == ASYMMETRIC
    assert price("Verify", "RSA_2048") == RSA_2048
    assert price("DescribeKey", "RSA_4096") == price("GenerateMac", "HMAC_256") == SYMMETRIC
    assert price("GenerateDataKeyPair", "SYMMETRIC_DEFAULT", "RSA_3072") == RSA_PAIR
    assert price("GenerateDataKeyPairWithoutPlaintext", "SYMMETRIC_DEFAULT", "ECC_NIST_P256") == ECC_PAIR


def test_less_than_a_cent_is_not_told_as_nothing():
    assert [dollars(Decimal(amount)) for amount in ("0", "0.0003", "1234.5")] == ["$0.00", "under $0.01", "$1,234.50"]
