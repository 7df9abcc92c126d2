"""Every operation once: its answer has exactly the members that AWS gives, each of the model's type."""

from datetime import datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from kms_teach.wire.model import operation_model, service_model

TYPES = {
    "string": str,
    "blob": bytes,
    "boolean": bool,
    "integer": int,
    "long": int,
    "timestamp": datetime,
    "list": list,
    "map": dict,
    "structure": dict,
}

SIGNER = {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"}
MACS = {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"}
AGREES = {"KeySpec": "ECC_NIST_P256", "KeyUsage": "KEY_AGREEMENT"}
KEM = {"KeySpec": "ML_KEM_768", "KeyUsage": "ENCAPSULATE_DECAPSULATE"}
DSA, HMAC = {"SigningAlgorithm": "ECDSA_SHA_256"}, {"MacAlgorithm": "HMAC_SHA_256"}
LIST = {"Truncated"}


class World:
    """A client, and what the calls below need of it, made when it is asked for."""

    def __init__(self, sim):
        self.sim, self.kms = sim, sim.client("kms")

    def key(self, **how):
        return self.kms.create_key(**how)["KeyMetadata"]["KeyId"]

    def blob(self, key):
        return self.kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]

    def store(self):
        return self.kms.create_custom_key_store(CustomKeyStoreName="s", **self.sim.key_store().parameters)[
            "CustomKeyStoreId"
        ]

    def grant(self, key):
        arn = self.sim.user("alice").arn
        return self.kms.create_grant(KeyId=key, GranteePrincipal=arn, Operations=["Encrypt"], RetiringPrincipal=arn)

    def imported(self):
        key = self.key(Origin="EXTERNAL")
        asked = self.kms.get_parameters_for_import(
            KeyId=key, WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048"
        )
        oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
        wrapped = load_der_public_key(asked["PublicKey"]).encrypt(b"k" * 32, oaep)
        return {
            "KeyId": key, "ImportToken": asked["ImportToken"], "EncryptedKeyMaterial": wrapped,
            "ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE",
        }  # fmt: skip


def peer():
    return (
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )


def alias(w):
    key = w.key()
    w.kms.create_alias(AliasName="alias/a", TargetKeyId=key)
    return key


def cancelled(w):
    key = w.key()
    w.kms.schedule_key_deletion(KeyId=key)
    return {"KeyId": key}


def pair(w, call, **how):
    key = w.key(**how)
    return {"KeyId": key, **call(w.kms, key)}


def retire(w):
    return {"GrantToken": w.grant(w.key())["GrantToken"]}


def revoke(w):
    key = w.key()
    return {"KeyId": key, "GrantId": w.grant(key)["GrantId"]}


def connected(w):
    store = w.store()
    w.kms.connect_custom_key_store(CustomKeyStoreId=store)
    return {"CustomKeyStoreId": store}


def replicated(w):
    key = w.key(MultiRegion=True)
    w.kms.replicate_key(KeyId=key, ReplicaRegion="eu-west-1")
    return {"KeyId": key, "PrimaryRegion": "eu-west-1"}


# Operation -> its parameters, and the members of its answer (facts of AWS: recordings, and the API Reference).
ANSWERS = {
    "CancelKeyDeletion": (cancelled, {"KeyId"}),
    "ConnectCustomKeyStore": (lambda w: {"CustomKeyStoreId": w.store()}, set()),
    "CreateAlias": (lambda w: {"AliasName": "alias/a", "TargetKeyId": w.key()}, set()),
    "CreateCustomKeyStore": (lambda w: {"CustomKeyStoreName": "s", **w.sim.key_store().parameters}, {"CustomKeyStoreId"}),
    "CreateGrant": (lambda w: {"KeyId": w.key(), "GranteePrincipal": w.sim.user("a").arn, "Operations": ["Encrypt"]}, {"GrantToken", "GrantId"}),
    "CreateKey": (lambda _: {}, {"KeyMetadata"}),
    "Decapsulate": (lambda w: pair(w, lambda k, key: {"SharedSecretCiphertextBlob": k.encapsulate(KeyId=key, EncapsulationAlgorithm="ML_KEM")["SharedSecretCiphertextBlob"], "EncapsulationAlgorithm": "ML_KEM"}, **KEM), {"KeyId", "SharedSecret", "EncapsulationAlgorithm"}),
    "Decrypt": (lambda w: {"CiphertextBlob": w.blob(w.key())}, {"KeyId", "Plaintext", "EncryptionAlgorithm", "KeyMaterialId"}),
    "DeleteAlias": (lambda w: alias(w) and {"AliasName": "alias/a"}, set()),
    "DeleteCustomKeyStore": (lambda w: {"CustomKeyStoreId": w.store()}, set()),
    "DeleteImportedKeyMaterial": (lambda w: [w.kms.import_key_material(**(i := w.imported())), {"KeyId": i["KeyId"]}][1], {"KeyId", "KeyMaterialId"}),
    "DeriveSharedSecret": (lambda w: {"KeyId": w.key(**AGREES), "KeyAgreementAlgorithm": "ECDH", "PublicKey": peer()}, {"KeyId", "SharedSecret", "KeyAgreementAlgorithm", "KeyOrigin"}),
    "DescribeCustomKeyStores": (lambda w: w.store() and {}, {"CustomKeyStores"} | LIST),
    "DescribeKey": (lambda w: {"KeyId": w.key()}, {"KeyMetadata"}),
    "DisableKey": (lambda w: {"KeyId": w.key()}, set()),
    "DisableKeyRotation": (lambda w: {"KeyId": w.key()}, set()),
    "DisconnectCustomKeyStore": (connected, set()),
    "EnableKey": (lambda w: {"KeyId": w.key()}, set()),
    "EnableKeyRotation": (lambda w: {"KeyId": w.key()}, set()),
    "Encapsulate": (lambda w: {"KeyId": w.key(**KEM), "EncapsulationAlgorithm": "ML_KEM"}, {"KeyId", "SharedSecret", "SharedSecretCiphertextBlob", "EncapsulationAlgorithm"}),
    "Encrypt": (lambda w: {"KeyId": w.key(), "Plaintext": b"x"}, {"CiphertextBlob", "KeyId", "EncryptionAlgorithm"}),
    "GenerateDataKey": (lambda w: {"KeyId": w.key(), "KeySpec": "AES_256"}, {"CiphertextBlob", "Plaintext", "KeyId", "KeyMaterialId"}),
    "GenerateDataKeyPair": (lambda w: {"KeyId": w.key(), "KeyPairSpec": "ECC_NIST_P256"}, {"PrivateKeyCiphertextBlob", "PrivateKeyPlaintext", "PublicKey", "KeyId", "KeyPairSpec", "KeyMaterialId"}),
    "GenerateDataKeyPairWithoutPlaintext": (lambda w: {"KeyId": w.key(), "KeyPairSpec": "ECC_NIST_P256"}, {"PrivateKeyCiphertextBlob", "PublicKey", "KeyId", "KeyPairSpec", "KeyMaterialId"}),
    "GenerateDataKeyWithoutPlaintext": (lambda w: {"KeyId": w.key(), "KeySpec": "AES_256"}, {"CiphertextBlob", "KeyId", "KeyMaterialId"}),
    "GenerateMac": (lambda w: {"KeyId": w.key(**MACS), "Message": b"x", **HMAC}, {"Mac", "MacAlgorithm", "KeyId"}),
    "GenerateRandom": (lambda _: {"NumberOfBytes": 8}, {"Plaintext"}),
    "GetKeyLastUsage": (lambda w: {"KeyId": w.key()}, {"KeyId", "KeyLastUsage", "TrackingStartDate", "KeyCreationDate"}),
    "GetKeyPolicy": (lambda w: {"KeyId": w.key()}, {"Policy", "PolicyName"}),
    "GetKeyRotationStatus": (lambda w: {"KeyId": w.key()}, {"KeyId", "KeyRotationEnabled"}),
    "GetParametersForImport": (lambda w: {"KeyId": w.key(Origin="EXTERNAL"), "WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048"}, {"KeyId", "ImportToken", "PublicKey", "ParametersValidTo"}),
    "GetPublicKey": (lambda w: {"KeyId": w.key(**SIGNER)}, {"KeyId", "PublicKey", "CustomerMasterKeySpec", "KeySpec", "KeyUsage", "SigningAlgorithms"}),
    "ImportKeyMaterial": (lambda w: w.imported(), {"KeyId", "KeyMaterialId"}),
    "ListAliases": (lambda w: alias(w) and {}, {"Aliases"} | LIST),
    "ListGrants": (lambda w: {"KeyId": revoke(w)["KeyId"]}, {"Grants"} | LIST),
    "ListKeyPolicies": (lambda w: {"KeyId": w.key()}, {"PolicyNames"} | LIST),
    "ListKeyRotations": (lambda w: {"KeyId": w.key(), "IncludeKeyMaterial": "ALL_KEY_MATERIAL"}, {"Rotations"} | LIST),
    "ListKeys": (lambda w: w.key() and {"Limit": 1}, {"Keys"} | LIST),
    "ListResourceTags": (lambda w: {"KeyId": w.key(Tags=[{"TagKey": "a", "TagValue": "b"}])}, {"Tags"} | LIST),
    "ListRetirableGrants": (lambda w: revoke(w) and {"RetiringPrincipal": "arn:aws:iam::111122223333:user/alice"}, {"Grants"} | LIST),
    "PutKeyPolicy": (lambda w: {"KeyId": (key := w.key()), "Policy": w.kms.get_key_policy(KeyId=key)["Policy"]}, set()),
    "ReEncrypt": (lambda w: {"CiphertextBlob": w.blob(w.key()), "DestinationKeyId": w.key()}, {"CiphertextBlob", "SourceKeyId", "KeyId", "SourceEncryptionAlgorithm", "DestinationEncryptionAlgorithm", "SourceKeyMaterialId", "DestinationKeyMaterialId"}),
    "ReplicateKey": (lambda w: {"KeyId": w.key(MultiRegion=True), "ReplicaRegion": "eu-west-1", "Tags": [{"TagKey": "a", "TagValue": "b"}]}, {"ReplicaKeyMetadata", "ReplicaPolicy", "ReplicaTags"}),
    "RetireGrant": (retire, set()),
    "RevokeGrant": (revoke, set()),
    "RotateKeyOnDemand": (lambda w: {"KeyId": w.key()}, {"KeyId"}),
    "ScheduleKeyDeletion": (lambda w: {"KeyId": w.key()}, {"KeyId", "DeletionDate", "KeyState", "PendingWindowInDays"}),
    "Sign": (lambda w: {"KeyId": w.key(**SIGNER), "Message": b"x", **DSA}, {"KeyId", "Signature", "SigningAlgorithm"}),
    "TagResource": (lambda w: {"KeyId": w.key(), "Tags": [{"TagKey": "a", "TagValue": "b"}]}, set()),
    "UntagResource": (lambda w: {"KeyId": w.key(), "TagKeys": ["a"]}, set()),
    "UpdateAlias": (lambda w: alias(w) and {"AliasName": "alias/a", "TargetKeyId": w.key()}, set()),
    "UpdateCustomKeyStore": (lambda w: {"CustomKeyStoreId": w.store(), "NewCustomKeyStoreName": "t"}, set()),
    "UpdateKeyDescription": (lambda w: {"KeyId": w.key(), "Description": "d"}, set()),
    "UpdatePrimaryRegion": (replicated, set()),
    "Verify": (lambda w: pair(w, lambda k, key: {"Message": b"x", "Signature": k.sign(KeyId=key, Message=b"x", **DSA)["Signature"], **DSA}, **SIGNER), {"KeyId", "SignatureValid", "SigningAlgorithm"}),
    "VerifyMac": (lambda w: pair(w, lambda k, key: {"Message": b"x", "Mac": k.generate_mac(KeyId=key, Message=b"x", **HMAC)["Mac"], **HMAC}, **MACS), {"KeyId", "MacValid", "MacAlgorithm"}),
}  # fmt: skip


def misfits(shape, value, where=""):
    """Where a value is not of its shape: unknown members, wrong types, missing required ones, broken enums."""
    if not isinstance(value, TYPES[shape.type_name]) or (shape.type_name != "boolean" and isinstance(value, bool)):
        return [f"{where}: {type(value).__name__}"]
    match shape.type_name:
        case "structure":
            missing = [f"{where}.{m}: missing" for m in shape.required_members if m not in value]
            unknown = [f"{where}.{m}: unknown" for m in value if m not in shape.members]
            return (
                missing
                + unknown
                + [
                    x
                    for m, v in value.items()
                    if m in shape.members
                    for x in misfits(shape.members[m], v, f"{where}.{m}")
                ]
            )
        case "list":
            return [x for v in value for x in misfits(shape.member, v, f"{where}[]")]
        case "string":
            allowed = shape.metadata.get("enum")
            return [f"{where}: {value}"] if allowed and value not in allowed else []
    return []


def test_every_operation_of_the_model_is_here():
    assert set(ANSWERS) == set(service_model().operation_names)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_an_answer_has_the_members_of_aws(sim, name):
    make, members = ANSWERS[name]
    world = World(sim)
    params = make(world)
    principal = sim.root()._principal
    for arn in ("arn:aws:iam::111122223333:user/alice",) if name == "RetireGrant" else ():
        principal = sim.user(arn.rsplit("/", 1)[1])._principal
    answer = sim.service.perform(principal, "us-east-1", name, params)
    shape = operation_model(name).output_shape
    assert set(answer or {}) == members
    assert (answer is None) == (shape is None)
    if shape:
        assert misfits(shape, answer) == []


def test_misfits_are_seen():
    shape = operation_model("ListKeys").output_shape
    assert misfits(shape, {"Keys": [{"KeyId": 1}], "Truncated": "no", "More": 1}) == [
        ".More: unknown", ".Keys[].KeyId: int", ".Truncated: str",
    ]  # fmt: skip
    assert misfits(operation_model("DescribeKey").output_shape, {"KeyMetadata": {}}) == [".KeyMetadata.KeyId: missing"]
