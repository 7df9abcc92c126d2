import pytest

from tests.s3.conftest import BUCKET

KEYS = ["a", "a/1", "a/2", "a/b/1", "b", "b/x", "c d+e", "ä/1", "z"]


@pytest.fixture
def filled(put):
    for key in KEYS:
        put(key, b"")


def listed(s3, **params):
    """Keys and common prefixes of all pages, and how many pages there were."""
    keys, prefixes, pages = [], [], 0
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, **params):
        keys += [each["Key"] for each in page.get("Contents", [])]
        prefixes += [each["Prefix"] for each in page.get("CommonPrefixes", [])]
        pages += 1
    return keys, prefixes, pages


def rolled(prefix, delimiter, after=""):
    """What a list has, by its definition."""
    keys, prefixes = [], []
    for key in sorted(KEYS, key=str.encode):
        if not key.startswith(prefix) or key <= after:
            continue
        end = key.find(delimiter, len(prefix)) if delimiter else -1
        common = key[: end + len(delimiter)] if end >= 0 else ""
        if common and common > after and common not in prefixes:
            prefixes.append(common)
        elif not common:
            keys.append(key)
    return keys, prefixes


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize("delimiter", ["", "/", "b", "/1"])
@pytest.mark.parametrize("prefix", ["", "a", "a/", "a/b/", "c ", "ä", "zz", "nothing"])
def test_a_list_is_what_its_definition_says_however_many_pages_it_takes(filled, s3, prefix, delimiter, size):
    params = {"Prefix": prefix, "PaginationConfig": {"PageSize": size}} | (
        {"Delimiter": delimiter} if delimiter else {}
    )
    assert listed(s3, **params)[:2] == rolled(prefix, delimiter)


@pytest.mark.parametrize("after", ["a", "a/1", "b", "c d+e", "zzz"])
def test_a_list_begins_after_a_key(filled, s3, after):
    assert listed(s3, StartAfter=after)[:2] == rolled("", "", after)


def test_the_older_list_goes_on_from_a_marker(filled, s3):
    pages = s3.get_paginator("list_objects").paginate(Bucket=BUCKET, PaginationConfig={"PageSize": 2})
    assert [each["Key"] for page in pages for each in page["Contents"]] == sorted(KEYS, key=str.encode)


def test_a_page_says_what_it_is(filled, s3):
    page = s3.list_objects_v2(Bucket=BUCKET, MaxKeys=2, Delimiter="/")
    assert (page["KeyCount"], page["MaxKeys"], page["IsTruncated"], page["Name"]) == (2, 2, True, BUCKET)
    (entry,) = page["Contents"]
    assert {"Key", "LastModified", "ETag", "Size", "StorageClass", "ChecksumAlgorithm", "ChecksumType"} == set(entry)


def test_no_entry_may_be_asked_for(filled, s3):
    page = s3.list_objects_v2(Bucket=BUCKET, MaxKeys=0)
    assert (page["KeyCount"], page["IsTruncated"]) == (0, False)


def test_a_token_that_was_never_given_is_refused(s3, refused):
    refusal = refused(s3.list_objects_v2, Bucket=BUCKET, ContinuationToken="§§")
    assert refusal == ("InvalidArgument", "The continuation token provided is incorrect")


def test_a_list_and_a_deletion_ask_for_no_key(put, s3, asked, kms_key):
    put(ServerSideEncryption="aws:kms", SSEKMSKeyId=kms_key)
    asked()
    s3.list_objects_v2(Bucket=BUCKET)
    s3.delete_object(Bucket=BUCKET, Key="note")
    assert asked() == []
