"""The task of "Start here": give one person the right to decrypt, and have her use it."""

from typing import Any

from kms_teach.chapters.start.switch_task import LET_BEN_READ_AGAIN, SENDER
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

__all__ = [
    "LET_ALICE_READ",
    "LET_BEN_READ_AGAIN",
]

PERSON = "alice"
ALIAS = "A policy must name the key's ARN, or `*`: an alias's ARN never stands for a key."


def letter(sim: Simulator) -> dict[str, Any]:
    """Encrypt a letter as the root user; alice has no policy."""
    sim.user(PERSON)
    kms = sim.client("kms")
    key = kms.create_key(Description="Letters")["KeyMetadata"]["KeyId"]
    return {"blob": kms.encrypt(KeyId=key, Plaintext=b"Meet me at noon.")["CiphertextBlob"]}


def _alice_reads(sim: Simulator) -> Outcome:
    """A Decrypt by alice went well, with a key under which somebody else has encrypted."""
    decrypts = [record for record in _since_the_letter(sim) if record.operation == "Decrypt"]
    by_alice = [record for record in decrypts if record.caller == PERSON]
    read = {used.key_arn for record in by_alice if record.worked for used in record.used}
    if read & _encrypted_by_others(sim):
        return Outcome(True, f"{PERSON} read what you had encrypted. Open her call: which step decided this time?")
    if read:
        return Outcome(False, f"{PERSON} decrypted only what she had encrypted herself. Let her open your ciphertext.")
    if decrypts and decrypts[-1].caller != PERSON and decrypts[-1].worked:
        return Outcome(False, f"The plaintext came back, but not to {PERSON}: whose client did you call?")
    if not by_alice:
        return Outcome(False, f"Since this task began, {PERSON} has not called Decrypt.")
    last = by_alice[-1]
    if last.decision and not last.decision.allowed:
        denial = f"The last Decrypt by {PERSON} was denied: {last.decision.decisive.read}."
        return Outcome(False, f"{denial} {ALIAS}" if len(by_alice) > 1 else denial)
    return Outcome(False, f"{PERSON} may, but her last Decrypt was refused: `{last.error}`.")


def _since_the_letter(sim: Simulator) -> list[Record]:
    """What was called since somebody encrypted last, other than alice, and carla, who writes to ben."""
    records, others = list(sim.trail), (PERSON, SENDER)
    sealed = [at for at, r in enumerate(records) if r.operation == "Encrypt" and r.caller not in others and r.worked]
    return records[sealed[-1] :] if sealed else records


def _encrypted_by_others(sim: Simulator) -> set[str]:
    """ARNs of the keys under which anybody but alice has encrypted."""
    others = [record for record in sim.trail if record.caller != PERSON and record.worked]
    return {used.key_arn for record in others for used in record.used if used.role == "encrypts"}


NUDGE = "Open her denied call: which step decided, and which document would have to say yes?"
WHERE = (
    "An IAM policy is enough, because the key policy lets the IAM policies of its account decide. "
    "Calling `sim.user` with her name again gives her new policies."
)
HOW = """allow = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
alice = sim.user("alice", policies=[{"Version": "2012-10-17", "Statement": [allow]}])
alice.client("kms").decrypt(CiphertextBlob=blob)"""

LET_ALICE_READ = Task(
    f"Let {PERSON} decrypt your ciphertext, `blob`, with her own client.", letter, (NUDGE, WHERE, HOW), _alice_reads
)
