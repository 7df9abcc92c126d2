"""The task of bringing a private key that OpenSSL wrote."""

from hashlib import sha256
from typing import Any

from kms_teach.client_side import imports
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task

SPEC = {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY", "Origin": "EXTERNAL"}
MARK = "public key, SHA-256: "
WHY = {  # what an import ended in, and what it means here
    "IncorrectKeyMaterialException": "KMS unwrapped the bytes, and they are no key of this kind. `private` is SEC1, as "
    "`openssl genpkey -outform DER` writes it; KMS wants PKCS#8 in DER.",
    "InvalidCiphertextException": "KMS could not unwrap it: wrap under the PublicKey of the same answer, with the "
    "algorithm that you named there, and its hash for MGF1 too.",
    "InvalidImportTokenException": "The token belongs to another key: ask for this one's.",
    "ExpiredImportTokenException": "The token is older than 24 hours: ask for a new one.",
    "ValidationException": "Say until when: a ValidTo at most 365 days ahead, or ExpirationModel "
    "KEY_MATERIAL_DOES_NOT_EXPIRE.",
}
ANOTHER = (
    "That is another private key: its public half is not the one your partners have. A key takes no other later, so "
    "press “Start again”."
)
BROUGHT = (
    "Brought: KMS signs with your private key, and whoever has its public half can check it. Keep `private`: KMS never "
    "gives it back."
)


def a_private_key(sim: Simulator) -> dict[str, Any]:
    """Give a private key as OpenSSL writes it, and an empty KMS key whose description names the public half."""
    private = imports.new_private_key()
    public = imports.public_half(private)
    kms = sim.client("kms")
    signer = kms.create_key(**SPEC, Description=MARK + sha256(public).hexdigest())["KeyMetadata"]["Arn"]
    return {"private": imports.rewritten(private, imports.OPENSSL_DER), "signer": signer, "kms": kms}


def _brought(sim: Simulator) -> Outcome:
    """The KMS key has this private key, and has signed with it."""
    made = [r for r in sim.trail.named("CreateKey") if str(r.parameters.get("description", "")).startswith(MARK)]
    if not made:
        return Outcome(False, "There is no `signer` yet: press “Start again”.")
    arn = made[-1].event["responseElements"]["keyMetadata"]["arn"]
    kms = sim.client("kms")
    records = sim.trail.about(arn)
    described = kms.describe_key(KeyId=arn)["KeyMetadata"]
    sent = [r for r in records if r.operation == "ImportKeyMaterial"]
    if described["KeyState"] == "PendingImport":
        if sent and not sent[-1].worked:
            return Outcome(False, WHY.get(sent[-1].error, f"The import ended in {sent[-1].error}."))
        gone = " It was here, and is deleted or expired." if any(r.worked for r in sent) else ""
        return Outcome(False, f"`signer` has no key material yet.{gone}")
    if described["KeyState"] != "Enabled":
        return Outcome(False, f"`signer` is {described['KeyState']}: enable it.")
    public = kms.get_public_key(KeyId=arn)["PublicKey"]
    if sha256(public).hexdigest() != described["Description"].removeprefix(MARK):
        return Outcome(False, ANOTHER)
    if not any(r.operation == "Sign" and r.worked for r in records):
        return Outcome(False, "The right key is in. Now sign something with `signer`.")
    return Outcome(True, BROUGHT)


BRING_MY_KEY = Task(
    "`private` is a private key on the curve P-256, as `openssl genpkey -outform DER` wrote it. `signer` is a KMS key "
    "that waits for it. Import it, and sign something.",
    a_private_key,
    (
        "Send it as it is first, and read the error's code. What does KMS want to be told about the bytes?",
        (
            "Write it anew as PKCS#8 in DER (`openssl pkcs8 -topk8 -nocrypt`, or pyca's `private_bytes`), "
            "then GetParametersForImport, wrap, ImportKeyMaterial."
        ),
        """from cryptography.hazmat.primitives import serialization as s
from kms_teach.client_side import imports

pkcs8 = s.load_der_private_key(private, None).private_bytes(s.Encoding.DER, s.PrivateFormat.PKCS8, s.NoEncryption())
kms = sim.client("kms")
given = kms.get_parameters_for_import(KeyId=signer, WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_3072")
kms.import_key_material(
    KeyId=signer, ImportToken=given["ImportToken"], ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE",
    EncryptedKeyMaterial=imports.wrap(given["PublicKey"], pkcs8))
kms.sign(KeyId=signer, Message=b"a contract", SigningAlgorithm="ECDSA_SHA_256")""",
    ),
    _brought,
)  # fmt: skip
