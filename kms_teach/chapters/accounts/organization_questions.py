"""The question families of "Conditions, accounts, organizations" about accounts: what crosses, who comes in."""

from random import Random
from typing import Any

from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, START, amend, attempted, error, policy, scratch, statement

ARCHITECTS = ("SAA-C03", "SCS-C03", "SAP-C02", "SAP-C03")
OWN = "111122223333"
PARTNERS = ("444455556666", "777788889999", "123456789012")
STRANGER = "222233334444"
CROSS: dict[str, tuple[str, dict[str, Any]]] = {
    "`Encrypt`": ("encrypt", {"Plaintext": NOTE}), "`DescribeKey`": ("describe_key", {}),
    "`GenerateDataKey`": ("generate_data_key", {"KeySpec": "AES_256"}), "`ListGrants`": ("list_grants", {}),
    "`GetKeyRotationStatus`": ("get_key_rotation_status", {}),
}  # fmt: skip
HOME: dict[str, tuple[str, dict[str, Any]]] = {
    "`DisableKey`": ("disable_key", {}), "`ScheduleKeyDeletion`": ("schedule_key_deletion", {}),
    "`EnableKeyRotation`": ("enable_key_rotation", {}), "`GetKeyPolicy`": ("get_key_policy", {}),
    "`TagResource`": ("tag_resource", {"Tags": [{"TagKey": "a", "TagValue": "b"}]}),
    "`UpdateKeyDescription`": ("update_key_description", {"Description": "ours"}),
}  # fmt: skip


@several("what-crosses-accounts", subject="accounts", exams=ARCHITECTS, difficulty=3)
def what_crosses_accounts(draw: Random) -> Asked:
    partner, right = draw.choice(PARTNERS), draw.choice((2, 3))
    chosen = [*draw.sample(list(CROSS), right), *draw.sample(list(HOME), 5 - right)]

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        role = sim.role("app", account=partner, policies=[policy("kms:*")])
        amend(kms, key, statement(role.arn, "kms:*"))
        client, calls = role.client("kms"), CROSS | HOME
        return [attempted(getattr(client, calls[name][0]), KeyId=key, **calls[name][1]) for name in chosen]

    return Asked(
        f"A key policy in account {OWN} allows `kms:*` to a role of account {partner}. There, an IAM policy allows the "
        "role `kms:*` on every resource. Which calls of the role go well, with the ARN of the key as `KeyId`?",
        {
            name: "It can be called with a key of another account." if name in CROSS else
            "It works with keys of the caller's own account alone, whatever policies say."
            for name in chosen
        },
        run,
    )  # fmt: skip


@several("whole-account-let-in", subject="accounts", exams=ARCHITECTS)
def whole_account_let_in(draw: Random) -> Asked:
    partner, operation = draw.choice(PARTNERS), draw.choice(("Encrypt", "GenerateDataKey", "DescribeKey"))
    allowed = draw.choice(("Encrypt", "GenerateDataKey", "DescribeKey"))
    call = CROSS[f"`{operation}`"]
    people = {
        f"a user of {partner} whose IAM policy allows `kms:{operation}` on every resource": "Both accounts say yes.",
        f"a role of {partner} whose IAM policy allows `kms:*` on the ARN of the key": "Both accounts say yes.",
        f"a user of {partner} whose IAM policy allows `kms:{allowed}` on keys of {partner}": "This key is none of "
        "them.",
        f"a user of {partner} who has no IAM policy": "The account is let in; nobody there let this user out.",
        f"a role of {STRANGER} whose IAM policy allows `kms:*` on the ARN of the key": "Its account is not let in.",
        f"the root user of {partner}": "The account is let in, and its root user needs no IAM policy.",
    }
    names = list(people)
    chosen = [*names[:2], *draw.sample(names[2:], draw.choice((3, 4)))]

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        amend(kms, key, statement(f"arn:aws:iam::{partner}:root", "kms:*"))
        made: list[Any] = [
            sim.user("reader", account=partner, policies=[policy(f"kms:{operation}")]),
            sim.role("app", account=partner, policies=[policy("kms:*", key)]),
            sim.user("writer", account=partner, policies=[policy(f"kms:{allowed}", f"arn:aws:kms:*:{partner}:key/*")]),
            sim.user("guest", account=partner),
            sim.role("stranger", account=STRANGER, policies=[policy("kms:*", key)]),
            sim.root(partner),
        ]
        callers = dict(zip(names, made, strict=True))
        return [attempted(getattr(callers[who].client("kms"), call[0]), KeyId=key, **call[1]) for who in chosen]

    return Asked(
        f"A key policy in account {OWN} allows `kms:*` to `arn:aws:iam::{partner}:root`. No organization limits "
        f"anybody. Who can call `{operation}` with this key?",
        {who: people[who] for who in chosen},
        run,
    )


