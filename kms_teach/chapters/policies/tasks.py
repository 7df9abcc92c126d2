"""The task of "Key policies and IAM": a backup that nobody in the room can open.

A key policy names one role alone, so neither IAM policies nor the root user count. The repair lets the user that runs
the backups read, and nobody who should not.
"""

import json
from typing import Any

from kms_teach.chapters.policies.alias_task import NAME_THE_KEY
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

__all__ = [
    "NAME_THE_KEY",
    "OPEN_THE_BACKUP",
]

PERSON, KEEPER, OTHER = "nightly", "keeper", "intern"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}


def lock_out(sim: Simulator) -> dict[str, Any]:
    """Make a key whose policy names the role keeper alone, and a ciphertext under it."""
    keeper = sim.role(KEEPER)
    sim.user(PERSON, policies=[EVERYTHING])
    sim.user(OTHER, policies=[EVERYTHING])
    kms = sim.client("kms")
    key: str = kms.create_key(Description="Backups")["KeyMetadata"]["Arn"]
    blob: bytes = kms.encrypt(KeyId=key, Plaintext=b"Everything since 2019.")["CiphertextBlob"]
    only = {"Sid": "Keepers", "Effect": "Allow", "Principal": {"AWS": keeper.arn}, "Action": "kms:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [only]}, indent=2)
    kms.put_key_policy(KeyId=key, Policy=policy, BypassPolicyLockoutSafetyCheck=True)
    return {"backups": key, "blob": blob}


def _repaired(sim: Simulator) -> Outcome:
    """The backup user has opened the backup, and the intern, whose IAM policy says kms:*, still cannot."""
    records = list(sim.trail)
    begin = max((at for at, record in enumerate(records) if _locks(record)), default=None)
    if begin is None:
        return Outcome(False, "The key is not made yet: press “Start again”.")
    sealed = next(record for record in reversed(records[:begin]) if record.operation == "Encrypt")
    key, later = sealed.used[0].key_arn, records[begin + 1 :]
    who = sim.who_may(key, ("Decrypt", "PutKeyPolicy"))
    may = {arn.rpartition("/")[2] for arn in who.rows if who.cells[arn, "Decrypt"].allowed}
    opened = [r for r in later if _opens(r, key, sealed)]
    if not any(r.caller == PERSON for r in opened):
        return Outcome(False, _why_not(later, key))
    if PERSON not in may:
        return Outcome(False, f"{PERSON} has opened it, and may no longer: let the right stay until the next night.")
    if OTHER in may:
        return Outcome(
            False,
            f"{PERSON} opens it, and so does {OTHER}: where the key policy names the account, or everybody, the IAM "
            f"policy of {OTHER} counts too. Let the key policy name {PERSON}, and not the account.",
        )
    if not any(who.cells[arn, "PutKeyPolicy"].allowed for arn in who.rows):
        return Outcome(False, "It opens, but nobody can change this key policy any more: keep somebody who can.")
    return Outcome(
        True, f"Repaired: {PERSON} opens the backup, {OTHER} does not, and the key policy can still be changed."
    )


def _why_not(later: list[Record], key: str) -> str:
    """What the last attempt shows, with the belief behind it."""
    about = [r for r in later if any(used["ARN"] == key for used in r.event.get("resources", ()))]
    puts = [r for r in about if r.operation == "PutKeyPolicy"]
    attempts = [r for r in about if r.caller == PERSON and r.decision and not r.decision.allowed]
    if puts and puts[-1].error == "AccessDeniedException":
        return (
            f"{puts[-1].caller} may not change this key policy: being root, or having made the key, is no permission. "
            "Whom does the key policy name? Call as that one."
        )
    if puts and puts[-1].error:
        return f"The last key policy was refused: {puts[-1].event.get('errorMessage', puts[-1].error)}"
    if attempts and attempts[-1].decision and not any(r.worked for r in puts):
        return (
            f"{PERSON} is still denied, whatever the IAM policy says: this key policy does not let IAM decide. "
            "An edit of IAM alone changes nothing here."
        )
    if puts and not attempts:
        return f"The key policy is another one now. Let {PERSON} call Decrypt."
    if attempts and attempts[-1].decision:
        return f"The last Decrypt by {PERSON} was {attempts[-1].decision.explain()}."
    return f"{PERSON} has not opened the backup yet. Let {PERSON} try, and open the call: which step decides?"


def _locks(record: Record) -> bool:
    """The PutKeyPolicy with which `lock_out` ends."""
    policy, bypass = str(record.parameters.get("policy", "")), record.parameters.get("bypassPolicyLockoutSafetyCheck")
    named = "Keepers" in policy and f":role/{KEEPER}" in policy
    by_root = record.event["userIdentity"].get("type") == "Root"
    return record.operation == "PutKeyPolicy" and bool(bypass) and named and by_root


def _opens(record: Record, key: str, sealed: Record) -> bool:
    return (
        record.operation == "Decrypt" and record.worked and record.used[0].key_arn == key
        and record.sent.get("CiphertextBlob") == sealed.returned["CiphertextBlob"]
    )  # fmt: skip


NUDGE = (
    f"Let {PERSON} call Decrypt and draw the decision. Does the key policy let IAM decide? Then no IAM policy can help."
)
WHERE = (
    f'Only {KEEPER} may put another key policy: `keeper = sim.role("{KEEPER}")` and `keeper.client("kms")`. Keep the '
    f"statement on {KEEPER}, and add one that names {PERSON}."
)
HOW = """import json

keeper, nightly = sim.role("keeper").client("kms"), sim.user("nightly")
policy = json.loads(keeper.get_key_policy(KeyId=backups)["Policy"])
who = {"AWS": nightly.arn}
policy["Statement"].append({"Effect": "Allow", "Principal": who, "Action": "kms:Decrypt", "Resource": "*"})
keeper.put_key_policy(KeyId=backups, Policy=json.dumps(policy))
nightly.client("kms").decrypt(CiphertextBlob=blob)"""

OPEN_THE_BACKUP = Task(
    f"The key `backups` lets in nobody but the role {KEEPER}. Let the user {PERSON}, who runs the backups, decrypt "
    f"`blob`, and let {OTHER}, whose IAM policy says `kms:*`, stay outside.",
    lock_out,
    (NUDGE, WHERE, HOW),
    _repaired,
)
