"""A plaintext data key that a program wrote into its log: no KMS key was lost, and the file is open all the same."""

from hashlib import sha256
from typing import Any

from botocore.exceptions import ClientError

from kms_teach.client_side.envelope import DataKey, EnvelopeError
from kms_teach.repairs import scene
from kms_teach.repairs.ticket import Ticket, Work, hand_over, judged
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task

ID = "leaked-data-key"
REPORTER = "orders-app"
BUCKET, FILE, WRAPPED, LOG = "orders-vault", "orders.enc", "orders.key", "app.log"
KEY, ALIAS, CONTEXT = "Orders", "alias/orders", {"file": "orders"}
ORDERS = b"14 boats, 3 anchors, 1 lighthouse"
NONCE = 12  # bytes, at the head of the file


def leaked(sim: Simulator) -> dict[str, Any]:
    """Let a program encrypt a file under a data key, and log that key."""
    app = scene.user(sim, REPORTER, scene.allow(["kms:GenerateDataKey", "kms:Decrypt"]))
    scene.key(sim, ALIAS, KEY)
    kms = app.client("kms")
    made = kms.generate_data_key(KeyId=ALIAS, KeySpec="AES_256", EncryptionContext=CONTEXT)
    plain, nonce = made["Plaintext"], sim.client("kms").generate_random(NumberOfBytes=NONCE)["Plaintext"]
    file = nonce + DataKey(plain, made["CiphertextBlob"]).cipher().encrypt(nonce, ORDERS, None)
    log = f"DEBUG data key {plain.hex()} for {FILE}\n".encode()
    scene.bucket(sim, BUCKET, {FILE: file, WRAPPED: made["CiphertextBlob"], LOG: log})
    kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=CONTEXT)
    hand_over(sim, ID, REPORTER, note=sha256(plain).hexdigest())
    return {"context": CONTEXT}


def _closed(sim: Simulator, work: Work) -> Outcome:
    """The file is under another data key, which the program gets from KMS as before."""
    file, wrapped = scene.fetch(sim, BUCKET, FILE), scene.fetch(sim, BUCKET, WRAPPED)
    if file is None or wrapped is None:
        return Outcome(False, f"`{FILE}` and `{WRAPPED}` belong into the bucket `{BUCKET}`, both. One of them is gone.")
    app = sim.person(REPORTER).client("kms")
    try:
        plain = app.decrypt(CiphertextBlob=wrapped, EncryptionContext=CONTEXT)["Plaintext"]
    except ClientError as refused:
        code = refused.response["Error"]["Code"]
        return Outcome(
            False, f"`{REPORTER}` cannot open `{WRAPPED}`: {code}. It calls Decrypt with the context that it always "
            "had, and has no other right than before.",
        )  # fmt: skip
    if sha256(plain).hexdigest() == work.note:
        return Outcome(False, _same_inside(work))
    if _opened(plain, file) != ORDERS:
        return Outcome(
            False, f"There is a new data key in `{WRAPPED}`, and `{FILE}` does not open under it: the nonce ({NONCE} "
            "bytes), then what AES-GCM gives, encrypted under the new key.",
        )  # fmt: skip
    return Outcome(
        True, f"Closed: who read the log opens nothing of what is stored now. A copy of the old `{FILE}` stays open to "
        "them; whether there is one, no key can say.",
    )  # fmt: skip


def _opened(plain: bytes, file: bytes) -> bytes | None:
    """The file under a plaintext data key; None where it does not open."""
    try:
        return DataKey(plain, b"").open(file[:NONCE], file[NONCE:])
    except EnvelopeError:
        return None


def _same_inside(work: Work) -> str:
    if work.done("ReEncrypt") or any(r.sent.get("Plaintext") == 32 for r in work.done("Encrypt")):
        return (
            "The data key has a new envelope, and is the same inside: whoever has it in plaintext needs no envelope. "
            "The file must be under another data key."
        )
    if work.done("RotateKeyOnDemand", "EnableKeyRotation"):
        return (
            "You rotated the KMS key. It was not lost; the data key was, and a rotation changes no data key that "
            "exists."
        )
    if work.done("DisableKey", "ScheduleKeyDeletion", "CancelKeyDeletion"):
        return "The KMS key shuts out the program, not the thief: with the plaintext data key nobody asks KMS."
    if work.done("PutObject", "DeleteObject"):
        return f"Something was put or deleted, and `{FILE}` is still under the data key that was in the log."
    return (
        f"`{FILE}` still opens with the key in `{LOG}`, without a call to KMS. What must change, so that it does not?"
    )


TASK = Task(
    f"The program `{REPORTER}` wrote its plaintext data key into `{LOG}`. In the bucket `{BUCKET}` are `{FILE}` (the "
    f"nonce of {NONCE} bytes, then AES-GCM without further data) and `{WRAPPED}`, its data key as KMS encrypted it, "
    "with the encryption context `context`. See to it that the leaked key opens nothing of what lies there; the "
    "program goes on as before, under the same two names.",
    leaked,
    (
        "Who has the data key in plaintext, and wants to read the file: which calls to KMS do they need?",
        (
            "Decrypt the file, GenerateDataKey with the same context, encrypt it anew with a new nonce, put back both "
            "objects."
        ),
        f"""import os
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
s3, vault = sim.client("s3"), {{"Bucket": "{BUCKET}"}}
app = sim.person("{REPORTER}").client("kms")
sealed, wrapped = (s3.get_object(**vault, Key=name)["Body"].read() for name in ("{FILE}", "{WRAPPED}"))
old = app.decrypt(CiphertextBlob=wrapped, EncryptionContext=context)["Plaintext"]
orders = AESGCM(old).decrypt(sealed[:12], sealed[12:], None)
new, nonce = app.generate_data_key(KeyId="{ALIAS}", KeySpec="AES_256", EncryptionContext=context), os.urandom(12)
s3.put_object(**vault, Key="{FILE}", Body=nonce + AESGCM(new["Plaintext"]).encrypt(nonce, orders, None))
s3.put_object(**vault, Key="{WRAPPED}", Body=new["CiphertextBlob"])""",
    ),
    judged(ID, _closed),
)
TICKET = Ticket(
    ID, "There is a key in the log", REPORTER,
    "A debug line of ours printed the plaintext data key of orders.enc. The log has been readable to everybody.",
    "since the debug build went live", 2, ("envelope", "rotation"), (TASK,),
)  # fmt: skip
