"""The tasks of "What a KMS key is": a key that a partner can use without AWS, and a letter that moves to a Region."""

from typing import Any

from kms_teach.keys.specs import SPECS
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

HERE, THERE = "us-east-1", "eu-west-1"
LETTER = b"The ship leaves from pier 7 at a quarter to nine."
# KeyUsage -> whether whoever has the public half can send something that only the key's owner reads
PRIVATE = {"ENCRYPT_DECRYPT": True, "KEY_AGREEMENT": True, "ENCAPSULATE_DECAPSULATE": True, "SIGN_VERIFY": False}
BEGIN = "Letters to us"  # what the key of the situation is described as
NO_HALF = "has no public half: whoever could encrypt with it could decrypt as well"


def nothing_yet(sim: Simulator) -> dict[str, Any]:
    """Make one symmetric key, as `CreateKey` does without parameters."""
    return {"old_key": sim.client("kms").create_key(Description=BEGIN)["KeyMetadata"]["KeyId"]}


def _partner_can_write(sim: Simulator) -> Outcome:
    """GetPublicKey gave out the public half of a key pair that encrypts or agrees on a secret."""
    records = _since_the_beginning(sim)
    made = _made(records)
    given = [r for r in records if r.operation == "GetPublicKey" and r.worked]
    usages = [made[arn]["keyUsage"] for r in given if (arn := _arn(r)) in made]
    for usage in usages:
        if PRIVATE[usage]:
            return Outcome(True, f"Give the partner these bytes. The private half, for {usage}, stays in the HSM.")
    if usages:
        return Outcome(
            False, "That key signs: the partner could check your letters, and not write to you. A key has one usage "
            "for all its life, so make another.",
        )  # fmt: skip
    tried = [r for r in records if r.operation == "GetPublicKey" and not r.worked]
    if tried:
        specs = [made[arn]["keySpec"] for r in tried if (arn := _arn(r)) in made]
        which = f"A key of spec {specs[-1]}" if specs else "That key"
        return Outcome(False, f"{which} {NO_HALF}. Which key specs are key pairs?")
    if any(r.worked for r in records if r.operation.startswith("GenerateDataKeyPair")):
        return Outcome(
            False, "A data key pair is not a KMS key: its private half left the HSM, and KMS keeps none of it."
        )
    if any(SPECS[key["keySpec"]].key_pair for key in made.values()):
        return Outcome(False, "There is a key pair. Now fetch the half that the partner may have.")
    return Outcome(False, "There is no key pair yet, only keys that are secret as a whole.")


def _since_the_beginning(sim: Simulator) -> list[Record]:
    """What was called since the situation was made last; all, if it never was."""
    records = list(sim.trail)
    begins = [at for at, r in enumerate(records) if r.parameters.get("description") == BEGIN]
    return records[begins[-1] :] if begins else records


def _made(records: list[Record]) -> dict[str, dict[str, Any]]:
    """The keys that were made: ARN, and what CreateKey answered."""
    answers = [
        record.event["responseElements"]["keyMetadata"]
        for record in records
        if record.operation == "CreateKey" and record.worked
    ]
    return {answer["arn"]: answer for answer in answers}


def _arn(record: Record) -> str:
    """The ARN of the key that a call was about; "" if none was found."""
    resources = record.event.get("resources") or [{}]
    return str(resources[0].get("ARN", ""))


def letter_at_home(sim: Simulator) -> dict[str, Any]:
    """Encrypt a letter in us-east-1."""
    kms = sim.client("kms", region=HERE)
    key = kms.create_key(Description="The letter's")["KeyMetadata"]["Arn"]
    return {"letter": kms.encrypt(KeyId=key, Plaintext=LETTER)["CiphertextBlob"]}


def _read_there(sim: Simulator) -> Outcome:
    """The letter was opened where its key is, and bytes of its length came out of a Decrypt in the other Region."""
    records = list(sim.trail)
    sealed = max((at for at, r in enumerate(records) if _is_letter(r)), default=None)
    if sealed is None:
        return Outcome(False, "There is no letter yet: press “Start again”.")
    key, since = records[sealed].used[0].key_arn, records[sealed + 1 :]
    opened = [r for r in since if any((u.key_arn, u.role) == (key, "decrypts") for u in r.used)]
    uses = [r for r in since if r.operation in ("Decrypt", "Encrypt", "ReEncrypt")]
    there = [r for r in uses if r.event["awsRegion"] == THERE]
    read = [r for r in there if r.operation == "Decrypt" and r.returned.get("Plaintext") == len(LETTER)]
    if opened and read:
        return Outcome(True, f"{THERE} opens its own copy. The old key was used in {HERE}, where it is.")
    if any(r.returned.get("Plaintext") for r in there):
        return Outcome(False, f"In {THERE} something else was decrypted, not what the letter says.")
    refused = [r for r in uses if r.error and r.operation != "Encrypt"]
    if refused and refused[-1].event["awsRegion"] == THERE:
        return Outcome(
            False, f"The last call in {THERE} was refused: `{refused[-1].error}`. A ciphertext is opened by the KMS of "
            "its own Region: no ARN and no alias carries the key along.",
        )  # fmt: skip
    if refused and refused[-1].operation == "ReEncrypt":
        return Outcome(False, "ReEncrypt works with two keys of one Region: both must be where you call.")
    if opened and not there:
        return Outcome(False, f"The letter is open in {HERE}. {THERE} needs a ciphertext under a key of its own.")
    if opened:
        return Outcome(False, f"There is a ciphertext in {THERE}. Decrypt it there, to see that it opens.")
    return Outcome(False, f"Nobody has opened the letter since it was encrypted in {HERE}.")


def _is_letter(record: Record) -> bool:
    sent = record.sent.get("Plaintext") == len(LETTER)
    return record.operation == "Encrypt" and sent and record.worked and record.event["awsRegion"] == HERE


PAIR = """kms = sim.client("kms")
pair = kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
for_the_partner = kms.get_public_key(KeyId=pair)["PublicKey"]"""
A_KEY_FOR_THE_PARTNER = Task(
    "A partner without AWS wants to encrypt letters that only you can decrypt. Make the right key, and get from KMS "
    "what the partner needs.",
    nothing_yet,
    (
        "Which kind of key has a half that everybody may have?",
        "`CreateKey` takes a KeySpec and a KeyUsage; `GetPublicKey` gives the half that may leave.",
        PAIR,
    ),
    _partner_can_write,
)

MOVE = """here, there = sim.client("kms"), sim.client("kms", region="eu-west-1")
text = here.decrypt(CiphertextBlob=letter)["Plaintext"]
key = there.create_key()["KeyMetadata"]["KeyId"]
copy = there.encrypt(KeyId=key, Plaintext=text)["CiphertextBlob"]
there.decrypt(CiphertextBlob=copy)"""
READ_IT_IN_EUROPE = Task(
    f"`letter` was encrypted in {HERE}. Have KMS in {THERE} decrypt what it says.",
    letter_at_home,
    (
        "Where is the one KMS that can open it, and what can travel from there?",
        f'`sim.client("kms", region="{THERE}")` calls the other Region. It needs a key of its own.',
        MOVE,
    ),
    _read_there,
)
