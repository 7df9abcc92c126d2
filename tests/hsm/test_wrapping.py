import os
from datetime import UTC, datetime

import pytest

from kms_teach.errors import InvalidImportTokenException
from kms_teach.hsm.boundary import Hsm
from kms_teach.hsm.wrapping import ALGORITHMS, WRAPPING_SPECS, Token, fits
from kms_teach.keys.specs import SPECS
from kms_teach.wire.model import service_model

TOKEN = Token(
    "arn:aws:kms:us-east-1:111122223333:key/k", "RSAES_OAEP_SHA_256", datetime(2026, 1, 2, tzinfo=UTC), b"x" * 9
)


def test_what_can_be_imported_is_a_spec_and_how_is_an_algorithm_of_the_api():
    assert set(ALGORITHMS) <= set(SPECS)
    offered = set(service_model().shape_for("AlgorithmSpec").enum)
    assert {name for names in ALGORITHMS.values() for name in names} == offered - {"RSAES_PKCS1_V1_5", "SM2PKE"}
    assert set(WRAPPING_SPECS) == set(service_model().shape_for("WrappingKeySpec").enum) - {"SM2"}


def test_an_rsa_key_is_too_long_for_rsa_alone():
    for spec in ("RSA_2048", "RSA_3072", "RSA_4096"):
        assert not fits(spec, "RSAES_OAEP_SHA_256", "RSA_4096")
        assert fits(spec, "RSA_AES_KEY_WRAP_SHA_256", "RSA_2048")


def test_a_token_is_read_by_the_hsm_that_issued_it_and_by_no_other(tmp_path):
    hsm, other = Hsm(), Hsm()
    issued = hsm.issue(TOKEN)
    assert hsm.token(issued) == TOKEN
    assert hsm.issue(TOKEN) != issued
    for wrong in (b"", os.urandom(200), issued[:-1], issued + b"x"):
        with pytest.raises(InvalidImportTokenException):
            hsm.token(wrong)
    with pytest.raises(InvalidImportTokenException):
        other.token(issued)


def test_a_sealed_wrapping_key_is_no_token():
    hsm = Hsm()
    sealed, _ = hsm.wrapping_key("RSA_2048")
    with pytest.raises(InvalidImportTokenException):
        hsm.token(sealed)


def test_a_token_fits_the_limit_of_the_api():
    hsm = Hsm()
    sealed, public = hsm.wrapping_key("RSA_4096")
    token = hsm.issue(Token(TOKEN.key_arn, "RSA_AES_KEY_WRAP_SHA_256", TOKEN.valid_to, sealed))
    assert len(token) <= service_model().shape_for("CiphertextType").metadata["max"]
    assert len(public) <= service_model().shape_for("PlaintextType").metadata["max"]
