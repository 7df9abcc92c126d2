"""botocore is the other side: what it writes we read, what we write it reads."""

import json
import random
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from botocore.awsrequest import AWSRequest
from botocore.handlers import json_decode_policies
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from hypothesis import given
from hypothesis import strategies as st

from kms_teach.errors import InvalidAction, SerializationException
from kms_teach.wire.exchange import Exchange, Refusal
from kms_teach.wire.protocols import query

WORDS = [
    "",
    "a",
    "two words",
    "a&b=c",
    "50%+5",
    "é",
    "鍵 🔑",
    "<b>]]></b>",
    "\"'",
    "\r\n\t x ",
    "a.b.1",
    "Tags.member.1",
]
MODELS = {name: ServiceModel(Loader().load_service_model(name, "service-2"), name) for name in ("iam", "sts")}

# What the protocol has and these two services have not: flat lists and maps, names of their own, other numbers
ODD = ServiceModel(
    {
        "metadata": {"protocol": "query", "apiVersion": "2026-01-01", "xmlNamespace": "https://odd/", "serviceId": "Odd"},
        "operations": {
            "Do": {"name": "Do", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "All"}, "output": {"shape": "All", "resultWrapper": "DoResult"}},
        },
        "shapes": {
            "All": {
                "type": "structure",
                "members": {
                    "Flat": {"shape": "FlatList"}, "FlatNamed": {"shape": "FlatNamedList"}, "Named": {"shape": "NamedList"},
                    "Lists": {"shape": "Lists"}, "FlatPairs": {"shape": "FlatMap"}, "Pairs": {"shape": "Map"}, "NamedPairs": {"shape": "NamedMap"},
                    "Renamed": {"shape": "Text", "locationName": "other"}, "Float": {"shape": "Float"}, "Double": {"shape": "Double"},
                    "Long": {"shape": "Long"}, "Blob": {"shape": "Blob"}, "Time": {"shape": "Time"}, "Yes": {"shape": "Bool"},
                    "Inner": {"shape": "Inner"},
                },
            },
            "Inner": {"type": "structure", "members": {"Flat": {"shape": "FlatList"}, "Text": {"shape": "Text"}}},
            "FlatList": {"type": "list", "flattened": True, "member": {"shape": "Text"}},
            "FlatNamedList": {"type": "list", "flattened": True, "member": {"shape": "Text", "locationName": "Each"}},
            "NamedList": {"type": "list", "member": {"shape": "Inner", "locationName": "item"}},
            "Lists": {"type": "list", "member": {"shape": "NamedTexts"}},
            "NamedTexts": {"type": "list", "member": {"shape": "Text"}},
            "FlatMap": {"type": "map", "flattened": True, "key": {"shape": "Text"}, "value": {"shape": "Text"}},
            "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Inner"}},
            "NamedMap": {"type": "map", "key": {"shape": "Text", "locationName": "Name"}, "value": {"shape": "Text", "locationName": "Value"}},
            "Text": {"type": "string"}, "Float": {"type": "float"}, "Double": {"type": "double"}, "Long": {"type": "long"},
            "Blob": {"type": "blob"}, "Time": {"type": "timestamp"}, "Bool": {"type": "boolean"},
        },
    },
    "odd",
)  # fmt: skip


def some(shape, dice):
    """A value of a shape; a structure has at least one member, a list may be empty."""
    match shape.type_name:
        case "structure":
            names = list(shape.members)
            chosen = dice.sample(names, dice.randint(min(1, len(names)), 1 if shape.is_tagged_union else len(names)))
            return {name: some(shape.members[name], dice) for name in chosen}
        case "list":
            least = 1 if shape.serialization.get("flattened") else 0  # an empty flat list has no name on the wire
            return [some(shape.member, dice) for _ in range(dice.choice([least, 1, 2, 12]))]
        case "map":
            return {some(shape.key, dice): some(shape.value, dice) for _ in range(dice.choice([1, 3]))}
        case "string":
            return dice.choice(WORDS)
        case "blob":
            return dice.randbytes(dice.choice([0, 1, 40]))
        case "timestamp":
            return datetime.fromtimestamp(dice.randint(0, 4 * 10**9), UTC)
        case "boolean":
            return dice.choice([True, False])
        case "float" | "double":
            return dice.choice([0.5, -2.25, 1e20])
        case _:
            return dice.choice([0, 1, -5, 3600, 2**40])


def values(model, name, shape, times):
    dice = random.Random(name)
    return [some(shape, dice) for _ in range(times)] if shape else [{}]


def sent(operation, params):
    """A request as botocore sends it."""
    request = create_serializer("query", False).serialize_to_request(params, operation)
    prepared = AWSRequest("POST", "http://here/", request["headers"], request["body"]).prepare()
    body = prepared.body if isinstance(prepared.body, bytes) else prepared.body.encode()
    return Exchange("POST", "/", {name.lower(): value for name, value in request["headers"].items()}, body)


