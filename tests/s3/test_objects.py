import hashlib
import zlib
from base64 import b64encode

import pytest

from tests.s3.conftest import BUCKET, arn

BIG = bytes(range(256)) * 1000  # bytes; several pieces, the last of them not full


def crc32(data):
    return b64encode(zlib.crc32(data).to_bytes(4)).decode()


@pytest.mark.parametrize("key", ["note", "a b/c+d", "ü/😀", "a//b/", "%2F", "x?y=z&w", "../up", "~._-"])
@pytest.mark.parametrize("body", [b"", b"a note", BIG], ids=["empty", "short", "long"])
def test_what_is_put_is_got_back_under_whatever_key(put, got, s3, key, body):
    put(key, body)
    assert got(key) == body
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]] == [key]


def test_what_the_maker_says_of_an_object_comes_back_with_it(put, s3):
    put(Metadata={"who": "alice"}, ContentType="text/plain", CacheControl="no-cache", ContentEncoding="gzip")
    head = s3.head_object(Bucket=BUCKET, Key="note")
    assert head["Metadata"] == {"who": "alice"}
    assert (head["ContentType"], head["CacheControl"], head["ContentEncoding"]) == ("text/plain", "no-cache", "gzip")
    assert head["ContentLength"] == 6
    assert f"{head['LastModified']:%Y-%m-%d}" == "2026-06-01"


def test_without_a_word_an_object_is_encrypted_by_s3_itself_and_no_key_of_kms_is_asked(put, asked, s3):
    answer = put()
    assert answer["ServerSideEncryption"] == "AES256"
    assert answer["ETag"] == f'"{hashlib.md5(b"a note").hexdigest()}"'
    assert s3.head_object(Bucket=BUCKET, Key="note")["ServerSideEncryption"] == "AES256"
    assert asked() == []


def test_with_a_kms_key_each_put_makes_a_data_key_and_each_get_decrypts_it(put, got, asked, kms_key):
    answer = put(ServerSideEncryption="aws:kms", SSEKMSKeyId=kms_key)
    assert answer["SSEKMSKeyId"] == kms_key
    assert answer["ETag"] != f'"{hashlib.md5(b"a note").hexdigest()}"'
    assert got() == b"a note"
    assert got(Range="bytes=0-0") == b"a"
    context = {"aws:s3:arn": arn("note")}
    assert asked() == [("GenerateDataKey", context), ("Decrypt", context), ("Decrypt", context)]


def test_the_etag_of_equal_bytes_under_kms_differs(put, kms_key):
    etags = {put(ServerSideEncryption="aws:kms", SSEKMSKeyId=kms_key)["ETag"] for _ in range(3)}
    assert len(etags) == 3


def test_without_a_key_id_the_key_is_the_aws_managed_one_of_s3(put, kms):
    answer = put(ServerSideEncryption="aws:kms")
    key = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]
    assert answer["SSEKMSKeyId"] == key["Arn"]
    assert key["Description"] == "Default key that protects my S3 objects when no other key is defined"
    assert key["KeyManager"] == "AWS"


@pytest.mark.parametrize("named", ["id", "alias"])
def test_a_key_may_be_named_by_its_id_or_an_alias_and_is_told_by_its_arn(put, kms, kms_key, named):
    kms.create_alias(AliasName="alias/notes", TargetKeyId=kms_key)
    name = {"id": kms_key.rpartition("/")[2], "alias": "alias/notes"}[named]
    assert put(ServerSideEncryption="aws:kms", SSEKMSKeyId=name)["SSEKMSKeyId"] == kms_key


def test_a_context_of_the_request_is_merged_kept_and_used_again(put, got, asked, kms_key):
    header = b64encode(b'{"tenant": "blue"}').decode()
    answer = put(ServerSideEncryption="aws:kms", SSEKMSKeyId=kms_key, SSEKMSEncryptionContext=header)
    assert answer["SSEKMSEncryptionContext"] == header
    got()
    context = {"tenant": "blue", "aws:s3:arn": arn("note")}
    assert asked() == [("GenerateDataKey", context), ("Decrypt", context)]


