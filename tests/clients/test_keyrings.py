"""Every keyring of AWS's material providers, with which the Encryption SDK is documented today, over HTTP.

The raw keyrings never call KMS; they are here because a multi-keyring mixes them with those that do. The hierarchical keyring
keeps its branch keys in DynamoDB, which moto plays.
"""

import secrets

import aws_encryption_sdk
import boto3
import pytest
from aws_cryptographic_material_providers.keystore import KeyStore
from aws_cryptographic_material_providers.keystore import models as keystore
from aws_cryptographic_material_providers.keystore.config import KeyStoreConfig
from aws_cryptographic_material_providers.mpl import AwsCryptographicMaterialProviders, models
from aws_cryptographic_material_providers.mpl.config import MaterialProvidersConfig
from aws_cryptographic_material_providers.mpl.references import IClientSupplier
from aws_encryption_sdk import CommitmentPolicy
from aws_encryption_sdk.exceptions import AWSEncryptionSDKClientError
from aws_encryption_sdk.identifiers import AlgorithmSuite
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
)
from moto.server import ThreadedMotoServer

pytestmark = pytest.mark.slow

ACCOUNT = "111122223333"
CONTEXT = {"purpose": "test"}
HERE, THERE = "us-east-1", "eu-west-1"
MINE = models.DiscoveryFilter(account_ids=[ACCOUNT], partition="aws")
OTHERS = models.DiscoveryFilter(account_ids=["444455556666"], partition="aws")
RAW_AES = {"key_namespace": "ours", "key_name": "aes", "wrapping_alg": models.AesWrappingAlg.ALG_AES256_GCM_IV12_TAG16}
RAW_RSA = {"key_namespace": "ours", "key_name": "rsa", "padding_scheme": models.PaddingScheme.OAEP_SHA256_MGF1}
P256 = {"curve_spec": "ECC_NIST_P256"}
UNSIGNED = AlgorithmSuite.AES_256_GCM_HKDF_SHA512_COMMIT_KEY  # the only kind of suite that an RSA keyring takes

PROVIDERS = AwsCryptographicMaterialProviders(MaterialProvidersConfig())
SDK = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)


def keyring(kind, **how):
    """A keyring by its name in the library: `aws_kms`, `raw_rsa`."""
    shape = getattr(models, f"Create{''.join(word.capitalize() for word in kind.split('_'))}KeyringInput")
    return getattr(PROVIDERS, f"create_{kind}_keyring")(shape(**how))


def sealed(ring, **more):
    message, _ = SDK.encrypt(source=b"hello", keyring=ring, encryption_context=CONTEXT, **more)
    return message


def opened(ring, message):
    plaintext, header = SDK.decrypt(source=message, keyring=ring)
    assert header.encryption_context.items() >= CONTEXT.items()
    return plaintext


@pytest.fixture(scope="module")
def client(address):
    """A client for KMS in a Region."""
    login = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    made = {}

    def of(region):
        if region not in made:
            made[region] = boto3.client("kms", region_name=region, endpoint_url=address, **login)
        return made[region]

    return of


@pytest.fixture(scope="module")
def supplier(client):
    """What a multi-keyring asks for a client in each key's Region."""

    class Supplier(IClientSupplier):
        def get_client(self, param):
            return client(param.region)

    return Supplier()


@pytest.fixture(scope="module")
def kms(client):
    return client(HERE)


@pytest.fixture(scope="module")
def make(kms):
    def of(**how):
        return kms.create_key(**how)["KeyMetadata"]["Arn"]

    return of


@pytest.fixture(scope="module")
def replicated(client, kms, make):
    """A multi-Region key and its replica."""
    primary = make(MultiRegion=True)
    return primary, kms.replicate_key(KeyId=primary, ReplicaRegion=THERE)["ReplicaKeyMetadata"]["Arn"]


def test_a_key_of_ones_own(make, kms):
    arn = make()
    ring = keyring("aws_kms", kms_key_id=arn, kms_client=kms)
    message = sealed(ring)
    assert opened(ring, message) == b"hello"
    with pytest.raises(AWSEncryptionSDKClientError):
        opened(keyring("aws_kms", kms_key_id=make(), kms_client=kms), message)


def test_discovery_takes_the_key_from_the_message_and_only_of_the_accounts_named(make, kms):
    message = sealed(keyring("aws_kms", kms_key_id=make(), kms_client=kms))
    assert opened(keyring("aws_kms_discovery", kms_client=kms, discovery_filter=MINE), message) == b"hello"
    with pytest.raises(AWSEncryptionSDKClientError):
        opened(keyring("aws_kms_discovery", kms_client=kms, discovery_filter=OTHERS), message)


def test_several_keys_any_of_which_opens_it(make, kms, client, supplier):
    first, second = make(), client(THERE).create_key()["KeyMetadata"]["Arn"]
    message = sealed(keyring("aws_kms_multi", generator=first, kms_key_ids=[second], client_supplier=supplier))
    kms.disable_key(KeyId=first)
    with pytest.raises(AWSEncryptionSDKClientError):
        opened(keyring("aws_kms", kms_key_id=first, kms_client=kms), message)
    assert opened(keyring("aws_kms", kms_key_id=second, kms_client=client(THERE)), message) == b"hello"
    everywhere = {"regions": [HERE, THERE], "client_supplier": supplier, "discovery_filter": MINE}
    assert opened(keyring("aws_kms_discovery_multi", **everywhere), message) == b"hello"


