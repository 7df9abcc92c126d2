"""What is tried for each claim about what a KMS key is."""

import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kms_teach.client_side import imports
from kms_teach.inspect.claim import Case
from kms_teach.simulator import Simulator
from kms_teach.teaching.claim import called
from kms_teach.teaching.trial import NOTE, START, scratch, simulator

REGIONS = ("us-east-1", "eu-west-1")
STORE = "aws.db"
SIGNS = {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"}


def old_name() -> list[Case]:
    sim = simulator()
    call = sim.client("kms").create_key
    usage = {"KeyUsage": "SIGN_VERIFY"}
    return [
        called(sim.trail, "CustomerMasterKeySpec of a kind from 2019", True, call,
               CustomerMasterKeySpec="ECC_NIST_P256", **usage),
        called(sim.trail, "CustomerMasterKeySpec of a kind from 2025", True, call,
               CustomerMasterKeySpec="ML_DSA_44", **usage),
        called(sim.trail, "KeySpec is not known for it", False, call, KeySpec="ML_DSA_44", **usage),
    ]  # fmt: skip


def leaves() -> list[Case]:
    sim, kms, key = scratch()
    pair = kms.create_key(**SIGNS)["KeyMetadata"]["Arn"]
    return [
        called(sim.trail, "a symmetric key is not handed out", False, kms.get_public_key, KeyId=key),
        called(sim.trail, "a public key is not handed out", False, kms.get_public_key, KeyId=pair),
        called(sim.trail, "a plaintext data key is not handed out", False, kms.generate_data_key, KeyId=key,
               KeySpec="AES_256"),
    ]  # fmt: skip


@cache
def _waiting_on_disk() -> tuple[Mapping[str, bytes], Any]:
    """The files of a simulator with a key that waits for its material, and what that is to be wrapped with.

    Made once in the process, as a wrapping key is slow to make.
    """
    with tempfile.TemporaryDirectory() as folder:
        with Simulator(Path(folder, STORE), start=START) as sim:
            kms = sim.client("kms")
            given = imports.ask(kms, kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["KeyId"])
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}, given


def sealed_on_disk() -> list[Case]:
    material = os.urandom(32)
    before, given = _waiting_on_disk()
    with tempfile.TemporaryDirectory() as folder:
        for name, content in before.items():
            Path(folder, name).write_bytes(content)
        with Simulator(Path(folder, STORE)) as sim:
            sim.client("kms").import_key_material(**imports.parameters(given, material))
            record = sim.trail[-1]
        files = [path.read_bytes() for path in Path(folder).iterdir()]
    found = any(material in file for file in files)
    shown = f"{len(files)} files searched for the 32 bytes that were imported: {'found' if found else 'not there'}."
    return [Case("no plaintext material in a file", not found, shown, record)]


def one_region() -> list[Case]:
    sim = simulator()
    here, there = (sim.client("kms", region) for region in REGIONS)
    single = here.create_key()["KeyMetadata"]["Arn"]
    multi = here.create_key(MultiRegion=True)["KeyMetadata"]["Arn"]
    here.replicate_key(KeyId=multi, ReplicaRegion=REGIONS[1])
    blobs = [here.encrypt(KeyId=arn, Plaintext=NOTE)["CiphertextBlob"] for arn in (single, multi)]
    return [
        called(sim.trail, f"a {name} key does not open its ciphertext elsewhere", False, there.decrypt,
               CiphertextBlob=blob)
        for name, blob in zip(("single-Region", "multi-Region"), blobs, strict=True)
    ]  # fmt: skip


def never_shared_by_regions() -> list[Case]:
    sim = simulator()
    here, there = (sim.client("kms", region) for region in REGIONS)
    key = here.create_key(MultiRegion=True)["KeyMetadata"]
    here.replicate_key(KeyId=key["Arn"], ReplicaRegion=REGIONS[1])
    blob = here.encrypt(KeyId=key["Arn"], Plaintext=NOTE)["CiphertextBlob"]
    here.disable_key(KeyId=key["Arn"])
    return [called(sim.trail, "the primary is disabled, and so is the replica", False, there.decrypt,
                   CiphertextBlob=blob)]  # fmt: skip


def any_replicates() -> list[Case]:
    sim = simulator()
    here, there = (sim.client("kms", region) for region in REGIONS)
    single, multi = (here.create_key(MultiRegion=m)["KeyMetadata"]["KeyId"] for m in (False, True))
    made = called(sim.trail, "a multi-Region primary", True, here.replicate_key, KeyId=multi,
                  ReplicaRegion=REGIONS[1])  # fmt: skip
    return [
        called(sim.trail, "a single-Region key", True, here.replicate_key, KeyId=single, ReplicaRegion=REGIONS[1]),
        called(sim.trail, "a replica", True, there.replicate_key, KeyId=multi, ReplicaRegion="eu-central-1"),
        made,
    ]


def same_bytes() -> list[Case]:
    material = os.urandom(32)
    sim = simulator()
    keys = []
    for region in REGIONS:
        kms = sim.client("kms", region)
        keys.append((kms, kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["Arn"]))
        imports.bring(*keys[-1], material)
    (here, first), (there, second) = keys
    blob = here.encrypt(KeyId=first, Plaintext=NOTE)["CiphertextBlob"]
    return [called(sim.trail, "the other key opens it", True, there.decrypt, CiphertextBlob=blob, KeyId=second)]


def through_an_endpoint() -> list[Case]:
    sim = simulator()
    private = sim.root().client("kms", endpoint=sim.vpc_endpoint())
    return [called(sim.trail, "a call through a VPC endpoint is refused", False, private.list_keys)]


def two_kinds() -> list[Case]:
    sim = simulator()
    call = sim.client("kms").create_key
    return [
        called(sim.trail, "a symmetric key", True, call),
        called(sim.trail, "an asymmetric one", True, call, **SIGNS),
    ]


def only_these(*usages: tuple[str, dict[str, str]]) -> list[Case]:
    sim = simulator()
    call = sim.client("kms").create_key
    return [called(sim.trail, f"a key for {words} is refused", False, call, **how) for words, how in usages]


def sees_managed() -> list[Case]:
    sim = simulator()
    kms, s3 = sim.client("kms"), sim.client("s3")
    s3.create_bucket(Bucket="notes-of-a-year")
    s3.put_object(Bucket="notes-of-a-year", Key="note", Body=NOTE, ServerSideEncryption="aws:kms")
    key = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["KeyId"]
    policy = kms.get_key_policy(KeyId=key)["Policy"]
    return [
        called(sim.trail, "its policy is shown", True, kms.get_key_policy, KeyId=key),
        called(sim.trail, "its policy cannot be changed", False, kms.put_key_policy, KeyId=key, Policy=policy),
        called(sim.trail, "it cannot be deleted", False, kms.schedule_key_deletion, KeyId=key),
    ]


def alias_abroad(well: bool, words: str) -> list[Case]:
    sim = simulator()
    here, there = (sim.client("kms", region) for region in REGIONS)
    key = here.create_key(MultiRegion=True)["KeyMetadata"]["Arn"]
    here.replicate_key(KeyId=key, ReplicaRegion=REGIONS[1])
    here.create_alias(AliasName="alias/notes", TargetKeyId=key)
    return [called(sim.trail, words, well, there.encrypt, KeyId="alias/notes", Plaintext=NOTE)]
