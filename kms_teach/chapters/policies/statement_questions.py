"""The question families of "Key policies and IAM" about what a statement of a key policy opens."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, amend, attempted, error, policy, scratch, statement, told

SECURITY = ("SAA-C03", "SOA-C03", "SCS-C03")
ROLES = ("keeper", "vault", "security", "custodian")
LISTS = {  # what an administrator's statement allows: its actions
    "to describe, enable and disable the key, and to put its policy": [
        "kms:Describe*", "kms:Enable*", "kms:Disable*", "kms:Put*",
    ],
    "to describe and list, and to schedule and cancel its deletion": [
        "kms:Describe*", "kms:List*", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion",
    ],
    "all that begins with `kms:Get`, `kms:List` or `kms:Update`": ["kms:Get*", "kms:List*", "kms:Update*"],
}  # fmt: skip
CALLS: dict[str, tuple[str, dict[str, Any], str]] = {
    "`DescribeKey`": ("describe_key", {}, "It asks for `kms:DescribeKey`."),
    "`DisableKeyRotation`": ("disable_key_rotation", {}, "`kms:Disable*` means more than `kms:DisableKey`."),
    "`GetKeyPolicy`": ("get_key_policy", {}, "It asks for `kms:GetKeyPolicy`, which no `kms:Put*` contains."),
    "`ListGrants`": ("list_grants", {}, "It asks for `kms:ListGrants`."),
    "`UpdateKeyDescription`": ("update_key_description", {"Description": "mine"}, "It is a `kms:Update*`."),
    "`GenerateDataKey`": ("generate_data_key", {"KeySpec": "AES_256"}, "To use a key is a permission of its own."),
    "`Encrypt`": ("encrypt", {"Plaintext": NOTE}, "To use a key is a permission of its own."),
}  # fmt: skip
MAY = {words: {name for name in CALLS if any(name.startswith(f"`{a.removeprefix('kms:').rstrip('*')}") for a in each)}
       for words, each in LISTS.items()}  # fmt: skip


@several("what-an-administrator-may", subject="access", exams=SECURITY)
def what_an_administrator_may(draw: Random) -> Asked:
    role, words = draw.choice(ROLES), draw.choice(tuple(LISTS))
    drawn = draw.sample(list(CALLS), 6)
    while len(MAY[words] & set(drawn)) < 2:
        drawn = draw.sample(list(CALLS), 6)

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        person = sim.role(role)
        amend(kms, key, statement(person.arn, LISTS[words]))
        client = person.client("kms")
        return [attempted(getattr(client, CALLS[name][0]), KeyId=key, **CALLS[name][1]) for name in drawn]

    return Asked(
        f"Administrators of a key act as the role {role}, which has no IAM policy. The key policy allows the role "
        f"{words}. Which calls with the key go well for the role?",
        {name: CALLS[name][2] for name in drawn},
        run,
    )


SERVICES = {"S3": "s3", "EBS": "ec2", "Secrets Manager": "secretsmanager"}


@one("only-through-a-service", subject="access", exams=("SAP-C03", *SECURITY))
def only_through_a_service(draw: Random) -> Asked:
    name = draw.choice(tuple(SERVICES))
    other = draw.choice([each for each in SERVICES if each != name])
    wish = draw.choice(("alone", "home", "both"))
    service, second = SERVICES[name], SERVICES[other]
    words, wanted = {
        "alone": (f"through {name} in us-east-1, and in no other way", (False, True, False)),
        "home": ("by calls of its own, and never through a service", (True, False, False)),
        "both": (f"through {name} or {other} in us-east-1, and in no other way", (False, True, True)),
    }[wish]
    via = f"{service}.us-east-1.amazonaws.com", f"{second}.us-east-1.amazonaws.com"
    conditions: tuple[dict[str, Any], ...] = (
        {"StringEquals": {"kms:ViaService": via[0]}}, {"StringEquals": {"kms:ViaService": list(via)}},
        {"Null": {"kms:ViaService": "true"}}, {"StringEquals": {"kms:CallerAccount": "111122223333"}},
    )  # fmt: skip

    def run() -> list[Tried]:
        sim, _, key = scratch()
        tried = []
        for condition in conditions:
            role = sim.role("app", policies=[policy("kms:GenerateDataKey", key, Condition=condition)])
            calls = [role.client("kms", via=each).generate_data_key for each in ("", service, second)]
            codes = [error(call, KeyId=key, KeySpec="AES_256") for call in calls]
            said = zip(("by itself", f"through {name}", f"through {other}"), codes, strict=True)
            shown = ", ".join(f"{how}: {'refused' if code else 'allowed'}" for how, code in said)
            tried.append(Tried(tuple(not code for code in codes) == wanted, f"{shown[0].upper()}{shown[1:]}."))
        return tried

    return Asked(
        f"A role is to make data keys with a customer managed key {words}. An IAM policy allows it "
        "`kms:GenerateDataKey` on the key. Which `Condition` do you add?",
        {
            f"`kms:ViaService` equals `{via[0]}`": "It holds for calls that this service makes in the role's name.",
            f"`kms:ViaService` equals that, or `{via[1]}`": "Of several values, one must be equal.",
            "`kms:ViaService` is not there, by `Null`": "It is absent where nobody calls in the role's name.",
            "`kms:CallerAccount` equals `111122223333`": "The account is the same, whoever carries the call.",
        },
        run,
    )


WHO = ("the role", "a user with `kms:*` in IAM", "the root user")


USES: dict[str, tuple[str, dict[str, Any]]] = {
    "Encrypt": ("encrypt", {"Plaintext": NOTE}), "GenerateDataKey": ("generate_data_key", {"KeySpec": "AES_256"}),
    "GenerateDataKeyWithoutPlaintext": ("generate_data_key_without_plaintext", {"KeySpec": "AES_256"}),
}  # fmt: skip


@one("closed-for-all-but-one", subject="access", exams=("SAP-C02", "SAP-C03", *SECURITY), difficulty=3)
def closed_for_all_but_one(draw: Random) -> Asked:
    role, wish = draw.choice(ROLES), draw.choice(("use", "policy", "more"))
    operation, (call, _) = draw.choice(tuple(USES.items()))
    action = f"kms:{operation}"
    words, wanted = {
        "use": ("the only one that can call `{0}`, and IAM's administrators must still be able to change that",
                ((True, False, False), True)),
        "policy": ("the only one that can call `{0}`, and IAM's administrators must not be able to change that",
                   ((True, False, False), False)),
        "more": ("able to call `{0}`, beside all to whom IAM allows it already", ((True, True, True), True)),
    }[wish]  # fmt: skip

    def deny(kms: Any, key: str, arn: str) -> None:
        spared = {"StringNotEquals": {"aws:PrincipalArn": arn}}
        amend(kms, key, statement(arn, action),
              statement("*", action, Effect="Deny", Condition=spared))  # fmt: skip

    def alone(kms: Any, key: str, arn: str) -> None:
        document = json.dumps(policy("kms:*", Principal={"AWS": arn}))
        kms.put_key_policy(KeyId=key, Policy=document, BypassPolicyLockoutSafetyCheck=True)

    acts: dict[str, tuple[Callable[[Any, str, str], None], str]] = {
        f"allow the role `{action}`, and deny it to every other `aws:PrincipalArn`": (
            deny, "The account's statement stays, and the Deny counts before it.",
        ),
        "put a key policy that has one statement, `kms:*` for the role": (
            alone, "Without the account's statement, neither IAM nor the root user has a say.",
        ),
        f"allow the role `{action}`, and change nothing else in the policy": (
            lambda kms, key, arn: amend(kms, key, statement(arn, action)),
            "One Allow more takes nothing from anybody.",
        ),
        f"allow the role `{action}`, and deny it to the account's `:root`": (
            lambda kms, key, arn: amend(kms, key, statement(arn, action),
                                        statement("111122223333", action, Effect="Deny")),
            "The account means everybody in it, and the role too.",
        ),
    }  # fmt: skip

    def run() -> list[Tried]:
        tried = []
        for act, _ in acts.values():
            sim, kms, key = scratch()
            person = sim.role(role)
            admin = sim.user("admin", policies=[policy("kms:*")])
            act(kms, key, person.arn)
            clients = [each.client("kms") for each in (person, admin, sim.root())]
            uses = tuple(not error(getattr(client, call), KeyId=key, **USES[operation][1]) for client in clients)
            default = json.dumps(policy("kms:*", Principal={"AWS": "111122223333"}))
            mends = not error(clients[1].put_key_policy, KeyId=key, Policy=default)
            able = [who for who, fine in zip(WHO, uses, strict=True) if fine]
            tried.append(Tried((uses, mends) == wanted, f"`{operation}` goes well for: {', '.join(able) or 'nobody'}."))
        return tried

    return Asked(
        f"A key has the default key policy, and users of the account have `kms:*` in IAM. From today the role {role}, "
        f"which has no IAM policy, must be {words.format(operation)}. What do you do to the key policy?",
        {words: why for words, (_, why) in acts.items()},
        run,
    )


@several("two-keys-two-policies", subject="access", exams=("CLF-C02", *SECURITY))
def two_keys_two_policies(draw: Random) -> Asked:
    first, second = draw.sample(("Red", "Blue", "Green", "Amber"), 2)
    name, by_iam, by_key = draw.choice(("alice", "bob", "carla", "dmitri")), *draw.sample(
        ("Encrypt", "Decrypt", "DescribeKey"), 2
    )  # fmt: skip
    wide = draw.choice((False, True))
    options = {
        f"`{by_iam}` with {first}": "IAM allows it, and the key policy lets IAM decide.",
        f"`{by_key}` with {first}": "Neither IAM nor this key's policy says so.",
        f"`{by_iam}` with {second}": "It depends on what IAM names as its resource.",
        f"`{by_key}` with {second}": "In one account, a key policy that names somebody is enough.",
        f"`GenerateDataKey` with {second}": "Nobody has allowed it.",
    }

    def run() -> list[Tried]:
        sim, kms, one_key = scratch()
        other = kms.create_key()["KeyMetadata"]["Arn"]
        user = sim.user(name, policies=[policy(f"kms:{by_iam}", "*" if wide else one_key)])
        amend(kms, other, statement(user.arn, f"kms:{by_key}"))
        client, blobs = user.client("kms"), {}
        for key in (one_key, other):
            blobs[key] = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        tried = []
        for words in options:
            operation, key = words.split("`")[1], one_key if words.endswith(first) else other
            given: dict[str, Any] = {
                "Encrypt": {"KeyId": key, "Plaintext": NOTE}, "Decrypt": {"CiphertextBlob": blobs[key]},
                "DescribeKey": {"KeyId": key}, "GenerateDataKey": {"KeyId": key, "KeySpec": "AES_256"},
            }[operation]  # fmt: skip
            act = {"Encrypt": client.encrypt, "Decrypt": client.decrypt, "DescribeKey": client.describe_key}
            tried.append(attempted(act.get(operation, client.generate_data_key), **given))
        return tried

    where = "every resource" if wide else f"the ARN of the key {first}"
    return Asked(
        f"The keys {first} and {second} are of one account, and their policies name the account, as by default. The "
        f"policy of {second} also allows {name} `kms:{by_key}` on `*`. The IAM policy of {name} allows "
        f"`kms:{by_iam}` on {where}. Which calls of {name} go well?",
        options,
        run,
    )


@one("refused-by-the-lockout-check", subject="access", exams=("SOA-C03", "SCS-C03"), difficulty=3)
def refused_by_the_lockout_check(draw: Random) -> Asked:
    name, role = draw.choice(("alice", "bob", "carla")), draw.choice(ROLES)
    refused, by_role = draw.choice((True, False)), draw.choice((True, False))
    useless = draw.choice(("kms:Decrypt", "kms:GetKeyPolicy", "kms:CreateGrant"))
    to_role, to_user = f"`kms:*` to the role {role}", f"`kms:PutKeyPolicy` to {name}"
    documents: dict[str, tuple[str, Callable[[str, str], str], str]] = {
        to_role: ("kms:*", lambda _, role: role, f"It lets the role {role} put another one tomorrow, and no user."),
        to_user: ("kms:PutKeyPolicy", lambda user, _: user, f"It lets {name} put another one tomorrow, and no role."),
    }
    if refused:
        why = "It leaves to IAM who puts another one tomorrow, and IAM allows it here."
        documents["`kms:*` to the account"] = ("kms:*", lambda *_: "111122223333", why)
    else:
        why = "Whatever IAM allows, nobody could put another policy tomorrow."
        documents[f"`{useless}` to the account"] = (useless, lambda *_: "111122223333", why)

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        may = [policy("kms:PutKeyPolicy")]
        user, other = sim.user(name, policies=[] if by_role else may), sim.role(role, policies=may if by_role else [])
        caller = (other if by_role else user).client("kms")
        before, call = kms.get_key_policy(KeyId=key)["Policy"], caller.put_key_policy
        tried = []
        for action, principal, _ in documents.values():
            document = {"Version": "2012-10-17", "Statement": [statement(principal(user.arn, other.arn), action)]}
            code = error(call, KeyId=key, Policy=json.dumps(document))
            tried.append(Tried(bool(code) == refused, told(call, code)))
            if not code:
                call(KeyId=key, Policy=before)
        return tried

    return Asked(
        f"An account has the user {name}, the role {role} and a key with the default key policy. An IAM policy allows "
        f"`kms:PutKeyPolicy` to the {'role' if by_role else 'user'} alone, and no other action. The caller puts a key "
        f"policy of one statement in place of the default one, and does not bypass the lockout safety check. "
        f"Which statement is {'refused' if refused else 'accepted'}? It allows …",
        {words: why for words, (_, _, why) in documents.items()},
        run,
    )
