"""An alias that was moved, and took a permission along: from the invoices to the payslips."""

from typing import Any

from kms_teach.repairs import scene
from kms_teach.repairs.ticket import Ticket, Work, hand_over, judged
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task

ID = "moved-permission"
REPORTER, PAYER, RELEASER = "invoicer", "payer", "releaser"
BUCKET, OLD, NEW, PAYSLIP = "invoices-and-payslips", "invoice-0042.blob", "invoice-0043.blob", "payslip-anna.blob"
INVOICES, PAYSLIPS = "alias/invoices", "alias/payslips"
KEY, OTHER_KEY = "Invoices", "Payslips"


def moved(sim: Simulator) -> dict[str, Any]:
    """Let a release point alias/invoices at the key of the payslips, and go on with work."""
    invoicer, payer = (
        scene.user(sim, name, scene.allow(["kms:Encrypt", "kms:Decrypt"], Condition=_named(alias))).client("kms")
        for name, alias in ((REPORTER, INVOICES), (PAYER, PAYSLIPS))
    )
    releaser = scene.user(sim, RELEASER, scene.allow("kms:*")).client("kms")
    scene.key(sim, INVOICES, KEY)
    payslips = scene.key(sim, PAYSLIPS, OTHER_KEY)
    old = invoicer.encrypt(KeyId=INVOICES, Plaintext=b"Invoice 42: 3 anchors")["CiphertextBlob"]
    payslip = payer.encrypt(KeyId=PAYSLIPS, Plaintext=b"Anna: 4,100")["CiphertextBlob"]
    releaser.update_alias(AliasName=INVOICES, TargetKeyId=payslips)
    new = invoicer.encrypt(KeyId=INVOICES, Plaintext=b"Invoice 43: 1 rope")["CiphertextBlob"]
    scene.bucket(sim, BUCKET, {OLD: old, NEW: new, PAYSLIP: payslip})
    scene.tries(invoicer.decrypt, CiphertextBlob=old)
    hand_over(sim, ID, REPORTER)
    return {}


def _named(alias: str) -> dict[str, Any]:
    """The key is one that has this alias: KMS Developer Guide, "Use aliases to control access to KMS keys"."""
    return {"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias}}


def _put_right(sim: Simulator, work: Work) -> Outcome:
    """The invoicer opens both invoices and writes new ones, and does not open a payslip; the payer does."""
    invoicer, payer = sim.person(REPORTER), sim.person(PAYER)
    blobs = {path: scene.fetch(sim, BUCKET, path) for path in (OLD, NEW, PAYSLIP)}
    if gone := [path for path, blob in blobs.items() if blob is None]:
        return Outcome(False, f"`{gone[0]}` is no longer in the bucket `{BUCKET}`. Press “Start again”.")
    opens = {path: scene.decrypts(invoicer, blob) for path, blob in blobs.items()}
    if not scene.decrypts(payer, blobs[PAYSLIP]):
        return Outcome(
            False, f"`{PAYER}` no longer opens the payslip. `{PAYSLIPS}` and its key were right as they were."
        )
    if opens[PAYSLIP] and opens[OLD]:
        return Outcome(
            False, f"`{REPORTER}` opens the old invoice, and `{PAYSLIP}` as well. The policy was right, and still is: "
            "what moved is the name it goes by.",
        )  # fmt: skip
    if opens[PAYSLIP]:
        return Outcome(False, _why_moved(work))
    if not opens[OLD]:
        return Outcome(
            False, f"The payslips are shut to `{REPORTER}`, and `{OLD}` is too: which key has `{INVOICES}` now?"
        )
    if scene.tries(invoicer.client("kms").encrypt, KeyId=INVOICES, Plaintext=b"Invoice 44"):
        return Outcome(False, f"`{REPORTER}` writes by the name `{INVOICES}`: what it names now, it cannot use.")
    if not opens[NEW]:
        return Outcome(
            False, f"`{OLD}` opens. `{NEW}` was written while the name was wrong: it is under the key of the payslips, "
            "and no name changes that. Whoever may use both keys can move it: put it back into the bucket under the "
            "other.",
        )  # fmt: skip
    return Outcome(
        True, f"Right again, the invoice of the days between as well. Who has `kms:UpdateAlias`, and why {RELEASER}?"
    )


def _why_moved(work: Work) -> str:
    if any(r.parameters.get("aliasName") not in (INVOICES, PAYSLIPS) for r in work.done("CreateAlias")):
        return f"Another name helps nobody: the policy of `{REPORTER}` goes by `{INVOICES}`, wherever that points."
    if work.done("CreateGrant"):
        return f"A grant lets `{REPORTER}` in at one key. `{INVOICES}` still names the other, and opens the payslips."
    return (
        f"`{REPORTER}` is denied its own old invoice, and may open `{PAYSLIP}`: its policy allows the key that has the "
        f"name `{INVOICES}`. What has that name? Ask ListAliases."
    )


TASK = Task(
    f"`{REPORTER}` is denied `{OLD}` of the bucket `{BUCKET}`. Let it open all invoices there, and write new ones by "
    f"`{INVOICES}`. It must not open `{PAYSLIP}`, which is `{PAYER}`'s. What cannot be opened under its key may be put "
    "back under another.",
    moved,
    (
        f"Read the IAM policy of {REPORTER}: which key does it allow? Then ask ListAliases which one that is today.",
        f"UpdateAlias back. `{NEW}` was encrypted in between: fetch it from S3, ReEncrypt it, put it back.",
        f"""kms, s3 = sim.client("kms"), sim.client("s3")
back = [r for r in sim.trail.named("Encrypt") if r.caller == "{REPORTER}" and r.worked][-2].used[0].key_arn
kms.update_alias(AliasName="{INVOICES}", TargetKeyId=back)
blob = s3.get_object(Bucket="{BUCKET}", Key="{NEW}")["Body"].read()
blob = kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId="{INVOICES}")["CiphertextBlob"]
s3.put_object(Bucket="{BUCKET}", Key="{NEW}", Body=blob)""",
    ),
    judged(ID, _put_right),
)
TICKET = Ticket(
    ID, "Old invoices are denied", REPORTER,
    "AccessDenied for every invoice of before. New ones work. And payroll asks why I can read payslips.",
    "since the release of Tuesday", 3, ("aliases", "policies"), (TASK,),
)  # fmt: skip
