"""The question families of "Life and death of a key": who still uses a key, and what goes on without it."""

import hmac
from random import Random

from kms_teach.client_side import envelope
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, attempted, error, scratch, told

OPERATIONS = ("SOA-C03", "SCS-C03")
ALL = ("SAA-C03", *OPERATIONS, "DVA-C02", "DVA-C03")


TOLD = {  # what is asked of a key: the field of an answer that tells
    "whether anything used it in the last {months} months": "KeyLastUsage",
    "whether its material changes by itself": "KeyRotationEnabled",
    "who may use it though no policy names them": "Grants",
}


@one("still-in-use", subject="deletion", exams=OPERATIONS)
def still_in_use(draw: Random) -> Asked:
    months, wish = draw.randrange(3, 12), draw.choice(tuple(TOLD))
    program = draw.choice(("a yearly report", "a quarterly job", "a batch of invoices", "a tax export"))

    def run() -> list[Tried]:
        tried = []
        for method in ("get_key_last_usage", "get_key_rotation_status", "schedule_key_deletion", "list_grants"):
            _, kms, key = scratch()
            blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
            answer = getattr(kms, method)(KeyId=key)
            tells = TOLD[wish] in answer
            code = error(kms.decrypt, CiphertextBlob=blob)
            shown = told(kms.decrypt, code, f"It {'tells' if tells else 'does not tell'} that. Afterwards:")
            tried.append(Tried(tells and not code, shown))
        return tried

    return Asked(
        f"Before a key is deleted you ask {wish.format(months=months)}, and {program} must not be stopped by the "
        "asking. Which call tells?",
        {
            "`GetKeyLastUsage`": "It tells the last successful cryptographic operation, if it was after 22 April 2026.",
            "`GetKeyRotationStatus`": "It tells of automatic rotation, and nothing of use.",
            "`ScheduleKeyDeletion`": "It puts the key out of use at once, and tells the date of its end.",
            "`ListGrants`": "A grant says who may, not who did.",
        },
        run,
    )


STILL: dict[str, str] = {  # the first three go on
    "it reads what it wrote, by the data key in memory": "Nobody asks KMS for that.",
    "it writes more, by the data key in memory": "Nobody asks KMS for that.",
    "it derives another key, from the data key in memory": "Nobody asks KMS for that.",
    "after a restart it has its encrypted data key opened": "That needs the KMS key.",
    "it asks KMS for another data key": "That needs the KMS key.",
    "it has its data key encrypted under another KMS key": "`ReEncrypt` opens it first, with this KMS key.",
    "you make a grant for it": "A key that may not be used is not lent.",
}
OFF = {"`DisableKey`": "disable_key", "`ScheduleKeyDeletion`": "schedule_key_deletion"}


@several("after-disable", subject="deletion", exams=ALL)
def after_disable(draw: Random) -> Asked:
    service, off = (
        draw.choice(("a virtual machine", "a database", "a queue worker", "a mail server")),
        draw.choice((*OFF,)),
    )
    names, right = list(STILL), draw.choice((2, 3))
    chosen = [*draw.sample(names[:3], right), *draw.sample(names[3:], 5 - right)]

    def run() -> list[Tried]:
        _, kms, arn = scratch()
        key = envelope.generate(kms, arn)
        sealed = key.cipher().encrypt(bytes(12), NOTE, None)
        other, owner = kms.create_key()["KeyMetadata"]["Arn"], f"arn:aws:iam::{arn.split(':')[4]}:root"
        getattr(kms, OFF[off])(KeyId=arn)
        local = (
            key.cipher().decrypt(bytes(12), sealed, None) == NOTE,
            bool(key.cipher().encrypt(bytes(11) + b"1", NOTE, None)),
            len(hmac.digest(bytes(key.plaintext), b"another", "sha256")) == envelope.KEY_SIZE,
        )
        tried = [Tried(done, "It worked, and KMS was not asked.") for done in local]
        tried.append(attempted(kms.decrypt, CiphertextBlob=key.encrypted))
        tried.append(attempted(kms.generate_data_key, KeyId=arn, KeySpec="AES_256"))
        tried.append(attempted(kms.re_encrypt, CiphertextBlob=key.encrypted, DestinationKeyId=other))
        tried.append(attempted(kms.create_grant, KeyId=arn, GranteePrincipal=owner, Operations=["Decrypt"]))
        by_name = dict(zip(names, tried, strict=True))
        return [by_name[name] for name in chosen]

    return Asked(
        f"You call {off} for a KMS key while {service} has a plaintext data key of it in memory. What still works?",
        {name: STILL[name] for name in chosen},
        run,
    )
