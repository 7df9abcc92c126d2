"""Every error that AWS KMS answers with: one class per code, named as on the wire.

A message is given in AWS's words where they are known. AWS sends some errors without any message; so do we (`None`).
`KmsError` is caught for three reasons: `service` records it and raises it again, `wire` answers it in the protocol of
the call, and code that uses a part of the simulator without a call (`access.fixes` tries a policy, a lab makes a user)
learns from it what is wrong.
"""

import re
from collections.abc import Mapping
from typing import Any

MESSAGE_MAX = 1999  # characters of a message; AWS sets none that is known, and repeats a value whole
VALUE_MAX = 500  # characters of a value that a message repeats


def cut(text: str, most: int = VALUE_MAX) -> str:
    """The text, its middle left out where it has more than `most` characters."""
    half = (most - 3) // 2
    return text if len(text) <= most else f"{text[:half]}...{text[-half:]}"


def shortened(message: str) -> str:
    """A message of MESSAGE_MAX characters at most: first the long values in it are cut, then all of it."""
    if len(message) <= MESSAGE_MAX:
        return message
    return cut(re.sub(r"[^\s'`\"]+", lambda value: cut(value[0]), message), MESSAGE_MAX)


class KmsError(Exception):
    """An answer that is an error. `code` goes out as `__type`, `message` may be absent, `status` is HTTP's."""

    status = 400  # recorded from AWS for every error of KMS
    extras: Mapping[str, str] = {}  # what an error of S3 tells beside code and message

    def __init__(
        self, message: str | None = None, decision: Any = None, place: Any = None, hint: str = ""
    ) -> None:  # fmt: skip
        self.message = message and shortened(message)
        super().__init__(f"{self.message} ({hint})" if hint else self.message or "")
        self.hint = hint  # for a person in Python, where AWS's words alone do not tell what to do
        self.decision = decision  # access.Decision, on a denial
        self.place = place  # access.lines.Place, when it is about a policy document: statement, element, path

    @property
    def code(self) -> str:
        return type(self).__name__


# What the request itself can get wrong, before KMS looks at a key.
class ValidationException(KmsError): ...


class SerializationException(KmsError): ...


class UnknownOperationException(KmsError): ...


class MissingAuthenticationTokenException(KmsError): ...


class IncompleteSignatureException(KmsError): ...


class UnrecognizedClientException(KmsError): ...


class InvalidSignatureException(KmsError): ...


# STS names its errors without the word Exception.
class InvalidAction(KmsError): ...


class MalformedPolicyDocument(KmsError): ...


class InvalidParameterValue(KmsError): ...


class PackedPolicyTooLarge(KmsError): ...


class ExpiredTokenException(KmsError): ...


class AccessDenied(KmsError):
    status = 403


# Who may, and what the key is.
class AccessDeniedException(KmsError): ...


class NotAuthorizedException(KmsError): ...


class NotFoundException(KmsError): ...


class InvalidArnException(KmsError): ...


class AlreadyExistsException(KmsError): ...


class DisabledException(KmsError): ...


class KMSInvalidStateException(KmsError): ...


class InvalidKeyUsageException(KmsError): ...


class UnsupportedOperationException(KmsError): ...


class IncorrectKeyException(KmsError): ...


class MalformedPolicyDocumentException(KmsError, ValueError):
    """In Python a ValueError too, since whoever makes a person hands the document over as a value."""


class LimitExceededException(KmsError): ...


class ConflictException(KmsError): ...


class InvalidMarkerException(KmsError): ...


class TagException(KmsError): ...


class InvalidGrantTokenException(KmsError): ...


class InvalidGrantIdException(KmsError): ...


class DryRunOperationException(KmsError): ...


class ThrottlingException(KmsError): ...


# What the HSM finds.
class InvalidCiphertextException(KmsError): ...


class KMSInvalidMacException(KmsError): ...


class KMSInvalidSignatureException(KmsError): ...


class InvalidImportTokenException(KmsError): ...


class ExpiredImportTokenException(KmsError): ...


class IncorrectKeyMaterialException(KmsError): ...


# What stands behind a custom key store.
class CustomKeyStoreNotFoundException(KmsError): ...


class CustomKeyStoreInvalidStateException(KmsError): ...


class CustomKeyStoreHasCMKsException(KmsError): ...


class CustomKeyStoreNameInUseException(KmsError): ...


class CloudHsmClusterInUseException(KmsError): ...


class CloudHsmClusterNotFoundException(KmsError): ...


class CloudHsmClusterNotRelatedException(KmsError): ...


class IncorrectTrustAnchorException(KmsError): ...


class XksKeyAlreadyInUseException(KmsError): ...


class XksKeyNotFoundException(KmsError): ...


class XksProxyIncorrectAuthenticationCredentialException(KmsError): ...


class XksProxyUriEndpointInUseException(KmsError): ...


class XksProxyUriInUseException(KmsError): ...


class XksProxyUriUnreachableException(KmsError): ...


class KMSInternalException(KmsError):
    """Something outside the request failed, for example a full disk.

    AWS answers it with status 500; here it is 400, so that no client retries.
    """


# IAM's own, by the names of its model; what they are called on the wire, and their status, is read from there.
class DeleteConflictException(KmsError): ...


class EntityAlreadyExistsException(KmsError): ...


class InvalidInputException(KmsError): ...


class NoSuchEntityException(KmsError): ...


class PolicyNotAttachableException(KmsError): ...


class UnmodifiableEntityException(KmsError): ...


# CloudTrail's own.
class InvalidEventCategoryException(KmsError): ...


class InvalidLookupAttributesException(KmsError): ...


class InvalidMaxResultsException(KmsError): ...


class InvalidNextTokenException(KmsError): ...


class InvalidTimeRangeException(KmsError): ...


class StoreError(Exception):
    """A store that cannot be opened or used; its text is one sentence that says what to do."""
