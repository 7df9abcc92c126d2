"""The promise of the boundary: no byte of a KMS key's plaintext material is ever anywhere else."""

import base64
import copy
import io
import json
import logging
import os
import pickle
import traceback
from pathlib import Path

import nbformat
import pytest
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from nbclient import NotebookClient

from kms_teach import Simulator
from kms_teach.buckets.records import Object, OwnedKey
from kms_teach.hsm.algorithms import dump
from kms_teach.hsm.boundary import Hsm
from kms_teach.keys.key import Key
from kms_teach.operations.catalog import CATALOG
from kms_teach.operations.request import HERE
from kms_teach.s3.boundary import CustomerKey
from kms_teach.s3.sealing import DataKeys
from tests.operations.importing import bring


def materials(sim):
    """Every plaintext the HSM holds, fetched by force, to know what to look for."""
    unseal = sim.service.hsm._Hsm__unseal
    rows = sim.service.store._db.execute('SELECT record FROM "key"').fetchall()
    keys = [sim.service.store._decoders[Key].decode(record) for (record,) in rows]
    owned = [dump(unseal(each.sealed)) for each in sim.service.store.every(OwnedKey)]
    return {dump(unseal(m.sealed)) for key in keys for m in key.materials if m.present} | {*owned}


def spellings(secret):
    """A byte string as it might stand in a text or a file: raw, hex, base64 at each of three offsets, Python's repr."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for offset in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            encoded = encode(b"\0" * offset + secret)[4:-4]
            middle = len(encoded) // 2  # the beginning of a private key tells its kind, and is that of many
            yield encoded[max(middle - 20, 0) :][:36]
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


def every_other_operation(sim, kms, key):
    """What the rest leaves out, so that each operation has worked at least once."""
    kms.create_alias(AliasName="alias/mine", TargetKeyId=key)
    kms.update_alias(AliasName="alias/mine", TargetKeyId=key)
    kms.list_aliases()
    kms.delete_alias(AliasName="alias/mine")
    cluster = sim.key_store()
    store = kms.create_custom_key_store(CustomKeyStoreName="mine", **cluster.parameters)["CustomKeyStoreId"]
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    kms.describe_custom_key_stores()
    kms.disconnect_custom_key_store(CustomKeyStoreId=store)
    kms.update_custom_key_store(CustomKeyStoreId=store, NewCustomKeyStoreName="yours")
    kms.delete_custom_key_store(CustomKeyStoreId=store)
    kms.generate_random(NumberOfBytes=32)
    kms.generate_data_key_without_plaintext(KeyId=key, KeySpec="AES_256")
    kms.generate_data_key_pair(KeyId=key, KeyPairSpec="ECC_NIST_P256")
    kms.generate_data_key_pair_without_plaintext(KeyId=key, KeyPairSpec="ECC_NIST_P256")
    root = "arn:aws:iam::111122223333:root"
    grants = [
        kms.create_grant(KeyId=key, GranteePrincipal=root, RetiringPrincipal=root, Operations=["Encrypt"])
        for _ in range(2)
    ]
    kms.list_grants(KeyId=key)
    kms.list_retirable_grants(RetiringPrincipal=root)
    kms.revoke_grant(KeyId=key, GrantId=grants[0]["GrantId"])
    kms.retire_grant(GrantToken=grants[1]["GrantToken"])
    kms.put_key_policy(KeyId=key, Policy=kms.get_key_policy(KeyId=key)["Policy"])
    kms.list_key_policies(KeyId=key)
    _of_keys(kms, key)
    imported, material = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["KeyId"], os.urandom(32)
    bring(kms, imported, material)
    kms.encrypt(KeyId=imported, Plaintext=b"x", EncryptionContext={"a": "b"})
    kms.delete_imported_key_material(KeyId=imported)
    bring(kms, imported, material)
    signs = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    how = {"KeyId": signs, "Message": b"x", "SigningAlgorithm": "ECDSA_SHA_256"}
    kms.verify(**how, Signature=kms.sign(**how)["Signature"])
    mac = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
    how = {"KeyId": mac, "Message": b"x", "MacAlgorithm": "HMAC_SHA_256"}
    kms.verify_mac(**how, Mac=kms.generate_mac(**how)["Mac"])


def _of_keys(kms, key):
    kms.tag_resource(KeyId=key, Tags=[{"TagKey": "a", "TagValue": "b"}])
    kms.list_resource_tags(KeyId=key)
    kms.untag_resource(KeyId=key, TagKeys=["a"])
    kms.list_keys()
    kms.disable_key(KeyId=key)
    kms.enable_key(KeyId=key)
    kms.update_key_description(KeyId=key, Description="another")
    kms.schedule_key_deletion(KeyId=key)
    kms.cancel_key_deletion(KeyId=key)
    kms.enable_key(KeyId=key)
    kms.get_key_rotation_status(KeyId=key)
    kms.disable_key_rotation(KeyId=key)
    kms.get_key_last_usage(KeyId=key)
    shared = kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    kms.replicate_key(KeyId=shared, ReplicaRegion="eu-west-1")
    kms.update_primary_region(KeyId=shared, PrimaryRegion="eu-west-1")


OBJECT, CUSTOMERS = b"the bytes of an object, which only S3 reads", b"a customer's key of 32 bytes!!!!"
WAYS = {
    "own": {},
    "kms": {"ServerSideEncryption": "aws:kms"},
    "bucket-key": {"ServerSideEncryption": "aws:kms", "BucketKeyEnabled": True},
    "twice": {"ServerSideEncryption": "aws:kms:dsse"},
    "customer": {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": CUSTOMERS},
}


def every_way_of_s3(sim, key):
    """Objects put, got, copied and uploaded in parts, in each way that S3 encrypts; gives all data keys of S3's."""
    seen, s3, service = [CUSTOMERS], sim.client("s3"), sim.service
    with pytest.MonkeyPatch.context() as patch:
        begin, perform = DataKeys.__init__, service.perform
        patch.setattr(DataKeys, "__init__", lambda self, *keys: seen.extend(keys) or begin(self, *keys))

        def heard(principal, region, name, params, origin=HERE):
            result = perform(principal, region, name, params, origin)
            if origin.via_service:  # S3 asks for data keys, and for those of buckets
                seen.append(result["Plaintext"])
            return result

        patch.setattr(service, "perform", heard)
        logging.getLogger("botocore").setLevel(logging.WARNING)  # it logs what the customer sends
        s3.create_bucket(Bucket="one")
        rules = {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
            "BlockedEncryptionTypes": {"EncryptionType": ["NONE"]},
        }
        s3.put_bucket_encryption(Bucket="one", ServerSideEncryptionConfiguration={"Rules": [rules]})
        for name, way in WAYS.items():
            named = way | ({"SSEKMSKeyId": key} if "ServerSideEncryption" in way else {})
            s3.put_object(Bucket="one", Key=name, Body=OBJECT, **named)
            again = {name: value for name, value in way.items() if name.startswith("SSECustomer")}
            assert s3.get_object(Bucket="one", Key=name, **again)["Body"].read() == OBJECT
            upload = {"Bucket": "one", "Key": f"{name} in parts"}
            upload["UploadId"] = s3.create_multipart_upload(**upload, **named)["UploadId"]
            tag = s3.upload_part(**upload, PartNumber=1, Body=OBJECT, **again)["ETag"]
            s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": tag}]})
        s3.copy_object(Bucket="one", Key="copy", CopySource="one/own", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
        refused = s3.exceptions.ClientError
        with pytest.raises(refused):
            s3.get_object(Bucket="one", Key="customer", SSECustomerAlgorithm="AES256", SSECustomerKey=b"x" * 32)
    logging.getLogger("botocore").setLevel(logging.NOTSET)
    return {*seen}


def crash_texts(sim):
    """What is printed and logged when something goes wrong inside the HSM."""
    hsm, store = sim.service.hsm, sim.service.store
    secret, private = (
        next(key.materials[-1].sealed for key in store.every(Key) if key.spec == spec and key.materials)
        for spec in ("SYMMETRIC_DEFAULT", "ECC_NIST_P256")
    )
    faults = [
        lambda: hsm.encrypt(secret, None, {}),
        lambda: hsm.mac(secret, "HMAC_SHA_256", None),
        lambda: hsm.sign(private, "ECDSA_SHA_256", "RAW", None),
        lambda: hsm.agree(secret, b""),
        lambda: hsm.decrypt_rsa(private, "RSAES_OAEP_SHA_256", b""),
        lambda: hsm.certify(secret, None),
    ]
    for fault in faults:
        try:
            fault()
        except Exception as error:
            logging.getLogger("a program").exception("what it logs")
            yield "".join(traceback.format_exception(error)).encode()
            yield repr((error, error.args, error.__context__)).encode()


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
    every_other_operation(sim, kms, key)
    worked = {record.operation for record in sim.trail if record.worked}
    assert worked >= CATALOG.keys()
    of_s3 = every_way_of_s3(sim, key)
    crashes = list(crash_texts(sim))
    assert len(crashes) == 12
    given += crashes
    store = sim.service.store
    records = [*store.page(Key, "us-east-1:111122223333"), *store.every(Object), *store.every(OwnedKey)]
    given.append(repr((CustomerKey(CUSTOMERS, ""), vars(store))).encode())
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
    files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and file.suffix != ".hsm"]
    return secrets | of_s3, given + files, files


