"""What private keys do takes its time, and is done when others have their turn."""

import threading

import pytest

from kms_teach.hsm.boundary import Hsm

SIGN = {"Message": b"hello", "SigningAlgorithm": "RSASSA_PSS_SHA_256"}
OAEP = {"EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}


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


def test_a_dry_run_says_what_is_wrong_with_a_ciphertext_before_it_says_what_it_is(kms, refused):
    key = kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"hello", **OAEP)["CiphertextBlob"]
    for given, code in ((blob, "DryRunOperationException"), (bytes(256), "InvalidCiphertextException")):
        assert refused(kms.decrypt, KeyId=key, CiphertextBlob=given, DryRun=True, **OAEP).code == code
    assert refused(kms.sign, KeyId=key, DryRun=True, **SIGN).code == "InvalidKeyUsageException"
