"""The question families of "What a KMS key is" about who owns a key: its kind, its account, its list."""

import json
from random import Random
from typing import Any

from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, error, policy, scratch, told

EVERYBODY = ("CLF-C02", "SAA-C03", "DVA-C02", "DVA-C03", "SCS-C03")
OWN, PARTNER, OTHER = "111122223333", "444455556666", "eu-west-1"
NEEDS: dict[str, dict[str, Any]] = {
    "encrypt": {"Plaintext": NOTE},
    "generate_data_key": {"KeySpec": "AES_256"},
    "describe_key": {},
}
SERVICES = {"s3": ("s3", "S3"), "ebs": ("ec2", "EBS"), "rds": ("rds", "RDS"), "sqs": ("sqs", "SQS")}


WISHES: dict[str, tuple[str, bool]] = {  # what the company wants: the call, and whether it is to go well
    "be able to switch it off within the hour": ("disable_key", True),
    "say in a key policy who may use it": ("put_key_policy", True),
    "tag it with a cost centre": ("tag_resource", True),
    "delete it when the contract ends": ("schedule_key_deletion", True),
    "be sure that nobody of its account can switch it off": ("disable_key", False),
    "be sure that nobody of its account can change its key policy": ("put_key_policy", False),
    "be sure that nobody of its account can delete it": ("schedule_key_deletion", False),
}


@one("off-switch", subject="access", exams=EVERYBODY)
def off_switch(draw: Random) -> Asked:
    name, (_, service) = draw.choice(sorted(SERVICES.items()))
    wish = draw.choice(tuple(WISHES))
    act, goes_well = WISHES[wish]

    def run() -> list[Tried]:
        _, kms, key = scratch()
        more: dict[str, Any] = {
            "put_key_policy": {"Policy": kms.get_key_policy(KeyId=key)["Policy"]},
            "tag_resource": {"Tags": [{"TagKey": "centre", "TagValue": "7"}]},
        }.get(act, {})
        managed = kms.describe_key(KeyId=f"alias/aws/{name}")["KeyMetadata"]["Arn"]
        call = getattr(kms, act)
        codes = [error(call, KeyId=arn, **more) for arn in (managed, key)]
        owned = "No call can name it, and no event of yours does."
        return [*(Tried((not code) == goes_well, told(call, code)) for code in codes), Tried(False, owned)]

    return Asked(
        f"Data in {service} must be encrypted at rest. The company wants to see each use of the key in its trail, and "
        f"to {wish}. Which key?",
        {
            f"the AWS managed key `aws/{name}`": "Its uses are in your trail. AWS manages it, and nobody else.",
            "a customer managed key": "This is the kind that is yours to manage.",
            "an AWS owned key": "It is in no list and no trail of yours.",
        },
        run,
    )


@several("names-from-afar", subject="accounts", exams=("DVA-C02", "DVA-C03", "SCS-C03"))
def names_from_afar(draw: Random) -> Asked:
    alias = f"alias/{draw.choice(('shared', 'reports', 'partner', 'invoices'))}"
    act = draw.choice(sorted(NEEDS))

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        kms.create_alias(AliasName=alias, TargetKeyId=key)
        kms.put_key_policy(KeyId=key, Policy=_letting_in(kms, key, PARTNER))
        partner = sim.user("partner", account=PARTNER, policies=[policy("kms:*")]).client("kms")
        start, call = key.partition("key/")[0], getattr(partner, act)
        more = NEEDS[act]
        names = (key.rpartition("/")[2], key, alias, start + alias, start.replace(OWN, PARTNER) + alias)
        codes = [error(call, KeyId=name, **more) for name in names]
        return [Tried(not code, told(call, code)) for code in codes]

    operation = "".join(word.capitalize() for word in act.split("_"))
    return Asked(
        f"A key of account {OWN} lets account {PARTNER} in, and so do the IAM policies there. Which `KeyId` may "
        f"the partner give in a `{operation}`?",
        {
            "the key id": "An id alone is looked for in the account that calls.",
            f"the key's ARN, with {OWN} in it": "An ARN says in which account to look.",
            f"the alias name, `{alias}`": "A name alone is looked for in the account that calls.",
            f"the alias's ARN, with {OWN} in it": "This too says in which account to look.",
            f"an ARN of that alias, with {PARTNER} in it": "The alias is in the other account.",
        },
        run,
    )


SHARED: dict[str, tuple[bool, bool, bool]] = {  # the key, and what a partner's role needs:
    # whether AWS manages the key, whether the role has an IAM policy, and whether the data may be encrypted anew
    "the AWS managed key `aws/{name}`. Two roles of a partner's account, whose IAM policies allow `kms:Decrypt`, must "
    "be able to decrypt a copy": (True, True, True),
    "a customer managed key. The roles of a partner's account whose IAM policies allow `kms:Decrypt`, today "
    "two, must be able to decrypt it as it is": (False, True, False),
    "a customer managed key. One role of a partner's account, to which no IAM policy allows anything, must be able to "
    "decrypt it as it is": (False, False, False),
}


