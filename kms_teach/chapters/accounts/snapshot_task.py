"""The first task of "Conditions, accounts, organizations": a snapshot under `aws/ebs`, for a partner's account."""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from kms_teach.access.context import same_way
from kms_teach.access.decision import decide
from kms_teach.access.reasons import Check
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

PARTNER, PERSON, OTHER = "444455556666", "restorer", "intern"
EBS = "alias/aws/ebs"
CONTEXT = {"aws:ebs:id": "snap-0a1b2c3d4e5f60718"}
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
DATA_KEY = 32  # bytes

NOT_YOURS = (
    "Nobody can change the policy of an AWS managed key, and it admits callers of your account alone. The snapshot "
    "needs a copy under a customer managed key."
)
FRESH = "That is a new data key: it opens nothing of this snapshot. Its own data key must go under another KMS key."
DIRECT = 'Only calls through EC2 may use `aws/ebs`: make a client with `via="ec2"`.'


def snapshot(sim: Simulator) -> dict[str, Any]:
    """Let EC2 make the data key of a snapshot with the default key of EBS; the partner has an intern who may all."""
    sim.user(OTHER, account=PARTNER, policies=[EVERYTHING])
    sim.user(PERSON, account=PARTNER)
    made = sim.root().client("kms", via="ec2").generate_data_key_without_plaintext(
        KeyId=EBS, KeySpec="AES_256", EncryptionContext=CONTEXT
    )  # fmt: skip
    return {"snapshot": {"key": made["CiphertextBlob"], "context": CONTEXT}}


def _shared(sim: Simulator) -> Outcome:
    """The restorer has opened the snapshot's own data key under a customer managed key, and the intern could not."""
    records = list(sim.trail)
    begin = max((at for at, record in enumerate(records) if _begins(record)), default=None)
    if begin is None:
        return Outcome(False, "There is no snapshot yet: press “Start again”.")
    old, later = records[begin].used[0].key_arn, records[begin + 1 :]
    moved = set(_moved(later, old))
    opened = [r for r in later if _by(r, PERSON) and r.worked and _opens(r) and r.used[0].key_arn in moved]
    if not opened:
        return Outcome(False, _why_not(later, old, moved))
    if _intern_may(sim, opened[-1]):
        return Outcome(
            False,
            f"{PERSON} opens it, and so may {OTHER}: who lets in the account leaves it to the account's IAM policies, "
            f"and that of {OTHER} says `kms:*`. Name {PERSON} alone.",
        )
    return Outcome(True, f"Shared: the data key is under a key of yours, {PERSON} opens it, and {OTHER} does not.")


def _why_not(later: list[Record], old: str, moved: set[str]) -> str:
    """What the last acts show, with the belief behind them."""
    tries = [record for record in later if _opens(record) and _by(record, PERSON)]
    about_old = [record for record in later if _about(record, old) and record.error == "AccessDeniedException"]
    if not moved:
        if any(record.operation in ("PutKeyPolicy", "CreateGrant") or _by(record, PERSON) for record in about_old):
            return NOT_YOURS
        if any(record.operation.startswith("GenerateDataKey") and record.worked for record in later):
            return FRESH
        if any(_opens(record) for record in about_old):
            return DIRECT
        return "The data key of the snapshot is still under `aws/ebs` alone, and that key cannot be shared."
    if not tries:
        mine = any(
            record.caller == PERSON and record.event["userIdentity"].get("accountId") != PARTNER for record in later
        )
        if mine:
            return f"That {PERSON} is one of your own account: it must be the one of account {PARTNER}."
        return f"The data key is under a key of yours now. Let {PERSON} of account {PARTNER} open it."
    last = tries[-1]
    if _about(last, old):
        return f"{PERSON} tried the old data key, which is still under `aws/ebs`: hand over the new one."
    if last.error != "AccessDeniedException" or last.decision is None:
        return f"{last.error}: send the new bytes, with the encryption context that the snapshot's key was made with."
    key, iam = last.decision.says_yes(Check.NAMED, Check.DELEGATED, Check.SHARED), last.decision.says_yes(Check.IAM)
    if key and not iam:
        return f"Your key lets {PERSON} in, but one side is not enough: an IAM policy of account {PARTNER} must too."
    if iam and not key:
        return f"The partner's IAM policy allows it, but one side is not enough: your key does not let {PERSON} in."
    return f"Neither your key nor the partner's account lets {PERSON} in: both must, or a grant."


