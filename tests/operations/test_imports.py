import os
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PSS
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
)

from kms_teach import Simulator
from kms_teach.keys.key import Key
from tests.operations.importing import OAEP_256, STAYS, bring, external, rotations, state, wrap, wrapped

pytestmark = pytest.mark.slow  # a wrapping key is an RSA key, and each token has its own

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MATERIAL, OTHER = bytes(range(32)), bytes(range(100, 132))
AES_WRAP = "RSA_AES_KEY_WRAP_SHA_256"


@pytest.fixture
def empty(kms):
    """The id of a symmetric key that waits for its first material."""
    return external(kms)


@pytest.fixture
def full(kms, empty):
    """The id of a symmetric key with MATERIAL."""
    bring(kms, empty, MATERIAL)
    return empty


def pkcs8(key):
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def arn(key_id):
    return f"arn:aws:kms:us-east-1:111122223333:key/{key_id}"


def test_a_key_without_material_can_do_nothing_yet(kms, empty, refused):
    described = kms.describe_key(KeyId=empty)["KeyMetadata"]
    assert (described["KeyState"], described["Enabled"], described["Origin"]) == ("PendingImport", False, "EXTERNAL")
    assert not {"CurrentKeyMaterialId", "ExpirationModel", "ValidTo"} & set(described)
    said = ("KMSInvalidStateException", f"{arn(empty)} is pending import.")
    assert refused(kms.encrypt, KeyId=empty, Plaintext=b"x") == said
    assert refused(kms.enable_key, KeyId=empty) == said


def test_the_parameters_for_an_import(kms, empty):
    given = kms.get_parameters_for_import(KeyId=empty, WrappingAlgorithm=OAEP_256, WrappingKeySpec="RSA_3072")
    assert set(given) - {"ResponseMetadata"} == {"KeyId", "ImportToken", "PublicKey", "ParametersValidTo"}
    assert given["KeyId"] == arn(empty)
    assert given["ParametersValidTo"] == NOW + timedelta(hours=24)
    assert load_der_public_key(given["PublicKey"]).key_size == 3072
    again = kms.get_parameters_for_import(KeyId=empty, WrappingAlgorithm=OAEP_256, WrappingKeySpec="RSA_3072")
    assert again["PublicKey"] != given["PublicKey"]


def test_the_token_says_nothing_to_its_holder(kms, empty):
    given = kms.get_parameters_for_import(KeyId=empty, WrappingAlgorithm=OAEP_256, WrappingKeySpec="RSA_2048")
    for told in (empty.encode(), OAEP_256.encode(), given["PublicKey"][40:60]):
        assert told not in given["ImportToken"]


def test_with_material_the_key_works(kms, empty):
    answer = kms.import_key_material(**wrapped(kms, empty, MATERIAL), ExpirationModel=STAYS)
    assert set(answer) - {"ResponseMetadata"} == {"KeyId", "KeyMaterialId"}
    assert answer["KeyId"] == arn(empty)
    described = kms.describe_key(KeyId=empty)["KeyMetadata"]
    assert (described["KeyState"], described["Enabled"]) == ("Enabled", True)
    assert (described["CurrentKeyMaterialId"], described["ExpirationModel"]) == (answer["KeyMaterialId"], STAYS)
    assert "ValidTo" not in described
    blob = kms.encrypt(KeyId=empty, Plaintext=b"hello")["CiphertextBlob"]
    opened = kms.decrypt(CiphertextBlob=blob)
    assert (opened["Plaintext"], opened["KeyMaterialId"]) == (b"hello", answer["KeyMaterialId"])


