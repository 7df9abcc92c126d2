"""Recipients: enclaves that prove themselves with an attestation document, so that answers are sealed for them.

KMS Developer Guide, "Cryptographic attestation support in AWS KMS". What it proves is there before anything is decided,
so that policies can ask for it (kms:RecipientAttestation:…); a document that proves nothing ends the call.
Why the imports inside: certificates take a while to load, and few calls have a recipient.
"""

import base64

from kms_teach.errors import ValidationException
from kms_teach.operations.call import Call
from kms_teach.operations.request import ApiRequest, Recipient
from kms_teach.store import Store

ROOT = "attestation root"  # the store's setting with the certificate, PEM, that a document's certificates must lead to
MEMBERS = {"KeyEncryptionAlgorithm", "AttestationDocument"}
# KMS Developer Guide, "Monitoring requests for Nitro enclaves"; values are base64, as recorded from AWS
LOGGED = {0: "ImageDigest"} | {index: f"PCR{index}" for index in (1, 2, 3, 4, 8)}


def recipient(request: ApiRequest, store: Store) -> Recipient | None:
    """The enclave that the request's attestation document proves; None for a request without one.

    ValidationException, as recorded from AWS, for a document that proves nothing.
    """
    members = request.params.get("Recipient")
    if members is None:
        return None
    from kms_teach.hsm import attestation

    root = store.setting(ROOT)
    if root is None or not members.keys() >= MEMBERS:
        raise ValidationException
    document = attestation.verified(members["AttestationDocument"], root, request.now)
    registers = {
        f"attestationDocumentEnclave{name}": base64.b64encode(document.pcrs[index]).decode()
        for index, name in LOGGED.items()
        if index in document.pcrs
    }
    return Recipient(
        attestation.recipient(document),
        attestation.conditions(document),
        {"attestationDocumentModuleId": document.module_id, **registers},
    )


def secret_member(call: Call, member: str, secret: bytes) -> dict[str, bytes]:
    """The member of an answer that is secret: as it is, or sealed for the recipient alone."""
    if call.recipient is None:
        return {member: secret}
    from kms_teach.hsm import cms

    return {"CiphertextForRecipient": cms.seal(call.recipient.public_key, secret)}
