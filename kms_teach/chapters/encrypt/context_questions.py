"""The question families of "Encrypt, and the 4 KB limit" about the encryption context, and what a ciphertext tells."""

import base64
from random import Random
from typing import Any

from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, attempted, error, policy, scratch, shared, told

DEVELOPER = ("DVA-C02", "DVA-C03", "SCS-C03")
TABLES = (("payments", "refunds"), ("patients", "visits"), ("members", "guests"), ("loans", "offers"))
COLUMNS = (("card", "iban"), ("name", "phone"), ("salary", "bonus"))


@one("swapped-cells", subject="context", exams=DEVELOPER, difficulty=3)
def swapped_cells(draw: Random) -> Asked:
    (table, other), (column, beside) = draw.choice(TABLES), draw.choice(COLUMNS)
    row, next_row = draw.sample(range(100, 999), 2)
    swaps = {
        f"of the rows {row} and {next_row} of the column `{column}`": (table, column, next_row),
        f"of the columns `{column}` and `{beside}` in the row {row}": (table, beside, row),
        f"of the tables `{table}` and `{other}`, each in its row {row} and its column `{column}`": (other, column, row),
    }
    where = draw.choice(tuple(swaps))
    named = ("table", "column", "row")
    contexts = {  # the cell's parts that the context holds; none of them is all that was swapped
        "the row's number": (2,), "the column's name": (1,), "the table's name": (0,), "the name of the program": (),
    }  # fmt: skip

    def run() -> list[Tried]:
        _, kms, key = scratch()
        tried = []
        for parts in contexts.values():
            pairs = [
                {named[part]: str(cell[part]) for part in parts} or {"program": "cells"}
                for cell in ((table, column, row), swaps[where])
            ]
            blob = kms.encrypt(KeyId=key, Plaintext=NOTE, EncryptionContext=pairs[0])["CiphertextBlob"]
            code = error(kms.decrypt, CiphertextBlob=blob, EncryptionContext=pairs[1])
            tried.append(Tried(bool(code), told(kms.decrypt, code, "In the other cell:")))
        return tried

    why = (
        "It ties a ciphertext to its row, wherever in the row it stands.",
        "It ties a ciphertext to its column, in whichever row.",
        "It ties a ciphertext to its table, in whichever cell.",
        "It is the same for every cell: any of them can stand for any other.",
    )
    return Asked(
        "A program stores one `Encrypt` ciphertext in each cell of its database. Somebody who may write there, and may "
        f"not call KMS, exchanges the ciphertexts {where}. With which encryption context does the program's `Decrypt` "
        "notice it?",
        dict(zip(contexts, why, strict=True)),
        run,
    )


@several("read-in-the-trail", subject="trail", exams=(*DEVELOPER, "SOA-C03"))
def read_in_the_trail(draw: Random) -> Asked:
    tenant, address = draw.choice(("Blue", "Green", "Violet")), f"192.0.2.{draw.randrange(2, 250)}"
    operation = draw.choice(("Encrypt", "Decrypt", "GenerateDataKey"))
    facts: dict[str, tuple[str, str]] = {
        "the encryption context": ("context", "It is in clear there: put no secret into it."),
        "the ARN of the KMS key": ("key", "It is among the event's resources."),
        "who called, and from which address": ("caller", "The event names the principal and the source address."),
        "the plaintext that went in or came out": (
            "plaintext",
            "No plaintext is written down.",
        ),
        "the ciphertext that went in or came out": (
            "ciphertext",
            "The event has no blob.",
        ),
        "the bytes of the key material that did the work": ("material", "Nobody outside the HSM sees it."),
    }
    inside, outside = list(facts)[:3], list(facts)[3:]
    chosen = [*draw.sample(inside, draw.choice((2, 3))), *draw.sample(outside, 3)]

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        blob = kms.encrypt(KeyId=key, Plaintext=NOTE, EncryptionContext={"tenant": tenant})["CiphertextBlob"]
        theirs = sim.user("app", policies=[policy("kms:*")])
        client = theirs.client("kms", source_ip=address)
        calls: dict[str, tuple[Any, dict[str, Any]]] = {
            "Encrypt": (client.encrypt, {"KeyId": key, "Plaintext": NOTE}),
            "Decrypt": (client.decrypt, {"CiphertextBlob": blob}),
            "GenerateDataKey": (client.generate_data_key, {"KeyId": key, "KeySpec": "AES_256"}),
        }
        call, sent = calls[operation]
        answer = call(EncryptionContext={"tenant": tenant}, **sent)
        event = repr(sim.trail[-1].event)
        made = answer.get("Plaintext", NOTE), answer.get("CiphertextBlob", blob)
        looked = {
            "context": tenant in event, "key": key in event, "caller": theirs.arn in event and address in event,
            "plaintext": any(_written(made[0], event)), "ciphertext": any(_written(made[1], event)),
            "material": "KeyMaterial'" in event,
        }  # fmt: skip
        return [
            Tried(looked[facts[each][0]], f"The event {'has' if looked[facts[each][0]] else 'does not have'} it.")
            for each in chosen
        ]

    return Asked(
        f"A program calls `{operation}` with a symmetric key and an encryption context. Who may read CloudTrail's "
        "events, and nothing else, learns what from this one?",
        {each: facts[each][1] for each in chosen},
        run,
    )


