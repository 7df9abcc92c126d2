"""Write a store with one of everything, and beside it what it must still say: `python make.py PATH`."""

import base64
import json
import sqlite3
import sys
from contextlib import closing, suppress
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_der_public_key

from kms_teach import Simulator

ALLOW = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["kms:*", "sts:AssumeRole"], "Resource": "*"}],
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}],
}
CONTEXT = {"tenant": "blue"}
MATERIAL = bytes(range(32))
OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


def made(kms, **parameters):
    return kms.create_key(**parameters)["KeyMetadata"]["KeyId"]


def imported(kms):
    key = made(kms, Origin="EXTERNAL", Description="imported")
    asked = kms.get_parameters_for_import(KeyId=key, WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048")
    wrapped = load_der_public_key(asked["PublicKey"]).encrypt(MATERIAL, OAEP)
    kms.import_key_material(
        KeyId=key, ImportToken=asked["ImportToken"], EncryptedKeyMaterial=wrapped,
        ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE",
    )  # fmt: skip
    return key


def fill(sim, slow):
    """What was done; gives what the store must still say."""
    kms, ireland = sim.client("kms"), sim.client("kms", region="eu-west-1")
    sim.account("111122223333", scps=[ALLOW])
    alice = sim.user("alice", path="/team/", policies=[ALLOW], boundary=ALLOW, tags={"team": "red"})
    sim.role("app", policies=[ALLOW], trust=TRUST)
    alice.client("sts").assume_role(RoleArn="arn:aws:iam::111122223333:role/app", RoleSessionName="monday")

    keys = {
        "rotated": made(kms, Description="rotated", Tags=[{"TagKey": "stage", "TagValue": "test"}]),
        "signs": made(kms, KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY"),
        "rsa": made(kms, KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT"),
        "mac": made(kms, KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC"),
        "regions": made(kms, MultiRegion=True),
        "imported": imported(kms),
        "doomed": made(kms),
        "managed": kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["KeyId"],
    }
    kms.replicate_key(KeyId=keys["regions"], ReplicaRegion="eu-west-1", Description="the replica")
    kms.schedule_key_deletion(KeyId=keys["doomed"], PendingWindowInDays=30)
    kms.create_alias(AliasName="alias/mine", TargetKeyId=keys["rotated"])
    backend = sim.key_store()
    store = kms.create_custom_key_store(CustomKeyStoreName="mine", **backend.parameters)["CustomKeyStoreId"]
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    keys["cluster"] = made(kms, Origin="AWS_CLOUDHSM", CustomKeyStoreId=store)

    kms.enable_key_rotation(KeyId=keys["rotated"], RotationPeriodInDays=90)
    grant = kms.create_grant(
        KeyId=keys["rotated"], GranteePrincipal=alice.arn, RetiringPrincipal=alice.arn, Operations=["Decrypt"],
        Constraints={"EncryptionContextSubset": CONTEXT}, Name="lent",
    )["GrantId"]  # fmt: skip
    blobs = {
        name: kms.encrypt(KeyId=keys[name], Plaintext=name.encode(), EncryptionContext=CONTEXT)["CiphertextBlob"]
        for name in ("rotated", "regions", "imported", "cluster")
    }
    oaep = {"KeyId": keys["rsa"], "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    blobs["rsa"] = kms.encrypt(Plaintext=b"rsa", **oaep)["CiphertextBlob"]
    signed = {"KeyId": keys["signs"], "Message": b"signed", "SigningAlgorithm": "ECDSA_SHA_256"}
    signature = kms.sign(**signed)["Signature"]
    mac = kms.generate_mac(KeyId=keys["mac"], Message=b"authentic", MacAlgorithm="HMAC_SHA_256")["Mac"]
    with suppress(kms.exceptions.ClientError):  # a denial, for the trail
        sim.user("mallory").client("kms").decrypt(CiphertextBlob=blobs["rotated"], EncryptionContext=CONTEXT)
    sim.enclave(b"image").document()
    sim.advance(days=100)
    ireland.decrypt(CiphertextBlob=blobs["regions"], EncryptionContext=CONTEXT)
    slow(keys, store)
    return {
        "keys": keys, "store": store, "grant": grant, "signature": base64.b64encode(signature).decode(),
        "mac": base64.b64encode(mac).decode(),
        "blobs": {name: base64.b64encode(blob).decode() for name, blob in blobs.items()},
    }  # fmt: skip


def main(path):
    def slow(keys, store):
        """Changes that are still on their way when the file is closed."""
        sim.close()
        with Simulator(path, slow=True) as later:
            kms = later.client("kms")
            kms.tag_resource(KeyId=keys["rotated"], Tags=[{"TagKey": "stage", "TagValue": "live"}])
            kms.create_alias(AliasName="alias/gone", TargetKeyId=keys["rotated"])
            kms.delete_alias(AliasName="alias/gone")
            revoked = kms.create_grant(KeyId=keys["mac"], GranteePrincipal="444455556666", Operations=["VerifyMac"])
            kms.revoke_grant(KeyId=keys["mac"], GrantId=revoked["GrantId"])
            kms.rotate_key_on_demand(KeyId=keys["rotated"])
            counted["records"] = len(later.trail)
            counted["now"] = later.now.isoformat()

    counted = {}
    sim = Simulator(path, start="2026-01-01T00:00:00Z")
    kept = fill(sim, slow) | counted
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=DELETE")  # one file is all of it
        database.execute("VACUUM")
    path.with_suffix(".json").write_text(json.dumps(kept, indent=1) + "\n")


main(Path(sys.argv[1]))
