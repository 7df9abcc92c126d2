"""The question family about enclaves: KMS answers a measured program, and not whoever runs it."""

from functools import cache
from random import Random

from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Tried, one
from kms_teach.teaching.trial import NOTE, error, policy, rehearsed, scratch

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


WAYS = ("the image", "a changed one", "the instance", "elsewhere", "through EC2")
HELD: dict[str, set[str]] = {  # what may be: the ways that must go well, of all
    "may be decrypted only inside a Nitro enclave that runs one certain image, not by the instance around it":
        {WAYS[0]},
    "may be decrypted on one instance and in whatever enclave it runs, and nowhere else with the role's credentials":
        set(WAYS[:3]),
    "lie on an EBS volume. EC2 may open that for the role's instance, and no program may call `Decrypt` with the "
    "role's credentials": {WAYS[4]},
}  # fmt: skip


@one("only-that-image", subject="access", exams=("SCS-C03", "SAP-C02", "SAP-C03"), difficulty=3)
def only_that_image(draw: Random) -> Asked:
    what = draw.choice(("Card numbers", "Fingerprints", "Health records", "Bids of an auction"))
    near = draw.choice(("192.0.2.7", "198.51.100.7", "203.0.113.7"))
    held = draw.choice(tuple(HELD))

    def run() -> list[Tried]:
        begun, blob, measurement, documents = _measured()
        sim = rehearsed(begun)
        tried = []
        for condition in (
            {"StringEqualsIgnoreCase": {"kms:RecipientAttestation:ImageSha384": measurement}},
            {"IpAddress": {"aws:SourceIp": near}},
            {"StringEquals": {"kms:ViaService": "ec2.us-east-1.amazonaws.com"}},
        ):
            instance = sim.role("instance", policies=[policy("kms:Decrypt", Condition=condition)])
            theirs = instance.client("kms", source_ip=near)
            codes = [
                error(
                    theirs.decrypt,
                    CiphertextBlob=blob,
                    Recipient={"AttestationDocument": document, "KeyEncryptionAlgorithm": ALGORITHM},
                )
                for document in documents
            ]
            others = (theirs, instance.client("kms", source_ip="203.0.113.200"), instance.client("kms", via="ec2"))
            codes += [error(each.decrypt, CiphertextBlob=blob) for each in others]
            well = {way for way, code in zip(WAYS, codes, strict=True) if not code}
            shown = ", ".join(f"{way}: {'allowed' if way in well else 'refused'}" for way in WAYS)
            tried.append(Tried(well == HELD[held], f"{shown[0].upper()}{shown[1:]}."))
        return tried

    return Asked(
        f"{what} {held}. Which condition on `kms:Decrypt` in the IAM policy of the role holds to that?",
        {
            "`kms:RecipientAttestation:ImageSha384`, with the measurement of the image": "An enclave's document "
            "proves what it runs, and KMS seals the answer for the public key in it.",
            f"`aws:SourceIp`, with the address `{near}` of the one instance": "All that the instance runs calls from "
            "there, and no service that calls for it.",
            "`kms:ViaService`, with the value `ec2.us-east-1.amazonaws.com`": "EC2 opens a volume for the "
            "instance. An enclave or a program calls KMS itself.",
        },
        run,
    )
