"""The question families of "S3, a key for every object" about other services that call KMS for somebody.

What such a service sends is what its own guide documents: the operation, its encryption context, and the caller's name.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from kms_teach.client_side import envelope
from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Tried, matching, one, several
from kms_teach.teaching.trial import NOTE, amend, attempted, error, policy, scratch, statement, told

EXAMS = ("SAA-C03", "DVA-C02", "DVA-C03", "SOA-C03", "SCS-C03")
PARTNERS = ("444455556666", "777788889999", "123456789012")
REGION, ACCOUNT = "us-east-1", "111122223333"
SPEC = {"KeySpec": "AES_256"}
DEEDS: dict[str, tuple[str, str, dict[str, str], str]] = {  # deed: service, operation, context, why
    "a standard `SecureString` parameter is written": (
        "ssm", "Encrypt", {"PARAMETER_ARN": f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/db"},
        "Parameter Store sends the value itself to KMS: it is 4 KB at most.",
    ),
    "a `SecureString` parameter is read": (
        "ssm", "Decrypt", {"PARAMETER_ARN": f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/db"},
        "What `Encrypt` or a data key made, `Decrypt` opens.",
    ),
    "a secret's value is read from Secrets Manager": (
        "secretsmanager", "Decrypt", {"SecretARN": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-AbCdEf"},
        "Each version has a data key, which is to be opened.",
    ),
    "an encrypted EBS volume is created": (
        "ec2", "GenerateDataKeyWithoutPlaintext", {"aws:ebs:id": "vol-0a1b2c3d4e5f60718"},
        "Nothing is written yet, so nobody needs the plaintext key.",
    ),
    "an encrypted EBS volume is attached": (
        "ec2", "CreateGrant", {"aws:ebs:id": "vol-0a1b2c3d4e5f60718"},
        "A grant lets EC2 open the volume's data key, for as long as it is attached.",
    ),
}  # fmt: skip


def _call(client: Any, operation: str, key: str, context: dict[str, str], grantee: str) -> tuple[Any, dict[str, Any]]:
    """The call of a service, with what it passes; `Decrypt` is made of a blob by whoever runs this."""
    calls: dict[str, tuple[Any, dict[str, Any]]] = {
        "Encrypt": (client.encrypt, {"KeyId": key, "Plaintext": NOTE, "EncryptionContext": context}),
        "Decrypt": (client.decrypt, {"EncryptionContext": context}),
        "GenerateDataKey": (client.generate_data_key, {"KeyId": key, "EncryptionContext": context, **SPEC}),
        "GenerateDataKeyWithoutPlaintext": (
            client.generate_data_key_without_plaintext, {"KeyId": key, "EncryptionContext": context, **SPEC},
        ),
        "CreateGrant": (
            client.create_grant,
            {"KeyId": key, "GranteePrincipal": grantee, "Operations": ["Decrypt"],
             "Constraints": {"EncryptionContextEquals": context}},
        ),
    }  # fmt: skip
    return calls[operation]


def _answered(sim: Simulator, kms: Any, key: str, person: Any, deed: str) -> tuple[Any, str]:
    """What a service's call in somebody's name is answered: the call, and the code of its error."""
    service, operation, context, _ = DEEDS[deed]
    call, given = _call(person.client("kms", via=service), operation, key, context, sim.role("host").arn)
    if operation == "Decrypt":
        blob = kms.encrypt(KeyId=key, Plaintext=NOTE, EncryptionContext=context)["CiphertextBlob"]
        given = given | {"CiphertextBlob": blob}
    return call, error(call, **given)


@matching("permission-behind-a-service", subject="access", exams=EXAMS)
def permission_behind_a_service(draw: Random) -> Asked:
    drawn = draw.sample(list(DEEDS), 4)
    actions = sorted({operation for _, operation, _, _ in DEEDS.values()})

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        tried = []
        for deed in drawn:
            enough = []
            for action in actions:
                person = sim.role("app", policies=[policy(f"kms:{action}", key)])
                if not _answered(sim, kms, key, person, deed)[1]:
                    enough.append(action)
            (found,) = enough
            tried.append(Tried(f"`kms:{found}`", f"With `kms:{found}` it went well, and with no other of these."))
        return tried

    return Asked(
        "A service calls KMS in the name of a role. Which permission on the customer managed key does the role need "
        "for the first of these calls when …",
        {deed: DEEDS[deed][3] for deed in drawn},
        run,
        [f"`kms:{action}`" for action in actions],
    )


@several("narrow-as-a-secret", subject="context", exams=("SCS-C03", "DVA-C03", "SAP-C03"), difficulty=3)
def narrow_as_a_secret(draw: Random) -> Asked:
    name, other = draw.sample(("db", "mail", "payroll", "partner"), 2)
    by_service, by_context = draw.choice(((True, True), (True, False), (False, True)))
    arn = {each: f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{each}" for each in (name, other)}
    condition: dict[str, str] = {}
    if by_service:
        condition["kms:ViaService"] = f"secretsmanager.{REGION}.amazonaws.com"
    if by_context:
        condition["kms:EncryptionContext:SecretARN"] = arn[name]
    reads: dict[str, tuple[str, dict[str, str], str]] = {
        f"Secrets Manager, for the newest version of `{name}`": (
            "secretsmanager", {"SecretARN": arn[name], "SecretVersionId": "2"}, "It is this service and this secret.",
        ),
        f"Secrets Manager, for an older version of `{name}`": (
            "secretsmanager", {"SecretARN": arn[name], "SecretVersionId": "1"}, "It is this service and this secret.",
        ),
        f"Secrets Manager, for a version of `{other}`": (
            "secretsmanager", {"SecretARN": arn[other], "SecretVersionId": "1"}, "The context names the other secret.",
        ),
        f"the role's own program, with the context of `{name}`": (
            "", {"SecretARN": arn[name], "SecretVersionId": "2"}, "No service calls, so there is no `kms:ViaService`.",
        ),
        "Parameter Store, for a parameter that the role may read": (
            "ssm", {"PARAMETER_ARN": f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/{name}"}, "Another service and pair.",
        ),
    }  # fmt: skip

    def run() -> list[Tried]:
        tried = []
        sim, kms, key = scratch()
        role = sim.role("app", policies=[policy("kms:Decrypt", key, Condition={"StringEquals": condition})])
        for via, context, _ in reads.values():
            blob = kms.encrypt(KeyId=key, Plaintext=NOTE, EncryptionContext=context)["CiphertextBlob"]
            call = role.client("kms", via=via).decrypt
            code = error(call, CiphertextBlob=blob, EncryptionContext=context)
            tried.append(Tried(not code, told(call, code)))
        return tried

    words = " and ".join(f"`{each}` is `{value}`" for each, value in condition.items())
    return Asked(
        f"The only policy of a role allows `kms:Decrypt` with one key where {words}. Secrets and parameters of the "
        "account are under that key. Whose `Decrypt` in the role's name goes well?",
        {each: why for each, (_, _, why) in reads.items()},
        run,
    )


@one("secret-for-a-partner", subject="accounts", exams=("SAP-C02", "SAP-C03", *EXAMS), difficulty=3)
def secret_for_a_partner(draw: Random) -> Asked:
    partner, secret = draw.choice(PARTNERS), draw.choice(("db", "mail", "payroll"))
    asked = draw.choice(("all", "iam", "key"))
    context = {"SecretARN": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{secret}"}
    under = "`aws/secretsmanager`" if asked == "all" else "a customer managed key"
    state = {
        "all": "no policy says a word of KMS",
        "iam": "the key policy lets the role decrypt",
        "key": "the role's own policies let it decrypt",
    }[asked]

    def run() -> list[Tried]:
        tried = []
        for way in ("key", "iam", "both", "wide"):
            sim, kms, key = scratch()
            own = asked == "key" or way in ("iam", "both")
            role = sim.role("app", account=partner, policies=[policy("kms:Decrypt")] if own else [])
            if way == "wide":
                sim.role("app", policies=[policy("kms:*")])
            moved = asked != "all" or way == "both"
            if moved and (asked == "iam" or way in ("key", "both")):
                amend(kms, key, statement(role.arn, "kms:Decrypt"))
            elif way == "key":
                error(amend, kms=kms, key="alias/aws/secretsmanager")
            made = sim.root().client("kms", via="secretsmanager").encrypt
            of = key if moved else "alias/aws/secretsmanager"
            blob = made(KeyId=of, Plaintext=NOTE, EncryptionContext=context)["CiphertextBlob"]
            call = role.client("kms", via="secretsmanager").decrypt
            code = error(call, CiphertextBlob=blob, EncryptionContext=context)
            tried.append((way, not code, told(call, code)))
        least = next((way for way in ("key", "iam", "both") for each, fine, _ in tried if each == way and fine), "")
        return [Tried(way == least, shown) for way, _, shown in tried]

    return Asked(
        f"A role of account {partner} reads your secret `{secret}`. The resource policy of the secret and the role's "
        f"own policies allow that. The secret is under {under}, and {state}. What is the least that makes it work?",
        {
            "the key policy of that key allows it `kms:Decrypt`": "The key's account must say yes, and only a customer "
            "managed key has a policy to edit.",
            "an IAM policy in its account allows it `kms:Decrypt`": "The role's own account must say yes as well.",
            "a customer managed key, with both of those policies": "Two accounts have their say about a key, as about "
            "the secret.",
            "a role of the same name in your account, allowed `kms:*`": "That is another role.",
        },
        run,
    )


ACTS: dict[str, Callable[[Any, str], Any]] = {
    "was disabled": lambda kms, key: kms.disable_key(KeyId=key),
    "was scheduled for deletion": lambda kms, key: kms.schedule_key_deletion(KeyId=key),
    "was scheduled for deletion, and that was cancelled": lambda kms, key: (
        kms.schedule_key_deletion(KeyId=key), kms.cancel_key_deletion(KeyId=key),
    ),
}  # fmt: skip


@several("volume-of-a-disabled-key", subject="deletion", exams=EXAMS)
def volume_of_a_disabled_key(draw: Random) -> Asked:
    act, volume = draw.choice(tuple(ACTS)), draw.choice(("vol-0a1b2c3d4e5f60718", "vol-0918273645f0e1d2c"))
    context = {"aws:ebs:id": volume}
    works = {
        "a running instance reads from the volume that is attached": "The host has the data key in plaintext.",
        "the console shows the description of the key": "`DescribeKey` works in every state.",
        "an auditor reads the key policy of the key": "`GetKeyPolicy` works in every state.",
    }
    fails = {
        "the volume is attached to another instance": "The data key is opened anew.",
        "another volume is created under the key": "It needs a data key.",
        "a snapshot of the volume is copied under another key": "`ReEncrypt` opens what the old key made.",
    }
    count = draw.choice((2, 3))
    deeds = {each: (works | fails)[each] for each in (*draw.sample(list(works), count), *fails)}

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        ec2 = sim.root().client("kms", via="ec2")
        made = ec2.generate_data_key_without_plaintext(KeyId=key, EncryptionContext=context, **SPEC)
        wrapped, other = made["CiphertextBlob"], kms.create_key()["KeyMetadata"]["Arn"]
        host = envelope.recover(ec2, wrapped, context).cipher()
        block = host.encrypt(bytes(12), NOTE, None)
        ACTS[act](kms, key)
        opened = {"CiphertextBlob": wrapped, "EncryptionContext": context}
        moved = {"CiphertextBlob": wrapped, "SourceEncryptionContext": context, "DestinationKeyId": other}
        results = (
            Tried(host.decrypt(bytes(12), block, None) == NOTE, "The block was read, and KMS was not asked."),
            attempted(kms.describe_key, KeyId=key),
            attempted(kms.get_key_policy, KeyId=key),
            attempted(ec2.decrypt, **opened),
            attempted(ec2.generate_data_key_without_plaintext, KeyId=key, **SPEC),
            attempted(ec2.re_encrypt, **moved),
        )
        tried = dict(zip((*works, *fails), results, strict=True))
        return [tried[each] for each in deeds]

    return Asked(
        f"The EBS volume `{volume}` is attached to a running instance. Today the customer managed key that it is "
        f"encrypted under {act}. Nobody made another call. Which of these goes well now?",
        deeds,
        run,
    )
