"""Request quotas: who shares which, how they come back, and what a throttled call leaves."""

import json
import re
from datetime import timedelta

import pytest

from kms_teach import Simulator
from kms_teach.errors import ThrottlingException
from kms_teach.operations.catalog import CATALOG
from kms_teach.operations.quotas import CRYPTOGRAPHIC, OF_OPERATIONS, OF_THE_OTHERS, PAIRS, Charge, Left, charges
from kms_teach.operations.request import ApiRequest

AWAY = "444455556666"
ONCE = {"total_max_attempts": 1}
THROTTLED = (
    "ThrottlingException",
    "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
)


@pytest.fixture
def quota():
    return 5


@pytest.fixture
def sim(quota):
    with Simulator(start="2026-01-01T00:00:00Z", quota=quota) as sim:
        yield sim


@pytest.fixture
def kms(sim):
    return sim.root().client("kms", retries=ONCE)


def allow_all():
    return [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}]


def draw(client, times=1):
    for _ in range(times):
        client.generate_random(NumberOfBytes=1)


# --- who shares it ------------------------------------------------------------------------------------------------


def test_what_symmetric_and_hmac_keys_do_shares_one_quota(kms, key, refused):
    hmac = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    kms.decrypt(CiphertextBlob=blob)
    kms.generate_data_key(KeyId=key, KeySpec="AES_256")
    kms.generate_mac(KeyId=hmac, Message=b"x", MacAlgorithm="HMAC_SHA_256")
    draw(kms)
    assert refused(kms.re_encrypt, CiphertextBlob=blob, DestinationKeyId=key) == THROTTLED
    assert refused(kms.decrypt, CiphertextBlob=blob) == THROTTLED
    assert kms.describe_key(KeyId=key)


def test_rsa_elliptic_curves_and_key_stores_have_quotas_of_their_own(sim, kms, key, refused):
    draw(kms, 5)
    rsa = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    curve = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    kms.sign(KeyId=rsa, Message=b"x", SigningAlgorithm="RSASSA_PSS_SHA_256")
    kms.sign(KeyId=curve, Message=b"x", SigningAlgorithm="ECDSA_SHA_256")
    store = kms.create_custom_key_store(CustomKeyStoreName="mine", **sim.key_store().parameters)["CustomKeyStoreId"]
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    stored = kms.create_key(Origin="AWS_CLOUDHSM", CustomKeyStoreId=store)["KeyMetadata"]["KeyId"]
    kms.encrypt(KeyId=stored, Plaintext=b"x")
    kms.generate_random(NumberOfBytes=1, CustomKeyStoreId=store)
    assert refused(kms.encrypt, KeyId=key, Plaintext=b"x") == THROTTLED


def test_all_callers_of_an_account_share_it_and_other_accounts_and_regions_do_not(sim, kms, refused):
    alice = sim.user("alice", policies=allow_all()).client("kms", retries=ONCE)
    draw(kms, 3)
    draw(alice, 2)
    assert refused(draw, alice) == refused(draw, kms) == THROTTLED
    draw(sim.root().client("kms", region="eu-west-1", retries=ONCE))
    draw(sim.root(AWAY).client("kms", retries=ONCE))


def test_the_caller_pays_for_a_key_of_another_account(sim, kms, key, refused):
    arn = kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    opened = {"Effect": "Allow", "Principal": {"AWS": ["111122223333", AWAY]}, "Action": "kms:*", "Resource": "*"}
    kms.put_key_policy(KeyId=key, Policy=json.dumps({"Version": "2012-10-17", "Statement": [opened]}))
    guest = sim.user("guest", AWAY, policies=allow_all()).client("kms", retries=ONCE)
    for _ in range(5):
        guest.encrypt(KeyId=arn, Plaintext=b"x")
    assert refused(guest.encrypt, KeyId=arn, Plaintext=b"x") == THROTTLED
    assert kms.encrypt(KeyId=key, Plaintext=b"x")


