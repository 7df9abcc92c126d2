"""The question family about enclaves: KMS answers a measured program, and not whoever runs it."""

from functools import cache
from random import Random

from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Tried, one
from kms_teach.teaching.trial import NOTE, error, policy, rehearsed, scratch, told

ALGORITHM = "RSAES_OAEP_SHA_256"  # of what KMS seals for an enclave


@cache
def _measured() -> tuple[Simulator, bytes, str, tuple[bytes, bytes]]:
    """A simulator, a ciphertext, the measurement of an image, and the documents of its enclave and of a changed one's.

    Made once in the process, as an enclave's key pair is slow to make.
    """
    sim, kms, key = scratch()
    blob: bytes = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
    right, other = sim.enclave(b"the image"), sim.enclave(b"the image, changed")
    return sim, blob, right.pcrs[0], (right.document(), other.document())


@one("only-that-image", subject="access", exams=("SCS-C03", "SAP-C02", "SAP-C03"), difficulty=3)
def only_that_image(draw: Random) -> Asked:
    what = draw.choice(("Card numbers", "Fingerprints", "Health records", "Bids of an auction"))
    near = draw.choice(("192.0.2.7", "198.51.100.7", "203.0.113.7"))

    def run() -> list[Tried]:
        begun, blob, measurement, documents = _measured()
        sim = rehearsed(begun)
        kms = sim.client("kms")
        tried = []
        for condition in (
            {"StringEqualsIgnoreCase": {"kms:RecipientAttestation:ImageSha384": measurement}},
            {"IpAddress": {"aws:SourceIp": near}},
            {"StringEquals": {"kms:ViaService": "ec2.us-east-1.amazonaws.com"}},
        ):
            instance = sim.role("instance", policies=[policy("kms:Decrypt", Condition=condition)])
            codes = []
            theirs = instance.client("kms", source_ip=near)
            for document in (*documents, b""):
                recipient = {"AttestationDocument": document, "KeyEncryptionAlgorithm": ALGORITHM}
                sent = {"Recipient": recipient} if document else {}
                codes.append(error(theirs.decrypt, CiphertextBlob=blob, **sent))
            shown = f"The image: {told(kms.decrypt, codes[0])} A changed one: {told(kms.decrypt, codes[1])} "
            shown += told(kms.decrypt, codes[2], "The instance around it:")
            tried.append(Tried([not code for code in codes] == [True, False, False], shown))
        return tried

    return Asked(
        f"{what} may be decrypted only inside a Nitro enclave that runs one certain image, not by the instance around "
        "it. Which condition on `kms:Decrypt` holds to that?",
        {
            "`kms:RecipientAttestation:ImageSha384`, with the measurement of the image": "The enclave's document "
            "proves what it runs, and KMS seals the answer for the public key in it.",
            f"`aws:SourceIp`, with the address `{near}` of the instance": "All of the instance calls from there.",
            "`kms:ViaService`, with `ec2.us-east-1.amazonaws.com`": "An enclave calls KMS itself; no service does it "
            "for it.",
        },
        run,
    )
