"""The second task of "Grants": a constraint that asks for exactly one pair, and a program that sends two."""

from typing import Any

from msgspec.structs import replace

from kms_teach.access.decision import decide
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

PERSON = "packer"
KEY = "Parcels"  # its description
CONTEXT = {"tenant": "Blue", "parcel": "17"}

GRANTED = "`tenant` = `Blue`"
EXACTLY = "Exactly means: these pairs, and none besides."
DROPPED = (
    "A pair that is left out is missing in the ciphertext's own context: KMS compares all of them. The call is "
    "right; the grant asks for something else."
)
WIDE = (
    "But it opens Red's parcels too: nothing asks for the tenant any more. Keep the constraint, and choose the one "
    "that lets other pairs be there."
)


def a_parcel(sim: Simulator) -> dict[str, Any]:
    """A parcel of tenant Blue, and a grant to the packer for exactly the pair tenant = Blue."""
    packer, kms = sim.user(PERSON), sim.client("kms")
    key = kms.create_key(Description=KEY)["KeyMetadata"]["Arn"]
    blob: bytes = kms.encrypt(KeyId=key, Plaintext=b"Two lamps.", EncryptionContext=CONTEXT)["CiphertextBlob"]
    only = {"EncryptionContextEquals": {"tenant": "Blue"}}
    kms.create_grant(KeyId=key, GranteePrincipal=packer.arn, Operations=["Decrypt"], Constraints=only)
    return {"parcel": blob}


def _unpacked(sim: Simulator) -> Outcome:
    """The packer has opened Blue's parcel, and with Red's tenant the same call would be refused."""
    records = list(sim.trail)
    begin = max((at for at, record in enumerate(records) if _made(record)), default=None)
    if begin is None:
        return Outcome(False, "There is no parcel yet: press “Start again”.")
    key = records[begin].event["resources"][0]["ARN"]
    later = [record for record in records[begin + 1 :] if _about(record, key)]
    tries = [record for record in later if record.operation == "Decrypt" and record.caller == PERSON]
    opened = [record for record in tries if record.worked and _context(record) == CONTEXT]
    if opened:
        if _answered(sim, opened[-1], tenant="Red"):
            return Outcome(False, f"{PERSON} opens the parcel. {WIDE}")
        if not _answered(sim, opened[-1], parcel="18"):
            return Outcome(
                False, f"{PERSON} opens parcel 17, and no other of Blue: that grant asks for its number too."
            )
        return Outcome(True, f"{PERSON} opens Blue's parcel, with all the pairs that it has, and none of Red's.")
    if not tries:
        others = [record for record in later if record.operation == "Decrypt" and record.worked]
        whose = " Somebody else opened it, but the packer must." if others else ""
        return Outcome(
            False, f"{PERSON} has not called Decrypt yet, with `tenant` = `Blue` and `parcel` = `17`.{whose}"
        )
    return Outcome(False, _why_not(tries[-1], later))


def _answered(sim: Simulator, opened: Record, **pairs: str) -> bool:
    """Whether the same call would have been answered with another value in its context."""
    asked = sim.authorization(opened)
    other = {f"kms:EncryptionContext:{name}": (value,) for name, value in pairs.items()}
    return decide(replace(asked.request, context={**asked.request.context, **other}), asked.documents).allowed


def _why_not(refused: Record, later: list[Record]) -> str:
    if refused.error == "InvalidCiphertextException":
        return DROPPED
    if refused.error != "AccessDeniedException" or refused.decision is None:
        return f"The last Decrypt by {PERSON} ended in {refused.error}."
    grants = [record for record in later if record.operation == "CreateGrant" and record.worked]
    if not grants[1:]:
        return f"The grant asks for exactly {GRANTED}, and the call carries two pairs. {EXACTLY}"
    newest = grants[-1].parameters
    if "Decrypt" not in newest["operations"]:
        return f"The new grant lists {', '.join(newest['operations'])}, and not Decrypt."
    constraints = newest.get("constraints") or {}
    if constraints.get("encryptionContextEquals", CONTEXT) != CONTEXT:
        return f"The new grant asks as the old one did, for exactly those pairs. {EXACTLY}"
    if not constraints.get("encryptionContextSubset", {}).items() <= CONTEXT.items():
        return "The new grant asks for a pair that this parcel does not have."
    return "A new grant is not known everywhere at once: show its token, or let five minutes pass."


def _context(record: Record) -> dict[str, str]:
    return dict(record.parameters.get("encryptionContext") or {})


def _about(record: Record, key: str) -> bool:
    return any(resource["ARN"] == key for resource in record.event.get("resources", ()))


def _made(record: Record) -> bool:
    return record.operation == "CreateKey" and record.parameters.get("description") == KEY and record.worked


NUDGE = (
    f"Let {PERSON} decrypt with both pairs, and draw the decision. Which pairs does the grant ask for, and which come?"
)
WHERE = (
    "A grant cannot be changed, so make another one. `Constraints` knows two kinds: `EncryptionContextEquals`, these "
    "pairs and no other, and `EncryptionContextSubset`, these pairs at least."
)
HOW = f"""packer = sim.user("{PERSON}")
parcels = sim.trail.named("CreateGrant")[-1].event["resources"][0]["ARN"]
made = sim.client("kms").create_grant(
    KeyId=parcels, GranteePrincipal=packer.arn, Operations=["Decrypt"],
    Constraints={{"EncryptionContextSubset": {{"tenant": "Blue"}}}})
packer.client("kms").decrypt(
    CiphertextBlob=parcel, EncryptionContext={{"tenant": "Blue", "parcel": "17"}}, GrantTokens=[made["GrantToken"]])"""

LET_IT_UNPACK = Task(
    f"`parcel` was encrypted with `tenant` = `Blue` and `parcel` = `17`. The user `{PERSON}` has a grant for Blue, "
    f"and is denied. Let it open this parcel, and all others of Blue, but none of Red.",
    a_parcel, (NUDGE, WHERE, HOW), _unpacked,
)  # fmt: skip
