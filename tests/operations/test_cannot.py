"""What is asked of a key that cannot do it: a question about its state is answered with no, an act is refused.

Which is looked at first: what the key is (a replica, the wrong usage) before its state, its state before its spec and
origin, as recorded from AWS.
"""

import json

import pytest

from kms_teach import Simulator

ROTATIONS = ("enable_key_rotation", "disable_key_rotation", "rotate_key_on_demand")
UNFIT = [
    {"KeySpec": "ECC_NIST_P384", "KeyUsage": "SIGN_VERIFY"},
    {"KeySpec": "ECC_NIST_EDWARDS25519", "KeyUsage": "SIGN_VERIFY"},
    {"KeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT"},
    {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"},
    {"KeySpec": "ML_DSA_44", "KeyUsage": "SIGN_VERIFY"},
]


def in_store(sim, kind):
    """A key in a connected custom key store."""
    kms, backend = sim.client("kms"), sim.key_store(kind)
    store = kms.create_custom_key_store(CustomKeyStoreName=kind, **backend.parameters)["CustomKeyStoreId"]
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    more = {"XksKeyId": backend.add_key("k1")} if kind == "EXTERNAL_KEY_STORE" else {}
    return kms.create_key(Origin=kind, CustomKeyStoreId=store, **more)["KeyMetadata"]


@pytest.mark.parametrize("kind", UNFIT, ids=lambda kind: kind["KeySpec"])
def test_the_status_of_a_key_that_cannot_rotate_is_no_and_to_rotate_it_is_refused(kms, refused, kind):
    key = kms.create_key(**kind)["KeyMetadata"]
    status = kms.get_key_rotation_status(KeyId=key["KeyId"])
    assert status["KeyRotationEnabled"] is False
    assert not {"RotationPeriodInDays", "NextRotationDate"} & set(status)
    for act in ROTATIONS:
        assert refused(getattr(kms, act), KeyId=key["KeyId"]) == ("UnsupportedOperationException", "")
    kms.disable_key(KeyId=key["KeyId"])
    for act in ROTATIONS:
        assert refused(getattr(kms, act), KeyId=key["KeyId"]) == ("DisabledException", f"{key['Arn']} is disabled.")
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] is False


@pytest.mark.parametrize("kind", ["AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"])
def test_a_key_in_a_key_store_does_not_rotate_and_says_so(sim, refused, kind):
    key, kms = in_store(sim, kind), sim.client("kms")
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] is False
    said = ("UnsupportedOperationException", f"{key['Arn']} origin is {kind} which is not valid for this operation.")
    for act in ROTATIONS:
        assert refused(getattr(kms, act), KeyId=key["KeyId"]) == said


def test_a_key_in_a_cluster_names_its_cluster_and_no_other_key_does(sim):
    key, kms = in_store(sim, "AWS_CLOUDHSM"), sim.client("kms")
    (store,) = kms.describe_custom_key_stores()["CustomKeyStores"]
    assert key["CloudHsmClusterId"] == store["CloudHsmClusterId"]
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["CloudHsmClusterId"] == store["CloudHsmClusterId"]
    for other in (in_store(sim, "EXTERNAL_KEY_STORE"), kms.create_key()["KeyMetadata"]):
        assert "CloudHsmClusterId" not in other


@pytest.mark.parametrize("spec", ["ML_DSA_44", "ML_DSA_65", "ML_DSA_87"])
def test_material_of_post_quantum_keys_is_not_imported(kms, refused, spec):
    said = refused(kms.create_key, KeySpec=spec, KeyUsage="SIGN_VERIFY", Origin="EXTERNAL")
    assert said == ("ValidationException", f"KeySpec {spec} is not supported for Origin EXTERNAL")


