"""What the store holds: a table for each class of record, and how older files become today's."""

from kms_teach.access.accounts import Account
from kms_teach.access.grants import Grant, Retirable
from kms_teach.access.principals import Principal
from kms_teach.keys.key import Alias, Family, Key, MaterialHome, Usage
from kms_teach.keys.stores import KeyStore, Outside
from kms_teach.store import Schema

# A table keeps its name when a class is renamed. Whoever changes a table, or a field of a record here or of
# `trail.Record`, raises the version and says how an older file gets there: tests/stores/README.md.
SCHEMA = Schema(
    version=1,
    tables={
        Key: "key",
        Alias: "alias",
        MaterialHome: "materialhome",
        Family: "family",
        Usage: "usage",
        KeyStore: "keystore",
        Outside: "outside",
        Grant: "grant",
        Retirable: "retirable",
        Principal: "principal",
        Account: "account",
    },
)
