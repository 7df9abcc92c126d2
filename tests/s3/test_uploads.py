import base64
import hashlib
import zlib

import pytest

from tests.s3.conftest import BUCKET, allow, arn

MIB = 1 << 20
NO_UPLOAD = (
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
)


@pytest.fixture
def begin(s3):
    def begin(**params):
        return s3.create_multipart_upload(Bucket=BUCKET, Key="big", **params)["UploadId"]

    return begin


@pytest.fixture
def part(s3):
    def part(upload, number, body):
        answer = s3.upload_part(Bucket=BUCKET, Key="big", UploadId=upload, PartNumber=number, Body=body)
        return {"PartNumber": number, "ETag": answer["ETag"], "ChecksumCRC32": answer["ChecksumCRC32"]}

    return part


@pytest.fixture
def complete(s3):
    def complete(upload, parts, **params):
        return s3.complete_multipart_upload(
            Bucket=BUCKET, Key="big", UploadId=upload, MultipartUpload={"Parts": parts}, **params
        )

    return complete


def bytes_of(letter, size):
    return letter.encode() * size


def test_parts_in_any_order_are_one_object(begin, part, complete, got, s3):
    upload = begin(ChecksumAlgorithm="CRC32", Metadata={"who": "alice"})
    last, first = part(upload, 7, b"the end"), part(upload, 2, bytes_of("a", 5 * MIB))
    answer = complete(upload, [first, last])
    md5s = b"".join(hashlib.md5(body).digest() for body in (bytes_of("a", 5 * MIB), b"the end"))
    assert answer["ETag"] == f'"{hashlib.md5(md5s).hexdigest()}-2"'
    crcs = b"".join(zlib.crc32(body).to_bytes(4) for body in (bytes_of("a", 5 * MIB), b"the end"))
    assert answer["ChecksumCRC32"] == f"{base64.b64encode(zlib.crc32(crcs).to_bytes(4)).decode()}-2"
    assert got("big") == bytes_of("a", 5 * MIB) + b"the end"
    assert got("big", Range=f"bytes={5 * MIB - 2}-{5 * MIB + 2}") == b"aathe"
    assert s3.get_object(Bucket=BUCKET, Key="big", PartNumber=2)["Body"].read() == b"the end"
    assert s3.head_object(Bucket=BUCKET, Key="big")["Metadata"] == {"who": "alice"}


def test_one_data_key_is_made_and_each_part_opens_it(begin, part, complete, asked, kms_key):
    upload = begin(ChecksumAlgorithm="CRC32", ServerSideEncryption="aws:kms", SSEKMSKeyId=kms_key)
    parts = [part(upload, 1, bytes_of("a", 5 * MIB)), part(upload, 2, b"b")]
    complete(upload, parts)
    context = {"aws:s3:arn": arn("big")}
    assert asked() == [("GenerateDataKey", context), *[("Decrypt", context)] * 3]


def test_who_may_not_decrypt_begins_an_upload_and_cannot_go_on(s3, sim, kms_key, refused):
    client = sim.user("alice", policies=[allow("s3:*"), allow("kms:GenerateDataKey")]).client("s3")
    encrypted = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key}
    upload = client.create_multipart_upload(Bucket=BUCKET, Key="big", **encrypted)["UploadId"]
    params = {"Bucket": BUCKET, "Key": "big", "UploadId": upload, "PartNumber": 1, "Body": b"x"}
    assert "kms:Decrypt" in refused(client.upload_part, **params).message


