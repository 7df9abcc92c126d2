"""The second task of "Envelope encryption": data keys that were wrapped without a context get one each."""

from typing import Any

from kms_teach.hsm.blob import OVERHEAD
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

KEY = "Files without a context"  # its description
SIZES = {"a.txt": 16, "b.txt": 32, "c.txt": 64}  # bytes of their data keys: by these the trail tells them apart

NEW_KEYS = "Those are new data keys: no file opens with them. The old ones stay, and get another envelope each."
NOT_SINCE = (
    "A context belongs to a ciphertext since it was made: what was encrypted without one is refused with one. It "
    "must be encrypted anew, with the context."
)
IN_MEMORY = (
    "It is done, but by Decrypt and Encrypt: each data key went through your memory in plaintext. ReEncrypt does it "
    "inside KMS. Start again, and try that."
)


def unbound(sim: Simulator) -> dict[str, Any]:
    """Make three data keys without an encryption context, encrypted alone."""
    kms = sim.client("kms")
    key = kms.create_key(Description=KEY)["KeyMetadata"]["Arn"]
    keys = {
        name: kms.generate_data_key_without_plaintext(KeyId=key, NumberOfBytes=size)["CiphertextBlob"]
        for name, size in SIZES.items()
    }
    return {"data_keys": keys}


def _bound(sim: Simulator) -> Outcome:
    """Each data key is under its own file's name, was opened so, and nobody saw it in between."""
    records = list(sim.trail)
    begin = max((at for at, record in enumerate(records) if _made(record)), default=None)
    if begin is None:
        return Outcome(False, "There are no data keys yet: press “Start again”.")
    later = records[begin + 1 + len(SIZES) :]
    renewed = [record for record in later if record.operation in ("ReEncrypt", "Encrypt") and record.worked]
    bound = {
        name: [r for r in renewed if _size(r) == size and _context(r) == {"file": name}] for name, size in SIZES.items()
    }
    missing = [name for name, found in bound.items() if not found]
    if missing:
        return Outcome(False, _why_not(later, renewed, missing))
    opened = {name for name, size in SIZES.items() if any(_opens(record, name, size) for record in later)}
    if unopened := [name for name in SIZES if name not in opened]:
        return Outcome(False, f"Each has its context now. Decrypt that of {_list(unopened)} once, to be sure it opens.")
    if not all(any(r.operation == "ReEncrypt" for r in found) for found in bound.values()):
        return Outcome(False, IN_MEMORY)
    return Outcome(True, "Bound: a policy can ask for a file's name now, and no data key left KMS in plaintext for it.")


def _why_not(later: list[Record], renewed: list[Record], missing: list[str]) -> str:
    if any(record.operation.startswith("GenerateDataKey") and record.worked for record in later):
        return NEW_KEYS
    others = [record for record in renewed if _context(record) and _context(record) not in [{"file": n} for n in SIZES]]
    if others:
        return f"The context is {_context(others[-1])}: it is to be `file` and the name, for each data key its own."
    wrong = [r for r in renewed if _context(r) in [{"file": n} for n in SIZES if SIZES[n] != _size(r)]]
    if wrong:
        return f"A data key was given the name of another file: {_context(wrong[-1])['file']}."
    if any(r.operation == "ReEncrypt" and r.worked and not _context(r) for r in later):
        return "It was encrypted anew without a context: the new one is `DestinationEncryptionContext`."
    if any(r.error == "InvalidCiphertextException" for r in later):
        return NOT_SINCE
    return f"Without a context still: the data key of {_list(missing)}."


def _opens(record: Record, name: str, size: int) -> bool:
    right = record.operation == "Decrypt" and record.worked and record.returned["Plaintext"] == size
    return right and _context(record) == {"file": name}


def _size(record: Record) -> int:
    """How long the data key is that was encrypted anew."""
    if record.operation == "ReEncrypt":
        return record.sent["CiphertextBlob"] - OVERHEAD
    return record.sent["Plaintext"]


def _context(record: Record) -> dict[str, str]:
    name = "destinationEncryptionContext" if record.operation == "ReEncrypt" else "encryptionContext"
    return dict(record.parameters.get(name) or {})


def _list(names: list[str]) -> str:
    return ", ".join(names)


def _made(record: Record) -> bool:
    return record.operation == "CreateKey" and record.parameters.get("description") == KEY and record.worked


NUDGE = "Where is the context of a data key kept: in the file, in the policy, or in its envelope? Who can renew that?"
WHERE = (
    "`ReEncrypt` takes a ciphertext and its context, here none, and gives another one: `DestinationEncryptionContext`. "
    "It may be under the same KMS key."
)
HOW = """kms = sim.client("kms")
same = sim.trail.named("GenerateDataKeyWithoutPlaintext")[-1].used[0].key_arn
for name, wrapped in data_keys.items():
    renewed = kms.re_encrypt(
        CiphertextBlob=wrapped, DestinationKeyId=same, DestinationEncryptionContext={"file": name})
    kms.decrypt(CiphertextBlob=renewed["CiphertextBlob"], EncryptionContext={"file": name})"""

BIND_TO_THE_FILE = Task(
    "`data_keys` holds the encrypted data keys of three files, by name. They were made without an encryption "
    "context, so a policy cannot tell them apart. Give each the context `file` = its name, without a data key ever "
    "being in plaintext while you do it; then decrypt each once.",
    unbound, (NUDGE, WHERE, HOW), _bound,
)  # fmt: skip
