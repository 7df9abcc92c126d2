"""The question families of "Conditions, accounts, organizations" about services and networks."""

from random import Random
from typing import Any

from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import amend, attempted, error, policy, scratch, statement

SECURITY = ("SCS-C03", "SAP-C02", "SAP-C03")
OWN = "111122223333"
PARTNERS = ("444455556666", "777788889999", "123456789012")
SERVICES = {"cloudtrail": "trail/", "logs": "log-group:", "sns": ""}


@one("deputy-of-a-stranger", subject="access", exams=SECURITY, difficulty=3)
def deputy_of_a_stranger(draw: Random) -> Asked:
    service, stranger = draw.choice(tuple(SERVICES)), draw.choice(PARTNERS)
    wish = draw.choice(("one", "account", "any"))
    arn = f"arn:aws:{service}:us-east-1:{OWN}:{SERVICES[service]}main"
    words, wanted = {
        "one": ("for this resource alone", (True, False, False)),
        "account": (f"for every resource of account {OWN}, and for none of another account", (True, True, False)),
        "any": ("for whatever resource, of any account", (True, True, True)),
    }[wish]
    conditions: dict[str, tuple[dict[str, Any], str]] = {
        f"`aws:SourceArn` equals `{arn}`": ({"ArnEquals": {"aws:SourceArn": arn}}, ("The service tells for which "
                                            "resource it calls.")),
        f"`aws:SourceAccount` equals `{OWN}`": ({"StringEquals": {"aws:SourceAccount": OWN}}, ("The service tells for "
                                                "which account it calls.")),
        f"`kms:CallerAccount` equals `{OWN}`": ({"StringEquals": {"kms:CallerAccount": OWN}}, ("The caller is the "
                                                "service, which is of no account.")),
        "no condition at all": ({}, "Then the service may, for whomever it calls."),
    }  # fmt: skip

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        before = kms.get_key_policy(KeyId=key)["Policy"]
        principal = f"{service}.amazonaws.com"
        theirs = arn.replace(OWN, stranger)
        calls = [
            sim.aws_service(principal).client("kms", source_arn=source, source_account=account).generate_data_key
            for source, account in ((arn, OWN), (f"{arn}-2", OWN), (theirs, stranger))
        ]
        tried = []
        for condition, _ in conditions.values():
            kms.put_key_policy(KeyId=key, Policy=before)
            more = {"Condition": condition} if condition else {}
            amend(kms, key, statement({"Service": principal}, "kms:GenerateDataKey", **more))
            fine = tuple(not error(call, KeyId=key, KeySpec="AES_256") for call in calls)
            said = zip(("for this resource", f"for another of {OWN}", f"for one of {stranger}"), fine, strict=True)
            shown = ", ".join(f"{what}: {'allowed' if each else 'refused'}" for what, each in said)
            tried.append(Tried(fine == wanted, f"{shown[0].upper()}{shown[1:]}."))
        return tried

    return Asked(
        f"A key policy allows `kms:GenerateDataKey` to the service principal `{service}.amazonaws.com`, so that it "
        f"encrypts for `{arn}`. It is to be able to do so {words}. Which `Condition` belongs to the statement?",
        {words: why for words, (_, why) in conditions.items()},
        run,
    )


@several("only-through-the-endpoint", subject="access", exams=("SAA-C03", *SECURITY), difficulty=3)
def only_through_the_endpoint(draw: Random) -> Asked:
    spared, address = draw.choice((True, False)), f"198.51.100.{draw.randrange(2, 250)}"
    service, words = draw.choice((("s3", "S3"), ("secretsmanager", "Secrets Manager"), ("ec2", "EC2")))
    ways = {
        "the role, through the endpoint": "It carries the id of the endpoint.",
        "the root user, through the endpoint": "It carries the id of the endpoint. The Deny names nobody else.",
        "the role, through an endpoint of another VPC": "It carries another id.",
        f"the role, from {address} on the internet": "It carries no endpoint at all, and so it differs.",
        f"{words}, in the role's name": f"{words} calls from its own network, without your endpoint; "
        "`aws:ViaAWSService` can spare it.",
    }

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        endpoint, other = sim.vpc_endpoint(), sim.vpc_endpoint()
        condition: dict[str, Any] = {"StringNotEquals": {"aws:SourceVpce": endpoint.id}}
        if spared:
            condition["Bool"] = {"aws:ViaAWSService": "false"}
        role = sim.role("app", policies=[policy("kms:*")])
        amend(kms, key, statement("*", "kms:GenerateDataKey", Effect="Deny", Condition=condition))
        clients = [
            role.client("kms", endpoint=endpoint), sim.root().client("kms", endpoint=endpoint),
            role.client("kms", endpoint=other), role.client("kms", source_ip=address), role.client("kms", via=service),
        ]  # fmt: skip
        return [attempted(client.generate_data_key, KeyId=key, KeySpec="AES_256") for client in clients]

    more = " and `aws:ViaAWSService` is `false`" if spared else ""
    return Asked(
        "A key policy denies `kms:GenerateDataKey` to every principal where `aws:SourceVpce` is not the VPC endpoint "
        f"of the company{more}. Beside that it is the default one, and a role has `kms:*` in IAM. Whose "
        "`GenerateDataKey` goes well?",
        ways,
        run,
    )
