"""S3's errors: code, status and words in one table; and how an error of KMS is passed on.

S3 API Reference, "Error responses". Words that are not recorded from S3 are ours, and docs/differences.md says so.
"""

from collections.abc import Mapping
from typing import Any

from kms_teach.errors import KmsError

# code -> status, words
ERRORS: Mapping[str, tuple[int, str]] = {
    "AccessDenied":            (403, "Access Denied"),
    "AuthorizationQueryParametersError": (400, ""),
    "BadDigest":               (400, "The Content-MD5 you specified did not match what we received."),
    "BucketAlreadyExists":     (409, "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again."),
    "BucketAlreadyOwnedByYou": (409, "Your previous request to create the named bucket succeeded and you already own it."),
    "BucketNotEmpty":          (409, "The bucket you tried to delete is not empty"),
    "EntityTooLarge":          (400, "Your proposed upload exceeds the maximum allowed size"),
    "EntityTooSmall":          (400, "Your proposed upload is smaller than the minimum allowed size"),
    "IllegalLocationConstraintException": (400, "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to."),
    "IncompleteBody":          (400, "You did not provide the number of bytes specified by the Content-Length HTTP header"),
    "InternalError":           (400, "We encountered an internal error. Please try again."),  # 400: no client is to repeat it
    "InvalidArgument":         (400, "Invalid Argument"),
    "InvalidBucketName":       (400, "The specified bucket is not valid."),
    "InvalidDigest":           (400, "The Content-MD5 you specified was invalid."),
    "InvalidLocationConstraint": (400, "The specified location-constraint is not valid"),
    "InvalidPart":             (400, "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag."),
    "InvalidPartOrder":        (400, "The list of parts was not in ascending order. Parts must be ordered by part number."),
    "InvalidRange":            (416, "The requested range is not satisfiable"),
    "InvalidRequest":          (400, "Invalid Request"),
    "KeyTooLongError":         (400, "Your key is too long"),
    "MalformedPolicy":         (400, "This policy contains invalid Json"),
    "MalformedXML":            (400, "The XML you provided was not well-formed or did not validate against our published schema"),
    "MetadataTooLarge":        (400, "Your metadata headers exceed the maximum allowed metadata size"),
    "MethodNotAllowed":        (405, "The specified method is not allowed against this resource."),
    "MissingContentLength":    (411, "You must provide the Content-Length HTTP header."),
    "NoSuchBucket":            (404, "The specified bucket does not exist"),
    "NoSuchBucketPolicy":      (404, "The bucket policy does not exist"),
    "NoSuchKey":               (404, "The specified key does not exist."),
    "NoSuchPublicAccessBlockConfiguration": (404, "The public access block configuration was not found"),
    "NoSuchUpload":            (404, "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."),
    "NotImplemented":          (501, "A header you provided implies functionality that is not implemented"),
    "NotModified":             (304, "Not Modified"),
    "PreconditionFailed":      (412, "At least one of the pre-conditions you specified did not hold"),
    "ReplicationConfigurationNotFoundError": (404, "The replication configuration was not found"),
    "RequestTimeTooSkewed":    (403, "The difference between the request time and the current time is too large."),
    "ServerSideEncryptionConfigurationNotFoundError": (404, "The server side encryption configuration was not found"),
    "SlowDown":                (503, "Please reduce your request rate for operations involving AWS KMS."),
    "XAmzContentSHA256Mismatch": (400, "The provided 'x-amz-content-sha256' header does not match what was computed."),
}  # fmt: skip


class S3Error(KmsError):
    """An answer of S3's that is an error. extras: what it tells beside code and message, by element."""

    def __init__(self, code: str, message: str | None = None, decision: Any = None, **extras: str) -> None:
        status, words = ERRORS.get(code, (400, ""))
        super().__init__(message if message is not None else words, decision)
        self._code, self.status, self.extras = code, status, extras

    @property
    def code(self) -> str:
        return self._code


class NotSimulatedError(S3Error):
    """What S3 has and the simulator does not: refused by name, and never passed over."""

    def __init__(self, what: str) -> None:
        super().__init__("NotImplemented", f"{what} is not simulated here: docs/differences.md has what is")


def argument(words: str, name: str, value: str) -> S3Error:
    """An InvalidArgument, which names the argument and repeats its value."""
    return S3Error("InvalidArgument", words, ArgumentName=name, ArgumentValue=value)
