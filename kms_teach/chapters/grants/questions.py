"""The question families of "Grants"."""

from random import Random
from typing import Any

from kms_teach.chapters.grants.lending_questions import (
    equals_or_subset,
    for_aws_resources_alone,
    grant_for_a_service,
    narrowest_for_the_job,
    what_a_list_lets_do,
    who_is_to_end_it,
)
from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Tried, matching, one, several
from kms_teach.teaching.trial import NOTE, error, policy, scratch, told

__all__ = [
    "equals_or_subset", "for_aws_resources_alone", "grant_for_a_service", "grant_in_the_next_line",
    "narrowest_for_the_job", "passing_on", "what_a_list_lets_do", "who_ends_a_grant", "who_is_to_end_it",
]  # fmt: skip

EXAMS = ("DVA-C02", "DVA-C03", "SCS-C03")


HASTE = {  # how a role uses a grant: whether its program can send a token, whether it can wait
    "a role uses it in the next line, where nothing can wait": (True, False),
    "a role uses it in the next line. That program of a vendor takes no further parameters; it can wait": (False, True),
}


@one("grant-in-the-next-line", subject="grants", exams=EXAMS, difficulty=1)
def grant_in_the_next_line(draw: Random) -> Asked:
    program = draw.choice(("A program", "A deployment script", "A function", "A batch job"))
    operation = draw.choice(("Decrypt", "Encrypt", "GenerateDataKey"))
    haste = draw.choice(tuple(HASTE))
    takes_tokens, waits = HASTE[haste]

    def run() -> list[Tried]:
        sim = Simulator(slow=True)
        kms, worker = sim.client("kms"), sim.role("worker")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        how = {"KeyId": key, "GranteePrincipal": worker.arn, "Operations": [operation]}
        token = kms.create_grant(**how)["GrantToken"]
        theirs = worker.client("kms")
        calls: dict[str, tuple[Any, dict[str, Any]]] = {
            "Decrypt": (theirs.decrypt, {"CiphertextBlob": blob}),
            "Encrypt": (theirs.encrypt, {"KeyId": key, "Plaintext": NOTE}),
            "GenerateDataKey": (theirs.generate_data_key, {"KeyId": key, "KeySpec": "AES_256"}),
        }
        call, sent = calls[operation]
        shown = error(call, **sent, GrantTokens=[token])
        kms.list_grants(KeyId=key)
        listed = error(call, **sent)
        kms.create_grant(**how)
        twice = error(call, **sent)
        sim.advance(minutes=6)
        later = error(call, **sent)
        return [
            Tried(not twice, f"In the same second: {told(call, twice)}"),
            Tried(not shown and takes_tokens, f"In the same second, with the token: {told(call, shown)}"),
            Tried(not listed, f"In the same second: {told(call, listed)}"),
            Tried(not later and waits, f"Six minutes later: {told(call, later)}"),
        ]

    return Asked(
        f"{program} makes a grant for `{operation}`, and {haste}. Now and then the role gets `AccessDeniedException`. "
        "What do you do?",
        {
            "make the same grant twice, before the call": "The second one has to spread as well.",
            "send the grant token with the call": "With the token the grant counts at once, where a program takes "
            '`GrantTokens=[answer["GrantToken"]]`.',
            "find the grant by `ListGrants`, before the call": "A grant is listed before it has spread everywhere.",
            "make the call again, some minutes later": "The grant has spread by then, which takes less than five "
            "minutes as a rule. Not every program can wait.",
        },
        run,
    )


