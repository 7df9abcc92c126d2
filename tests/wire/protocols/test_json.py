import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kms_teach.errors import SerializationException
from kms_teach.wire.model import operation_model
from kms_teach.wire.protocols.json import decode, encode

ENCRYPT = operation_model("Encrypt").input_shape
IMPORT = operation_model("ImportKeyMaterial").input_shape
CREATE = operation_model("CreateKey").input_shape


def test_blobs_become_bytes_and_times_become_datetimes():
    assert decode(ENCRYPT, b'{"KeyId":"k","Plaintext":"aGk="}') == {"KeyId": "k", "Plaintext": b"hi"}
    assert decode(IMPORT, b'{"ValidTo":1767225600}') == {"ValidTo": datetime(2026, 1, 1, tzinfo=UTC)}


def test_null_and_unknown_members_are_as_if_absent():
    assert decode(ENCRYPT, b'{"KeyId":null,"Nonsense":{"a":[1]}}') == {}


def test_an_empty_body_is_an_empty_request():
    assert decode(ENCRYPT, b"") == {}


WRONG = [
    b"{", b"[]", b'"x"', b"\xff", b'{"KeyId":5}', b'{"KeyId":{}}', b'{"Plaintext":"not base64!"}', b'{"Plaintext":"aGk"}',
    b'{"DryRun":"yes"}', b'{"DryRun":1}', b'{"GrantTokens":"x"}', b'{"GrantTokens":[1]}', b'{"EncryptionContext":[]}',
    b'{"EncryptionContext":{"a":1}}', b'{"KeyId":"\\ud800"}', b'{"a":NaN}', b"[" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("body", WRONG)
def test_what_is_not_of_its_type_is_refused(body):
    with pytest.raises(SerializationException):
        decode(ENCRYPT, body)


@pytest.mark.parametrize("value", ["true", "1e400", "99999999999999999999", "1.5", '"5"'])
def test_a_number_is_a_number(value):
    with pytest.raises(SerializationException):
        decode(operation_model("GenerateRandom").input_shape, f'{{"NumberOfBytes":{value}}}'.encode())


@pytest.mark.parametrize("value", ["1e20", "-1e20", '"2026-01-01"', "true"])
def test_a_time_is_a_time(value):
    with pytest.raises(SerializationException):
        decode(IMPORT, f'{{"ValidTo":{value}}}'.encode())


@given(st.binary(max_size=60))
def test_any_bytes_decode_or_are_refused(body):
    with contextlib.suppress(SerializationException):
        assert isinstance(decode(CREATE, body), dict)


def test_an_answer_is_compact_json():
    answer = encode({"KeyId": "k", "Plaintext": b"hi", "At": datetime(2026, 1, 1, tzinfo=UTC)})
    assert answer == b'{"KeyId":"k","Plaintext":"aGk=","At":1767225600.0}'
    assert encode(None) == b""


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("DescribeKey", lambda at: {"KeyMetadata": {"CreationDate": at}}),
        ("ListGrants", lambda at: {"Grants": ({"CreationDate": at},)}),
        ("GetParametersForImport", lambda at: {"ParametersValidTo": at}),
    ],
)
def test_a_time_is_told_in_seconds_wherever_it_stands(operation, answer):
    shape = operation_model(operation).output_shape
    assert encode(answer(datetime(2026, 1, 1, tzinfo=UTC)), shape) == encode(answer(1767225600.0))


def test_letters_beyond_ascii_are_sent_as_they_are():
    assert encode({"Description": "é ☃ 🔑"}) == '{"Description":"é ☃ 🔑"}'.encode()
