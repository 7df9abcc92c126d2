"""The lab of a signature: sign, change what arrives, and let a partner check it who has no AWS account."""

from kms_teach.chapters.signing.facts import Halves
from kms_teach.chapters.signing.halves import halves
from kms_teach.client_side import partner
from kms_teach.drawing.look import LAB
from kms_teach.keys.specs import MESSAGE_MAX
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import choice, text, tick
from kms_teach.teaching.lab import Lab
from kms_teach.teaching.request import record_of
from kms_teach.trail import Record

ALGORITHMS = {  # KeySpec -> how it signs here
    "ECC_NIST_P256": "ECDSA_SHA_256",
    "ECC_NIST_EDWARDS25519": "ED25519_SHA_512",
    "RSA_2048": "RSASSA_PSS_SHA_256",
    "ML_DSA_65": "ML_DSA_SHAKE_256",
}
FIRST = "Pay 14 boats to Nora."
YOURS, STRANGER = "your public key", "somebody else's"
NO_KEY = "Choose another key spec: "


class SigningLab(Lab):
    """A key pair in KMS, a message, and two checks of its signature after every change."""

    def __init__(self, sim: Simulator) -> None:
        self._trail, self._kms = sim.trail, sim.client("kms")
        self._keys: dict[
            tuple[str, str], tuple[str, Record, bytes]
        ] = {}  # spec, whose -> key id, GetPublicKey, its key
        self._signed: tuple[str, str, bytes, Record] | None = None  # KeySpec, message, signature, Sign
        self.spec = choice("Key spec", list(ALGORITHMS), listed=True)
        self.message = text("You sign", FIRST)
        self.arrived = text("What arrives", FIRST)
        self.holds = choice("The partner holds", [YOURS, STRANGER], listed=True)
        self.disabled = tick("KMS key disabled")
        super().__init__([self.message, self.arrived, self.holds, self.disabled, self.spec], "A signature, checked", 5)
        self.on(self.message, self._sign)
        self.on(self.spec, self._choose, "Making a key of that spec …")
        for control in (self.arrived, self.holds):
            self.on(control, self._check)
        self.on(self.disabled, self._switch)
        self._sign()

    def _choose(self) -> None:
        """Take the key of another spec; where none can be made, the one that was there stays."""
        try:
            self._key(self.spec.value)
        except self._kms.exceptions.UnsupportedOperationException as refusal:
            assert self._signed
            with self.filling():
                self.spec.value = self._signed[0]
            raise ValueError(f"{NO_KEY}{refusal.response['Error']['Message']}") from None
        with self.filling():
            self.disabled.value = False
        self._kms.enable_key(KeyId=self._key(self.spec.value)[0])
        self._sign()

    def _sign(self) -> None:
        spec, message = self.spec.value, self.message.value
        sent = {"Message": message.encode(), "SigningAlgorithm": ALGORITHMS[spec]}
        answer = self._kms.sign(KeyId=self._key(spec)[0], **sent)
        record = self._trail.by_request(answer["ResponseMetadata"]["RequestId"])
        self._signed = (spec, message, answer["Signature"], record)
        with self.filling():
            self.arrived.value = message
        self._check()

    def _switch(self) -> None:
        act = self._kms.disable_key if self.disabled.value else self._kms.enable_key
        act(KeyId=self._key(self.spec.value)[0])
        self._check()

    def _check(self) -> None:
        """Let the partner check, and ask KMS the same."""
        assert self._signed
        spec, message, signature, signed = self._signed
        if self.message.value != message:  # refused before; what it is about is said again
            self._sign()
            return
        arrived, algorithm = self.arrived.value.encode(), ALGORITHMS[spec]
        if not 1 <= len(arrived) <= MESSAGE_MAX:
            raise ValueError(f"KMS checks messages of 1 to {MESSAGE_MAX:,} bytes: type another one that arrives")
        key, given, _ = self._key(spec)
        fits = partner.verifies(self._key(spec, self.holds.value)[2], algorithm, arrived, signature)
        verify = record_of(
            self._trail, self._kms.verify, KeyId=key, Message=arrived, Signature=signature, SigningAlgorithm=algorithm
        )
        facts = Halves.of(
            spec, given, signed, fits=fits, verify=verify, changed=self.arrived.value != message,
            stranger=self.holds.value == STRANGER, disabled=self.disabled.value,
        )  # fmt: skip
        self.show(halves(facts, canvas=LAB, lines=2))
        self._tell(facts)

    def _tell(self, facts: Halves) -> None:
        kms = f"`Verify`: {f'`{facts.code}`' if facts.code else 'valid'}."
        if facts.fits:
            note = " The partner cannot see that the key is disabled." if facts.disabled else ""
            self.say(f"The partner finds that it fits. {kms}{note}", word="Fits")
        else:
            why = "the message is not the one that was signed" if facts.changed else "the public key is of another pair"
            self.say(f"For the partner it does not fit: {why}. {kms}", mistake=True, word="Does not fit")

    def _key(self, spec: str, whose: str = YOURS) -> tuple[str, Record, bytes]:
        """A key of this spec and its public half, made once."""
        if (spec, whose) not in self._keys:
            made = self._kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY", Description="for the lab of signatures")
            answer = self._kms.get_public_key(KeyId=made["KeyMetadata"]["KeyId"])
            given = self._trail.by_request(answer["ResponseMetadata"]["RequestId"])
            self._keys[spec, whose] = (made["KeyMetadata"]["KeyId"], given, answer["PublicKey"])
        return self._keys[spec, whose]