def seen(operation, reply):
    """A reply as botocore reads it."""
    response = {"status_code": reply.status, "headers": reply.headers, "body": reply.body}
    return create_parser("query").parse(response, operation.output_shape)


def unencoded(operation, value):
    """What botocore's client does with IAM's documents after it has read them, without reading their JSON."""
    shape = operation.output_shape

    def walk(shape, value):
        if shape.name == "policyDocumentType":
            return quote(value, safe="")
        if shape.type_name == "structure":
            return {name: walk(shape.members[name], inner) for name, inner in value.items()}
        if shape.type_name == "list":
            return [walk(shape.member, inner) for inner in value]
        if shape.type_name == "map":
            return {key: walk(shape.value, inner) for key, inner in value.items()}
        return value

    return walk(shape, value) if shape else value


@pytest.mark.parametrize("service", [*MODELS, "odd"])
def test_what_botocore_writes_is_read(service):
    model = MODELS.get(service, ODD)
    for name in model.operation_names:
        operation = model.operation_model(name)
        for params in values(model, name, operation.input_shape, 40 if model is ODD else 6):
            assert query.read(model, sent(operation, params)) == (operation, params), name


@pytest.mark.parametrize("service", [*MODELS, "odd"])
def test_botocore_reads_what_is_written(service):
    model = MODELS.get(service, ODD)
    for name in model.operation_names:
        operation = model.operation_model(name)
        for result in values(model, name, operation.output_shape, 40 if model is ODD else 6):
            parsed = seen(operation, query.answer(operation, result, sent(operation, {}), "the-id"))
            assert parsed.pop("ResponseMetadata")["RequestId"] == "the-id"
            assert parsed == unencoded(operation, result), name


def test_an_answer_is_written_as_aws_writes_it():
    operation = MODELS["sts"].operation_model("GetCallerIdentity")
    reply = query.answer(operation, {"Account": "1", "Arn": "a<b", "UserId": "u"}, sent(operation, {}), "the-id")
    assert reply.headers == {"content-type": "text/xml", "x-amzn-RequestId": "the-id", "content-length": "277"}
    assert reply.body.decode() == (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
        "<GetCallerIdentityResult><UserId>u</UserId><Account>1</Account><Arn>a&lt;b</Arn></GetCallerIdentityResult>"
        "<ResponseMetadata><RequestId>the-id</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
    )


@pytest.mark.parametrize(
    ("name", "wrapped"), [("DeleteUser", ""), ("UpdateRole", "<UpdateRoleResult></UpdateRoleResult>")]
)
def test_an_operation_without_output_has_no_result_and_an_empty_output_has_an_empty_one(name, wrapped):
    operation = MODELS["iam"].operation_model(name)
    body = query.answer(operation, None, sent(operation, {}), "the-id").body.decode()
    assert body == (
        f'<{name}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/">{wrapped}'
        f"<ResponseMetadata><RequestId>the-id</RequestId></ResponseMetadata></{name}Response>"
    )


def test_times_are_whole_seconds_of_utc():
    operation = MODELS["iam"].operation_model("GetUser")
    user = {"CreateDate": datetime(2018, 11, 23, 13, 24, 26, 999999, UTC)}
    assert (
        b"<CreateDate>2018-11-23T13:24:26Z</CreateDate>"
        in query.answer(operation, {"User": user}, sent(operation, {}), "").body
    )


def test_a_policy_document_leaves_iam_encoded_and_botocore_decodes_it():
    operation = MODELS["iam"].operation_model("GetRolePolicy")
    document = {"Statement": [{"Resource": "a b/%3A*~é"}]}
    reply = query.answer(operation, {"PolicyDocument": json.dumps(document)}, sent(operation, {}), "")
    assert b"%20" in reply.body
    assert b"%253A%2A~%5Cu00e9" in reply.body
    parsed = seen(operation, reply)
    json_decode_policies(parsed, operation)
    assert parsed["PolicyDocument"] == document


def test_an_error_is_written_as_aws_writes_it():
    operation = MODELS["iam"].operation_model("GetUser")
    refusal = Refusal("NoSuchEntity", "The user with name <x> cannot be found.", 404)
    reply = query.refuse(MODELS["iam"], refusal, sent(operation, {}), "the-id")
    assert (reply.status, reply.body.decode()) == (404, (
        '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code>'
        "<Message>The user with name &lt;x&gt; cannot be found.</Message></Error><RequestId>the-id</RequestId></ErrorResponse>"
    ))  # fmt: skip
    parsed = seen(operation, reply)
    assert (parsed["Error"]["Code"], parsed["Error"]["Message"]) == ("NoSuchEntity", refusal.message)