def test_a_look_at_an_object_asks_for_no_key_unless_its_checksum_is_wanted(put, s3, asked, kms_key):
    put(ServerSideEncryption="aws:kms", SSEKMSKeyId=kms_key)
    asked()
    assert "ChecksumCRC32" not in s3.head_object(Bucket=BUCKET, Key="note")
    assert asked() == []
    assert s3.head_object(Bucket=BUCKET, Key="note", ChecksumMode="ENABLED")["ChecksumCRC32"] == crc32(b"a note")
    assert [name for name, _ in asked()] == ["Decrypt"]


@pytest.mark.parametrize(
    ("params", "code", "words"),
    [
        ({"SSEKMSKeyId": "alias/x"}, "InvalidArgument", "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms"),
        ({"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "x"}, "KMS.NotFoundException", "Invalid keyId 'x'"),
        ({"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"}, "KMS.NotFoundException", "Invalid arn eu-west-1"),
        ({"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"}, "KMS.NotFoundException", "Key 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555' does not exist"),
        ({"ServerSideEncryption": "aws:fsx"}, "InvalidArgument", "The encryption method specified is not supported"),
        ({"ChecksumCRC32": "AAAAAA=="}, "BadDigest", "The CRC32 you specified did not match the calculated checksum."),
        ({"ContentMD5": b64encode(bytes(16)).decode()}, "BadDigest", "The Content-MD5 you specified did not match what we received."),
        ({"ChecksumSHA256": b64encode(bytes(32)).decode()}, "BadDigest", "The SHA256 you specified did not match the calculated checksum."),
        ({"ChecksumXXHASH64": "AAAAAAAAAAA="}, "NotImplemented", "the checksum XXHASH64 is not simulated here: docs/differences.md has what is"),
        ({"ACL": "public-read"}, "NotImplemented", "an ACL is not simulated here: docs/differences.md has what is"),
        ({"StorageClass": "GLACIER"}, "NotImplemented", "the storage class GLACIER is not simulated here: docs/differences.md has what is"),
        ({"Metadata": {"x": "y" * 2048}}, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_put_is_said_in_s3s_words_and_nothing_is_kept(put, refused, s3, params, code, words):
    put(body=b"before")
    assert refused(put, **params) == (code, words)
    assert s3.get_object(Bucket=BUCKET, Key="note")["Body"].read() == b"before"


def test_a_key_of_more_than_1024_bytes_is_too_long(put, refused):
    put("k" * 1024)
    assert refused(put, "k" * 1025).code == "KeyTooLongError"


@pytest.mark.parametrize(("change", "code", "words"), [
    (lambda kms, key: kms.disable_key(KeyId=key), "KMS.DisabledException", "{key} is disabled."),
    (lambda kms, key: kms.schedule_key_deletion(KeyId=key), "KMS.KMSInvalidStateException", "{key} is pending deletion."),
])  # fmt: skip
def test_a_key_that_does_not_work_stops_put_and_get_with_the_words_of_kms(
    put, got, refused, kms, kms_key, change, code, words
):
    encrypted = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key}
    put(**encrypted)
    change(kms, kms_key)
    assert refused(got) == (code, words.format(key=kms_key))
    assert refused(put, **encrypted) == (code, words.format(key=kms_key))


def test_an_object_without_kms_is_read_whatever_happens_to_keys(put, got, kms, kms_key):
    put()
    kms.disable_key(KeyId=kms_key)
    assert got() == b"a note"


@pytest.mark.parametrize(("header", "given"), [
    ("bytes=0-3", BIG[:4]), ("bytes=65530-65545", BIG[65530:65546]), ("bytes=255990-", BIG[255990:]), ("bytes=-5", BIG[-5:]),
    ("bytes=-999999999", BIG), ("bytes=131072-131072", BIG[131072:131073]), ("bytes=255999-99999999", BIG[255999:]),
])  # fmt: skip
def test_a_range_is_those_bytes_and_says_which(put, s3, header, given):
    put(body=BIG)
    answer = s3.get_object(Bucket=BUCKET, Key="note", Range=header)
    assert answer["Body"].read() == given
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 206
    first, last = answer["ContentRange"].removeprefix("bytes ").partition("/")[0].split("-")
    assert int(last) - int(first) + 1 == len(given) == answer["ContentLength"]


@pytest.mark.parametrize("header", ["bytes=256000-", "bytes=-0"])
def test_a_range_beyond_the_end_is_not_satisfiable(put, got, refused, header):
    put(body=BIG)
    assert refused(got, Range=header) == ("InvalidRange", "The requested range is not satisfiable")


@pytest.mark.parametrize("header", ["lines=1-2", "bytes=", "bytes=5-2", "bytes=a-b", "bytes=0-1,3-4"])
def test_a_range_that_is_none_is_passed_over(put, got, header):
    put(body=b"a note")
    assert got(Range=header) == b"a note"


def test_what_is_not_there(s3, refused):
    assert refused(s3.get_object, Bucket=BUCKET, Key="x") == ("NoSuchKey", "The specified key does not exist.")
    assert refused(s3.head_object, Bucket=BUCKET, Key="x") == ("404", "Not Found")
    assert refused(s3.get_object, Bucket="no-such-bucket", Key="x") == (
        "NoSuchBucket",
        "The specified bucket does not exist",
    )
    assert s3.delete_object(Bucket=BUCKET, Key="x")["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_many_are_deleted_at_once(put, s3):
    for key in ("a", "b", "ü ö"):
        put(key)
    answer = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "a"}, {"Key": "ü ö"}, {"Key": "none"}]})
    assert [each["Key"] for each in answer["Deleted"]] == ["a", "ü ö", "none"]
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]] == ["b"]


