"""The question families of "Grants" about what a grant lets whom do, and who ends it."""

from random import Random
from typing import Any

from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, amend, attempted, error, policy, scratch, statement, told

EXAMS = ("DVA-C02", "DVA-C03", "SCS-C03", "SAP-C03")


@one("who-is-to-end-it", subject="grants", exams=EXAMS)
def who_is_to_end_it(draw: Random) -> Asked:
    job, hours = draw.choice(("a nightly export", "a migration", "an audit", "a restore")), draw.randrange(1, 9)
    wish = draw.choice(("worker", "lead", "policy"))
    words, wanted = {
        "worker": ("the worker itself, when it is done, and not the lead", (True, False)),
        "lead": ("the lead, when the job is done, and not the worker", (False, True)),
        "policy": ("an administrator of the key alone, neither the worker nor the lead", (False, False)),
    }[wish]
    ways = {
        "a grant for `Decrypt` and `RetireGrant`": "Whoever has `RetireGrant` by a grant may retire that grant.",
        "a grant for `Decrypt`, with the lead as `RetiringPrincipal`": "The one it names may retire it, without any "
        "policy.",
        "a grant for `Decrypt`, and nothing besides": "Then administrators revoke it, and nobody retires it.",
        "a grant for `Decrypt` and `RetireGrant`, with the lead as `RetiringPrincipal`": "Then both of them may.",
    }

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        lead, worker = sim.role("lead"), sim.role("worker")
        tried = []
        for itself, named in ((True, False), (False, True), (False, False), (True, True)):
            may = []
            for person in (worker, lead):
                grant = kms.create_grant(
                    KeyId=key, GranteePrincipal=worker.arn,
                    Operations=["Decrypt", *(["RetireGrant"] if itself else [])],
                    **({"RetiringPrincipal": lead.arn} if named else {}),
                )["GrantId"]  # fmt: skip
                may.append(not error(person.client("kms").retire_grant, KeyId=key, GrantId=grant))
            shown = (f"{who} {'could' if fine else 'could not'} retire it"
                     for who, fine in zip(("The worker", "the lead"), may, strict=True))  # fmt: skip
            tried.append(Tried(tuple(may) == wanted, f"{', '.join(shown)}."))
        return tried

    return Asked(
        f"A role, the worker, decrypts for {hours} hours in {job}. Another role, the lead, started it. Neither has a "
        f"policy. The permission is to be ended by {words}. What do you make?",
        ways,
        run,
    )


OPERATIONS = (
    "Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext",
    "DescribeKey",
)  # fmt: skip
LISTS = (
    ("Encrypt", "ReEncryptTo", "DescribeKey"), ("Decrypt", "Encrypt", "ReEncryptFrom"), ("Encrypt", "DescribeKey"),
    ("Decrypt", "ReEncryptFrom", "ReEncryptTo"), ("Encrypt", "GenerateDataKey", "DescribeKey"),
    ("GenerateDataKeyWithoutPlaintext", "Decrypt"),
)  # fmt: skip


@several("what-a-list-lets-do", subject="grants", exams=EXAMS)
def what_a_list_lets_do(draw: Random) -> Asked:
    operations = draw.choice(LISTS)
    others = [each for each in OPERATIONS if each not in operations]
    person = draw.choice(("role", "user"))
    calls = {
        "`Encrypt`": "It needs `Encrypt` in the list.",
        "`Decrypt`": "It needs `Decrypt`; `Encrypt` does not contain it.",
        "`ReEncrypt`, from this key to this key": "It needs `ReEncryptFrom` and `ReEncryptTo`, both of them.",
        "`GenerateDataKey`": "It needs `GenerateDataKey`; neither `Encrypt` nor its sister without plaintext does.",
        "`GenerateDataKeyWithoutPlaintext`": "It needs its own name in the list.",
        "`DescribeKey`": "It needs `DescribeKey` in the list.",
    }

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        worker = sim.role("worker") if person == "role" else sim.user("worker")
        kms.create_grant(KeyId=key, GranteePrincipal=worker.arn, Operations=list(operations))
        revoked = kms.create_grant(KeyId=key, GranteePrincipal=worker.arn, Operations=list(others))["GrantId"]
        kms.revoke_grant(KeyId=key, GrantId=revoked)
        client = worker.client("kms")
        return [
            attempted(client.encrypt, KeyId=key, Plaintext=NOTE), attempted(client.decrypt, CiphertextBlob=blob),
            attempted(client.re_encrypt, CiphertextBlob=blob, DestinationKeyId=key),
            attempted(client.generate_data_key, KeyId=key, KeySpec="AES_256"),
            attempted(client.generate_data_key_without_plaintext, KeyId=key, KeySpec="AES_256"),
            attempted(client.describe_key, KeyId=key),
        ]  # fmt: skip

    listed, gone = (", ".join(f"`{each}`" for each in names) for names in (operations, others))
    return Asked(
        f"A grant gives a {person} these operations with a key: {listed}. A grant of {gone} was revoked last week. "
        f"Nothing else allows the {person} anything. Which calls with that key go well?",
        calls,
        run,
    )


