"""With a cryptographic library that lacks an algorithm, what needs it is refused as where AWS does not offer it."""

import importlib.util
import sys

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import mldsa, mlkem

from kms_teach.hsm import algorithms

ASYMMETRIC = "cryptography.hazmat.primitives.asymmetric"
POST_QUANTUM = {
    "ML_DSA_44": "SIGN_VERIFY",
    "ML_DSA_65": "SIGN_VERIFY",
    "ML_DSA_87": "SIGN_VERIFY",
    "ML_KEM_768": "ENCAPSULATE_DECAPSULATE",
    "ML_KEM_1024": "ENCAPSULATE_DECAPSULATE",
}


def read_anew():
    spec = importlib.util.spec_from_file_location("algorithms_read_anew", algorithms.__file__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def no_module(monkeypatch):
    package = importlib.import_module(ASYMMETRIC)
    for name in ("mldsa", "mlkem"):
        monkeypatch.setitem(sys.modules, f"{ASYMMETRIC}.{name}", None)
        monkeypatch.delattr(package, name)


def test_without_the_modules_all_else_is_made(no_module):
    older = read_anew()
    assert set(algorithms.GENERATE) - set(older.GENERATE) == set(POST_QUANTUM)
    assert ("ML_DSA_SHAKE_256", "EXTERNAL_MU") not in older.SIGNING


class NoBackend:
    @staticmethod
    def generate():
        raise UnsupportedAlgorithm("not in this backend")


def test_a_class_whose_backend_is_missing_counts_as_missing(monkeypatch):
    monkeypatch.setattr(mldsa, "MLDSA65PrivateKey", NoBackend)
    monkeypatch.setattr(mlkem, "MLKEM768PrivateKey", NoBackend)
    assert set(algorithms.GENERATE) - set(read_anew().GENERATE) == {"ML_DSA_65", "ML_KEM_768"}


@pytest.mark.parametrize(("spec", "usage"), POST_QUANTUM.items())
def test_a_key_of_such_a_spec_is_refused_and_nothing_is_made(monkeypatch, kms, refused, spec, usage):
    monkeypatch.delitem(algorithms.GENERATE, spec)
    before = kms.list_keys()["Keys"]
    said = refused(kms.create_key, KeySpec=spec, KeyUsage=usage)
    assert (said.code, spec in said.message) == ("UnsupportedOperationException", True)
    assert kms.list_keys()["Keys"] == before


def test_a_data_key_pair_of_such_a_spec_is_refused(monkeypatch, kms, key, refused):
    monkeypatch.delitem(algorithms.GENERATE, "ML_KEM_768")
    said = refused(kms.generate_data_key_pair, KeyId=key, KeyPairSpec="ML_KEM_768")
    assert (said.code, "ML_KEM_768" in said.message) == ("UnsupportedOperationException", True)


def test_a_library_without_external_mu_signs_raw_messages_only(monkeypatch, kms, refused):
    key = kms.create_key(KeySpec="ML_DSA_44", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    monkeypatch.delitem(algorithms.SIGNING, ("ML_DSA_SHAKE_256", "EXTERNAL_MU"))
    asked = {"KeyId": key, "SigningAlgorithm": "ML_DSA_SHAKE_256"}
    said = refused(kms.sign, Message=bytes(64), MessageType="EXTERNAL_MU", **asked)
    assert said.code == "UnsupportedOperationException"
    assert kms.sign(Message=b"a note", **asked)["Signature"]
