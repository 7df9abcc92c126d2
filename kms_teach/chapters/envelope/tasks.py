"""The task of "Envelope encryption": give a file another KMS key, and do not touch the file for it."""

from collections.abc import Sequence
from contextlib import suppress
from importlib.resources import files
from typing import Any

from kms_teach.chapters.envelope.context_task import BIND_TO_THE_FILE
from kms_teach.client_side import envelope
from kms_teach.drawing import look
from kms_teach.hsm.blob import OVERHEAD
from kms_teach.keys.specs import DATA_KEY_SIZES
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

__all__ = [
    "BIND_TO_THE_FILE",
    "MOVE",
]

OLD, NEW = "alias/photos", "alias/archive"
CONTEXT = {"file": "lake.jpg"}
PLAIN = DATA_KEY_SIZES["AES_256"]  # bytes
WRAPPED = PLAIN + OVERHEAD

AGAIN = (
    "That is a new data key: the file would have to be encrypted again, all of it. Its old data key can stay, and only"
    " the envelope around that key must change."
)
ROTATED = "Rotation gives a KMS key new key material. It is the same KMS key, and the file still hangs on it."
RENAMED = "An alias is a name for calls to come. The encrypted data key names the KMS key that made it, alias or not."
NAMED = "To name another KMS key in Decrypt changes nothing: the encrypted data key was made by the old one."
NESTED = "Now an envelope lies in an envelope: the old KMS key is still needed for the inner one."
THE_FILE = "The file itself need not go to KMS, not even in pieces: what must move is its data key."


def photo(sim: Simulator) -> dict[str, Any]:
    """Store a photo whose data key is encrypted under `alias/photos`, and make an empty `alias/archive` beside it."""
    kms = sim.client("kms")
    for name in (OLD, NEW):
        with suppress(kms.exceptions.NotFoundException):  # of an earlier begin
            kms.delete_alias(AliasName=name)
        kms.create_alias(AliasName=name, TargetKeyId=kms.create_key(Description=name)["KeyMetadata"]["KeyId"])
    with envelope.generate(kms, OLD, CONTEXT) as key:
        nonce, lake = bytes(12), (files("kms_teach.chapters.envelope") / "lake.jpg").read_bytes()
        stored = {"key": key.encrypted, "nonce": nonce, "data": key.cipher().encrypt(nonce, lake, None)}
    return {"stored": stored, "context": CONTEXT}


def _moved(sim: Simulator) -> Outcome:
    """A data key that was made under another KMS key is encrypted under the new one, and opened there."""
    named = [a for page in sim.client("kms").get_paginator("list_aliases").paginate() for a in page["Aliases"]]
    ids = [alias.get("TargetKeyId", "") for alias in named if alias["AliasName"] == NEW]
    if not ids:
        return Outcome(False, f"There is no `{NEW}` yet: press “Start again”.")
    records, new = list(sim.trail), ids[0]
    if not any(_is(record, "GenerateDataKey") and not _uses(record, new) for record in records):
        return Outcome(False, f"First encrypt a file with a data key of another KMS key than `{NEW}`.")
    moves = [at for at, record in enumerate(records) if _moves(record, records[:at], new)]
    if not moves:
        return _astray(records, new)
    if any(_is(record, "Decrypt") and _uses(record, new) for record in records[moves[-1] :]):
        sent = look.size(sum(records[moves[-1]].sent.values()))
        return Outcome(True, f"{sent} went to KMS to move the file. For a gigabyte it would have been no more.")
    return Outcome(False, f"The data key is encrypted under `{NEW}` now. Decrypt it once, to be sure that it opens.")


def _moves(record: Record, before: Sequence[Record], new: str) -> bool:
    """ReEncrypt does it in one call; Decrypt and Encrypt do it in two, through your memory."""
    if _is(record, "ReEncrypt"):
        return _uses(record, new) and any(not used.key_arn.endswith(new) for used in record.used)
    if not (_is(record, "Encrypt") and _uses(record, new) and record.sent.get("Plaintext") == PLAIN):
        return False
    return any(_is(r, "Decrypt") and not _uses(r, new) and r.returned["Plaintext"] == PLAIN for r in before)


def _astray(records: Sequence[Record], new: str) -> Outcome:
    """Name the belief behind the last act since the new key has its name."""
    named = (r for r in records if _is(r, "CreateAlias") and r.parameters["aliasName"] == NEW)
    since = records.index(next(named))
    beliefs = (_belief(record, new) for record in reversed(records[since:]))
    return Outcome(False, next(filter(None, beliefs), f"Nothing was moved to `{NEW}` yet."))


def _belief(record: Record, new: str) -> str:
    sent = record.sent.get("Plaintext")
    match record.operation:
        case "GenerateDataKey" if _uses(record, new):
            return AGAIN
        case "RotateKeyOnDemand" if record.worked:
            return ROTATED
        case "UpdateAlias" if record.worked:
            return RENAMED
        case "Decrypt" if record.error == "IncorrectKeyException":
            return NAMED
        case "Encrypt" if sent == WRAPPED:
            return NESTED
        case "Encrypt" if sent != PLAIN:
            return THE_FILE
    return ""


def _is(record: Record, operation: str) -> bool:
    return record.operation == operation and record.worked


def _uses(record: Record, key_id: str) -> bool:
    return any(used.key_arn.endswith(key_id) for used in record.used)


NUDGE = "Look at what is stored: which part of it hangs on the KMS key, and how many bytes does that part have?"
WHICH = "One call takes an encrypted data key under one KMS key, and gives it back under another."
HOW = """kms = sim.client("kms")
moved = kms.re_encrypt(
    CiphertextBlob=stored["key"], SourceEncryptionContext=context, DestinationKeyId="alias/archive")
kms.decrypt(CiphertextBlob=moved["CiphertextBlob"])"""

MOVE = Task(
    f'Give the photo in `stored` another KMS key: make its data key, `stored["key"]`, open with `{NEW}`, without '
    "encrypting the photo again. Its encryption context is `context`.",
    photo,
    (NUDGE, WHICH, HOW),
    _moved,
)
