"""What private keys do takes its time, and is done when others have their turn."""

import threading

import pytest

from kms_teach.hsm.boundary import Hsm

SIGN = {"Message": b"hello", "SigningAlgorithm": "RSASSA_PSS_SHA_256"}
OAEP = {"EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
FROM_OAEP = {"SourceEncryptionAlgorithm": "RSAES_OAEP_SHA_256"}


class Waiting:
    """A call in a thread of its own whose private key waits, when it is at work, until it is told to go on."""

    def __init__(self, monkeypatch):
        self.begun, self.go_on, self.answers = threading.Event(), threading.Event(), []
        for name in ("signing", "decrypting_rsa"):
            monkeypatch.setattr(Hsm, name, self._slow(getattr(Hsm, name)))

    def _slow(self, prepare):
        def prepared(hsm, *given):
            work = prepare(hsm, *given)

            def wait():
                self.begun.set()
                assert self.go_on.wait(5)
                return work()

            return wait

        return prepared

    def begin(self, call, **parameters):
        self.thread = threading.Thread(target=lambda: self.answers.append(call(**parameters)))
        self.thread.start()
        assert self.begun.wait(5)

    def end(self):
        self.go_on.set()
        self.thread.join(5)
        return self.answers[0]


@pytest.fixture
def waiting(monkeypatch):
    one = Waiting(monkeypatch)
    yield one
    one.go_on.set()


def test_others_are_answered_while_a_signature_is_made(sim, kms, waiting):
    key = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    waiting.begin(kms.sign, KeyId=key, **SIGN)
    kms.update_key_description(KeyId=key, Description="meanwhile")
    assert not waiting.answers
    signature = waiting.end()["Signature"]
    assert kms.verify(KeyId=key, Signature=signature, **SIGN)["SignatureValid"]
    assert [record.operation for record in sim.trail] == ["CreateKey", "UpdateKeyDescription", "Sign", "Verify"]


def test_others_are_answered_while_a_private_key_decrypts(sim, kms, waiting):
    key = kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"hello", **OAEP)["CiphertextBlob"]
    waiting.begin(kms.decrypt, KeyId=key, CiphertextBlob=blob, **OAEP)
    kms.disable_key(KeyId=key)
    assert waiting.end()["Plaintext"] == b"hello"
    assert [record.operation for record in sim.trail][-2:] == ["DisableKey", "Decrypt"]


@pytest.fixture
def source(kms):
    return kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["Arn"]


@pytest.fixture
def blob(kms, source):
    return kms.encrypt(KeyId=source, Plaintext=b"hello", **OAEP)["CiphertextBlob"]


@pytest.fixture
def destination(kms):
    return kms.create_key()["KeyMetadata"]["Arn"]


def used(record):
    return [(each.key_arn, each.role) for each in record.used]


def test_others_are_answered_while_a_ciphertext_of_rsa_is_encrypted_again(sim, kms, waiting, source, blob, destination):
    current = kms.decrypt(CiphertextBlob=kms.encrypt(KeyId=destination, Plaintext=b"x")["CiphertextBlob"])
    waiting.begin(kms.re_encrypt, SourceKeyId=source, CiphertextBlob=blob, DestinationKeyId=destination, **FROM_OAEP)
    kms.rotate_key_on_demand(KeyId=destination)
    kms.disable_key(KeyId=destination)
    assert not waiting.answers
    answer = waiting.end()
    record = sim.trail[-1]
    assert [each.operation for each in sim.trail][-2:] == ["DisableKey", "ReEncrypt"]
    assert used(record) == [(source, "decrypts"), (destination, "encrypts")]
    kms.enable_key(KeyId=destination)
    opened = kms.decrypt(CiphertextBlob=answer["CiphertextBlob"])
    assert opened["Plaintext"] == b"hello"
    assert opened["KeyMaterialId"] == answer["DestinationKeyMaterialId"] == current["KeyMaterialId"]


def test_a_key_that_is_deleted_while_it_signs_is_forgotten_and_stays_so(sim, kms, waiting):
    key = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    waiting.begin(kms.sign, KeyId=key, **SIGN)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    sim.advance(days=8)
    assert len(waiting.end()["Signature"]) == 256
    assert not sim.service.hsm._Hsm__open
    times = [record.event["eventTime"] for record in sim.trail]
    assert times == sorted(times)
    assert sim.trail[-1].operation == "Sign"


def test_keys_that_are_deleted_while_they_encrypt_again_are_forgotten_and_stay_so(
    sim, kms, waiting, source, blob, destination
):
    waiting.begin(kms.re_encrypt, SourceKeyId=source, CiphertextBlob=blob, DestinationKeyId=destination, **FROM_OAEP)
    for key in (source, destination):
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    sim.advance(days=8)
    assert waiting.end()["KeyId"] == destination
    assert not sim.service.hsm._Hsm__open


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_ciphertext_that_does_not_open_is_told_before_what_is_wrong_with_the_destination(
    sim, kms, refused, source, blob, dry_run
):
    wrong = {
        "DestinationKeyId": source, "DestinationEncryptionAlgorithm": "RSAES_OAEP_SHA_256",
        "DestinationEncryptionContext": {"a": "b"}, "DryRun": dry_run,
    }  # fmt: skip
    for given, code in ((bytes(256), "InvalidCiphertextException"), (blob, "ValidationException")):
        assert refused(kms.re_encrypt, SourceKeyId=source, CiphertextBlob=given, **wrong, **FROM_OAEP).code == code
        assert used(sim.trail[-1]) == [(source, "decrypts")]


def test_a_dry_run_says_what_is_wrong_with_a_ciphertext_before_it_says_what_it_is(kms, refused):
    key = kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"hello", **OAEP)["CiphertextBlob"]
    for given, code in ((blob, "DryRunOperationException"), (bytes(256), "InvalidCiphertextException")):
        assert refused(kms.decrypt, KeyId=key, CiphertextBlob=given, DryRun=True, **OAEP).code == code
    assert refused(kms.sign, KeyId=key, DryRun=True, **SIGN).code == "InvalidKeyUsageException"
