"""This is what the API does: one function for each operation, grouped by subject. Importing it fills the catalog."""

from kms_teach.operations import aliases, cryptographic, data_keys, lifecycle, policies, rotation, tags

__all__ = ["aliases", "cryptographic", "data_keys", "lifecycle", "policies", "rotation", "tags"]
