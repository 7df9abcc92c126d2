"""Who could read the file of an envelope at a step, and why."""

from msgspec import Struct
from msgspec.structs import replace

from kms_teach.chapters.envelope.facts import DECRYPT, DISCARD, GET, OPEN, SEAL, STORE, Envelope


class Reader(Struct, frozen=True):
    """Whether somebody could read the file at a moment, and why."""

    who: str
    can: bool
    answer: str
    why: str
    changed: bool = False  # since the step before, or by the mistake


def readers(e: Envelope) -> tuple[Reader, ...]:
    """Give the four who might read the file now."""
    now = _readers(e)
    before = _readers(replace(e, step=e.step - 1, refused=None)) if e.step else now
    rightly = _readers(replace(e, mistake="", refused=None)) if e.wrong else now
    return tuple(
        replace(reader, changed=reader.can != old.can or reader.can != right.can)
        for reader, old, right in zip(now, before, rightly, strict=True)
    )


def _readers(e: Envelope) -> tuple[Reader, ...]:
    program = e.plain_in_memory or (e.key_in_memory and e.step >= SEAL)
    decrypt = e.key_stored and not e.struck("key")
    return (
        Reader("A local program", program, _suffix(e, program), _program(e)),
        Reader("A thief with the disk", False, "no", _thief(e)),
        Reader("Who has kms:Decrypt", decrypt, "yes, via KMS" if decrypt else "no", _decrypter(e)),
        Reader("KMS by itself", False, "no", _kms(e)),
    )


def _suffix(e: Envelope, program: bool) -> str:
    if not program:
        return "no, since step 5" if e.step == DISCARD else "no"
    if e.struck("forget"):
        return "yes, still"
    if e.step in (SEAL, STORE) and e.mistake != "forget":
        return f"yes, until step {DISCARD}"
    return "yes, again" if e.step >= DECRYPT else "yes"


def _program(e: Envelope) -> str:
    if e.plain_in_memory:
        return "The opened file lies in memory." if e.step == OPEN else "The file lies in memory, open."
    if e.key_in_memory:
        if e.struck("forget"):
            return "The plaintext key was never discarded."
        return f"The plaintext key is {'back' if e.step == DECRYPT else 'still'} in memory."
    if e.refused:
        return "Nothing was opened, the key is gone again." if e.step == OPEN else "No plaintext key came back."
    return "Memory no longer holds the plaintext key."


def _thief(e: Envelope) -> str:
    if e.step < SEAL:
        return "Nothing is on the disk yet."
    return "Ciphertext, and a key they cannot decrypt." if e.key_stored else "Only ciphertext."


def _decrypter(e: Envelope) -> str:
    if e.struck("lose"):
        return "No encrypted key is left to send to KMS."
    if e.struck("key"):
        return "KMS refuses the changed key."
    if e.struck("data") and e.refused:
        return "Only if they skip the check that refused it."
    if e.key_stored:
        return "Given both stored parts, KMS decrypts the key."
    return "The encrypted key is not stored yet." if e.step >= SEAL else "There is nothing to decrypt yet."


def _kms(e: Envelope) -> str:
    if not e.calls:
        return "It has heard of nothing yet."
    return (
        "It never saw the data, it kept no data key." if e.step >= GET else "It is asked for a key, and gets no data."
    )
