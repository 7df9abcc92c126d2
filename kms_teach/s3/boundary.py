"""S3's boundary: data keys are asked of KMS, wrapped and opened here, and handed on closed (`sealing.DataKeys`).

S3 User Guide, "Using server-side encryption with AWS KMS keys" and "Reducing the cost of SSE-KMS with Amazon S3 Bucket
Keys". What a record keeps of a data key is its envelope, in which every key is wrapped.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple, NoReturn, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from kms_teach.access.principals import Principal
from kms_teach.buckets.names import bucket_arn
from kms_teach.buckets.records import DSSE_KMS, SSE_C, SSE_S3, Envelope, OwnedKey, Pairs
from kms_teach.hsm.blob import parse
from kms_teach.hsm.boundary import Hsm
from kms_teach.s3.errors import S3Error
from kms_teach.s3.sealing import DataKeys
from kms_teach.store import Store

KEY_SIZE, NONCE_SIZE = 32, 12  # bytes
ARN = "aws:s3:arn"  # the pair of the encryption context that S3 adds
BUCKET_KEY_LIFE = timedelta(minutes=5)  # AWS says "time-limited", and no more
HELD = 1024  # bucket keys held open, the least recently used leaves first
WRONG_KEY = (
    "Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key."
)


class Asker(Protocol):
    """Who asks KMS: the call to S3 on whose behalf it is done."""

    @property
    def principal(self) -> Principal: ...
    @property
    def now(self) -> datetime: ...
    def kms(self, operation: str, **params: Any) -> Mapping[str, Any]: ...


class Wanted(Struct, frozen=True, kw_only=True):
    """How an object is to be encrypted. customer_key: of SSE-C, opaque to everybody but the boundary."""

    algorithm: str
    kms_key: str = ""  # as KMS is asked for it
    context: Pairs = ()
    bucket_key: bool = False
    by_encrypt: bool = False  # by kms:Encrypt, as replication does, and not by kms:GenerateDataKey
    customer_key: "CustomerKey | None" = None


class CustomerKey:
    """A key that a caller brings with the request (SSE-C). S3 keeps nothing of it but its MD5."""

    def __init__(self, key: bytes, md5: str) -> None:
        self.__key, self.md5 = key, md5

    def cipher(self) -> AESGCM:
        return AESGCM(self.__key)

    def __repr__(self) -> str:
        return "CustomerKey(closed)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a customer's key cannot be copied or pickled")


class _BucketKey(NamedTuple):
    until: datetime
    wrapped: bytes
    key_arn: str
    cipher: AESGCM

    def __repr__(self) -> str:
        return "_BucketKey(closed)"


class Boundary:
    """Makes and opens data keys. Between calls it holds bucket keys, for a while."""

    def __init__(self, store: Store, hsm: Hsm) -> None:
        self.__store, self.__hsm = store, hsm
        self.__bucket_keys: OrderedDict[tuple[Any, ...], _BucketKey] = OrderedDict()
        self.__one = threading.Lock()

    def new(self, asker: Asker, wanted: Wanted, region: str, arn: str) -> tuple[Envelope, DataKeys]:
        """The envelope of a new object, and its data keys. Raises what KMS raises."""
        algorithm = wanted.algorithm
        if algorithm == SSE_C:
            key, customer = os.urandom(KEY_SIZE), wanted.customer_key
            assert customer is not None
            inner = _locked(customer.cipher(), key, arn)
            return Envelope(algorithm=algorithm, inner=inner, customer_key_md5=customer.md5), DataKeys(key)
        if algorithm == SSE_S3:
            key = os.urandom(KEY_SIZE)
            return Envelope(algorithm=algorithm, wrapped=self.__own(region, key, arn)), DataKeys(key)
        if wanted.bucket_key and algorithm != DSSE_KMS:
            key, bucket_key = os.urandom(KEY_SIZE), self.__bucket_key_to_write(asker, wanted.kms_key, arn)
            envelope = Envelope(
                algorithm=algorithm, context=wanted.context, bucket_key=True, key_arn=bucket_key.key_arn,
                wrapped=bucket_key.wrapped, inner=_locked(bucket_key.cipher, key, arn),
            )  # fmt: skip
            return envelope, DataKeys(key)
        if wanted.by_encrypt:
            key = os.urandom(KEY_SIZE)
            return self.__encrypted(asker, key, wanted, arn), DataKeys(key)
        context = {**dict(wanted.context), ARN: arn}
        made = asker.kms("GenerateDataKey", KeyId=wanted.kms_key, KeySpec="AES_256", EncryptionContext=context)
        second = (os.urandom(KEY_SIZE),) if algorithm == DSSE_KMS else ()
        envelope = Envelope(
            algorithm=algorithm, context=wanted.context, key_arn=made["KeyId"], wrapped=made["CiphertextBlob"],
            outer=self.__own(region, *second, arn) if second else b"",
        )  # fmt: skip
        return envelope, DataKeys(made["Plaintext"], *second)

    def open(
        self, asker: Asker, envelope: Envelope, region: str, arn: str, customer_key: CustomerKey | None = None
    ) -> DataKeys:
        """The data keys of an object. Raises what KMS raises, and AccessDenied for another customer's key."""
        key = self.__opened(asker, envelope, region, arn, customer_key)
        return DataKeys(key, self.__disown(region, envelope.outer, arn)) if envelope.outer else DataKeys(key)

    def wrap_again(self, asker: Asker, envelope: Envelope, wanted: Wanted, region: str, arn: str) -> Envelope:
        """The same data key under another KMS key: the bytes of the object stay as they are."""
        key = self.__opened(asker, envelope, region, arn, None)
        if wanted.bucket_key:
            bucket_key = self.__bucket_key_to_write(asker, wanted.kms_key, arn)
            return Envelope(
                algorithm=wanted.algorithm, key_arn=bucket_key.key_arn, bucket_key=True, wrapped=bucket_key.wrapped,
                inner=_locked(bucket_key.cipher, key, arn),
            )  # fmt: skip
        return self.__encrypted(asker, key, wanted, arn)

    def __encrypted(self, asker: Asker, key: bytes, wanted: Wanted, arn: str) -> Envelope:
        made = asker.kms("Encrypt", KeyId=wanted.kms_key, Plaintext=key, EncryptionContext={ARN: arn})
        return Envelope(algorithm=wanted.algorithm, key_arn=made["KeyId"], wrapped=made["CiphertextBlob"])

    def __opened(
        self, asker: Asker, envelope: Envelope, region: str, arn: str, customer_key: CustomerKey | None
    ) -> bytes:
        if envelope.algorithm == SSE_C:
            assert customer_key is not None
            return _unlocked(customer_key.cipher(), envelope.inner, arn)
        if envelope.algorithm == SSE_S3:
            return self.__disown(region, envelope.wrapped, arn)
        if envelope.bucket_key:
            return _unlocked(self.__bucket_key_to_read(asker, envelope, arn).cipher, envelope.inner, arn)
        context = {**dict(envelope.context), ARN: arn}
        opened = asker.kms("Decrypt", CiphertextBlob=envelope.wrapped, EncryptionContext=context)
        key: bytes = opened["Plaintext"]
        return key

    def __bucket_key_to_write(self, asker: Asker, kms_key: str, arn: str) -> _BucketKey:
        """The bucket key for what this requester puts; KMS is asked once in a while."""
        bucket = _bucket(arn)
        place = ("GenerateDataKey", *_requester(asker), bucket, kms_key)
        held = self.__held(place, asker.now)
        if held is None:
            made = asker.kms("GenerateDataKey", KeyId=kms_key, KeySpec="AES_256", EncryptionContext={ARN: bucket})
            cipher = AESGCM(made["Plaintext"])
            held = _BucketKey(asker.now + BUCKET_KEY_LIFE, made["CiphertextBlob"], made["KeyId"], cipher)
            self.__hold(place, held)
        return held

    def __bucket_key_to_read(self, asker: Asker, envelope: Envelope, arn: str) -> _BucketKey:
        place = ("Decrypt", *_requester(asker), envelope.wrapped)
        held = self.__held(place, asker.now)
        if held is None:
            context = {ARN: _bucket(arn)}
            opened = asker.kms("Decrypt", CiphertextBlob=envelope.wrapped, EncryptionContext=context)
            cipher = AESGCM(opened["Plaintext"])
            held = _BucketKey(asker.now + BUCKET_KEY_LIFE, envelope.wrapped, envelope.key_arn, cipher)
            self.__hold(place, held)
        return held

    def __held(self, place: tuple[Any, ...], now: datetime) -> _BucketKey | None:
        with self.__one:
            held = self.__bucket_keys.pop(place, None)
            if held is None or held.until <= now:
                return None
            self.__bucket_keys[place] = held
        return held

    def __hold(self, place: tuple[Any, ...], key: _BucketKey) -> None:
        with self.__one:
            self.__bucket_keys[place] = key
            if len(self.__bucket_keys) > HELD:
                self.__bucket_keys.popitem(last=False)

    def __own(self, region: str, key: bytes, arn: str) -> bytes:
        """Wrap under S3's own key of a Region, which is made when it is first needed."""
        owned = self.__store.get(OwnedKey, "owned key", region)
        if owned is None:
            with self.__store.transaction():  # another thread may have made it meanwhile
                owned = self.__store.get(OwnedKey, "owned key", region)
                if owned is None:
                    sealed = self.__hsm.generate("SYMMETRIC_DEFAULT", f"S3 in {region}")
                    owned = OwnedKey(region=region, sealed=sealed)
                    self.__store.put(owned)
        return self.__hsm.encrypt(owned.sealed, key, {ARN: arn})

    def __disown(self, region: str, wrapped: bytes, arn: str) -> bytes:
        owned, blob = self.__store.get(OwnedKey, "owned key", region), parse(wrapped)
        assert owned is not None
        assert blob is not None
        return self.__hsm.decrypt(owned.sealed, blob, {ARN: arn})

    def __repr__(self) -> str:
        return "Boundary(closed)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("S3's boundary cannot be copied or pickled: its keys never leave it")


def _bucket(arn: str) -> str:
    return bucket_arn(arn.removeprefix("arn:aws:s3:::").partition("/")[0])


def _requester(asker: Asker) -> tuple[str, Any]:
    """For whom a bucket key is fetched: S3 User Guide, "S3 Bucket Keys": per role, account or session policy."""
    return asker.principal.arn, asker.principal.session_policies


def _locked(cipher: AESGCM, key: bytes, arn: str) -> bytes:
    nonce = os.urandom(NONCE_SIZE)
    return nonce + cipher.encrypt(nonce, key, arn.encode())


def _unlocked(cipher: AESGCM, locked: bytes, arn: str) -> bytes:
    try:
        return cipher.decrypt(locked[:NONCE_SIZE], locked[NONCE_SIZE:], arn.encode())
    except InvalidTag:
        raise S3Error("AccessDenied", WRONG_KEY) from None
