"""The promise of the boundary: no byte of a KMS key's plaintext material is ever anywhere else."""

import base64
import copy
import io
import json
import logging
import pickle

import pytest

from kms_teach import Simulator
from kms_teach.hsm.algorithms import dump
from kms_teach.hsm.boundary import Hsm
from kms_teach.keys.key import Key


def materials(sim):
    """Every plaintext the HSM holds, fetched by force, to know what to look for."""
    unseal = sim.service.hsm._Hsm__unseal
    rows = sim.service.store._db.execute('SELECT record FROM "key"').fetchall()
    keys = [sim.service.store._decoders[Key].decode(record) for (record,) in rows]
    return {dump(unseal(m.sealed)) for key in keys for m in key.materials}


def spellings(secret):
    """A byte string as it might stand in a text or a file: raw, hex, base64 at each of three offsets, Python's repr."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for offset in range(3):
        yield base64.b64encode(b"\0" * offset + secret)[4 if offset else 0 :][:40]
        yield base64.urlsafe_b64encode(b"\0" * offset + secret)[4 if offset else 0 :][:40]
    yield repr(secret).encode()[2:-1]


def found_in(haystack, secrets):
    return [i for i, secret in enumerate(secrets) for spelling in spellings(secret) if spelling in haystack]


def every_other_kind(kms):
    """A key of each kind, used in each way."""

    def key(spec, usage):
        return kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["KeyId"]

    rsa, ecc = key("RSA_2048", "ENCRYPT_DECRYPT"), key("ECC_NIST_P256", "KEY_AGREEMENT")
    for asymmetric in (rsa, ecc):
        kms.get_public_key(KeyId=asymmetric)
    oaep = {"KeyId": rsa, "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    kms.decrypt(**oaep, CiphertextBlob=kms.encrypt(**oaep, Plaintext=b"hello")["CiphertextBlob"])
    peer = kms.get_public_key(KeyId=key("ECC_NIST_P256", "KEY_AGREEMENT"))["PublicKey"]
    kms.derive_shared_secret(KeyId=ecc, KeyAgreementAlgorithm="ECDH", PublicKey=peer)
    for spec, algorithm in (("RSA_2048", "RSASSA_PSS_SHA_256"), ("ECC_NIST_P256", "ECDSA_SHA_256"),
                            ("ECC_NIST_EDWARDS25519", "ED25519_SHA_512"), ("ML_DSA_44", "ML_DSA_SHAKE_256")):  # fmt: skip
        kms.sign(KeyId=key(spec, "SIGN_VERIFY"), Message=b"hello", SigningAlgorithm=algorithm)
    kms.generate_mac(KeyId=key("HMAC_256", "GENERATE_VERIFY_MAC"), Message=b"hello", MacAlgorithm="HMAC_SHA_256")
    kem = {"KeyId": key("ML_KEM_768", "ENCAPSULATE_DECAPSULATE"), "EncapsulationAlgorithm": "ML_KEM"}
    sealed = kms.encapsulate(**kem)["SharedSecretCiphertextBlob"]
    kms.decapsulate(**kem, SharedSecretCiphertextBlob=sealed)
    shared = kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    kms.replicate_key(KeyId=shared, ReplicaRegion="eu-west-1")
    waiting = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["KeyId"]
    kms.get_parameters_for_import(KeyId=waiting, WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048")


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    """A stored simulator in which everything was done once, and all that it gave away while it did."""
    tmp_path = tmp_path_factory.mktemp("life")
    heard = io.BytesIO()
    handler = logging.StreamHandler(io.TextIOWrapper(heard, write_through=True))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    path = tmp_path / "class.db"
    sim = Simulator(path, start="2026-01-01T00:00:00Z")
    given = []
    kms = sim.client("kms")
    kms.meta.events.register(
        "after-call.kms",
        lambda parsed, http_response, **_: given.extend([repr(parsed).encode(), http_response.content]),
    )
    key = kms.create_key(Description="one")["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    blob = kms.encrypt(KeyId=key, Plaintext=b"hello", EncryptionContext={"a": "b"})["CiphertextBlob"]
    kms.generate_data_key(KeyId=key, KeySpec="AES_256")
    kms.rotate_key_on_demand(KeyId=key)
    sim.advance(days=200)
    kms.decrypt(CiphertextBlob=blob, EncryptionContext={"a": "b"})
    kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=key, SourceEncryptionContext={"a": "b"})
    with pytest.raises(kms.exceptions.InvalidCiphertextException):
        kms.decrypt(CiphertextBlob=blob)
    kms.describe_key(KeyId=key)
    kms.list_key_rotations(KeyId=key, IncludeKeyMaterial="ALL_KEY_MATERIAL")
    every_other_kind(kms)
    records = sim.service.store.page(Key, f"us-east-1:{111122223333}")
    given += [
        repr(x).encode() for x in (sim, sim.service, sim.service.hsm, vars(sim.service), records, list(sim.trail))
    ]
    given += [json.dumps(record.event).encode() for record in sim.trail]
    given += [pickle.dumps(records), pickle.dumps(list(sim.trail))]
    secrets = materials(sim)
    sim.close()
    logging.getLogger().removeHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)
    given.append(heard.getvalue())
    given += [file.read_bytes() for file in tmp_path.iterdir() if file.suffix != ".hsm"]
    return secrets, given


def test_no_plaintext_key_material_is_in_anything_the_simulator_gives_away(life):
    secrets, given = life
    assert len(secrets) == 4 + 10  # one key with three rotations, and the others; a replica has its primary's
    assert len(given) > 30
    assert [found_in(piece, secrets) for piece in given if found_in(piece, secrets)] == []


@pytest.mark.parametrize("spell", [bytes, bytes.hex, lambda s: base64.b64encode(b"x" + s).decode(), repr])
def test_the_scan_would_find_it(life, spell):
    secrets, _given = life
    leaked = spell(next(iter(secrets)))
    assert found_in(b"..." + (leaked if isinstance(leaked, bytes) else leaked.encode()) + b"...", secrets)


@pytest.mark.parametrize("attempt", [copy.copy, copy.deepcopy, pickle.dumps])
def test_an_hsm_cannot_be_copied_or_pickled(attempt):
    with pytest.raises(TypeError, match="keys never leave"):
        attempt(Hsm())


def test_an_hsm_shows_nothing_of_itself():
    assert repr(Hsm()) == "Hsm(closed)"
    assert [name for name in vars(Hsm()) if not name.startswith("_Hsm__")] == []
