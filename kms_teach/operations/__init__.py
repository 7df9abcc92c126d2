"""What the API does: one function for each operation, grouped by subject. Importing it fills the catalog."""

from kms_teach.operations import (
    agreement,
    aliases,
    cryptographic,
    data_keys,
    grants,
    imports,
    key_stores,
    lifecycle,
    policies,
    regions,
    rotation,
    signing,
    tags,
    usage,
)

__all__ = [
    "agreement",
    "aliases",
    "cryptographic",
    "data_keys",
    "grants",
    "imports",
    "key_stores",
    "lifecycle",
    "policies",
    "regions",
    "rotation",
    "signing",
    "tags",
    "usage",
]
