"""Buckets, objects and uploads as the store keeps them. The bytes of objects are in files, sealed (`s3.files`)."""

from datetime import datetime

from msgspec import Struct

from kms_teach.buckets.names import bucket_arn, object_arn
from kms_teach.hsm.sealed import SealedKey

BUCKETS = "bucket"  # the scope of all buckets: a name is taken in every account and Region
Pairs = tuple[tuple[str, str], ...]

BLOCKED_ACCESS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
SSE_S3, SSE_KMS, DSSE_KMS, SSE_C = "AES256", "aws:kms", "aws:kms:dsse", "customer"


class Default(Struct, frozen=True, kw_only=True):
    """How a bucket encrypts what is put without a word about it. blocked: the types that are refused."""

    algorithm: str = SSE_S3
    kms_key: str = ""  # as it was given; "" is alias/aws/s3
    bucket_key: bool = False
    blocked: tuple[str, ...] = ("SSE-C",)  # in new buckets since April 2026: S3 User Guide, "Blocking SSE-C"


class Bucket(Struct, frozen=True, kw_only=True):
    """A bucket. policy, replication: the documents as they were put, "" without one."""

    name: str
    account: str
    region: str
    created: datetime
    encryption: Default = Default()
    policy: str = ""
    replication: str = ""
    public_access_block: tuple[str, ...] | None = BLOCKED_ACCESS  # those that are on; None when nothing is set

    @property
    def arn(self) -> str:
        return bucket_arn(self.name)

    @property
    def place(self) -> tuple[str, str, str]:
        return BUCKETS, self.name, self.account


class Envelope(Struct, frozen=True, kw_only=True):
    """How an object's data key is wrapped.

    wrapped: by KMS, a CiphertextBlob: of the data key, or with a bucket key of the bucket key; by S3's own key for
    SSE-S3. inner: the data key under the bucket key, or under the customer's. outer: with DSSE-KMS, the second data
    key under S3's own. context: what the request added to `aws:s3:arn`.
    """

    algorithm: str
    key_arn: str = ""
    context: Pairs = ()
    bucket_key: bool = False
    wrapped: bytes = b""
    inner: bytes = b""
    outer: bytes = b""
    customer_key_md5: str = ""

    @property
    def by_kms(self) -> bool:
        return self.algorithm in (SSE_KMS, DSSE_KMS)


class File(Struct, frozen=True):
    """One file of sealed bytes, and how many bytes are in it when opened."""

    name: str
    size: int


class Object(Struct, frozen=True, kw_only=True):
    """An object. described: what its maker says of it (Content-Type …), by S3's member names."""

    bucket: str
    key: str
    files: tuple[File, ...]
    etag: str  # without quotes
    modified: datetime
    envelope: Envelope
    metadata: Pairs = ()
    described: Pairs = ()
    checksum: Pairs = ()  # ChecksumCRC32 and so on -> base64, and ChecksumType
    replication: str = ""  # PENDING, COMPLETED, FAILED or REPLICA

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def arn(self) -> str:
        return object_arn(self.bucket, self.key)

    @property
    def place(self) -> tuple[str, str, str]:
        return f"object {self.bucket}", self.key, ""


class Upload(Struct, frozen=True, kw_only=True):
    """A multipart upload that is under way."""

    bucket: str
    key: str
    id: str
    begun: datetime
    initiator: str  # ARN
    envelope: Envelope
    metadata: Pairs = ()
    described: Pairs = ()
    checksum_algorithm: str = ""
    checksum_type: str = ""

    @property
    def arn(self) -> str:
        return object_arn(self.bucket, self.key)

    @property
    def place(self) -> tuple[str, str, str]:
        return f"upload {self.bucket}", self.id, self.key


class Part(Struct, frozen=True, kw_only=True):
    """A part of an upload."""

    upload: str
    number: int
    file: File
    etag: str
    modified: datetime
    checksum: Pairs = ()

    @property
    def place(self) -> tuple[str, str, str]:
        return f"part {self.upload}", f"{self.number:05}", ""


class OwnedKey(Struct, frozen=True, kw_only=True):
    """The AWS owned key with which S3 wraps data keys of SSE-S3 in one Region. No account sees it."""

    region: str
    sealed: SealedKey

    @property
    def place(self) -> tuple[str, str, str]:
        return "owned key", self.region, ""
