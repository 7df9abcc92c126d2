"""This is for whom an answer is sealed: `Recipient`, an enclave that proves itself with an attestation document.

KMS Developer Guide, "Cryptographic attestation support in AWS KMS". What it proves is there before anything is decided,
so that policies can ask for it (kms:RecipientAttestation:…); a document that proves nothing ends the call.
Why the imports inside: certificates take a while to load, and few calls have a recipient.
"""

import base64

from kms_teach.errors import ValidationException
from kms_teach.operations.call import Call

ROOT = "attestation root"  # the store's setting with the certificate, PEM, that a document's certificates must lead to
MEMBERS = {"KeyEncryptionAlgorithm", "AttestationDocument"}
# KMS Developer Guide, "Monitoring requests for Nitro enclaves"; values are base64, as recorded from AWS
LOGGED = {0: "ImageDigest"} | {index: f"PCR{index}" for index in (1, 2, 3, 4, 8)}


def check_recipient(call: Call) -> None:
    """Note what the request's attestation document proves. ValidationException, as recorded from AWS, if nothing."""
    recipient = call.params.get("Recipient")
    if recipient is None:
        return
    from kms_teach.hsm import attestation

    root = call.store.setting(ROOT)
    if root is None or not recipient.keys() >= MEMBERS:
        raise ValidationException
    document = attestation.verified(recipient["AttestationDocument"], root, call.now)
    call.recipient, call.attested = attestation.recipient(document), attestation.conditions(document)
    call.event_data["recipient"] = {
        "attestationDocumentModuleId": document.module_id,
        **{
            f"attestationDocumentEnclave{name}": base64.b64encode(document.pcrs[index]).decode()
            for index, name in LOGGED.items()
            if index in document.pcrs
        },
    }


def handed(call: Call, member: str, secret: bytes) -> dict[str, bytes]:
    """The member of an answer that is secret: as it is, or sealed for the recipient alone."""
    if not call.recipient:
        return {member: secret}
    from kms_teach.hsm import cms

    return {"CiphertextForRecipient": cms.seal(call.recipient, secret)}