@several("organization-let-in", subject="accounts", exams=ARCHITECTS, difficulty=3)
def organization_let_in(draw: Random) -> Asked:
    member, outside = draw.sample(PARTNERS, 2)
    organization, both = draw.choice(("o-a1b2c3d4e5", "o-exampleorg", "o-k7l8m9n0p1")), draw.choice((True, False))
    condition = {"StringEquals": {"aws:PrincipalOrgID": organization}}
    if both:
        condition["StringEquals"]["kms:CallerAccount"] = member
    people = {
        f"a role of {member}, a member of {organization}, to which IAM allows it": "Both accounts say yes.",
        f"the root user of {member}, a member of {organization}": "The key's account lets it in, and its own says no "
        "word against it.",
        f"a role of {OWN}, a member of {organization}, to which IAM says nothing": "In one account, a key policy that "
        "lets somebody in is enough.",
        f"a role of {member}, a member of {organization}, to which IAM says nothing": "Its own account must let it "
        "out.",
        f"a role of {outside}, of another organization, to which IAM allows it": "The organization is another one.",
    }

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        for account in (OWN, member):
            sim.account(account, organization=organization)
        sim.account(outside, organization="o-elsewhere1")
        amend(kms, key, statement("*", "kms:Encrypt", Condition=condition))
        callers: list[Any] = [
            sim.role("app", account=member, policies=[policy("kms:Encrypt")]), sim.root(member), sim.role("job"),
            sim.role("guest", account=member), sim.role("stranger", account=outside, policies=[policy("kms:Encrypt")]),
        ]  # fmt: skip
        return [attempted(each.client("kms").encrypt, KeyId=key, Plaintext=NOTE) for each in callers]

    more = f" and `kms:CallerAccount` equals `{member}`" if both else ""
    return Asked(
        f"A key policy in account {OWN} has the default statement and another one: it allows `kms:Encrypt` to every "
        f"principal, where `aws:PrincipalOrgID` equals `{organization}`{more}. Who can call `Encrypt`?",
        people,
        run,
    )


@one("whose-quota", subject="accounts", exams=("SAA-C03", "SOA-C03", "SAP-C02", "SAP-C03"))
def whose_quota(draw: Random) -> Asked:
    partner, central = draw.choice(PARTNERS), draw.choice((True, False))
    owner, user = (OWN, partner) if central else (partner, OWN)

    def run() -> list[Tried]:
        sim = Simulator(start=START, quota=3)
        kms = sim.client("kms", account=owner)
        key = kms.create_key()["KeyMetadata"]["Arn"]
        role = sim.role("app", account=user, policies=[policy("kms:*")])
        amend(kms, key, statement(role.arn, "kms:*"))
        never = {"total_max_attempts": 1}
        busy = role.client("kms", retries=never).encrypt
        while not error(busy, KeyId=key, Plaintext=NOTE):
            pass
        throttled = {}
        for account in (owner, user):
            own = sim.client("kms", account=account).create_key()["KeyMetadata"]["Arn"]
            other = sim.role("other", account=account, policies=[policy("kms:*")])
            throttled[account] = error(other.client("kms", retries=never).encrypt, KeyId=own, Plaintext=NOTE)
        found = {account for account, code in throttled.items() if code == "ThrottlingException"}
        shown = f"Throttled as well: other calls of {' and of '.join(sorted(found)) or 'nobody'}."
        answers: tuple[set[str], ...] = ({OWN}, {partner}, {OWN, partner}, set())
        return [Tried(found == each, shown) for each in answers]

    return Asked(
        f"A key belongs to account {owner}. A program in account {user} calls `Encrypt` with it so often that it gets "
        "`ThrottlingException`. In which account are other programs, with other symmetric keys of that account, "
        "throttled in the same second?",
        {
            f"in account {OWN} alone": "Requests count for the account of the caller, in each Region.",
            f"in account {partner} alone": "Requests count for the account of the caller, in each Region.",
            "in both of the accounts": "A request counts once, for the account of the caller.",
            "in neither of the accounts": "All cryptographic operations with symmetric keys share one quota.",
        },
        run,
    )