@several("equals-or-subset", subject="grants", exams=EXAMS)
def equals_or_subset(draw: Random) -> Asked:
    tenant, other = draw.sample(("Blue", "Red", "Green", "Amber"), 2)
    kind, year = draw.choice(("EncryptionContextEquals", "EncryptionContextSubset")), draw.randrange(2019, 2027)
    pairs = {"tenant": tenant, "year": f"{year}"}
    contexts: dict[str, tuple[dict[str, str], str]] = {
        f"`tenant` = `{tenant}`, `year` = `{year}`": (pairs, "It is what the constraint says."),
        f"`year` = `{year}`, `tenant` = `{tenant}`": (
            {"year": f"{year}", "tenant": tenant}, "The order of pairs does not count.",
        ),
        f"`tenant` = `{tenant}`, `year` = `{year}`, `page` = `1`": (
            pairs | {"page": "1"}, "Equals takes no pair more; Subset does.",
        ),
        f"`tenant` = `{tenant}`": ({"tenant": tenant}, "Neither of them is content with one pair less."),
        f"`tenant` = `{other}`, `year` = `{year}`": (
            {"tenant": other, "year": f"{year}"}, "A value is another one.",
        ),
        f"`Tenant` = `{tenant}`, `year` = `{year}`": (
            {"Tenant": tenant, "year": f"{year}"}, "In a constraint, case counts for values, and not for names.",
        ),
    }  # fmt: skip

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        worker = sim.role("worker")
        kms.create_grant(KeyId=key, GranteePrincipal=worker.arn, Operations=["Encrypt"], Constraints={kind: pairs})
        call = worker.client("kms").encrypt
        return [attempted(call, KeyId=key, Plaintext=NOTE, EncryptionContext=each) for each, _ in contexts.values()]

    return Asked(
        f"A grant gives a worker `Encrypt`, with the constraint `{kind}` of two pairs: `tenant` is `{tenant}`, `year` "
        f"is `{year}`. The worker has no policy. With which encryption contexts does its `Encrypt` go well?",
        {words: why for words, (_, why) in contexts.items()},
        run,
    )


@several("for-aws-resources-alone", subject="grants", exams=("SOA-C03", *EXAMS), difficulty=3)
def for_aws_resources_alone(draw: Random) -> Asked:
    more = draw.choice((True, False))
    operation, act = draw.choice((("Decrypt", "attaches a volume"), ("Encrypt", "starts an instance")))
    condition: dict[str, Any] = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    if more:
        condition["ForAllValues:StringEquals"] = {"kms:GrantOperations": [operation, "DescribeKey"]}
    grants: dict[str, tuple[str, list[str], str]] = {
        f"EC2, as the role {act}: a grant for `{operation}`": ("ec2", [operation], "A service of AWS asks for it."),
        f"RDS, as the role restores a database: a grant for `{operation}` and `DescribeKey`": (
            "rds", [operation, "DescribeKey"], "A service of AWS asks for it.",
        ),
        "EC2, as the role copies a snapshot: a grant for `GenerateDataKey`": (
            "ec2", ["GenerateDataKey"], "A service asks for it; which operations it may list is another condition.",
        ),
        f"the role itself, for nobody else: a grant for `{operation}`, to a role of EC2": (
            "", [operation], "No service asks for it.",
        ),
        f"the role itself, for nobody else: a grant for `{operation}`, to the role": (
            "", [operation], "No service asks for it.",
        ),
    }  # fmt: skip

    def run() -> list[Tried]:
        sim, _, key = scratch()
        host = sim.role("host")
        role = sim.role("operator", policies=[policy("kms:CreateGrant", key, Condition=condition)])
        return [
            attempted(
                role.client("kms", via=via).create_grant, KeyId=key, Operations=listed,
                GranteePrincipal=role.arn if words.endswith("to the role") else host.arn,
            )
            for words, (via, listed, _) in grants.items()
        ]  # fmt: skip

    besides = f", and for all values `kms:GrantOperations` is `{operation}` or `DescribeKey`" if more else ""
    return Asked(
        "The only policy of a role allows `kms:CreateGrant` with a key, on the condition that "
        f"`kms:GrantIsForAWSResource` is true{besides}. Which `CreateGrant` in the role's name goes well? It is made "
        "by …",
        {words: why for words, (_, _, why) in grants.items()},
        run,
    )


RESOURCES = {"cloudtrail": "trail/all", "logs": "log-group:app", "sns": "alarms", "dynamodb": "table/orders"}
LENT = ("GenerateDataKey", "Decrypt", "Encrypt")


