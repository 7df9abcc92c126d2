"""The account as IAM shows it, and lists of things that nobody has here but that clients ask for."""

from typing import Any

from kms_teach.directory import identities
from kms_teach.directory.identities import Identity
from kms_teach.directory.policies import OF_AWS, ManagedPolicy
from kms_teach.errors import EntityAlreadyExistsException, NoSuchEntityException
from kms_teach.iam import shapes
from kms_teach.iam.catalog import KINDS, Params, operation, paged
from kms_teach.iam.permissions import iam_name
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


DETAILS = {"User": "UserDetailList", "Group": "GroupDetailList", "Role": "RoleDetailList"}


@operation("*")
def get_account_authorization_details(call: Call, params: Params) -> dict[str, Any]:
    wanted = params.get("Filter", ())
    own = call.store.page(ManagedPolicy, f"policy {call.account}")
    of_aws = [policy for policy in OF_AWS.values() if shapes.managed(call.store, policy)["AttachmentCount"]]
    entities = [one for kind in KINDS for one in identities.every(call.store, kind, call.account)]
    listed: list[Identity | ManagedPolicy] = [
        *(one for one in entities if not wanted or one.kind.title() in wanted),
        *(own if not wanted or "LocalManagedPolicy" in wanted else ()),
        *(of_aws if not wanted or "AWSManagedPolicy" in wanted else ()),
    ]
    page = paged("", listed, params)
    members: dict[str, list[Any]] = {name: [] for name in (*DETAILS.values(), "Policies")}
    for each in page.pop(""):
        if isinstance(each, ManagedPolicy):
            members["Policies"].append(_policy(call, each))
        else:
            members[DETAILS[each.kind.title()]].append(_detail(call, each))
    return {**members, **page}


def _detail(call: Call, one: Identity) -> dict[str, Any]:
    """A user, role or group with all that is written into it or attached to it."""
    shown = shapes.identity(one) | {
        f"{one.kind.title()}PolicyList": [
            {"PolicyName": iam_name(name), "PolicyDocument": text} for name, text in one.inline
        ],
        "AttachedManagedPolicies": [shapes.attached(call.store, arn) for arn in one.attached],
    }
    if one.kind == "user":
        shown["GroupList"] = list(one.groups)
    if one.kind == "role":
        shown |= {"InstanceProfileList": [], "RoleLastUsed": {}}
        shown.pop("Description", None)
    return shown


def _policy(call: Call, policy: ManagedPolicy) -> dict[str, Any]:
    description = {"Description": policy.description} if policy.description else {}
    versions = [shapes.version(policy, each, whole=True) for each in reversed(policy.versions)]
    return shapes.managed(call.store, policy) | description | {"PolicyVersionList": versions}


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
