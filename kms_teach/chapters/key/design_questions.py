"""The question families of "What a KMS key is" about designs: how many keys, which spec, which of two accounts."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from kms_teach.client_side import partner
from kms_teach.teaching.question import Asked, Tried, one
from kms_teach.teaching.trial import NOTE, attempted, error, policy, shared, simulator

OWN, PARTNER = "111122223333", "444455556666"
HOME = "us-east-1"
ABROAD = ("eu-west-1", "eu-central-1", "ap-south-1", "sa-east-1")
ARCHITECTS = ("SAA-C03", "SAP-C02", "SAP-C03")


@one("how-many-keys", subject="pricing", exams=("CLF-C02", *ARCHITECTS), difficulty=3)
def how_many_keys(draw: Random) -> Asked:
    teams, regions = draw.choice(((2, 3), (3, 2), (4, 2), (4, 3), (3, 4), (5, 2), (5, 3), (2, 4)))
    aliases = draw.randrange(2, 4)
    replicas = draw.choice((True, False))

    def run() -> list[Tried]:
        sim = simulator()
        places = [sim.client("kms", region=region) for region in (HOME, *ABROAD[: regions - 1])]
        for team in range(teams):
            first = places[0].create_key(MultiRegion=replicas)["KeyMetadata"]["KeyId"]
            for kms, region in zip(places, (HOME, *ABROAD), strict=False):
                key = first
                if kms is not places[0]:
                    key = _replica(places[0], first, region) if replicas else kms.create_key()["KeyMetadata"]["KeyId"]
                for number in range(aliases):
                    kms.create_alias(AliasName=f"alias/team-{team}-{number}", TargetKeyId=key)
        found = sum(len(kms.list_keys()["Keys"]) for kms in places)
        shown = f"`ListKeys` in all {regions} Regions shows {found} keys."
        return [Tried(found == number, shown) for number in numbers]

    numbers = (teams * regions, teams, teams + regions, teams * regions * aliases)
    why = (
        "Each key and each replica is there in its own Region, and each is billed; aliases are free.",
        "A replica is a key of its own Region, and so is a key of the same alias.",
        "Every team needs a key in every Region: the two numbers multiply.",
        "An alias is a name for a key. A second name makes no second key.",
    )
    how = (
        "a multi-Region key with a replica in every other Region" if replicas else "a single-Region key in each Region"
    )
    return Asked(
        f"{teams} teams of a company work in {regions} Regions. Every team gets {how}, and {aliases} aliases for it in "
        "each Region. How many KMS keys are on the bill?",
        {f"{number}": each for number, each in zip(numbers, why, strict=True)},
        run,
    )


def _replica(kms: Any, key: str, region: str) -> str:
    replicated: str = kms.replicate_key(KeyId=key, ReplicaRegion=region)["ReplicaKeyMetadata"]["KeyId"]
    return replicated


@one("to-the-other-account", subject="accounts", exams=("SCS-C03", *ARCHITECTS), difficulty=3)
def to_the_other_account(draw: Random) -> Asked:
    ours = draw.choice((True, False))  # whether the role is in the account that the ciphertexts come from
    in_one = draw.choice((True, False))
    what = draw.choice(("ciphertexts", "encrypted data keys", "encrypted records"))
    first, second = draw.sample((OWN, PARTNER), 2)
    at_home, away = (first, second) if ours else (second, first)
    actions = {
        "`kms:ReEncryptFrom`": "`ReEncrypt` asks it of the key that the ciphertext names.",
        "`kms:ReEncryptTo`": "`ReEncrypt` asks it of the destination key.",
        "`kms:Encrypt`": "`Encrypt` asks it of the key that is to encrypt; `ReEncrypt` has two actions of its own.",
        "`kms:Decrypt`": "`Decrypt` asks it of the key that encrypted; `ReEncrypt` has two actions of its own.",
    }

    def run() -> list[Tried]:
        tried = []
        for action in actions:
            sim = simulator()
            role = sim.role("mover", account=at_home, policies=[policy("kms:*")])
            owners = {account: sim.client("kms", account=account) for account in (first, second)}
            keys = {account: kms.create_key()["KeyMetadata"]["Arn"] for account, kms in owners.items()}
            _admit(owners[away], keys[away], role.arn, action.strip("`"))
            blob = owners[first].encrypt(KeyId=keys[first], Plaintext=NOTE)["CiphertextBlob"]
            theirs = role.client("kms")
            if in_one:
                tried.append(attempted(theirs.re_encrypt, CiphertextBlob=blob, DestinationKeyId=keys[second]))
                continue
            opened = attempted(theirs.decrypt, CiphertextBlob=blob)
            sealed = attempted(theirs.encrypt, KeyId=keys[second], Plaintext=NOTE)
            tried.append(Tried(bool(opened.outcome and sealed.outcome), f"{opened.shown} {sealed.shown}"))
        return tried

    how = "by one call of `ReEncrypt` for each" if in_one else "by a call of `Decrypt` and one of `Encrypt` for each"
    return Asked(
        f"A role in account {at_home} moves {what} from a key in account {first} to a key in account {second}, {how}. "
        f"Its IAM policy allows `kms:*`. Which action must the key policy in account {away} allow it?",
        actions,
        run,
    )


def _admit(kms: Any, key: str, principal: str, action: str) -> None:
    document = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    more = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"}
    text = json.dumps({**document, "Statement": [*document["Statement"], more]})
    kms.put_key_policy(KeyId=key, Policy=text)


SPECS = {"SYMMETRIC_DEFAULT": "ENCRYPT_DECRYPT", "RSA_2048": "ENCRYPT_DECRYPT", "ECC_NIST_P256": "SIGN_VERIFY",
         "HMAC_256": "GENERATE_VERIFY_MAC"}  # fmt: skip


def _sealed_outside(kms: Any, key: str, _: int) -> bool:
    public = _public(kms, key)
    if not public or kms.get_public_key(KeyId=key)["KeyUsage"] != "ENCRYPT_DECRYPT":
        return False
    blob = partner.encrypt(public, NOTE)
    return not error(kms.decrypt, CiphertextBlob=blob, KeyId=key, EncryptionAlgorithm="RSAES_OAEP_SHA_256")


def _whole_record(kms: Any, key: str, size: int) -> bool:
    return not error(kms.encrypt, KeyId=key, Plaintext=bytes(size))


def _checked_by_all(kms: Any, key: str, _: int) -> bool:
    how = {"KeyId": key, "SigningAlgorithm": "ECDSA_SHA_256"}
    if error(kms.sign, Message=NOTE, **how):
        return False
    signature = kms.sign(Message=NOTE, **how)["Signature"]
    return partner.verifies(_public(kms, key), "ECDSA_SHA_256", NOTE, signature)


def _short_code(kms: Any, key: str, size: int) -> bool:
    how = {"KeyId": key, "MacAlgorithm": "HMAC_SHA_256"}
    return not error(kms.generate_mac, Message=bytes(size), **how)


GOALS: dict[str, tuple[Callable[[Any, str, int], bool], tuple[int, int]]] = {
    "Meters without AWS credentials and without a network must store readings of {size} bytes so that only a program "
    "in AWS opens them": (_sealed_outside, (16, 180)),
    "A program stores records of {size} bytes with one KMS call for each, and opens them again. It must not handle a "
    "data key": (_whole_record, (1_000, 4_096)),
    "Customers without AWS credentials must be able to tell that a licence of {size} bytes comes from you":
        (_checked_by_all, (100, 900)),
    "A web shop hands out coupons of {size} bytes, and must know its own when they come back. Nobody else may be able "
    "to tell a true one from a forged one": (_short_code, (20, 200)),
}  # fmt: skip


@one("spec-for-the-job", subject="asymmetric keys", exams=("DVA-C02", "DVA-C03", "SCS-C03", "SAA-C03"))
def spec_for_the_job(draw: Random) -> Asked:
    goal = draw.choice(tuple(GOALS))
    meets, sizes = GOALS[goal]
    size = draw.randrange(*sizes)

    def run() -> list[Tried]:
        tried = []
        for spec, usage in SPECS.items():
            kms, key = shared(spec, usage)
            done = meets(kms, key, size)
            tried.append(Tried(done, "It did the job." if done else "Its calls did not get there."))
        return tried

    why = (
        "One call takes 4,096 bytes, and nothing of it works outside KMS.",
        "Its public half encrypts up to 190 bytes anywhere, and the private half opens them in KMS.",
        "It signs, and its public half checks anywhere. It hides nothing.",
        "It makes and checks codes inside KMS, for whoever may use the key.",
    )
    return Asked(
        f"{goal.format(size=f'{size:,}')}. Which KMS key?",
        {f"{spec}, for `{usage}`": each for (spec, usage), each in zip(SPECS.items(), why, strict=True)},
        run,
    )


def _public(kms: Any, key: str) -> bytes:
    if error(kms.get_public_key, KeyId=key):
        return b""
    public: bytes = kms.get_public_key(KeyId=key)["PublicKey"]
    return public
