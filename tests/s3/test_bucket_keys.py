"""Bucket keys: how often KMS is asked, for whom, and what that hides."""

import pytest

from tests.s3.conftest import BUCKET, allow, arn


@pytest.fixture(autouse=True)
def by_bucket_key(s3, kms_key):
    by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": kms_key}
    rules = [{"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": True}]
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": rules})


CONTEXT = {"aws:s3:arn": arn()}


def test_kms_is_asked_once_for_many_objects_and_with_the_buckets_arn(put, got, asked):
    for n in range(20):
        assert put(f"note {n}")["BucketKeyEnabled"] is True
    assert asked() == [("GenerateDataKey", CONTEXT)]
    for n in range(20):
        assert got(f"note {n}") == b"a note"
    assert asked() == [("Decrypt", CONTEXT)]


def test_objects_under_one_bucket_key_have_data_keys_of_their_own(put, sim):
    from kms_teach.buckets.records import Object

    put("a")
    put("b")
    one, other = sim.service.store.page(Object, f"object {BUCKET}")
    assert one.envelope.wrapped == other.envelope.wrapped
    assert one.envelope.inner != other.envelope.inner


def test_each_requester_has_it_fetched_for_itself(put, sim, asked):
    put()
    alice, bob = (sim.user(name, policies=[allow(["s3:GetObject", "kms:Decrypt"])]) for name in ("alice", "bob"))
    asked()
    for somebody in (alice, bob, alice):
        somebody.client("s3").get_object(Bucket=BUCKET, Key="note")
    assert [name for name, _ in asked()] == ["Decrypt", "Decrypt"]


def test_it_is_fetched_again_when_its_time_is_over(put, got, asked, sim):
    put()
    got()
    asked()
    sim.advance(minutes=4)
    got()
    assert asked() == []
    sim.advance(minutes=1)
    got()
    put()
    assert [name for name, _ in asked()] == ["Decrypt", "GenerateDataKey"]


def test_disabling_the_key_bites_only_then(put, got, kms, kms_key, sim, refused):
    put()
    got()
    kms.disable_key(KeyId=kms_key)
    assert got() == b"a note"
    put("another")
    sim.advance(minutes=5)
    assert refused(got).code == refused(put).code == "KMS.DisabledException"


def test_who_may_only_write_does_not_read_by_the_key_it_was_given_for_writing(put, sim, refused):
    alice = sim.user("alice", policies=[allow(["s3:*", "kms:GenerateDataKey"])]).client("s3")
    alice.put_object(Bucket=BUCKET, Key="hers", Body=b"x")
    assert "kms:Decrypt" in refused(alice.get_object, Bucket=BUCKET, Key="hers").message


def test_a_request_may_do_without_it(put, got, asked, kms_key):
    answer = put(ServerSideEncryption="aws:kms", SSEKMSKeyId=kms_key, BucketKeyEnabled=False)
    assert "BucketKeyEnabled" not in answer
    assert got() == b"a note"
    assert [context for _, context in asked()] == [{"aws:s3:arn": arn("note")}] * 2


def test_a_policy_on_the_objects_arn_stops_matching(put, sim, refused):
    only = {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": arn("note")}}
    alice = sim.user("alice", policies=[allow("s3:*"), allow("kms:*", Condition=only)]).client("s3")
    params = {"Bucket": BUCKET, "Key": "note", "Body": b"x"}
    assert "kms:GenerateDataKey" in refused(alice.put_object, **params).message
    alice.put_object(**params, ServerSideEncryption="aws:kms", BucketKeyEnabled=False)


def test_with_dsse_a_bucket_key_is_taken_and_not_used(put, got, asked, kms_key):
    answer = put(ServerSideEncryption="aws:kms:dsse", SSEKMSKeyId=kms_key, BucketKeyEnabled=True)
    assert answer["ServerSideEncryption"] == "aws:kms:dsse"
    assert "BucketKeyEnabled" not in answer
    assert got(Range="bytes=2-3") == b"no"
    assert [context for _, context in asked()] == [{"aws:s3:arn": arn("note")}] * 2


def test_objects_of_before_keep_their_own_data_key(s3, put, got, asked, kms_key):
    put("old", ServerSideEncryption="aws:kms", SSEKMSKeyId=kms_key, BucketKeyEnabled=False)
    asked()
    got("old")
    got("old")
    assert asked() == [("Decrypt", {"aws:s3:arn": arn("old")})] * 2
