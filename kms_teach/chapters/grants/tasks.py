"""The task of "Grants": a partner may read one report, and not the other."""

from typing import Any

from kms_teach.access.reasons import BY_GRANT, Check, Reason
from kms_teach.chapters.grants.pair_task import LET_IT_UNPACK
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

__all__ = [
    "LET_IT_UNPACK",
    "SHARE_ONE_REPORT",
]

OWNER, PERSON, PARTNER = "dora", "reader", "444455556666"
SECRETS = {"Blue": b"Blue sold 14 boats.", "Red": b"Red sold a lighthouse."}
CHANGES = ("CreateGrant", "PutKeyPolicy", "RetireGrant", "RevokeGrant")
MAY_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}


def two_reports(sim: Simulator) -> dict[str, Any]:
    """Let Dora encrypt a report for each of two tenants, under one key."""
    dora = sim.user(OWNER, policies=[MAY_ALL]).client("kms")
    key = dora.create_key(Description="Dora's reports")["KeyMetadata"]["KeyId"]
    reports = {
        tenant: dora.encrypt(KeyId=key, Plaintext=secret, EncryptionContext={"tenant": tenant})["CiphertextBlob"]
        for tenant, secret in SECRETS.items()
    }
    return {"reports": reports}


def _shared(sim: Simulator) -> Outcome:
    """The reader of the other account has opened Blue's report, and was denied Red's for lack of permission."""
    records = list(sim.trail)
    last = max((at for at, record in enumerate(records) if _encrypted_by_dora(record)), default=None)
    if last is None:
        return Outcome(False, "Dora has encrypted nothing yet: press “Start again”.")
    key, later = records[last].used[0].key_arn, records[last + 1 :]
    attempts = [record for record in later if record.operation == "Decrypt" and _about(record, key)]
    theirs = [record for record in attempts if _by_reader(record)]
    if not theirs:
        if any(record.caller == PERSON for record in attempts):
            return Outcome(False, f"That reader is one of your own account: it must be one of account {PARTNER}.")
        others = " Somebody else opened it, but the reader must." if any(record.worked for record in attempts) else ""
        return Outcome(False, f"`{PERSON}` of account {PARTNER} has not called Decrypt yet.{others}")
    blue = [record for record in theirs if _context(record) == {"tenant": "Blue"}]
    if not blue:
        return Outcome(False, "The reader has not tried Blue's report with its encryption context, `tenant` = `Blue`.")
    if not blue[-1].worked:
        return Outcome(False, f"The reader was refused Blue's report. {_why(blue[-1])}")
    red = [r for r in _since_blue_opened(later, key) if _context(r) == {"tenant": "Red"}]
    if not red:
        return Outcome(False, "Blue's report opens. Now let the reader try Red's, with Red's context: is it refused?")
    if red[-1].worked:
        return Outcome(False, f"{WHOLE_KEY} {ENDED_LATE}" if any(map(_ended_by_owner, later)) else WHOLE_KEY)
    if (code := red[-1].error) != "AccessDeniedException":
        return Outcome(False, f"Red's report was refused with {code}: send its own bytes and context.")
    return Outcome(True, f"Shared: Blue's report opens for account {PARTNER}, Red's is denied. {_how(blue[-1])}")


WHOLE_KEY = (
    "The reader opens Red's report too. Whoever may use a key may use it on all that is under it, unless a grant's "
    "constraint or a condition names the encryption context."
)
ENDED_LATE = "Or a grant that was ended still counts: its end spreads too. Let five minutes pass, and try Red's again."


def _why(refused: Record) -> str:
    """What was missing, by the answers of the checks: first the belief that led astray."""
    code, decision = refused.error, refused.decision
    if code != "AccessDeniedException" or decision is None:
        return f"{code}: send the bytes unchanged, with the encryption context `tenant` = `Blue`."
    grant = decision.step(*BY_GRANT)
    if grant and grant.reason is Reason.NOT_EFFECTIVE:
        return "A new grant is not known everywhere at once: let the reader show its token, or let five minutes pass."
    if grant and grant.grant:
        return f"{grant.read[:1].upper()}{grant.read[1:]}."
    key = decision.says_yes(Check.NAMED, Check.DELEGATED)
    iam = decision.says_yes(Check.IAM)
    if key and not iam:
        return "The key's policy lets account and reader in, but one side is not enough: the reader's account must too."
    if iam and not key:
        return "The reader's own account allows it, but one side is not enough: nothing at the key lets the reader in."
    return "Neither the key nor the reader's account allows it: both must, or a grant."


def _how(opened: Record) -> str:
    assert opened.decision
    if opened.decision.decisive.check in BY_GRANT:
        return "By a grant: no policy had to change, and it can be ended without touching one."
    return "By policies of both accounts: they stay until somebody changes them."


def _since_blue_opened(later: list[Record], key: str) -> list[Record]:
    """What the reader tried after Blue's report had first opened under what is permitted now: it may have been less."""
    mine = [record for record in later if _about(record, key)]
    changes = [at for at, r in enumerate(mine) if r.operation in CHANGES and r.worked]
    attempts = [r for r in mine[max(changes, default=-1) + 1 :] if r.operation == "Decrypt" and _by_reader(r)]
    opened = (at for at, r in enumerate(attempts) if r.worked and _context(r) == {"tenant": "Blue"})
    return attempts[next(opened, len(attempts)) :]


def _context(record: Record) -> dict[str, str]:
    return dict(record.parameters.get("encryptionContext", {}))


def _about(record: Record, key: str) -> bool:
    return any(resource["ARN"] == key for resource in record.event.get("resources", ()))


def _by_reader(record: Record) -> bool:
    return record.caller == PERSON and record.event["userIdentity"].get("accountId") == PARTNER


def _encrypted_by_dora(record: Record) -> bool:
    return record.caller == OWNER and record.operation == "Encrypt" and record.worked


def _ended_by_owner(record: Record) -> bool:
    return record.operation in ("RetireGrant", "RevokeGrant") and record.worked


NUDGE = "Both reports are under one key. What do the two ciphertexts differ in that a permission can ask for?"
WHERE = (
    f'A grant can name a principal of another account. Make `sim.user("{PERSON}", account="{PARTNER}")`, and look at '
    "`Constraints` of CreateGrant. The key's ARN stands in the trail of Dora's Encrypt."
)
HOW = f"""key = sim.trail.named("Encrypt")[-1].used[0].key_arn
reader = sim.user("{PERSON}", account="{PARTNER}")
blue = {{"EncryptionContextEquals": {{"tenant": "Blue"}}}}
grant = sim.client("kms").create_grant(
    KeyId=key, GranteePrincipal=reader.arn, Operations=["Decrypt"], Constraints=blue)
for tenant in ("Blue", "Red"):
    try:
        print(reader.client("kms").decrypt(
            CiphertextBlob=reports[tenant], EncryptionContext={{"tenant": tenant}}, GrantTokens=[grant["GrantToken"]]))
    except Exception as error:
        print(error)"""

SHARE_ONE_REPORT = Task(
    "Dora keeps reports of tenant Blue and of tenant Red under one key: `reports` holds both, by tenant. Let "
    f"`{PERSON}` "
    f"of account {PARTNER} open Blue's, and never Red's. Show both: call Decrypt as the reader with each.",
    two_reports, (NUDGE, WHERE, HOW), _shared,
)  # fmt: skip