def test_the_material_is_the_importers_own(kms):
    """Foreign eyes: what KMS computes, the importer computes with the bytes that were sent in."""
    key = external(kms, KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    bring(kms, key, MATERIAL)
    mac = HMAC(MATERIAL, SHA256())
    mac.update(b"message")
    assert kms.generate_mac(KeyId=key, Message=b"message", MacAlgorithm="HMAC_SHA_256")["Mac"] == mac.finalize()


SIZES = {"SYMMETRIC_DEFAULT": 32, "HMAC_224": 28, "HMAC_256": 32, "HMAC_384": 48, "HMAC_512": 64}


@pytest.mark.parametrize(("spec", "size"), SIZES.items())
def test_a_secret_has_the_size_of_its_spec(kms, refused, spec, size):
    usage = "ENCRYPT_DECRYPT" if spec == "SYMMETRIC_DEFAULT" else "GENERATE_VERIFY_MAC"
    key = external(kms, KeySpec=spec, KeyUsage=usage)
    for wrong in (size - 1, size + 1, 1):
        sent = wrapped(kms, key, os.urandom(wrong))
        said = refused(kms.import_key_material, **sent, ExpirationModel=STAYS)
        assert said == ("IncorrectKeyMaterialException", "")
    assert state(kms, key) == "PendingImport"
    bring(kms, key, os.urandom(size))
    assert state(kms, key) == "Enabled"


RSA = rsa.generate_private_key(65537, 2048)
P256, P521 = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP521R1())


@pytest.mark.parametrize("algorithm", [AES_WRAP, "RSA_AES_KEY_WRAP_SHA_1"])
def test_an_rsa_key_from_outside_signs(kms, algorithm):
    key = external(kms, KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    bring(kms, key, pkcs8(RSA), algorithm)
    signature = kms.sign(KeyId=key, Message=b"m", SigningAlgorithm="RSASSA_PSS_SHA_256")["Signature"]
    RSA.public_key().verify(signature, b"m", PSS(MGF1(SHA256()), 32), SHA256())
    assert "CurrentKeyMaterialId" not in kms.describe_key(KeyId=key)["KeyMetadata"]


def test_an_rsa_key_from_outside_decrypts_what_went_out_before_it_came_in(kms):
    sealed = RSA.public_key().encrypt(b"old", OAEP(MGF1(SHA256()), SHA256(), None))
    key = external(kms, KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")
    bring(kms, key, pkcs8(RSA), AES_WRAP)
    assert kms.decrypt(KeyId=key, CiphertextBlob=sealed, EncryptionAlgorithm=OAEP_256)["Plaintext"] == b"old"


@pytest.mark.parametrize(
    ("spec", "private", "algorithm", "under"),
    [
        ("ECC_NIST_P256", P256, OAEP_256, "RSA_2048"),
        ("ECC_NIST_P256", P256, "RSAES_OAEP_SHA_1", "RSA_2048"),
        ("ECC_NIST_P521", P521, OAEP_256, "RSA_3072"),
        ("ECC_NIST_P521", P521, AES_WRAP, "RSA_2048"),
        ("ECC_SECG_P256K1", ec.generate_private_key(ec.SECP256K1()), AES_WRAP, "RSA_2048"),
    ],
)
def test_a_key_on_a_curve_from_outside_signs(kms, spec, private, algorithm, under):
    key = external(kms, KeySpec=spec, KeyUsage="SIGN_VERIFY")
    bring(kms, key, pkcs8(private), algorithm, under)
    hashed = "ECDSA_SHA_512" if spec == "ECC_NIST_P521" else "ECDSA_SHA_256"
    signature = kms.sign(KeyId=key, Message=b"d" * (64 if spec == "ECC_NIST_P521" else 32), MessageType="DIGEST",
                         SigningAlgorithm=hashed)["Signature"]  # fmt: skip
    told = kms.get_public_key(KeyId=key)["PublicKey"]
    assert load_der_public_key(told) == private.public_key()
    assert kms.verify(KeyId=key, Message=b"d" * (64 if spec == "ECC_NIST_P521" else 32), MessageType="DIGEST",
                      SigningAlgorithm=hashed, Signature=signature)["SignatureValid"]  # fmt: skip


@pytest.mark.parametrize(
    ("spec", "sent"),
    [
        ("ECC_NIST_P256", pkcs8(P521)),
        ("ECC_NIST_P256", pkcs8(RSA)),
        ("ECC_NIST_P256", pkcs8(ed25519.Ed25519PrivateKey.generate())),
        ("ECC_NIST_P256", MATERIAL),
        ("ECC_NIST_P256", P256.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())),
        ("RSA_3072", pkcs8(RSA)),
        ("RSA_2048", RSA.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())),
        ("RSA_2048", pkcs8(RSA)[:-1]),
    ],
    ids=["P-521", "RSA", "Ed25519", "no key", "SEC 1", "too short", "PKCS#1", "cut off"],
)
def test_another_kind_of_private_key_is_refused(kms, refused, spec, sent):
    key = external(kms, KeySpec=spec, KeyUsage="SIGN_VERIFY")
    said = refused(kms.import_key_material, **wrapped(kms, key, sent, AES_WRAP), ExpirationModel=STAYS)
    assert said == ("IncorrectKeyMaterialException", "")