def test_all_parts_but_the_last_have_five_mebibytes(begin, part, complete, refused):
    upload = begin()
    parts = [part(upload, 1, b"short"), part(upload, 2, b"x")]
    refusal = refused(complete, upload, parts)
    assert refusal == ("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
    complete(upload, parts[1:])


@pytest.mark.parametrize(("change", "code"), [
    (lambda parts: parts[::-1], "InvalidPartOrder"),
    (lambda parts: [parts[0], {**parts[1], "ETag": '"0"'}], "InvalidPart"),
    (lambda parts: [parts[0], {**parts[1], "PartNumber": 9}], "InvalidPart"),
    (lambda parts: [parts[0], {**parts[1], "ChecksumCRC32": "AAAAAA=="}], "InvalidPart"),
    (lambda parts: parts[2:], "MalformedXML"),
])  # fmt: skip
def test_a_list_of_parts_must_be_right(begin, part, complete, refused, s3, change, code):
    upload = begin(ChecksumAlgorithm="CRC32")
    parts = [part(upload, 1, bytes_of("a", 5 * MIB)), part(upload, 2, b"b")]
    assert refused(complete, upload, change(parts)).code == code
    assert s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0
    complete(upload, parts)


def test_a_part_that_is_uploaded_again_takes_the_place_of_the_old_one(begin, part, complete, got):
    upload = begin()
    part(upload, 1, b"old")
    complete(upload, [part(upload, 1, b"new")])
    assert got("big") == b"new"


def test_an_upload_that_is_over_is_none(begin, part, complete, s3, refused):
    upload = begin()
    s3.abort_multipart_upload(Bucket=BUCKET, Key="big", UploadId=upload)
    assert refused(part, upload, 1, b"x") == NO_UPLOAD
    assert refused(complete, upload, [{"PartNumber": 1, "ETag": "x"}]) == NO_UPLOAD
    assert refused(s3.abort_multipart_upload, Bucket=BUCKET, Key="big", UploadId=upload) == NO_UPLOAD
    assert refused(s3.list_parts, Bucket=BUCKET, Key="other", UploadId=begin()) == NO_UPLOAD


def test_uploads_and_parts_are_listed(begin, part, s3):
    upload = begin()
    for number in (3, 1, 2):
        part(upload, number, b"x" * number)
    page = s3.list_parts(Bucket=BUCKET, Key="big", UploadId=upload, MaxParts=2)
    assert [(each["PartNumber"], each["Size"]) for each in page["Parts"]] == [(1, 1), (2, 2)]
    rest = s3.list_parts(Bucket=BUCKET, Key="big", UploadId=upload, PartNumberMarker=page["NextPartNumberMarker"])
    assert [each["PartNumber"] for each in rest["Parts"]] == [3]
    (one,) = s3.list_multipart_uploads(Bucket=BUCKET)["Uploads"]
    assert (one["Key"], one["UploadId"]) == ("big", upload)


def test_parts_are_copied_from_an_object(begin, complete, put, got, s3, kms_key):
    put("source", bytes_of("s", 6 * MIB), ServerSideEncryption="aws:kms", SSEKMSKeyId=kms_key)
    upload = begin(ServerSideEncryption="aws:kms")
    parts = []
    for number, part in ((1, f"bytes=0-{5 * MIB - 1}"), (2, f"bytes={5 * MIB}-{6 * MIB - 1}")):
        answer = s3.upload_part_copy(
            Bucket=BUCKET, Key="big", UploadId=upload, PartNumber=number, CopySourceRange=part,
            CopySource={"Bucket": BUCKET, "Key": "source"},
        )  # fmt: skip
        parts.append({"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]})
    complete(upload, parts)
    assert got("big") == bytes_of("s", 6 * MIB)


@pytest.mark.parametrize("number", [0, 10_001])
def test_parts_are_numbered_from_1_to_10000(begin, part, refused, number):
    assert refused(part, begin(), number, b"x").code == "InvalidArgument"


def test_the_transfer_of_boto3_goes_up_and_down_and_across(s3, tmp_path, kms_key, got):
    there, back = tmp_path / "there", tmp_path / "back"
    there.write_bytes(bytes_of("t", 17 * MIB))
    s3.upload_file(str(there), BUCKET, "big", ExtraArgs={"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key})
    assert s3.head_object(Bucket=BUCKET, Key="big")["ETag"].endswith('-3"')
    s3.copy({"Bucket": BUCKET, "Key": "big"}, BUCKET, "copy")
    s3.download_file(BUCKET, "copy", str(back))
    assert back.read_bytes() == there.read_bytes()
    assert s3.head_object(Bucket=BUCKET, Key="copy")["ServerSideEncryption"] == "AES256"