@matching("who-ends-a-grant", subject="grants", exams=EXAMS)
def who_ends_a_grant(draw: Random) -> Asked:
    operation = draw.choice(("Decrypt", "Encrypt", "GenerateDataKey"))
    retire, revoke, neither = "`RetireGrant`", "`RevokeGrant`", "neither of them"
    people = {
        "the retiring principal that the grant names, without any policy": "Its right to retire stands in the grant.",
        "a user whose IAM policy allows `kms:RevokeGrant`, and nothing else": "To revoke is for administrators "
        "of the key.",
        f"the grantee of a grant that lists `{operation}` alone, without any policy": "It could retire the "
        "grant if that "
        "listed `RetireGrant`.",
    }

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        lead, worker = sim.role("lead"), sim.role("worker")
        admin = sim.user("admin", policies=[policy("kms:RevokeGrant")])
        tried = []
        for person in (lead, admin, worker):
            may = []
            for name, act in (("retire_grant", retire), ("revoke_grant", revoke)):
                grant = kms.create_grant(
                    KeyId=key, GranteePrincipal=worker.arn, RetiringPrincipal=lead.arn, Operations=[operation]
                )
                if not error(getattr(person.client("kms"), name), KeyId=key, GrantId=grant["GrantId"]):
                    may.append(act)
            (outcome,) = may or [neither]
            tried.append(Tried(outcome, f"What worked: {outcome}."))
        return tried

    return Asked("With which operation can each of them end a grant?", people, run, (retire, revoke, neither))


LENT: dict[str, tuple[list[str], bool]] = {  # what a worker's grant gives: its operations, whether for one tenant alone
    "`Decrypt` and `CreateGrant`, for encryption contexts that contain `tenant` = `{tenant}`": (["Decrypt"], True),
    "`Decrypt`, `Encrypt` and `CreateGrant`, for encryption contexts that contain `tenant` = `{tenant}`":
        (["Decrypt", "Encrypt"], True),
    "`Decrypt` and `CreateGrant`, for every encryption context": (["Decrypt"], False),
}  # fmt: skip


@several("passing-on", subject="grants", exams=EXAMS, difficulty=3)
def passing_on(draw: Random) -> Asked:
    tenant, other = draw.sample(("Blue", "Red", "Green", "Amber"), 2)
    lent = draw.choice(tuple(LENT))
    operations, one_tenant = LENT[lent]
    constraints = {"EncryptionContextSubset": {"tenant": tenant}}
    attempts: dict[str, tuple[dict[str, Any], str]] = {
        f"`Decrypt`, for the encryption context `tenant` = `{tenant}`": (
            {"Operations": ["Decrypt"], "Constraints": constraints},
            "Nothing more than its own.",
        ),
        f"`Decrypt`, for `tenant` = `{tenant}` and `year` = `2026`": (
            {"Operations": ["Decrypt"], "Constraints": {"EncryptionContextSubset": {"tenant": tenant, "year": "2026"}}},
            "Another pair makes it narrower.",
        ),
        "`Decrypt`, without a constraint": (
            {"Operations": ["Decrypt"]},
            "Without a constraint it can pass on only what it has without one.",
        ),
        f"`Decrypt`, for the encryption context `tenant` = `{other}`": (
            {"Operations": ["Decrypt"], "Constraints": {"EncryptionContextSubset": {"tenant": other}}},
            "Another tenant is a part only of what has no constraint.",
        ),
        f"`Decrypt` and `Encrypt`, for `tenant` = `{tenant}`": (
            {"Operations": ["Decrypt", "Encrypt"], "Constraints": constraints},
            "It can pass on the operations that it has, and no other.",
        ),
    }  # fmt: skip

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        worker, helper = sim.role("worker"), sim.role("helper")
        kms.create_grant(
            KeyId=key, GranteePrincipal=worker.arn, Operations=[*operations, "CreateGrant"],
            **({"Constraints": constraints} if one_tenant else {}),
        )  # fmt: skip
        call = worker.client("kms").create_grant
        codes = [error(call, KeyId=key, GranteePrincipal=helper.arn, **how) for how, _ in attempts.values()]
        return [Tried(not code, told(call, code)) for code in codes]

    return Asked(
        f"A grant gives a worker {lent.format(tenant=tenant)}. The worker has no policy. Which grants can it make for "
        "a helper?",
        {name: why for name, (_, why) in attempts.items()},
        run,
    )
