"""What the store holds: a table for each class of record, and how older files become today's."""

from kms_teach.access.accounts import Account
from kms_teach.access.grants import Grant, Retirable
from kms_teach.access.principals import Principal
from kms_teach.buckets.records import Bucket, Object, OwnedKey, Part, Upload
from kms_teach.database import Schema
from kms_teach.directory.access_keys import AccessKey
from kms_teach.directory.identities import Identity
from kms_teach.directory.policies import ManagedPolicy
from kms_teach.keys.key import Alias, Key, LastUsage, MaterialOwner, NumberedMaterial, RelatedKeys
from kms_teach.keys.sharing import Share
from kms_teach.keys.stores import Backend, KeyStore


def _renamed(old: str, new: str) -> tuple[str, ...]:
    """The statements that rename a table; its indexes are made anew with the new name."""
    indexes = (f'DROP INDEX "{old} {column}"' for column in ("parent", "name", "due"))
    return (f'ALTER TABLE "{old}" RENAME TO "{new}"', *indexes)


# a user or a role, of the caller that it was before the directory kept people
_IDENTITIES = """
    CREATE TABLE "identity" (
        scope TEXT, name TEXT, parent TEXT, due REAL, record TEXT, PRIMARY KEY (scope, name)) WITHOUT ROWID
"""
_PEOPLE = """
    INSERT OR IGNORE INTO identity
    SELECT json_extract(record, '$.kind') || ' ' || json_extract(record, '$.account'),
        lower(json_extract(record, '$.name')), json_extract(record, '$.id'), NULL,
        json_object(
            'kind', json_extract(record, '$.kind'), 'account', json_extract(record, '$.account'),
            'name', json_extract(record, '$.name'), 'path', json_extract(record, '$.path'),
            'id', json_extract(record, '$.id'),
            'created', (SELECT coalesce(max(value), '2026-01-01T00:00:00+00:00') FROM setting WHERE name = 'now'),
            'inline', json(json_extract(record, '$.policies')), 'tags', json(json_extract(record, '$.tags')),
            'trust', coalesce(json_extract(record, '$.trust[0][1]'), ''))
    FROM principal
    WHERE json_extract(record, '$.kind') IN ('user', 'role') AND coalesce(json_extract(record, '$.token'), '') = ''
"""

# the two checks of a key policy, which other resources' policies are asked too
_RENAMED_CHECKS = """
    UPDATE trail SET record = replace(replace(record,
        '"check":"key policy names the caller"', '"check":"resource-based policy names the caller"'),
        '"check":"key policy delegates to the account"', '"check":"resource-based policy delegates to the account"')
"""

# Whoever changes a table, or a field of a record here or of `trail.Record`, raises the version and says how an older
# file gets there; tests/stores/README.md has the steps.
SCHEMA = Schema(
    version=6,
    tables={
        Key: "key",
        Alias: "alias",
        MaterialOwner: "material_owner",
        NumberedMaterial: "earlier_material",
        RelatedKeys: "related_keys",
        LastUsage: "last_usage",
        KeyStore: "key_store",
        Backend: "backend",
        Grant: "grant",
        Retirable: "retirable",
        Share: "share",
        Principal: "principal",
        Account: "account",
        Identity: "identity",
        ManagedPolicy: "managed_policy",
        AccessKey: "access_key",
        Bucket: "bucket",
        Object: "object",
        Upload: "upload",
        Part: "part",
        OwnedKey: "owned_key",
    },
    migrations={
        1: (
            *_renamed("materialhome", "material_owner"),
            *_renamed("family", "related_keys"),
            *_renamed("usage", "last_usage"),
            *_renamed("keystore", "key_store"),
            *_renamed("outside", "backend"),
            "UPDATE key_store SET record = json_set(record, '$.backend', json_extract(record, '$.outside'))",
            "UPDATE key_store SET record = json_remove(record, '$.outside')",
        ),
        2: (_IDENTITIES, _PEOPLE),
        3: (),  # a key that has many materials puts the older ones apart when it rotates next
        4: (),  # S3's tables, which are new
        5: (_RENAMED_CHECKS,),
    },
)
