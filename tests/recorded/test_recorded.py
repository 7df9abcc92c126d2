"""Answers that were recorded from AWS, each with its code, its words and where it was recorded, and asked for again.

`source`: LocalStack, tests/aws/services/kms/test_kms.snapshot.json (2023 to 2026, recorded against AWS); moto, tests
marked aws_verified; a deployment whose log was made public (09/2026); Terraform, what hashicorp/terraform-provider-aws
does against AWS; an issue, AWS's output quoted in public. A code that was not recorded is ANY; so are words.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator

ANY, NONE = None, ""
LOCALSTACK, MOTO, DEPLOYMENT, ISSUE, TERRAFORM = "LocalStack", "moto", "a deployment", "an issue", "Terraform"
HOME, EAST, WEST = "111122223333", "us-east-1", "us-west-2"
UNKNOWN = "00000000-0000-0000-0000-000000000000"
VALIDATION = "1 validation error detected: Value "
USAGE = "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
INCORRECT = "The key ID in the request does not identify a CMK that can perform this operation."
EXPIRES = "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES"
ALIAS = (
    'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/'
    "kms-alias.html"
)
RESERVED = "The alias name for a customer managed CMK cannot begin with alias/aws/."
ON_DEMAND = (
    "The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed "
    "for this key: {arn}"
)
NO_PRINCIPAL = "Policy contains a statement with no principal."
DENIED = "User: {alice} is not authorized to perform: kms:{op} on resource: {arn} because no {policy} allows the kms:{op} action"
TAG_ENUM = "failed to satisfy constraint: Member must satisfy enum value set: "


@dataclass(frozen=True)
class Recorded:
    """One answer. `ask` is given the world and makes the call that is refused."""

    what: str
    ask: object
    code: str | None
    words: str | None
    source: str


class World:
    """A simulator, and what the calls of the table need."""

    def __init__(self):
        self.sim = Simulator(start="2026-01-01T00:00:00Z")
        self.kms, self.west = self.sim.client("kms"), self.sim.client("kms", region=WEST)
        self.made, self.waiting = None, ("", "")

    def key(self, **kind):
        self.made = self.kms.create_key(**kind)["KeyMetadata"]
        return self.made["KeyId"]

    def rsa(self, usage="ENCRYPT_DECRYPT", spec="RSA_2048"):
        return self.key(KeySpec=spec, KeyUsage=usage)

    def hmac(self, spec="HMAC_256"):
        return self.key(KeySpec=spec, KeyUsage="GENERATE_VERIFY_MAC")

    def ecc(self):
        return self.key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")

    def disabled(self, **kind):
        key = self.key(**kind)
        self.kms.disable_key(KeyId=key)
        return key

    def dying(self):
        key = self.key()
        self.kms.schedule_key_deletion(KeyId=key)
        return key

    def policy(self, *statements):
        return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})

    def blob(self, **more):
        return self.kms.encrypt(KeyId=self.key(), Plaintext=b"x", **more)["CiphertextBlob"]

    def rotated_out(self):
        key = self.key()
        for _ in range(25):
            self.kms.rotate_key_on_demand(KeyId=key)
        return key

    def replica(self):
        key = self.key(MultiRegion=True)
        self.kms.replicate_key(KeyId=key, ReplicaRegion=WEST)
        self.made = self.west.describe_key(KeyId=key)["KeyMetadata"]
        return key

    def names(self):
        made = self.made or {}
        first, second = self.waiting
        return {
            "first": first,
            "second": second,
            "arn": made.get("Arn", ""),
            "alice": f"arn:aws:iam::{HOME}:user/alice",
        }


R = Recorded
STATEMENT = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
# fmt: off
TABLE = (
    R("a key id that nobody has", lambda w: w.kms.describe_key(KeyId=UNKNOWN), "NotFoundException", f"Key 'arn:aws:kms:{EAST}:{HOME}:key/{UNKNOWN}' does not exist", LOCALSTACK),
    R("an id of no valid form", lambda w: w.kms.describe_key(KeyId="fake-key-id"), "NotFoundException", "Invalid keyId 'fake-key-id'", LOCALSTACK),
    R("an id of 32 digits without dashes", lambda w: w.kms.describe_key(KeyId="0" * 32), "NotFoundException", f"Invalid keyId '{'0' * 32}'", LOCALSTACK),
    R("an mrk id of no valid form", lambda w: w.kms.describe_key(KeyId="mrk-fake-key-id"), "NotFoundException", "Invalid keyId 'mrk-fake-key-id'", LOCALSTACK),
    R("the ARN of another Region", lambda w: w.kms.describe_key(KeyId=f"arn:aws:kms:{WEST}:{HOME}:key/{UNKNOWN}"), "NotFoundException", f"Invalid arn {WEST}", LOCALSTACK),
    R("an alias without its prefix", lambda w: w.kms.create_alias(AliasName="a", TargetKeyId=w.key()), "ValidationException", ALIAS, LOCALSTACK),
    R("an alias of AWS's", lambda w: w.kms.create_alias(AliasName="alias/aws/mine", TargetKeyId=w.key()), ANY, RESERVED, DEPLOYMENT),
    R("to encrypt with a disabled key", lambda w: w.kms.encrypt(KeyId=w.disabled(), Plaintext=b"x"), "DisabledException", "{arn} is disabled.", LOCALSTACK),
    R("to rotate a disabled RSA key", lambda w: w.kms.rotate_key_on_demand(KeyId=w.disabled(KeySpec="RSA_4096", KeyUsage="ENCRYPT_DECRYPT")), "DisabledException", "{arn} is disabled.", LOCALSTACK),
    R("to use a key on its way to deletion", lambda w: w.kms.encrypt(KeyId=w.dying(), Plaintext=b"x"), "KMSInvalidStateException", "{arn} is pending deletion.", "LocalStack, through S3"),
    R("to use a key that waits for material", lambda w: w.kms.encrypt(KeyId=w.key(Origin="EXTERNAL"), Plaintext=b"x"), "KMSInvalidStateException", "{arn} is pending import.", LOCALSTACK),
    R("to rotate an RSA key", lambda w: w.kms.rotate_key_on_demand(KeyId=w.rsa()), "UnsupportedOperationException", NONE, LOCALSTACK),
    R("import parameters for KMS's own key", lambda w: w.kms.get_parameters_for_import(KeyId=w.key(), WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048"), "UnsupportedOperationException", "{arn} origin is AWS_KMS which is not valid for this operation.", LOCALSTACK),
    R("a rotation on demand too many", lambda w: w.kms.rotate_key_on_demand(KeyId=w.rotated_out()), "LimitExceededException", ON_DEMAND, LOCALSTACK),
    R("a rotation without imported material", lambda w: w.kms.rotate_key_on_demand(KeyId=w.imported()), "KMSInvalidStateException", "No available key material pending rotation for the key: {arn}.", LOCALSTACK),
    R("to replicate a replica", lambda w: w.west.replicate_key(KeyId=w.replica(), ReplicaRegion="eu-west-1"), "UnsupportedOperationException", "{arn} is not a multi-region primary key.", LOCALSTACK),
    R("to replicate into the primary's Region", lambda w: w.kms.replicate_key(KeyId=w.key(MultiRegion=True), ReplicaRegion=EAST), ANY, f"{EAST} cannot have a replica because it contains the primary.", DEPLOYMENT),
    R("to encrypt with a signing key", lambda w: w.kms.encrypt(KeyId=w.ecc(), Plaintext=b"x"), "InvalidKeyUsageException", "{arn} key usage is SIGN_VERIFY which is not valid for Encrypt.", LOCALSTACK),
    R("to sign with an encryption key", lambda w: w.kms.sign(KeyId=w.rsa(), Message=b"x", SigningAlgorithm="RSASSA_PSS_SHA_256"), "InvalidKeyUsageException", "{arn} key usage is ENCRYPT_DECRYPT which is not valid for Sign.", LOCALSTACK),
    R("a MAC algorithm of another key", lambda w: w.kms.generate_mac(KeyId=w.hmac("HMAC_224"), Message=b"x", MacAlgorithm="HMAC_SHA_256"), "InvalidKeyUsageException", "Algorithm HMAC_SHA_256 is incompatible with key spec HMAC_224.", LOCALSTACK),
    R("to decrypt with another key's id", lambda w: w.kms.decrypt(CiphertextBlob=w.blob(), KeyId=w.key()), "IncorrectKeyException", INCORRECT, LOCALSTACK),
    R("to decrypt with a signing key's id", lambda w: w.kms.decrypt(CiphertextBlob=w.blob(), KeyId=w.ecc()), "IncorrectKeyException", INCORRECT, LOCALSTACK),
    R("another encryption context", lambda w: w.kms.decrypt(CiphertextBlob=w.blob(EncryptionContext={"a": "b"}), EncryptionContext={"a": "c"}), "InvalidCiphertextException", NONE, LOCALSTACK),
    R("a digest of a wrong length", lambda w: w.kms.sign(KeyId=w.rsa("SIGN_VERIFY"), Message=b"x", MessageType="DIGEST", SigningAlgorithm="RSASSA_PSS_SHA_256"), "ValidationException", "Digest is invalid length for algorithm RSASSA_PSS_SHA_256.", LOCALSTACK),
    R("a plaintext of 4,097 bytes", lambda w: w.kms.encrypt(KeyId=w.key(), Plaintext=bytes(4097)), "ValidationException", f"{VALIDATION}at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096", LOCALSTACK),
    R("too much for RSA", lambda w: w.kms.encrypt(KeyId=w.rsa(), Plaintext=bytes(215), EncryptionAlgorithm="RSAES_OAEP_SHA_1"), "ValidationException", "Algorithm RSAES_OAEP_SHA_1 and key spec RSA_2048 cannot encrypt data larger than 214 bytes.", LOCALSTACK),
    R("no number of random bytes", lambda w: w.kms.generate_random(), "ValidationException", "NumberOfBytes is required.", LOCALSTACK),
    R("1,025 random bytes", lambda w: w.kms.generate_random(NumberOfBytes=1025), "ValidationException", f"{VALIDATION}'1025' at 'numberOfBytes' failed to satisfy constraint: Member must have value less than or equal to 1024", LOCALSTACK),
    R("a MAC algorithm that is none", lambda w: w.kms.generate_mac(KeyId=w.hmac(), Message=b"x", MacAlgorithm="INVALID"), "ValidationException", f"{VALIDATION}'INVALID' at 'macAlgorithm' {TAG_ENUM}[HMAC_SHA_384, HMAC_SHA_256, HMAC_SHA_224, HMAC_SHA_512]", LOCALSTACK),
    R("a spec without a usage", lambda w: w.kms.create_key(KeySpec="RSA_2048"), "ValidationException", USAGE, LOCALSTACK),
    R("a usage that does not go with a spec", lambda w: w.kms.create_key(KeySpec="RSA_2048", KeyUsage="KEY_AGREEMENT"), "ValidationException", "KeyUsage KEY_AGREEMENT is not compatible with KeySpec RSA_2048", LOCALSTACK),
    R("a post-quantum key with imported material", lambda w: w.kms.create_key(KeySpec="ML_DSA_44", KeyUsage="SIGN_VERIFY", Origin="EXTERNAL"), ANY, "KeySpec ML_DSA_44 is not supported for Origin EXTERNAL", DEPLOYMENT),
    R("a tag key twice", lambda w: w.kms.create_key(Tags=[{"TagKey": "a", "TagValue": "b"}] * 2), "TagException", "Duplicate tag keys", LOCALSTACK),
    R("a tag of AWS's", lambda w: w.kms.create_key(Tags=[{"TagKey": "AWS:a", "TagValue": "b"}]), "TagException", "Tags beginning with aws: are reserved", LOCALSTACK),
    R("too many tags", lambda w: w.kms.create_key(Tags=[{"TagKey": str(n), "TagValue": ""} for n in range(51)]), "TagException", "Too many tags", LOCALSTACK),
    R("a tag key of 129 characters", lambda w: w.kms.create_key(Tags=[{"TagKey": "k" * 129, "TagValue": "v"}]), "ValidationException", f"{VALIDATION}'{'k' * 129}' at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length less than or equal to 128", LOCALSTACK),
    R("a tag value of 257 characters", lambda w: w.kms.create_key(Tags=[{"TagKey": "k", "TagValue": "v" * 257}]), "ValidationException", f"{VALIDATION}'{'v' * 257}' at 'tags.1.member.tagValue' failed to satisfy constraint: Member must have length less than or equal to 256", LOCALSTACK),
    R("another public key that is none", lambda w: w.kms.derive_shared_secret(KeyId=w.key(KeySpec="ECC_NIST_P256", KeyUsage="KEY_AGREEMENT"), KeyAgreementAlgorithm="ECDH", PublicKey=b"nonsense"), "ValidationException", NONE, LOCALSTACK),
    R("new material while one waits", lambda w: w.second_material(), "KMSInvalidStateException", "New key material (id: {second}) cannot be imported into KMS key {arn}, because another key material (id: {first}) is pending rotation.", LOCALSTACK),
    R("an alias that somebody has", lambda w: (w.kms.create_alias(AliasName="alias/a", TargetKeyId=w.key()), w.kms.create_alias(AliasName="alias/a", TargetKeyId=w.made["KeyId"])), "AlreadyExistsException", f"An alias with the name arn:aws:kms:{EAST}:{HOME}:alias/a already exists", ISSUE),
    R("an alias with a colon", lambda w: w.kms.create_alias(AliasName="alias/a:b", TargetKeyId=w.key()), "ValidationException", "alias/a:b contains invalid characters for an alias", ISSUE),
    R("a grant of CreateGrant alone", lambda w: w.kms.create_grant(KeyId=w.key(), GranteePrincipal=w.sim.user("alice").arn, Operations=["CreateGrant"]), "ValidationException", "Grants must not contain only the CreateGrant operation.", ISSUE),
    R("a dry run", lambda w: w.kms.encrypt(KeyId=w.key(), Plaintext=b"x", DryRun=True), "DryRunOperationException", "The request would have succeeded, but the DryRun option is set.", LOCALSTACK),
    R("a MAC that does not fit", lambda w: w.kms.verify_mac(KeyId=w.hmac(), Message=b"x", MacAlgorithm="HMAC_SHA_256", Mac=bytes(32)), "KMSInvalidMacException", NONE, LOCALSTACK),
    R("a signature that does not fit", lambda w: w.kms.verify(KeyId=w.rsa("SIGN_VERIFY"), Message=b"x", SigningAlgorithm="RSASSA_PSS_SHA_256", Signature=bytes(256)), "KMSInvalidSignatureException", NONE, LOCALSTACK),
    R("a grant to nobody", lambda w: w.kms.create_grant(KeyId=w.key(), GranteePrincipal=f"arn:aws:iam::{HOME}:role/nobody", Operations=["Decrypt"]), "InvalidArnException", f"ARN does not refer to a valid principal: arn:aws:iam::{HOME}:role/nobody", "LocalStack, through Lambda; Terraform"),
    R("both constraints in one grant", lambda w: w.kms.create_grant(KeyId=w.key(), GranteePrincipal=w.sim.user("alice").arn, Operations=["Decrypt"], Constraints={"EncryptionContextEquals": {"a": "b"}, "EncryptionContextSubset": {"a": "b"}}), "ValidationException", "More than one constraint supplied", TERRAFORM),
    R("a statement without a principal", lambda w: w.kms.create_key(Policy=w.policy(STATEMENT)), "MalformedPolicyDocumentException", NO_PRINCIPAL, DEPLOYMENT),
    R("a statement with an empty principal", lambda w: w.kms.create_key(Policy=w.policy(STATEMENT | {"Principal": {"AWS": []}})), "MalformedPolicyDocumentException", NO_PRINCIPAL, DEPLOYMENT),
    R("a principal who does not exist", lambda w: w.kms.create_key(Policy=w.policy(STATEMENT | {"Principal": {"AWS": [HOME, f"arn:aws:iam::{HOME}:user/nobody"]}})), "MalformedPolicyDocumentException", "Policy contains a statement with one or more invalid principals.", ISSUE),
    R("a policy that locks its author out", lambda w: w.kms.create_key(Policy=w.policy(STATEMENT | {"Principal": {"AWS": w.sim.user("alice").arn}})), "MalformedPolicyDocumentException", "The new key policy will not allow you to update the key policy in the future.", ISSUE),
    R("no IAM policy allows it", lambda w: w.sim.user("alice").client("kms").describe_key(KeyId=w.key()), "AccessDeniedException", DENIED.replace("{op}", "DescribeKey").replace("{policy}", "identity-based policy"), ISSUE),
    R("an alias for an operation that takes none", lambda w: w.kms.get_key_policy(KeyId="alias/a"), "InvalidArnException", "Key Aliases are not supported for this operation.", ISSUE),
    R("an alias that nobody has", lambda w: w.kms.encrypt(KeyId="alias/a", Plaintext=b"x"), "NotFoundException", f"Alias arn:aws:kms:{EAST}:{HOME}:alias/a is not found.", ISSUE),
    R("a waiting period of 6 days", lambda w: w.kms.schedule_key_deletion(KeyId=w.key(), PendingWindowInDays=6), "ValidationException", "PendingWindowInDays must be between 7 and 30", ISSUE),
)
# fmt: on


def _imported(self):
    """A key with imported material."""
    from tests.operations.importing import STAYS, external, wrapped

    key = external(self.kms)
    self.kms.import_key_material(**wrapped(self.kms, key, bytes(range(32))), ExpirationModel=STAYS)
    self.made = self.kms.describe_key(KeyId=key)["KeyMetadata"]
    return key


def _second_material(self):
    """Import new material twice, without a rotation between; the second's id is told by a key of the same id alone."""
    from tests.operations.importing import STAYS, wrapped

    key = self.imported()
    new = {"ImportType": "NEW_KEY_MATERIAL", "ExpirationModel": STAYS}
    first = self.kms.import_key_material(**wrapped(self.kms, key, bytes(range(1, 33))), **new)["KeyMaterialId"]
    try:
        self.kms.import_key_material(**wrapped(self.kms, key, bytes(range(2, 34))), **new)
    except ClientError as error:
        self.waiting = (first, re.search(r"id: ([0-9a-f]{64})\) cannot", error.response["Error"]["Message"])[1])
        raise


