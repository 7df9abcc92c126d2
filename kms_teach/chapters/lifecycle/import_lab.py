"""The lab of imports: bring key material of your own, in one format or another, until a day or for good."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from kms_teach.chapters.lifecycle.imported import Imported, imported, read
from kms_teach.client_side import imports
from kms_teach.drawing.look import LAB, day
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import beside, button, choice, tick
from kms_teach.teaching.lab import Lab
from kms_teach.teaching.request import record_of

START = "2026-01-01T00:00:00Z"
NAME = "alias/own"
AES, P256 = "AES, for data", "P-256, to sign"
PARAMETERS = {AES: {}, P256: {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"}}
UNTIL = {"no end": 0, "30 days from now": 30, "365 days from now": 365, "366 days from now": 366}
SAME, OTHER, HEX = "my 32 bytes", "32 other bytes", "my 32 bytes, written in hex"
OTHER_KEY = "another key, PKCS#8, DER"
KEPT = {AES: "own.bin, 32 bytes", P256: "own.pem, a private key"}
DELETED = "`DeleteImportedKeyMaterial`: gone at once, and the key stays. Import the same bytes to use it again."
HELP = {
    "ExpiredImportTokenException": "A token lasts 24 hours: untick it, and a new one is asked for.",
    "InvalidImportTokenException": "The token belongs to another key: untick it.",
    "ValidationException": "A date may be at most 365 days ahead.",
    "KMSInvalidStateException": "The key has no material: import it first.",
}
INCORRECT = {
    HEX: "Hex is 64 letters; an AES key is 32 bytes.",
    OTHER: "Without an ImportType an import takes the same bytes only, from the second time on.",
    OTHER_KEY: "From the second time on it takes the same private key only.",
    SAME: "From the second time on it takes the same bytes only, and the first were others.",
    imports.PKCS8: "From the second time on it takes the same private key only, and the first was another.",
    imports.OPENSSL_DER: "That is SEC1, without an algorithm. `openssl pkcs8 -topk8 -nocrypt -outform DER` mends it.",
    imports.PEM: "PEM is text. `-outform DER` writes bytes.",
}


class ImportLab(Lab):
    """A key of origin EXTERNAL, material in several forms, an expiry, and time.

    The lab has a simulator of its own, since it moves time.
    """

    def __init__(self) -> None:
        self.kind = choice("Key for", [AES, P256])
        self.material = choice("Send", [(SAME, SAME)], listed=True)
        self.until = choice("Valid until", list(UNTIL), listed=True)
        self.old = tick("Use the import token of the first day")
        self.bring, self.delete = button("ImportKeyMaterial"), button("Delete the material")
        self.use = button("Use the key")
        self.day, self.month = button("Let 1 day pass"), button("Let 30 days pass")
        self.again = button("Start again")
        self.sim: Simulator | None = None
        controls = [self.kind, self.material, self.until, self.old, self.bring, self.use, self.delete,
                    *beside(self.day, self.month), self.again]  # fmt: skip
        super().__init__(controls, "Material of your own", lines=6)
        acts: dict[Any, Callable[[], None]] = {
            self.kind: self._start, self.bring: self._bring, self.delete: self._delete, self.use: self._use,
            self.day: lambda: self._wait(1), self.month: lambda: self._wait(30), self.again: self._start,
            self.material: lambda: self.say("Press ImportKeyMaterial to send it."),
            self.until: lambda: self.say("It counts for the next import."),
            self.old: lambda: self.say("It was given on the first day, for 24 hours." if self.old.value
                                       else "Each import asks for a new token."),
        }  # fmt: skip
        for control, function in acts.items():
            self.on(control, function)
        self._start()

    def let_go(self) -> None:
        if self.sim:
            self.sim.close()

    def _start(self) -> None:
        self.let_go()
        self.sim = sim = Simulator(start=START)
        self._kms, kind = sim.client("kms"), self.kind.value
        made = self._kms.create_key(Origin="EXTERNAL", **PARAMETERS[kind])["KeyMetadata"]
        self._key = made["Arn"]
        self._kms.create_alias(AliasName=NAME, TargetKeyId=self._key)
        self._algorithm = imports.OAEP if kind == AES else imports.KEY_WRAP
        self._first = imports.ask(self._kms, self._key, self._algorithm)
        self._forms = _forms(kind)
        self._begun: datetime | None = None
        self._ever, self._code, self._blob = False, "", b""
        self.refill(self.material, [(name, name) for name in self._forms])
        self._draw("A key of origin EXTERNAL: KMS made none of its material. Send yours with ImportKeyMaterial.")

    def _bring(self) -> None:
        assert self.sim
        days = UNTIL[self.until.value]
        terms = {"ValidTo": self.sim.now + timedelta(days=days)} if days else {}
        given = self._first if self.old.value else imports.ask(self._kms, self._key, self._algorithm)
        sent = imports.parameters(given, self._forms[self.material.value], self._algorithm, **terms)
        record = record_of(self.sim.trail, self._kms.import_key_material, **sent)
        self._code = record.error
        if self._code:
            self._draw()
            self.refused(self._code, str(record.event.get("errorMessage") or ""))
            return
        self._begun, self._ever = self.sim.now, True
        if not self._blob and self.kind.value == AES:
            self._blob = self._kms.encrypt(KeyId=self._key, Plaintext=b"report.txt")["CiphertextBlob"]
        until = f"until {day(terms['ValidTo'])}" if terms else "with no end"
        self._draw(f"The material is in KMS, {until}. Use the key, delete the material, or let days pass.", word="Done")

    def _delete(self) -> None:
        self._code = ""
        self._kms.delete_imported_key_material(KeyId=self._key)
        self._draw(DELETED if self._ever else "There was nothing to delete, and nothing happened.")

    def _use(self) -> None:
        operation, error = self._attempt()
        self._draw()
        if error:
            self.refused(error, "")
        else:
            self.say(f"{operation}: it works.", word="Done")

    def _wait(self, days: int) -> None:
        assert self.sim
        was = self._draw().present
        self.sim.advance(days=days)
        facts = self._draw()
        gone = " The material has expired: KMS deleted it." if was and not facts.present else ""
        self.say(f"It is {day(facts.now)}.{gone or ' Nothing happened to the key.'}")

    def _attempt(self) -> tuple[str, str]:
        """What is tried with the key, and the code of its error."""
        assert self.sim
        if self.kind.value == P256:
            how = {"Message": b"report.txt", "SigningAlgorithm": "ECDSA_SHA_256"}
            return "Sign report.txt", record_of(self.sim.trail, self._kms.sign, KeyId=self._key, **how).error
        if self._blob:
            return "Decrypt report.txt", record_of(self.sim.trail, self._kms.decrypt, CiphertextBlob=self._blob).error
        return "Encrypt report.txt", record_of(self.sim.trail, self._kms.encrypt, KeyId=self._key, Plaintext=b"x").error

    def _draw(self, status: str = "", word: str = "") -> Imported:
        assert self.sim
        described = self._kms.describe_key(KeyId=self._key)["KeyMetadata"]
        facts = read(
            NAME, described, self.sim.now, KEPT[self.kind.value], begun=self._begun, ever=self._ever,
            attempt=self._attempt(), refused=self._code,
        )  # fmt: skip
        self.show(imported(facts, canvas=LAB), status)
        if word:
            self.say(status, word=word)
        return facts

    def refused(self, code: str, message: str) -> None:
        """As everywhere, with what helps here."""
        said = f": {message.rstrip('.').replace(self._key, f'…{self._key[-5:]}')}" if message else ""
        helps = INCORRECT[self.material.value] if code == "IncorrectKeyMaterialException" else HELP.get(code, "")
        self.say(f"`{code}`{said}. {helps}", mistake=True, word="Refused")


def _forms(kind: str) -> dict[str, bytes]:
    """What can be sent, by the words of the list."""
    if kind == AES:
        mine = os.urandom(32)
        return {SAME: mine, OTHER: os.urandom(32), HEX: mine.hex().encode()}
    key = imports.new_private_key()
    forms = {how: imports.rewritten(key, how) for how in (imports.OPENSSL_DER, imports.PKCS8, imports.PEM)}
    return {**forms, OTHER_KEY: imports.new_private_key()}