@one("grant-for-a-service", subject="grants", exams=("SCS-C03", "SAP-C03"), difficulty=3)
def grant_for_a_service(draw: Random) -> Asked:
    services, operations = draw.sample(tuple(RESOURCES), 2), draw.sample(LENT, 2)
    arns = [f"arn:aws:{each}:us-east-1:111122223333:{RESOURCES[each]}-{number}"
            for each, number in zip(services, draw.sample(range(1, 9), 2), strict=True)]  # fmt: skip
    given, other = draw.sample((0, 1), 2)  # whose service, operation and source a call has: no two have two in common
    calls = [(given, given, given), (given, other, other), (other, given, other), (other, other, given)]

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        sent: dict[str, tuple[str, dict[str, Any]]] = {
            "GenerateDataKey": ("generate_data_key", {"KeyId": key, "KeySpec": "AES_256"}),
            "Encrypt": ("encrypt", {"KeyId": key, "Plaintext": NOTE}),
            "Decrypt": ("decrypt", {"CiphertextBlob": blob}),
        }
        for service, operation, arn in zip(services, operations, arns, strict=True):
            kms.create_grant(
                KeyId=key, GranteeServicePrincipal=f"{service}.amazonaws.com", Operations=[operation],
                RetiringServicePrincipal=f"{service}.amazonaws.com", Constraints={"SourceArn": arn},
            )  # fmt: skip
        tried = []
        for who, what, where in calls:
            client = sim.aws_service(f"{services[who]}.amazonaws.com").client(
                "kms", source_arn=arns[where], source_account="111122223333"
            )
            method, parameters = sent[operations[what]]
            tried.append(attempted(getattr(client, method), **parameters))
        return tried

    grants = " and ".join(
        f"one gives `{service}.amazonaws.com` the operation `{operation}` with the `SourceArn` `{arn}`"
        for service, operation, arn in zip(services, operations, arns, strict=True)
    )
    return Asked(
        f"The key policy of a key names no service, and two grants are all there is besides: {grants}. Which call with "
        "the key goes well?",
        dict.fromkeys(
            (
                f"`{operations[what]}` by `{services[who]}.amazonaws.com`, for `{arns[where]}`"
                for who, what, where in calls
            ),
            "Grantee, operation and source must all be those of one grant.",
        ),
        run,
    )


@one("narrowest-for-the-job", subject="grants", exams=("SAA-C03", *EXAMS), difficulty=3)
def narrowest_for_the_job(draw: Random) -> Asked:
    role, tenant = draw.choice(("worker", "exporter", "scanner")), draw.choice(("Blue", "Red", "Green"))
    wish = draw.choice(("context", "operation", "policy"))
    words, meets = {
        "context": (f"decrypt what belongs to the tenant {tenant}, and nothing else; no policy may be changed for it",
                    (True, False, False, True)),
        "operation": ("decrypt whatever is under the key, and not encrypt; no policy may be changed for it",
                      (True, True, False, True)),
        "policy": ("decrypt and encrypt with the key; no policy may be changed for it", (True, True, True, True)),
    }[wish]  # fmt: skip
    ways = {
        f"a grant for `Decrypt`, with a constraint to the tenant {tenant}": "A constraint limits which contexts count.",
        "a grant for `Decrypt`, without a constraint": "Without a constraint, every context is fine.",
        "a grant for `Decrypt` and `Encrypt`, without a constraint": "Each operation is listed by itself.",
        f"a statement of the key policy that allows the role {role} both": "It works, and is a change of a policy.",
    }

    def run() -> list[Tried]:
        tried = []
        for number in range(4):
            sim, kms, key = scratch()
            arn, before = sim.role(role).arn, kms.get_key_policy(KeyId=key)["Policy"]
            blobs = {name: kms.encrypt(KeyId=key, Plaintext=NOTE, EncryptionContext={"tenant": name})["CiphertextBlob"]
                     for name in (tenant, "Other")}  # fmt: skip
            if number == 3:
                amend(kms, key, statement(arn, ["kms:Decrypt", "kms:Encrypt"]))
            else:
                more = {"Constraints": {"EncryptionContextSubset": {"tenant": tenant}}} if number == 0 else {}
                operations = ["Decrypt", "Encrypt"][: 2 if number == 2 else 1]
                kms.create_grant(KeyId=key, GranteePrincipal=arn, Operations=operations, **more)
            client = sim.role(role).client("kms")
            codes = [error(client.decrypt, CiphertextBlob=blob, EncryptionContext={"tenant": name})
                     for name, blob in blobs.items()]  # fmt: skip
            codes.append(error(client.encrypt, KeyId=key, Plaintext=NOTE))
            same = kms.get_key_policy(KeyId=key)["Policy"] == before
            shown = f"For {tenant}: {told(client.decrypt, codes[0])} For others: {told(client.decrypt, codes[1])}"
            tried.append(Tried((*(not code for code in codes), same) == meets, shown))
        return tried

    return Asked(
        f"The role {role}, which has no policy, must be able to {words}. Every ciphertext has the encryption context "
        "`tenant`. What do you give it?",
        ways,
        run,
    )