def test_no_plaintext_key_material_is_in_anything_the_simulator_gives_away(life):
    secrets, given, _ = life
    of_s3 = 1 + 1 + 2 * len(WAYS) + 2 + 1 + 1  # its own and a customer's; of objects, second layers, a bucket, a copy
    # of keys: one with three rotations, and the others; a replica has its primary's
    assert len(secrets) == 4 + 10 + 4 + of_s3
    assert len(given) > 100
    assert [found_in(piece, secrets) for piece in given if found_in(piece, secrets)] == []


def test_no_byte_of_an_object_is_in_a_file_as_it_is(life):
    *_, files = life
    assert len(files) > 2 * len(WAYS)
    assert [file for file in files if found_in(file, [OBJECT, CUSTOMERS])] == []


@pytest.mark.parametrize("spell", [bytes, bytes.hex, lambda s: base64.b64encode(b"x" + s).decode(), repr])
def test_the_scan_would_find_it(life, spell):
    secrets, *_ = life
    leaked = spell(next(iter(secrets)))
    assert found_in(b"..." + (leaked if isinstance(leaked, bytes) else leaked.encode()) + b"...", secrets)


@pytest.mark.parametrize("attempt", [copy.copy, copy.deepcopy, pickle.dumps])
def test_an_hsm_cannot_be_copied_or_pickled(attempt):
    with pytest.raises(TypeError, match="keys never leave"):
        attempt(Hsm())


