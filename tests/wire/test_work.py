import json

import pytest

from kms_teach.wire.endpoint import LONG_BODY, work
from kms_teach.wire.exchange import Exchange


@pytest.mark.parametrize(
    ("operation", "body", "kind"),
    [
        ("CreateKey", {"KeySpec": "RSA_4096"}, "making keys"),
        ("GenerateDataKeyPair", {"KeyPairSpec": "RSA_3072"}, "making keys"),
        ("GetParametersForImport", {"WrappingKeySpec": "RSA_2048"}, "making keys"),
        ("CreateKey", {}, ""),
        ("CreateKey", {"KeySpec": "ECC_NIST_P256"}, ""),
        ("DescribeKey", {"KeyId": "alias/RSA_4096"}, ""),
        ("Sign", {"SigningAlgorithm": "RSASSA_PSS_SHA_256"}, "using private keys"),
        ("Sign", {"SigningAlgorithm": "ML_DSA_SHAKE_256", "Message": "x" * LONG_BODY}, "using private keys"),
        ("Sign", {"SigningAlgorithm": "ECDSA_SHA_256"}, ""),
        ("Decrypt", {"EncryptionAlgorithm": "RSAES_OAEP_SHA_1"}, "using private keys"),
        ("ReEncrypt", {"SourceEncryptionAlgorithm": "RSAES_OAEP_SHA_1"}, "using private keys"),
        ("ReEncrypt", {}, ""),
        ("Encrypt", {"EncryptionAlgorithm": "RSAES_OAEP_SHA_1"}, ""),
        ("PutKeyPolicy", {"Policy": "x" * LONG_BODY}, "reading documents"),
        ("Decrypt", {"Recipient": {"AttestationDocument": "x" * LONG_BODY}}, "reading documents"),
        ("LookupEvents", {}, "reading documents"),
        ("Nothing", {}, ""),
    ],
)
def test_long_work_is_told_by_what_is_asked(operation, body, kind):
    headers = {"x-amz-target": f"TrentService.{operation}"}
    assert work(Exchange("POST", "/", headers, json.dumps(body).encode())) == kind
