"""The second task of "Start here": a letter opens no more, and nobody has lost a permission."""

from typing import Any

from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

PERSON, SENDER = "ben", "carla"
KEY = "Letters to ben"  # its description
MAY_READ = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}]}
MAY_WRITE = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*"}]}

SWITCHED_OFF = (
    "`DisabledException` is not about permission: the key itself is switched off, for everybody. No policy, no grant "
    "and no other caller changes that. Look at the key's state."
)


def a_quiet_key(sim: Simulator) -> dict[str, Any]:
    """Let carla encrypt a letter to ben, who may decrypt; then somebody switches the key off."""
    sim.user(PERSON, policies=[MAY_READ])
    carla, kms = sim.user(SENDER, policies=[MAY_WRITE]).client("kms"), sim.client("kms")
    key = kms.create_key(Description=KEY)["KeyMetadata"]["Arn"]
    letter: bytes = carla.encrypt(KeyId=key, Plaintext=b"Come on Sunday.")["CiphertextBlob"]
    kms.disable_key(KeyId=key)
    return {"letter": letter}


def _ben_reads(sim: Simulator) -> Outcome:
    """Ben has decrypted with the key that was switched off."""
    records = list(sim.trail)
    begin = max((at for at, record in enumerate(records) if _made(record)), default=None)
    if begin is None:
        return Outcome(False, "There is no letter to ben yet: press “Start again”.")
    key = records[begin].event["resources"][0]["ARN"]
    later = [record for record in records[begin + 1 :] if _about(record, key)]
    off = next(at for at, record in enumerate(later) if record.operation == "DisableKey")
    since = later[off + 1 :]
    by_ben = [record for record in since if record.operation == "Decrypt" and record.caller == PERSON]
    if any(record.worked for record in by_ben):
        return Outcome(True, f"{PERSON} reads again. Nothing was lost: a key that is switched off keeps its material.")
    return Outcome(False, _why_not(records[begin + 1 :], since, by_ben))


def _why_not(all_later: list[Record], since: list[Record], by_ben: list[Record]) -> str:
    worked = [record.operation for record in since if record.worked]
    switches = [name for name in worked if name in ("EnableKey", "DisableKey")]
    on = switches[-1:] == ["EnableKey"]
    if "ScheduleKeyDeletion" in worked and "CancelKeyDeletion" not in worked:
        return "Now the key waits for its deletion. Cancel that; then it is where it was, and must be switched on."
    if any(record.operation == "EnableKey" and record.error == "AccessDeniedException" for record in since[-1:]):
        return f"{since[-1].caller} may not switch the key on. The root user may: `kms` of this chapter."
    if on and any(record.operation == "Decrypt" and record.worked for record in since):
        return f"The plaintext came back, but not to {PERSON}: whose client did you call?"
    if on:
        return f"The key is on again. Now let {PERSON} call Decrypt."
    if any(record.operation == "CreateKey" for record in all_later):
        return "A new key opens nothing that another key has encrypted, whatever its name and its policy."
    if any(record.error == "DisabledException" for record in since):
        return SWITCHED_OFF
    last = by_ben[-1].error if by_ben else ""
    return (
        f"The last Decrypt by {PERSON} ended in {last}." if last else f"Let {PERSON} call Decrypt: which error comes?"
    )


def _made(record: Record) -> bool:
    return record.operation == "CreateKey" and record.parameters.get("description") == KEY and record.worked


def _about(record: Record, key: str) -> bool:
    return any(resource["ARN"] == key for resource in record.event.get("resources", ()))


NUDGE = f"Let {PERSON} decrypt, and read the error's name. Is it the one that alice got?"
WHERE = "A KMS key can be switched off and on. `DescribeKey` tells the state; the trail tells who switched it off."
HOW = f"""ben = sim.user("{PERSON}").client("kms")
off = sim.trail.named("DisableKey")[-1].event["resources"][0]["ARN"]
sim.client("kms").enable_key(KeyId=off)
reader = {{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}}
ben = sim.user("{PERSON}", policies=[{{"Version": "2012-10-17", "Statement": [reader]}}]).client("kms")
ben.decrypt(CiphertextBlob=letter)"""

LET_BEN_READ_AGAIN = Task(
    f"`letter` is from {SENDER} to {PERSON}, who could read it until yesterday, and still may. Let him read it again.",
    a_quiet_key, (NUDGE, WHERE, HOW), _ben_reads,
)  # fmt: skip
