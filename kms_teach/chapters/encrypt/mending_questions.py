"""The question families of "Encrypt, and the 4 KB limit": what fits into a call, and what mends one that failed."""

import base64
from collections.abc import Callable
from random import Random
from typing import Any

from kms_teach.teaching.question import Asked, Tried, matching, one
from kms_teach.teaching.trial import NOTE, error, policy, scratch, told

DEVELOPER = ("DVA-C02", "DVA-C03", "SCS-C03")
WRITTEN: dict[str, Callable[[bytes], bytes]] = {  # how text of bytes is written before it is sent
    "writes it in base64": base64.b64encode,
    "writes it in hexadecimal": lambda raw: raw.hex().encode(),
    "hands it over as it is": bytes,
    "writes it in base64, and that in base64 again": lambda raw: base64.b64encode(base64.b64encode(raw)),
}


@one("written-before-it-is-sent", subject="limits", exams=DEVELOPER)
def written_before_it_is_sent(draw: Random) -> Asked:
    thing = draw.choice(("a certificate", "a session", "a set of settings", "a private key"))
    how = draw.choice(tuple(WRITTEN))
    sizes = {"4,096": 4_096, "3,072": 3_072, "2,304": 2_304, "2,048": 2_048}

    def run() -> list[Tried]:
        _, kms, key = scratch()
        codes = [error(kms.encrypt, KeyId=key, Plaintext=WRITTEN[how](bytes(size))) for size in sizes.values()]
        most = max(size for size, code in zip(sizes.values(), codes, strict=True) if not code)
        return [
            Tried(size == most, told(kms.encrypt, code, f"With {size:,} bytes:"))
            for size, code in zip(sizes.values(), codes, strict=True)
        ]

    because = (
        "4,096 bytes is what `Encrypt` takes, counted as they are in the parameter.",
        "Base64 makes four bytes of three: 3,072 become 4,096.",
        "Base64 twice makes sixteen bytes of nine: 2,304 become 4,096.",
        "Hexadecimal makes two bytes of one: 2,048 become 4,096.",
    )
    return Asked(
        f"A program has {thing}, {how}, and gives the result to `Encrypt` of a symmetric key as `Plaintext`. What is "
        "the largest size, in bytes, of what it begins with?",
        dict(zip(sizes, because, strict=True)),
        run,
    )


Repair = Callable[[dict[str, Any]], Any]
REPAIRS: dict[str, Repair] = {
    "somebody calls `EnableKey`": lambda at: at["admin"].enable_key(KeyId=at["key"]),
    "an IAM policy of the caller allows `kms:Decrypt`": lambda at: at["may"]("kms:*"),
    "the call names no `KeyId`": lambda at: at["sent"].pop("KeyId"),
    "the call gives the pairs of `Encrypt`": lambda at: at["sent"].update(EncryptionContext=at["pairs"]),
    "the call goes to the Region of the key": lambda at: at.update(call=at["home"].decrypt),
}
TROUBLES: dict[str, tuple[Repair, str]] = {
    "DisabledException": (lambda at: at["admin"].disable_key(KeyId=at["key"]), "The key's state forbids its use."),
    "AccessDeniedException": (lambda at: at["may"]("kms:Encrypt"), "No policy allows this action to this caller."),
    "IncorrectKeyException": (
        lambda at: at["sent"].update(KeyId=at["other"]), "The ciphertext names another key than the call does."),
    "InvalidCiphertextException": (
        lambda at: at["sent"].pop("EncryptionContext"), "The tag fits only with the pairs of `Encrypt`."),
    "NotFoundException": (
        lambda at: at.update(call=at["abroad"].decrypt), "The other Region does not have the key."),
}  # fmt: skip


@matching("what-mends-it", subject="access", exams=(*DEVELOPER, "SOA-C03"))
def what_mends_it(draw: Random) -> Asked:
    pairs = {"app": draw.choice(("shop", "mail", "till"))}
    chosen = draw.sample(tuple(TROUBLES), 4)

    def run() -> list[Tried]:
        sim, kms, other = scratch()
        app = sim.user("app", policies=[policy("kms:*")])
        at: dict[str, Any] = {
            "admin": kms, "other": other, "pairs": pairs, "home": app.client("kms"),
            "abroad": app.client("kms", region="eu-west-1"),
            "may": lambda action: sim.user("app", policies=[policy(action)]),
        }  # fmt: skip
        tried = []
        for trouble in chosen:
            at["key"] = kms.create_key()["KeyMetadata"]["Arn"]
            blob = kms.encrypt(KeyId=at["key"], Plaintext=NOTE, EncryptionContext=pairs)["CiphertextBlob"]
            works = []
            for name, repair in REPAIRS.items():
                at["may"]("kms:*")
                at["sent"] = {"CiphertextBlob": blob, "KeyId": at["key"], "EncryptionContext": pairs}
                at["call"] = at["home"].decrypt
                TROUBLES[trouble][0](at)
                if (code := error(at["call"], **at["sent"])) != trouble:
                    raise ValueError(f"{trouble} was to be mended, and {code} came")
                repair(at)
                if not error(at["call"], **at["sent"]):
                    works.append(name)
            (mended,) = works
            tried.append(Tried(mended, "None of the others helped."))
        return tried

    return Asked(
        f"A program decrypts with the key's ARN as `KeyId`, and with the encryption context `app` = `{pairs['app']}`. "
        "It went well until yesterday, when somebody changed one thing. By the error it gets today: what mends it?",
        {f"`{trouble}`": TROUBLES[trouble][1] for trouble in chosen},
        run,
        tuple(REPAIRS),
    )
