"""The question families of "Envelope encryption" about work: how many calls, by which right, and what opens a file."""

from collections.abc import Callable
from random import Random
from typing import Any

from kms_teach.client_side import envelope
from kms_teach.teaching.question import Asked, Tried, matching, one
from kms_teach.teaching.trial import error, policy, scratch, told

DEVELOPER = ("DVA-C02", "DVA-C03", "SCS-C03")


@one("calls-for-the-files", subject="envelope", exams=(*DEVELOPER, "SAA-C03"))
def calls_for_the_files(draw: Random) -> Asked:
    folders, size = draw.choice(((3, 4), (4, 5), (5, 3), (3, 5), (4, 6), (6, 3), (5, 4), (2, 7)))
    shared, kept = draw.choice(((True, True), (True, False), (False, False)))
    files = folders * size

    def run() -> list[Tried]:
        sim, kms, arn = scratch()
        before = len(sim.trail)
        stored = []
        for _ in range(folders):
            keys = (
                [envelope.generate(kms, arn)] * size if shared else [envelope.generate(kms, arn) for _ in range(size)]
            )
            stored += [key.encrypted for key in keys]
        memory: set[bytes] = set()
        for encrypted in stored:
            if not kept or encrypted not in memory:
                envelope.recover(kms, encrypted)
                memory.add(encrypted)
        calls = len(sim.trail) - before
        return [Tried(calls == number, f"The trail has {calls} calls.") for number in numbers]

    numbers = (2 * folders, folders + files, 2 * files, files)
    why = (
        "One call makes a folder's data key, and one opens it again, if the reader keeps it.",
        "One call makes a folder's data key; the reader has it opened for every single file.",
        "Each file's data key is made by one call, and opened by another.",
        "The data keys are made by calls, and opened by calls. KMS never sees the files.",
    )
    making = "one data key for each folder" if shared else "a data key for each file"
    reading = "keeps a data key in memory until its folder is done" if kept else "asks KMS anew for every file"
    return Asked(
        f"A job encrypts {files} files in {folders} folders of {size}, with {making}. Later another job decrypts all "
        f"of them; it {reading}. How many calls does KMS get from the two jobs?",
        {f"{number}": each for number, each in zip(numbers, why, strict=True)},
        run,
    )


def _moves(kms: Any, arn: str, blob: bytes) -> bool:
    return not error(kms.re_encrypt, CiphertextBlob=blob, DestinationKeyId=arn)


def _prepares(kms: Any, arn: str, _: bytes) -> bool:
    return not error(kms.generate_data_key_without_plaintext, KeyId=arn, KeySpec="AES_256")


def _seals(kms: Any, arn: str, _: bytes) -> bool:
    return not error(kms.generate_data_key, KeyId=arn, KeySpec="AES_256")


def _reads(kms: Any, _: str, blob: bytes) -> bool:
    return not error(kms.decrypt, CiphertextBlob=blob)


JOBS: dict[str, tuple[Callable[[Any, str, bytes], bool], str]] = {
    "It encrypts new files, each with a fresh data key, and stores both.": (
        _seals, "It needs the new key in plaintext once, and its encrypted copy."),
    "It reads files that other roles have encrypted.": (_reads, "It has the encrypted copy opened."),
    "It prepares encrypted data keys for other roles, and never learns one.": (
        _prepares, "It needs the encrypted copies alone."),
    "It brings the old files' data keys under another KMS key, and never learns one.": (
        _moves, "KMS opens and wraps again inside the HSM."),
}  # fmt: skip
RIGHTS: dict[str, list[str]] = {
    "`kms:GenerateDataKey`": ["kms:GenerateDataKey"],
    "`kms:Decrypt`": ["kms:Decrypt"],
    "`kms:GenerateDataKeyWithoutPlaintext`": ["kms:GenerateDataKeyWithoutPlaintext"],
    "`kms:ReEncryptFrom` and `kms:ReEncryptTo`": ["kms:ReEncryptFrom", "kms:ReEncryptTo"],
    "`kms:Encrypt`": ["kms:Encrypt"],
}


@matching("right-for-a-role", subject="envelope", exams=DEVELOPER)
def right_for_a_role(draw: Random) -> Asked:
    jobs = draw.sample(tuple(JOBS), draw.choice((3, 4)))

    def run() -> list[Tried]:
        sim, kms, arn = scratch()
        blob = kms.generate_data_key_without_plaintext(KeyId=arn, KeySpec="AES_256")["CiphertextBlob"]
        clients = {
            right: sim.role(f"role-{number}", policies=[policy(actions)]).client("kms")
            for number, (right, actions) in enumerate(RIGHTS.items())
        }
        tried = []
        for job in jobs:
            (right,) = [right for right, client in clients.items() if JOBS[job][0](client, arn, blob)]
            tried.append(Tried(right, "Of all five, that alone was enough."))
        return tried

    return Asked(
        "A company encrypts its files by envelope encryption, and each of its roles is to have what it needs and no "
        "more. Which permission does each role need?",
        {job: JOBS[job][1] for job in jobs},
        run,
        tuple(RIGHTS),
    )


FORMATS = {  # what a file is made of: whether a data key encrypted it
    "a header that holds the encrypted data key, then the data, encrypted with the data key": True,
    "a header that holds a title and a date, then the data, as `Encrypt` answered": False,
}


@one("a-file-to-open", subject="envelope", exams=DEVELOPER)
def a_file_to_open(draw: Random) -> Asked:
    layout, tool = (
        draw.choice(tuple(FORMATS)),
        draw.choice(("A backup tool", "An encryption library", "A partner's program")),
    )
    by_data_key, size = FORMATS[layout], draw.randrange(300, 3_000)

    def run() -> list[Tried]:
        _, kms, arn = scratch()
        if by_data_key:
            sealed = b"".join(envelope.encrypt([bytes(size)], kms, arn))
            encrypted, prefix, _ = envelope.split([sealed])
            header = envelope.header(encrypted, prefix)
            body = sealed[len(header) :]
        else:
            header, encrypted = b"2026-01-01 Meeting ", b""
            body = kms.encrypt(KeyId=arn, Plaintext=bytes(size))["CiphertextBlob"]
        tried = []
        for blob in (header + body, header, body, encrypted):
            call = kms.decrypt
            code = error(call, CiphertextBlob=blob)
            if blob == encrypted and not code:
                key = envelope.recover(kms, encrypted)
                whole = b"".join(envelope.unseal(key, prefix, envelope.split([sealed])[2])) == bytes(size)
                tried.append(
                    Tried(whole, "`Decrypt` gave the data key, and with that the file was opened without KMS.")
                )
            else:
                tried.append(Tried(not code, told(call, code) if blob else "There is none in such a file."))
        return tried

    return Asked(
        f"{tool} writes into each file {layout}. You have a file of {size:,} bytes of data, its format, and "
        "`kms:Decrypt`. What do you give to `Decrypt`, to read the file in the end?",
        {
            "the file, from its first byte to its last": "KMS reads what KMS made; the format is the tool's own.",
            "the header, with all that is in front of the data": "KMS reads what KMS made, and not a header around it.",
            "the encrypted data, without the header": "KMS opens what `Encrypt` made. What a data key encrypted, the "
            "tool did.",
            "the encrypted data key, without the rest": "KMS made that, if any. You decrypt the data yourself.",
        },
        run,
    )
