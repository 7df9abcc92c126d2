"""The second task of "Conditions, accounts, organizations": one of the gates refuses, and only that one is opened."""

from typing import Any

from kms_teach.access.reasons import BY_GRANT, Check
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

ROLE = "billing"
KEY = "Invoices"  # its description
MAY_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
LIMIT = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["s3:*", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey"], "Resource": "*"},
]}  # fmt: skip
KEPT = ("PutKeyPolicy", "DisableKey")  # what the boundary keeps the role from

LIMITED = (
    "AWS's words name the permissions boundary: it allows what is in it and nothing else, whoever says yes beside it."
)


def invoices(sim: Simulator) -> dict[str, Any]:
    """A role that may all by its IAM policy, and by its boundary encrypt alone; it has encrypted an invoice."""
    role = sim.role(ROLE, policies=[MAY_ALL], boundary=LIMIT)
    key: str = sim.client("kms").create_key(Description=KEY)["KeyMetadata"]["Arn"]
    return {"invoice": role.client("kms").encrypt(KeyId=key, Plaintext=b"14 boats, 7,000 dollars.")["CiphertextBlob"]}


def _opened(sim: Simulator) -> Outcome:
    """The role has decrypted the invoice, and may still not change its key."""
    records = list(sim.trail)
    begin = max((at for at, record in enumerate(records) if _made(record)), default=None)
    if begin is None:
        return Outcome(False, "There is no invoice yet: press “Start again”.")
    key, later = records[begin].event["resources"][0]["ARN"], records[begin + 1 :]
    tries = [record for record in later if record.operation == "Decrypt" and _about(record, key)]
    by_role = [record for record in tries if record.caller == ROLE]
    if not by_role:
        whose = f" Somebody else opened the invoice, but {ROLE} must." if tries else ""
        return Outcome(False, f"{ROLE} has not called Decrypt yet: let it, and read what AWS names.{whose}")
    if not by_role[-1].worked:
        return Outcome(False, _why(sim, by_role[-1]))
    who = sim.who_may(key, ("Decrypt", *KEPT))
    (role,) = (arn for arn in who.rows if f":assumed-role/{ROLE}/" in arn)
    if any(who.cells[role, name].allowed for name in KEPT):
        gone = sim.authorization(by_role[-1]).documents.boundary is None
        return Outcome(
            False,
            f"{ROLE} decrypts. But its permissions boundary is {'gone' if gone else 'wide open'}: its IAM policy says "
            "`kms:*`, so now it may change the key too. Open that gate for `kms:Decrypt`, and leave it standing.",
        )
    if not who.cells[role, "Decrypt"].allowed:
        return Outcome(False, f"{ROLE} has decrypted, and may no longer: let the right stay.")
    round_ = by_role[-1].decision is not None and by_role[-1].decision.decisive.check is not Check.IAM
    by = "The way leads round the boundary: what allows names the session itself." if round_ else "The boundary stands."
    return Outcome(True, f"Open: {ROLE} decrypts, and still cannot change the key. {by}")


def _why(sim: Simulator, refused: Record) -> str:
    """What refused the last try, and the belief behind what was changed."""
    decision = refused.decision
    if decision is None or decision.allowed:
        return f"The last Decrypt ended in {refused.error}: send the bytes of `invoice` unchanged."
    if decision.decisive.check is not Check.BOUNDARY:
        return f"The last Decrypt by {ROLE} was {decision.explain()}. That gate was open before: put it back."
    if decision.says_yes(Check.NAMED):
        return f"{LIMITED} A key policy that names the role does not lead round it: sessions of a role keep its limits."
    if decision.says_yes(*BY_GRANT):
        return f"{LIMITED} A grant to the role does not lead round it: sessions of a role keep its limits."
    if len(sim.authorization(refused).documents.identity) > 1:
        return f"{LIMITED} Another IAM policy adds nothing: the first one says `kms:*` already."
    return LIMITED


def _made(record: Record) -> bool:
    return record.operation == "CreateKey" and record.parameters.get("description") == KEY and record.worked


def _about(record: Record, key: str) -> bool:
    return any(resource["ARN"] == key for resource in record.event.get("resources", ()))


NUDGE = f"Let {ROLE} decrypt, and read the end of the denial to its last word: which kind of policy does it name?"
WHERE = (
    f'Draw it: `picture.gates(picture.Gates.of(sim.authorization(sim.trail[-1])))`. `sim.role("{ROLE}", policies=…, '
    "boundary=…)` gives the role the same IAM policy and another boundary: what was in it, and `kms:Decrypt`."
)
HOW = f"""may_all = {{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}}
within = {{"Effect": "Allow", "Resource": "*", "Action": [
    "s3:*", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:Decrypt"]}}
billing = sim.role("{ROLE}", policies=[{{"Version": "2012-10-17", "Statement": [may_all]}}],
                   boundary={{"Version": "2012-10-17", "Statement": [within]}})
billing.client("kms").decrypt(CiphertextBlob=invoice)"""

OPEN_ONE_GATE = Task(
    f"The role `{ROLE}` encrypts invoices, and is refused when it decrypts `invoice`. Find the gate that refuses, and "
    f"open it for `kms:Decrypt`. {ROLE} must still not change or disable the key.",
    invoices, (NUDGE, WHERE, HOW), _opened,
)  # fmt: skip
