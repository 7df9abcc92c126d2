import pytest
from botocore.model import ServiceModel

from kms_teach.errors import ValidationException
from kms_teach.wire.model import check, service_model


def said(name, params):
    with pytest.raises(ValidationException) as caught:
        check(name, params)
    return caught.value.message


# Recorded from AWS (or, the missing member, from two other emulators that copied it)
RECORDED = [
    ("Encrypt", {"KeyId": "k", "Plaintext": b""}, "Value at 'plaintext' failed to satisfy constraint: Member must have length greater than or equal to 1"),
    ("Encrypt", {"KeyId": "k", "Plaintext": b"x" * 4097}, "Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096"),
    ("GenerateRandom", {"NumberOfBytes": 0}, "Value '0' at 'numberOfBytes' failed to satisfy constraint: Member must have value greater than or equal to 1"),
    ("GenerateRandom", {"NumberOfBytes": 1025}, "Value '1025' at 'numberOfBytes' failed to satisfy constraint: Member must have value less than or equal to 1024"),
    ("Encrypt", {"Plaintext": b"x"}, "Value null at 'keyId' failed to satisfy constraint: Member must not be null"),
    ("CreateAlias", {"TargetKeyId": "k", "AliasName": "alias/x!"}, "Value 'alias/x!' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$"),
    ("TagResource", {"KeyId": "k", "Tags": [{"TagKey": "k" * 129, "TagValue": "v"}]}, f"Value '{'k' * 129}' at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length less than or equal to 128"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "params", "words"), RECORDED)
def test_a_violation_is_worded_as_aws_words_it(name, params, words):
    assert said(name, params) == f"1 validation error detected: {words}"


def test_all_violations_come_at_once():
    message = said("Encrypt", {"Plaintext": b"", "EncryptionAlgorithm": "ROT13"})
    assert message.startswith("3 validation errors detected: Value null at 'keyId'")
    assert message.count("; ") == 2


def test_an_enum_names_what_is_allowed():
    assert "Member must satisfy enum value set: [AES_256, AES_128]" in said(
        "GenerateDataKey", {"KeyId": "k", "KeySpec": "DES"}
    )


def outside_and_inside(member):
    """Values that break one constraint of a member, with the words for it, and values that keep it (no words)."""
    meta = member.metadata
    match member.type_name:
        case "string":
            good = meta["enum"][0] if "enum" in meta else "a" * max(meta.get("min", 1), 1)
            unit = str
        case "blob":
            good, unit = b"a" * max(meta.get("min", 1), 1), bytes
        case "list":
            good, unit = ["a"] * meta.get("min", 0), list
        case "integer":
            for bound, step, words in (("max", 1, "value less than"), ("min", -1, "value greater than")):
                if bound in meta:
                    yield from ((meta[bound] + step, words), (meta[bound] + step * 10**6, words))
                    yield from ((meta[bound], ""), (meta[bound] - step, ""))
            return
        case _:
            return
    one = {str: "a", bytes: b"a", list: ["a"]}[unit]
    if "max" in meta and "enum" not in meta:
        yield from ((one * (meta["max"] + 1), "length less than"), (one * (meta["max"] + 500), "length less than"))
        if unit is not list:
            yield one * meta["max"], "" if "pattern" not in meta or unit is bytes else "|pattern"
    if meta.get("min", 0) > 0:
        yield unit(), "length greater than"
        yield good, ""
    for value in meta.get("enum", ()):
        yield from (
            (value, ""),
            (value.lower(), "enum value set"),
            (value + "X", "enum value set"),
            (value[1:], "enum value set"),
            (f" {value}", "enum value set"),
        )
    if "pattern" in meta:
        yield from ((text, "regular expression pattern") for text in ("\u2603", "a\u0100", "\u0100b", "\U0001f511"))


def leaves(shape):
    """Every constrained member of an input, nested ones too: where it is, a value of the whole, the words for it."""
    for value, words in outside_and_inside(shape):
        yield "", value, words
    match shape.type_name:
        case "structure":
            for name in shape.required_members:
                yield f".{name[0].lower()}{name[1:]}", {}, "must not be null"
            for name, member in shape.members.items():
                for where, value, words in leaves(member):
                    yield f".{name[0].lower()}{name[1:]}{where}", {name: value}, words
        case "list":
            for where, value, words in leaves(shape.member):
                yield f".1.member{where}", [value], words
        case "map":
            for where, value, words in leaves(shape.value):
                yield f".a.member{where}", {"a": value}, words


CASES = [
    (name, where[1:], value, words)
    for name in service_model().operation_names
    for where, value, words in leaves(service_model().operation_model(name).input_shape)
]


def complaints(name, params):
    try:
        check(name, params)
    except ValidationException as error:
        return error.message.split("detected: ", 1)[1].split("; ")
    return []


def test_every_constraint_of_the_model_is_checked_and_no_other():
    """Just outside is refused, just inside is not: some two thousand cases made from the model."""
    assert len(CASES) > 2000
    for name, where, params, words in CASES:
        about = [c for c in complaints(name, params) if f" at '{where}'" in c]
        if words == "|pattern":  # as long as may be; its letters may still not be those of the pattern
            assert not any("length" in c for c in about), (name, where)
        elif words:
            assert any(words in c for c in about), (name, where)
        else:
            assert not any("pattern" not in c for c in about), (name, where, about)


def test_the_model_is_botocores():
    assert isinstance(service_model(), ServiceModel)
    assert len(service_model().operation_names) == 56
