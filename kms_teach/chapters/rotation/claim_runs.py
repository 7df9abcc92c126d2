"""What is tried for each claim about rotation."""

import os
from typing import Any

from kms_teach.client_side import envelope, imports
from kms_teach.inspect.claim import Case
from kms_teach.simulator import Simulator
from kms_teach.teaching.claim import called
from kms_teach.teaching.trial import NOTE, scratch

ROTATE = r"\brotat(e|es|ed|ion|ions|ing)\b"

NONCE = bytes(12)  # the key encrypts once


def _rotations(kms: Any, key_id: str) -> int:
    return len(kms.list_key_rotations(KeyId=key_id)["Rotations"])


def _managed(day: int, expected: int) -> Case:
    """How often aws/s3 has rotated on a day, counted from its making."""
    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        kms, s3 = sim.client("kms"), sim.client("s3")
        s3.create_bucket(Bucket="notes-of-a-year")
        s3.put_object(Bucket="notes-of-a-year", Key="note", Body=NOTE, ServerSideEncryption="aws:kms")
        sim.advance(days=day)
        key = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["KeyId"]
        found = _rotations(kms, key)
        return Case(f"aws/s3, {day:,} days later", found == expected, f"Rotations: {found}.", sim.trail[-1])


def every_three_years() -> list[Case]:
    return [_managed(366, 0), _managed(1100, 1)]


def every_year() -> list[Case]:
    return [_managed(366, 1), _managed(1100, 3)]


def a_year_and_no_other() -> list[Case]:
    sim, kms, key = scratch()
    kms.enable_key_rotation(KeyId=key)
    period = kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"]
    cases = [Case("unless you say otherwise", period == 365, f"The period is {period} days.", sim.trail[-1])]
    return cases + [
        called(sim.trail, f"{days} days are refused", False, kms.enable_key_rotation, KeyId=key,
               RotationPeriodInDays=days) for days in (90, 180)
    ]  # fmt: skip


def chosen() -> list[Case]:
    sim, kms, key = scratch()
    call = kms.enable_key_rotation
    return [
        called(
            sim.trail,
            f"{days:,} days: {'taken' if well else 'refused'}",
            well,
            call,
            KeyId=key,
            RotationPeriodInDays=days,
        )
        for days, well in ((89, False), (90, True), (2560, True), (2561, False))
    ]


def not_yours_to_see() -> list[Case]:
    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        s3 = sim.client("s3")
        s3.create_bucket(Bucket="notes-of-a-year")
        put = called(sim.trail, "an object under an AWS owned key", True, s3.put_object,
                     Bucket="notes-of-a-year", Key="note", Body=NOTE, ServerSideEncryption="AES256")  # fmt: skip
        asked = len(sim.trail.named("GenerateDataKey"))
        return [put, Case("its key in your trail", not asked, f"Calls to KMS in your trail: {asked}.", put.record)]


def every_kind() -> list[Case]:
    sim, kms, _ = scratch()
    kinds: dict[str, dict[str, str]] = {
        "symmetric, made by KMS": {},
        "for signatures": {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"},
        "HMAC": {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"},
        "for imported material": {"Origin": "EXTERNAL"},
    }
    keys = {name: kms.create_key(**how)["KeyMetadata"]["KeyId"] for name, how in kinds.items()}
    return [called(sim.trail, name, True, kms.enable_key_rotation, KeyId=each) for name, each in keys.items()]


def asymmetric() -> list[Case]:
    return [case for case in every_kind() if case.words == "for signatures"]


def old_data() -> list[Case]:
    sim, kms, key = scratch()
    stored = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
    first = kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"]
    kms.rotate_key_on_demand(KeyId=key)
    answer = kms.decrypt(CiphertextBlob=stored)
    by = "the old" if answer["KeyMaterialId"] == first else "the new"
    return [Case("a ciphertext from before", by == "the new", f"It is opened by {by} material.", sim.trail[-1])]


def kept() -> list[Case]:
    (case,) = old_data()
    return [Case(case.words, not case.held, case.shown, case.record)]


def cut_off() -> list[Case]:
    sim, kms, key = scratch()
    stolen = envelope.generate(kms, key).cipher()
    file = stolen.encrypt(NONCE, NOTE, None)
    kms.rotate_key_on_demand(KeyId=key)
    opened = stolen.decrypt(NONCE, file, None) == NOTE
    shown = f"After the rotation the stolen key {'opens' if opened else 'does not open'} the file."
    return [Case("a file under a stolen data key", not opened, shown, sim.trail[-1])]


def a_new_key() -> list[Case]:
    sim, kms, key = scratch()
    before = len(kms.list_keys()["Keys"])
    kms.rotate_key_on_demand(KeyId=key)
    record = sim.trail[-1]
    more = len(kms.list_keys()["Keys"]) - before
    return [Case("KMS keys, before and after", more > 0, f"{more or 'None'} more; its id is the same.", record)]


def imported_too() -> list[Case]:
    sim, kms, key = scratch(Origin="EXTERNAL")
    imports.bring(kms, key, os.urandom(32))
    imports.bring(kms, key, os.urandom(32), ImportType="NEW_KEY_MATERIAL")
    words = "new material in the same key, and RotateKeyOnDemand"
    return [called(sim.trail, f"{words}, are refused", False, kms.rotate_key_on_demand, KeyId=key)]


def ten_times() -> list[Case]:
    sim, kms, key = scratch()
    for _ in range(10):
        kms.rotate_key_on_demand(KeyId=key)
    return [called(sim.trail, "the eleventh is refused", False, kms.rotate_key_on_demand, KeyId=key)]


def moves_the_date() -> list[Case]:
    sim, kms, key = scratch()
    kms.enable_key_rotation(KeyId=key)
    dates = [kms.get_key_rotation_status(KeyId=key)["NextRotationDate"]]
    sim.advance(days=100)
    kms.rotate_key_on_demand(KeyId=key)
    dates.append(kms.get_key_rotation_status(KeyId=key)["NextRotationDate"])
    moved = dates[0] != dates[1]
    return [Case("the planned date", moved, "It moved." if moved else "It did not move.", sim.trail[-1])]
