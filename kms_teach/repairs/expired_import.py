"""Imported key material that expired: the bytes are in the safe, and only those will do."""

from datetime import timedelta
from typing import Any

from kms_teach.client_side import imports
from kms_teach.repairs import scene
from kms_teach.repairs.ticket import Ticket, Work, hand_over, judged
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task

ID = "expired-import"
REPORTER = "scanner"
SAFE, MATERIAL, SCANS, SCAN = "the-safe", "harbour-key.bin", "harbour-scans", "0001.blob"
KEY, ALIAS = "Harbour scans", "alias/harbour-scans"
DAYS = 180  # that it has to work from now on
SIZE = 32  # bytes: AES-256
WHY = {  # what an import ended in, and what it means
    "IncorrectKeyMaterialException": "Those are not the same bytes as before. A key that has had material takes only "
    f"that material back: it is `{MATERIAL}` in the bucket `{SAFE}`.",
    "InvalidCiphertextException": "KMS could not unwrap it: wrap under the PublicKey of the same answer, with the "
    "algorithm that you named there.",
    "InvalidImportTokenException": "The token belongs to another key, or to none: ask for this one's.",
    "ExpiredImportTokenException": "The token is older than 24 hours: ask for a new one.",
    "ValidationException": "Say until when: a ValidTo at most 365 days ahead, or KEY_MATERIAL_DOES_NOT_EXPIRE.",
}


def expired(sim: Simulator) -> dict[str, Any]:
    """Import material that expires within the hour, encrypt with it, and let that hour pass."""
    scanner = scene.user(sim, REPORTER, scene.allow(["kms:Encrypt", "kms:Decrypt"])).client("kms")
    kms = sim.client("kms")
    key, material = scene.key(sim, ALIAS, KEY, Origin="EXTERNAL"), kms.generate_random(NumberOfBytes=SIZE)["Plaintext"]
    imports.bring(kms, key, material, ExpirationModel="KEY_MATERIAL_EXPIRES", ValidTo=sim.now + timedelta(hours=1))
    blob = scanner.encrypt(KeyId=ALIAS, Plaintext=b"Plan of pier 7, 1931.")["CiphertextBlob"]
    scene.bucket(sim, SAFE, {MATERIAL: material})
    scene.bucket(sim, SCANS, {SCAN: blob})
    sim.advance(hours=2)
    scene.tries(scanner.decrypt, CiphertextBlob=blob)
    hand_over(sim, ID, REPORTER)
    return {"scans_key": key, "material": material}


def _open_again(sim: Simulator, work: Work) -> Outcome:
    """The scan opens, today and in half a year."""
    key, blob, scanner = work.key(KEY), scene.fetch(sim, SCANS, SCAN), sim.person(REPORTER)
    if not scene.decrypts(scanner, blob):
        return Outcome(False, _why_shut(work.about(key), scene.state(sim, key)))
    sim.advance(days=DAYS)
    if not scene.decrypts(scanner, blob):
        return Outcome(
            False, f"It opens, but within {DAYS} days it would stop again, for the same reason. Import the same bytes "
            "once more, with a later ValidTo or none.",
        )  # fmt: skip
    return Outcome(
        True, f"Open, and {DAYS} days from now it still is. KMS does not keep imported material for you: the copy in "
        "the safe is the key.",
    )  # fmt: skip


def _why_shut(work: Work, state: str) -> str:
    sent = [r for r in work.since if r.operation == "ImportKeyMaterial"]
    if state == "PendingImport":
        if sent and not sent[-1].worked:
            return WHY.get(sent[-1].error, f"The import ended in {sent[-1].error}.")
        if work.done("CreateKey", "UpdateAlias"):
            return (
                "Another KMS key opens none of the old scans, whatever its material: a ciphertext names the KMS key "
                "that made it."
            )
        if work.refused("EnableKey"):
            return "EnableKey is refused, since nothing was switched off. The key is there, but empty."
        return "The key is PendingImport: it still has its name and its policy, but no material any more."
    if state != "Enabled":
        return f"The key is {state}. Before, it was only empty: it has to be Enabled, with its material."
    return f"The key has material, and `{REPORTER}` still cannot open `{SCAN}`: look at its last call."


TASK = Task(
    f"`{REPORTER}` cannot open `{SCAN}` of the bucket `{SCANS}` any more: the material of `{ALIAS}`, `scans_key`, was "
    f"imported and has expired. The bytes are in the safe, `{MATERIAL}` in the bucket `{SAFE}` (here: `material`). "
    f"Make it open again, for at least {DAYS} days from now.",
    expired,
    (
        "DescribeKey shows the state, and that the key's origin is EXTERNAL. Whose job is it to bring the material?",
        (
            "Call GetParametersForImport, wrap the same 32 bytes under its PublicKey, call ImportKeyMaterial. In "
            "Python `client_side.imports` wraps them, in a terminal `openssl pkeyutl`."
        ),
        """from kms_teach.client_side import imports
kms = sim.client("kms")
given = kms.get_parameters_for_import(
    KeyId=scans_key, WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048")
kms.import_key_material(
    KeyId=scans_key, ImportToken=given["ImportToken"], ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE",
    EncryptedKeyMaterial=imports.wrap(given["PublicKey"], material))""",
    ),
    judged(ID, _open_again),
)
TICKET = Ticket(
    ID, "It worked until the weekend", REPORTER,
    "Decrypt says KMSInvalidStateException. Nobody has touched the key. It stopped by itself.",
    "since Friday evening", 2, ("lifecycle",), (TASK,),
)  # fmt: skip
