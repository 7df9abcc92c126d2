"""A key that the wrong person has scheduled for deletion, and could schedule again tomorrow."""

from typing import Any

from kms_teach.repairs import scene
from kms_teach.repairs.ticket import Ticket, Work, hand_over, judged
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task

ID = "wrong-deletion"
REPORTER, WRONG, CHIEF = "payroll", "trainee", "olga"
BUCKET, OBJECT, KEY, ALIAS = "payslips", "march.blob", "Payroll", "alias/payroll"
DAYS = 30


def scheduled(sim: Simulator) -> dict[str, Any]:
    """Let payroll encrypt, and the trainee schedule the deletion of its key."""
    payroll = scene.user(sim, REPORTER, scene.allow(["kms:Encrypt", "kms:Decrypt"])).client("kms")
    trainee, _ = (scene.user(sim, name, scene.allow("kms:*")) for name in (WRONG, CHIEF))
    key = scene.key(sim, ALIAS, KEY)
    blob = payroll.encrypt(KeyId=ALIAS, Plaintext=b"14 people, 52,300")["CiphertextBlob"]
    scene.bucket(sim, BUCKET, {OBJECT: blob})
    trainee.client("kms").schedule_key_deletion(KeyId=key, PendingWindowInDays=DAYS)
    scene.tries(payroll.encrypt, KeyId=ALIAS, Plaintext=b"15 people, 55,900")
    hand_over(sim, ID, REPORTER)
    return {"payroll_key": key}


def _saved(sim: Simulator, work: Work) -> Outcome:
    """The key works, under its name; the trainee may use it and not schedule its deletion; the chief may."""
    key, payroll = work.key(KEY), sim.person(REPORTER)
    state = scene.state(sim, key)
    if state != "Enabled":
        return Outcome(False, _why_out_of_use(work, state))
    if not scene.decrypts(payroll, scene.fetch(sim, BUCKET, OBJECT)):
        return Outcome(False, f"The key works, and `{REPORTER}` cannot open `{OBJECT}`: its right to decrypt is gone.")
    used = payroll.client("kms").encrypt
    if scene.tries(used, KeyId=ALIAS, Plaintext=b"15 people") or sim.trail[-1].used[0].key_arn != key:
        return Outcome(False, f"The key works, and `{REPORTER}` encrypts by `{ALIAS}`: that is to name this key.")
    try:
        trainee = sim.person(WRONG)
    except ValueError:
        return Outcome(
            False, f"Saved, and {WRONG} is gone. It was a mistake, not a crime: {WRONG} goes on working here."
        )
    if not scene.decrypts(trainee, scene.fetch(sim, BUCKET, OBJECT)):
        return Outcome(False, f"Saved. But {WRONG} cannot use the key any more: take one right, and not all.")
    if not scene.tries(trainee.client("kms").schedule_key_deletion, KeyId=key):
        return Outcome(False, f"Saved until {WRONG} tidies up again: whoever has `kms:*` may schedule deletions.")
    if scene.tries(sim.person(CHIEF).client("kms").schedule_key_deletion, KeyId=key):
        return Outcome(False, f"Saved. But {CHIEF} cannot schedule it either: some day that is the right thing to do.")
    return Outcome(True, f"Saved: `{REPORTER}` works, and {WRONG} uses the key without being able to delete it.")


def _why_out_of_use(work: Work, state: str) -> str:
    if state == "deleted":
        return (
            "Too late: the wait is over, and the key is gone with all that it encrypted. “Start again” begins before."
        )
    if state == "Disabled":
        return "The deletion is cancelled, the key is Disabled: to keep a key and to let it work are two calls."
    if work.done("CreateKey", "UpdateAlias"):
        return (
            f"The key is {state} still. A new key under the old name lets {REPORTER} write, and opens no payslip of "
            "before."
        )
    if work.refused("EnableKey"):
        return f"The key is {state} still: EnableKey is refused until somebody has cancelled the deletion."
    return f"The key is {state}. That is out of use, and not gone yet. Who scheduled it, and may that happen again?"


TASK = Task(
    f"`{REPORTER}` can neither encrypt nor decrypt with `{ALIAS}`. Let it work again, with this key. Then see to it "
    f"that `{WRONG}`, who took it for a test key, may go on using keys but cannot schedule a deletion; `{CHIEF}` still "
    "can.",
    scheduled,
    (
        "What does DescribeKey say of the key? Then look for whoever did it in the trail.",
        (
            f"CancelKeyDeletion, EnableKey. Then a Deny of `kms:ScheduleKeyDeletion` for {WRONG} alone: in IAM, or in "
            "the key policy."
        ),
        f"""import json
kms = sim.client("kms")
kms.cancel_key_deletion(KeyId=payroll_key)
kms.enable_key(KeyId=payroll_key)
deny = {{"Effect": "Deny", "Action": "kms:ScheduleKeyDeletion", "Resource": "*"}}
sim.client("iam").put_user_policy(UserName="{WRONG}", PolicyName="no-deletions",
    PolicyDocument=json.dumps({{"Version": "2012-10-17", "Statement": [deny]}}))""",
    ),
    judged(ID, _saved),
)
TICKET = Ticket(
    ID, "The payroll stopped", REPORTER,
    "Encrypt says KMSInvalidStateException, so nobody is paid. Payslips of last year do not open either.",
    "since this morning, when somebody tidied up", 1, ("lifecycle", "policies"), (TASK,),
)  # fmt: skip