def test_an_alias_does_not_move_to_a_key_of_another_type_though_its_usage_is_the_same(kms, refused):
    symmetric, rsa = (
        kms.create_key(KeySpec=spec, KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
        for spec in ("SYMMETRIC_DEFAULT", "RSA_2048")
    )
    kms.create_alias(AliasName="alias/a", TargetKeyId=symmetric)
    said = refused(kms.update_alias, AliasName="alias/a", TargetKeyId=rsa)
    assert said.code == "ValidationException"
    assert "key type" in said.message
    assert "ENCRYPT_DECRYPT" not in said.message


def test_one_constraint_of_a_grant_at_most(sim, kms, key, refused):
    limits = {"EncryptionContextEquals": {"a": "b"}, "EncryptionContextSubset": {"a": "b"}}
    who = {"GranteePrincipal": sim.user("alice").arn, "Operations": ["Decrypt"], "Constraints": limits}
    assert refused(kms.create_grant, KeyId=key, **who) == ("ValidationException", "More than one constraint supplied")


@pytest.mark.parametrize(("start", "expected"), [("2026-11-20", "2026-11-20"), ("2026-01-01", "2026-04-23")])
def test_usage_is_tracked_from_the_later_of_two_days(start, expected):
    with Simulator(start=f"{start}T00:00:00Z") as sim:
        kms = sim.client("kms")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        sim.advance(days=200)
        assert kms.get_key_last_usage(KeyId=key)["TrackingStartDate"].strftime("%Y-%m-%d") == expected


def test_a_bare_id_beside_a_ciphertext_of_another_accounts_key_is_understood(sim, kms, key, refused):
    """Since 27 Apr 2026, in Decrypt and as the source of ReEncrypt, and nowhere else."""
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
    bob = sim.user("bob", account="444455556666", policies=[everything]).client("kms")
    theirs = {"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "kms:*", "Resource": "*"}
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy | {"Statement": [*policy["Statement"], theirs]}))
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    own = bob.create_key()["KeyMetadata"]["KeyId"]
    assert bob.decrypt(CiphertextBlob=blob, KeyId=key)["Plaintext"] == b"x"
    assert bob.re_encrypt(CiphertextBlob=blob, SourceKeyId=key, DestinationKeyId=own)["KeyId"].endswith(own)
    assert refused(bob.encrypt, KeyId=key, Plaintext=b"x").code == "NotFoundException"
    assert refused(bob.decrypt, CiphertextBlob=blob, KeyId=own).code == "IncorrectKeyException"


def test_a_proxys_path_and_credential_change_while_it_is_connected_and_its_endpoint_does_not(sim, kms, refused):
    backend = sim.key_store("EXTERNAL_KEY_STORE")
    store = kms.create_custom_key_store(CustomKeyStoreName="x", **backend.parameters)["CustomKeyStoreId"]
    made = {"CustomKeyStoreId": store}
    kms.connect_custom_key_store(**made)
    credential = backend.parameters["XksProxyAuthenticationCredential"]
    kms.update_custom_key_store(**made, XksProxyAuthenticationCredential=credential, NewCustomKeyStoreName="y")
    state = "CustomKeyStoreInvalidStateException"
    assert refused(kms.update_custom_key_store, **made, XksProxyUriPath="/other/kms/xks/v1").code != state
    for setting in ({"XksProxyUriEndpoint": "https://o.example.com"}, {"XksProxyConnectivity": "VPC_ENDPOINT_SERVICE"}):
        assert refused(kms.update_custom_key_store, **made, **setting).code == state


def test_a_proxy_behind_a_vpc_endpoint_service_is_tried_when_it_is_connected(sim, kms):
    through = sim.key_store("EXTERNAL_KEY_STORE").parameters | {
        "XksProxyConnectivity": "VPC_ENDPOINT_SERVICE",
        "XksProxyUriEndpoint": "https://xks.my-private-name.example.com",
        "XksProxyVpcEndpointServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
        "XksProxyVpcEndpointServiceOwner": "444455556666",
    }
    made = {"CustomKeyStoreId": kms.create_custom_key_store(CustomKeyStoreName="v", **through)["CustomKeyStoreId"]}
    (store,) = kms.describe_custom_key_stores()["CustomKeyStores"]
    assert store["XksProxyConfiguration"]["VpcEndpointServiceOwner"] == "444455556666"
    kms.connect_custom_key_store(**made)
    (store,) = kms.describe_custom_key_stores()["CustomKeyStores"]
    assert (store["ConnectionState"], store["ConnectionErrorCode"]) == ("FAILED", "XKS_PROXY_NOT_REACHABLE")


def test_the_trail_calls_a_denial_as_recorded_events_do(sim, refused, kms, key):
    assert refused(sim.user("alice").client("kms").describe_key, KeyId=key).code == "AccessDeniedException"
    record = sim.trail[-1]
    assert (record.event["errorCode"], record.error) == ("AccessDenied", "AccessDeniedException")
