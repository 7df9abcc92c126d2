"""The question families of "Life and death of a key": who still uses a key, and what goes on without it."""

from random import Random

from kms_teach.client_side import envelope
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, error, scratch, told

OPERATIONS = ("SOA-C03", "SCS-C03")
ALL = ("SAA-C03", *OPERATIONS, "DVA-C02", "DVA-C03")


@one("still-in-use", subject="deletion", exams=OPERATIONS)
def still_in_use(draw: Random) -> Asked:
    months = draw.randrange(3, 12)
    program = draw.choice(("a yearly report", "a quarterly job", "a batch of invoices", "a tax export"))

    def run() -> list[Tried]:
        tried = []
        for method in ("get_key_last_usage", "get_key_rotation_status", "schedule_key_deletion", "list_grants"):
            _, kms, key = scratch()
            blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
            answer = getattr(kms, method)(KeyId=key)
            tells = "KeyLastUsage" in answer
            code = error(kms.decrypt, CiphertextBlob=blob)
            shown = told(kms.decrypt, code, f"It {'tells' if tells else 'does not tell'} the last use. Afterwards:")
            tried.append(Tried(tells and not code, shown))
        return tried

    return Asked(
        f"Before a key is deleted you ask whether anything used it in the last {months} months, and {program} must not "
        "be stopped by the asking. Which call tells?",
        {
            "`GetKeyLastUsage`": "It tells the last successful cryptographic operation, since 27 April 2026.",
            "`GetKeyRotationStatus`": "Rotation says nothing about use.",
            "`ScheduleKeyDeletion`, to see who complains": "It puts the key out of use at once.",
            "`ListGrants`": "A grant says who may, not who did.",
        },
        run,
    )


@several("after-disable", subject="deletion", exams=ALL)
def after_disable(draw: Random) -> Asked:
    service = draw.choice(("a virtual machine", "a database", "a queue worker", "a mail server"))

    def run() -> list[Tried]:
        _, kms, arn = scratch()
        key = envelope.generate(kms, arn)
        sealed = key.cipher().encrypt(bytes(12), NOTE, None)
        kms.disable_key(KeyId=arn)
        shown = {
            "memory": key.cipher().decrypt(bytes(12), sealed, None) == NOTE,
            "write": bool(key.cipher().encrypt(bytes(11) + b"1", NOTE, None)),
        }
        owner = f"arn:aws:iam::{arn.split(':')[4]}:root"
        codes = [
            error(kms.decrypt, CiphertextBlob=key.encrypted),
            error(kms.generate_data_key, KeyId=arn, KeySpec="AES_256"),
            error(kms.create_grant, KeyId=arn, GranteePrincipal=owner, Operations=["Decrypt"]),
        ]  # fmt: skip
        calls = (kms.decrypt, kms.generate_data_key, kms.create_grant)
        local = [Tried(done, "It worked, and KMS was not asked.") for done in shown.values()]
        return local + [Tried(not code, told(call, code)) for call, code in zip(calls, codes, strict=True)]

    return Asked(
        f"You disable a KMS key while {service} runs with a plaintext data key of it in memory. What still works?",
        {
            "it reads what it wrote, with the data key in its memory": "Nobody asks KMS for that.",
            "it writes more, with the data key in its memory": "Nobody asks KMS for that.",
            "after a restart it lets KMS open its encrypted data key": "That needs the KMS key.",
            "it asks KMS for another data key": "That needs the KMS key.",
            "you make a grant for it": "A disabled key is not lent.",
        },
        run,
    )
