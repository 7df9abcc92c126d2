"""The question families of "Key policies and IAM" about conditions: on a context, on tags; and ways around a policy."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, attempted, error, policy, scratch, told

SECURITY = ("SOA-C03", "SCS-C03", "SAP-C03")
TENANTS = ("Blue", "Red", "Green", "Amber", "Violet")
NAME = "kms:EncryptionContext:tenant"


@several("forced-tenant", subject="context", exams=("DVA-C02", "DVA-C03", *SECURITY), difficulty=3)
def forced_tenant(draw: Random) -> Asked:
    tenant, other = draw.sample(TENANTS, 2)
    rule = draw.choice(("equals", "closed", "there"))
    words, condition = {
        "equals": (f"`{NAME}` equals `{tenant}`", {"StringEquals": {NAME: tenant}}),
        "closed": (
            f"`{NAME}` equals `{tenant}`, and for all values `kms:EncryptionContextKeys` equals `tenant`",
            {"StringEquals": {NAME: tenant}, "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "tenant"}},
        ),
        "there": (f"`{NAME}` is there, by `Null`", {"Null": {NAME: "false"}}),
    }[rule]
    calls: dict[str, tuple[str, dict[str, str], str]] = {
        f"`Encrypt` with `tenant` = `{tenant}`": ("encrypt", {"tenant": tenant}, "The pair is there."),
        f"`GenerateDataKey` with `tenant` = `{tenant}`": (
            "generate_data_key", {"tenant": tenant}, "The pair is there, in another operation with a context.",
        ),
        f"`Encrypt` with `tenant` = `{tenant}` and `year` = `2026`": (
            "encrypt", {"tenant": tenant, "year": "2026"}, "A further pair matters only where the names are limited.",
        ),
        f"`Encrypt` with `tenant` = `{other}`": (
            "encrypt", {"tenant": other}, "It is another value, which matters where a value is named.",
        ),
        f"`Encrypt` with `tenant` = `{tenant.lower()}`": (
            "encrypt", {"tenant": tenant.lower()}, "Values differ by case; it matters where a value is named.",
        ),
        "`Encrypt` without a context": ("encrypt", {}, "Without a context there is no such condition key."),
    }  # fmt: skip

    def run() -> list[Tried]:
        sim, _, key = scratch()
        rights = policy(["kms:Encrypt", "kms:GenerateDataKey"], key, Condition=condition)
        client = sim.role("app", policies=[rights]).client("kms")
        return [
            attempted(
                getattr(client, call), KeyId=key, EncryptionContext=context,
                **({"Plaintext": NOTE} if call == "encrypt" else {"KeySpec": "AES_256"}),
            )
            for call, context, _ in calls.values()
        ]  # fmt: skip

    return Asked(
        f"A role's only policy allows `kms:Encrypt` and `kms:GenerateDataKey` with a key, on the condition that "
        f"{words}. Which of its calls go well?",
        {words: why for words, (_, _, why) in calls.items()},
        run,
    )


TEAMS = ("sales", "audit", "payroll", "claims")


@several("tag-decides", subject="access", exams=("SAA-C03", *SECURITY), difficulty=3)
def tag_decides(draw: Random) -> Asked:
    first, second = draw.sample(TEAMS, 2)
    tagged = {"ana": {"team": first}, "ben": {"team": second}, "chloe": {"team": first.upper()}, "dev": {}}
    keys = {f"the key of {team}": {"team": team} for team in (first, second)} | {"the key without tags": {}}
    pairs = [(person, key) for person in tagged for key in keys]
    good = [(person, key) for person, key in pairs if tagged[person] and tagged[person] == keys[key]]
    retagged = draw.choice((False, True))
    if retagged:  # the key of the second team is given to the first
        good = [("ana", f"the key of {first}"), ("ana", f"the key of {second}")]
    bad = [pair for pair in pairs if pair not in good]
    chosen = [*good, *draw.sample(bad, 3)]
    draw.shuffle(chosen)

    def run() -> list[Tried]:
        sim, kms, _ = scratch()
        condition = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
        rights = [policy("kms:Encrypt", Condition=condition)]
        people = {name: sim.user(name, policies=rights, tags=tags).client("kms") for name, tags in tagged.items()}
        made = {}
        for name, tags in keys.items():
            listed = [{"TagKey": tag, "TagValue": value} for tag, value in tags.items()]
            made[name] = kms.create_key(Tags=listed)["KeyMetadata"]["Arn"]
        if retagged:
            kms.tag_resource(KeyId=made[f"the key of {second}"], Tags=[{"TagKey": "team", "TagValue": first}])
        return [attempted(people[person].encrypt, KeyId=made[key], Plaintext=NOTE) for person, key in chosen]

    later = f" Today the tag of the key of {second} was changed to `{first}`." if retagged else ""
    return Asked(
        "Every user has the same IAM policy: it allows `kms:Encrypt` where `aws:ResourceTag/team` equals "
        f"`${{aws:PrincipalTag/team}}`. The tag `team` of ana is `{first}`, of ben `{second}`, of chloe "
        f"`{first.upper()}`; dev has no tags. Two keys were tagged with the team they belong to, a third has no tags."
        f"{later} Who can encrypt with which key?",
        {f"{person}, with {key}": "The values must be equal, letter by letter, and both must be there."
         for person, key in chosen},
        run,
    )  # fmt: skip


ESCALATIONS: dict[str, tuple[str, Callable[[Simulator, Any, str, str], Any], str]] = {
    "`kms:PutKeyPolicy`": (
        "kms:PutKeyPolicy",
        lambda _, kms, key, __: error(kms.put_key_policy, KeyId=key, Policy=_open()),
        "Who writes the key policy writes who may.",
    ),
    "`kms:CreateGrant`": (
        "kms:CreateGrant",
        lambda _, kms, key, arn: error(kms.create_grant, KeyId=key, GranteePrincipal=arn, Operations=["Decrypt"]),
        "A grant can name the one who makes it.",
    ),
    "`kms:TagResource`": (
        "kms:TagResource",
        lambda _, kms, key, __: error(kms.tag_resource, KeyId=key, Tags=[{"TagKey": "team", "TagValue": "open"}]),
        "Where a tag decides, who sets tags decides.",
    ),
    "`kms:UpdateKeyDescription`": (
        "kms:UpdateKeyDescription",
        lambda _, kms, key, __: error(kms.update_key_description, KeyId=key, Description="team=open"),
        "No condition reads a description.",
    ),
    "`kms:EnableKeyRotation`": (
        "kms:EnableKeyRotation",
        lambda _, kms, key, __: error(kms.enable_key_rotation, KeyId=key),
        "New material changes nothing about who may.",
    ),
    "`kms:ScheduleKeyDeletion`": (
        "kms:ScheduleKeyDeletion",
        lambda _, kms, key, __: error(kms.schedule_key_deletion, KeyId=key),
        "It does harm, and opens nothing.",
    ),
    "`kms:ListGrants`": (
        "kms:ListGrants",
        lambda _, kms, key, __: error(kms.list_grants, KeyId=key),
        "To see grants is not to have one.",
    ),
}


def _open() -> str:
    """A key policy that lets IAM decide, and the whole account decrypt."""
    document = policy("kms:*", Principal={"AWS": "111122223333"})
    document["Statement"] += policy("kms:Decrypt", Principal="*", Condition={
        "StringEquals": {"kms:CallerAccount": "111122223333"}})["Statement"]  # fmt: skip
    return json.dumps(document)


@several("way-to-more", subject="access", exams=SECURITY, difficulty=3)
def way_to_more(draw: Random) -> Asked:
    name, by_tag = draw.choice(("alice", "bob", "carla", "dmitri")), draw.choice((True, False))
    names = list(ESCALATIONS)
    chosen = [*names[:3], *draw.sample(names[3:], draw.choice((2, 3)))]

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        before = kms.get_key_policy(KeyId=key)["Policy"]
        tagged = {"StringEquals": {"aws:ResourceTag/team": "open"}}
        base = [policy("kms:Decrypt", Condition=tagged)] if by_tag else []
        tried = []
        for words in chosen:
            action, act, _ = ESCALATIONS[words]
            user = sim.user(name, policies=[*base, policy(action, key)])
            client = user.client("kms")
            refused = act(sim, client, key, user.arn)
            code = error(client.decrypt, CiphertextBlob=blob)
            tried.append(Tried(not code, f"After that, {told(client.decrypt, code)}" if not refused else
                               f"The call itself was refused: `{refused}`."))  # fmt: skip
            _restore(kms, key, before)
        return tried

    has = "allows `kms:Decrypt` with keys whose tag `team` is `open`; this key has no tags" if by_tag else (
        "says nothing about `kms:Decrypt`")  # fmt: skip
    return Asked(
        f"A key has the default key policy. The IAM policy of {name} {has}. With which of these actions on the key, "
        f"allowed besides, could {name} bring about that {name} decrypts with it?",
        {words: ESCALATIONS[words][2] for words in chosen},
        run,
    )


def _restore(kms: Any, key: str, before: str) -> None:
    kms.put_key_policy(KeyId=key, Policy=before)
    for grant in kms.list_grants(KeyId=key)["Grants"]:
        kms.revoke_grant(KeyId=key, GrantId=grant["GrantId"])
    error(kms.cancel_key_deletion, KeyId=key)
    kms.enable_key(KeyId=key)
    kms.untag_resource(KeyId=key, TagKeys=["team"])


@one("until-the-contract-ends", subject="access", exams=("SAA-C03", *SECURITY))
def until_the_contract_ends(draw: Random) -> Asked:
    month, name = draw.choice(("03", "06", "09")), draw.choice(("alice", "bob", "carla", "dmitri"))
    day, wish = f"2026-{month}-01T00:00:00Z", draw.choice(("until", "from", "never"))
    words, wanted = {
        "until": (f"until {day[:10]}, and no longer", (True, False)),
        "from": (f"from {day[:10]} on, and not before", (False, True)),
        "never": ("today as well as after that day, whatever becomes of the contract", (True, True)),
    }[wish]
    conditions: dict[str, dict[str, Any]] = {
        f"`DateLessThan`, `aws:CurrentTime`, `{day}`": {"DateLessThan": {"aws:CurrentTime": day}},
        f"`DateGreaterThan`, `aws:CurrentTime`, `{day}`": {"DateGreaterThan": {"aws:CurrentTime": day}},
        f"`DateNotEquals`, `aws:CurrentTime`, `{day}`": {"DateNotEquals": {"aws:CurrentTime": day}},
        f"`DateEquals`, `aws:CurrentTime`, `{day}`": {"DateEquals": {"aws:CurrentTime": day}},
    }

    def run() -> list[Tried]:
        sim, _, key = scratch()
        users = [sim.user(f"{name}{n}", policies=[policy("kms:Encrypt", key, Condition=each)]).client("kms")
                 for n, each in enumerate(conditions.values())]  # fmt: skip
        today = [not error(user.encrypt, KeyId=key, Plaintext=NOTE) for user in users]
        sim.advance(until=f"2026-{month}-02")
        later = [not error(user.encrypt, KeyId=key, Plaintext=NOTE) for user in users]
        return [
            Tried(found == wanted, f"Today it is {'allowed' if found[0] else 'refused'}, the day after it is "
                  f"{'allowed' if found[1] else 'refused'}.")
            for found in zip(today, later, strict=True)
        ]  # fmt: skip

    return Asked(
        f"It is January 2026, and the contract of {name} changes on {day[:10]}. An IAM policy is to allow {name} "
        f"`kms:Encrypt` {words}. Which `Condition` does its statement get?",
        {
            each: {"DateLessThan": "It holds before that moment.", "DateGreaterThan": "It holds after that moment.",
                   "DateNotEquals": "It holds at every moment but one.",
                   "DateEquals": "It holds in one second."}[each.split("`")[1]]
            for each in conditions
        },
        run,
    )  # fmt: skip
