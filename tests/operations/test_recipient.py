"""Recipient: an answer goes to the enclave that proves itself, sealed; every other document is refused."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key
from hypothesis import given
from hypothesis import strategies as st

from kms_teach import Simulator
from kms_teach.operations.recipients import ROOT
from tests.conftest import START
from tests.hsm import nitro
from tests.hsm.nitro import spki

UNTRUE = ("ValidationException", "")
SECRETS = {  # operation -> the member that a recipient gets sealed instead
    "decrypt": "Plaintext",
    "derive_shared_secret": "SharedSecret",
    "generate_data_key": "Plaintext",
    "generate_data_key_pair": "PrivateKeyPlaintext",
    "generate_random": "Plaintext",
}


@pytest.fixture
def enclave(sim):
    return sim.enclave(b"an image")


def recipient(document):
    return {"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256", "AttestationDocument": document}


@pytest.fixture
def calls(kms, key):
    """Operation -> its parameters, but for Recipient."""
    agrees = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="KEY_AGREEMENT")["KeyMetadata"]["KeyId"]
    peer = spki(ec.generate_private_key(ec.SECP256R1()))
    return {
        "decrypt": {"CiphertextBlob": kms.encrypt(KeyId=key, Plaintext=b"attack at dawn")["CiphertextBlob"]},
        "derive_shared_secret": {"KeyId": agrees, "KeyAgreementAlgorithm": "ECDH", "PublicKey": peer},
        "generate_data_key": {"KeyId": key, "KeySpec": "AES_256"},
        "generate_data_key_pair": {"KeyId": key, "KeyPairSpec": "ECC_NIST_P256"},
        "generate_random": {"NumberOfBytes": 24},
    }


def only(kms, key, **conditions):
    """The key serves its account, but for Decrypt only those who meet the conditions."""
    allow = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Resource": "*"}
    some = allow | {"Action": "kms:Decrypt", "Condition": {"StringEqualsIgnoreCase": conditions}}
    rest = allow | {"NotAction": "kms:Decrypt"}
    kms.put_key_policy(KeyId=key, Policy=json.dumps({"Version": "2012-10-17", "Statement": [some, rest]}))


def test_the_secret_of_each_operation_is_sealed_and_never_plain(kms, calls, enclave):
    for operation, member in SECRETS.items():
        plain = getattr(kms, operation)(**calls[operation])
        sealed = getattr(kms, operation)(**calls[operation], Recipient=recipient(enclave.document()))
        assert set(sealed) == set(plain) - {member} | {"CiphertextForRecipient"}, operation
        assert len(enclave.open(sealed["CiphertextForRecipient"])) == len(plain[member]), operation


def test_what_the_enclave_opens_is_the_secret(kms, calls, enclave):
    def call(operation):
        answer = getattr(kms, operation)(**calls[operation], Recipient=recipient(enclave.document()))
        return answer, enclave.open(answer["CiphertextForRecipient"])

    assert call("decrypt")[1] == b"attack at dawn"
    assert call("derive_shared_secret")[1] == kms.derive_shared_secret(**calls["derive_shared_secret"])["SharedSecret"]
    answer, data_key = call("generate_data_key")
    assert data_key == kms.decrypt(CiphertextBlob=answer["CiphertextBlob"])["Plaintext"]
    answer, private = call("generate_data_key_pair")
    assert private == kms.decrypt(CiphertextBlob=answer["PrivateKeyCiphertextBlob"])["Plaintext"]
    assert load_der_private_key(private, None).public_key() == load_der_public_key(answer["PublicKey"])
    assert call("generate_random")[1] != call("generate_random")[1]


def test_an_rsa_key_decrypts_for_an_enclave_too(kms, enclave):
    rsa = {"EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    rsa["KeyId"] = kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(**rsa, Plaintext=b"secret")["CiphertextBlob"]
    answer = kms.decrypt(**rsa, CiphertextBlob=blob, Recipient=recipient(enclave.document()))
    assert "Plaintext" not in answer
    assert enclave.open(answer["CiphertextForRecipient"]) == b"secret"


def test_each_operation_refuses_what_is_no_document(kms, calls, enclave, refused):
    good = enclave.document()
    bits = [good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :] for at in (0, 20, len(good) // 2, len(good) - 1)]
    for operation in SECRETS:
        for document in (b"document", b"\0" * 5000, good[:-1], *bits):
            call = calls[operation] | {"Recipient": recipient(document)}
            assert refused(getattr(kms, operation), **call) == UNTRUE, operation


def test_both_members_are_needed(kms, enclave, refused):
    whole = recipient(enclave.document())
    for part in ({}, *({name: value} for name, value in whole.items())):
        assert refused(kms.generate_random, NumberOfBytes=8, Recipient=part) == UNTRUE


def test_the_model_bounds_it(kms, refused):
    for wrong in (recipient(b"x" * 262145), recipient(b"x") | {"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_1"}):
        refusal = refused(kms.generate_random, NumberOfBytes=8, Recipient=wrong)
        assert refusal.code == "ValidationException"
        assert refusal.message.startswith("1 validation error detected")


def test_before_the_first_enclave_no_document_is_believed(sim, kms, refused):
    assert sim.service.store.setting(ROOT) is None
    document = Simulator(start=START).enclave(b"an image").document()
    assert refused(kms.generate_random, NumberOfBytes=8, Recipient=recipient(document)) == UNTRUE


def test_an_enclave_of_another_simulator_or_of_aws_is_not_believed(sim, kms, enclave, refused):
    others = Simulator(start=START).enclave(b"an image").document()
    for document in (others, nitro.AWS_DOCUMENT, nitro.sign1(nitro.payload())):
        assert refused(kms.generate_random, NumberOfBytes=8, Recipient=recipient(document)) == UNTRUE


def test_a_document_is_good_again_and_again_for_three_hours_of_the_simulators_clock(sim, kms, enclave, refused):
    call = {"NumberOfBytes": 8, "Recipient": recipient(enclave.document())}
    for hours in (0, 1, 2):
        sim.advance(hours=hours)
        assert kms.generate_random(**call)
    sim.advance(seconds=1)
    assert refused(kms.generate_random, **call) == UNTRUE
    sim.advance(days=3650)
    assert kms.generate_random(NumberOfBytes=8, Recipient=recipient(enclave.document()))


@pytest.mark.parametrize(("name", "register"), [("ImageSha384", 0), ("PCR0", 0), ("PCR2", 2), ("PCR4", 4)])
def test_a_policy_asks_for_what_the_document_proves(sim, kms, key, calls, refused, name, register):
    right, wrong = sim.enclave(b"an image"), sim.enclave(b"another image")
    only(kms, key, **{f"kms:RecipientAttestation:{name}": right.pcrs[register].upper()})
    answer = kms.decrypt(**calls["decrypt"], Recipient=recipient(right.document()))
    assert right.open(answer["CiphertextForRecipient"]) == b"attack at dawn"
    debug = sim.enclave(b"an image", debug=True)
    for other in (wrong, debug):
        refusal = refused(kms.decrypt, **calls["decrypt"], Recipient=recipient(other.document()))
        assert refusal.code == "AccessDeniedException"
    assert refused(kms.decrypt, **calls["decrypt"]).code == "AccessDeniedException"


def test_a_policy_asks_for_the_role_around_the_enclave(sim, kms, key, calls, refused):
    app, other = sim.role("app"), sim.role("other")
    only(kms, key, **{"kms:RecipientAttestation:PCR3": sim.enclave(b"x", role=app).pcrs[3]})
    assert kms.decrypt(**calls["decrypt"], Recipient=recipient(sim.enclave(b"y", role=app).document()))
    for enclave in (sim.enclave(b"x", role=other), sim.enclave(b"x")):
        call = calls["decrypt"] | {"Recipient": recipient(enclave.document())}
        assert refused(kms.decrypt, **call).code == "AccessDeniedException"


def test_in_debug_mode_the_image_measures_zero(sim, kms, key, calls, refused):
    only(kms, key, **{"kms:RecipientAttestation:ImageSha384": "0" * 96})
    debug = sim.enclave(b"an image", debug=True)
    assert kms.decrypt(**calls["decrypt"], Recipient=recipient(debug.document()))
    call = calls["decrypt"] | {"Recipient": recipient(sim.enclave(b"an image").document())}
    assert refused(kms.decrypt, **call).code == "AccessDeniedException"


def test_what_does_not_verify_is_refused_before_anything_is_decided(sim, kms, key, calls, refused):
    """Recorded from AWS: random bytes and turned bits end in ValidationException, also where a policy would deny."""
    enclave, nobody = sim.enclave(b"an image"), sim.user("nobody").client("kms")
    document = enclave.document()
    spoiled = document[:-1] + bytes([document[-1] ^ 1])
    assert refused(nobody.decrypt, **calls["decrypt"], Recipient=recipient(spoiled)) == UNTRUE
    assert sim.trail[-1].decision is None
    assert refused(kms.decrypt, CiphertextBlob=b"no ciphertext", Recipient=recipient(spoiled)) == UNTRUE
    call = calls["decrypt"] | {"Recipient": recipient(enclave.document())}
    assert refused(nobody.decrypt, **call).code == "AccessDeniedException"


def test_a_dry_run_checks_the_document_and_seals_nothing(sim, kms, key, calls, enclave, refused):
    refusal = refused(kms.decrypt, **calls["decrypt"], DryRun=True, Recipient=recipient(enclave.document()))
    assert refusal.code == "DryRunOperationException"
    assert sim.trail[-1].returned == {}
    assert refused(kms.decrypt, **calls["decrypt"], DryRun=True, Recipient=recipient(b"document")) == UNTRUE
    only(kms, key, **{"kms:RecipientAttestation:PCR0": enclave.pcrs[0]})
    call = {"KeyId": key, "DryRun": True, "DryRunModifiers": ["IGNORE_CIPHERTEXT"]}
    refusal = refused(kms.decrypt, **call, Recipient=recipient(enclave.document()))
    assert refusal.code == "DryRunOperationException"
    assert refused(kms.decrypt, **call).code == "AccessDeniedException"


def test_the_trail_names_the_enclave_and_its_registers(sim, kms, calls, enclave):
    for operation, member in SECRETS.items():
        getattr(kms, operation)(**calls[operation], Recipient=recipient(enclave.document()))
        event = sim.trail[-1].event

        def value(index):
            return base64.b64encode(bytes.fromhex(enclave.pcrs[index])).decode()

        assert event["additionalEventData"]["recipient"] == {
            "attestationDocumentModuleId": enclave.module_id,
            "attestationDocumentEnclaveImageDigest": value(0),
            **{f"attestationDocumentEnclavePCR{index}": value(index) for index in (1, 2, 3, 4, 8)},
        }
        assert "ecipient" not in json.dumps(event["requestParameters"])
        assert ("keyMaterialId" in event["additionalEventData"]) == (operation in (
            "decrypt", "generate_data_key", "generate_data_key_pair"
        ))  # fmt: skip
        assert sim.trail[-1].returned["CiphertextForRecipient"] > 400
        assert member not in sim.trail[-1].returned


def test_a_call_that_is_refused_names_no_enclave(sim, kms, key, calls, enclave, refused):
    only(kms, key, **{"kms:RecipientAttestation:PCR0": "0"})
    refused(kms.decrypt, **calls["decrypt"], Recipient=recipient(enclave.document()))
    assert "additionalEventData" not in sim.trail[-1].event


def test_without_a_recipient_nothing_is_proven(sim, kms, key, calls):
    kms.decrypt(**calls["decrypt"])
    assert "recipient" not in sim.trail[-1].event["additionalEventData"]


@pytest.fixture(scope="module")
def world():
    with Simulator(start=START) as sim:
        yield sim.client("kms"), sim.enclave(b"an image").document()


@given(data=st.data())
def test_any_bytes_end_in_one_refusal(world, data):
    kms, document = world
    bit = data.draw(st.integers(0, len(document) * 8 - 1))
    spoiled = bytearray(document)
    spoiled[bit // 8] ^= 1 << bit % 8
    for wrong in (bytes(spoiled), data.draw(st.binary(min_size=1, max_size=300))):
        with pytest.raises(kms.exceptions.ClientError, match=r"\(ValidationException\)"):
            kms.generate_random(NumberOfBytes=8, Recipient=recipient(wrong))