def _intern_may(sim: Simulator, opened: Record) -> bool:
    """Whether the intern would be answered in the same call."""
    key = opened.used[0].key_arn
    who = sim.who_may(key, ("Decrypt", "ReEncryptFrom"))
    bare = any(cell.allowed for (arn, _), cell in who.cells.items() if arn.endswith(f":{PARTNER}:user/{OTHER}"))
    if bare or opened.operation != "Decrypt":
        return bare
    asked = sim.authorization(opened)
    keys = same_way(asked.request.context)
    others = (each for each in asked.others if (each.principal.name, each.principal.account) == (OTHER, PARTNER))
    return any(
        decide(
            replace(asked.request, caller=each.principal, context=keys(each.principal, "Decrypt")), each.documents
        ).allowed
        for each in others
    )


def _moved(later: Iterable[Record], old: str) -> Iterable[str]:
    """The keys under which the snapshot's data key was encrypted anew: in one call, or in two through memory."""
    read = False
    for record in later:
        if not (record.worked and record.used):  # in another account's trail the same call names no material
            continue
        arns = [used.key_arn for used in record.used]
        match record.operation:
            case "ReEncrypt" if arns[0] == old and arns[1] != old:
                yield arns[1]
            case "Decrypt":
                read = read or arns[0] == old
            case "Encrypt" if read and record.sent["Plaintext"] == DATA_KEY and arns[0] != old:
                yield arns[0]


def _begins(record: Record) -> bool:
    made = record.operation == "GenerateDataKeyWithoutPlaintext" and record.worked
    return made and record.parameters.get("keyId") == EBS and record.parameters.get("encryptionContext") == CONTEXT


def _opens(record: Record) -> bool:
    return record.operation in ("Decrypt", "ReEncrypt")


def _by(record: Record, name: str) -> bool:
    return record.caller == name and record.event["userIdentity"].get("accountId") == PARTNER


def _about(record: Record, key: str) -> bool:
    return any(resource["ARN"] == key for resource in record.event.get("resources", ()))


NUDGE = (
    "Read the policy of `alias/aws/ebs`: whom does it admit, and can you change that? What kind of key can be shared?"
)
WHERE = (
    '`sim.root().client("kms", via="ec2")` may use `aws/ebs`. `ReEncrypt` puts the data key under a key of yours. Then '
    f"both sides: your key policy names {PERSON}, and an IAM policy of {PERSON} allows it."
)
HOW = f"""import json

context, kms = snapshot["context"], sim.client("kms")
shareable = kms.create_key(Description="Shared snapshots")["KeyMetadata"]["Arn"]
copied = sim.root().client("kms", via="ec2").re_encrypt(
    CiphertextBlob=snapshot["key"], SourceEncryptionContext=context,
    DestinationKeyId=shareable, DestinationEncryptionContext=context)["CiphertextBlob"]
allow = {{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}}
restorer = sim.user("{PERSON}", account="{PARTNER}", policies=[{{"Version": "2012-10-17", "Statement": [allow]}}])
policy = json.loads(kms.get_key_policy(KeyId=shareable)["Policy"])
policy["Statement"].append(allow | {{"Principal": {{"AWS": restorer.arn}}}})
kms.put_key_policy(KeyId=shareable, Policy=json.dumps(policy))
restorer.client("kms").decrypt(CiphertextBlob=copied, EncryptionContext=context)"""

SHARE_THE_SNAPSHOT = Task(
    f"A snapshot of yours is encrypted with `{EBS}`: `snapshot` holds its encrypted data key and the context. "
    f"Let `{PERSON}` of account {PARTNER} open that data key, and let `{OTHER}` of the same account, whose IAM policy "
    "says `kms:*`, stay outside.",
    snapshot, (NUDGE, WHERE, HOW), _shared,
)  # fmt: skip
