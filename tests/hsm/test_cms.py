"""What is sealed for an enclave, seen by other eyes: asn1crypto reads it, pyca opens it, AWS's own is the measure."""

import contextlib
import hashlib

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import padding as blocks
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from hypothesis import given
from hypothesis import strategies as st

from kms_teach.hsm.cms import seal, unseal
from tests.hsm.nitro import AWS_ANSWER, AWS_KEY, AWS_PLAINTEXT, ENCLAVE, spki

SHA_256 = {"algorithm": "sha256", "parameters": None}
OAEP = {
    "algorithm": "rsaes_oaep",
    "parameters": {
        "hash_algorithm": SHA_256,
        "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": SHA_256},
        "p_source_algorithm": {"algorithm": "p_specified", "parameters": b""},  # asn1crypto's default, for one that is absent
    },
}  # fmt: skip


def parts(sealed):
    """What an EnvelopedData says, but what differs each time: its version, recipient, and algorithms."""
    info = cms.ContentInfo.load(sealed, strict=True)
    data = info["content"]
    (recipient,) = (one.chosen for one in data["recipient_infos"])
    content = data["encrypted_content_info"]
    return {
        "type": info["content_type"].native, "version": data["version"].native,
        "recipient version": recipient["version"].native, "named by": recipient["rid"].name,
        "name": recipient["rid"].native, "key encryption": recipient["key_encryption_algorithm"].native,
        "content type": content["content_type"].native,
        "cipher": content["content_encryption_algorithm"]["algorithm"].native,
        "sizes": (len(recipient["encrypted_key"].native), len(content["content_encryption_algorithm"]["parameters"].native)),
        "more": (data["originator_info"].native, data["unprotected_attrs"].native),
    }  # fmt: skip


def opened(sealed, private):
    """Open it with the algorithms that AWS names."""
    data = cms.ContentInfo.load(sealed)["content"]
    recipient, content = data["recipient_infos"][0].chosen, data["encrypted_content_info"]
    sha = hashes.SHA256()
    key = private.decrypt(recipient["encrypted_key"].native, padding.OAEP(padding.MGF1(sha), sha, None))
    assert len(key) == 32
    decryptor = Cipher(AES(key), CBC(content["content_encryption_algorithm"]["parameters"].native)).decryptor()
    unpadder = blocks.PKCS7(128).unpadder()
    return unpadder.update(decryptor.update(content["encrypted_content"].native)) + unpadder.finalize()


def test_an_answer_of_aws_is_opened_by_the_eyes_of_this_test():
    assert opened(AWS_ANSWER, AWS_KEY) == AWS_PLAINTEXT


def test_ours_says_what_that_of_aws_says():
    theirs = parts(AWS_ANSWER)
    assert theirs == {
        "type": "enveloped_data", "version": "v2", "recipient version": "v2", "named by": "subject_key_identifier",
        "name": hashlib.sha256(spki(AWS_KEY)).digest(), "key encryption": OAEP, "content type": "data",
        "cipher": "aes256_cbc", "sizes": (256, 16), "more": (None, None),
    }  # fmt: skip
    assert parts(seal(spki(AWS_KEY), AWS_PLAINTEXT)) == theirs


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 32, 4096])
def test_what_is_sealed_is_opened_by_the_private_key(size):
    secret = bytes(range(256)) * 16
    sealed = seal(spki(ENCLAVE), secret[:size])
    assert opened(sealed, ENCLAVE) == unseal(ENCLAVE, sealed) == secret[:size]


def test_a_key_of_4096_bits_works_too():
    private = rsa.generate_private_key(65537, 4096)
    assert opened(seal(spki(private), b"secret"), private) == b"secret"


def test_nothing_is_sealed_twice_alike():
    sealed = [cms.ContentInfo.load(seal(spki(ENCLAVE), b"secret"))["content"] for _ in range(2)]
    seen = [
        (one["recipient_infos"][0].chosen["encrypted_key"].native, one["encrypted_content_info"]["encrypted_content"].native)
        for one in sealed
    ]  # fmt: skip
    assert len({*seen[0], *seen[1]}) == 4


def test_it_is_der():
    sealed = seal(spki(ENCLAVE), b"secret")
    assert cms.ContentInfo.load(sealed).dump(force=True) == sealed


def test_another_private_key_opens_nothing():
    with pytest.raises(ValueError, match=r".*"):
        unseal(AWS_KEY, seal(spki(ENCLAVE), b"secret"))


SEALED = seal(spki(ENCLAVE), b"sixteen bytes ok")


@given(st.binary(max_size=500) | st.integers(0, len(SEALED) - 1).map(lambda end: SEALED[:end]))
def test_what_is_not_sealed_ends_in_one_kind_of_error(data):
    with pytest.raises(ValueError, match=r".*"):
        unseal(ENCLAVE, data)


@given(st.integers(0, len(SEALED) * 8 - 1))
def test_a_bit_turned_ends_in_that_error_or_in_other_bytes(bit):
    """CBC authenticates nothing: the enclave gets the whole answer over TLS."""
    spoiled = bytearray(SEALED)
    spoiled[bit // 8] ^= 1 << bit % 8
    with contextlib.suppress(ValueError):
        assert len(unseal(ENCLAVE, bytes(spoiled))) <= 32
