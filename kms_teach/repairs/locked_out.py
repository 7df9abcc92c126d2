"""A key that lets in one role alone, and nobody may become that role any more."""

from contextlib import suppress
from typing import Any

from kms_teach.repairs import scene
from kms_teach.repairs.ticket import Ticket, Work, hand_over, judged
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task

ID = "locked-out"
REPORTER, KEEPER, GONE, CHIEF, OTHER = "nightly", "vault-keeper", "petra", "olga", "intern"
BUCKET, OBJECT, KEY = "vault-backups", "latest.blob", "Vault"


def locked(sim: Simulator) -> dict[str, Any]:
    """Make a key for the role vault-keeper alone, which trusts petra alone; then petra leaves."""
    iam, kms = sim.client("iam"), sim.client("kms")
    nightly, _, _ = (scene.user(sim, name, scene.allow("kms:*")) for name in (REPORTER, CHIEF, OTHER))
    petra = scene.user(sim, GONE)
    keeper = scene.role(sim, KEEPER, trust=_trusts(petra.arn))
    for each in iam.list_access_keys(UserName=GONE)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=GONE, AccessKeyId=each["AccessKeyId"])
    for name in iam.list_user_policies(UserName=GONE)["PolicyNames"]:
        iam.delete_user_policy(UserName=GONE, PolicyName=name)
    iam.delete_user(UserName=GONE)
    key = scene.key(sim, "alias/vault-backups", KEY)
    blob = kms.encrypt(KeyId=key, Plaintext=b"Everything since 2019.")["CiphertextBlob"]
    scene.bucket(sim, BUCKET, {OBJECT: blob})
    only = scene.text(scene.allow("kms:*", keeper.arn))
    kms.put_key_policy(KeyId=key, Policy=only, BypassPolicyLockoutSafetyCheck=True)
    scene.tries(nightly.client("kms").decrypt, CiphertextBlob=blob)
    hand_over(sim, ID, REPORTER)
    return {"vault_key": key}


def _trusts(arn: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sts:AssumeRole"}
    return {"Version": scene.VERSION, "Statement": [statement]}


def _opened_again(sim: Simulator, work: Work) -> Outcome:
    """nightly opens the backup, the intern does not, and olga can change the key policy."""
    key, blob = work.key(KEY), scene.fetch(sim, BUCKET, OBJECT)
    if blob is None:
        return Outcome(False, f"`{OBJECT}` is no longer in the bucket `{BUCKET}`. Press “Start again”.")
    who = sim.who_may(key, ("PutKeyPolicy",))
    may_change = {arn.rpartition("/")[2] for arn in who.rows if who.cells[arn, "PutKeyPolicy"].allowed}
    if not scene.decrypts(sim.person(REPORTER), blob):
        return Outcome(False, _why_locked(sim, work.about(key, KEEPER, GONE), may_change))
    if scene.decrypts(sim.person(OTHER), blob):
        return Outcome(
            False, f"{REPORTER} opens it, but so does {OTHER}: a key policy that names the account leaves it to IAM, "
            "and IAM allows all three of them. Name who is meant.",
        )  # fmt: skip
    if CHIEF not in may_change:
        return Outcome(
            False, f"{REPORTER} opens it, but {CHIEF} still cannot change the key policy. Who could, next year?"
        )
    return Outcome(
        True, f"Open: {REPORTER} gets in, and {CHIEF} can change the key policy. Nobody had to ask AWS Support."
    )


def _why_locked(sim: Simulator, work: Work, may_change: set[str]) -> str:
    if CHIEF in may_change:
        return f"{CHIEF} can change the key policy now, but nothing lets {REPORTER} in yet."
    if any(r.event["userIdentity"]["type"] == "Root" for r in work.refused("PutKeyPolicy", "CreateGrant")):
        return (
            "Denied: being the root user, or having made the key, is no permission. Whom does the key policy name, and "
            "who decides who may become that role?"
        )
    with suppress(ValueError):
        sim.person(GONE)
        return (
            f"There is a user called {GONE} again, but it is somebody else: the trust policy has the unique id of the "
            "old one. A new trust policy says who may become the role."
        )
    if work.refused("AssumeRole"):
        return (
            f"{KEEPER}'s trust policy trusts somebody who is gone. The root user may replace that policy: it is IAM's, "
            "not the key's."
        )
    if work.done("UpdateAssumeRolePolicy"):
        return f"{KEEPER} trusts somebody else now. Assume the role, and put a key policy as {KEEPER}."
    if work.done("CreateKey"):
        return "A new key opens nothing the old one encrypted. The way in leads through the role."
    return (
        f"{REPORTER} is still denied, whatever its IAM policy says: this key policy lets in {KEEPER} and nobody else."
    )


TASK = Task(
    f"The key policy of `alias/vault-backups` names the role `{KEEPER}` alone. Let `{REPORTER}` decrypt `{OBJECT}` of "
    f"the bucket `{BUCKET}` again, and let `{CHIEF}` change the key policy from now on. `{OTHER}`, whose IAM policy "
    "says `kms:*` like theirs, must stay out.",
    locked,
    (
        (
            "The key is closed to the root user, but the role is not. What is a role's trust policy, and who may "
            "change it?"
        ),
        (
            f"As root, call `UpdateAssumeRolePolicy` for {KEEPER}, so that it trusts {CHIEF}. As {CHIEF}, call "
            "`AssumeRole`; `sim.session(credentials)` has clients for that session. Then `PutKeyPolicy`, naming "
            "everybody who is meant."
        ),
        f"""import json
olga, keeper = sim.person("{CHIEF}"), "arn:aws:iam::111122223333:role/{KEEPER}"
trust = {{"Effect": "Allow", "Principal": {{"AWS": olga.arn}}, "Action": "sts:AssumeRole"}}
sim.client("iam").update_assume_role_policy(
    RoleName="{KEEPER}", PolicyDocument=json.dumps({{"Version": "2012-10-17", "Statement": [trust]}}))
session = olga.client("sts").assume_role(RoleArn=keeper, RoleSessionName="repair")["Credentials"]
may = [("kms:*", keeper), ("kms:Decrypt", sim.person("{REPORTER}").arn), ("kms:*", olga.arn)]
policy = {{"Version": "2012-10-17", "Statement": [
    {{"Effect": "Allow", "Principal": {{"AWS": who}}, "Action": action, "Resource": "*"}} for action, who in may]}}
sim.session(session).client("kms").put_key_policy(KeyId=vault_key, Policy=json.dumps(policy))""",
    ),
    judged(ID, _opened_again),
)
TICKET = Ticket(
    ID, "Nobody gets into the vault", REPORTER,
    "The nightly restore test is denied. The key lets in one role, only petra could assume that role, and petra has "
    "left the company. Root is denied too.",
    "since petra's account was closed", 3, ("policies", "accounts"), (TASK,),
)  # fmt: skip
