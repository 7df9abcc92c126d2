import pytest

from kms_teach.errors import CustomKeyStoreInvalidStateException
from kms_teach.keys.stores import CLOUDHSM, CONNECTION, CONNECTION_STATES, EXTERNAL, KeyStore, connection


@pytest.fixture(params=[CLOUDHSM, EXTERNAL])
def kind(request):
    return request.param


@pytest.fixture
def behind(sim, kind):
    return sim.key_store(kind)


@pytest.fixture
def store(kms, behind):
    """The id of a key store that is not connected yet."""
    return kms.create_custom_key_store(CustomKeyStoreName="mine", **behind.parameters)["CustomKeyStoreId"]


def described(kms, store):
    (entry,) = kms.describe_custom_key_stores(CustomKeyStoreId=store)["CustomKeyStores"]
    return entry


@pytest.fixture
def make_key(kms, store, behind, kind):
    def make(name="k1"):
        external = {"XksKeyId": behind.add_key(name)} if kind == EXTERNAL else {}
        return kms.create_key(Origin=kind, CustomKeyStoreId=store, **external)["KeyMetadata"]

    return make


def test_a_store_is_described_with_the_members_of_its_kind(kms, store, behind, kind):
    entry = described(kms, store)
    common = {"CustomKeyStoreId", "CustomKeyStoreName", "ConnectionState", "CreationDate", "CustomKeyStoreType"}
    own = {CLOUDHSM: {"CloudHsmClusterId", "TrustAnchorCertificate"}, EXTERNAL: {"XksProxyConfiguration"}}
    assert set(entry) == common | own[kind]
    assert (entry["ConnectionState"], entry["CustomKeyStoreName"]) == ("DISCONNECTED", "mine")
    assert store.startswith("cks-") and len(store) == 21
    assert "Secret" not in str(entry) and behind.parameters.get("KeyStorePassword", "?") not in str(entry)
    if kind == EXTERNAL:
        proxy = entry["XksProxyConfiguration"]
        assert (
            proxy["UriEndpoint"] + proxy["UriPath"]
            == behind.parameters["XksProxyUriEndpoint"] + behind.parameters["XksProxyUriPath"]
        )


def test_keys_work_while_the_store_is_connected(kms, store, make_key, refused):
    assert refused(make_key).code == "CustomKeyStoreInvalidStateException"
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    assert described(kms, store)["ConnectionState"] == "CONNECTED"
    key = make_key("k2")
    assert key["CustomKeyStoreId"] == store
    assert "CurrentKeyMaterialId" not in key
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    kms.disconnect_custom_key_store(CustomKeyStoreId=store)
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "Unavailable"
    assert refused(kms.decrypt, CiphertextBlob=blob) == ("KMSInvalidStateException", f"{key['Arn']} is unavailable.")
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"


def test_a_key_switched_off_while_unavailable_is_off_when_it_is_back(kms, store, make_key):
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    key = make_key()["KeyId"]
    kms.disconnect_custom_key_store(CustomKeyStoreId=store)
    kms.disable_key(KeyId=key)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Unavailable"
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"


