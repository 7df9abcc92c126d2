"""The question families of "Key policies and IAM"."""

import json
from random import Random
from typing import Any

from kms_teach.chapters.policies.condition_questions import (
    forced_tenant,
    tag_decides,
    until_the_contract_ends,
    way_to_more,
)
from kms_teach.chapters.policies.statement_questions import (
    closed_for_all_but_one,
    only_through_a_service,
    refused_by_the_lockout_check,
    two_keys_two_policies,
    what_an_administrator_may,
)
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, error, policy, scratch, told

__all__ = [
    "allow_by_alias", "closed_for_all_but_one", "default_key_policy", "forced_tenant", "locked_out",
    "only_through_a_service", "refused_by_the_lockout_check", "tag_decides", "two_keys_two_policies",
    "until_the_contract_ends", "way_to_more", "ways_in", "what_an_administrator_may",
]  # fmt: skip

SECURITY = ("SAA-C03", "SOA-C03", "SCS-C03")
NAMES = ("alice", "bob", "carla", "dmitri", "elif")


ROOT = "arn:aws:iam::111122223333:root"
STATEMENTS: dict[str, tuple[Any, dict[str, Any]]] = {  # whom the only statement of a key policy allows, in words
    f"`{ROOT}`": ({"AWS": ROOT}, {}),
    "`*`, if `kms:CallerAccount` is `111122223333`": (
        "*", {"Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}},
    ),
    f"`{ROOT}`, if `aws:PrincipalArn` is `{ROOT}`": (
        {"AWS": ROOT}, {"Condition": {"ArnEquals": {"aws:PrincipalArn": ROOT}}},
    ),
}  # fmt: skip


@one("default-key-policy", subject="access", exams=SECURITY, difficulty=2)
def default_key_policy(draw: Random) -> Asked:
    action, whom = draw.choice(("DescribeKey", "Encrypt", "GenerateDataKey")), draw.choice(tuple(STATEMENTS))
    principal, condition = STATEMENTS[whom]

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        only = policy("kms:*", Principal=principal, **condition)
        kms.put_key_policy(KeyId=key, Policy=json.dumps(only))
        people = (sim.root(), sim.user("bare"), sim.user("allowed", policies=[policy(f"kms:{action}")]))
        may = [_may(key, person, action) for person in people]
        names = ("the root user", "a user without an IAM policy", "a user with one")
        able = " and ".join(name for name, allowed in zip(names, may, strict=True) if allowed)
        shown = f"Allowed were {able}."
        return [Tried(right, shown) for right in (all(may), may == [True, False, True], may == [True, False, False])]

    return Asked(
        f"A key policy allows `kms:*` to {whom}. It has no other statement, and no policy denies anything. Who in "
        f"account 111122223333 may call `{action}` with the key?",
        {
            "every user and role of the account, the root user too": "`*` is each of them; `:root` leaves it to IAM, "
            "and who has no IAM policy has no permission then.",
            "whoever IAM lets, and the root user": "A principal `:root` is the account: key policy and IAM policy must "
            "both say yes.",
            "the root user of the account, and nobody else": "`:root` as a principal is the account. A condition on "
            "the caller's ARN means the root user alone.",
        },
        run,
    )


@one("locked-out", subject="access", exams=SECURITY)
def locked_out(draw: Random) -> Asked:
    role, admin = draw.choice(("keeper", "vault", "security", "custodian")), draw.choice(NAMES)
    user = f"arn:aws:iam::111122223333:user/{admin}"
    statements: dict[str, tuple[str, dict[str, Any]]] = {  # whom the key policy allows: its principal and its condition
        f"the role {role}": (f"arn:aws:iam::111122223333:role/{role}", {}),
        "the account, if `aws:PrincipalArn` is the root user's": (ROOT, {"ArnEquals": {"aws:PrincipalArn": ROOT}}),
        f"the account, if `aws:PrincipalArn` is that of {admin}": (ROOT, {"ArnEquals": {"aws:PrincipalArn": user}}),
    }
    whom = draw.choice(tuple(statements))
    principal, condition = statements[whom]

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        keeper, administrator = sim.role(role), sim.user(admin, policies=[policy("kms:PutKeyPolicy")])
        more: dict[str, Any] = {"Condition": condition} if condition else {}
        same = json.dumps(policy("kms:*", Principal={"AWS": principal}, **more))
        kms.put_key_policy(KeyId=key, Policy=same, BypassPolicyLockoutSafetyCheck=True)
        calls = [person.client("kms").put_key_policy for person in (keeper, sim.root(), administrator)]
        codes = [error(call, KeyId=key, Policy=same, BypassPolicyLockoutSafetyCheck=True) for call in calls]
        return [Tried(not code, told(call, code)) for call, code in zip(calls, codes, strict=True)]

    return Asked(
        f"The only statement of a key policy allows `kms:*` to {whom}. No IAM policy of the account speaks of KMS. Who "
        "can change the key policy, if IAM policies can be added?",
        {
            f"whoever acts as the role {role}, and needs no IAM policy": "A role that the key policy names needs no "
            "other yes, and one that it does not name gets none from it.",
            "the root user of the account, and needs no IAM policy": "A key whose policy does not let the root user in "
            "does not listen to it either.",
            f"the user {admin}, with an IAM policy that allows it": "IAM counts only where the key policy leaves it to "
            "IAM, here under its condition.",
        },
        run,
    )


NEEDS: dict[str, tuple[str, dict[str, Any]]] = {
    "Encrypt": ("encrypt", {"Plaintext": NOTE}),
    "GenerateDataKey": ("generate_data_key", {"KeySpec": "AES_256"}),
    "GenerateDataKeyWithoutPlaintext": ("generate_data_key_without_plaintext", {"KeySpec": "AES_256"}),
}


@one("allow-by-alias", subject="aliases", exams=("DVA-C02", "DVA-C03", "SCS-C03"))
def allow_by_alias(draw: Random) -> Asked:
    name, operation = f"alias/{draw.choice(('letters', 'orders', 'payroll', 'photos'))}", draw.choice(tuple(NEEDS))
    act, sent = NEEDS[operation]
    wish, wanted = draw.choice(
        (
            (f"by `{name}`, whatever key stands behind it, and with no other key", ["", "AccessDeniedException"]),
            (f"by `{name}`, whatever key stands behind it, and by the ARN of every other key as well", ["", ""]),
        )
    )

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        other = kms.create_key()["KeyMetadata"]["Arn"]
        kms.create_alias(AliasName=name, TargetKeyId=key)
        alias = f"{key.rpartition(':')[0]}:{name}"
        named = {"StringEquals": {"kms:RequestAlias": name}}
        tried = []
        for resource, condition in ((alias, {}), ("*", {}), ("*", {"Condition": named}), (alias, {"Condition": named})):
            user = sim.user("writer", policies=[policy(f"kms:{operation}", resource, **condition)])
            call = getattr(user.client("kms"), act)
            codes = [error(call, KeyId=key_id, **sent) for key_id in (name, other)]
            shown = f"By the alias: {told(call, codes[0])} With another key: {told(call, codes[1])}"
            tried.append(Tried(codes == wanted, shown))
        return tried

    return Asked(
        f"A user must call `{operation}` {wish}. Which `Resource` and `Condition` do you write into the IAM policy?",
        {
            "the ARN of the alias, without any condition": "An alias's ARN never stands for its key.",
            "`*`, without any condition": "Then every key that lets IAM decide is open to the user.",
            "`*`, if `kms:RequestAlias` is the alias": "The condition looks at the name used in the call.",
            "the ARN of the alias, if `kms:RequestAlias` is the alias": "The resource of the call is the key, and "
            "an alias's ARN never stands for its key.",
        },
        run,
    )


ACCOUNT, NAMED, OTHERS = "the account", "the user", "another role alone"


@several("ways-in", subject="access", exams=SECURITY, difficulty=3)
def ways_in(draw: Random) -> Asked:
    name, action = draw.choice(NAMES), draw.choice(("DescribeKey", "Encrypt", "GenerateDataKey"))
    allow, deny = policy(f"kms:{action}"), policy(f"kms:{action}", Effect="Deny")
    setups: dict[str, tuple[str, tuple[dict[str, Any], ...], str]] = {
        f"The key policy names the account; an IAM policy of {name} allows it.": (
            ACCOUNT, (allow,), "The key policy lets IAM decide, and IAM says yes.",
        ),
        f"The key policy names {name}; {name} has no IAM policy.": (
            NAMED, (), "In one account, a key policy that names somebody is enough.",
        ),
        f"The key policy names the account; {name} has no IAM policy.": (
            ACCOUNT, (), "The account may, and nobody in it has said that this user may.",
        ),
        f"The key policy names another role alone; an IAM policy of {name} allows `kms:*`.": (
            OTHERS, (policy("kms:*"),), "This key does not ask IAM.",
        ),
        f"The key policy names {name}; an IAM policy of {name} denies it.": (
            NAMED, (deny,), "An explicit deny wins, wherever it stands.",
        ),
        f"The key policy names the account; one IAM policy of {name} allows it, another denies it.": (
            ACCOUNT, (allow, deny), "An explicit deny wins over every allow.",
        ),
    }  # fmt: skip
    good = list(setups)[:2]
    chosen = {*good, *draw.sample(list(setups)[2:], 3)}

    def run() -> list[Tried]:
        tried = []
        for words, (names, policies, _) in setups.items():
            if words not in chosen:
                continue
            sim, kms, key = scratch()
            user, other = sim.user(name, policies=list(policies)), sim.role("other")
            document = policy("kms:*", Principal={"AWS": _principal(names, user.arn, other.arn)})
            kms.put_key_policy(KeyId=key, Policy=json.dumps(document), BypassPolicyLockoutSafetyCheck=True)
            may = _may(key, user, action)
            tried.append(Tried(may, f"`{action}` was {'allowed' if may else 'denied'}."))
        return tried

    return Asked(
        f"{name} is a user of the key's account. In which of these can {name} call `{action}` with the key?",
        {words: why for words, (_, _, why) in setups.items() if words in chosen},
        run,
    )


def _principal(names: str, user: str, other: str) -> str:
    return {ACCOUNT: "111122223333", NAMED: user, OTHERS: other}[names]


def _may(key: str, person: Any, action: str) -> bool:
    """Whether the person's call is answered."""
    kms = person.client("kms")
    calls: dict[str, tuple[Any, dict[str, Any]]] = {
        "DescribeKey": (kms.describe_key, {}),
        "Encrypt": (kms.encrypt, {"Plaintext": NOTE}),
        "GenerateDataKey": (kms.generate_data_key, {"KeySpec": "AES_256"}),
    }
    call, parameters = calls[action]
    return not error(call, KeyId=key, **parameters)
