"""Leaked credentials, and what a thief has built with them: the order in which that is cleared away counts."""

from typing import Any

from kms_teach.people import Person
from kms_teach.repairs import scene
from kms_teach.repairs.ticket import Ticket, Work, hand_over, judged
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task

ID = "leaked-credentials"
REPORTER, VICTIM, THIEF, ELSEWHERE = "olga", "deployer", "mallory", "999988887777"
BUCKET, OBJECT, KEY, ALIAS = "releases", "release-key.blob", "Releases", "alias/releases"


def leaked(sim: Simulator) -> dict[str, Any]:
    """Let a thief use a leaked access key: for a second one, for a grant to another account, and to read."""
    iam = sim.client("iam")
    scene.user(sim, REPORTER, scene.allow(["kms:*", "iam:*"]))
    scene.user(sim, VICTIM)
    for each in iam.list_access_keys(UserName=VICTIM)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=VICTIM, AccessKeyId=each["AccessKeyId"])
    deployer = scene.user(
        sim, VICTIM, scene.allow(["kms:Encrypt", "kms:Decrypt", "kms:CreateGrant", "iam:CreateAccessKey"])
    )
    mallory = scene.user(sim, THIEF, scene.allow("kms:*"), account=ELSEWHERE)
    key = scene.key(sim, ALIAS, KEY)
    blob = deployer.client("kms").encrypt(KeyId=ALIAS, Plaintext=b"The key that signs releases.")["CiphertextBlob"]
    scene.bucket(sim, BUCKET, {OBJECT: blob})
    second = deployer.client("iam").create_access_key(UserName=VICTIM)["AccessKey"]["AccessKeyId"]
    deployer.client("kms").create_grant(KeyId=key, GranteePrincipal=mallory.arn, Operations=["Decrypt", "CreateGrant"])
    mallory.client("kms").decrypt(CiphertextBlob=blob)
    hand_over(sim, ID, REPORTER, note=f"{deployer.access_key.id} {second}")
    return {"leaked_key": deployer.access_key.id, "releases_key": key}


def _contained(sim: Simulator, work: Work) -> Outcome:
    """Neither access key works, since before the grant ended; the thief is out; the user works with a third."""
    work = work.about(work.key(KEY), VICTIM)
    leaked_keys, blob = work.note.split(), scene.fetch(sim, BUCKET, OBJECT)
    usable = [each for each in leaked_keys if sim.service.principal(each) is not None]
    thief_in = scene.decrypts(sim.person(THIEF, ELSEWHERE), blob)
    ended = _first(work, ("RevokeGrant", "RetireGrant"))
    if len(usable) == len(leaked_keys):
        return Outcome(False, _nothing_contained(work, thief_in))
    if usable:
        return Outcome(
            False, f"One access key is out of use, but {usable[0]} still works: the thief had made a second one, as "
            "ListAccessKeys and the trail show.",
        )  # fmt: skip
    if ended is not None and ended < _last_end(work, leaked_keys):
        return Outcome(
            False, "In the wrong order: you ended the grant while the thief still had a working access key, and could "
            "have made another grant. Contain first. Press “Start again”.",
        )  # fmt: skip
    if (state := scene.state(sim, work.key(KEY))) != "Enabled":
        return Outcome(False, f"The key is {state}, so no release can go out. It was not the KMS key that leaked.")
    if thief_in:
        why = " Rotation does not help: a grant lets its holder use the key, whatever its material." if work.done(
            "RotateKeyOnDemand", "EnableKeyRotation") else ""  # fmt: skip
        return Outcome(
            False, f"Contained: both access keys are out of use. But `{THIEF}` of account {ELSEWHERE} still decrypts, "
            f"and needs neither of them. What were they used for?{why}",
        )  # fmt: skip
    if not any(scene.decrypts(person, blob) for person in _working(sim, leaked_keys)):
        return Outcome(
            False, f"Contained and cleaned up. Now let `{VICTIM}` work again, with a new access key and its permission "
            "to decrypt.",
        )  # fmt: skip
    return Outcome(
        True, f"Contained, cleaned up, back at work, in that order. What `{THIEF}` has read stays read: replace the "
        "key that signs releases.",
    )  # fmt: skip