def test_an_sse_header_on_a_read_is_refused(put, s3, refused):
    put()
    header = {"x-amz-server-side-encryption": "aws:kms"}
    s3.meta.events.register("before-call.s3.GetObject", lambda params, **_: params["headers"].update(header))
    assert refused(s3.get_object, Bucket=BUCKET, Key="note") == (
        "InvalidArgument",
        "x-amz-server-side-encryption header is not supported for this operation.",
    )


def test_conditions_of_a_read(put, got, refused, s3):
    etag = put()["ETag"]
    assert got(IfMatch=etag) == b"a note"
    assert refused(got, IfMatch='"x"').code == "PreconditionFailed"
    assert refused(got, IfNoneMatch=etag).code == "304"
    assert got(IfNoneMatch='"x"') == b"a note"
    modified = s3.head_object(Bucket=BUCKET, Key="note")["LastModified"]
    assert refused(got, IfModifiedSince=modified).code == "304"
    assert got(IfUnmodifiedSince=modified) == b"a note"


def test_conditions_of_a_write(put, got, refused):
    etag = put(IfNoneMatch="*")["ETag"]
    assert refused(put, body=b"second", IfNoneMatch="*").code == "PreconditionFailed"
    assert refused(put, body=b"second", IfMatch='"x"').code == "PreconditionFailed"
    assert refused(put, "absent", IfMatch=etag).code == "NoSuchKey"
    assert got() == b"a note"
    put(body=b"second", IfMatch=etag)
    assert got() == b"second"


def test_when_kms_throttles_s3_asks_to_slow_down():
    from kms_teach.access.principals import root
    from kms_teach.errors import KmsError
    from kms_teach.s3.call import passed_on

    class ThrottlingException(KmsError): ...

    said = passed_on("Decrypt", ThrottlingException("Rate exceeded"), root("111122223333"))
    words = "Please reduce your request rate for operations involving AWS KMS."
    assert (said.code, said.status, said.message) == ("SlowDown", 503, words)
