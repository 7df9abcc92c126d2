"""The task of "Encrypt, and the 4 KB limit": open a backup whose encryption context its owner forgot."""

from typing import Any

from kms_teach.chapters.encrypt.blob_facts import Pairs, difference, words
from kms_teach.chapters.encrypt.text_task import OPEN_WHAT_WAS_PRINTED
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

__all__ = [
    "OPEN_BOBS_BACKUP",
    "OPEN_WHAT_WAS_PRINTED",
]

PERSON = "bob"
MAY_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
CONTEXTS = {"Decrypt": "encryptionContext", "ReEncrypt": "sourceEncryptionContext"}


def bobs_backup(sim: Simulator) -> dict[str, Any]:
    """Let Bob encrypt a backup with a context that he tells nobody."""
    bob = sim.user(PERSON, policies=[MAY_ALL]).client("kms")
    key = bob.create_key(Description="Bob's backups")["KeyMetadata"]["KeyId"]
    context = {"Job": "Nightly", "Day": f"{sim.now:%Y-%m-%d}"}
    secret = b"The spare key is under the third flowerpot."
    return {"backup": bob.encrypt(KeyId=key, Plaintext=secret, EncryptionContext=context)["CiphertextBlob"]}


def _opened(sim: Simulator) -> Outcome:
    """Decrypt or ReEncrypt has opened what Bob encrypted last."""
    records = list(sim.trail)
    last = max((at for at, record in enumerate(records) if _encrypted_by_bob(record)), default=None)
    if last is None:
        return Outcome(False, "Bob has encrypted nothing yet: press “Start again”.")
    sealed, calls = records[last], [record for record in records[last + 1 :] if record.operation in CONTEXTS]
    attempts = [record for record in calls if record.sent.get("CiphertextBlob") == sealed.returned["CiphertextBlob"]]
    for record in attempts:
        if record.worked and record.used[0].key_arn == sealed.used[0].key_arn:
            end = " It would have opened without the KeyId too." if "keyId" in record.parameters else ""
            return Outcome(
                True, f"Open: the trail had kept the context, {words(_context(record))}, for all to read.{end}"
            )
    if attempts:
        return Outcome(False, _reason(attempts[-1], _context(sealed, "encryptionContext")))
    if any(record.worked for record in calls):
        return Outcome(False, "You opened something, but not Bob's backup: decrypt `backup`.")
    return Outcome(False, "Nobody has tried to open Bob's backup since he made it.")


def _reason(refused: Record, sealed: Pairs) -> str:
    code = refused.error
    if code == "IncorrectKeyException":
        return "The last try named another key. Leave the KeyId out: the blob names its key itself."
    if code != "InvalidCiphertextException":
        return f"The last try was refused: {code}. Call as somebody who may decrypt, such as the root user."
    brought = _context(refused)
    return f"The last try brought the context {words(brought)}. {REASONS[difference(sealed, brought)]}"


ALTERED = "That is the right one, so the bytes were changed on the way: send them as they are."
REASONS = {
    "none": "But Bob gave one. Who else heard it when he called Encrypt? A context is no secret.",
    "case": "The words are right, but KMS compares every letter: mind the case.",
    "missing": "A pair is missing: KMS wants all of them.",
    "extra": "A pair is too many: KMS wants those of Encrypt and no other.",
    "other": "Bob gave another one: do not guess it, read it.",
    "same": ALTERED,
    "order": ALTERED,
}


def _encrypted_by_bob(record: Record) -> bool:
    return record.caller == PERSON and record.operation == "Encrypt" and record.worked


def _context(record: Record, name: str = "") -> Pairs:
    return tuple(record.parameters.get(name or CONTEXTS[record.operation], {}).items())


NUDGE = "KMS never forgets a call. Which record was written when Bob called Encrypt, and what stands in it?"
WHERE = (
    f'`[record for record in sim.trail if record.caller == "{PERSON}"]` are the calls of Bob; a record\'s `.event` has '
    "the `requestParameters`, as CloudTrail would show them."
)
HOW = """bobs = [record for record in sim.trail.named("Encrypt") if record.caller == "bob"]
context = bobs[-1].event["requestParameters"]["encryptionContext"]
sim.client("kms").decrypt(CiphertextBlob=backup, EncryptionContext=context)"""

OPEN_BOBS_BACKUP = Task(
    "Bob encrypted a `backup` and no longer knows the encryption context. Open it for him.", bobs_backup,
    (NUDGE, WHERE, HOW), _opened,
)  # fmt: skip
