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
            False, f"`{PAYER}` can no longer open the payslip. `{PAYSLIPS}` and its key were right as they were."
        )
    if opens[PAYSLIP] and opens[OLD]:
        return Outcome(
            False, f"`{REPORTER}` opens the old invoice, but `{PAYSLIP}` as well. Its policy was right, and still is: "
            "what moved is the alias it goes by.",
        )  # fmt: skip
    if opens[PAYSLIP]:
        return Outcome(False, _why_moved(work.about(work.key(KEY), work.key(OTHER_KEY), REPORTER)))
    if not opens[OLD]:
        return Outcome(
            False,
            f"`{REPORTER}` can no longer open the payslips, but not `{OLD}` either: which key has `{INVOICES}` now?",
        )
    if scene.tries(invoicer.client("kms").encrypt, KeyId=INVOICES, Plaintext=b"Invoice 44"):
        return Outcome(
            False, f"`{REPORTER}` encrypts by the name `{INVOICES}`, and may not use the key that has it now."
        )
    if not opens[NEW]:
        return Outcome(
            False, f"`{OLD}` opens. But `{NEW}` was written while the alias was wrong: it is under the key of the "
            "payslips, and no alias changes that. Whoever may use both keys can re-encrypt it and put it back.",
        )  # fmt: skip
    return Outcome(
        True,
        "All is right again, including the invoice written in between. Who has `kms:UpdateAlias`, and why does "
        f"{RELEASER}?",
    )


def _why_moved(work: Work) -> str:
    if any(r.parameters.get("aliasName") not in (INVOICES, PAYSLIPS) for r in work.done("CreateAlias")):
        return f"Another alias helps nobody: the policy of `{REPORTER}` goes by `{INVOICES}`, wherever that points."
    if work.done("CreateGrant"):
        return f"The grant lets `{REPORTER}` use one key. `{INVOICES}` is still on the other, and opens the payslips."
    return (
        f"`{REPORTER}` is denied its own old invoice, but can open `{PAYSLIP}`: its policy allows whichever key has "
        f"the alias `{INVOICES}`. Which one has it? Ask ListAliases."
    )


TASK = Task(
    f"`{REPORTER}` is denied `{OLD}` of the bucket `{BUCKET}`. Let it open both invoices there, and write new ones by "
    f"`{INVOICES}`. It must not open `{PAYSLIP}`, which is for `{PAYER}`. You may re-encrypt what is in the bucket.",
    moved,
    (
        f"Read the IAM policy of {REPORTER}: which key does it allow? Then ask ListAliases which one that is today.",
        (
            f"UpdateAlias puts the alias back. `{NEW}` was encrypted in between: fetch it from S3, ReEncrypt it, put "
            "it back."
        ),
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
    "AccessDenied for every older invoice. New ones work. And payroll asks why I can read payslips.",
    "since Tuesday's release", 3, ("aliases", "policies"), (TASK,),
)  # fmt: skip
