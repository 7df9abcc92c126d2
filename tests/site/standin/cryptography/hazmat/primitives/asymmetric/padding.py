"""RSA's paddings, by Node's names."""

from typing import Any

from cryptography.hazmat.primitives.hashes import HashAlgorithm


class AsymmetricPadding:
    how = ""


class MGF1:
    def __init__(self, algorithm: HashAlgorithm) -> None:
        self.algorithm = algorithm


class OAEP(AsymmetricPadding):
    how = "oaep"

    def __init__(self, mgf: MGF1, algorithm: HashAlgorithm, label: None) -> None:
        assert (mgf.algorithm.name, label) == (algorithm.name, None)
        self.algorithm = algorithm


class PKCS1v15(AsymmetricPadding):
    how = "pkcs1"


class PSS(AsymmetricPadding):
    how = "pss"
    DIGEST_LENGTH = object()

    def __init__(self, mgf: MGF1, salt_length: Any) -> None:
        assert salt_length is self.DIGEST_LENGTH
        self.mgf = mgf
