"""Hashes, by hashlib's names."""


class HashAlgorithm:
    name = ""
    digest_size = 0  # bytes


class SHA1(HashAlgorithm):
    name, digest_size = "sha1", 20


class SHA224(HashAlgorithm):
    name, digest_size = "sha224", 28


class SHA256(HashAlgorithm):
    name, digest_size = "sha256", 32


class SHA384(HashAlgorithm):
    name, digest_size = "sha384", 48


class SHA512(HashAlgorithm):
    name, digest_size = "sha512", 64