def test_cutting_off_what_stands_behind_stops_every_use(kms, store, behind, make_key, refused):
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    key = make_key()["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    behind.cut_off()
    assert described(kms, store)["ConnectionState"] == "CONNECTED"
    for use in (lambda: kms.decrypt(CiphertextBlob=blob), lambda: kms.generate_data_key(KeyId=key, KeySpec="AES_256")):
        assert refused(use).code == "KMSInvalidStateException"
    behind.restore()
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"


def test_connecting_to_what_does_not_answer_fails_with_its_code(kms, store, behind, kind, refused):
    behind.cut_off()
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    entry = described(kms, store)
    code = {CLOUDHSM: "INSUFFICIENT_CLOUDHSM_HSMS", EXTERNAL: "XKS_PROXY_NOT_REACHABLE"}[kind]
    assert (entry["ConnectionState"], entry["ConnectionErrorCode"]) == ("FAILED", code)
    assert refused(kms.connect_custom_key_store, CustomKeyStoreId=store).code == "CustomKeyStoreInvalidStateException"
    kms.disconnect_custom_key_store(CustomKeyStoreId=store)
    behind.restore()
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    assert described(kms, store)["ConnectionState"] == "CONNECTED"


def test_a_store_with_keys_stays(kms, store, make_key, refused):
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    make_key()
    assert refused(kms.delete_custom_key_store, CustomKeyStoreId=store).code == "CustomKeyStoreHasCMKsException"


def test_a_store_is_renamed_any_time_and_changed_only_when_disconnected(kms, store, kind, refused):
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    kms.update_custom_key_store(CustomKeyStoreId=store, NewCustomKeyStoreName="theirs")
    assert described(kms, store)["CustomKeyStoreName"] == "theirs"
    change = {
        CLOUDHSM: {"KeyStorePassword": "another-one"},
        EXTERNAL: {"XksProxyConnectivity": "VPC_ENDPOINT_SERVICE"},
    }[kind]
    assert (
        refused(kms.update_custom_key_store, CustomKeyStoreId=store, **change).code
        == "CustomKeyStoreInvalidStateException"
    )
    kms.disconnect_custom_key_store(CustomKeyStoreId=store)
    kms.update_custom_key_store(CustomKeyStoreId=store, **change)


def test_names_and_what_stands_behind_are_used_once(sim, kms, store, behind, kind, refused):
    other = sim.key_store(kind)
    said = refused(kms.create_custom_key_store, CustomKeyStoreName="mine", **other.parameters)
    assert said.code == "CustomKeyStoreNameInUseException"
    said = refused(kms.create_custom_key_store, CustomKeyStoreName="second", **behind.parameters)
    assert said.code == {CLOUDHSM: "CloudHsmClusterInUseException", EXTERNAL: "XksProxyUriInUseException"}[kind]


def test_a_deleted_store_is_gone(kms, store, refused):
    kms.delete_custom_key_store(CustomKeyStoreId=store)
    assert kms.describe_custom_key_stores()["CustomKeyStores"] == []
    assert refused(kms.describe_custom_key_stores, CustomKeyStoreId=store).code == "CustomKeyStoreNotFoundException"
    assert refused(kms.connect_custom_key_store, CustomKeyStoreId=store).code == "CustomKeyStoreNotFoundException"


def test_a_store_holds_symmetric_keys_only(kms, store, kind, refused):
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    said = refused(
        kms.create_key, Origin=kind, CustomKeyStoreId=store, KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY", XksKeyId="x"
    )
    assert said.code == "UnsupportedOperationException"


def test_an_external_key_must_be_there_and_serves_one_kms_key(sim, kms, refused):
    behind = sim.key_store(EXTERNAL)
    store = kms.create_custom_key_store(CustomKeyStoreName="x", **behind.parameters)["CustomKeyStoreId"]
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    where = {"Origin": EXTERNAL, "CustomKeyStoreId": store}
    assert refused(kms.create_key, **where, XksKeyId="none").code == "XksKeyNotFoundException"
    key = kms.create_key(**where, XksKeyId=behind.add_key("one"))["KeyMetadata"]
    assert key["XksKeyConfiguration"] == {"Id": "one"}
    assert refused(kms.create_key, **where, XksKeyId="one").code == "XksKeyAlreadyInUseException"
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    behind.remove_key("one")
    assert refused(kms.decrypt, CiphertextBlob=blob).code == "KMSInvalidStateException"


def test_random_bytes_can_come_from_a_cluster(sim, kms, refused):
    store = kms.create_custom_key_store(CustomKeyStoreName="x", **sim.key_store().parameters)["CustomKeyStoreId"]
    assert (
        refused(kms.generate_random, NumberOfBytes=8, CustomKeyStoreId=store).code
        == "CustomKeyStoreInvalidStateException"
    )
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    assert len(kms.generate_random(NumberOfBytes=8, CustomKeyStoreId=store)["Plaintext"]) == 8


def test_settings_that_are_wrong_are_refused_at_once(sim, kms, refused):
    wrong = sim.key_store().parameters | {"TrustAnchorCertificate": "another"}
    assert refused(kms.create_custom_key_store, CustomKeyStoreName="x", **wrong).code == "IncorrectTrustAnchorException"
    missing = sim.key_store().parameters | {"CloudHsmClusterId": "cluster-aaaaaaaaaaa"}
    assert (
        refused(kms.create_custom_key_store, CustomKeyStoreName="x", **missing).code
        == "CloudHsmClusterNotFoundException"
    )
    proxy = sim.key_store(EXTERNAL)
    other = proxy.parameters | {
        "XksProxyAuthenticationCredential": sim.key_store(EXTERNAL).parameters["XksProxyAuthenticationCredential"]
    }
    assert (
        refused(kms.create_custom_key_store, CustomKeyStoreName="x", **other).code
        == "XksProxyIncorrectAuthenticationCredentialException"
    )
    proxy.cut_off()
    assert (
        refused(kms.create_custom_key_store, CustomKeyStoreName="x", **proxy.parameters).code
        == "XksProxyUriUnreachableException"
    )
    assert refused(kms.create_custom_key_store, CustomKeyStoreName="x").code == "ValidationException"


def test_the_table_of_connections_is_whole(sim):
    import datetime as dt

    for operation, cells in CONNECTION.items():
        for state, cell in zip(CONNECTION_STATES, cells, strict=True):
            made = KeyStore(
                account="1", region="r", id="cks-1", name="n", kind=CLOUDHSM, created=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), backend="b", secret="s", state=state
            )  # fmt: skip
            if cell:
                assert connection(operation, made) in CONNECTION_STATES
            else:
                with pytest.raises(CustomKeyStoreInvalidStateException):
                    connection(operation, made)


def test_a_key_store_makes_no_data_key_pairs(kms, store, make_key, refused):
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    key = make_key()["KeyId"]
    said = refused(kms.generate_data_key_pair, KeyId=key, KeyPairSpec="ECC_NIST_P256")
    assert said.code == "UnsupportedOperationException"
