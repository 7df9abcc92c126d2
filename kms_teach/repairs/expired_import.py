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
    "IncorrectKeyMaterialException": "Those are other bytes than before. A key that had material takes that back, and "
    f"no other: the first ones are `{MATERIAL}` in the bucket `{SAFE}`.",
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
        return Outcome(False, _why_shut(work, scene.state(sim, key)))
    sim.advance(days=DAYS)
    if not scene.decrypts(scanner, blob):
        return Outcome(
            False, f"It opens, and within {DAYS} days it would stop again, for the same reason. Import the same bytes "
            "once more, with a later ValidTo or with none.",
        )  # fmt: skip
    return Outcome(
        True, f"Open, and still in {DAYS} days. KMS keeps no copy of what you import: what the safe keeps is the key.",
    )  # fmt: skip


def _why_shut(work: Work, state: str) -> str:
    sent = [r for r in work.since if r.operation == "ImportKeyMaterial"]
    if state == "PendingImport":
        if sent and not sent[-1].worked:
            return WHY.get(sent[-1].error, f"The import ended in {sent[-1].error}.")
        if work.done("CreateKey", "UpdateAlias"):
            return (
                "Another key, with whatever material, opens nothing of the old scans: a blob names the KMS key as well "
                "as the bytes."
            )
        if work.refused("EnableKey"):
            return "EnableKey is refused: nothing was switched off here. The key is there, and empty."
        return "The key is PendingImport: it is there, with its name and its policy, and has no material any more."
    if state != "Enabled":
        return f"The key is {state}. It was only empty before: have it Enabled, with its material."
    return f"The key has material, and `{REPORTER}` still cannot open `{SCAN}`: look at its last call."


TASK = Task(
    f"`{REPORTER}` cannot open `{SCAN}` of the bucket `{SCANS}` any more: the material of `{ALIAS}`, `scans_key`, "
    f"was imported and has expired. The bytes are in the safe, `{MATERIAL}` in the bucket `{SAFE}` (here: `material`). "
    f"Let it open again, and for {DAYS} days from now at least.",
    expired,
    (
        "DescribeKey tells the state, and that the key's origin is EXTERNAL. Whose job is it to bring the material?",
        (
            "GetParametersForImport, wrap the same 32 bytes under its PublicKey, ImportKeyMaterial. "
            "`client_side.imports` wraps; `openssl pkeyutl` does it in a terminal."
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
    "Decrypt says KMSInvalidStateException. Nobody has touched the key; it simply stopped.",
    "since Friday evening", 2, ("lifecycle",), (TASK,),
)  # fmt: skip