def test_a_service_that_passes_a_request_on_uses_the_callers(sim, kms, key, refused):
    s3 = sim.root().client("s3", retries=ONCE)
    s3.create_bucket(Bucket="notes-of-a-class")
    object_ = {
        "Bucket": "notes-of-a-class",
        "Key": "a",
        "Body": b"x",
        "ServerSideEncryption": "aws:kms",
        "SSEKMSKeyId": key,
    }
    for _ in range(5):
        s3.put_object(**object_)
    assert refused(s3.put_object, **object_).code == "SlowDown"
    assert refused(draw, kms) == THROTTLED
    assert s3.put_object(Bucket="notes-of-a-class", Key="b", Body=b"x")  # S3's own keys take nothing


def test_a_service_for_itself_pays_nothing(sim, kms, key):
    logs = sim.aws_service("logs.amazonaws.com").client("kms", retries=ONCE)
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    policy["Statement"].append(
        {"Effect": "Allow", "Principal": {"Service": "logs.amazonaws.com"}, "Action": "kms:*", "Resource": "*"}
    )
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))
    arn = kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    for _ in range(7):
        logs.encrypt(KeyId=arn, Plaintext=b"x")


# --- how it comes back --------------------------------------------------------------------------------------------


def test_it_comes_back_with_time_evenly_and_never_more_than_a_second_of_it(sim, kms, refused):
    draw(kms, 5)
    sim.advance(milliseconds=199)
    assert refused(draw, kms) == THROTTLED
    sim.advance(milliseconds=1)
    draw(kms)
    assert refused(draw, kms) == THROTTLED
    sim.advance(days=1)
    draw(kms, 5)
    assert refused(draw, kms) == THROTTLED


def test_parts_of_a_request_add_up_exactly():
    left, charge, now = Left(), Charge("q", 7, "a", "r"), Simulator(start="2026-01-01").now
    for _ in range(7):
        left.take([charge], now, "")
    for _ in range(1_000):  # each step brings 0.007 of a request; none is lost to rounding
        now += timedelta(milliseconds=1)
        left.take([Charge("q", 7, "a", "r", 0)], now, "")
    for _ in range(7):
        left.take([charge], now, "")
    with pytest.raises(ThrottlingException):
        left.take([charge], now, "")


def test_a_request_of_two_quotas_takes_of_both_or_of_none():
    left, now = Left(), Simulator(start="2026-01-01").now
    one, two = Charge("one", 1, "a", "r"), Charge("two", 1, "a", "r")
    left.take([two], now, "")
    with pytest.raises(ThrottlingException):
        left.take([one, two], now, "")
    left.take([one], now, "")


# --- which operation takes what -----------------------------------------------------------------------------------


def taken(sim, name, params):
    request = ApiRequest(sim.root()._principal, "us-east-1", sim.now, params)
    return [
        (c.quota, c.rate, c.region, c.requests) for c in charges(CATALOG[name], request, sim.service._keys(request), 5)
    ]


def test_every_operation_takes_of_a_quota(sim, kms, key):
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    params = {
        "KeyId": key, "CiphertextBlob": blob, "DestinationKeyId": key, "KeyPairSpec": "RSA_4096", "ReplicaRegion": "eu-west-1",
    }  # fmt: skip
    assert all(taken(sim, name, params) for name in CATALOG)
    assert {*CRYPTOGRAPHIC, *PAIRS, *OF_OPERATIONS} <= set(CATALOG)
    assert taken(sim, "CancelKeyDeletion", params) == [("CancelKeyDeletion", OF_THE_OTHERS, "us-east-1", 1)]


