"""The questions of "Conditions, accounts, organizations"."""

import json

from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Question
from kms_teach.teaching.trial import NOTE, error, only, policy

DIRECT = Question(
    "The clerk calls `GenerateDataKey` directly. What does KMS answer?",
    {
        "a data key": "The action and the key are allowed. But a statement applies only if its condition is met too.",
        "AccessDeniedException": "The call does not come through S3, so the statement does not apply.",
    },
)
NEIGHBOUR = Question(
    "bob of that account has no IAM policy. He calls `Decrypt` with your key's ciphertext. What does he get?",
    {
        "the plaintext": "Your half is done: you let the account in. But its own administrators have not let bob out.",
        "AccessDeniedException": "Your key policy says yes, and bob's own account says nothing.",
        "NotFoundException": "KMS found the key by the ciphertext. It hides your policy: see its words in the lab.",
    },
)


def _office() -> str:
    sim = Simulator()
    key = sim.client("kms").create_key()["KeyMetadata"]["Arn"]
    via, office = {"kms:ViaService": "s3.us-east-1.amazonaws.com"}, {"aws:SourceIp": "192.0.2.0/24"}
    condition = {"StringEquals": via, "IpAddress": office}
    user = sim.user("clerk", policies=[policy("kms:GenerateDataKey", key, Condition=condition)])
    addresses = ("192.0.2.44", "198.51.100.7")
    calls = [user.client("kms", via="s3", source_ip=address).generate_data_key for address in addresses]
    works = [not error(call, KeyId=key, KeySpec="AES_256") for call in calls]
    return only(OFFICE.options, (works == [True, False], all(works), not any(works)))


OFFICE = Question(
    "A role may use the key only through S3, by `kms:ViaService`. Somebody adds the office's `aws:SourceIp` to the "
    "same condition. Which uploads still work?",
    {
        "those from the office": "So it was meant. But when S3 calls KMS, the request carries no address of yours.",
        "all": "Both parts of a condition must be met.",
        "none": "When S3 calls KMS, the request carries no address of yours, so the condition is never met.",
    },
    _office,
)


def _other_account() -> str:
    sim = Simulator()
    kms = sim.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
    default = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    allowed = [policy("kms:Decrypt", key)]

    def opens(action: str, mine: bool = False, own: bool = False) -> bool:
        if mine:
            sim.role("app", policies=allowed)
        role = sim.role("app", account="444455556666", policies=allowed if own else [])
        named = policy(action, Principal={"AWS": role.arn})["Statement"]
        kms.put_key_policy(KeyId=key, Policy=json.dumps(default | {"Statement": default["Statement"] + named}))
        return not error(role.client("kms").decrypt, CiphertextBlob=blob)

    ways = (opens("kms:*"), opens("kms:Decrypt", mine=True), opens("kms:Decrypt", own=True))
    return only(OTHER_ACCOUNT.options, ways)


OTHER_ACCOUNT = Question(
    "Your key policy allows `kms:Decrypt` to a role of another account, and the role is still denied. What lets it in?",
    {
        "`kms:*` instead of `kms:Decrypt` in the statement": "Your half was wide enough. The other half is missing.",
        "an IAM policy for it in your account": "The role is not in your account, so none of its policies are.",
        "an IAM policy for it in its own account": "Both accounts must say yes. (Or make a grant that names the role.)",
    },
    _other_account,
)
