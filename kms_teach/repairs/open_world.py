"""A key policy that is open to the world: `Principal` is `*`, and whoever has an AWS account is everybody."""

from typing import Any

from kms_teach.repairs import scene
from kms_teach.repairs.ticket import Ticket, Work, hand_over, judged
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task

ID = "open-world"
REPORTER, APP, PARTNER, PARTNERS = "olga", "app", "partner", "444455556666"
STRANGER, OUTSIDE, ANOTHER = "stranger", "999988887777", "222233334444"
BUCKET, OBJECT, KEY, ALIAS = "price-lists", "2026.blob", "Price lists", "alias/price-lists"
SID = "LetThemRead"


def wide_open(sim: Simulator) -> dict[str, Any]:
    """Let everybody decrypt, since a partner had to; and let a stranger do it."""
    scene.user(sim, REPORTER, scene.allow("kms:*"))
    scene.role(sim, APP)
    scene.user(sim, PARTNER, scene.allow("kms:Decrypt"), account=PARTNERS)
    stranger = scene.user(sim, STRANGER, scene.allow("kms:*"), account=OUTSIDE)
    world = {"Sid": SID, "Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
    key = scene.key(sim, ALIAS, KEY, scene.allow(scene.ADMINISTER, scene.account_arn()), world,
                    scene.allow("kms:Encrypt", scene.account_arn()))  # fmt: skip
    blob = sim.client("kms").encrypt(KeyId=key, Plaintext=b"A lighthouse: 1,250,000")["CiphertextBlob"]
    scene.bucket(sim, BUCKET, {OBJECT: blob})
    stranger.client("kms").decrypt(CiphertextBlob=blob)
    hand_over(sim, ID, REPORTER)
    return {"prices_key": key}


def _closed(sim: Simulator, work: Work) -> Outcome:
    """Whoever is of an account that has no business here is out; the app and the partner are in."""
    blob, key = scene.fetch(sim, BUCKET, OBJECT), work.key(KEY)
    if blob is None:
        return Outcome(False, f"`{OBJECT}` is no longer in the bucket `{BUCKET}`. Press “Start again”.")
    if (state := scene.state(sim, key)) != "Enabled":
        return Outcome(False, f"The key is {state}: that shuts out the world, along with everybody who works with it.")
    sim.user(STRANGER, account=ANOTHER, policies=[scene.document(scene.allow("kms:*"))])
    known, unknown = (scene.decrypts(sim.person(STRANGER, account), blob) for account in (OUTSIDE, ANOTHER))
    if known:
        return Outcome(False, _why_open(work.about(key, APP, REPORTER, BUCKET)))
    if unknown:
        return Outcome(
            False, f"The one stranger you know about is out. Somebody in account {ANOTHER} is not: do not list who may "
            "not, list who may.",
        )  # fmt: skip
    if not scene.decrypts(sim.person(PARTNER, PARTNERS), blob):
        return Outcome(
            False, f"The world is out, but so is the user `{PARTNER}` of account {PARTNERS}, who has to read: the key "
            "policy must let that account in by name.",
        )  # fmt: skip
    if not scene.decrypts(sim.person(APP), blob):
        return Outcome(
            False,
            f"The world is out, but so is the role `{APP}`: it has no IAM policy, and got in by `*` as well. Name it.",
        )
    return Outcome(
        True, f"Closed: the partner and `{APP}` are in, nobody else is. The trail says who came by in the meantime, "
        "and the encryption contexts, where there are any, what for.",
    )  # fmt: skip


def _why_open(work: Work) -> str:
    if work.done("PutUserPolicy", "PutRolePolicy", "AttachUserPolicy"):
        return (
            f"`{STRANGER}` still decrypts: your IAM policies mean nothing to people in other accounts. The key policy "
            "does."
        )
    if work.done("RotateKeyOnDemand", "EnableKeyRotation"):
        return f"`{STRANGER}` still decrypts: the material is new, the policy is not."
    if work.done("DeleteBucketPolicy", "PutBucketPolicy", "DeleteObject"):
        return f"`{STRANGER}` still decrypts: copies that are already out there do not need your bucket."
    if work.done("PutKeyPolicy"):
        return (
            f"`{STRANGER}` of account {OUTSIDE} still decrypts. `Principal` `*` is everybody in any account; narrow it "
            "with a condition (`kms:CallerAccount`), or name the principals."
        )
    return f"`{STRANGER}` of account {OUTSIDE} decrypts. Open the call: which statement of which document lets it in?"


TASK = Task(
    f"The key policy of `{ALIAS}` (`prices_key`) is open to the world: `{STRANGER}` of account {OUTSIDE} has read "
    f"`{OBJECT}` of the bucket `{BUCKET}`. Shut the world out. The role `{APP}`, which has no IAM policy, and the user "
    f"`{PARTNER}` of account {PARTNERS} must go on decrypting.",
    wide_open,
    (
        "`sim.faults(prices_key)` says what is wrong with the policy. Who relies on that statement, and should?",
        (
            f"PutKeyPolicy: replace `*` by the role's ARN and by account {PARTNERS} or its user. Or keep `*`, with a "
            "condition on `kms:CallerAccount`."
        ),
        f"""import json
kms = sim.client("kms")
policy = json.loads(kms.get_key_policy(KeyId=prices_key)["Policy"])
who = [sim.person("{APP}").arn, "arn:aws:iam::{PARTNERS}:root"]
for statement in policy["Statement"]:
    if statement["Principal"] == "*":
        statement["Principal"] = {{"AWS": who}}
kms.put_key_policy(KeyId=prices_key, Policy=json.dumps(policy))""",
    ),
    judged(ID, _closed),
)
TICKET = Ticket(
    ID, "Somebody reads our prices", REPORTER,
    "An account nobody here knows decrypts with our key. The statement that lets it in was written for one partner.",
    "since it had to work by Friday", 1, ("policies", "accounts"), (TASK,), caller=STRANGER,
)  # fmt: skip
