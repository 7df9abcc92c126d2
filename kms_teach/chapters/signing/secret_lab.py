"""The lab of a shared secret: agree on one or open one, and let something go wrong on the way."""

from collections.abc import Callable, Mapping
from typing import Any

from kms_teach.chapters.signing.facts import Secret
from kms_teach.chapters.signing.secret import secret
from kms_teach.client_side import partner
from kms_teach.client_side.partner import Pair
from kms_teach.drawing.look import LAB
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import choice
from kms_teach.teaching.lab import Lab
from kms_teach.teaching.request import record_of
from kms_teach.trail import Record

OTHER = {  # KeySpec -> the one that the partner takes by mistake
    "ECC_NIST_P256": "ECC_NIST_P384",
    "ECC_NIST_P384": "ECC_NIST_P521",
    "ML_KEM_768": "ML_KEM_1024",
    "ML_KEM_1024": "ML_KEM_768",
}
NOTHING, FLIPPED, SHORT = "nothing", "one bit is flipped", "the last byte is lost"
OTHER_SPEC, OTHER_USAGE = "the partner takes another spec", "your key is for signatures"
ON_THE_WAY: Mapping[str, Callable[[bytes], bytes]] = {
    FLIPPED: lambda sent: sent[:-1] + bytes([sent[-1] ^ 1]),
    SHORT: lambda sent: sent[:-1],
}
WRONG = (NOTHING, FLIPPED, SHORT, OTHER_SPEC, OTHER_USAGE)
ADVICE = {
    FLIPPED: "A public key must be a point of the curve: this one is none.",
    SHORT: "The length alone tells that something is missing.",
    OTHER_SPEC: "Both ends must take the same spec.",
    OTHER_USAGE: "A key has one usage for life: make one for this.",
}


class SecretLab(Lab):
    """A KMS key and a partner with a program; every change makes the secret anew, at both ends."""

    def __init__(self, sim: Simulator) -> None:
        self._trail, self._kms = sim.trail, sim.client("kms")
        self._keys: dict[str, tuple[str, Record, bytes]] = {}  # KeySpec -> key id, GetPublicKey, the public half
        self._shown = next(iter(OTHER))
        self.spec = choice("Your key", list(OTHER), listed=True)
        self.wrong = choice("What goes wrong", list(WRONG), listed=True)
        super().__init__([self.spec, self.wrong], "A secret at two ends", 5)
        for control in (self.spec, self.wrong):
            self.on(control, self._make)
        self._make()

    def _make(self) -> None:
        spec, wrong = self.spec.value, self.wrong.value
        try:
            key, given, public = self._key(spec)
            taken = OTHER[spec] if wrong == OTHER_SPEC else spec
            theirs = self._key(taken)[2] if taken != spec and spec.startswith("ML_KEM") else public
        except self._kms.exceptions.UnsupportedOperationException as refusal:
            with self.filling():
                self.spec.value = self._shown
            raise ValueError(f"choose another key: {refusal.response['Error']['Message']}") from None
        if wrong == OTHER_USAGE:
            key = self._key("for signatures")[0]
        called, same = (self._open if spec.startswith("ML_KEM") else self._agree)(key, theirs, taken)
        self._shown = spec
        facts = Secret.of(spec, given, called, same=same, bent=wrong in ON_THE_WAY)
        self.show(secret(facts, canvas=LAB, lines=2))
        if facts.code:
            self.say(f"`{facts.code}`. {ADVICE[wrong]}", mistake=True, word="Refused")
        elif facts.same:
            self.say(f"Both ends have the same {facts.secret} bytes. Nobody sent them.", word="Shared")
        else:
            words = f"`{facts.operation}` gave {facts.secret} bytes and no error, and they are not the partner's."
            self.say(words, mistake=True, word="Not shared")

    def _agree(self, key: str, public: bytes, taken: str) -> tuple[Record, bool]:
        pair = Pair(taken)
        sent = self._sent(pair.public_key)
        record, mine = self._called("derive_shared_secret", KeyId=key, KeyAgreementAlgorithm="ECDH", PublicKey=sent)
        return record, record.worked and mine == pair.agree(public)

    def _open(self, key: str, public: bytes, _: str) -> tuple[Record, bool]:
        theirs, encapsulated = partner.encapsulate(public)
        sent = {"SharedSecretCiphertextBlob": self._sent(encapsulated), "EncapsulationAlgorithm": "ML_KEM"}
        record, mine = self._called("decapsulate", KeyId=key, **sent)
        return record, record.worked and mine == theirs

    def _called(self, operation: str, **parameters: Any) -> tuple[Record, bytes]:
        """The call's record, and the secret that it answered with."""
        answers: list[dict[str, Any]] = []

        def call(**sent: Any) -> dict[str, Any]:
            answers.append(getattr(self._kms, operation)(**sent))
            return answers[0]

        record = record_of(self._trail, call, **parameters)
        return record, answers[0]["SharedSecret"] if answers else b""

    def _sent(self, sent: bytes) -> bytes:
        return ON_THE_WAY.get(self.wrong.value, bytes)(sent)

    def _key(self, spec: str) -> tuple[str, Record, bytes]:
        """A key of this spec and its public half, made once."""
        if spec not in self._keys:
            usage = "ENCAPSULATE_DECAPSULATE" if spec.startswith("ML_KEM") else "KEY_AGREEMENT"
            wanted = (spec, usage) if spec in OTHER else ("ECC_NIST_P256", "SIGN_VERIFY")
            made = self._kms.create_key(KeySpec=wanted[0], KeyUsage=wanted[1], Description="for the lab of secrets")
            answer = self._kms.get_public_key(KeyId=made["KeyMetadata"]["KeyId"])
            given = self._trail.by_request(answer["ResponseMetadata"]["RequestId"])
            self._keys[spec] = (made["KeyMetadata"]["KeyId"], given, answer["PublicKey"])
        return self._keys[spec]
