"""The questions of "Key policies and IAM"."""

import json

from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Question
from kms_teach.teaching.trial import NOTE, error, only, policy

NEW_KEY = Question(
    "alice has no IAM policy. She calls `Encrypt` with this key. What does KMS answer?",
    {
        "a ciphertext": "The policy names the account, alice is in it, and it says Allow, kms:*. So many read it.",
        "AccessDeniedException": "The statement is about the account. Nothing speaks of alice yet.",
        "NotFoundException": "That is for a key that does not exist. This one does, and is of alice's own account.",
    },
)
THROUGH_IAM, NOT_ROOT = "a ciphertext", "AccessDeniedException: she is not the root user"
ROOT = Question(
    'You give alice an IAM policy that allows `kms:Encrypt`. The key policy still says "root". She calls again.',
    {
        THROUGH_IAM: "The key policy lets the account's IAM policies decide, and now one of them says yes.",
        NOT_ROOT: "`:root` is how a policy writes the account as a whole. The bare number 111122223333 means the same.",
    },
)
ALIAS = Question(
    "alice's IAM policy allows `kms:Encrypt` on `arn:aws:kms:us-east-1:111122223333:alias/letters`. "
    'She calls `Encrypt(KeyId="alias/letters")`.',
    {
        "a ciphertext": "She names it so in her call. But KMS asks about the key that the alias points at, and its "
        "ARN is another one.",
        "AccessDeniedException": "The policy speaks of a name, and KMS asks about the key.",
    },
)
ALWAYS_ROOT, ALWAYS_ADMIN, BOTH, NEITHER = (
    "the root user, as always", "carol, the IAM administrator", "both", "neither of them",
)  # fmt: skip
TIDIED = Question(
    "Who can still encrypt with the key?",
    {
        ALWAYS_ROOT: "In IAM the root user may do everything. A KMS key knows only its key policy.",
        ALWAYS_ADMIN: "kms:* on * is all that IAM can say. This key does not ask IAM.",
        BOTH: "Both rest on the statement about the account, and that is gone.",
        NEITHER: "The key policy names one role. It asks nobody else, and lets nobody else in.",
    },
)


def _default_policy() -> str:
    sim = Simulator()
    kms = sim.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
    people = (sim.root(), sim.user("bare"), sim.user("allowed", policies=[policy("kms:Decrypt")]))
    opens = [not error(person.client("kms").decrypt, CiphertextBlob=blob) for person in people]
    return only(DEFAULT_POLICY.options, (all(opens), opens == [True, False, True], opens == [True, False, False]))


DEFAULT_POLICY = Question(
    "A key policy allows `kms:*` to `arn:aws:iam::111122223333:root`, and has no other statement. Who may decrypt?",
    {
        "every user of the account": "The statement lets IAM decide. Who has no IAM policy has no permission.",
        "the root user, and whoever an IAM policy allows it": "Key policy and IAM policy must both say yes.",
        "the root user, nobody else": "`:root` means the account, not its root user alone.",
    },
    _default_policy,
)


def _repair() -> str:
    sim = Simulator()
    kms = sim.client("kms")
    keeper, admin = sim.role("keeper"), sim.user("admin", policies=[policy("*")])
    key = kms.create_key()["KeyMetadata"]["Arn"]
    same = json.dumps(policy("kms:*", Principal={"AWS": keeper.arn}))
    kms.put_key_policy(KeyId=key, Policy=same, BypassPolicyLockoutSafetyCheck=True)
    people = (keeper, sim.root(), admin)
    may = [not error(person.client("kms").put_key_policy, KeyId=key, Policy=same) for person in people]
    return only(REPAIR.options, may)


REPAIR = Question(
    "An administrator with `AdministratorAccess` is denied on one key. The message ends in “no resource-based policy "
    "allows”. Who can repair it?",
    {
        "whoever the key policy allows `kms:PutKeyPolicy`": "The lock is in the key policy, so is its key.",
        "the root user": "A key whose policy does not name the account does not listen to its root user either.",
        "the administrator, with one more IAM policy": "IAM counts only where the key policy lets it decide.",
    },
    _repair,
)


def _by_alias() -> str:
    sim = Simulator()
    kms = sim.client("kms")
    key, other = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    kms.create_alias(AliasName="alias/letters", TargetKeyId=key)
    alias = key.rpartition(":")[0] + ":alias/letters"
    named = {"StringEquals": {"kms:RequestAlias": "alias/letters"}}
    candidates = (policy("kms:Encrypt", alias), policy("kms:Encrypt"), policy("kms:Encrypt", Condition=named))
    fits = []
    for each in candidates:
        user = sim.user("writer", policies=[each]).client("kms")
        codes = [error(user.encrypt, KeyId=name, Plaintext=NOTE) for name in ("alias/letters", other)]
        fits.append(codes == ["", "AccessDeniedException"])
    return only(BY_ALIAS.options, fits)


BY_ALIAS = Question(
    "A user must encrypt by `alias/letters`, whatever key stands behind it, and with no other key. What stands in the "
    "IAM policy?",
    {
        "the alias's ARN as `Resource`": "It never stands for the key: the policy allows nothing.",
        "`*` as `Resource`": "Then every key that lets IAM decide is open to the user.",
        "`*` as `Resource`, and a condition on `kms:RequestAlias`": "The condition looks at the name used in the call.",
    },
    _by_alias,
)
