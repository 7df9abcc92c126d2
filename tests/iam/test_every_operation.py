"""Every operation of IAM once: its answer fits botocore's model, and no secret is told but where it is made."""

import pytest
from botocore.session import get_session

from kms_teach import Simulator
from kms_teach.iam import service as iam_service
from kms_teach.iam.catalog import CATALOG
from kms_teach.iam.managed import OF_AWS
from kms_teach.operations.request import HERE
from tests.iam.conftest import ADMIN, HOME, allow, document, trust

MODEL = get_session().get_service_model("iam")
TAGS = [{"Key": "Team", "Value": "blue"}]
ANY = document(allow("kms:*"))
POLICY = f"arn:aws:iam::{HOME}:policy/p"
LINKED = "AWSServiceRoleForKeyManagementServiceMultiRegionKeys"

# a life of the account in calls, in an order in which each works
LIFE = [
    ("CreateAccountAlias", {"AccountAlias": "acme"}), ("ListAccountAliases", {}),
    ("CreatePolicy", {"PolicyName": "p", "PolicyDocument": ANY, "Description": "d", "Tags": TAGS}),
    ("GetPolicy", {"PolicyArn": POLICY}), ("TagPolicy", {"PolicyArn": POLICY, "Tags": TAGS}),
    ("ListPolicyTags", {"PolicyArn": POLICY}), ("UntagPolicy", {"PolicyArn": POLICY, "TagKeys": ["Team"]}),
    ("CreatePolicyVersion", {"PolicyArn": POLICY, "PolicyDocument": ANY}),
    ("GetPolicyVersion", {"PolicyArn": POLICY, "VersionId": "v2"}), ("ListPolicyVersions", {"PolicyArn": POLICY}),
    ("SetDefaultPolicyVersion", {"PolicyArn": POLICY, "VersionId": "v2"}),
    ("DeletePolicyVersion", {"PolicyArn": POLICY, "VersionId": "v1"}), ("ListPolicies", {}),
    ("CreateUser", {"UserName": "u", "Tags": TAGS, "PermissionsBoundary": ADMIN}), ("GetUser", {"UserName": "u"}),
    ("CreateGroup", {"GroupName": "g"}), ("CreateRole", {"RoleName": "r", "AssumeRolePolicyDocument": trust(), "Description": "d", "Tags": TAGS}),
    ("GetRole", {"RoleName": "r"}), ("UpdateRole", {"RoleName": "r", "MaxSessionDuration": 7200}),
    ("UpdateRoleDescription", {"RoleName": "r", "Description": "e"}),
    ("UpdateAssumeRolePolicy", {"RoleName": "r", "PolicyDocument": trust()}),
    ("AddUserToGroup", {"GroupName": "g", "UserName": "u"}), ("ListGroupsForUser", {"UserName": "u"}), ("GetGroup", {"GroupName": "g"}),
    ("ListUsers", {}), ("ListRoles", {}), ("ListGroups", {}),
    *((f"{verb}{kind}Policy", {f"{kind}Name": kind[0].lower(), "PolicyName": "i", **more}) for kind in ("User", "Role", "Group") for verb, more in (("Put", {"PolicyDocument": ANY}), ("Get", {}))),
    *((f"Attach{kind}Policy", {f"{kind}Name": kind[0].lower(), "PolicyArn": POLICY}) for kind in ("User", "Role", "Group")),
    *((name, {f"{kind}Name": kind[0].lower()}) for kind in ("User", "Role", "Group") for name in (f"List{kind}Policies", f"ListAttached{kind}Policies")),
    ("ListEntitiesForPolicy", {"PolicyArn": POLICY}), ("GetAccountAuthorizationDetails", {}), ("GetAccountSummary", {}),
    ("SimulatePrincipalPolicy", {"PolicySourceArn": f"arn:aws:iam::{HOME}:user/u", "ActionNames": ["kms:Encrypt"]}),
    ("SimulateCustomPolicy", {"PolicyInputList": [ANY], "ActionNames": ["kms:Encrypt"]}),
    *((f"{verb}{kind}Policy", {f"{kind}Name": kind[0].lower(), **more}) for kind in ("User", "Role", "Group") for verb, more in (("Delete", {"PolicyName": "i"}), ("Detach", {"PolicyArn": POLICY}))),
    ("DeleteUserPermissionsBoundary", {"UserName": "u"}), ("PutUserPermissionsBoundary", {"UserName": "u", "PermissionsBoundary": POLICY}),
    ("PutRolePermissionsBoundary", {"RoleName": "r", "PermissionsBoundary": POLICY}), ("DeleteRolePermissionsBoundary", {"RoleName": "r"}),
    ("DeleteUserPermissionsBoundary", {"UserName": "u"}),
    *((name, {f"{kind}Name": kind[0].lower(), **more}) for kind in ("User", "Role") for name, more in ((f"Tag{kind}", {"Tags": TAGS}), (f"List{kind}Tags", {}), (f"Untag{kind}", {"TagKeys": ["Team"]}))),
    ("CreateAccessKey", {"UserName": "u"}), ("ListAccessKeys", {"UserName": "u"}),
    ("GetAccessKeyLastUsed", {"AccessKeyId": "of u"}), ("UpdateAccessKey", {"UserName": "u", "AccessKeyId": "of u", "Status": "Inactive"}),
    ("DeleteAccessKey", {"UserName": "u", "AccessKeyId": "of u"}),
    ("ListInstanceProfilesForRole", {"RoleName": "r"}),
    *((name, {"UserName": "u"}) for name in ("ListMFADevices", "ListSSHPublicKeys", "ListServiceSpecificCredentials", "ListSigningCertificates")),
    *((name, {}) for name in ("ListInstanceProfiles", "ListVirtualMFADevices", "ListOpenIDConnectProviders", "ListSAMLProviders", "ListServerCertificates")),
    ("RemoveUserFromGroup", {"GroupName": "g", "UserName": "u"}),
    ("UpdateUser", {"UserName": "u", "NewUserName": "w"}), ("UpdateGroup", {"GroupName": "g", "NewGroupName": "h"}),
    ("CreateServiceLinkedRole", {"AWSServiceName": "mrk.kms.amazonaws.com"}), ("DeleteServiceLinkedRole", {"RoleName": LINKED}),
    ("GetServiceLinkedRoleDeletionStatus", {"DeletionTaskId": "task/x"}),
    ("DeleteUser", {"UserName": "w"}), ("DeleteGroup", {"GroupName": "h"}), ("DeleteRole", {"RoleName": "r"}),
    ("DeletePolicy", {"PolicyArn": POLICY}), ("DeleteAccountAlias", {"AccountAlias": "acme"}),
]  # fmt: skip
OTHERWISE = {"PolicySourceType", "PermissionsBoundaryAttachmentType"}  # AWS was recorded to answer what no model has
REFUSED = {"GetAccountPasswordPolicy", "GetLoginProfile"}  # what they ask for is never there