World.imported, World.second_material = _imported, _second_material


@pytest.fixture
def world():
    made = World()
    yield made
    made.sim.close()


@pytest.mark.parametrize("recorded", TABLE, ids=lambda recorded: recorded.what)
def test_what_aws_was_recorded_to_answer_is_answered(world, recorded):
    with pytest.raises(ClientError) as caught:
        recorded.ask(world)
    error = caught.value.response["Error"]
    if recorded.code is not ANY:
        assert error["Code"] == recorded.code
    if recorded.words is not ANY:
        assert error.get("Message", "") == recorded.words.format(**world.names())
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_each_row_says_what_it_is_and_where_it_was_recorded():
    assert len({recorded.what for recorded in TABLE}) == len(TABLE)
    assert all(recorded.source for recorded in TABLE)
    assert all(recorded.code or recorded.words for recorded in TABLE)


# --- what was recorded of answers that are no refusals ------------------------------------------------------------


def test_a_key_that_was_kept_from_deletion_is_disabled(world):
    key = world.dying()
    world.kms.cancel_key_deletion(KeyId=key)
    metadata = world.kms.describe_key(KeyId=key)["KeyMetadata"]
    assert (metadata["KeyState"], metadata["Enabled"]) == ("Disabled", False)


@pytest.mark.parametrize("spec", ["ECC_NIST_P384", "RSA_2048", "HMAC_256"])
def test_the_rotation_status_of_a_key_that_cannot_rotate_is_read_by_terraform_without_an_error(world, spec):
    usage = {"ECC_NIST_P384": "SIGN_VERIFY", "RSA_2048": "ENCRYPT_DECRYPT", "HMAC_256": "GENERATE_VERIFY_MAC"}[spec]
    key = world.key(KeySpec=spec, KeyUsage=usage)
    assert world.kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False


def test_rotate_key_on_demand_answers_with_the_arn(world):
    key = world.key()
    assert world.kms.rotate_key_on_demand(KeyId=key)["KeyId"] == world.made["Arn"]


def test_material_that_expires_by_default_needs_its_day(world):
    from tests.operations.importing import external, wrapped

    key = external(world.kms)
    with pytest.raises(ClientError) as caught:
        world.kms.import_key_material(**wrapped(world.kms, key, bytes(range(32))))
    assert caught.value.response["Error"]["Message"] == EXPIRES


def test_dates_are_seconds_with_a_zone(world):
    world.key()
    assert world.made["CreationDate"] == datetime(2026, 1, 1, tzinfo=UTC)
