from datetime import UTC, datetime, timedelta

import pytest

ALWAYS = {
    "AWSAccountId", "KeyId", "Arn", "CreationDate", "Enabled", "Description", "KeyUsage", "KeyState", "Origin",
    "KeyManager", "KeySpec", "CustomerMasterKeySpec", "MultiRegion",
}  # fmt: skip
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_new_key_is_described_as_aws_describes_it(kms):
    made = kms.create_key()["KeyMetadata"]
    assert set(made) == ALWAYS | {"EncryptionAlgorithms", "CurrentKeyMaterialId"}
    assert made["EncryptionAlgorithms"] == ["SYMMETRIC_DEFAULT"]
    assert made["Arn"] == f"arn:aws:kms:us-east-1:111122223333:key/{made['KeyId']}"
    assert (made["KeyState"], made["Enabled"], made["Description"]) == ("Enabled", True, "")
    assert kms.describe_key(KeyId=made["KeyId"])["KeyMetadata"] == made


@pytest.mark.parametrize("name", ["id", "arn", "alias", "alias arn"])
def test_a_key_answers_to_four_names(kms, key, name):
    kms.create_alias(AliasName="alias/mine", TargetKeyId=key)
    arn = f"arn:aws:kms:us-east-1:111122223333:key/{key}"
    names = {"id": key, "arn": arn, "alias": "alias/mine", "alias arn": "arn:aws:kms:us-east-1:111122223333:alias/mine"}
    assert kms.describe_key(KeyId=names[name])["KeyMetadata"]["Arn"] == arn


UNKNOWN = "1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (UNKNOWN, ("NotFoundException", f"Key 'arn:aws:kms:us-east-1:111122223333:key/{UNKNOWN}' does not exist")),
        (f"mrk-{'a' * 32}", ("NotFoundException", f"Key 'arn:aws:kms:us-east-1:111122223333:key/mrk-{'a' * 32}' does not exist")),
        ("fake-key-id", ("NotFoundException", "Invalid keyId 'fake-key-id'")),
        (UNKNOWN.replace("-", ""), ("NotFoundException", f"Invalid keyId '{UNKNOWN.replace('-', '')}'")),
        (f"arn:aws:kms:eu-west-1:111122223333:key/{UNKNOWN}", ("NotFoundException", "Invalid arn eu-west-1")),
        ("alias/none", ("NotFoundException", "Alias arn:aws:kms:us-east-1:111122223333:alias/none is not found.")),
    ],
)  # fmt: skip
def test_a_name_that_names_nothing(kms, refused, name, said):
    assert refused(kms.describe_key, KeyId=name) == said


def test_an_alias_does_not_name_a_key_everywhere(kms, key, refused):
    kms.create_alias(AliasName="alias/mine", TargetKeyId=key)
    said = ("InvalidArnException", "Key Aliases are not supported for this operation.")
    assert refused(kms.disable_key, KeyId="alias/mine") == said
    assert refused(kms.get_key_policy, KeyId="alias/mine") == said


def test_a_spec_that_is_given_twice(kms, refused):
    said = refused(kms.create_key, KeySpec="RSA_2048", CustomerMasterKeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    assert said == (
        "ValidationException",
        "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.",
    )


def test_a_usage_that_is_missing_or_does_not_fit(kms, refused):
    assert refused(kms.create_key, KeySpec="RSA_2048") == (
        "ValidationException", "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
    )  # fmt: skip
    assert refused(kms.create_key, KeySpec="RSA_2048", KeyUsage="KEY_AGREEMENT") == (
        "ValidationException", "KeyUsage KEY_AGREEMENT is not compatible with KeySpec RSA_2048",
    )  # fmt: skip


def test_a_disabled_key_does_nothing_until_it_is_enabled(kms, key, refused):
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    kms.disable_key(KeyId=key)
    kms.disable_key(KeyId=key)  # again changes nothing
    arn = f"arn:aws:kms:us-east-1:111122223333:key/{key}"
    assert refused(kms.decrypt, CiphertextBlob=blob) == ("DisabledException", f"{arn} is disabled.")
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Enabled"] is False
    kms.enable_key(KeyId=key)
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"


def test_a_deletion_waits_and_can_be_cancelled(kms, key, refused):
    arn = f"arn:aws:kms:us-east-1:111122223333:key/{key}"
    answer = kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert {k: answer[k] for k in ("KeyId", "KeyState", "PendingWindowInDays")} == {
        "KeyId": arn, "KeyState": "PendingDeletion", "PendingWindowInDays": 7,
    }  # fmt: skip
    assert answer["DeletionDate"] == NOW + timedelta(days=7)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["DeletionDate"] == NOW + timedelta(days=7)
    assert refused(kms.encrypt, KeyId=key, Plaintext=b"x") == (
        "KMSInvalidStateException",
        f"{arn} is pending deletion.",
    )
    assert refused(kms.schedule_key_deletion, KeyId=key).code == "KMSInvalidStateException"
    assert kms.cancel_key_deletion(KeyId=key)["KeyId"] == arn
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"
    assert "DeletionDate" not in kms.describe_key(KeyId=key)["KeyMetadata"]
    assert refused(kms.cancel_key_deletion, KeyId=key) == (
        "KMSInvalidStateException",
        f"{arn} is not pending deletion.",
    )


@pytest.mark.parametrize("days", [6, 31])
def test_the_wait_has_its_bounds(kms, key, refused, days):
    said = refused(kms.schedule_key_deletion, KeyId=key, PendingWindowInDays=days)
    assert said.code == "ValidationException"
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"


def test_on_its_day_a_key_is_gone_with_its_aliases(sim, kms, key, refused):
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    kms.create_alias(AliasName="alias/gone", TargetKeyId=key)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    sim.advance(days=6, hours=23)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    sim.advance(hours=1)
    assert refused(kms.describe_key, KeyId=key).message.endswith("does not exist")
    assert refused(kms.describe_key, KeyId="alias/gone").message.endswith("is not found.")
    assert kms.list_keys()["Keys"] == []
    assert refused(kms.decrypt, CiphertextBlob=blob).code == "AccessDeniedException"
    assert sim.trail.named("DeleteKey")[0].event["eventTime"] == "2026-01-08T00:00:00Z"


def test_a_key_that_nobody_deletes_lives_on(sim, kms, key):
    sim.advance(days=3650)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"


def test_keys_are_listed_by_account_and_region(sim, kms, key):
    assert [k["KeyId"] for k in kms.list_keys()["Keys"]] == [key]
    assert sim.client("kms", region="eu-west-1").list_keys()["Keys"] == []
    assert sim.client("kms", account="444455556666").list_keys()["Keys"] == []


def test_a_marker_that_is_not_ours_is_refused(kms, refused):
    assert refused(kms.list_keys, Marker="***").code == "InvalidMarkerException"


def test_descriptions_change(kms, key):
    kms.update_key_description(KeyId=key, Description="new")
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Description"] == "new"


def test_a_dry_run_changes_nothing_and_says_what_would_happen(sim, kms, key, refused):
    would = ("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.")
    assert refused(kms.encrypt, KeyId=key, Plaintext=b"x", DryRun=True) == would
    kms.disable_key(KeyId=key)
    assert refused(kms.encrypt, KeyId=key, Plaintext=b"x", DryRun=True).code == "DisabledException"


def test_a_deletion_waits_thirty_days_unless_told(sim, kms, key):
    scheduled = kms.schedule_key_deletion(KeyId=key)
    assert scheduled["PendingWindowInDays"] == 30
    assert (scheduled["DeletionDate"] - sim.now).days == 30