def _working(sim: Simulator, leaked_keys: list[str]) -> list[Person]:
    """Who calls by the access keys that the user has now, but for the leaked ones."""
    keys = sim.client("iam").list_access_keys(UserName=VICTIM)["AccessKeyMetadata"]
    fresh = (sim.service.principal(each["AccessKeyId"]) for each in keys if each["AccessKeyId"] not in leaked_keys)
    return [
        sim.session({"AccessKeyId": each.access_key, "SecretAccessKey": each.secret}) for each in fresh if each
    ]  # fmt: skip


def _first(work: Work, operations: tuple[str, ...]) -> int | None:
    return next((at for at, r in enumerate(work.since) if r.operation in operations and r.worked), None)


def _last_end(work: Work, leaked_keys: list[str]) -> int:
    """When the last of the leaked keys was put out of use, for the first time."""
    ends = {
        r.parameters.get("accessKeyId"): at for at, r in reversed(list(enumerate(work.since)))
        if r.worked and (r.operation == "DeleteAccessKey" or r.parameters.get("status") == "Inactive")
    }  # fmt: skip
    return max((ends.get(each, 0) for each in leaked_keys), default=0)


def _nothing_contained(work: Work, thief_in: bool) -> str:
    if work.done("RotateKeyOnDemand", "EnableKeyRotation"):
        return "You rotated the KMS key. Both access keys still work, and a rotated key serves them just the same."
    if work.done("CreateAccessKey"):
        return f"A new access key is for later. The leaked ones of `{VICTIM}` still work: stop those first."
    if not thief_in:
        return (
            f"`{THIEF}` is out for the moment, but the leaked access key still works and can make the next grant in a "
            "second. Contain first."
        )
    return (
        f"The access key `{work.note.split()[0]}` works for whoever has it. What stops it at once, and can be undone?"
    )


TASK = Task(
    f"An access key of the user `{VICTIM}`, `leaked_key`, was published, and `{THIEF}` of account {ELSEWHERE} reads "
    f"`{OBJECT}` of the bucket `{BUCKET}`. Put an end to that, in the right order, and let `{VICTIM}` work with "
    f"`{ALIAS}` again, with a new access key.",
    leaked,
    (
        "First stop what can still do harm, then undo the harm, then get back to work. Which is which here?",
        (
            "The trail shows what that user made: a second access key, and a grant. UpdateAccessKey (Inactive) for "
            "both keys, RevokeGrant, then DeleteAccessKey and CreateAccessKey."
        ),
        f"""iam, kms, user = sim.client("iam"), sim.client("kms"), {{"UserName": "{VICTIM}"}}
stolen = [each["AccessKeyId"] for each in iam.list_access_keys(**user)["AccessKeyMetadata"]]
for each in stolen:
    iam.update_access_key(**user, AccessKeyId=each, Status="Inactive")
for grant in kms.list_grants(KeyId=releases_key)["Grants"]:
    kms.revoke_grant(KeyId=releases_key, GrantId=grant["GrantId"])
for each in stolen:
    iam.delete_access_key(**user, AccessKeyId=each)
iam.create_access_key(**user)["AccessKey"]["AccessKeyId"]""",
    ),
    judged(ID, _contained),
)
TICKET = Ticket(
    ID, "Our access key is on the internet", REPORTER,
    "A scanner found deployer's access key in a public repository. An account we do not know has decrypted with our "
    "key.",
    "found ten minutes ago", 3, ("policies", "grants", "rotation"), (TASK,), caller=THIEF,
)  # fmt: skip
