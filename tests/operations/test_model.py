"""What botocore's model says in sentences and not in constraints: either … but not both, markers, limits of a page.

The model is walked for such sentences, and each is led to the test that sees to it. A newer botocore with another
sentence fails here: write a test for it, or say why none can be, and add its row.
"""

import ast
import re
from html import unescape
from pathlib import Path

import botocore.session
import pytest

ROOT = Path(__file__).parents[2]
SENTENCE = re.compile(
    r"not both|\beither\b.*\bor\b.*\bbut\b|same request|mutually"
    r"|can't (use|specify|include).*(with|and)|cannot (use|specify|include).*(with|together)"
    r"|Marker|between \d+ and \d[\d,]*, inclusive",
    re.IGNORECASE,
)
HERE = "tests/operations/test_model.py::"
EITHER, LIMIT, PAGES = (
    HERE + "test_one_of_two_parameters_at_most",
    HERE + "test_a_page_has_at_most_what_the_model_says",
    HERE + "test_the_pages_of_a_list_meet",
)
ADVICE = "advice, or what a key is for: nothing that a request could break"
# the beginning of a sentence -> the test that sees to it, or why there is none
COVERED = {
    "You cannot use a proxy configuration with the CreateCustomKeyStore operation": "a proxy of the network, not a parameter",
    "KMS keys with RSA key pairs can be used to encrypt": "tests/recorded/test_recorded.py::test_what_aws_was_recorded_to_answer_is_answered",
    "KMS keys with NIST-standard ECC key pairs can be used": "tests/recorded/test_recorded.py::test_what_aws_was_recorded_to_answer_is_answered",
    "To get only information about a particular custom key store": EITHER,
    "Use either the KeySpec or NumberOfBytes parameters": EITHER,
    "KMS recommends that you use ECC key pairs": ADVICE,
    "An external key store with PUBLIC_ENDPOINT connectivity cannot use the same": HERE + "test_two_kinds_of_connectivity_do_not_share_an_endpoint",
    "You must specify either GranteePrincipal or GranteeServicePrincipal": EITHER,
    "You can specify either RetiringPrincipal or RetiringServicePrincipal": EITHER,
    "You cannot use an encryption context grant constraint": HERE + "test_an_asymmetric_key_has_no_context_to_constrain",
    "To limit the output to a particular custom key store": EITHER,
    "Set it to the value of NextMarker": PAGES,
    "When Truncated is true, this element is present": PAGES,
    "To get more items, pass the value of the NextMarker": PAGES,
    "The KMS rule that restricts the use of asymmetric RSA": ADVICE,
    "You must specify either the KeySpec or the NumberOfBytes": EITHER,
    "You cannot use the RSAES_OAEP_SHA_256 wrapping algorithm": "tests/operations/test_imports.py::test_a_wrapping_that_does_not_fit_the_material",
    "You cannot use the RSAES_OAEP_SHA_1 wrapping algorithm": "tests/operations/test_imports.py::test_a_wrapping_that_does_not_fit_the_material",
    "You cannot specify a key material ID with ImportType": HERE + "test_new_material_has_no_id_to_name",
    "The request was rejected because the marker": HERE + "test_a_marker_that_is_none_is_refused",
    "You cannot use the KMS key with other": "tests/recorded/test_recorded.py::test_what_aws_was_recorded_to_answer_is_answered",
    "If you include a value, it must be between 1 and": LIMIT,
    "You can specify either GranteePrincipal or GranteeServicePrincipal": EITHER,
    "To get all of the KMS keys, continue calling ListKeys": PAGES,
    "Use a NextMarker value only in a request that has the same": HERE + "test_a_marker_goes_with_the_question_it_came_from",
    "Otherwise, the request can fail with an InvalidMarkerException": HERE + "test_a_marker_goes_with_the_question_it_came_from",
    "Use only the value of NextMarker": PAGES,
    "You must specify either RetiringPrincipal or RetiringServicePrincipal": EITHER,
    "If you include a value, it must be between 7 and 30": "tests/recorded/test_recorded.py::test_what_aws_was_recorded_to_answer_is_answered",
    "You cannot use this parameter to associate a custom key store with an unrelated cluster": "tests/operations/test_key_stores.py",
}  # fmt: skip


