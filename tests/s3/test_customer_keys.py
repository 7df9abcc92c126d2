"""SSE-C: the caller brings the key. Blocked in new buckets since April 2026."""

import pytest

from tests.s3.conftest import BUCKET

KEY, OTHER_KEY = "k" * 32, "o" * 32


@pytest.fixture
def unblocked(s3):
    by_default = {"SSEAlgorithm": "AES256"}
    rules = [{"ApplyServerSideEncryptionByDefault": by_default, "BlockedEncryptionTypes": {"EncryptionType": ["NONE"]}}]
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": rules})


def brings(key=KEY):
    return {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": key}


def test_a_new_bucket_takes_none(put, refused):
    assert refused(put, **brings()) == ("AccessDenied", "Access Denied")


def test_where_it_is_allowed_who_brings_the_key_reads(unblocked, put, got, s3, refused, asked):
    answer = put(**brings())
    assert answer["SSECustomerAlgorithm"] == "AES256"
    assert "ServerSideEncryption" not in answer
    assert got(**brings()) == b"a note"
    assert s3.head_object(Bucket=BUCKET, Key="note", **brings())["SSECustomerKeyMD5"] == answer["SSECustomerKeyMD5"]
    assert asked() == []
    assert refused(got) == (
        "InvalidRequest",
        "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.",
    )
    assert refused(got, **brings(OTHER_KEY)) == (
        "AccessDenied",
        "Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.",
    )
    assert refused(s3.head_object, Bucket=BUCKET, Key="note").code == "400"


def test_what_was_stored_so_is_read_when_it_is_blocked_again(unblocked, put, got, s3, refused):
    put(**brings())
    rules = [{"BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]}}]
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": rules})
    assert got(**brings()) == b"a note"
    assert refused(put, **brings()).code == "AccessDenied"


def test_a_key_that_is_none_is_refused(unblocked, put, refused):
    assert refused(put, **brings("short")) == (
        "InvalidArgument",
        "The secret key was invalid for the specified algorithm.",
    )
    assert refused(put, SSECustomerAlgorithm="DES", SSECustomerKey=KEY).code == "InvalidArgument"


def test_the_key_is_in_no_event_and_no_record(unblocked, put, sim):
    import base64

    from kms_teach.buckets.records import Object

    put(**brings())
    spelled = (KEY, base64.b64encode(KEY.encode()).decode())
    said = repr([record.event for record in sim.trail]) + repr(sim.service.store.page(Object, f"object {BUCKET}"))
    assert not any(each in said for each in spelled)


def test_a_copy_brings_the_key_of_its_source(unblocked, put, s3, got, refused):
    put(**brings())
    params = {"Bucket": BUCKET, "Key": "copy", "CopySource": {"Bucket": BUCKET, "Key": "note"}}
    assert refused(s3.copy_object, **params).code == "InvalidRequest"
    s3.copy_object(**params, CopySourceSSECustomerAlgorithm="AES256", CopySourceSSECustomerKey=KEY)
    assert got("copy") == b"a note"
