"""What an importer does on its own side: wrap material under the public key that KMS gave it. Plain pyca, none of ours."""

import os

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.keywrap import aes_key_wrap_with_padding
from cryptography.hazmat.primitives.serialization import load_der_public_key

OAEP_256 = "RSAES_OAEP_SHA_256"
STAYS = "KEY_MATERIAL_DOES_NOT_EXPIRE"


def wrap(public, algorithm, material):
    digest = SHA1() if algorithm.endswith("SHA_1") else SHA256()
    oaep = OAEP(MGF1(digest), digest, None)
    key = load_der_public_key(public)
    if algorithm.startswith("RSAES_OAEP"):
        return key.encrypt(material, oaep)
    aes = os.urandom(32)
    return key.encrypt(aes, oaep) + aes_key_wrap_with_padding(aes, material)


def wrapped(kms, key_id, material, algorithm=OAEP_256, spec="RSA_2048"):
    """The parameters of ImportKeyMaterial that carry the material."""
    given = kms.get_parameters_for_import(KeyId=key_id, WrappingAlgorithm=algorithm, WrappingKeySpec=spec)
    sealed = wrap(given["PublicKey"], algorithm, material)
    return {"KeyId": key_id, "ImportToken": given["ImportToken"], "EncryptedKeyMaterial": sealed}


def bring(kms, key_id, material, algorithm=OAEP_256, spec="RSA_2048", **more):
    """Import material, by default for good; gives its id."""
    more = more if "ValidTo" in more else {"ExpirationModel": STAYS, **more}
    return kms.import_key_material(**wrapped(kms, key_id, material, algorithm, spec), **more)["KeyMaterialId"]


def external(kms, **more):
    return kms.create_key(Origin="EXTERNAL", **more)["KeyMetadata"]["KeyId"]


def state(kms, key_id):
    return kms.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"]


def rotations(kms, key_id, *members):
    """These members of each entry of ListKeyRotations, with all key material."""
    listed = kms.list_key_rotations(KeyId=key_id, IncludeKeyMaterial="ALL_KEY_MATERIAL")["Rotations"]
    return [tuple(entry.get(member) for member in members) for entry in listed]
