"""Imports as a program does them: against KMS, and against what the real OpenSSL writes."""

import shutil
import subprocess

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.client_side import imports

EC = ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
RSA = ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
SPECS = {EC: "ECC_NIST_P256", RSA: "RSA_2048"}

with_openssl = pytest.mark.usefixtures("openssl_there")


@pytest.fixture
def openssl_there():
    if shutil.which("openssl") is None:
        pytest.fail("there is no openssl command; type: apt-get install openssl", pytrace=False)


@pytest.fixture
def kms():
    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        yield sim.client("kms")


def signer(kms, spec="ECC_NIST_P256"):
    return kms.create_key(Origin="EXTERNAL", KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]


def openssl(*words, given=b""):
    return subprocess.run(["openssl", *words], input=given, capture_output=True, check=True).stdout


@with_openssl
@pytest.mark.slow
@pytest.mark.parametrize("kind", [EC, RSA])
def test_what_genpkey_writes_as_der_is_refused_and_pkcs8_mends_it(kms, kind):
    der = openssl("genpkey", *kind, "-outform", "DER")
    with pytest.raises(kms.exceptions.IncorrectKeyMaterialException):
        imports.bring(kms, signer(kms, SPECS[kind]), der)
    mended = openssl("pkcs8", "-topk8", "-nocrypt", "-inform", "DER", "-outform", "DER", given=der)
    key = signer(kms, SPECS[kind])
    imports.bring(kms, key, mended)
    public = openssl("pkey", "-inform", "DER", "-pubout", "-outform", "DER", given=der)
    assert kms.get_public_key(KeyId=key)["PublicKey"] == public


@with_openssl
@pytest.mark.slow
def test_the_three_ways_to_write_a_key_are_openssl_s_own():
    private = imports.new_private_key()
    older = imports.rewritten(private, imports.OPENSSL_DER)
    assert openssl("ec", "-inform", "DER", "-outform", "DER", given=private) == older
    pem = imports.rewritten(private, imports.PEM)
    assert openssl("pkcs8", "-topk8", "-nocrypt", "-inform", "DER", given=private) == pem
    assert openssl("pkey", "-inform", "DER", "-pubout", "-outform", "DER", given=older) == imports.public_half(private)


def test_only_pkcs_8_in_der_goes_in(kms):
    private = imports.new_private_key()
    for how in imports.WRITTEN:
        if how == imports.PKCS8:
            continue
        with pytest.raises(ClientError, match="IncorrectKeyMaterialException"):
            imports.bring(kms, signer(kms), imports.rewritten(private, how))
    key = signer(kms)
    imports.bring(kms, key, private)
    assert kms.get_public_key(KeyId=key)["PublicKey"] == imports.public_half(private)


def test_material_is_for_good_unless_a_day_is_given(kms):
    key = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["Arn"]
    imports.bring(kms, key, bytes(32))
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["ExpirationModel"] == "KEY_MATERIAL_DOES_NOT_EXPIRE"
    created = kms.describe_key(KeyId=key)["KeyMetadata"]["CreationDate"]
    imports.bring(kms, key, bytes(32), ValidTo=created.replace(month=3))
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["ValidTo"] == created.replace(month=3)


@pytest.mark.parametrize("algorithm", [imports.OAEP, "RSAES_OAEP_SHA_1", imports.KEY_WRAP])
def test_every_way_of_wrapping_opens_at_kms(kms, algorithm):
    key = signer(kms)
    private = imports.new_private_key()
    kms.import_key_material(**imports.parameters(imports.ask(kms, key, algorithm), private, algorithm))
    assert kms.get_public_key(KeyId=key)["PublicKey"] == imports.public_half(private)


def test_what_is_longer_than_oaep_takes_goes_in_two_steps(kms):
    assert len(imports.rewritten(imports.new_private_key(), imports.PEM)) > imports.ROOM
    with pytest.raises(ClientError, match="IncorrectKeyMaterialException"):  # unwrapped, and then no key
        imports.bring(kms, signer(kms), bytes(imports.ROOM + 1))