@given(st.text())
def test_any_words_can_be_said_in_an_error(words):
    operation = MODELS["sts"].operation_model("AssumeRole")
    parsed = seen(operation, query.refuse(MODELS["sts"], Refusal("X", words, 400), sent(operation, {}), ""))
    assert len(parsed["Error"].get("Message") or "") == len(words)


def test_who_accepts_json_gets_json():
    operation = MODELS["sts"].operation_model("AssumeRole")
    asked = sent(operation, {})
    asked = Exchange("POST", "/", asked.headers | {"accept": "application/json"}, asked.body)
    result = {"Credentials": {"AccessKeyId": "k", "Expiration": datetime(2026, 1, 1, tzinfo=UTC)}}
    reply = query.answer(operation, result, asked, "the-id")
    assert reply.headers["content-type"] == "application/json"
    assert json.loads(reply.body) == {
        "AssumeRoleResponse": {
            "AssumeRoleResult": {"Credentials": {"AccessKeyId": "k", "Expiration": 1767225600.0}},
            "ResponseMetadata": {"RequestId": "the-id"},
        }
    }
    reply = query.refuse(MODELS["sts"], Refusal("AccessDenied", "no", 403), asked, "the-id")
    assert (reply.status, json.loads(reply.body)) == (
        403, {"Error": {"Type": "Sender", "Code": "AccessDenied", "Message": "no"}, "RequestId": "the-id"},
    )  # fmt: skip


def asked(service, body, method="POST", path="/"):
    return query.read(MODELS[service], Exchange(method, path, {}, body))


ASSUME = b"Action=AssumeRole&Version=2011-06-15&"
TAG = b"Action=TagRole&Version=2010-05-08&"


@pytest.mark.parametrize(
    ("service", "body"),
    [
        ("sts", ASSUME + b"DurationSeconds=ten"), ("sts", ASSUME + b"DurationSeconds="), ("sts", ASSUME + b"DurationSeconds=1.5"),
        ("sts", ASSUME + "DurationSeconds=\u00b2".encode()), ("sts", ASSUME + b"DurationSeconds=" + b"9" * 5000),
        ("sts", ASSUME + b"RoleArn.below=x"), ("sts", ASSUME + b"RoleArn=%ff"), ("sts", b"\xff" + ASSUME),
        ("iam", TAG + b"Tags.1.Key=a"), ("iam", TAG + b"Tags.member.one.Key=a"), ("iam", TAG + b"Tags.member.-1.Key=a"),
        ("iam", TAG + "Tags.member.\u0661.Key=a".encode()), ("iam", TAG + b"Tags.member.1=a"), ("iam", TAG + b"Tags=a"),
        ("iam", b"Action=UpdateAccountPasswordPolicy&Version=2010-05-08&RequireSymbols=yes"),
        ("iam", b"Action=GenerateServiceLastAccessedDetails&Version=2010-05-08&Arn." + b"x." * 200_000 + b"=1"),
    ],
)  # fmt: skip
def test_what_is_not_of_its_type_is_refused(service, body):
    with pytest.raises(SerializationException):
        asked(service, body)


def test_elements_come_in_the_order_of_their_numbers_and_gaps_close():
    _, params = asked("iam", TAG + b"Tags.member.10.Key=c&Tags.member.2.Key=b&Tags.member.1.Key=a&Nonsense.1=x")
    assert [tag["Key"] for tag in params["Tags"]] == ["a", "b", "c"]


def test_an_empty_list_is_a_field_without_a_value():
    assert asked("iam", TAG + b"Tags=&RoleName=") == (
        MODELS["iam"].operation_model("TagRole"),
        {"Tags": [], "RoleName": ""},
    )


def test_a_get_has_its_form_in_the_address():
    operation, params = asked("iam", b"", "GET", "/?Action=GetUser&Version=2010-05-08&UserName=a%20b")
    assert (operation.name, params) == ("GetUser", {"UserName": "a b"})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "Could not find operation  for version NO_VERSION_SPECIFIED"),
        (b"Action=GetUser", "Could not find operation GetUser for version NO_VERSION_SPECIFIED"),
        (b"Action=Nonsense&Version=2010-05-08", "Could not find operation Nonsense for version 2010-05-08"),
        (b"Action=GetUser&Version=2011-06-15", "Could not find operation GetUser for version 2011-06-15"),
    ],
)
def test_an_operation_that_the_version_lacks_is_named(body, words):
    with pytest.raises(InvalidAction, match=f"^{words}$"):
        asked("iam", body)


@given(st.binary(max_size=80))
def test_any_form_is_read_or_refused(body):
    for start in (b"", ASSUME, TAG):
        try:
            asked("iam" if start == TAG else "sts", start + body)
        except (SerializationException, InvalidAction):
            continue