def test_an_hsm_shows_nothing_of_itself():
    assert repr(Hsm()) == "Hsm(closed)"
    assert [name for name in vars(Hsm()) if not name.startswith("_Hsm__")] == []


SHOWN = {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
NOTEBOOK = """
import json, pathlib
from kms_teach import Simulator
from kms_teach.chapters.rotation.lab import RotationLab
from kms_teach.hsm.algorithms import dump
from kms_teach.inspect.opened import opened
from kms_teach.keys.key import Key
---
sim = Simulator(start="2026-01-01T00:00:00Z")
kms = sim.client("kms")
key = kms.create_key()["KeyMetadata"]
key
---
kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY"), kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
kms.encrypt(KeyId=key["KeyId"], Plaintext=b"hello")
---
sim.service, sim.service.hsm, list(sim.trail), vars(sim.service), sim.service.store.every(Key)
---
lab = RotationLab(sim)
lab
---
opened(sim.trail[-1])
---
sim.service.hsm.mac(sim.service.store.every(Key)[0].materials[0].sealed, None, None)
---
materials = [dump(sim.service.hsm._Hsm__unseal(m.sealed)) for key in sim.service.store.every(Key) for m in key.materials]
pathlib.Path("secrets.json").write_text(json.dumps([material.hex() for material in materials]))
"""


@pytest.mark.slow
def test_no_plaintext_key_material_is_in_a_notebook_or_its_checkpoint(tmp_path):
    """As Jupyter saves it, with what cells showed, and the words of one that failed. A kernel takes seconds to start."""
    manager = LargeFileManager(root_dir=str(tmp_path))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c.strip()) for c in NOTEBOOK.split("---")])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
        client = NotebookClient(
            notebook, timeout=60, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}
        )
        client.execute()
    manager.save({"type": "notebook", "format": "json", "content": notebook}, "lesson.ipynb")
    manager.create_checkpoint("lesson.ipynb")
    secrets = [bytes.fromhex(secret) for secret in json.loads((tmp_path / "secrets.json").read_text())]
    saved = list(tmp_path.rglob("*.ipynb"))
    assert len(saved) == 2
    assert len(secrets) >= 3
    errors = [output.ename for cell in notebook.cells for output in cell.outputs if output.output_type == "error"]
    assert errors == ["KeyError"]  # which was meant
    assert {kind for cell in notebook.cells for output in cell.outputs for kind in output.get("data", ())} >= SHOWN
    assert [file.name for file in saved if found_in(file.read_bytes(), secrets)] == []


def test_neither_the_repr_of_an_access_key_nor_what_rich_asks_it_shows_the_secret():
    with Simulator() as sim:
        key = sim.user("alice").access_key
    assert [*key.__rich_repr__()] == [("id", key.id)]
    assert key.id in repr(key)
    assert key.secret not in repr(key)