def test_a_multi_region_key_opens_in_the_other_region(client, kms, replicated, supplier):
    primary, replica = replicated
    there = client(THERE)
    message = sealed(keyring("aws_kms_mrk", kms_key_id=primary, kms_client=kms))
    assert opened(keyring("aws_kms_mrk", kms_key_id=replica, kms_client=there), message) == b"hello"
    discovery = {"kms_client": there, "region": THERE, "discovery_filter": MINE}
    assert opened(keyring("aws_kms_mrk_discovery", **discovery), message) == b"hello"
    for ring in (
        keyring("aws_kms_mrk_multi", generator=replica, client_supplier=supplier),
        keyring("aws_kms_mrk_discovery_multi", regions=[THERE], client_supplier=supplier, discovery_filter=MINE),
    ):
        assert opened(ring, message) == b"hello"
    with pytest.raises(AWSEncryptionSDKClientError):  # without the word mrk, a replica's ARN is another key's
        opened(keyring("aws_kms", kms_key_id=replica, kms_client=there), message)


@pytest.mark.parametrize("algorithm", ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"])
def test_an_rsa_key_encrypts_without_kms_and_decrypts_with_it(make, kms, algorithm):
    arn = make(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")
    public = kms.get_public_key(KeyId=arn)["PublicKey"]
    pem = load_der_public_key(public).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    key = {"kms_key_id": arn, "encryption_algorithm": algorithm}
    message = sealed(keyring("aws_kms_rsa", public_key=pem, **key), algorithm=UNSIGNED)
    assert opened(keyring("aws_kms_rsa", kms_client=kms, **key), message) == b"hello"


def agreement(sender, recipient_public):
    return models.KmsEcdhStaticConfigurationsKmsPrivateKeyToStaticPublicKey(
        models.KmsPrivateKeyToStaticPublicKeyInput(sender_kms_identifier=sender, recipient_public_key=recipient_public)
    )


def test_two_keys_agree_on_a_secret(make, kms):
    ours, theirs = (make(KeySpec="ECC_NIST_P256", KeyUsage="KEY_AGREEMENT") for _ in range(2))
    public = kms.get_public_key(KeyId=theirs)["PublicKey"]
    message = sealed(keyring("aws_kms_ecdh", key_agreement_scheme=agreement(ours, public), kms_client=kms, **P256))
    discovery = models.KmsEcdhStaticConfigurationsKmsPublicKeyDiscovery(
        models.KmsPublicKeyDiscoveryInput(recipient_kms_identifier=theirs)
    )
    ring = keyring("aws_kms_ecdh", key_agreement_scheme=discovery, kms_client=kms, **P256)
    assert opened(ring, message) == b"hello"


def test_a_key_of_kms_agrees_with_one_that_is_not(make, kms):
    arn = make(KeySpec="ECC_NIST_P256", KeyUsage="KEY_AGREEMENT")
    theirs = ec.generate_private_key(ec.SECP256R1())
    public = theirs.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    message = sealed(keyring("aws_kms_ecdh", key_agreement_scheme=agreement(arn, public), kms_client=kms, **P256))
    private = theirs.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    scheme = models.RawEcdhStaticConfigurationsPublicKeyDiscovery(
        models.PublicKeyDiscoveryInput(recipient_static_private_key=private)
    )
    assert opened(keyring("raw_ecdh", key_agreement_scheme=scheme, **P256), message) == b"hello"


def test_keyrings_that_never_call_kms_stand_beside_those_that_do(make, kms):
    arn, wrapping = make(), secrets.token_bytes(32)
    private = rsa.generate_private_key(65537, 2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    aes = keyring("raw_aes", wrapping_key=wrapping, **RAW_AES)
    message = sealed(
        keyring(
            "multi",
            generator=keyring("aws_kms", kms_key_id=arn, kms_client=kms),
            child_keyrings=[aes, keyring("raw_rsa", public_key=public, **RAW_RSA)],
        )
    )
    kms.disable_key(KeyId=arn)
    assert opened(aes, message) == b"hello"
    assert opened(keyring("raw_rsa", private_key=pem, **RAW_RSA), message) == b"hello"


@pytest.fixture(scope="module")
def tables():
    """DynamoDB, played by moto."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    login = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    yield boto3.client("dynamodb", region_name=HERE, endpoint_url=f"http://{host}:{port}", **login)
    server.stop()


def test_a_hierarchy_of_branch_keys(make, kms, tables):
    store = KeyStore(
        KeyStoreConfig(
            ddb_client=tables,
            ddb_table_name="branches",
            logical_key_store_name="branches",
            kms_client=kms,
            kms_configuration=keystore.KMSConfigurationKmsKeyArn(arn := make()),
        )
    )
    store.create_key_store(keystore.CreateKeyStoreInput())
    branch = store.create_key(keystore.CreateKeyInput()).branch_key_identifier

    def ring():
        """A new one each time, so that nothing is in its cache."""
        return keyring("aws_kms_hierarchical", key_store=store, branch_key_id=branch, ttl_seconds=600)

    old = sealed(ring())
    store.version_key(keystore.VersionKeyInput(branch_key_identifier=branch))  # decrypts, and encrypts a new one
    assert opened(ring(), old) == opened(ring(), sealed(ring())) == b"hello"
    kms.disable_key(KeyId=arn)
    with pytest.raises(AWSEncryptionSDKClientError):
        opened(ring(), old)
