"""The tasks of this chapter: find the note that was changed, and let somebody check who must not sign."""

from typing import Any

from kms_teach.access.reasons import Check
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

OWNER, PERSON, PARTNER = "ida", "auditor", "444455556666"
ALGORITHM = "ECDSA_SHA_256"
MAY_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
NOTES = {"Monday": b"14 boats", "Tuesday": b"3 anchors", "Wednesday": b"200 m of rope", "Thursday": b"1 lighthouse"}
FORGED, ARRIVED, TAG = "Wednesday", b"20 m of rope", "forged"
CHANGES = ("CreateGrant", "PutKeyPolicy", "RetireGrant", "RevokeGrant")


def delivery_notes(sim: Simulator) -> dict[str, Any]:
    """Let Ida sign four delivery notes, and somebody change one of them on its way."""
    key, kms = _signing_key(sim, "Ida's delivery notes")
    notes = {day: (ARRIVED if day == FORGED else note, _signature(kms, key, note)) for day, note in NOTES.items()}
    return {"notes": notes, "signing_key": key, "idas_public_key": kms.get_public_key(KeyId=key)["PublicKey"]}


def one_note(sim: Simulator) -> dict[str, Any]:
    """Let Ida sign a note that an auditor of another account is to check."""
    key, kms = _signing_key(sim, "Ida's contracts")
    note = b"Ida owes Nora 14 boats."
    return {"contract": note, "its_signature": _signature(kms, key, note), "contract_key": key}


def _signing_key(sim: Simulator, description: str) -> tuple[str, Any]:
    kms = sim.user(OWNER, policies=[MAY_ALL]).client("kms")
    made = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY", Description=description)
    return made["KeyMetadata"]["Arn"], kms


def _signature(kms: Any, key: str, note: bytes) -> bytes:
    signature: bytes = kms.sign(KeyId=key, Message=note, SigningAlgorithm=ALGORITHM)["Signature"]
    return signature


def _found(sim: Simulator) -> Outcome:
    """The key of the delivery notes has a tag with the name of the one that was changed."""
    records = list(sim.trail)
    key, since = _key_of(records, "Ida's delivery notes")
    if not key:
        return Outcome(False, "Ida has signed nothing yet: press “Start again”.")
    tags = sim.client("kms").list_resource_tags(KeyId=key)["Tags"]
    value = next((tag["TagValue"] for tag in tags if tag["TagKey"] == TAG), None)
    named = [day for day in NOTES if day in (value or "")]
    if value is None:
        return Outcome(False, f"The key has no tag `{TAG}` yet: `tag_resource` gives it one.")
    if len(named) == len(NOTES):
        return Outcome(False, TWICE)
    if len(named) != 1 or value != named[0]:
        return Outcome(False, f"“{value}” names no single note: the tag's value is one of {', '.join(NOTES)}.")
    if value != FORGED:
        return Outcome(False, f"{value}'s note is as Ida signed it: the public key says so. Check each of them.")
    asked = sum(record.operation == "Verify" for record in records[since:] if _about(record, key))
    how = (
        f"You asked KMS {asked} time{'' if asked == 1 else 's'}; the public key alone would have told you."
        if asked
        else "And KMS was not asked once: the public key was enough."
    )
    return Outcome(True, f"Found: {FORGED}'s note says less than Ida signed. {how}")


TWICE = (
    "Three of the four are as they were signed. When none seems to fit, the program checks something else than was "
    "signed: `ECDSA(SHA256())` hashes the note itself. Give it the note, or say that it gets a digest (`Prehashed`)."
)


def _checks_only(sim: Simulator) -> Outcome:
    """The auditor has checked a signature with Verify, and was denied Sign under what is permitted now."""
    records = list(sim.trail)
    key, since = _key_of(records, "Ida's contracts")
    if not key:
        return Outcome(False, "Ida has signed nothing yet: press “Start again”.")
    later = [record for record in records[since:] if _about(record, key)]
    theirs = [record for record in later if _by_auditor(record)]
    checks = [record for record in theirs if record.operation == "Verify"]
    if not checks:
        if any(record.caller == PERSON and record.operation == "Verify" for record in later):
            return Outcome(False, f"That auditor is one of your own account: it must be one of account {PARTNER}.")
        return Outcome(False, f"`{PERSON}` of account {PARTNER} has not called `Verify` with Ida's key yet.")
    if not checks[-1].worked:
        return Outcome(False, f"The auditor's `Verify` was refused. {_why(checks[-1])}")
    changed = max((at for at, r in enumerate(later) if r.operation in CHANGES and r.worked), default=-1)
    tries = [r for r in later[changed + 1 :] if _by_auditor(r) and r.operation == "Sign"]
    if not tries:
        return Outcome(False, "`Verify` works. Now let the auditor call `Sign`: is it denied?")
    if tries[-1].worked:
        return Outcome(False, MAY_SIGN)
    if (code := tries[-1].error) != "AccessDeniedException":
        return Outcome(False, f"The auditor's `Sign` ended in {code}, and not for lack of permission: send a message.")
    return Outcome(True, "The auditor checks, and cannot make what is checked: two operations, two permissions.")