def model():
    return botocore.session.get_session().get_service_model("kms")._service_description


def sentences():
    """The model's sentences of this kind, without their HTML."""
    raw = model()
    documented = [entry.get("documentation") for entry in (*raw["operations"].values(), *raw["shapes"].values())]
    documented += [
        member.get("documentation") for shape in raw["shapes"].values() for member in shape.get("members", {}).values()
    ]
    texts = (re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text or ""))).strip() for text in documented)
    every = (sentence for text in texts for sentence in re.split(r"(?<=[.:])\s+(?=[A-Z])", text))
    return {sentence for sentence in every if SENTENCE.search(sentence)}


def test_every_such_sentence_of_the_model_has_its_test():
    unseen = [sentence for sentence in sentences() if not any(sentence.startswith(start) for start in COVERED)]
    assert unseen == []


def test_no_row_is_older_than_the_model():
    found = sentences()
    assert [start for start in COVERED if not any(sentence.startswith(start) for sentence in found)] == []


@pytest.mark.parametrize("test", sorted({test for test in COVERED.values() if test.startswith("tests/")}))
def test_the_tests_that_are_named_are_there(test):
    path, _, name = test.partition("::")
    functions = {
        node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(node, ast.FunctionDef)
    }
    assert not name or name in functions


# --- one of two ---------------------------------------------------------------------------------------------------

SERVICE, ARN = "s3.amazonaws.com", "arn:aws:iam::111122223333:user/alice"
PAIRS = [
    ("describe_custom_key_stores", {"CustomKeyStoreId": "cks-1234567890abcdef0", "CustomKeyStoreName": "x"}),
    ("generate_data_key", {"KeySpec": "AES_256", "NumberOfBytes": 32}),
    ("generate_data_key", {}),
    ("generate_data_key_without_plaintext", {"KeySpec": "AES_256", "NumberOfBytes": 32}),
    ("create_grant", {"Operations": ["Decrypt"], "GranteePrincipal": ARN, "GranteeServicePrincipal": SERVICE}),
    ("create_grant", {"Operations": ["Decrypt"]}),
    (
        "create_grant",
        {"Operations": ["Decrypt"], "GranteePrincipal": ARN, "RetiringPrincipal": ARN, "RetiringServicePrincipal": SERVICE},
    ),
    ("list_grants", {"GranteePrincipal": ARN, "GranteeServicePrincipal": SERVICE}),
    ("list_retirable_grants", {"RetiringPrincipal": ARN, "RetiringServicePrincipal": SERVICE}),
    ("list_retirable_grants", {}),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "parameters"), PAIRS)
def test_one_of_two_parameters_at_most(sim, kms, key, refused, operation, parameters):
    sim.user("alice")
    members = kms.meta.service_model.operation_model(kms.meta.method_to_api_mapping[operation]).input_shape.members
    more = {"KeyId": key} if "KeyId" in members else {}
    before = kms.list_grants(KeyId=key)["Grants"]
    assert refused(getattr(kms, operation), **more, **parameters).code == "ValidationException"
    assert kms.list_grants(KeyId=key)["Grants"] == before


# --- pages --------------------------------------------------------------------------------------------------------

LISTS = {  # operation -> whether it is about a key, and the most that a page has
    "list_aliases": (False, 100),
    "list_grants": (True, 100),
    "list_keys": (False, 1000),
    "list_key_policies": (True, 1000),
    "list_key_rotations": (True, 1000),
    "list_resource_tags": (True, 50),
    "list_retirable_grants": (False, 100),
}


def asked(kms, key, name):
    about, _ = LISTS[name]
    more = {"RetiringPrincipal": "arn:aws:iam::111122223333:root"} if name == "list_retirable_grants" else {}
    return getattr(kms, name), {"KeyId": key} if about else more


@pytest.mark.parametrize("name", LISTS)
def test_a_page_has_at_most_what_the_model_says(kms, key, refused, name):
    call, parameters = asked(kms, key, name)
    _, most = LISTS[name]
    words = model()["shapes"][f"{kms.meta.method_to_api_mapping[name]}Request"]["members"]["Limit"]["documentation"]
    assert int(re.search(r"between 1 and (\d+), inclusive", words)[1]) == most
    call(**parameters, Limit=most)
    said = refused(call, **parameters, Limit=1001)
    assert said.code == "ValidationException"
    assert said.message.endswith(
        "at 'limit' failed to satisfy constraint: Member must have value less than or equal to 1000"
    )


