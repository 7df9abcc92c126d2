import json

import pytest

from kms_teach.errors import MESSAGE_MAX, KmsError, NotFoundException, cut
from kms_teach.wire.endpoint import answer, turn_away
from kms_teach.wire.exchange import Exchange
from kms_teach.wire.model import operation_model, service_model

LONG = ("x " * 15_000, "arn:aws:kms:us-east-1:111122223333:key/" + "y" * 2000, "'`" * 9000)


def test_of_a_long_value_the_middle_is_left_out():
    assert cut("a" * 500) == "a" * 500
    assert cut("a" * 400 + "b" * 400) == "a" * 248 + "..." + "b" * 248


def test_the_words_around_long_values_stay():
    said = NotFoundException(f"Key '{'a' * 5000}' of '{'b' * 5000}' does not exist", hint="look again")
    assert len(said.message) < MESSAGE_MAX
    assert [said.message[:6], said.message[-17:]] == ["Key 'a", "b' does not exist"]
    assert "a' of 'b" in said.message
    assert str(said) == f"{said.message} (look again)"
    assert KmsError("short").message == "short"
    assert KmsError().message is None


def wrong(shape, value):
    """Parameters of an operation with `value` wherever there is text."""
    match shape.type_name:
        case "structure":
            return {name: wrong(member, value) for name, member in shape.members.items()}
        case "list":
            return [wrong(shape.member, value)] * 12
        case "map":
            return {f"{value}{n}": value for n in range(12)}
        case "string":
            return value
        case "blob":
            return "eHg="
        case "boolean":
            return False
        case _:
            return -1


@pytest.mark.parametrize("name", sorted(service_model().operation_names))
def test_no_message_is_longer_whatever_is_sent(sim, key, name):
    shape = operation_model(name).input_shape
    for value in LONG:
        everything = wrong(shape, value)
        for params in (everything, *({part: each} for part, each in everything.items()), {"KeyId": key} | everything):
            headers = {"x-amz-target": f"TrentService.{name}"}
            caller = sim.root()._principal
            reply = answer(
                sim.service,
                Exchange("POST", "/", headers, json.dumps(params).encode(), caller=caller, region="us-east-1"),
            )
            said = json.loads(reply.body or b"{}")
            assert len(said.get("message") or said.get("Message") or "") <= MESSAGE_MAX
            assert "__type" in said or reply.status == 200
    assert all(len(record.event.get("errorMessage", "")) <= MESSAGE_MAX for record in sim.trail)


def test_a_host_is_repeated_only_so_far():
    for signed in ("kms", "sqs"):  # of which the second is not here
        headers = {"authorization": f"Credential=a/b/c/{signed}/x"}
        reply = turn_away(Exchange("POST", "/", headers, b"{}"), f"this server is not called {'h' * 60_000}")
        assert len(reply.body) < 2200
