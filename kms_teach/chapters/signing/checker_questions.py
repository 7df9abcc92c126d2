"""Question families about who makes and checks signatures and codes: with which permission, and in which Region."""

from collections.abc import Callable
from random import Random
from typing import Any

from msgspec import Struct

from kms_teach.chapters.signing.proof_questions import ARCHITECT, ECDSA, MAC
from kms_teach.chapters.signing.signature_questions import DEVELOPER
from kms_teach.client_side import partner
from kms_teach.teaching.question import Asked, Tried, matching, one
from kms_teach.teaching.trial import NOTE, error, policy, scratch, simulator

REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1")


CHECKERS: dict[str, tuple[str, str]] = {  # job -> what its program calls, and why
    "An office puts the company's seal on its letters.": ("sign", "It is `Sign` that needs the private half."),
    "A server lets KMS tell whether a seal is genuine.": ("verify", "`Verify` has an action of its own."),
    "A web page offers the half that checks seals for download.": (
        "get_public_key", "Whoever fetches it from the page needs no permission at all."),
    "A server lets KMS tell whether a short code is its own.": ("verify_mac", "`VerifyMac` makes no codes."),
    "A till prints a short code on a coupon.": ("generate_mac", "`GenerateMac` checks none."),
}  # fmt: skip
PERMISSIONS = ("kms:GenerateMac", "kms:GetPublicKey", "kms:Sign", "kms:Verify", "kms:VerifyMac")


@matching("permission-for-a-proof", subject="access", exams=DEVELOPER)
def permission_for_a_proof(draw: Random) -> Asked:
    jobs = draw.sample(tuple(CHECKERS), draw.choice((3, 4)))

    def run() -> list[Tried]:
        sim, kms, pair = scratch(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        code_key = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"]
        signature = kms.sign(KeyId=pair, Message=NOTE, **ECDSA)["Signature"]
        mac = kms.generate_mac(KeyId=code_key, Message=NOTE, **MAC)["Mac"]
        sent: dict[str, dict[str, Any]] = {
            "sign": {"KeyId": pair, "Message": NOTE, **ECDSA}, "get_public_key": {"KeyId": pair},
            "verify": {"KeyId": pair, "Message": NOTE, "Signature": signature, **ECDSA},
            "generate_mac": {"KeyId": code_key, "Message": NOTE, **MAC},
            "verify_mac": {"KeyId": code_key, "Message": NOTE, "Mac": mac, **MAC},
        }  # fmt: skip
        clients = {action: sim.role(action[4:], policies=[policy(action)]).client("kms") for action in PERMISSIONS}
        tried = []
        for job in jobs:
            act, works = CHECKERS[job][0], []
            for action, client in clients.items():
                if not error(getattr(client, act), **sent[act]):
                    works.append(action)
            (action,) = works
            tried.append(Tried(f"`{action}`", "Of all five, that alone was enough."))
        return tried

    return Asked(
        "Seals are signatures of an ECC key, and short codes are MACs of an HMAC key. Each of these programs has a "
        "role of its own. Which permission does the role need?",
        {job: CHECKERS[job][1] for job in jobs},
        run,
        tuple(f"`{action}`" for action in PERMISSIONS),
    )


class Code(Struct, frozen=True):
    """What is so of a code that is made in one Region and checked in another."""

    checked: bool
    checked_alone: bool  # also when the key in the first Region is out of use
    size: int  # bytes
    keys: int  # on the bill


DEMANDS: dict[str, Callable[[Code], bool]] = {
    "Checks must go on when KMS in {first} cannot be reached, and a code has 32 bytes":
        lambda code: code.checked_alone and code.size == 32,
    "A code has 32 bytes, and no second KMS key may appear on the bill":
        lambda code: code.checked and code.size == 32 and code.keys == 1,
    "Checks must go on when KMS in {first} cannot be reached, and no second KMS key may appear on the bill":
        lambda code: code.checked_alone and code.keys == 1,
}  # fmt: skip


@one("code-in-two-regions", subject="multi-Region", exams=(*ARCHITECT, "SAA-C03"), difficulty=3)
def code_in_two_regions(draw: Random) -> Asked:
    (first, second), demand = draw.sample(REGIONS, 2), draw.choice(tuple(DEMANDS))

    def run() -> list[Tried]:
        tried = []
        for way in ("replica", "alias", "afar", "public"):
            code = _made_and_checked(way, first, second)
            shown = f"A code has {code.size} bytes, {code.keys} key{'s' * (code.keys > 1)}, and in {second} it was "
            shown += f"{'' if code.checked else 'not '}found genuine"
            shown += f"; without {first} it was{'' if code.checked_alone else ' not'}."
            tried.append(Tried(DEMANDS[demand](code), shown))
        return tried

    return Asked(
        f"Orders are taken in {first}, each with a code that proves it genuine, and served in {second}, where the code "
        f"is checked. {demand.format(first=first)}. Which design?",
        {
            f"a multi-Region HMAC key in {first}, and its replica in {second}": "Two keys on the bill, one material.",
            f"an HMAC key in {first}, another in {second}, and one alias": "Two keys, two materials: no code fits.",
            f"an HMAC key in {first}, which programs in {second} call": "One key, in the Region where it is.",
            f"an ECC key in {first}, and its public key in {second}": "One key, and a signature of some 71 bytes.",
        },
        run,
    )


def _made_and_checked(way: str, first: str, second: str) -> Code:
    sim = simulator()
    home, abroad = sim.client("kms", region=first), sim.client("kms", region=second)
    if way == "public":
        key = home.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        signature = home.sign(KeyId=key, Message=NOTE, **ECDSA)["Signature"]
        fits = partner.verifies(home.get_public_key(KeyId=key)["PublicKey"], "ECDSA_SHA_256", NOTE, signature)
        return Code(fits, fits, len(signature), 1)
    spec: dict[str, Any] = {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC", "MultiRegion": way == "replica"}
    key = there = home.create_key(**spec)["KeyMetadata"]["Arn"]
    if way == "replica":
        there = home.replicate_key(KeyId=key, ReplicaRegion=second)["ReplicaKeyMetadata"]["Arn"]
    elif way == "alias":
        there = "alias/codes"
        abroad.create_alias(AliasName=there, TargetKeyId=abroad.create_key(**spec)["KeyMetadata"]["KeyId"])
        home.create_alias(AliasName=there, TargetKeyId=key)
    mac = home.generate_mac(KeyId=key, Message=NOTE, **MAC)["Mac"]
    checker = home if way == "afar" else abroad
    checked = not error(checker.verify_mac, KeyId=there, Message=NOTE, Mac=mac, **MAC)
    home.disable_key(KeyId=key)
    alone = not error(checker.verify_mac, KeyId=there, Message=NOTE, Mac=mac, **MAC)
    keys = len(home.list_keys()["Keys"]) + len(abroad.list_keys()["Keys"])
    return Code(checked, alone, len(mac), keys)
