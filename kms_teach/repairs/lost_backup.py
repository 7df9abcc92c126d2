"""A backup that nobody can open: its key is switched off, and its encryption context was written down wrongly."""

from typing import Any

from kms_teach.repairs import scene
from kms_teach.repairs.ticket import Ticket, Work, hand_over, judged
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

ID = "lost-backup"
REPORTER, ARCHIVER, TIDY = "restore", "archiver", "tidy-up"
BUCKET, OBJECT, KEY, ALIAS = "town-archive", "2019.key", "Town archive", "alias/town-archive"
CONTEXT = {"Collection": "harbour plans", "Year": "2019"}
REMEMBERED = {"collection": "harbour plans", "year": "2019"}
DATA_KEY = 32  # bytes


def shut(sim: Simulator) -> dict[str, Any]:
    """Let a program wrap the data key of a backup, and a script switch its KMS key off."""
    scene.user(sim, REPORTER, scene.allow(["kms:Decrypt", "s3:GetObject"]))
    archiver, tidy = (scene.role(sim, name, scene.allow("kms:*")).client("kms") for name in (ARCHIVER, TIDY))
    key = scene.key(sim, ALIAS, KEY)
    made = archiver.generate_data_key(KeyId=ALIAS, KeySpec="AES_256", EncryptionContext=CONTEXT)
    scene.bucket(sim, BUCKET, {OBJECT: made["CiphertextBlob"]})
    tidy.disable_key(KeyId=key)
    restore = sim.person(REPORTER).client("kms")
    scene.tries(restore.decrypt, CiphertextBlob=made["CiphertextBlob"], EncryptionContext=REMEMBERED)
    hand_over(sim, ID, REPORTER)
    return {"wrapped_key": made["CiphertextBlob"], "remembered": REMEMBERED}


def _opened(sim: Simulator, work: Work) -> Outcome:
    """restore has got the data key, and its KMS key still works."""
    key = work.key(KEY)
    work = work.about(key)
    attempts = [r for r in work.since if r.operation in ("Decrypt", "ReEncrypt")]
    opened = [r for r in attempts if r.worked and any(used.key_arn == key for used in r.used)]
    by_restore = [r for r in opened if r.caller == REPORTER and r.returned.get("Plaintext") == DATA_KEY]
    state = scene.state(sim, key)
    if by_restore and state == "Enabled":
        return Outcome(
            True, f"Open: `{REPORTER}` has the data key, and with it the archive. The context was in the trail all the "
            "time. Write it down beside the backup: it is no secret.",
        )  # fmt: skip
    if by_restore:
        return Outcome(False, f"`{REPORTER}` opened it, but the key is {state} again: the next restore test will fail.")
    if opened:
        return Outcome(False, f"{opened[-1].caller} opened it. Now let `{REPORTER}` do it, with the same context.")
    return Outcome(False, _why_shut(work, attempts, state))


def _why_shut(work: Work, attempts: list[Record], state: str) -> str:
    if state in ("PendingDeletion", "deleted"):
        return f"The key is {state}: carried out, that shuts the archive for good. Cancel it, and enable the key."
    if state != "Enabled":
        new = work.done("CreateKey", "UpdateAlias")
        return (
            "A new key, or the old alias on another key, opens nothing: the blob names the key that wrapped it."
            if new
            else f"The key is {state}, as DescribeKey of `{ALIAS}` says too. That can be undone."
        )
    wrong = [r for r in attempts if r.error == "InvalidCiphertextException"]
    if not wrong:
        return f"The key works again. Let `{REPORTER}` decrypt `{OBJECT}`, and read what it is told now."
    brought = dict(wrong[-1].parameters.get("encryptionContext", {}))
    if brought == CONTEXT:
        return "The context is right, so the bytes are not: send those of the object."
    if not brought:
        return "It was wrapped with an encryption context, and no context is a different one. Who heard it at the time?"
    if {k.lower(): v.lower() for k, v in brought.items()} == {k.lower(): v.lower() for k, v in CONTEXT.items()}:
        return (
            "The words are right, but KMS compares every letter. Read the context in the trail instead of trusting a "
            "handbook."
        )
    return "That is not the context of 2019. Do not guess it: the trail has the call that wrapped the key."


TASK = Task(
    f"`{REPORTER}` has to open the data key of the archive of 2019, `{OBJECT}` in the bucket `{BUCKET}` (here: "
    f"`wrapped_key`), and cannot. According to the handbook its encryption context is `remembered`. Get {REPORTER} to "
    "decrypt it.",
    shut,
    (
        "Two things are wrong, and only the first one shows. What does DescribeKey say about the key?",
        (
            f"`EnableKey`; then look for the `GenerateDataKey` by {ARCHIVER} in `sim.trail`: its `.parameters` have "
            "the context."
        ),
        f"""kms = sim.client("kms")
kms.enable_key(KeyId=kms.describe_key(KeyId="{ALIAS}")["KeyMetadata"]["KeyId"])
wrapping = [r for r in sim.trail.named("GenerateDataKey") if r.caller == "{ARCHIVER}"][-1]
context = wrapping.parameters["encryptionContext"]
sim.person("{REPORTER}").client("kms").decrypt(CiphertextBlob=wrapped_key, EncryptionContext=context)""",
    ),
    judged(ID, _opened),
)
TICKET = Ticket(
    ID, "A backup nobody can open", REPORTER,
    "The archive of 2019 does not open in the restore test. The key exists, and I may use it.",
    "perhaps for years: nobody had tried", 2, ("encrypt", "envelope", "lifecycle"), (TASK,),
)  # fmt: skip
