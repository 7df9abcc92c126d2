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
        return Outcome(
            False, f"`{FILE}` and `{WRAPPED}` both have to be in the bucket `{BUCKET}`. One of them is gone."
        )
    app = sim.person(REPORTER).client("kms")
    try:
        plain = app.decrypt(CiphertextBlob=wrapped, EncryptionContext=CONTEXT)["Plaintext"]
    except ClientError as refused:
        code = refused.response["Error"]["Code"]
        return Outcome(
            False, f"`{REPORTER}` cannot open `{WRAPPED}`: {code}. It calls Decrypt with the same context as always, "
            "and its permissions are what they were.",
        )  # fmt: skip
    if sha256(plain).hexdigest() == work.note:
        return Outcome(False, _same_inside(work.about(work.key(KEY), BUCKET)))
    if _opened(plain, file) != ORDERS:
        return Outcome(
            False, f"There is a new data key in `{WRAPPED}`, but `{FILE}` does not open with it. It has to be a nonce "
            f"({NONCE} bytes) followed by the orders, encrypted with AES-GCM under the new key.",
        )  # fmt: skip
    return Outcome(
        True, "Closed: whoever read the log can open nothing that is stored now. If they have a copy of the old "
        f"`{FILE}`, that stays open to them.",
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
            "The data key has a new envelope, but it is the same data key inside, and whoever has it in plaintext "
            "needs no envelope. The file must be encrypted under another data key."
        )
    if work.done("RotateKeyOnDemand", "EnableKeyRotation"):
        return (
            "You rotated the KMS key. That was not what leaked: the data key was, and rotation changes no data key "
            "that exists."
        )
    if work.done("DisableKey", "ScheduleKeyDeletion", "CancelKeyDeletion"):
        return (
            "Disabling the KMS key shuts out the program, not the thief: with the plaintext data key, nobody has to "
            "ask KMS."
        )
    if work.done("PutObject", "DeleteObject"):
        return f"You put or deleted something, but `{FILE}` is still under the data key that was in the log."
    return (
        f"`{FILE}` still opens with the key in `{LOG}`, without a call to KMS. What has to change so that it does not?"
    )


TASK = Task(
    f"The program `{REPORTER}` wrote its plaintext data key into `{LOG}`. The bucket `{BUCKET}` has `{FILE}` (a nonce "
    f"of {NONCE} bytes, then AES-GCM ciphertext without associated data) and `{WRAPPED}`, its data key as KMS "
    "encrypted it, with the encryption context `context`. Make sure that the leaked key opens nothing in that bucket. "
    "The program must go on working, with the same two names.",
    leaked,
    (
        "Somebody has the data key in plaintext and wants to read the file. Which calls to KMS do they need?",
        (
            "Decrypt the file, call GenerateDataKey with the same context, encrypt the file under the new key with a "
            "new nonce, put both objects back."
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
    "One of our debug lines printed the plaintext data key of orders.enc. Everybody could read that log.",
    "since the debug build went live", 2, ("envelope", "rotation"), (TASK,),
)  # fmt: skip
