"""Chains of certificates: the names."""

from types import SimpleNamespace
from typing import Any

Criticality = SimpleNamespace(AGNOSTIC=None)


class VerificationError(Exception):
    pass


class ExtensionPolicy:
    @staticmethod
    def permit_all() -> "ExtensionPolicy":
        return ExtensionPolicy()

    def require_present(self, *_: Any) -> "ExtensionPolicy":
        return self


class Policy:
    pass


class PolicyBuilder:
    pass


class Store:
    pass
