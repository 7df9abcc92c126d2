"""The second task of "Key policies and IAM": an IAM policy that names an alias, where a key was meant."""

from contextlib import suppress
from typing import Any

from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

PERSON = "printer"
ALIAS, OTHER = "alias/labels", "alias/payslips"
NAMES_AN_ALIAS = (
    "`Resource` names the alias. An alias is a resource of its own: its ARN never stands for the key that it points at."
)


def labels(sim: Simulator) -> dict[str, Any]:
    """Two keys with an alias each, and a printer whose IAM policy names one alias."""
    kms = sim.client("kms")
    for name in (ALIAS, OTHER):
        with suppress(kms.exceptions.NotFoundException):  # of an earlier begin
            kms.delete_alias(AliasName=name)
        kms.create_alias(AliasName=name, TargetKeyId=kms.create_key(Description=name)["KeyMetadata"]["KeyId"])
    arn = f"arn:aws:kms:us-east-1:111122223333:{ALIAS}"
    statement = {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": arn}
    sim.user(PERSON, policies=[{"Version": "2012-10-17", "Statement": [statement]}])
    return {"label": b"14 boats, by sea"}


def _prints(sim: Simulator) -> Outcome:
    """The printer has encrypted with the key of the labels, and may not with that of the payslips."""
    records = list(sim.trail)
    begins = [max((at for at, r in enumerate(records) if _named(r, name)), default=None) for name in (ALIAS, OTHER)]
    if begins[0] is None or begins[1] is None:
        return Outcome(False, "The two keys are not made yet: press “Start again”.")
    key, other = (_target(records[at]) for at in begins if at is not None)
    later = records[max(at for at in begins if at is not None) + 1 :]
    tries = [r for r in later if r.caller == PERSON and r.operation == "Encrypt"]
    if any(r.worked and r.used[0].key_arn.endswith(other) for r in tries):
        return Outcome(False, f"{PERSON} has encrypted with the key of the payslips: the right is too wide.")
    worked = [r for r in tries if r.worked and r.used[0].key_arn.endswith(key)]
    if not worked:
        return Outcome(False, _why_not(later, tries))
    if any(cell.allowed for cell in _may(sim, other)):
        return Outcome(
            False,
            f"{PERSON} encrypts labels. But it may use the key of the payslips too: `*` without a condition is every "
            f"key of the account whose policy lets IAM decide.",
        )
    return Outcome(True, f"{PERSON} encrypts with the key of the labels, and with no other. {_how(sim, worked[-1])}")


def _may(sim: Simulator, key: str) -> list[Any]:
    who = sim.who_may(key, ("Encrypt", "Decrypt"))
    return [cell for (arn, _), cell in who.cells.items() if arn.endswith(f":user/{PERSON}")]


def _how(sim: Simulator, worked: Record) -> str:
    """What was chosen comes with what it will do on the day when the alias moves."""
    documents = sim.authorization(worked).documents
    text = " ".join(document.text for document in documents.identity)
    if "kms:ResourceAliases" in text or "kms:RequestAlias" in text:
        return "It follows the alias: whoever may move that moves the right too."
    return "It stays with this key, wherever the alias goes."


def _why_not(later: list[Record], tries: list[Record]) -> str:
    if not tries:
        return f"{PERSON} has not called Encrypt yet: let it, and see which line came near."
    last = tries[-1]
    if last.decision is None or last.decision.allowed:
        return f"The last Encrypt by {PERSON} ended in {last.error}."
    if any(r.operation == "UpdateAlias" and r.worked for r in later):
        return f"The alias points elsewhere now. {NAMES_AN_ALIAS}"
    return f"The last Encrypt by {PERSON} was {last.decision.explain()}. {NAMES_AN_ALIAS}"


def _named(record: Record, name: str) -> bool:
    return record.operation == "CreateAlias" and record.parameters.get("aliasName") == name and record.worked


def _target(record: Record) -> str:
    return str(record.parameters["targetKeyId"])


NUDGE = (
    f"Let {PERSON} encrypt with `{ALIAS}`, and draw the decision. Which line came near, and what is the key's own ARN?"
)
WHERE = (
    "Three things can stand in an IAM policy: the ARN of the key; or `*` with a condition on `kms:RequestAlias` or on "
    "`kms:ResourceAliases`. The key policy and a grant are ways too."
)
HOW = f"""kms = sim.client("kms")
of_labels = kms.describe_key(KeyId="{ALIAS}")["KeyMetadata"]["Arn"]
encrypts = {{"Effect": "Allow", "Action": "kms:Encrypt", "Resource": of_labels}}
printer = sim.user("{PERSON}", policies=[{{"Version": "2012-10-17", "Statement": [encrypts]}}])
printer.client("kms").encrypt(KeyId="{ALIAS}", Plaintext=label)"""

NAME_THE_KEY = Task(
    f"The user `{PERSON}` is to encrypt `label` with the key behind `{ALIAS}`. Its IAM policy names the alias, and "
    f"it is denied. Mend that, so that {PERSON} may use this key and not the one behind `{OTHER}`.",
    labels, (NUDGE, WHERE, HOW), _prints,
)  # fmt: skip
