"""The question families of "Conditions, accounts, organizations": which policy refuses, and whom it is above."""

import json
import re
from random import Random
from typing import Any

from botocore.exceptions import ClientError

from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Tried, matching, several
from kms_teach.teaching.trial import NOTE, error, policy, scratch, told

SECURITY = ("SCS-C03", "SAP-C02", "SAP-C03")
HOME = "111122223333"
PARTNERS = ("444455556666", "777788889999", "123456789012")
REASON = re.compile(r"because (no [\w -]+ allows)")


def _deny(action: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": action, "Resource": "*"}]}


def _attach(kms: Any, key: str, *statements: dict[str, Any]) -> None:
    """Put a key policy in the place of the default one; the root user keeps the right to change it."""
    keep = policy("kms:PutKeyPolicy", Principal={"AWS": HOME})["Statement"]
    document = {"Version": "2012-10-17", "Statement": [*keep, *statements]}
    kms.put_key_policy(KeyId=key, Policy=json.dumps(document))


def _session(sim: Simulator, limits: dict[str, Any]) -> Any:
    """A client of a session of the role app, begun with a session policy."""
    trust = policy("sts:AssumeRole", Principal={"AWS": HOME})
    del trust["Statement"][0]["Resource"]
    role = sim.role("app", policies=[policy("kms:*")], trust=trust)
    sts = sim.user("deployer", policies=[policy("sts:AssumeRole")]).client("sts")
    answer = sts.assume_role(RoleArn=role.arn, RoleSessionName="app", Policy=json.dumps(limits))
    return sim.session(answer["Credentials"]).client("kms")


def _closed(sim: Simulator, kms: Any, key: str, gate: str, other: str) -> Any:
    """A client of the role app, with one policy in its way: it speaks of `other` actions alone."""
    limits, may = policy(other), [policy("kms:*")]
    match gate:
        case "organization":
            sim.account(scps=[limits])
        case "maximum":
            return sim.role("app", policies=may, boundary=limits).client("kms")
        case "session":
            return _session(sim, limits)
        case "network":
            through = sim.vpc_endpoint(policy(other, Principal="*"))
            return sim.role("app", policies=may).client("kms", endpoint=through)
        case "own":
            may = [limits]
        case "key":
            _attach(kms, key, *policy("kms:*", Principal={"AWS": sim.role("keeper").arn})["Statement"])
    return sim.role("app", policies=may).client("kms")


def _refusal(client: Any, key: str, action: str) -> str:
    """AWS's words for the refusal of one of three calls; "" when it is answered."""
    try:
        match action:
            case "Encrypt":
                client.encrypt(KeyId=key, Plaintext=NOTE)
            case "GenerateDataKey":
                client.generate_data_key(KeyId=key, KeySpec="AES_256")
            case _:
                client.generate_data_key_without_plaintext(KeyId=key, KeySpec="AES_256")
    except ClientError as refused:
        return str(refused.response["Error"]["Message"])
    return ""


GATES = {  # what stands in the way: how it is told, and what is to be said of it
    "organization": ("What the organization leaves the account is `{}` alone", "That is an SCP."),
    "maximum": ("The most that was laid down for the role is `{}`", "That is a permissions boundary."),
    "session": ("What the program handed to `AssumeRole` lists `{}` alone", "That is a session policy."),
    "network": ("The network's own way to KMS is open for `{}` alone", "That is a policy on a VPC endpoint."),
    "own": ("What is attached to the role allows `{}` alone", "An IAM policy is identity-based."),
    "key": ("Among the key's statements none is about this role", "A key policy is resource-based."),
}


@matching("gate-by-its-words", subject="access", exams=("SOA-C03", *SECURITY))
def gate_by_its_words(draw: Random) -> Asked:
    drawn = draw.sample(list(GATES), 4)
    action = draw.choice(("Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"))
    other = draw.choice(("s3:*", "sqs:*", "kms:DescribeKey"))

    def run() -> list[Tried]:
        tried = []
        for gate in drawn:
            sim, kms, key = scratch()
            client = _closed(sim, kms, key, gate, other)
            words = _refusal(client, key, action)
            found = REASON.search(words)
            tried.append(Tried(f"“… because {found[1] if found else words} …”"))
        return tried

    kinds = {
        "organization": "service control policy", "maximum": "permissions boundary", "session": "session policy",
        "network": "VPC endpoint policy", "own": "identity-based policy", "key": "resource-based policy",
    }  # fmt: skip
    return Asked(
        f"A role is refused `kms:{action}` on a key of its own account. How does the message go on in each case?",
        {GATES[gate][0].format(other): GATES[gate][1] for gate in drawn},
        run,
        [f"“… because no {kinds[gate]} allows …”" for gate in drawn],
    )


@several("what-a-grant-lifts", subject="grants", exams=SECURITY)
def what_a_grant_lifts(draw: Random) -> Asked:
    other = draw.choice(("s3:*", "sqs:*", "kms:Encrypt"))
    operation = draw.choice(("Decrypt", "GenerateDataKey"))
    wrong = {
        "denied": ("one of its IAM policies says Deny to it", "A Deny wins over a grant, as over every Allow."),
        "organization": ("the SCP of its account is silent about it", "No grant reaches past an SCP."),
        "maximum": ("its permissions boundary is silent about it", "A session of the role keeps the role's boundary."),
        "session": ("its session policy is silent about it", "What a session was begun with limits a grant too."),
    }
    drawn = ["own", "key", *draw.sample(list(wrong), 3)]
    told_of = {
        "own": ("its IAM policies are silent about it", "A grant takes the place of the Allow that was missing."),
        "key": ("the key policy is silent about the role", "A grant allows beside the key policy."),
        **wrong,
    }

    def run() -> list[Tried]:
        tried = []
        for gate in drawn:
            sim, kms, key = scratch()
            blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
            kms.create_grant(KeyId=key, GranteePrincipal=sim.role("app").arn, Operations=[operation])
            client = _closed(sim, kms, key, gate, other)
            if gate == "denied":
                client = sim.role("app", policies=[policy("kms:*"), _deny(f"kms:{operation}")]).client("kms")
            if operation == "Decrypt":
                call, given = client.decrypt, {"CiphertextBlob": blob}
            else:
                call, given = client.generate_data_key, {"KeyId": key, "KeySpec": "AES_256"}
            code = error(call, **given)
            tried.append(Tried(not code, told(call, code, "With the grant:")))
        return tried

    return Asked(
        f"A role is refused `kms:{operation}`. Now it gets a grant of that operation. In which of these cases does the "
        "call go through?",
        {told_of[gate][0]: told_of[gate][1] for gate in drawn},
        run,
    )


@several("reach-of-an-organization", subject="accounts", exams=SECURITY)
def reach_of_an_organization(draw: Random) -> Asked:
    kind, partner = draw.choice(("SCP", "RCP")), draw.choice(PARTNERS)
    service, log = draw.choice((("cloudtrail", "CloudTrail"), ("logs", "CloudWatch Logs"), ("sns", "SNS")))

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        app = sim.role("app", account=partner, policies=[policy("kms:*")])
        principal = f"{service}.amazonaws.com"
        use = {"Effect": "Allow", "Action": "kms:GenerateDataKey", "Resource": "*"}
        document = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
        document["Statement"] += [use | {"Principal": {"AWS": app.arn}}, use | {"Principal": {"Service": principal}}]
        kms.put_key_policy(KeyId=key, Policy=json.dumps(document))
        everything = [policy("kms:*")]
        deny = _deny("kms:GenerateDataKey")["Statement"][0]
        if kind == "SCP":
            sim.account(scps=[{"Version": "2012-10-17", "Statement": [*policy("*")["Statement"], deny]}])
        else:
            sim.account(rcps=[{"Version": "2012-10-17", "Statement": [{**deny, "Principal": "*"}]}])
        callers = [
            (sim.user("admin", policies=everything).client("kms"), key), (kms, key), (app.client("kms"), key),
            (sim.aws_service(principal).client("kms"), key),
            (sim.user("operator", policies=everything).client("kms", via="ec2"), "alias/aws/ebs"),
        ]  # fmt: skip
        codes = [(client, error(client.generate_data_key, KeyId=of, KeySpec="AES_256")) for client, of in callers]
        return [Tried(bool(code), told(client.generate_data_key, code)) for client, code in codes]

    whose = "what anybody of the account may do" if kind == "SCP" else "what anybody may do with the account's keys"
    about = f"An {kind} limits {whose}"
    return Asked(
        f"The organization attaches an {kind} to your account, which denies `kms:GenerateDataKey` and says nothing of "
        "exceptions. Which of these calls does it stop?",
        {
            "by an administrator, with your key": f"{about}, an administrator's `kms:*` or not.",
            "by your root user, with your key": "In a member account the root user is under it too.",
            f"by a role of account {partner}, with your key": f"{about}; that role is of an account outside.",
            f"by {log} itself, with your key": f"{about}; a service principal is of no account.",
            "by a user through EC2, with `aws/ebs`": f"{about}; RCPs do not reach AWS managed keys.",
        },
        run,
    )