@one("share-a-managed-key", subject="accounts", exams=("SAA-C03", "SCS-C03", "SAP-C03"), difficulty=3)
def share_a_managed_key(draw: Random) -> Asked:
    name, (via, service) = draw.choice(sorted(SERVICES.items()))
    wish = draw.choice(tuple(SHARED))
    managed, has_policy, anew = SHARED[wish]

    def tried(way: str) -> Tried:
        """Give the partner's roles what they need, in one of the ways."""
        sim, kms, own = scratch()
        key, owner = own, kms
        if managed:
            key = kms.describe_key(KeyId=f"alias/aws/{name}")["KeyMetadata"]["Arn"]
            owner = sim.root().client("kms", via=via)
        allowed = [policy("kms:Decrypt")] if has_policy else []
        roles = [sim.role(each, account=PARTNER, policies=allowed) for each in ("reader", "auditor")[: 1 + has_policy]]
        blob = owner.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        if way == "grant":
            done = kms.create_grant
            code = error(done, KeyId=key, GranteePrincipal=roles[0].arn, Operations=["Decrypt"])
        else:
            if way == "copy":
                target = kms.create_key()["KeyMetadata"]["Arn"]
                plain = owner.decrypt(CiphertextBlob=blob)["Plaintext"]
                key, blob = target, kms.encrypt(KeyId=target, Plaintext=plain)["CiphertextBlob"]
            done = kms.put_key_policy
            code = error(done, KeyId=key, Policy=_letting_in(kms, own, PARTNER))
        reads = [error(role.client("kms").decrypt, CiphertextBlob=blob) for role in roles]
        opened = f"Of the partner's roles, {reads.count('')} of {len(reads)} could decrypt."
        return Tried(not code and not any(reads) and (anew or way != "copy"), f"{told(done, code)} {opened}")

    def run() -> list[Tried]:
        return [tried(way) for way in ("policy", "grant", "copy")]

    return Asked(
        f"What {service} stores for you is encrypted under {wish.format(name=name)}. What do you do?",
        {
            "let the partner's account in, in the key policy of that key": "A policy of your own can name another "
            "account, whose IAM policies must say yes too. Of an AWS managed key, AWS alone can change it.",
            "give a role of the partner's account a grant for that key": "A grant is for one principal, which needs no "
            "policy. For an AWS managed key no person can make one.",
            "encrypt a copy under another key of yours, and let the partner's account in there": "It is the way where "
            "the first key is not yours to open. The data does not stay as it is.",
        },
        run,
    )


KEYS = {  # a key: how it is made, and what is to be said of it
    "a customer managed key that was disabled": "Disabled is a state. The key is there.",
    "a customer managed key that waits for its deletion": "Until the day comes it is there.",
    "the AWS managed key of a service that you used": "It is in your account, and you may look at it.",
    "a key of the same account in another Region": "Each Region has its own list.",
    "a key of another account that lets yours in": "You may use it. It is in the list of its owner.",
    "a key that you made a minute ago, without an alias": "An alias is a name, and no key needs one.",
}


@several("which-are-listed", subject="access", exams=("CLF-C02", "SAA-C03", "SOA-C03"), difficulty=1)
def which_are_listed(draw: Random) -> Asked:
    service = draw.choice(sorted(SERVICES))
    chosen = draw.sample(sorted(KEYS), 5)

    def run() -> list[Tried]:
        sim, kms, plain = scratch()
        off, doomed = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
        kms.disable_key(KeyId=off)
        kms.schedule_key_deletion(KeyId=doomed)
        managed = kms.describe_key(KeyId=f"alias/aws/{service}")["KeyMetadata"]["Arn"]
        far = sim.client("kms", region=OTHER).create_key()["KeyMetadata"]["Arn"]
        owner = sim.client("kms", account=PARTNER)
        theirs = owner.create_key()["KeyMetadata"]["Arn"]
        owner.put_key_policy(KeyId=theirs, Policy=_letting_in(owner, theirs, OWN))
        listed = {key["KeyArn"] for key in kms.list_keys()["Keys"]}
        arns = dict(zip(KEYS, (off, doomed, managed, far, theirs, plain), strict=True))
        return [
            Tried(
                arns[each] in listed, "`ListKeys` shows it." if arns[each] in listed else "`ListKeys` does not show it."
            )
            for each in chosen
        ]

    return Asked(
        f"You call `ListKeys` in us-east-1, in an account that has used {SERVICES[service][1]} with its default key. "
        "Which of these keys are in the answer?",
        {each: KEYS[each] for each in chosen},
        run,
    )


def _letting_in(kms: Any, key: str, account: str) -> str:
    """The key's policy with one statement more, which lets an account in."""
    document = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    root = f"arn:aws:iam::{account}:root"
    admits = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"}
    return json.dumps({**document, "Statement": [*document["Statement"], admits]})
