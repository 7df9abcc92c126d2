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
        return Outcome(False, _why_out_of_use(work.about(key), state))
    if not scene.decrypts(payroll, scene.fetch(sim, BUCKET, OBJECT)):
        return Outcome(
            False, f"The key works, but `{REPORTER}` cannot open `{OBJECT}`: it is no longer allowed to decrypt."
        )
    used = payroll.client("kms").encrypt
    if scene.tries(used, KeyId=ALIAS, Plaintext=b"15 people") or sim.trail[-1].used[0].key_arn != key:
        return Outcome(False, f"The key works, but `{ALIAS}`, which `{REPORTER}` encrypts by, no longer leads to it.")
    try:
        trainee = sim.person(WRONG)
    except ValueError:
        return Outcome(
            False, f"Saved, but the user {WRONG} is gone. It was a mistake, not a crime: {WRONG} still works here."
        )
    if not scene.decrypts(trainee, scene.fetch(sim, BUCKET, OBJECT)):
        return Outcome(
            False, f"Saved, but {WRONG} can no longer use the key. Take away one permission, not all of them."
        )
    if not scene.tries(trainee.client("kms").schedule_key_deletion, KeyId=key):
        return Outcome(False, f"Saved, until {WRONG} tidies up again: whoever has `kms:*` may schedule deletions.")
    if scene.tries(sim.person(CHIEF).client("kms").schedule_key_deletion, KeyId=key):
        return Outcome(
            False,
            f"Saved, but {CHIEF} cannot schedule a deletion either, and one day that will be the right thing to do.",
        )
    return Outcome(True, f"Saved: `{REPORTER}` works again, and {WRONG} can use the key but not delete it.")


def _why_out_of_use(work: Work, state: str) -> str:
    if state == "deleted":
        return (
            "Too late: the waiting period is over, and the key is gone, with everything it encrypted. “Start again” "
            "goes back to before that."
        )
    if state == "Disabled":
        return "The deletion is cancelled, but the key is Disabled: keeping a key and enabling it are two calls."
    if work.done("CreateKey", "UpdateAlias"):
        return (
            f"The key is still {state}. A new key under the old name lets {REPORTER} encrypt, but opens none of the "
            "old payslips."
        )
    if work.refused("EnableKey"):
        return f"The key is still {state}: EnableKey is refused until somebody has cancelled the deletion."
    return f"The key is {state}: out of use, but not gone yet. Who scheduled that, and could it happen again?"


TASK = Task(
    f"`{REPORTER}` can neither encrypt nor decrypt with `{ALIAS}`. Get it working again, with this same key. Then make "
    f"sure that `{WRONG}`, who took it for a test key, can go on using keys but cannot schedule a deletion. `{CHIEF}` "
    "must still be able to.",
    scheduled,
    (
        "What does DescribeKey say about the key? And who, according to the trail, did that?",
        (
            f"CancelKeyDeletion, EnableKey. Then deny `kms:ScheduleKeyDeletion` to {WRONG} alone, in IAM or in the key "
            "policy."
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
    "Encrypt says KMSInvalidStateException, so nobody gets paid. Last year's payslips do not open either.",
    "since this morning, when somebody tidied up", 1, ("lifecycle", "policies"), (TASK,),
)  # fmt: skip
