"""The question families of "Conditions, accounts, organizations": what is shared with another account, and how."""

import json
from random import Random

from kms_teach.teaching.question import Asked, Tried, one
from kms_teach.teaching.trial import NOTE, error, policy, scratch, told

PARTNERS = ("444455556666", "777788889999", "123456789012")
SECURITY = ("SCS-C03", "SAP-C02", "SAP-C03")


@one("snapshot-for-a-partner", subject="accounts", exams=("SAA-C03", *SECURITY))
def snapshot_for_a_partner(draw: Random) -> Asked:
    partner, thing = draw.choice(PARTNERS), draw.choice(("snapshots", "machine images", "volumes' backups"))
    context = {"aws:ebs:id": "snap-0a1b2c3d4e5f60718"}
    allowed = draw.choice((True, False))  # whether IAM allows it to the role by now

    def shared(*, copied: bool, policies: bool, iam: bool, lent: bool = False) -> Tried:
        sim, kms, key = scratch()
        ec2 = sim.root().client("kms", via="ec2")
        blob = ec2.generate_data_key(KeyId="alias/aws/ebs", KeySpec="AES_256", EncryptionContext=context)
        blob = blob["CiphertextBlob"]
        role = sim.role("restore", account=partner, policies=[policy("kms:*")] if iam or allowed else [])
        if copied:
            blob = ec2.re_encrypt(
                CiphertextBlob=blob, SourceEncryptionContext=context, DestinationKeyId=key,
                DestinationEncryptionContext=context,
            )["CiphertextBlob"]  # fmt: skip
        of = key if copied else kms.describe_key(KeyId="alias/aws/ebs")["KeyMetadata"]["Arn"]
        if policies:
            document = json.loads(kms.get_key_policy(KeyId=of)["Policy"])
            document["Statement"] += policy("kms:*", Principal={"AWS": partner})["Statement"]
            error(kms.put_key_policy, KeyId=of, Policy=json.dumps(document))
        if lent:
            error(kms.create_grant, KeyId=of, GranteePrincipal=role.arn, Operations=["Decrypt", "CreateGrant"])
        call = role.client("kms", via="ec2").decrypt
        code = error(call, CiphertextBlob=blob, EncryptionContext=context)
        return Tried(not code, told(call, code))

    def run() -> list[Tried]:
        both, less = shared(copied=True, policies=True, iam=True), shared(copied=True, policies=True, iam=False)
        return [
            Tried(both.outcome is True and not less.outcome, both.shown), less,
            shared(copied=False, policies=True, iam=True), shared(copied=False, policies=False, iam=True, lent=True),
        ]  # fmt: skip

    return Asked(
        f"Your {thing} are encrypted with `alias/aws/ebs`. A role of account {partner}, which has "
        f"{'`kms:*` in IAM' if allowed else 'no IAM policy so far'}, must restore them. What is the least that makes "
        "that work?",
        {
            f"a new key for copies, open to account {partner}, and an IAM policy there": "A customer managed key can "
            "be shared, and both accounts say yes.",
            f"a new key for copies, under a policy that is open to account {partner}": "Your half is done. The "
            "other half is an IAM policy of the role.",
            f"a statement about account {partner} in the policy of `aws/ebs`, and IAM there": "Nobody can change the "
            "policy of an AWS managed key.",
            "a grant on the key `aws/ebs` to that role, and an IAM policy in its account": "The policy of an AWS "
            "managed key lets nobody make a grant by hand.",
        },
        run,
    )


@one("shared-through-ram", subject="accounts", exams=("SCS-C03", "SAP-C03"))
def shared_through_ram(draw: Random) -> Asked:
    partner, operation = draw.choice(PARTNERS), draw.choice(("Decrypt", "Encrypt", "GenerateDataKey"))
    accepted = draw.choice((True, False))

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        if accepted:
            sim.share(key, partner)
        shown, works = [], []
        for name, policies in (("with", [policy(f"kms:{operation}")]), ("without", [])):
            client = sim.user(name, account=partner, policies=policies).client("kms")
            call, given = {
                "Decrypt": (client.decrypt, {"KeyId": key, "CiphertextBlob": blob}),
                "Encrypt": (client.encrypt, {"KeyId": key, "Plaintext": NOTE}),
                "GenerateDataKey": (client.generate_data_key, {"KeyId": key, "KeySpec": "AES_256"}),
            }[operation]
            code = error(call, **given)
            works.append(not code)
            shown.append(told(call, code, f"{name.capitalize()} such an IAM policy:"))
        found = " ".join(shown)
        return [Tried(works == each, found) for each in ([True, False], [True, True], [False, False], [False, True])]

    how = (
        f"The key is shared with account {partner} through AWS RAM, and the share is accepted."
        if accepted
        else f"To share it with account {partner} through AWS RAM was planned, and nobody has done it."
    )
    return Asked(
        f"A key's own policy is the default one. {how} Who in account {partner} may `{operation}` with it?",
        {
            "those whom IAM policies there allow it": "RAM keeps a second key policy, which leaves it to the other "
            "account's IAM policies.",
            "everybody there, whatever IAM policies there say": "A share lets the account in. Whom in "
            "it, IAM policies say.",
            "nobody there, as the default policy is silent": "A share adds a policy to the key, `AWS_RAM`. Without one "
            "the default policy is all there is.",
            "its root user, and nobody else there": "The root user hands it on by IAM policies, as with any key.",
        },
        run,
    )