def test_the_same_private_key_is_the_same_material_whoever_encoded_it(kms):
    key = external(kms, KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    first = bring(kms, key, pkcs8(P256))
    number = P256.private_numbers().private_value.to_bytes(32)
    without_public_half = (
        bytes.fromhex("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420") + number
    )
    assert without_public_half != pkcs8(P256)
    assert bring(kms, key, without_public_half) == first


UNFIT = [
    ("SYMMETRIC_DEFAULT", "RSAES_PKCS1_V1_5", "RSA_2048"),  # since 10 Oct 2023
    ("SYMMETRIC_DEFAULT", "SM2PKE", "SM2"),
    ("SYMMETRIC_DEFAULT", OAEP_256, "SM2"),
    ("SYMMETRIC_DEFAULT", AES_WRAP, "RSA_2048"),
    ("RSA_2048", OAEP_256, "RSA_4096"),
    ("ECC_NIST_P521", OAEP_256, "RSA_2048"),
    ("ECC_NIST_P521", "RSAES_OAEP_SHA_1", "RSA_2048"),
    ("ECC_NIST_EDWARDS25519", AES_WRAP, "RSA_2048"),
]


@pytest.mark.parametrize(("spec", "algorithm", "under"), UNFIT)
def test_a_wrapping_that_does_not_fit_the_material(kms, refused, spec, algorithm, under):
    key = external(kms, KeySpec=spec, KeyUsage="ENCRYPT_DECRYPT" if spec == "SYMMETRIC_DEFAULT" else "SIGN_VERIFY")
    said = refused(kms.get_parameters_for_import, KeyId=key, WrappingAlgorithm=algorithm, WrappingKeySpec=under)
    assert said == (
        "UnsupportedOperationException",
        f"key material of {spec} cannot be wrapped with {algorithm} under {under}",
    )


def test_only_a_key_of_external_origin_takes_material(kms, key, empty, refused):
    said = ("UnsupportedOperationException", f"{arn(key)} origin is AWS_KMS which is not valid for this operation.")
    asked = {"KeyId": key, "WrappingAlgorithm": OAEP_256, "WrappingKeySpec": "RSA_2048"}
    assert refused(kms.get_parameters_for_import, **asked) == said
    assert refused(kms.import_key_material, **wrapped(kms, empty, MATERIAL) | {"KeyId": key}) == said
    assert refused(kms.delete_imported_key_material, KeyId=key) == said


def test_a_token_belongs_to_one_key(kms, empty, refused):
    other = external(kms)
    sent = wrapped(kms, other, MATERIAL) | {"KeyId": empty}
    assert refused(kms.import_key_material, **sent, ExpirationModel=STAYS) == ("InvalidImportTokenException", "")
    assert state(kms, empty) == state(kms, other) == "PendingImport"


def test_a_token_that_was_touched(kms, empty, refused):
    sent = wrapped(kms, empty, MATERIAL)
    token = sent.pop("ImportToken")
    flipped = [token[:at] + bytes([token[at] ^ 1]) + token[at + 1 :] for at in (0, 40, len(token) - 1)]
    for spoilt in (b"x", token[:-1], token + b"x", *flipped):
        said = refused(kms.import_key_material, **sent, ImportToken=spoilt, ExpirationModel=STAYS)
        assert said == ("InvalidImportTokenException", "")


def test_a_wrapped_material_belongs_to_its_token(kms, empty, refused):
    first, second = wrapped(kms, empty, MATERIAL), wrapped(kms, empty, MATERIAL)
    crossed = first | {"EncryptedKeyMaterial": second["EncryptedKeyMaterial"]}
    assert refused(kms.import_key_material, **crossed, ExpirationModel=STAYS) == ("InvalidCiphertextException", "")


@pytest.mark.parametrize("algorithm", ["RSAES_OAEP_SHA_1", AES_WRAP])
def test_material_that_was_wrapped_otherwise_does_not_open(kms, refused, algorithm):
    key = external(kms, KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    given = kms.get_parameters_for_import(KeyId=key, WrappingAlgorithm=algorithm, WrappingKeySpec="RSA_2048")
    sent = {"KeyId": key, "ImportToken": given["ImportToken"]}
    for wrong in (wrap(given["PublicKey"], OAEP_256, pkcs8(P256)), b"x", os.urandom(256), os.urandom(416)):
        said = refused(kms.import_key_material, **sent, EncryptedKeyMaterial=wrong, ExpirationModel=STAYS)
        assert said == ("InvalidCiphertextException", "")


def test_a_token_lives_a_day(sim, kms, empty, refused):
    sent = wrapped(kms, empty, MATERIAL)
    sim.advance(hours=24)
    assert refused(kms.import_key_material, **sent, ExpirationModel=STAYS) == ("ExpiredImportTokenException", "")


def test_a_token_serves_until_its_last_minute_and_more_than_once(sim, kms, empty):
    sent = wrapped(kms, empty, MATERIAL)
    sim.advance(hours=23, minutes=59)
    kms.import_key_material(**sent, ExpirationModel=STAYS)
    kms.import_key_material(**sent, ExpirationModel=STAYS)
    assert state(kms, empty) == "Enabled"


def test_a_token_outlives_the_process(tmp_path):
    with Simulator(tmp_path / "class.db", start="2026-01-01T00:00:00Z") as before:
        kms = before.client("kms")
        key = external(kms)
        sent = wrapped(kms, key, MATERIAL)
    with Simulator(tmp_path / "class.db") as after:
        kms = after.client("kms")
        kms.import_key_material(**sent, ExpirationModel=STAYS)
        assert state(kms, key) == "Enabled"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES"),
        ({"ValidTo": NOW}, "ValidTo must be in the future"),
        ({"ValidTo": NOW + timedelta(days=366)}, "ValidTo must be within 365 days"),
        ({"ValidTo": NOW + timedelta(days=9), "ExpirationModel": STAYS}, f"ValidTo cannot be given with an ExpirationModel of {STAYS}"),
        ({"ExpirationModel": STAYS, "ImportType": "NEW_KEY_MATERIAL", "KeyMaterialId": "0" * 64}, "KeyMaterialId cannot be given with an ImportType of NEW_KEY_MATERIAL"),
    ],
)  # fmt: skip
def test_what_an_import_may_not_ask(kms, empty, refused, given, words):
    assert refused(kms.import_key_material, **wrapped(kms, empty, MATERIAL), **given) == ("ValidationException", words)


