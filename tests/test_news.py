"""What AWS changed is found, wherever in a model it stands, and leads to the chapters that speak of it."""

import copy
import gzip
import io
import json
import zipfile
from pathlib import Path

import botocore
import pytest

from scripts import news

PINNED = Path(botocore.__file__).parent
KMS = news.read(PINNED, "kms")
SHAPES = KMS["shapes"]


def found(change) -> list[tuple[str, str]]:
    """What is said to differ after something was done to KMS's model."""
    model = copy.deepcopy(KMS)
    change(model)
    return [(each.where, each.what) for each in news.changes("kms", KMS, model)]


def test_a_model_is_like_itself() -> None:
    assert found(id) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda m: m["operations"].pop("Encrypt"), ("Encrypt", "operation is gone")),
        (lambda m: m["operations"].update(Fold={}), ("Fold", "operation is new")),
        (lambda m: m["shapes"]["KeySpec"]["enum"].append("FOLD_1"), ("KeySpec", "value FOLD_1 is new")),
        (lambda m: m["shapes"]["KeySpec"]["enum"].remove("RSA_2048"), ("KeySpec", "value RSA_2048 is gone")),
        (lambda m: m["shapes"]["PlaintextType"].update(max=8192), ("PlaintextType", "max was 4096, is 8192")),
        (lambda m: m["shapes"]["EncryptRequest"]["members"].pop("DryRun"), ("EncryptRequest", "parameter DryRun is gone")),
        (lambda m: m["shapes"]["EncryptRequest"]["required"].append("DryRun"), ("EncryptRequest", "required DryRun is new")),
        (lambda m: m["operations"]["Encrypt"]["errors"].pop(0), ("Encrypt", "error NotFoundException is gone")),
    ],
)  # fmt: skip
def test_a_change_is_named_with_its_place(change, expected) -> None:
    assert expected in found(change)


def test_a_sentence_that_changed_is_told_and_those_around_it_are_not() -> None:
    def change(model) -> None:
        text = model["operations"]["Encrypt"]["documentation"]
        model["operations"]["Encrypt"]["documentation"] = text + "<p>It folds. It never did.</p>"

    assert [what for _, what in found(change)] == ["now says: It folds.", "now says: It never did."]


def test_it_reads_a_wheel_and_leads_to_the_chapters() -> None:
    newer = copy.deepcopy(KMS)
    newer["shapes"]["EncryptRequest"]["members"].pop("DryRun")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as wheel:
        for service in news.SERVICES:
            model = newer if service == "kms" else news.read(PINNED, service)
            wheel.writestr(f"botocore/data/{service}/2000-01-01/service-2.json.gz", b"\x1f\x8bold")
            body = gzip.compress(json.dumps(model).encode())
            wheel.writestr(f"botocore/data/{service}/2026-11-01/service-2.json.gz", body)
    books = {"02": "kms.encrypt(KeyId=key)", "05": "`Encrypt` again", "08": "kms.re_encrypt(), ReEncrypt"}
    with zipfile.ZipFile(packed) as wheel:
        assert news.report(wheel, PINNED, books) == [
            "kms: 1 change", "  EncryptRequest: parameter DryRun is gone (chapters 02, 05)",
            "sts: no changes", "iam: no changes", "s3: no changes",
        ]  # fmt: skip
