"""`aws s3` and `aws s3api`, version 1, as a learner types them."""

import json
import os
import urllib.error
import urllib.request

import pytest

pytestmark = pytest.mark.slow

BUCKET = "notes-by-command"
BODY = bytes(range(256)) * 40_000  # over the 8 MiB from which the command uploads in parts


@pytest.fixture
def s3(shell):
    def s3(*arguments, **more):
        return shell("aws", "s3", *arguments, **more)

    return s3


@pytest.fixture
def bucket(s3, shell):
    s3("mb", f"s3://{BUCKET}")
    yield f"s3://{BUCKET}"
    s3("rb", "--force", f"s3://{BUCKET}")


def head(shell, key):
    return json.loads(shell("aws", "s3api", "head-object", "--bucket", BUCKET, "--key", key))


def test_files_go_up_and_down_and_from_key_to_key(s3, bucket, shell, tmp_path):
    (tmp_path / "note").write_bytes(b"a note")
    (tmp_path / "big").write_bytes(BODY)
    s3("cp", "note", f"{bucket}/folder/note")
    s3("cp", "big", f"{bucket}/big", "--sse", "aws:kms")
    assert f"{len(BODY)} big" in s3("ls", bucket)
    assert "PRE folder/" in s3("ls", f"{bucket}/")
    assert head(shell, "big")["ServerSideEncryption"] == "aws:kms"
    s3("cp", f"{bucket}/big", "back")
    assert (tmp_path / "back").read_bytes() == BODY
    s3("cp", f"{bucket}/big", f"{bucket}/copy")
    assert head(shell, "copy")["ServerSideEncryption"] == "AES256"  # none is inherited
    s3("mv", f"{bucket}/folder/note", f"{bucket}/moved")
    assert s3("cp", f"{bucket}/moved", "-") == "a note"
    assert "(404)" in s3("cp", f"{bucket}/folder/note", "-", well=False)


def test_a_folder_is_synchronised_once(s3, bucket, tmp_path):
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    for name in ("a", "deep/b c", "ü"):
        (tmp_path / "folder" / name).write_text(name)
        os.utime(tmp_path / "folder" / name, (946684800, 946684800))  # what is newer than its object goes up again
    assert s3("sync", "folder", bucket).count("upload:") == 3
    assert s3("sync", "folder", bucket) == ""
    s3("sync", bucket, "back")
    assert (tmp_path / "back" / "deep" / "b c").read_text() == "deep/b c"
    s3("rm", "--recursive", bucket)
    assert s3("ls", "--recursive", bucket) == ""


def test_a_default_and_a_presigned_url(s3, bucket, shell, tmp_path):
    key = json.loads(shell("aws", "kms", "create-key"))["KeyMetadata"]["Arn"]
    by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules = json.dumps({"Rules": [{"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": True}]})
    api = ("aws", "s3api")
    shell(*api, "put-bucket-encryption", "--bucket", BUCKET, "--server-side-encryption-configuration", rules)
    (tmp_path / "note").write_bytes(b"a note")
    s3("cp", "note", bucket)
    assert (head(shell, "note")["SSEKMSKeyId"], head(shell, "note")["BucketKeyEnabled"]) == (key, True)
    s3("cp", "note", f"{bucket}/plain", "--sse", "AES256")
    with urllib.request.urlopen(s3("presign", f"{bucket}/plain").strip()) as answer:
        assert answer.read() == b"a note"
    with pytest.raises(urllib.error.HTTPError) as refused:  # the command signs URLs by Version 2, and KMS wants 4
        urllib.request.urlopen(s3("presign", f"{bucket}/note").strip())
    assert b"require AWS Signature Version 4" in refused.value.read()
    shell("aws", "kms", "disable-key", "--key-id", key)
    s3("cp", f"{bucket}/plain", f"{bucket}/another", "--sse", "AES256")
    assert s3("cp", f"{bucket}/another", "-") == "a note"