@pytest.mark.parametrize("name", [name for name in LISTS if name != "list_key_policies"])
def test_the_pages_of_a_list_meet(sim, kms, key, name):
    root = "arn:aws:iam::111122223333:root"
    for n in range(3):
        kms.create_alias(AliasName=f"alias/a{n}", TargetKeyId=key)
        kms.create_key()
        kms.create_grant(KeyId=key, GranteePrincipal=root, RetiringPrincipal=root, Operations=["Decrypt"])
        kms.tag_resource(KeyId=key, Tags=[{"TagKey": f"t{n}", "TagValue": ""}])
        kms.rotate_key_on_demand(KeyId=key)
    call, parameters = asked(kms, key, name)
    whole, pages, marker = call(**parameters), [], {}
    (member,) = (name for name, value in whole.items() if isinstance(value, list))
    while True:
        page = call(**parameters, Limit=2, **marker)
        pages.append(page[member])
        assert ("NextMarker" in page) is page["Truncated"]
        if not page["Truncated"]:
            break
        marker = {"Marker": page["NextMarker"]}
    assert len(pages) > 1
    assert [entry for page in pages for entry in page] == whole[member]


@pytest.mark.parametrize("name", LISTS)
def test_a_marker_that_is_none_is_refused(kms, key, refused, name):
    call, parameters = asked(kms, key, name)
    assert refused(call, **parameters, Marker="no marker").code == "InvalidMarkerException"


def test_a_marker_goes_with_the_question_it_came_from(sim, kms, key, refused):
    other = sim.client("kms", account="444455556666")
    for n in range(3):
        sim.share(other.create_key()["KeyMetadata"]["Arn"], "111122223333") if n else kms.create_key()
    shared = kms.list_keys(ResourceOwners=["OTHER_ACCOUNTS_VIA_RAM"], Limit=1)
    own = kms.list_keys(Limit=1)
    assert shared["Truncated"]
    assert own["Truncated"]
    for marker, owners in ((shared["NextMarker"], ["SELF"]), (own["NextMarker"], ["OTHER_ACCOUNTS_VIA_RAM"])):
        assert refused(kms.list_keys, ResourceOwners=owners, Marker=marker).code == "InvalidMarkerException"


# --- the rest -----------------------------------------------------------------------------------------------------


def test_an_asymmetric_key_has_no_context_to_constrain(sim, kms, refused):
    for spec, usage in (("RSA_2048", "ENCRYPT_DECRYPT"), ("HMAC_256", "GENERATE_VERIFY_MAC")):
        key = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["KeyId"]
        grant = {"GranteePrincipal": sim.user("alice").arn, "Operations": ["DescribeKey"]}
        limit = {"Constraints": {"EncryptionContextSubset": {"a": "b"}}}
        assert refused(kms.create_grant, KeyId=key, **grant, **limit).code == "ValidationException"


def test_new_material_has_no_id_to_name(kms, refused):
    key = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["KeyId"]
    said = refused(
        kms.import_key_material, KeyId=key, ImportToken=b"x", EncryptedKeyMaterial=b"x", KeyMaterialId="0" * 64,
        ImportType="NEW_KEY_MATERIAL", ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE",
    )  # fmt: skip
    assert said.code == "ValidationException"


def test_two_kinds_of_connectivity_do_not_share_an_endpoint(sim, kms, refused):
    public = sim.key_store("EXTERNAL_KEY_STORE").parameters
    kms.create_custom_key_store(CustomKeyStoreName="public", **public)
    through = {"XksProxyConnectivity": "VPC_ENDPOINT_SERVICE", "XksProxyVpcEndpointServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"}  # fmt: skip
    private = public | through | {"XksProxyUriPath": "/other/kms/xks/v1"}
    said = refused(kms.create_custom_key_store, CustomKeyStoreName="private", **private)
    assert said.code == "XksProxyUriEndpointInUseException"
