"""The question families of "Conditions, accounts, organizations" about what nobody may do, and who says so."""

from random import Random
from typing import Any

from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Tried, one
from kms_teach.teaching.trial import NOTE, START, amend, error, policy, scratch, statement

ARCHITECTS = ("SAA-C03", "SCS-C03", "SAP-C02", "SAP-C03")
OWN = "111122223333"
PARTNERS = ("444455556666", "777788889999", "123456789012")
USES: tuple[tuple[str, tuple[str, dict[str, Any]]], ...] = (
    ("Encrypt", ("encrypt", {"Plaintext": NOTE})),
    ("GenerateDataKey", ("generate_data_key", {"KeySpec": "AES_256"})),
)
SHORT, LONG = 7, 30  # days: the least that a deletion waits, and the most
WINDOW = "kms:ScheduleKeyDeletionPendingWindowInDays"
Able = tuple[bool, ...]  # in turn: a user and the root user; an old key and a new one; a short and a long window
GUARDS: dict[str, tuple[str, Able]] = {  # whoever is to be stopped, in words: who still schedules a deletion
    "nobody of the account, its root user included, can schedule the deletion of a key": ("scp", (False,) * 8),
    f"a deletion waits {LONG} days, whoever schedules it, the root user included": ("long", (False, True) * 4),
    "no user of the account can schedule the deletion of a key, and its root user can": (
        "iam", (False,) * 4 + (True,) * 4,
    ),
    "nobody can schedule the deletion of a key that is there today; keys that are made later are not concerned": (
        "key", (False, False, True, True) * 2,
    ),
}  # fmt: skip


@one("against-a-deletion", subject="deletion", exams=("SOA-C03", *ARCHITECTS), difficulty=3)
def against_a_deletion(draw: Random) -> Asked:
    account, wish = draw.choice(PARTNERS), draw.choice(tuple(GUARDS))
    deny = policy("kms:ScheduleKeyDeletion", Effect="Deny")
    short = policy("kms:ScheduleKeyDeletion", Effect="Deny", Condition={"NumericLessThan": {WINDOW: f"{LONG}"}})

    def run() -> list[Tried]:
        tried = []
        for way in ("scp", "long", "iam", "key"):
            sim = Simulator(start=START)
            kms = sim.client("kms", account=account)
            old = kms.create_key()["KeyMetadata"]["Arn"]
            if way in ("scp", "long"):
                sim.account(account, scps=[[policy("*"), deny if way == "scp" else short]])
            elif way == "key":
                amend(kms, old, statement("*", "kms:ScheduleKeyDeletion", Effect="Deny"))
            new = kms.create_key()["KeyMetadata"]["Arn"]
            user = sim.user("admin", account=account, policies=[policy("kms:*"), *([deny] if way == "iam" else [])])
            able = tuple(_scheduled(kms, client, key, days) for client in (user.client("kms"), kms)
                         for key in (old, new) for days in (SHORT, LONG))  # fmt: skip
            tried.append(Tried(able == GUARDS[wish][1], f"{sum(able)} of {len(able)} attempts went well."))
        return tried

    return Asked(
        f"Account {account} is a member of an organization. Its users have `kms:*` in IAM, and its keys the default "
        f"key policy. From today the rule is that {wish}. What do you set up?",
        {
            "an SCP for the account, which denies `kms:ScheduleKeyDeletion`": "It limits whoever is of the account, "
            "its root user too.",
            f"an SCP for the account, which denies it for less than {LONG} days": "It sees how long a deletion is to "
            "wait.",
            "an IAM policy for each of its users, which denies that action": "No IAM policy limits the root user.",
            "a statement in the policy of each of its keys, which denies it to all": "It is in the keys of today.",
        },
        run,
    )


def _scheduled(owner: Any, client: Any, key: str, days: int) -> bool:
    """Whether the deletion could be scheduled; it is cancelled again."""
    if error(client.schedule_key_deletion, KeyId=key, PendingWindowInDays=days):
        return False
    owner.cancel_key_deletion(KeyId=key)
    return True


@one("forbidden-for-the-future", subject="accounts", exams=ARCHITECTS, difficulty=3)
def forbidden_for_the_future(draw: Random) -> Asked:
    operation, (call, given) = draw.choice(USES)
    partner, wish = draw.choice(PARTNERS), draw.choice(("people", "keys", "users"))
    words, wanted = {
        "people": ("nobody of account {0}, its root user included, can call `{1}`; other accounts can, with its keys",
                   (False, False, True)),
        "keys": ("nobody, of whatever account, can call `{1}` with a key of account {0}", (False, False, False)),
        "users": ("no user of account {0} can call `{1}`; its root user, and other accounts, can, with its keys",
                  (False, True, True)),
    }[wish]  # fmt: skip
    deny = policy(f"kms:{operation}", Effect="Deny")

    def run() -> list[Tried]:
        tried = []
        for way in ("scp", "rcp", "iam", "key"):
            sim, kms, old = scratch()
            if way == "scp":
                sim.account(scps=[[policy("*"), deny]])
            elif way == "rcp":
                sim.account(rcps=[policy(f"kms:{operation}", Effect="Deny", Principal="*")])
            elif way == "key":
                amend(kms, old, statement("*", f"kms:{operation}", Effect="Deny"))
            user = sim.user("admin", policies=[policy("kms:*"), *([deny] if way == "iam" else [])])
            app = sim.role("app", account=partner, policies=[policy("kms:*")])
            new = kms.create_key()["KeyMetadata"]["Arn"]
            amend(kms, new, statement(app.arn, "kms:*"))
            able = {who: not error(getattr(each.client("kms"), call), KeyId=new, **given) for who, each in
                    (("a user", user), ("the root user", sim.root()), (f"a role of {partner}", app))}  # fmt: skip
            fine = ", ".join(who for who, each in able.items() if each) or "nobody"
            tried.append(Tried(tuple(able.values()) == wanted, f"With a key that was made later it went well for "
                               f"{fine}."))  # fmt: skip
        return tried

    return Asked(
        f"A company wants that from today {words.format(OWN, operation)}. That must hold for keys that are made "
        "tomorrow, too. What does it set up?",
        {
            f"an SCP for the account, which denies `kms:{operation}`": "It limits who is of the account, and nobody "
            "else.",
            f"an RCP for the account, which denies `kms:{operation}`": "It limits what is done with the account's "
            "keys, by whomever.",
            f"an IAM policy for each user, which denies `kms:{operation}`": "It limits these users alone.",
            f"a Deny in the policy of each key, against `kms:{operation}`": "It limits the keys that are there today.",
        },
        run,
    )
