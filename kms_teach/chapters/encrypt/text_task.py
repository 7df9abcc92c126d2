"""The second task of "Encrypt, and the 4 KB limit": a ciphertext that the `aws` command wrote as text."""

import base64
from typing import Any

from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

PERSON = "cleo"
MAY_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
OPENING = ("Decrypt", "ReEncrypt")


def from_the_terminal(sim: Simulator) -> dict[str, Any]:
    """Let Cleo encrypt a note, and keep what the `aws` command prints: base64, in lines."""
    cleo = sim.user(PERSON, policies=[MAY_ALL]).client("kms")
    key = cleo.create_key(Description="Cleo's notes")["KeyMetadata"]["KeyId"]
    blob = cleo.encrypt(KeyId=key, Plaintext=b"The lighthouse needs a new lamp.")["CiphertextBlob"]
    return {"written": base64.encodebytes(blob).decode()}


def _opened(sim: Simulator) -> Outcome:
    """What Cleo encrypted last has been opened."""
    records = list(sim.trail)
    last = max((at for at, r in enumerate(records) if r.caller == PERSON and r.operation == "Encrypt"), default=None)
    if last is None:
        return Outcome(False, "Cleo has encrypted nothing yet: press “Start again”.")
    sealed, later = records[last], records[last + 1 :]
    size, key = sealed.returned["CiphertextBlob"], sealed.used[0].key_arn
    tries = [record for record in later if record.operation in OPENING]
    if any(record.worked and record.used[0].key_arn == key for record in tries):
        return Outcome(True, f"Open: {size} bytes went to KMS, and not their {_as_text(size)} characters.")
    if not tries:
        return Outcome(False, "Nobody has tried to open it since Cleo wrote it.")
    return Outcome(False, _reason(tries[-1], size))


def _reason(refused: Record, size: int) -> str:
    """The belief behind the last try, by how many bytes were sent."""
    sent = refused.sent.get("CiphertextBlob", 0)
    if refused.worked:
        return "You opened something, but not what Cleo wrote: decrypt what stands in `written`."
    if refused.error == "IncorrectKeyException":
        return "The last try named another key. Leave the KeyId out: the bytes name their key themselves."
    if refused.error != "InvalidCiphertextException":
        return f"The last try was refused: {refused.error}. Call as somebody who may, such as the root user."
    if sent > size:
        return (
            f"You sent {sent} bytes: the text itself. base64 writes 3 bytes as 4 characters, and breaks them into "
            f"lines. boto3 takes the bytes that they stand for."
        )
    if sent < size:
        return f"You sent {sent} bytes of {size}: something was cut off. The text has more than one line."
    return "These are as many bytes as KMS gave, but not the same: decode the text, and change nothing else."


def _as_text(size: int) -> int:
    return len(base64.b64encode(bytes(size)))


NUDGE = (
    "Look at `written`: which characters is it made of, and how many are there? What did `Encrypt` give you in Python?"
)
WHERE = (
    "JSON has no bytes, so the `aws` command prints them in base64. boto3 has undone that before you see an answer; "
    "with what a command wrote you do it yourself: the module `base64`."
)
HOW = """import base64

blob = base64.b64decode(written)
sim.client("kms").decrypt(CiphertextBlob=blob)"""

OPEN_WHAT_WAS_PRINTED = Task(
    "Cleo encrypted a note with the `aws` command and mailed you what it printed: `written`. boto3 says "
    "`InvalidCiphertextException` to it. Open the note.",
    from_the_terminal, (NUDGE, WHERE, HOW), _opened,
)  # fmt: skip
