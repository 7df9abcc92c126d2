"""The `aws` command, version 1, as a learner types it."""

import base64
import json
import re

import pytest
from botocore import xform_name

from kms_teach.operations.catalog import CATALOG

pytestmark = pytest.mark.slow

# what the botocore inside of it does not know yet
UNKNOWN = {"encapsulate", "decapsulate"}


def test_it_encrypts_a_file_and_decrypts_it(shell, tmp_path):
    (tmp_path / "plain").write_bytes(b"\x00hello\xff")
    key = json.loads(shell("aws", "kms", "create-key"))["KeyMetadata"]["KeyId"]
    context = ("--encryption-context", "tenant=7")
    told = shell("aws", "kms", "encrypt", "--key-id", key, "--plaintext", "fileb://plain", *context)
    (tmp_path / "sealed").write_bytes(base64.b64decode(json.loads(told)["CiphertextBlob"]))
    decrypt = ("aws", "kms", "decrypt", "--ciphertext-blob", "fileb://sealed")
    assert base64.b64decode(json.loads(shell(*decrypt, *context))["Plaintext"]) == b"\x00hello\xff"
    assert "(InvalidCiphertextException)" in shell(*decrypt, well=False)


def test_a_profile_says_who_calls(shell, tmp_path):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").write_text(
        "[neighbour]\naws_access_key_id = 444455556666\naws_secret_access_key = test\n"
    )
    asked = ("aws", "sts", "get-caller-identity", "--query", "Arn", "--output", "text", "--profile", "neighbour")
    assert shell(*asked).strip() == "arn:aws:iam::444455556666:root"


def test_it_knows_all_operations_but_the_newest(shell):
    told = shell("aws", "kms", "none-of-these", well=False)
    known = set(re.findall(r"[a-z]+(?:-[a-z]+)*", told.split("valid choices are:")[1]))
    assert {xform_name(name, "-") for name in CATALOG} - known == UNKNOWN
