"""The question families of "Conditions, accounts, organizations"."""

import json
from random import Random
from typing import Any

from kms_teach.chapters.accounts.deputy_questions import deputy_of_a_stranger, only_through_the_endpoint
from kms_teach.chapters.accounts.gate_questions import gate_by_its_words, reach_of_an_organization, what_a_grant_lifts
from kms_teach.chapters.accounts.guard_questions import against_a_deletion, forbidden_for_the_future
from kms_teach.chapters.accounts.incident_questions import contain_a_leak, session_of_a_thief
from kms_teach.chapters.accounts.organization_questions import (
    organization_let_in,
    what_crosses_accounts,
    whole_account_let_in,
    whose_quota,
)
from kms_teach.chapters.accounts.sharing_questions import shared_through_ram, snapshot_for_a_partner
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, error, policy, scratch, told

__all__ = [
    "address_through_a_service", "against_a_deletion", "both_sides", "contain_a_leak", "deputy_of_a_stranger",
    "forbidden_for_the_future", "gate_by_its_words", "only_through_the_endpoint", "organization_let_in",
    "reach_of_an_organization", "role_of_another_account", "session_of_a_thief", "shared_through_ram",
    "snapshot_for_a_partner", "what_a_grant_lifts", "what_crosses_accounts", "whole_account_let_in", "whose_quota",
]  # fmt: skip

SECURITY = ("SAA-C03", "SCS-C03", "SAP-C02", "SAP-C03")
OWN, PARTNERS = "111122223333", ("444455556666", "777788889999", "123456789012")


ADDRESSED = {  # how a role may use a key: the conditions of its statements, and whether a service calls
    "A role may use a key only through `{service}`, by `kms:ViaService`. Somebody adds the office's addresses, "
    "`aws:SourceIp`, to the same condition.": (("via and office",), True),
    "A role may use a key only through `{service}`, by `kms:ViaService`. Somebody adds a second statement that allows "
    "the same from the office's addresses, `aws:SourceIp`.": (("via", "office"), True),
    "A role's program calls KMS itself, and encrypts what it sends to `{service}` with a data key. Somebody allows the "
    "use of the key from the office's addresses alone, `aws:SourceIp`.": (("office",), False),
}


@one("address-through-a-service", subject="access", exams=("SCS-C03", "SAP-C02", "SAP-C03"))
def address_through_a_service(draw: Random) -> Asked:
    inside, outside = draw.choice((("192.0.2.44", "198.51.100.7"), ("192.0.2.9", "203.0.113.80")))
    service, uploads = draw.choice((("s3", "uploads to S3"), ("secretsmanager", "new secrets"), ("sqs", "messages")))
    situation = draw.choice(tuple(ADDRESSED))
    statements, through = ADDRESSED[situation]

    def run() -> list[Tried]:
        sim, _, key = scratch()
        via = {"StringEquals": {"kms:ViaService": f"{service}.us-east-1.amazonaws.com"}}
        office = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
        conditions = {"via": via, "office": office, "via and office": {**via, **office}}
        policies = [policy("kms:GenerateDataKey", key, Condition=conditions[each]) for each in statements]
        user, caller = sim.user("clerk", policies=policies), service if through else ""
        calls = [user.client("kms", via=caller, source_ip=each).generate_data_key for each in (inside, outside)]
        codes = [error(call, KeyId=key, KeySpec="AES_256") for call in calls]
        works = [not code for code in codes]
        shown = f"From the office: {told(calls[0], codes[0])} From elsewhere: {told(calls[1], codes[1])}"
        return [Tried(right, shown) for right in (works == [True, False], all(works), not any(works))]

    return Asked(
        f"{situation.format(service=service)} Which {uploads} work then?",
        {
            "those from the office": "A call of one's own has one's address. A service that calls KMS for you carries "
            "no address of yours.",
            "all": "Both parts of one condition must be met, and one of two statements is enough.",
            "none": "A condition that asks for the service and for your address is never met; one that asks for one of "
            "them may be.",
        },
        run,
    )


def _opens(key_policy: str, own: str, mine: str, partner: str) -> tuple[Any, str]:
    """Let a role of another account decrypt: the action that each document allows it, "" for none."""
    sim, kms, key = scratch()
    blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
    if mine:
        sim.role("app", policies=[policy(mine, key)])
    role = sim.role("app", account=partner, policies=[policy(own, key)] if own else [])
    if key_policy:
        document = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
        document["Statement"] += policy(key_policy, Principal={"AWS": role.arn})["Statement"]
        kms.put_key_policy(KeyId=key, Policy=json.dumps(document))
    call = role.client("kms").decrypt
    return call, error(call, CiphertextBlob=blob)


@one("role-of-another-account", subject="accounts", exams=SECURITY, difficulty=3)
def role_of_another_account(draw: Random) -> Asked:
    partner, let_in = draw.choice(PARTNERS), draw.choice((True, False))
    decrypt, both = "kms:Decrypt", "Both accounts must say yes. (Or make a grant that names the role.)"
    has, again = (decrypt, "") if let_in else ("", decrypt), "That half said yes already. The other is missing."
    ways = {  # what is tried: the action that the key policy, the role's own and a namesake's policy allow
        f"an IAM policy for the role in account {partner}": ((has[0], decrypt, ""), both if let_in else again),
        f"a statement of the key policy in account {OWN}": ((decrypt, has[1], ""), again if let_in else both),
        f"an IAM policy for a role of the same name in account {OWN}": (
            (*has, decrypt), "That is another role. Its policies are not this one's.",
        ),
        "`kms:*` where it says `kms:Decrypt` now": (
            ("kms:*" if let_in else "", "" if let_in else "kms:*", ""),
            "That half was wide enough. The other half is missing.",
        ),
    }  # fmt: skip
    told_so = (
        f"The policy of a key in account {OWN} allows `kms:Decrypt` to a role of account {partner}" if let_in
        else f"An IAM policy in account {partner} allows a role there `kms:Decrypt` with a key of account {OWN}"
    )  # fmt: skip

    def run() -> list[Tried]:
        tried = (_opens(*way, partner) for way, _ in ways.values())
        return [Tried(not code, told(call, code)) for call, code in tried]

    return Asked(
        f"{told_so}, and the role's `Decrypt` is still denied. What lets it decrypt?",
        {words: why for words, (_, why) in ways.items()},
        run,
    )


@several("both-sides", subject="accounts", exams=SECURITY, difficulty=3)
def both_sides(draw: Random) -> Asked:
    partner = draw.choice(PARTNERS)

    def run() -> list[Tried]:
        ways = [("", "kms:Decrypt", ""), ("kms:Decrypt", "", ""), ("kms:Decrypt", "kms:Decrypt", "")]
        tried = [_opens(*way, partner) for way in ways]
        closed, locked, open_ = (Tried(bool(code), told(call, code, "Without it:")) for call, code in tried)
        return [closed, locked, open_, open_, open_]  # the last has none of the three: no role here, no alias, no grant

    return Asked(
        f"A role of account {partner} decrypts with your key, and policies are what allows it. Which of these are "
        "needed?",
        {
            "a statement of the key policy that lets the role in": "Your account must let it in, by name "
            "or with its account.",
            f"an IAM policy of the role in account {partner}": "Its own account must let it out.",
            "an IAM policy for a role of that name in your account": "That would be another role.",
            f"an alias of your key in account {partner}": "An alias is of one account. From another, a key has "
            "its ARN.",
            "a grant, beside what the policies say": "Where policies allow it, no grant is needed.",
        },
        run,
    )
