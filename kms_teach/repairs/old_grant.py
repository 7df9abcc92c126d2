"""A grant of a migration that is long over, and what it was passed on to; another grant is still needed."""

from typing import Any

from kms_teach.repairs import scene
from kms_teach.repairs.ticket import Ticket, Work, hand_over, judged
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task

ID = "old-grant"
REPORTER, MIGRATOR, HELPER, WORKER = "olga", "migrator", "helper", "worker"
BUCKET, OBJECT, KEY, ALIAS = "company-files", "plans.blob", "Files", "alias/files"
CONTEXT = {"department": "plans"}


def left_open(sim: Simulator) -> dict[str, Any]:
    """Give two roles a grant, let one of them pass its own on, and let it read a file after its work was done."""
    scene.user(sim, REPORTER, scene.allow("kms:*"))
    migrator, helper, worker = (scene.role(sim, name) for name in (MIGRATOR, HELPER, WORKER))
    key, kms = scene.key(sim, ALIAS, KEY), sim.client("kms")
    blob = kms.encrypt(KeyId=key, Plaintext=b"A new pier in 2031.", EncryptionContext=CONTEXT)["CiphertextBlob"]
    scene.bucket(sim, BUCKET, {OBJECT: blob})
    kms.create_grant(KeyId=key, GranteePrincipal=worker.arn, Operations=["Decrypt", "Encrypt"], Name="nightly-work")
    kms.create_grant(
        KeyId=key, GranteePrincipal=migrator.arn, Operations=["Decrypt", "CreateGrant"], Name="migration-of-March"
    )
    migrator.client("kms").create_grant(KeyId=key, GranteePrincipal=helper.arn, Operations=["Decrypt"])
    migrator.client("kms").decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT)
    hand_over(sim, ID, REPORTER)
    return {"files_key": key}


def _ended(sim: Simulator, work: Work) -> Outcome:
    """Neither the migrator nor whom it let in decrypts, and the worker still does."""
    blob, key = scene.fetch(sim, BUCKET, OBJECT), work.key(KEY)
    if blob is None:
        return Outcome(False, f"`{OBJECT}` is no longer in the bucket `{BUCKET}`. Press “Start again”.")
    opens = {name: _opens(sim, name, blob) for name in (MIGRATOR, HELPER, WORKER)}
    if (state := scene.state(sim, key)) != "Enabled":
        return Outcome(
            False, f"The key is {state}: that shuts out everybody, including `{WORKER}`. End the grants, not the key."
        )
    if opens[MIGRATOR]:
        return Outcome(False, _why_open(work.about(key, MIGRATOR)))
    if opens[HELPER]:
        return Outcome(
            False, f"`{MIGRATOR}` is out, but `{HELPER}` still reads: {MIGRATOR} had passed its permission on, and a "
            "grant outlives the one it was made with.",
        )  # fmt: skip
    if not opens[WORKER]:
        return Outcome(False, f"Both are out, but so is `{WORKER}`, whose grant is needed every night: give it back.")
    listed = sim.client("kms").list_grants(KeyId=key)["Grants"]
    left = [grant for grant in listed if grant["GranteePrincipal"].rpartition("/")[2] in (MIGRATOR, HELPER)]
    rest = " Their grants are still listed, and will count again on the day somebody removes your Deny." if left else ""
    return Outcome(True, f"Ended: only `{WORKER}` decrypts by a grant now.{rest}")


def _opens(sim: Simulator, name: str, blob: bytes) -> bool:
    try:
        person = sim.person(name)
    except ValueError:  # the role was deleted
        return False
    return scene.decrypts(person, blob, EncryptionContext=CONTEXT)


def _why_open(work: Work) -> str:
    if work.done("DetachRolePolicy", "DeleteRolePolicy", "PutRolePolicy", "AttachRolePolicy"):
        return (
            f"`{MIGRATOR}` still reads. It never had an IAM policy that allowed it: where does its permission come "
            "from?"
        )
    if work.done("RotateKeyOnDemand", "EnableKeyRotation"):
        return f"`{MIGRATOR}` still reads: rotation changes the material, not who may use the key."
    if work.refused("RetireGrant", "RevokeGrant"):
        return (
            f"`{MIGRATOR}` still reads, and your call was refused: "
            f"{work.refused('RetireGrant', 'RevokeGrant')[-1].error}."
        )
    if work.done("RevokeGrant", "RetireGrant"):
        return (
            f"A grant was ended, but not the right one: `{MIGRATOR}` still reads. ListGrants says whose each of them "
            "is."
        )
    return f"`{MIGRATOR}` still reads. Open its call: which step said yes?"


TASK = Task(
    f"The migration of March is over, and the role `{MIGRATOR}` read `{OBJECT}` this morning. Make sure that nobody "
    f"uses `{ALIAS}` because of that migration any more. The role `{WORKER}` has to go on working every night.",
    left_open,
    (
        f"`{MIGRATOR}` has no IAM policy, and the key policy does not name it. What else can let somebody in?",
        (
            "ListGrants shows who was given what, and by whom (`IssuingAccount`, and who called CreateGrant in the "
            "trail). RevokeGrant ends one; grants that were passed on have to be ended one by one."
        ),
        f"""kms = sim.client("kms")
for grant in kms.list_grants(KeyId=files_key)["Grants"]:
    if not grant["GranteePrincipal"].endswith("role/{WORKER}"):
        kms.revoke_grant(KeyId=files_key, GrantId=grant["GrantId"])""",
    ),
    judged(ID, _ended),
)
TICKET = Ticket(
    ID, "The migration is over, and still reads", REPORTER,
    "Access review: the role migrator decrypted a file today. It has no policy at all. How can it do that?",
    "since March, if we are honest", 2, ("grants",), (TASK,), caller=MIGRATOR,
)  # fmt: skip
