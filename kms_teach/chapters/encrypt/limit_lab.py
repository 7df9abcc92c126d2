"""The lab of the 4 KB limit: a size to push across it, for every key spec; each size is really encrypted."""

import re

from kms_teach.chapters.encrypt.limit import REACH, LimitFacts, limit
from kms_teach.drawing import look
from kms_teach.keys.specs import ENCRYPT_MAX, SYMMETRIC
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import UPLOAD_MAX, choice, slider, text, upload, uploaded
from kms_teach.teaching.lab import Lab
from kms_teach.teaching.request import record_of
from kms_teach.trail import Record

LARGEST = 10_000_000  # bytes; what one call of the lab sends at most, so that it answers at once
OTHERWISE = {  # whether this key gives no data key
    False: "Send less, or encrypt with a data key.",
    True: f"Send less, or encrypt with a data key of a {SYMMETRIC} key: this one gives none.",
}
EXAMPLE = f"type a whole number of bytes from 0 to {LARGEST:,}, such as 4,097"


class LimitLab(Lab):
    """Encrypt a message of any size, and see the limit. `size` is what was sent last."""

    def __init__(self, sim: Simulator) -> None:
        self._trail, self._kms = sim.trail, sim.client("kms")
        self._keys: dict[str, str] = {}  # KeySpec -> key id
        self._data_keys: dict[str, Record] = {}  # KeySpec -> the call of GenerateDataKey with that key
        self.size = ENCRYPT_MAX[SYMMETRIC, SYMMETRIC]
        named = [
            (spec if spec == algorithm else f"{spec}, {algorithm}", (spec, algorithm))
            for spec, algorithm in ENCRYPT_MAX
        ]
        self.kind = choice("Key spec and algorithm", named)
        self.slider = slider("Size in bytes", 0, REACH, self.size)
        self.slider.readout = False  # the field beside it says more: a photo is beyond the slider's end
        self.typed = text("Or type a size", f"{self.size:,}")
        self.own = upload(f"Your own text or photo, up to {UPLOAD_MAX}")
        self.own.add_class("kms-whole")
        super().__init__([self.slider, self.typed, self.own, self.kind], "The limit of Encrypt")
        self.on(self.slider, self._slide)
        self.on(self.typed, self._type)
        self.on(self.own, self._upload)
        self.on(self.kind, self._choose, "Making a key of that spec …")
        self._encrypt(self.size)

    def _slide(self) -> None:
        self._encrypt(self.slider.value)

    def _type(self) -> None:
        self._encrypt(_bytes(self.typed.value))

    def _upload(self) -> None:
        if file := uploaded(self.own):
            self._encrypt(len(file[1]), file[1])

    def _choose(self) -> None:
        self._encrypt(self.size, self._message)

    def _encrypt(self, size: int, message: bytes = b"") -> None:
        """Send `message`, or as many zeros."""
        self._message = message
        spec, algorithm = self.kind.value
        key, data_key = self._key(spec), self._data_key(spec)
        sent = {"Plaintext": message or bytes(size), "EncryptionAlgorithm": algorithm}
        call = record_of(self._trail, self._kms.encrypt, KeyId=key, **sent)
        facts = LimitFacts.of(call, data_key, spec, algorithm)
        self.size = size
        with self.filling():
            self.slider.value, self.typed.value = min(size, REACH), f"{size:,}"
        self.show(limit(facts, canvas=look.LAB))
        if call.error:
            back = "Send at least 1 byte." if size == 0 else OTHERWISE[bool(data_key.error)]
            self.say(f"`{call.error}`, {facts.verdict}. {back}", mistake=True, word="Refused")
        else:
            self.say(facts.outcome)

    def _key(self, spec: str) -> str:
        if spec not in self._keys:
            key = self._kms.create_key(KeySpec=spec, KeyUsage="ENCRYPT_DECRYPT", Description="for the lab of the limit")
            self._keys[spec] = key["KeyMetadata"]["KeyId"]
        return self._keys[spec]

    def _data_key(self, spec: str) -> Record:
        """The record of GenerateDataKey, which KMS refuses with an RSA key."""
        if spec not in self._data_keys:
            call = self._kms.generate_data_key
            self._data_keys[spec] = record_of(self._trail, call, KeyId=self._key(spec), KeySpec="AES_256")
        return self._data_keys[spec]


def _bytes(words: str) -> int:
    """Read a size as people write it: 4097, 4,097 or 4 097. Raises ValueError with what to do."""
    digits = re.sub(r"[\s,_]", "", words)
    if re.fullmatch(r"[-−]\d+", digits):
        raise ValueError(f"a message cannot have {words.strip()} bytes: {EXAMPLE}")
    if not re.fullmatch(r"[0-9]+", digits):
        raise ValueError(f"`{words.strip()}` is not a size: {EXAMPLE}" if words.strip() else EXAMPLE)
    if len(digits) > 15 or int(digits) > LARGEST:
        large = look.size(int(digits)) if len(digits) <= 15 else "that"
        raise ValueError(f"{large} is more than this lab sends, and KMS would refuse it too: {EXAMPLE}")
    return int(digits)
