"""An auditor's question that the trail answers: whose records has somebody read?"""

import re
from typing import Any

from kms_teach.repairs import scene
from kms_teach.repairs.ticket import Ticket, Work, hand_over, judged
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

ID = "auditors-question"
REPORTER, READER, DOCTOR = "auditor", "temp-7", "doctor"
KEY, OWN, ALIAS, TAG = "Patient records", "temp-7's own", "alias/patient-records", "read-by-temp-7"
PATIENTS = ("P-11", "P-17", "P-23", "P-31", "P-40")
SHUT, MISSPELT, MOVED, DOCTORS = "P-23", "P-17", "P-40", "P-31"  # denied, wrong context, read by ReEncrypt, another's
ID_OF_A_PATIENT = re.compile(r"P-\d+")
WHY = {  # whose record the answer has, and should not
    SHUT: f"{SHUT} was asked for, and denied: a call in the trail is no answer. Look at the errorCode.",
    MISSPELT: f"{MISSPELT} was asked for with a wrong context, and did not open. Look at the errorCode.",
    DOCTORS: f"{DOCTORS} was read by the {DOCTOR}. Look at who called.",
}


def a_week(sim: Simulator) -> dict[str, Any]:
    """Let a doctor keep five records, and a user of a temp agency read, try, and carry one away."""
    doctor = scene.user(sim, DOCTOR, scene.allow("kms:*")).client("kms")
    spared = {"StringNotEqualsIfExists": {"kms:EncryptionContext:patient": SHUT}}
    scene.user(sim, REPORTER, scene.allow(["kms:Describe*", "kms:List*", "kms:TagResource"]))
    reader = scene.user(sim, READER, scene.allow("kms:*", Condition=spared)).client("kms")
    key, own = scene.key(sim, ALIAS, KEY), scene.key(sim, "alias/temp-7", OWN)
    records = {
        each: doctor.encrypt(KeyId=key, Plaintext=f"Record of {each}".encode(), EncryptionContext={"patient": each})
        for each in PATIENTS
    }
    blobs = {each: made["CiphertextBlob"] for each, made in records.items()}
    sim.advance(hours=3)
    reader.decrypt(CiphertextBlob=blobs["P-11"], EncryptionContext={"patient": "P-11"})
    scene.tries(reader.decrypt, CiphertextBlob=blobs[MISSPELT], EncryptionContext={"patient": "p-17"})
    scene.tries(reader.decrypt, CiphertextBlob=blobs[SHUT], EncryptionContext={"patient": SHUT})
    doctor.decrypt(CiphertextBlob=blobs[DOCTORS], EncryptionContext={"patient": DOCTORS})
    sim.advance(hours=1)
    moved = reader.re_encrypt(
        CiphertextBlob=blobs[MOVED], SourceEncryptionContext={"patient": MOVED}, DestinationKeyId=own
    )  # fmt: skip
    reader.decrypt(CiphertextBlob=moved["CiphertextBlob"])
    hand_over(sim, ID, REPORTER)
    return {"records_key": key}


def read_by(records: list[Record], key: str) -> set[str]:
    """The patients whose records the reader opened with a key, by Decrypt or by ReEncrypt."""
    worked = (r for r in records if r.caller == READER and r.worked)
    opened = [r for r in worked if any((used.key_arn, used.role) == (key, "decrypts") for used in r.used)]
    contexts = [r.parameters.get("encryptionContext") or r.parameters.get("sourceEncryptionContext") for r in opened]
    return {context["patient"] for context in contexts if context}


def _answered(sim: Simulator, work: Work) -> Outcome:
    """The key of the records has a tag with the patients whose records were opened."""
    key = work.key(KEY)
    right = read_by(work.before, key)
    tags = {tag["TagKey"]: tag["TagValue"] for tag in sim.client("kms").list_resource_tags(KeyId=key)["Tags"]}
    if TAG not in tags:
        near = [name for name in tags if name.lower() == TAG.lower()]
        return Outcome(False, f"The key has no tag `{TAG}` yet{f', only `{near[0]}`: mind the case' if near else ''}.")
    answer = set(ID_OF_A_PATIENT.findall(tags[TAG]))
    if not answer:
        return Outcome(
            False, f"“{tags[TAG]}” names no patient: write their ids, such as P-11, with spaces between them."
        )
    if unknown := answer - set(PATIENTS):
        return Outcome(False, f"There is no patient {min(unknown)}.")
    if wrong := sorted(answer - right):
        return Outcome(False, WHY[wrong[0]])
    if MOVED in right - answer:
        return Outcome(
            False, f"One is missing. {READER} also called ReEncrypt, which opens a record and seals it under another "
            "key, where it can then be read. Its context is called sourceEncryptionContext.",
        )  # fmt: skip
    if right - answer:
        return Outcome(False, "One is missing. Go through every call by that user that succeeded.")
    return Outcome(
        True, f"Answered: {', '.join(sorted(right))}. Without an encryption context in each call, the trail could not "
        "say.",
    )  # fmt: skip


TASK = Task(
    f"Whose records has the user `{READER}` been able to read with `{ALIAS}`? Put the ids of those patients, and no "
    f"others, separated by spaces, into the tag `{TAG}` of that key (`records_key`).",
    a_week,
    (
        "The ciphertexts say nothing about patients. Which part of a call does, and is in the trail in clear text?",
        (
            "Look at this caller's records in the trail: `.operation`, `.error`, `.parameters`. Two operations open a "
            "ciphertext."
        ),
        f"""read = set()
for record in sim.trail.named("Decrypt", "ReEncrypt"):
    context = record.parameters.get("encryptionContext") or record.parameters.get("sourceEncryptionContext") or {{}}
    if record.caller == "{READER}" and record.worked and "patient" in context:
        read.add(context["patient"])
tag = {{"TagKey": "{TAG}", "TagValue": " ".join(sorted(read))}}
sim.client("kms").tag_resource(KeyId=records_key, Tags=[tag])""",
    ),
    judged(ID, _answered),
)
TICKET = Ticket(
    ID, "An auditor asks", REPORTER,
    "A temp had access to patient records for a day. I need a list of whose records were read. Only those, please.",
    "to be answered by tonight", 2, ("encrypt", "watching"), (TASK,), caller=READER,
)  # fmt: skip
