"""A replica of a multi-Region key whose policy was forgotten: it shows on the day of the failover."""

from typing import Any

from kms_teach.repairs import scene
from kms_teach.repairs.ticket import Ticket, Work, hand_over, judged
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task

ID = "forgotten-replica"
HOME, ABROAD = "us-east-1", "eu-west-1"
REPORTER, OTHER, APP = "standby", "temp", "app"
BUCKET, OBJECT, KEY, ALIAS = "standby-data", "orders.blob", "Both sides of the sea", "alias/both-sides"


def failed_over(sim: Simulator) -> dict[str, Any]:
    """Replicate a key, let in one more in its home Region alone, and let that one call abroad."""
    standby, _ = (scene.user(sim, name, scene.allow("kms:*")) for name in (REPORTER, OTHER))
    app, kms = scene.role(sim, APP), sim.client("kms")
    administer = scene.allow(scene.ADMINISTER, scene.account_arn())
    uses = ["kms:Encrypt", "kms:Decrypt"]
    key = scene.key(sim, ALIAS, KEY, administer, scene.allow(uses, app.arn), MultiRegion=True)
    policy = scene.text(administer, scene.allow(uses, app.arn))
    kms.replicate_key(KeyId=key, ReplicaRegion=ABROAD, Policy=policy)
    kms.put_key_policy(KeyId=key, Policy=scene.text(administer, scene.allow(uses, app.arn, standby.arn)))
    blob = app.client("kms").encrypt(KeyId=key, Plaintext=b"Orders of today")["CiphertextBlob"]
    scene.bucket(sim, BUCKET, {OBJECT: blob})
    scene.tries(standby.client("kms", region=ABROAD).decrypt, CiphertextBlob=blob)
    hand_over(sim, ID, REPORTER)
    return {"both_sides_key": key}


def _both_sides(sim: Simulator, work: Work) -> Outcome:
    """standby and app decrypt in both Regions, temp in neither."""
    blob = scene.fetch(sim, BUCKET, OBJECT)
    if blob is None:
        return Outcome(False, f"`{OBJECT}` is no longer in the bucket `{BUCKET}`. Press “Start again”.")
    may = {
        (name, region): scene.decrypts(sim.person(name), blob, region)
        for name in (REPORTER, APP, OTHER) for region in (HOME, ABROAD)
    }  # fmt: skip
    if not may[REPORTER, ABROAD]:
        return Outcome(False, _why_denied(work.about(work.key(KEY), REPORTER)))
    if too_many := [region for region in (HOME, ABROAD) if may[OTHER, region]]:
        return Outcome(
            False, f"`{REPORTER}` decrypts, but in {too_many[0]} so does `{OTHER}`: naming the account lets in "
            f"everybody whose IAM policy says `kms:*`. Name {REPORTER}, as in {HOME}.",
        )  # fmt: skip
    lost = [f"`{name}` in {region}" for (name, region), allowed in may.items() if not allowed and name != OTHER]
    if lost:
        return Outcome(
            False,
            f"`{REPORTER}` decrypts in {ABROAD}, but {lost[0]} no longer does: add to the policy, do not replace it.",
        )
    return Outcome(
        True, "Both sides let in the same people now. Key policies, grants, tags and aliases belong to each Region; a "
        f"failover test as `{REPORTER}` would have shown it a year ago.",
    )  # fmt: skip


def _why_denied(work: Work) -> str:
    if work.done("UpdatePrimaryRegion"):
        return (
            f"{ABROAD} is the primary Region now, and denies `{REPORTER}` as before: being the primary gives nobody a "
            "permission."
        )
    put = work.done("PutKeyPolicy", "CreateGrant")
    if put and all(r.event["awsRegion"] == HOME for r in put):
        return f"You let somebody in, in {HOME}. The replica in {ABROAD} shares the key material, not the policy."
    if work.refused("ReplicateKey"):
        return f"ReplicateKey was refused: there is a replica in {ABROAD} already. It needs a policy, not a second one."
    if work.done("PutUserPolicy", "AttachUserPolicy"):
        return f"`{REPORTER}` has `kms:*` in IAM already. In {ABROAD} the key policy does not let IAM decide."
    if put:
        return f"Something changed in {ABROAD}, and `{REPORTER}` is still denied. Open its call: which step says no?"
    return f"`{REPORTER}` is denied in {ABROAD}, and not in {HOME}: compare what GetKeyPolicy says on both sides."


TASK = Task(
    f"{HOME} is down in the failover test, and `{REPORTER}` is denied in {ABROAD} with the replica of `{ALIAS}` "
    f"(`both_sides_key`). Let {REPORTER} decrypt `{OBJECT}` of the bucket `{BUCKET}` there, as it can in {HOME}, and "
    f"let in nobody who cannot in {HOME}.",
    failed_over,
    (
        (
            f"Same id, same material. What does a replica not share with its primary? Call `GetKeyPolicy` in {ABROAD} "
            "as well."
        ),
        f'`sim.client("kms", region="{ABROAD}")` puts a key policy there; the one from {HOME} will do.',
        f"""key_id = both_sides_key.partition("/")[2]
policy = sim.client("kms").get_key_policy(KeyId=key_id)["Policy"]
sim.client("kms", region="{ABROAD}").put_key_policy(KeyId=key_id, Policy=policy)""",
    ),
    judged(ID, _both_sides),
)
TICKET = Ticket(
    ID, "The failover is denied", REPORTER,
    "We switched to eu-west-1 as planned, and Decrypt says AccessDenied. The key is there, the same id.",
    "since the failover began", 1, ("aliases", "policies"), (TASK,),
)  # fmt: skip
