"""The account as IAM shows it, and lists of things that nobody has here but that clients ask for."""

from typing import Any

from kms_teach.directory import identities
from kms_teach.directory.identities import Identity
from kms_teach.directory.policies import ManagedPolicy
from kms_teach.errors import EntityAlreadyExistsException, NoSuchEntityException
from kms_teach.iam.catalog import Params, operation, paged
from kms_teach.operations.call import Call


def _alias(call: Call) -> str:
    return call.store.setting(f"account alias {call.account}") or ""


@operation("*", changes=True)
def create_account_alias(call: Call, params: Params) -> None:
    alias = params["AccountAlias"]
    owner = call.store.setting(f"account of alias {alias}")
    if owner and owner != call.account:
        raise EntityAlreadyExistsException(f"The account alias {alias} already exists.")
    call.store.set(f"account alias {call.account}", alias)
    call.store.set(f"account of alias {alias}", call.account)


@operation("*", changes=True)
def delete_account_alias(call: Call, params: Params) -> None:
    alias = params["AccountAlias"]
    if _alias(call) != alias:
        raise NoSuchEntityException(f"The account alias {alias} cannot be found.")
    call.store.set(f"account alias {call.account}", "")
    call.store.set(f"account of alias {alias}", "")


@operation("*")
def list_account_aliases(call: Call, params: Params) -> dict[str, Any]:
    alias = _alias(call)
    return paged("AccountAliases", [alias] if alias else [], params)


@operation("*")
def get_account_summary(call: Call, params: Params) -> dict[str, Any]:
    counts = {
        f"{kind.title()}s": len(identities.every(call.store, kind, call.account)) for kind in ("user", "role", "group")
    }
    quotas = {
        "UsersQuota": 5000, "RolesQuota": 1000, "GroupsQuota": 300, "PoliciesQuota": 1500, "AccessKeysPerUserQuota": 2,
        "GroupsPerUserQuota": 10, "AttachedPoliciesPerUserQuota": 10, "AttachedPoliciesPerRoleQuota": 10,
        "AttachedPoliciesPerGroupQuota": 10, "PolicySizeQuota": 6144, "UserPolicySizeQuota": 2048,
        "GroupPolicySizeQuota": 5120, "RolePolicySizeQuota": 10240, "AssumeRolePolicySizeQuota": 2048,
        "VersionsPerPolicyQuota": 5,
    }  # fmt: skip
    policies = len(call.store.page(ManagedPolicy, f"policy {call.account}"))
    none = {"MFADevices": 0, "MFADevicesInUse": 0, "AccountMFAEnabled": 0, "AccountAccessKeysPresent": 1}
    return {"SummaryMap": {**counts, **quotas, "Policies": policies, **none}}


@operation("*")
def get_account_password_policy(call: Call, params: Params) -> dict[str, Any]:
    raise NoSuchEntityException(f"The Password Policy with domain name {call.account} cannot be found.")


@operation("user")
def get_login_profile(call: Call, user: Identity, params: Params) -> dict[str, Any]:
    raise NoSuchEntityException(f"Login Profile for User {user.name} cannot be found.")


# operation -> whose, and the member that is an empty list: nobody has such things here
EMPTY = {
    "ListInstanceProfilesForRole":     ("role", "InstanceProfiles"),
    "ListMFADevices":                  ("user", "MFADevices"),
    "ListSSHPublicKeys":               ("user", "SSHPublicKeys"),
    "ListServiceSpecificCredentials":  ("user", "ServiceSpecificCredentials"),
    "ListSigningCertificates":         ("user", "Certificates"),
    "ListInstanceProfiles":            ("*", "InstanceProfiles"),
    "ListVirtualMFADevices":           ("*", "VirtualMFADevices"),
    "ListOpenIDConnectProviders":      ("*", "OpenIDConnectProviderList"),
    "ListSAMLProviders":               ("*", "SAMLProviderList"),
    "ListServerCertificates":          ("*", "ServerCertificateMetadataList"),
}  # fmt: skip
UNPAGED = {"ListServiceSpecificCredentials", "ListOpenIDConnectProviders", "ListSAMLProviders"}


def _empty(name: str, whose: str, member: str) -> None:
    @operation(whose, name=name)
    def listing(call: Call, *_: Any) -> dict[str, Any]:
        return {member: []} if name in UNPAGED else {member: [], "IsTruncated": False}


for _name, (_whose, _member) in EMPTY.items():
    _empty(_name, _whose, _member)
