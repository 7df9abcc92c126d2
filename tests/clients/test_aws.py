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


def test_a_profile_with_a_role_assumes_it(shell, role):
    root = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    use = {"Effect": "Allow", "Principal": {"AWS": role}, "Action": "kms:GenerateDataKey", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [root, use]})
    key = json.loads(shell("aws", "kms", "create-key", "--policy", policy))["KeyMetadata"]["KeyId"]
    who = ("aws", "sts", "get-caller-identity", "--query", "Arn", "--output", "text", "--profile", "app")
    assert shell(*who).startswith(role.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/")
    use = ("aws", "kms", "generate-data-key", "--key-spec", "AES_256", "--key-id", key)
    assert len(base64.b64decode(json.loads(shell(*use, "--profile", "app"))["Plaintext"])) == 32
    refused = shell(*use, "--profile", "alice", well=False)
    assert "no identity-based policy allows the kms:GenerateDataKey action" in refused


def test_it_knows_all_operations_but_the_newest(shell):
    told = shell("aws", "kms", "none-of-these", well=False)
    known = set(re.findall(r"[a-z]+(?:-[a-z]+)*", told.split("valid choices are:")[1]))
    assert {xform_name(name, "-") for name in CATALOG} - known == UNKNOWN


def test_the_event_history_is_looked_up_page_by_page(shell):
    attribute = ("--lookup-attributes", "AttributeKey=EventName,AttributeValue=ListAliases")
    look = ("aws", "cloudtrail", "lookup-events", *attribute, "--page-size", "2")
    before = len(json.loads(shell(*look))["Events"])  # other tests may have called it, too
    for _ in range(3):
        shell("aws", "kms", "list-aliases")
    told = shell(*look)
    events = json.loads(told)["Events"]
    assert len(events) == before + 3
    assert [json.loads(event["CloudTrailEvent"])["eventID"] for event in events] == [e["EventId"] for e in events]
    assert "NextToken" not in json.loads(told)
    assert json.loads(shell("aws", "cloudtrail", "lookup-events", *attribute, "--max-items", "1"))["NextToken"]
    wrong = ("aws", "cloudtrail", "lookup-events", "--start-time", "2027-01-02", "--end-time", "2027-01-01")
    assert "(InvalidTimeRangeException)" in shell(*wrong, well=False)
    assert "(UnsupportedOperationException)" in shell("aws", "cloudtrail", "describe-trails", well=False)