@pytest.mark.parametrize("given", [{"ImportType": "NEW_KEY_MATERIAL"}, {"KeyMaterialDescription": "mine"}, {"KeyMaterialId": "0" * 64}])  # fmt: skip
def test_what_is_for_symmetric_keys_only(kms, refused, given):
    key = external(kms, KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    said = refused(kms.import_key_material, **wrapped(kms, key, MATERIAL), ExpirationModel=STAYS, **given)
    assert said == (
        "ValidationException",
        "ImportType, KeyMaterialDescription and KeyMaterialId are for symmetric encryption keys only",
    )


def test_material_expires_on_its_day_and_the_key_waits_for_the_same_bytes(sim, kms, empty, refused):
    until = NOW + timedelta(days=30)
    first = bring(kms, empty, MATERIAL, ValidTo=until)
    described = kms.describe_key(KeyId=empty)["KeyMetadata"]
    assert (described["ExpirationModel"], described["ValidTo"]) == ("KEY_MATERIAL_EXPIRES", until)
    blob = kms.encrypt(KeyId=empty, Plaintext=b"hello")["CiphertextBlob"]
    sim.advance(days=29)
    assert state(kms, empty) == "Enabled"
    sim.advance(days=2)
    described = kms.describe_key(KeyId=empty)["KeyMetadata"]
    assert (described["KeyState"], described["CurrentKeyMaterialId"]) == ("PendingImport", first)
    assert not {"ExpirationModel", "ValidTo"} & set(described)
    assert refused(kms.decrypt, CiphertextBlob=blob) == ("KMSInvalidStateException", f"{arn(empty)} is pending import.")
    said = refused(kms.import_key_material, **wrapped(kms, empty, OTHER), ExpirationModel=STAYS)
    assert said == ("IncorrectKeyMaterialException", "")
    assert bring(kms, empty, MATERIAL) == first
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"hello"


def test_the_trail_tells_the_day_it_expired(sim, kms, empty):
    first = bring(kms, empty, MATERIAL, ValidTo=NOW + timedelta(days=30))
    sim.advance(days=100)
    event = sim.trail[-1].event
    assert (event["eventName"], event["eventTime"]) == ("DeleteExpiredKeyMaterial", "2026-01-31T00:00:00Z")
    assert (event["eventType"], event["awsRegion"]) == ("AwsServiceEvent", "us-east-1")
    assert event["serviceEventDetails"] == {"keyId": empty, "keyMaterialId": first}


def test_the_trail_tells_what_was_asked_and_nothing_of_the_material(sim, kms, empty):
    first = bring(kms, empty, MATERIAL, ValidTo=NOW + timedelta(days=30), KeyMaterialDescription="mine")
    params, event = (record.event for record in sim.trail[-2:])
    assert (params["eventName"], params["readOnly"], params["responseElements"]) == (
        "GetParametersForImport",
        True,
        None,
    )
    assert params["requestParameters"] == {
        "keyId": empty, "wrappingAlgorithm": OAEP_256, "wrappingKeySpec": "RSA_2048",
    }  # fmt: skip
    assert (event["eventName"], event["readOnly"]) == ("ImportKeyMaterial", False)
    assert event["requestParameters"] == {
        "keyId": empty, "validTo": "Jan 31, 2026, 12:00:00 AM", "expirationModel": "KEY_MATERIAL_EXPIRES",
        "importType": "NEW_KEY_MATERIAL", "keyMaterialDescription": "mine",
    }  # fmt: skip
    assert event["responseElements"] == {"keyId": arn(empty), "keyMaterialId": first}


def test_importing_again_changes_the_day(sim, kms, empty):
    bring(kms, empty, MATERIAL, ValidTo=NOW + timedelta(days=30))
    bring(kms, empty, MATERIAL, ValidTo=NOW + timedelta(days=60))
    sim.advance(days=45)
    assert state(kms, empty) == "Enabled"
    bring(kms, empty, MATERIAL)
    sim.advance(days=100)
    assert state(kms, empty) == "Enabled"


def test_deleted_material_can_come_back_and_nothing_else(kms, full, refused):
    first = kms.describe_key(KeyId=full)["KeyMetadata"]["CurrentKeyMaterialId"]
    answer = kms.delete_imported_key_material(KeyId=full)
    assert set(answer) - {"ResponseMetadata"} == {"KeyId", "KeyMaterialId"}
    assert (answer["KeyId"], answer["KeyMaterialId"]) == (arn(full), first)
    assert state(kms, full) == "PendingImport"
    said = refused(kms.import_key_material, **wrapped(kms, full, OTHER), ExpirationModel=STAYS)
    assert said == ("IncorrectKeyMaterialException", "")
    assert bring(kms, full, MATERIAL, KeyMaterialId=first) == first
    assert state(kms, full) == "Enabled"


def test_deleted_material_is_held_nowhere(sim, kms, full):
    sealed = sim.service.store.get(Key, "us-east-1:111122223333", full).current.sealed
    kms.encrypt(KeyId=full, Plaintext=b"x")
    assert sealed.sealed in sim.service.hsm._Hsm__open
    kms.delete_imported_key_material(KeyId=full)
    assert sealed.sealed not in sim.service.hsm._Hsm__open
    kept = sim.service.store.get(Key, "us-east-1:111122223333", full)
    assert (kept.current.id, kept.current.sealed.sealed) == (sealed.id, b"")


def test_deleting_where_nothing_was_imported_does_nothing(kms, empty):
    assert kms.delete_imported_key_material(KeyId=empty)["KeyMaterialId"] == ""
    assert state(kms, empty) == "PendingImport"


def test_deleting_material_that_the_key_does_not_have(kms, full, refused):
    said = refused(kms.delete_imported_key_material, KeyId=full, KeyMaterialId="0" * 64)
    assert said == ("NotFoundException", f"Key material '{'0' * 64}' of key '{arn(full)}' does not exist")


def test_the_same_bytes_in_another_key_are_other_material(kms, full):
    twin = external(kms)
    assert bring(kms, twin, MATERIAL) != kms.describe_key(KeyId=full)["KeyMetadata"]["CurrentKeyMaterialId"]


def test_an_id_that_is_not_the_materials(kms, full, refused):
    said = refused(
        kms.import_key_material, **wrapped(kms, full, MATERIAL), ExpirationModel=STAYS, KeyMaterialId="0" * 64
    )
    assert said == ("IncorrectKeyMaterialException", "")


@pytest.mark.parametrize("spec", ["HMAC_256", "ECC_NIST_P256"])
def test_what_is_not_symmetric_keeps_its_material_for_ever(kms, refused, spec):
    key = external(kms, KeySpec=spec, KeyUsage="GENERATE_VERIFY_MAC" if spec == "HMAC_256" else "SIGN_VERIFY")
    first, second = (
        (MATERIAL, OTHER) if spec == "HMAC_256" else (pkcs8(P256), pkcs8(ec.generate_private_key(ec.SECP256R1())))
    )
    made = bring(kms, key, first)
    kms.delete_imported_key_material(KeyId=key)
    said = refused(kms.import_key_material, **wrapped(kms, key, second), ExpirationModel=STAYS)
    assert said == ("IncorrectKeyMaterialException", "")
    assert bring(kms, key, first) == made


def test_new_material_waits_for_its_rotation(sim, kms, full, refused):
    first = kms.describe_key(KeyId=full)["KeyMetadata"]["CurrentKeyMaterialId"]
    old = kms.encrypt(KeyId=full, Plaintext=b"old")["CiphertextBlob"]
    said = ("KMSInvalidStateException", f"No available key material pending rotation for the key: {arn(full)}.")
    assert refused(kms.rotate_key_on_demand, KeyId=full) == said
    second = bring(kms, full, OTHER, ImportType="NEW_KEY_MATERIAL", KeyMaterialDescription="second")
    assert kms.describe_key(KeyId=full)["KeyMetadata"]["CurrentKeyMaterialId"] == first
    assert rotations(kms, full, "KeyMaterialId", "KeyMaterialState") == [
        (first, "CURRENT"),
        (second, "PENDING_ROTATION"),
    ]
    sim.advance(days=1)
    assert kms.rotate_key_on_demand(KeyId=full)["KeyId"] == arn(full)
    assert kms.describe_key(KeyId=full)["KeyMetadata"]["CurrentKeyMaterialId"] == second
    assert rotations(kms, full, "KeyMaterialId", "KeyMaterialState", "RotationDate", "RotationType") == [
        (first, "NON_CURRENT", None, None),
        (second, "CURRENT", NOW + timedelta(days=1), "ON_DEMAND"),
    ]
    new = kms.encrypt(KeyId=full, Plaintext=b"new")["CiphertextBlob"]
    assert [kms.decrypt(CiphertextBlob=b)["KeyMaterialId"] for b in (old, new)] == [first, second]


def test_an_entry_of_imported_material_has_the_members_aws_gives(kms, full):
    until = NOW + timedelta(days=9)
    bring(kms, full, OTHER, ImportType="NEW_KEY_MATERIAL", KeyMaterialDescription="second", ValidTo=until)
    first, second = kms.list_key_rotations(KeyId=full, IncludeKeyMaterial="ALL_KEY_MATERIAL")["Rotations"]
    assert set(first) == {"KeyId", "KeyMaterialId", "ImportState", "KeyMaterialState", "ExpirationModel"}
    assert (first["ImportState"], first["ExpirationModel"], first["KeyId"]) == ("IMPORTED", STAYS, full)
    assert set(second) == set(first) | {"KeyMaterialDescription", "ValidTo"}
    assert (second["KeyMaterialDescription"], second["ValidTo"]) == ("second", until)
    kms.delete_imported_key_material(KeyId=full)
    emptied = kms.list_key_rotations(KeyId=full, IncludeKeyMaterial="ALL_KEY_MATERIAL")["Rotations"][0]
    assert emptied == {
        "KeyId": full, "KeyMaterialId": first["KeyMaterialId"], "ImportState": "PENDING_IMPORT", "KeyMaterialState": "CURRENT",
    }  # fmt: skip


def test_one_new_material_at_a_time(kms, full, refused):
    second = bring(kms, full, OTHER, ImportType="NEW_KEY_MATERIAL")
    third = os.urandom(32)
    said = refused(
        kms.import_key_material, **wrapped(kms, full, third), ExpirationModel=STAYS, ImportType="NEW_KEY_MATERIAL"
    )
    assert said.code == "KMSInvalidStateException"
    assert said.message.startswith("New key material (id: ")
    assert said.message.endswith(
        f") cannot be imported into KMS key {arn(full)}, because another key material (id: {second}) is pending rotation."
    )
    kms.delete_imported_key_material(KeyId=full, KeyMaterialId=second)
    assert state(kms, full) == "Enabled"
    assert rotations(kms, full, "KeyMaterialState") == [("CURRENT",)]
    bring(kms, full, third, ImportType="NEW_KEY_MATERIAL")


def test_new_material_that_the_key_has_already(kms, full, refused):
    said = refused(
        kms.import_key_material, **wrapped(kms, full, MATERIAL), ExpirationModel=STAYS, ImportType="NEW_KEY_MATERIAL"
    )
    assert said == ("IncorrectKeyMaterialException", "")


def test_pending_material_that_expires_leaves_the_key_alone(sim, kms, full):
    bring(kms, full, OTHER, ImportType="NEW_KEY_MATERIAL", ValidTo=NOW + timedelta(days=3))
    assert "ValidTo" not in kms.describe_key(KeyId=full)["KeyMetadata"]
    sim.advance(days=4)
    assert state(kms, full) == "Enabled"
    assert rotations(kms, full, "KeyMaterialState") == [("CURRENT",)]


def test_a_key_needs_every_material_it_has_used(sim, kms, full, refused):
    first = kms.describe_key(KeyId=full)["KeyMetadata"]["CurrentKeyMaterialId"]
    second = bring(kms, full, OTHER, ImportType="NEW_KEY_MATERIAL", ValidTo=NOW + timedelta(days=20))
    kms.rotate_key_on_demand(KeyId=full)
    bring(kms, full, MATERIAL, KeyMaterialId=first, ValidTo=NOW + timedelta(days=10))
    assert kms.describe_key(KeyId=full)["KeyMetadata"]["ValidTo"] == NOW + timedelta(days=10)  # the earliest
    sim.advance(days=10)
    assert state(kms, full) == "PendingImport"
    assert refused(kms.encrypt, KeyId=full, Plaintext=b"x").code == "KMSInvalidStateException"
    sim.advance(days=10)
    bring(kms, full, MATERIAL)
    assert state(kms, full) == "PendingImport"
    assert rotations(kms, full, "ImportState") == [("IMPORTED",), ("PENDING_IMPORT",)]
    bring(kms, full, OTHER, KeyMaterialId=second)
    assert state(kms, full) == "Enabled"


def test_a_description_stays_until_another_is_given(kms, empty):
    bring(kms, empty, MATERIAL, KeyMaterialDescription="one")
    bring(kms, empty, MATERIAL)
    assert rotations(kms, empty, "KeyMaterialDescription") == [("one",)]
    bring(kms, empty, MATERIAL, KeyMaterialDescription="two")
    assert rotations(kms, empty, "KeyMaterialDescription") == [("two",)]


def test_a_disabled_key_loses_its_material_too_and_is_enabled_when_it_returns(sim, kms, empty):
    bring(kms, empty, MATERIAL, ValidTo=NOW + timedelta(days=5))
    kms.disable_key(KeyId=empty)
    bring(kms, empty, MATERIAL, ValidTo=NOW + timedelta(days=6))
    assert state(kms, empty) == "Disabled"
    sim.advance(days=6)
    assert state(kms, empty) == "PendingImport"
    bring(kms, empty, MATERIAL)
    assert state(kms, empty) == "Enabled"


def test_a_key_that_waits_for_its_deletion_loses_material_without_noticing(sim, kms, empty, refused):
    bring(kms, empty, MATERIAL, ValidTo=NOW + timedelta(days=5))
    kms.schedule_key_deletion(KeyId=empty, PendingWindowInDays=30)
    sim.advance(days=6)
    assert state(kms, empty) == "PendingDeletion"
    said = refused(kms.get_parameters_for_import, KeyId=empty, WrappingAlgorithm=OAEP_256, WrappingKeySpec="RSA_2048")
    assert said == ("KMSInvalidStateException", f"{arn(empty)} is pending deletion.")
    kms.cancel_key_deletion(KeyId=empty)
    assert state(kms, empty) == "PendingImport"
    bring(kms, empty, MATERIAL)
    assert state(kms, empty) == "Enabled"


def test_the_material_of_a_key_that_was_never_filled(sim, kms, empty):
    kms.schedule_key_deletion(KeyId=empty, PendingWindowInDays=7)
    kms.cancel_key_deletion(KeyId=empty)
    assert state(kms, empty) == "PendingImport"


def test_imported_material_does_not_rotate_by_the_calendar(kms, full, refused):
    said = ("UnsupportedOperationException", f"{arn(full)} origin is EXTERNAL which is not valid for this operation.")
    for asked in (kms.enable_key_rotation, kms.disable_key_rotation):
        assert refused(asked, KeyId=full) == said
    assert kms.get_key_rotation_status(KeyId=full)["KeyRotationEnabled"] is False


def test_a_failed_import_changes_nothing(kms, full, refused):
    before = kms.describe_key(KeyId=full)["KeyMetadata"]
    refused(kms.import_key_material, **wrapped(kms, full, OTHER), ExpirationModel=STAYS)
    assert kms.describe_key(KeyId=full)["KeyMetadata"] == before


def test_the_importer_can_open_nothing_with_its_copy_alone(kms, full):
    """What you keep is the key, not the format: the blob is KMS's, and each has a key derived for it alone."""
    blob = kms.encrypt(KeyId=full, Plaintext=b"hello")["CiphertextBlob"]
    with pytest.raises(InvalidTag):
        AESGCM(MATERIAL).decrypt(blob[53:65], blob[65:], None)
