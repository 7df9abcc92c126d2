"""A pretended enclave: what it measures, what its documents say, and what it opens."""

import hashlib
from datetime import UTC, datetime, timedelta

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from kms_teach import Simulator
from kms_teach.client_side.enclave import EnclaveError
from tests.conftest import START
from tests.hsm.nitro import AWS_DOCUMENT

ZERO = "00" * 48
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def enclave(sim):
    return sim.enclave(b"an image")


def read(document):
    return cbor2.loads(cbor2.loads(document)[2])


def test_an_image_measures_the_same_in_every_enclave_and_another_image_otherwise(sim, enclave):
    again, other = sim.enclave(b"an image"), sim.enclave(b"another image")
    assert [enclave.pcrs[n] == again.pcrs[n] for n in (0, 1, 2, 3, 4)] == [True, True, True, True, False]
    assert [enclave.pcrs[n] == other.pcrs[n] for n in (0, 1, 2)] == [False, True, False]
    assert len({enclave.pcrs[n] for n in (0, 1, 2, 4)}) == 4
    assert all(enclave.pcrs[n] == ZERO for n in (3, *range(5, 16)))


def test_role_and_instance_measure_as_the_user_guide_computes_them(sim):
    role = sim.role("app")
    enclave = sim.enclave(b"an image", role=role)
    instance = enclave.module_id.split("-enc")[0]
    for register, text in ((3, role.arn), (4, instance)):
        assert enclave.pcrs[register] == hashlib.sha384(b"\0" * 48 + text.encode()).hexdigest()


def test_in_debug_mode_image_kernel_and_program_measure_zero(sim):
    """As in AWS's own document, which has the register of the instance alone."""
    enclave = sim.enclave(b"an image", role=sim.role("app"), debug=True)
    assert [enclave.pcrs[n] == ZERO for n in range(6)] == [True, True, True, False, False, True]
    assert [any(read(AWS_DOCUMENT)["pcrs"][n]) for n in range(6)] == [False, False, False, False, True, False]


def test_a_document_has_the_shape_of_one_of_aws(sim, enclave):
    theirs, ours = (cbor2.loads(document) for document in (AWS_DOCUMENT, enclave.document()))
    assert [type(part) for part in ours] == [type(part) for part in theirs]
    assert (ours[0], ours[1], len(ours[3])) == (theirs[0], theirs[1], len(theirs[3]))
    theirs, ours = cbor2.loads(theirs[2]), cbor2.loads(ours[2])
    assert list(ours) == list(theirs)
    assert list(ours["pcrs"]) == list(theirs["pcrs"])
    assert [type(value) for name, value in ours.items() if name != "public_key"] == [
        type(value) for name, value in theirs.items() if name != "public_key"
    ]
    assert len(ours["module_id"]) == len(theirs["module_id"])


def test_a_document_says_what_it_was_asked_to_say(sim, enclave):
    sim.advance(days=1)
    said = read(enclave.document(user_data=b"data", nonce=b"once"))
    assert (said["module_id"], said["digest"]) == (enclave.module_id, "SHA384")
    assert (said["user_data"], said["nonce"]) == (b"data", b"once")
    assert said["timestamp"] == int((NOW + timedelta(days=1)).timestamp()) * 1000
    assert {index: pcr.hex() for index, pcr in said["pcrs"].items()} == enclave.pcrs
    assert load_der_public_key(said["public_key"]).key_size == 2048
    assert (read(enclave.document())["user_data"], read(enclave.document())["nonce"]) == (None, None)


def test_its_certificates_lead_to_the_root_and_its_signature_is_the_leafs(enclave):
    protected, _, payload, signature = cbor2.loads(enclave.document())
    said = cbor2.loads(payload)
    root, host, leaf = (x509.load_der_x509_certificate(der) for der in (*said["cabundle"], said["certificate"]))
    assert root == x509.load_pem_x509_certificate(enclave.root.encode())
    for lower, upper in ((root, root), (host, root), (leaf, host)):
        lower.verify_directly_issued_by(upper)
    numbers = (int.from_bytes(half) for half in (signature[:48], signature[48:]))
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    leaf.public_key().verify(encode_dss_signature(*numbers), signed, ec.ECDSA(hashes.SHA384()))
    assert [(one.not_valid_after_utc - one.not_valid_before_utc) for one in (host, leaf)] == [
        timedelta(days=1), timedelta(hours=3),
    ]  # fmt: skip
    assert root.not_valid_after_utc.year == 9999


def test_all_enclaves_of_a_simulator_have_one_root_which_a_store_keeps(tmp_path):
    with Simulator(tmp_path / "class.db", start=START) as sim:
        root = sim.enclave(b"an image").root
        assert sim.enclave(b"another").root == root
    with Simulator(tmp_path / "class.db") as sim:
        enclave = sim.enclave(b"an image")
        assert enclave.root == root
        recipient = {"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256", "AttestationDocument": enclave.document()}
        answer = sim.client("kms").generate_random(NumberOfBytes=8, Recipient=recipient)
        assert len(enclave.open(answer["CiphertextForRecipient"])) == 8
    with Simulator(start=START) as other:
        assert other.enclave(b"an image").root != root


def test_the_roots_private_key_is_sealed(sim, enclave):
    """What the store has of it is a SealedKey, and the HSM gives its public half only."""
    enclave.document()
    kept = dict(sim.service.store._db.execute("SELECT name, value FROM setting"))
    private = sim.service.hsm._Hsm__open
    (root,) = [key for key in private.values() if isinstance(key, ec.EllipticCurvePrivateKey)]
    secret = root.private_numbers().private_value.to_bytes(48)
    assert kept["attestation root"] == enclave.root
    assert all(secret.hex() not in value and secret not in value.encode() for value in kept.values())


def test_it_opens_only_what_was_sealed_for_it(sim, kms, enclave):
    recipient = {"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256", "AttestationDocument": enclave.document()}
    sealed = kms.generate_random(NumberOfBytes=8, Recipient=recipient)["CiphertextForRecipient"]
    assert len(enclave.open(sealed)) == 8
    for what, whose in ((sealed, sim.enclave(b"an image")), (sealed[:-1], enclave), (b"", enclave)):
        with pytest.raises(EnclaveError, match="not sealed for this enclave"):
            whose.open(what)


def test_it_shows_nothing_of_its_key(enclave):
    assert repr(enclave) == f"<enclave {enclave.module_id}>"
    assert "PRIVATE" not in enclave.root
