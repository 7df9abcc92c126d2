import xml.etree.ElementTree as ET

import pytest

from kms_teach.chapters.encrypt.page import EncryptFacts, encrypt_page

SVG = "{http://www.w3.org/2000/svg}"
CONTEXT = {"tenant": "Blue"}


@pytest.fixture
def records(sim, kms, key, refused):
    """Encrypt that fits, one too large, Decrypt, Decrypt with another context."""
    blob = kms.encrypt(KeyId=key, Plaintext=b"Meet me at noon.", EncryptionContext=CONTEXT)["CiphertextBlob"]
    refused(kms.encrypt, KeyId=key, Plaintext=bytes(4097))
    kms.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT)
    refused(kms.decrypt, CiphertextBlob=blob, EncryptionContext={"tenant": "blue"})
    return sim.trail[-4:]


def test_the_page_is_made_of_the_four_calls(records):
    facts = EncryptFacts.of(*records)
    assert facts == EncryptFacts(
        16, 97, 4097, "ValidationException", False, 16, (("tenant", "Blue"),), (("tenant", "blue"),),
        "InvalidCiphertextException", "",
    )  # fmt: skip


@pytest.mark.parametrize("canvas", ["svg", "narrow"])
def test_every_panel_is_drawn_with_its_evidence(records, canvas):
    picture = encrypt_page(EncryptFacts.of(*records))
    said = [" ".join(node.itertext()) for node in ET.fromstring(getattr(picture, canvas)).iter(f"{SVG}text")]
    for message, evidence in EncryptFacts.of(*records).panels:
        assert message in said
        assert evidence in said
        assert f"{message}: {evidence}" in picture.alt


def test_the_page_says_whether_decrypt_was_told_the_key(sim, kms, key, records):
    blob = kms.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext=CONTEXT)["CiphertextBlob"]
    kms.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT, KeyId=key)
    named = EncryptFacts.of(*records[:2], sim.trail[-1], records[3])
    assert "without a KeyId" in encrypt_page(EncryptFacts.of(*records)).alt
    assert "with its KeyId" in encrypt_page(named).alt


def test_records_of_another_kind_are_refused(records):
    with pytest.raises(ValueError, match="give an Encrypt that worked"):
        EncryptFacts.of(*reversed(records))
