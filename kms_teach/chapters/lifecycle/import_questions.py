"""The question families of "Life and death of a key": key material of one's own."""

import base64
import os
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from kms_teach.client_side import imports
from kms_teach.teaching.question import Asked, Order, Tried, matching, one, ordering, several
from kms_teach.teaching.trial import NOTE, awaiting, error, rehearsed, told

EXAMS = ("SCS-C03", "SOA-C03")
CREATE, ASK, WRAP, SEND = (
    "`CreateKey` with `Origin=EXTERNAL`", "`GetParametersForImport`", "wrap the material under the public key",
    "`ImportKeyMaterial`",
)  # fmt: skip
EXTERNAL = {"Origin": "EXTERNAL"}


def _wrapping(spec: str) -> str:
    """The wrapping algorithm for key material of a spec: a private key is too long for RSA alone."""
    return imports.KEY_WRAP if spec.startswith("ECC") else imports.OAEP


@ordering("steps-of-an-import", subject="import", exams=EXAMS, difficulty=1)
def steps_of_an_import(draw: Random) -> Asked:
    source = draw.choice(("an HSM of your own", "a password safe", "your data centre", "a sealed letter"))
    spec = draw.choice(tuple(KINDS))

    def run(order: Order) -> Tried:
        kms: Any = None
        key, given, wrapped = "", {}, b""
        for step in order:
            if step == CREATE:
                _, kms, key, answered = awaiting(_wrapping(spec), **KINDS[spec])
            elif step == ASK:
                if not key:
                    return Tried(False, "There is no key yet to ask for.")
                given = answered
            elif step == WRAP:
                if not given:
                    return Tried(False, "There is no public key yet to wrap under.")
                material = imports.new_private_key() if spec.startswith("ECC") else bytes(32)
                wrapped = imports.wrap(given["PublicKey"], material, _wrapping(spec))
            elif not wrapped:
                return Tried(False, "There is nothing wrapped yet to send.")
            else:
                kms.import_key_material(
                    KeyId=key, ImportToken=given["ImportToken"], EncryptedKeyMaterial=wrapped, **imports.FOR_GOOD
                )
        state = kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
        return Tried(state == "Enabled", f"The key is {state}.")

    return Asked(
        f"A key of spec {spec} shall have the material that lies in {source}. In which order?",
        {
            CREATE: "Such a key begins without material, `PendingImport`.",
            ASK: "It gives a public key and a token, for 24 hours and for this key.",
            WRAP: "On your side; KMS has the private half.",
            SEND: "With the token that came with the public key.",
        },
        run,
    )


LOST = {  # what happened to a key with imported material: the call that did it, if one did
    "You imported material with a `ValidTo` {days} days ahead, and it has expired.": "",
    "You imported material {days} days ago, and somebody has called `DeleteImportedKeyMaterial`.":
        "delete_imported_key_material",
    "You imported material {days} days ago, and somebody has called `DisableKey`.": "disable_key",
    "You imported material {days} days ago. Somebody scheduled the deletion of the key, and has cancelled it.":
        "schedule_key_deletion",
}  # fmt: skip


@one("expired-on-friday", subject="import", exams=EXAMS)
def expired_on_friday(draw: Random) -> Asked:
    days = draw.randrange(20, 300)
    thing, lost = draw.choice(("orders", "letters", "files", "records")), draw.choice(tuple(LOST))

    def run() -> list[Tried]:
        tried = []
        begun, kms, key, given = awaiting()
        mine = os.urandom(32)
        until: dict[str, Any] = {"ValidTo": begun.now + timedelta(days=days)} if not LOST[lost] else {}
        kms.import_key_material(**imports.parameters(given, mine, **until))
        blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        begun.advance(days=days + 1)
        if LOST[lost]:
            getattr(kms, LOST[lost])(KeyId=key)
        if LOST[lost] == "schedule_key_deletion":
            kms.cancel_key_deletion(KeyId=key)
        given = imports.ask(kms, key)
        for way in ("same", "other", "enable", "cancel"):
            kms = rehearsed(begun).client("kms")
            if way in ("same", "other"):
                call, material = kms.import_key_material, mine if way == "same" else os.urandom(32)
                code = error(call, **imports.parameters(given, material))
            else:
                call = kms.enable_key if way == "enable" else kms.cancel_key_deletion
                code = error(call, KeyId=key)
            tried.append(Tried(not error(kms.decrypt, CiphertextBlob=blob), told(call, code)))
        return tried

    return Asked(
        f"{lost.format(days=days)} What lets you read the {thing} again?",
        {
            "`ImportKeyMaterial` with the same bytes": "It brings back material that has expired or was deleted.",
            "`ImportKeyMaterial` with 32 fresh bytes": "Other bytes open nothing that these made.",
            "`EnableKey`": "It brings back a key that is Disabled, as it is after a cancelled deletion too.",
            "`CancelKeyDeletion`": "It is for a key that is pending deletion.",
        },
        run,
    )


