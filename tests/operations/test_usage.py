from datetime import timedelta


def test_a_key_that_was_never_used_says_so(kms, key):
    answer = kms.get_key_last_usage(KeyId=key)
    assert answer["KeyLastUsage"] == {}
    assert answer["KeyId"].endswith(key)
    assert answer["TrackingStartDate"].isoformat()[:10] == "2026-04-23"


def test_the_last_cryptographic_use_counts_and_no_other(sim, kms, key):
    kms.encrypt(KeyId=key, Plaintext=b"x")
    sim.advance(days=2)
    kms.generate_data_key(KeyId=key, KeySpec="AES_256")
    used = sim.trail[-1].event
    sim.advance(days=5)
    kms.describe_key(KeyId=key)
    last = kms.get_key_last_usage(KeyId=key)["KeyLastUsage"]
    assert last["Operation"] == "GenerateDataKey"
    assert last["Timestamp"] == sim.now - timedelta(days=5)
    assert (last["CloudTrailEventId"], last["KmsRequestId"]) == (used["eventID"], used["requestID"])


def test_a_refused_use_does_not_count(kms, key, refused):
    kms.disable_key(KeyId=key)
    refused(kms.encrypt, KeyId=key, Plaintext=b"x")
    assert kms.get_key_last_usage(KeyId=key)["KeyLastUsage"] == {}


def test_re_encrypt_uses_both_keys(kms, key):
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=other)
    assert {kms.get_key_last_usage(KeyId=k)["KeyLastUsage"]["Operation"] for k in (key, other)} == {"ReEncrypt"}


def test_it_is_remembered(tmp_path):
    from kms_teach import Simulator

    with Simulator(tmp_path / "s.db") as sim:
        kms = sim.client("kms")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.encrypt(KeyId=key, Plaintext=b"x")
    with Simulator(tmp_path / "s.db") as sim:
        assert sim.client("kms").get_key_last_usage(KeyId=key)["KeyLastUsage"]["Operation"] == "Encrypt"


def test_a_newer_use_is_told_before_it_is_written(sim, kms, key):
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    sim.trail.write()
    kms.decrypt(CiphertextBlob=blob)
    assert kms.get_key_last_usage(KeyId=key)["KeyLastUsage"]["Operation"] == "Decrypt"