@pytest.mark.parametrize(
    ("name", "params", "rates"),
    [
        ("DescribeKey", {}, [2000]), ("GetKeyPolicy", {}, [1000]), ("ListKeys", {}, [500]), ("ListGrants", {}, [100]),
        ("CreateGrant", {}, [50]), ("PutKeyPolicy", {}, [15]), ("TagResource", {}, [10]), ("CreateKey", {}, [5]),
        ("GetParametersForImport", {}, [1]), ("UpdateAlias", {}, [5]),
        ("GenerateDataKeyPair", {"KeyPairSpec": "RSA_2048"}, [20]), ("GenerateDataKeyPair", {"KeyPairSpec": "RSA_3072"}, [4]),
        ("GenerateDataKeyPairWithoutPlaintext", {"KeyPairSpec": "RSA_4096"}, [1]),
        ("GenerateDataKeyPair", {"KeyPairSpec": "ECC_NIST_P256"}, [100]), ("GenerateRandom", {}, [5]),
        ("GenerateRandom", {"CustomKeyStoreId": "cks-1"}, [1800]), ("Encrypt", {"KeyId": "alias/none"}, []),
    ],
)  # fmt: skip
def test_the_numbers_are_those_of_the_page_request_quotas(sim, name, params, rates):
    assert [rate for _, rate, _, _ in taken(sim, name, params)] == rates


def test_replicate_key_counts_as_two_create_key_where_the_replica_is(sim):
    assert taken(sim, "ReplicateKey", {"ReplicaRegion": "eu-west-1"}) == [
        ("ReplicateKey", 5, "us-east-1", 1), ("CreateKey", 5, "eu-west-1", 2),
    ]  # fmt: skip


def test_both_ways_to_make_a_pair_share_its_quota(kms, key, refused):
    kms.generate_data_key_pair_without_plaintext(KeyId=key, KeyPairSpec="RSA_4096")
    assert refused(kms.generate_data_key_pair, KeyId=key, KeyPairSpec="RSA_4096") == THROTTLED
    assert kms.generate_data_key_pair(KeyId=key, KeyPairSpec="ECC_NIST_P256")


# --- what it leaves -----------------------------------------------------------------------------------------------


def test_a_throttled_call_is_in_the_trail_and_changes_nothing(sim, kms, refused):
    draw(kms, 5)
    assert refused(draw, kms) == THROTTLED
    event = sim.trail[-1].event
    assert (event["errorCode"], event["errorMessage"]) == THROTTLED
    assert (event["eventName"], event["requestParameters"]) == ("GenerateRandom", {"numberOfBytes": 1})
    assert sim.trail[-1].decision is None


def test_a_denied_call_counts_and_one_that_the_model_refuses_does_not(sim, kms, key, refused):
    nobody = sim.user("nobody").client("kms", retries=ONCE)
    for _ in range(4):
        assert refused(nobody.encrypt, KeyId=key, Plaintext=b"x").code == "AccessDeniedException"
        assert refused(kms.generate_random, NumberOfBytes=2000).code == "ValidationException"
    draw(kms)
    assert refused(draw, kms) == THROTTLED


def test_lookups_of_events_are_two_a_second(sim, refused):
    cloudtrail = sim.root().client("cloudtrail", retries=ONCE)
    for _ in range(2):
        cloudtrail.lookup_events()
    assert refused(cloudtrail.lookup_events) == ("ThrottlingException", "Rate exceeded")
    assert sim.root().client("cloudtrail", region="eu-west-1", retries=ONCE).lookup_events()
    sim.advance(milliseconds=500)
    assert cloudtrail.lookup_events()["Events"][0]["EventName"] == "LookupEvents"
    assert refused(cloudtrail.lookup_events).code == "ThrottlingException"


def test_without_a_quota_nothing_is_throttled():
    with Simulator() as sim:
        draw(sim.root().client("kms", retries=ONCE), 100)
        assert sim.service._left._parts == {}


@pytest.mark.parametrize("wrong", [0, -1])
def test_a_quota_is_a_number_of_requests(wrong):
    with pytest.raises(ValueError, match=r"^`quota` is a number of requests a second, 1 or more: say quota=10"):
        Simulator(quota=wrong)


@pytest.mark.parametrize("wrong", [True, False, "10", 10.0])
def test_a_quota_is_a_whole_number(wrong):
    with pytest.raises(TypeError, match=rf"^`quota` is a whole number, such as 10, and not {re.escape(repr(wrong))}$"):
        Simulator(quota=wrong)