def misfits(shape, value, path=""):
    """Where a value is not what the model says: members unknown, required ones missing, wrong types, wrong words."""
    match shape.type_name:
        case "structure":
            yield from (f"{path}.{name}: unknown" for name in value.keys() - shape.members.keys())
            yield from (f"{path}.{name}: missing" for name in set(shape.required_members) - value.keys())
            for name in value.keys() & shape.members.keys():
                yield from misfits(shape.members[name], value[name], f"{path}.{name}")
        case "list":
            for n, each in enumerate(value):
                yield from misfits(shape.member, each, f"{path}[{n}]")
        case "map":
            for name, each in value.items():
                yield from misfits(shape.key, name, f"{path} key")
                yield from misfits(shape.value, each, f"{path}[{name}]")
        case kind:
            python = {"string": "str", "integer": "int", "boolean": "bool", "timestamp": "datetime"}[kind]
            if type(value).__name__ != python:
                yield f"{path}: {type(value).__name__}"
            elif value not in (getattr(shape, "enum", None) or [value]) and shape.name not in OTHERWISE:
                yield f"{path}: {value}"


@pytest.fixture(scope="module")
def lived():
    """(simulator, name, answer) of every call of LIFE, and the secret that was made."""
    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        root, answers, key = sim.service.principal("test"), [], {}
        for name, params in LIFE:
            own = {"AccessKeyId": key["AccessKeyId"]} if "AccessKeyId" in params else {}
            answer = iam_service.perform(sim.service, root, "us-east-1", name, params | own, HERE)
            answers.append((name, answer))
            key = answer["AccessKey"] if name == "CreateAccessKey" else key
        yield sim, answers, key


def test_the_life_has_every_operation(lived):
    assert {name for name, _ in lived[1]} | REFUSED == set(CATALOG)


def test_each_answer_is_what_the_model_says(lived):
    wrong = []
    for name, answer in lived[1]:
        shape = MODEL.operation_model(name).output_shape
        assert (answer is None) == (shape is None), name
        wrong += misfits(shape, answer, name) if shape else []
    assert wrong == []


def test_a_secret_is_told_once(lived):
    sim, answers, key = lived
    told = [name for name, answer in answers if key["SecretAccessKey"] in repr(answer)]
    assert told == ["CreateAccessKey"]
    heard = [repr(sim.trail), *(repr(record) for record in sim.trail), repr(sim.service.authorizations), repr(sim)]
    assert not any(key["SecretAccessKey"] in text for text in heard)


def test_nothing_is_left_of_the_life(lived):
    sim, *_ = lived
    iam = sim.client("iam")
    summary = iam.get_account_summary()["SummaryMap"]
    assert [summary[name] for name in ("Users", "Roles", "Groups", "Policies")] == [0, 0, 0, 0]
    assert len(iam.list_policies()["Policies"]) == len(OF_AWS)


def test_reading_is_read_only_in_the_trail_and_changing_is_not(lived):
    sim, *_ = lived
    for record in sim.trail:
        reads = record.operation.startswith(("Get", "List", "Simulate"))
        assert record.event["readOnly"] is reads, record.operation
