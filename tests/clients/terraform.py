"""The calls that Terraform's AWS provider makes for its KMS resources, in its order, and what it waits for or keeps.

Terraform and its provider are programs that no package index carries; what they call was read in their source, whose file
and commit stand beside each resource (github.com/hashicorp/terraform-provider-aws). The provider repeats a question until
the answer was right five or fifteen times in a row; once is enough here, since nothing lags.

`KEY`, `OTHER`, `GRANT` … stand for what earlier calls gave.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_der_public_key

HERE, THERE = "us-east-1", "eu-west-1"


@dataclass(frozen=True)
class Known:
    """A value that an earlier call gave."""

    name: str


KEY, OTHER, GRANT, PRIMARY = Known("key"), Known("other"), Known("grant"), Known("primary")
TOKEN = Known("token")


@dataclass(frozen=True)
class Call:
    """One call, what the provider seeks in the answer, and what it remembers of it (name: path)."""

    operation: str
    parameters: dict[str, Any]
    sought: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, tuple[str, ...]] = field(default_factory=dict)
    region: str = HERE
    service: str = "kms"


@dataclass(frozen=True)
class Resource:
    """What is called when a resource is made, read, changed and destroyed."""

    kind: str
    about: str
    source: str
    commit: str
    create: tuple[Call, ...]
    read: tuple[Call, ...]
    updates: tuple[tuple[Call, ...], ...] = ()
    destroy: tuple[Call, ...] = ()
    before: tuple[Call, ...] = ()  # other resources that this one stands on

    @property
    def calls(self) -> tuple[Call, ...]:
        """A whole life: what is read follows each change, and precedes it (terraform plan)."""
        changes = tuple(call for update in self.updates for call in (*self.read, *update, *self.read))
        return (*self.before, *self.create, *self.read, *changes, *self.read, *self.destroy)


def policy(*actions: str) -> str:
    """A key policy as a configuration writes it."""
    root = {"Sid": "root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}}
    narrow = {"Sid": "more", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": list(actions), "Resource": "*"}
    account = {"Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}}
    statements = [root | {"Action": "kms:*", "Resource": "*"}, narrow | account]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


DEFAULT = json.dumps({
    "Id": "default", "Version": "2012-10-17", "Statement": [{
        "Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*",
    }],
})  # fmt: skip
BLUE, RED = [{"TagKey": "team", "TagValue": "blue"}], [{"TagKey": "owner", "TagValue": "red"}]
OF_KEY = {"key": ("KeyMetadata", "KeyId"), "made": ("KeyMetadata", "CreationDate")}


def describe(region: str = HERE, **metadata: Any) -> Call:
    return Call("describe_key", {"KeyId": KEY}, {"KeyMetadata": metadata}, region=region)


def key_policy(document: str, region: str = HERE) -> Call:
    return Call("get_key_policy", {"KeyId": KEY, "PolicyName": "default"}, {"Policy": document}, region=region)


def put_policy(document: str) -> Call:
    return Call("put_key_policy", {"KeyId": KEY, "Policy": document, "PolicyName": "default"})


def rotation(region: str = HERE, **status: Any) -> Call:
    return Call("get_key_rotation_status", {"KeyId": KEY}, status, region=region)


def tags(given: list[dict[str, str]], region: str = HERE) -> Call:
    return Call("list_resource_tags", {"KeyId": KEY}, {"Tags": given}, region=region)


def info(region: str = HERE, **status: Any) -> tuple[Call, ...]:
    """What is read of every key of origin AWS_KMS: its rotation too, of whatever spec it is."""
    asked = (
        ("describe_key", {}, {}),
        ("get_key_policy", {"PolicyName": "default"}, {}),
        ("get_key_rotation_status", {}, status),
    )
    calls = (Call(name, {"KeyId": KEY} | more, sought, region=region) for name, more, sought in asked)
    return (*calls, Call("list_resource_tags", {"KeyId": KEY}, region=region))


def destroyed(days: int | None = None, region: str = HERE) -> tuple[Call, ...]:
    window = {} if days is None else {"PendingWindowInDays": days}
    return (
        Call("schedule_key_deletion", {"KeyId": KEY} | window, region=region),
        describe(region, KeyState="PendingDeletion"),
    )


def created(**more: Any) -> Call:
    return Call("create_key", more, kept=OF_KEY)


DISABLED = Call("disable_key", {"KeyId": KEY}), describe(Enabled=False)
ENABLED = Call("enable_key", {"KeyId": KEY}), describe(Enabled=True)


def described(text: str, region: str = HERE) -> tuple[Call, ...]:
    return Call("update_key_description", {"KeyId": KEY, "Description": text}, region=region), describe(
        region, Description=text
    )


KEY_GO = {"source": "internal/service/kms/key.go", "commit": "00a35305dc1b297a6fcdecdfbba33f1e63c3da39"}


def wrapped(state: dict[str, Any]) -> bytes:
    """The material of an external key, under the public key that was just given."""
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    return load_der_public_key(state["wrapping"]).encrypt(b"k" * 32, oaep)


def a_month_later(state: dict[str, Any]) -> datetime:
    """When the material expires: KMS takes a year at most."""
    return state["made"] + timedelta(days=30)


def imported(**expires: Any) -> tuple[Call, ...]:
    how = {"KeyId": KEY, "WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048"}
    kept = {"wrapping": ("PublicKey",), "token": ("ImportToken",)}
    model = {"ExpirationModel": "KEY_MATERIAL_EXPIRES" if expires else "KEY_MATERIAL_DOES_NOT_EXPIRE"} | expires
    material: dict[str, str | Known | Callable[[dict[str, Any]], bytes]] = {
        "KeyId": KEY,
        "ImportToken": TOKEN,
        "EncryptedKeyMaterial": wrapped,
    }
    return (
        Call("get_parameters_for_import", how, kept=kept),
        Call("import_key_material", material | model),
        describe(KeyState="Enabled"),
        describe(**model),
    )


GRANTED = {
    "KeyId": KEY, "GranteePrincipal": "arn:aws:iam::111122223333:root", "Operations": ["Decrypt", "Encrypt", "RetireGrant"],
    "Name": "lent", "Constraints": {"EncryptionContextEquals": {"tenant": "7"}},
}  # fmt: skip
GRANTS = Call("list_grants", {"KeyId": KEY, "Limit": 100})

RESOURCES = (
    Resource(
        "aws_kms_key", "symmetric, rotated, with policy and tags", **KEY_GO,
        create=(
            created(KeySpec="SYMMETRIC_DEFAULT", KeyUsage="ENCRYPT_DECRYPT", Tags=BLUE, Description="of Terraform", Policy=policy("kms:Encrypt")),
            Call("enable_key_rotation", {"KeyId": KEY, "RotationPeriodInDays": 180}),
            rotation(KeyRotationEnabled=True, RotationPeriodInDays=180), key_policy(policy("kms:Encrypt")), tags(BLUE),
        ),
        read=info(),
        updates=(
            (   # tags come first, being changed for every kind of resource in one place; a key is disabled last
                Call("untag_resource", {"KeyId": KEY, "TagKeys": ["team"]}), Call("tag_resource", {"KeyId": KEY, "Tags": RED}), tags(RED),
                Call("disable_key_rotation", {"KeyId": KEY}), rotation(KeyRotationEnabled=False),
                *described("changed"), put_policy(policy("kms:Decrypt")), key_policy(policy("kms:Decrypt")), *DISABLED,
            ),
            (*ENABLED, Call("enable_key_rotation", {"KeyId": KEY}), rotation(KeyRotationEnabled=True, RotationPeriodInDays=365)),
        ),
        destroy=destroyed(7),
    ),
    *(
        Resource(
            "aws_kms_key", f"{spec} {usage}", **KEY_GO,
            create=(created(KeySpec=spec, KeyUsage=usage), *DISABLED), read=info(KeyRotationEnabled=False), updates=(ENABLED, described("changed")), destroy=destroyed(),
        )
        for spec, usage in (("RSA_2048", "ENCRYPT_DECRYPT"), ("ECC_NIST_P256", "SIGN_VERIFY"), ("HMAC_256", "GENERATE_VERIFY_MAC"))
    ),
    Resource(
        "aws_kms_key", "multi-Region primary", **KEY_GO,
        create=(created(KeySpec="SYMMETRIC_DEFAULT", KeyUsage="ENCRYPT_DECRYPT", MultiRegion=True),), read=info(),
        updates=(described("changed"),), destroy=destroyed(),
    ),
    Resource(
        "aws_kms_replica_key", "in another Region", "internal/service/kms/replica_key.go", "06b540fba1eb07c6ecdb72cb8947e818b301c21c",
        before=(Call("create_key", {"MultiRegion": True}, kept={"primary": ("KeyMetadata", "KeyId")}),),
        create=(
            Call(
                "replicate_key", {"KeyId": PRIMARY, "ReplicaRegion": THERE, "Tags": BLUE, "Description": "replica"},
                kept={"key": ("ReplicaKeyMetadata", "KeyId")},
            ),
            describe(THERE, KeyState="Enabled"), tags(BLUE, THERE),
        ),
        read=info(THERE), updates=(described("changed", THERE),), destroy=destroyed(30, THERE),
    ),
    Resource(
        "aws_kms_external_key", "with material", "internal/service/kms/external_key.go", "050ac11163cab8cdae5936a7f40b0e528ff780df",
        create=(created(KeyUsage="ENCRYPT_DECRYPT", Origin="EXTERNAL", Tags=BLUE), *imported(), *DISABLED, tags(BLUE)),
        read=tuple(call for call in info() if call.operation != "get_key_rotation_status"),  # not AWS's material
        updates=((*ENABLED, *described("changed")), imported(ValidTo=a_month_later)), destroy=destroyed(30),
    ),
    Resource(
        "aws_kms_alias", "moved to another key", "internal/service/kms/alias.go", "01c08000ddb14181b5bd19201d8fca311dc570e4",
        before=(created(), Call("create_key", {}, kept={"other": ("KeyMetadata", "KeyId")})),
        create=(Call("create_alias", {"AliasName": "alias/terraform", "TargetKeyId": KEY}),), read=(Call("list_aliases", {}),),
        updates=((Call("update_alias", {"AliasName": "alias/terraform", "TargetKeyId": OTHER}),),),
        destroy=(Call("delete_alias", {"AliasName": "alias/terraform"}),),
    ),
    *(
        Resource(
            "aws_kms_grant", about, "internal/service/kms/grant.go", "01f431114674c27cf790fafb67ac274bf8f765e1",
            before=(Call("create_key", {}, kept={"key": ("KeyMetadata", "Arn")}),),
            create=(Call("create_grant", GRANTED, kept={"grant": ("GrantId",)}),), read=(GRANTS,),
            destroy=(Call(operation, {"GrantId": GRANT, "KeyId": KEY}), Call("list_grants", {"KeyId": KEY, "Limit": 100}, {"Grants": []})),
        )
        for about, operation in (("revoked", "revoke_grant"), ("retired", "retire_grant"))
    ),
    Resource(
        "aws_kms_key_policy", "put, changed, and the default one again", "internal/service/kms/key_policy.go",
        "6fc8692d5a123aac6a07fc0720b0b22fcdc7c64f",
        before=(created(),), create=(put_policy(policy("kms:Encrypt")), key_policy(policy("kms:Encrypt"))), read=info(),
        updates=((put_policy(policy("kms:Decrypt")), key_policy(policy("kms:Decrypt"))),), destroy=(put_policy(DEFAULT), key_policy(DEFAULT)),
    ),
    Resource(
        "aws_kms_ciphertext", "made once, never read", "internal/service/kms/ciphertext.go", "00a35305dc1b297a6fcdecdfbba33f1e63c3da39",
        before=(created(),), create=(Call("encrypt", {"KeyId": KEY, "Plaintext": b"x", "EncryptionContext": {"tenant": "7"}}),), read=(),
    ),
)  # fmt: skip