@several("imported-or-made", subject="import", exams=EXAMS)
def imported_or_made(draw: Random) -> Asked:
    days = draw.choice((30, 60, 90, 180, 365))
    options = {
        f"It can end by itself after {days} days.": "`ValidTo` is for imported material only.",
        "It can be deleted in a second, while the key stays.": "`DeleteImportedKeyMaterial` has no waiting period.",
        "A copy of it can be outside of AWS.": "You made it, so you may keep it.",
        "KMS rotates it once a year, if you switch that on.": "Imported material is rotated on demand only.",
        "KMS hands it out again, wrapped, when you lose yours.": "There is no call for that.",
    }

    def run() -> list[Tried]:
        sim, kms, key, given = awaiting()
        mine = os.urandom(32)
        dated = imports.parameters(given, mine, ValidTo=sim.now + timedelta(days=days))
        ends = error(kms.import_key_material, **dated)
        rotates = error(kms.enable_key_rotation, KeyId=key)
        gone = error(kms.delete_imported_key_material, KeyId=key)
        again = error(kms.import_key_material, **imports.parameters(given, mine))
        exports = [name for name in dir(kms) if "export" in name or name == "get_key_material"]
        return [
            Tried(not ends, told(kms.import_key_material, ends)),
            Tried(not gone, told(kms.delete_imported_key_material, gone)),
            Tried(not again, "The copy was sent in again, and KMS took it."),
            Tried(not rotates, told(kms.enable_key_rotation, rotates)),
            Tried(bool(exports), "No operation of KMS gives key material of a KMS key."),
        ]  # fmt: skip

    return Asked("What is true of imported key material, and not of material that KMS made?", options, run)


KINDS: dict[str, dict[str, str]] = {  # the keys whose material comes, and how each of its forms is called
    "SYMMETRIC_DEFAULT": {},
    "HMAC_256": {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"},
    "ECC_NIST_P256": {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"},
}
AROUND = bytes.fromhex("302e020100300506032b656e04220420")  # what PKCS#8 writes before 32 bytes, here of X25519
FORMS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "the 32 bytes alone": (bytes, "A symmetric key and an HMAC key are bytes. Of a private key KMS asks for PKCS#8."),
    "the 32 bytes, in base64": (base64.b64encode, "KMS reads no text."),
    imports.PKCS8: (lambda secret: AROUND + secret, "It names the algorithm, as KMS asks of a private key alone."),
    imports.PEM: (
        lambda secret: b"-----BEGIN KEY-----\n" + base64.b64encode(AROUND + secret) + b"\n-----END KEY-----\n",
        "PEM is text around the bytes.",
    ),
}


@one("format-of-a-key", subject="import", exams=EXAMS)
def format_of_a_key(draw: Random) -> Asked:
    partner = draw.choice(("A partner", "Another team", "An auditor", "Your old HSM"))
    spec = draw.choice(tuple(KINDS))
    what = "the 32 bytes of a private key on the curve P-256" if spec.startswith("ECC") else "32 secret bytes"

    def run() -> list[Tried]:
        private, tried = imports.new_private_key(), []
        for how, (written, _) in FORMS.items():
            _, kms, _, given = awaiting(_wrapping(spec), **KINDS[spec])
            as_key = spec.startswith("ECC") and how in imports.WRITTEN
            material = imports.rewritten(private, how) if as_key else written(os.urandom(32))
            code = error(kms.import_key_material, **imports.parameters(given, material, _wrapping(spec)))
            tried.append(Tried(not code, told(kms.import_key_material, code)))
        return tried

    return Asked(
        f"{partner} gives you {what}, for a KMS key of spec {spec} and origin `EXTERNAL`. In which form can they be "
        "wrapped and imported?",
        {form: why for form, (_, why) in FORMS.items()}, run,
    )  # fmt: skip


@matching("what-brings-it-back", subject="deletion", exams=(*EXAMS, "SAA-C03"), difficulty=3)
def what_brings_it_back(draw: Random) -> Asked:
    matches = (
        "`EnableKey`",
        "`CancelKeyDeletion`, then `EnableKey`",
        "`ImportKeyMaterial` with the same bytes",
        "nothing",
    )
    days = draw.randrange(8, 30)
    cases = {
        "`DisableKey`": "One call there, one call back.",
        f"`ScheduleKeyDeletion`, {draw.randrange(1, 7)} days ago": "Cancelling alone leaves the key `Disabled`.",
        "`DeleteImportedKeyMaterial`": "The key waits for the bytes that it had.",
        f"`ScheduleKeyDeletion` with {days} days, {days + draw.randrange(1, 9)} days ago": "The key is deleted.",
    }

    def run() -> list[Tried]:
        tried = []
        for case in cases:
            sim, kms, key, given = awaiting()
            mine = os.urandom(32)
            again = imports.parameters(given, mine)
            kms.import_key_material(**again)
            blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
            _end(sim, kms, key, case, days)
            tried.append(Tried(_back(kms, key, again, blob, matches), ""))
        return tried

    return Asked("Somebody made each of these calls. What lets the key decrypt again?", cases, run, matches)


def _end(sim: Any, kms: Any, key: str, case: str, days: int) -> None:
    if case == "`DisableKey`":
        kms.disable_key(KeyId=key)
    elif case == "`DeleteImportedKeyMaterial`":
        kms.delete_imported_key_material(KeyId=key)
    else:
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=days)
        sim.advance(days=int(case.split()[-3]))


def _back(kms: Any, key: str, again: dict[str, Any], blob: bytes, matches: tuple[str, ...]) -> str:
    """The first of the ways back, from the shortest on, after which the key decrypts."""
    enable, cancel, bring, nothing = matches
    ways = {
        enable: [(kms.enable_key, {"KeyId": key})], bring: [(kms.import_key_material, again)],
        cancel: [(kms.cancel_key_deletion, {"KeyId": key}), (kms.enable_key, {"KeyId": key})],
    }  # fmt: skip
    for way, calls in ways.items():
        for call, how in calls:
            error(call, **how)
        if not error(kms.decrypt, CiphertextBlob=blob):
            return way
    return nothing