MAY_SIGN = (
    "The auditor signed. Whoever may sign can make what was only to be checked: `kms:Sign` and `kms:Verify` are two "
    "permissions. Allow the second alone, not `kms:*`."
)


def _why(refused: Record) -> str:
    """What was missing: first the belief that led astray."""
    if refused.error != "AccessDeniedException" or refused.decision is None:
        return f"{refused.error}: send `contract` and `its_signature` unchanged, with `{ALGORITHM}`."
    key, iam = refused.decision.says_yes(Check.NAMED, Check.DELEGATED), refused.decision.says_yes(Check.IAM)
    if key and not iam:
        return "The key's policy lets them in, but one side is not enough: the auditor's account must allow it too."
    if iam and not key:
        return "The auditor's account allows it, but one side is not enough: nothing at the key lets them in."
    return "Neither the key nor the auditor's account allows it: both must, or a grant."


def _key_of(records: list[Record], description: str) -> tuple[str, int]:
    """The key that Ida made last for this, and where in the trail its life begins."""
    made = [at for at, r in enumerate(records) if r.operation == "CreateKey" and r.caller == OWNER
            and r.parameters.get("description") == description and r.worked]  # fmt: skip
    return (records[made[-1]].event["resources"][0]["ARN"], made[-1]) if made else ("", 0)


def _about(record: Record, key: str) -> bool:
    return any(resource["ARN"] == key for resource in record.event.get("resources", ()))


def _by_auditor(record: Record) -> bool:
    return record.caller == PERSON and record.event["userIdentity"].get("accountId") == PARTNER


WHERE = (
    "`load_der_public_key(idas_public_key).verify(signature, note, ec.ECDSA(hashes.SHA256()))` raises InvalidSignature "
    "where the two do not fit; `kms.tag_resource` names a key and takes tags."
)
FIND_THE_FORGERY = Task(
    "Ida signed four delivery notes, and one of them was changed on its way. `notes` has each as it arrived, with its "
    f"signature ({ALGORITHM}); `idas_public_key` is the public half. Which one was changed? Put its day into the tag "
    f"`{TAG}` of `signing_key`. Try to do it without asking KMS about a signature.",
    delivery_notes,
    (
        "Of the message, the signature and the public key you have all three. What else would a check need?",
        WHERE,
        """from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

for day, (note, signature) in notes.items():
    try:
        load_der_public_key(idas_public_key).verify(signature, note, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        sim.client("kms").tag_resource(KeyId=signing_key, Tags=[{"TagKey": "forged", "TagValue": day}])""",
    ),
    _found,
)  # fmt: skip
CHECK_BUT_NOT_SIGN = Task(
    f"Role `{PERSON}` of account {PARTNER} must check Ida's `contract` with `Verify`, and must never sign. "
    "`contract_key` is the key, `its_signature` the signature. Show both: call Verify and Sign as the auditor.",
    one_note,
    (
        "Which operation makes a signature, and which one checks it? Each is a permission of its own.",
        f'`sim.role("{PERSON}", account="{PARTNER}")` makes the role. A grant can name it, and lists operations.',
        f"""auditor = sim.role("{PERSON}", account="{PARTNER}")
grant = sim.client("kms").create_grant(
    KeyId=contract_key, GranteePrincipal=auditor.arn, Operations=["Verify"])
theirs, how = auditor.client("kms"), {{"SigningAlgorithm": "{ALGORITHM}", "GrantTokens": [grant["GrantToken"]]}}
theirs.verify(KeyId=contract_key, Message=contract, Signature=its_signature, **how)
try:
    theirs.sign(KeyId=contract_key, Message=b"Ida owes me a lighthouse.", **how)
except Exception as error:
    print(error)""",
    ),
    _checks_only,
)  # fmt: skip
