"""The lab of the ciphertext blob: encrypt with a context, change one thing, and see whether it still opens."""

from collections.abc import Callable, Mapping

from kms_teach.chapters.encrypt.blob import blob
from kms_teach.chapters.encrypt.blob_facts import BlobFacts, difference
from kms_teach.drawing.look import LAB
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import choice, slider, text
from kms_teach.teaching.lab import Lab
from kms_teach.teaching.request import record_of

Context = dict[str, str]
PAIRS = "write pairs of name=value with commas between, such as tenant=Blue, purpose=backup"


class BlobLab(Lab):
    """Encrypt a message, flip a bit of the blob or change the encryption context, and really decrypt."""

    def __init__(self, sim: Simulator) -> None:
        self._trail, self._kms = sim.trail, sim.client("kms")
        self._key = self._kms.create_key(Description="for the lab of the blob")["KeyMetadata"]["KeyId"]
        self._blob, self._context = b"", Context()
        self._sealed = ("", "")  # message and context as they stood in their fields
        self.message = text("Message", "Meet me at noon.")
        self.context = text("Encryption context at Encrypt", "tenant=Blue, purpose=backup")
        self.brought = choice("At Decrypt, bring", list(CHANGES))
        self.byte = slider("Byte to flip (0: none)", 0, 1, 0)
        self.bit = slider("Which bit of it", 0, 7, 0)
        super().__init__(
            [self.message, self.context, self.byte, self.bit, self.brought], "What a ciphertext blob holds"
        )
        for control in (self.message, self.context):
            self.on(control, self._encrypt)
        for control in (self.brought, self.byte, self.bit):
            self.on(control, self._decrypt)
        self._encrypt()

    def _encrypt(self) -> None:
        context = pairs(self.context.value)
        answer = self._kms.encrypt(KeyId=self._key, Plaintext=self.message.value.encode(), EncryptionContext=context)
        self._blob, self._context = answer["CiphertextBlob"], context
        self._sealed = (self.message.value, self.context.value)
        with self.filling():  # a shorter blob pulls the byte back
            self.byte.max = len(self._blob)
        self._decrypt()

    def _decrypt(self) -> None:
        if self._sealed != (self.message.value, self.context.value):  # refused; what it is about is said again
            self._encrypt()
            return
        context = CHANGES[self.brought.value](self._context)
        flipped = (self.byte.value, self.bit.value) if self.byte.value else None
        sent = bytearray(self._blob)
        if flipped:
            sent[flipped[0] - 1] ^= 1 << flipped[1]
        call = record_of(self._trail, self._kms.decrypt, CiphertextBlob=bytes(sent), EncryptionContext=context)
        facts = BlobFacts.of(self._blob, self._context).tried(call, context, flipped)
        self.show(blob(facts, canvas=LAB))
        if facts.opened is not None:
            order = (
                " The order of the pairs does not matter."
                if difference(facts.sealed, facts.brought or ()) == "order"
                else ""
            )
            self.say(f"{facts.outcome}{order}")
        else:
            what = (
                f"bit {flipped[1]} of byte {flipped[0]} was flipped ({facts.hit})"
                if flipped
                else "the context is another one"
            )
            silent = "" if facts.message else ", without a message"
            self.say(
                f"`{facts.code}`{silent}: {what}.", mistake=True, word="Denied" if "Denied" in facts.code else "Refused"
            )


def pairs(words: str) -> Context:
    """Read an encryption context as a learner types it. Raises ValueError with what to do."""
    context: Context = {}
    for pair in filter(str.strip, words.split(",")):
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not equals or not name:
            raise ValueError(f"`{pair.strip()}` is no pair: {PAIRS}")
        if name in context:
            raise ValueError(f"`{name}` stands twice: give each name once")
        context[name] = value
    return context


def _order(context: Context) -> Context:
    if len(context) < 2:
        raise ValueError(f"fewer than two pairs have no order: {PAIRS}")
    return dict(reversed(context.items()))


def _value(context: Context) -> Context:
    name = _first(context)
    return context | {name: context[name] + "2"}


def _case(context: Context) -> Context:
    name = _first(context)
    letter = next((letter for letter in context[name] if letter != letter.swapcase()), None)
    if letter is None:
        raise ValueError(f"the value of `{name}` has no letter to change: {PAIRS}")
    return context | {name: context[name].replace(letter, letter.swapcase(), 1)}


def _missing(context: Context) -> Context:
    _first(context)
    return dict(list(context.items())[:-1])


def _more(context: Context) -> Context:
    name = next(name for name in ("extra", *(f"extra{n}" for n in range(len(context)))) if name not in context)
    return context | {name: "1"}


def _first(context: Context) -> str:
    if not context:
        raise ValueError(f"there is no pair to change: {PAIRS}")
    return next(iter(context))


CHANGES: Mapping[str, Callable[[Context], Context]] = {
    "the same context": dict,
    "the pairs in another order": _order,
    "another value": _value,
    "one letter in another case": _case,
    "one pair less": _missing,
    "one pair more": _more,
    "no context": lambda _: {},
}