def _written(secret: bytes, event: str) -> tuple[bool, ...]:
    """Whether these bytes stand in an event, in each of the ways in which bytes are written."""
    return base64.b64encode(secret).decode() in event, secret.hex() in event, repr(secret) in event


@several("ciphertext-alone", subject="limits", exams=DEVELOPER)
def ciphertext_alone(draw: Random) -> Asked:
    name, spec = f"alias/{draw.choice(('mail', 'orders', 'claims'))}", draw.choice(("RSA_2048", "RSA_3072"))
    things: dict[str, str] = {
        "what `Encrypt` made before the key was rotated": "The ciphertext names its key, and which material made it.",
        f"what `Encrypt` made by `{name}`, which was deleted since": "The ciphertext names the key, not its alias.",
        "the encrypted copy of a data key": "It is a ciphertext of the KMS key like any other.",
        "the encrypted half of a data key pair": "`GenerateDataKeyPair` encrypts it under a symmetric KMS key.",
        f"what `Encrypt` made under an {spec} key": "RSA has no room for the key's name: `Decrypt` must be told.",
        "what `Encrypt` made with an encryption context": "The context is not in the ciphertext: it is to be said.",
        "what `Encrypt` made in another Region": "This Region does not have the key that the ciphertext names.",
    }
    opens, not_so = list(things)[:4], list(things)[4:]
    right = draw.choice((2, 3))
    chosen = [*draw.sample(opens, right), *draw.sample(not_so, 5 - right)]

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        abroad = sim.client("kms", region="eu-west-1")
        far = abroad.create_key()["KeyMetadata"]["Arn"]
        kms.create_alias(AliasName=name, TargetKeyId=key)
        sent = {"KeyId": key, "Plaintext": NOTE}
        by_rsa, rsa = shared(spec, "ENCRYPT_DECRYPT")
        oaep = {"EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
        pair = kms.generate_data_key_pair_without_plaintext(KeyId=key, KeyPairSpec="ECC_NIST_P256")
        blobs = (
            kms.encrypt(**sent)["CiphertextBlob"],
            kms.encrypt(KeyId=name, Plaintext=NOTE)["CiphertextBlob"],
            kms.generate_data_key(KeyId=key, KeySpec="AES_256")["CiphertextBlob"],
            pair["PrivateKeyCiphertextBlob"],
            by_rsa.encrypt(KeyId=rsa, Plaintext=NOTE, **oaep)["CiphertextBlob"],
            kms.encrypt(EncryptionContext={"app": "shop"}, **sent)["CiphertextBlob"],
            abroad.encrypt(KeyId=far, Plaintext=NOTE)["CiphertextBlob"],
        )
        kms.rotate_key_on_demand(KeyId=key)
        kms.delete_alias(AliasName=name)
        sealed = dict(zip(things, blobs, strict=True))
        clients = {list(things)[4]: by_rsa}
        return [attempted(clients.get(each, kms).decrypt, CiphertextBlob=sealed[each]) for each in chosen]

    return Asked(
        "A program may use every key of its account and Region. It calls `Decrypt` with `CiphertextBlob`, and with no "
        "other parameter. Which of these does it open?",
        {each: things[each] for each in chosen},
        run,
    )
