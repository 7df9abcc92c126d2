"""A call opened: who called, why the answer was yes or no, which key worked, which bytes went where."""

from collections.abc import Mapping

from kms_teach.drawing.look import NARROW, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.inspect.opened_drawing import draw
from kms_teach.inspect.opened_facts import MADE, Opened, asks, path, read
from kms_teach.trail import Record

WENT_WELL = {  # operation: the title; {material} is "key material 1 of 3"
    "Encrypt": "Allowed: only ciphertext came back",
    "Decrypt": "Allowed: {material} opened it",
    "ReEncrypt": "Allowed twice: the plaintext never left KMS",
    "GenerateDataKey": "Allowed: one data key, plain and encrypted",
    "GenerateDataKeyWithoutPlaintext": "Allowed: a data key, encrypted only",
    "GenerateRandom": "Allowed: random bytes, and no KMS key took part",
}


def opened(
    record: Record, *, names: Mapping[str, str] | None = None, ids: bool = False, canvas: int = WIDE, part: str = ""
) -> Picture:
    """Draw one record of the trail, or on a lab's canvas one part of it: `CALL`, `WHO_MAY` or `TRAIL_SAYS`.

    names: what to call a key, by its ARN; otherwise an alias that the caller used, or "KMS key". ids: show random ids.
    """
    facts = read(record, names or {}, ids)
    title, rows = _title(facts), _rows(facts)
    alt = " ".join(f"{part}: {words.rstrip('.')}." for part, words in [("When", facts.second), *rows])
    wide, narrow = (draw(facts, title, alt, width, part) for width in (canvas, NARROW))
    return Picture(title, alt, wide, narrow, table(("part of the call", "what it is"), rows), _line(facts))


def opened_text(record: Record, *, names: Mapping[str, str] | None = None, ids: bool = False) -> str:
    """Write what `opened` draws, one part a line."""
    facts = read(record, names or {}, ids)
    rows = _rows(facts)
    room = max(len(part) for part, _ in rows)
    return "\n".join([_title(facts), facts.second, *(f"  {part.ljust(room)}  {words}" for part, words in rows)])


def _title(facts: Opened) -> str:
    if not facts.caller:
        return f"Nobody called: {facts.operation} is an act of AWS's own"
    if facts.denied:
        step = facts.denied.decisive
        return f"Denied: {step.read} says Deny" if step.answer else f"Denied: {step.read}"
    if facts.code == "AccessDeniedException":
        return "Denied: KMS does not even tell whether there is such a key"
    if facts.code == "DryRunOperationException":
        return f"A dry run: {facts.operation} would have succeeded, and nothing was done"
    if facts.code and facts.decisions:
        return f"{facts.person} may, but KMS refuses: {facts.code}"
    if facts.code:
        return f"Refused before anyone asked who may: {facts.code}"
    if any(item.member == "CiphertextForRecipient" for item in facts.returned):
        return "Allowed: only the enclave that proved itself can open the answer"
    works = [work for key in facts.keys for work in key.works if work.what != MADE]
    material = f"key material {works[0].number} of {works[0].of}" if works else ""
    otherwise = "Allowed: {material} worked" if works else "Allowed: {person} called {operation}"
    title = WENT_WELL.get(facts.operation, otherwise)
    return title.format(material=material, person=facts.caller, operation=facts.operation)


def _line(facts: Opened) -> str:
    keys = [key.words for key in facts.keys if key.works]
    moved = [f"sent {item.words}" for item in facts.sent] + [f"returned {item.words}" for item in facts.returned]
    what = facts.second if facts.caller else f"AWS's own {facts.operation}, {facts.when}"
    return "; ".join([f"{what}: {facts.code or 'done'}", *keys, *moved])


def _rows(facts: Opened) -> list[tuple[str, str]]:
    """The parts of the call in the order of the picture, each as words."""
    who = f"{facts.caller}, {facts.arn}" if facts.caller else "nobody: AWS did it by itself"
    rows = [("who called", who), ("operation", f"{facts.operation} in {facts.region}")]
    rows += [("sent to KMS", item.words) for item in facts.sent] or [("sent to KMS", "no bytes")]
    for key in facts.keys:
        rows.append(("KMS key", f"{key.name}{f' of account {key.account}' if key.account else ''}: {key.words}"))
    rows += [("came back", item.words) for item in facts.returned] or [("came back", facts.code or "no bytes")]
    for decision in facts.decisions:
        rows.append(("asked", f"{asks(facts, decision)} {'Yes' if decision.allowed else 'No'}"))
        for number, step in path(decision):
            decided = ", and this decided" if step.decided else "" if step.counts else ", which does not count here"
            rows.append((f"step {number}", f"{step.question} {'Yes' if step.answer else 'No'}: {step.read}{decided}"))
    if facts.code:
        rows.append(("AWS's words", f"{facts.code}: {facts.message}" if facts.message else f"{facts.code}, no message"))
    rows += [(f"the trail says {name}", value) for name, value in facts.says]
    rows += [("the trail never says", words) for words in facts.silent]
    return rows
